//! The cheap judge's trees: their reader and their sum. The trees come from `training/pairs`.

use std::sync::LazyLock;

use super::Scores;
use super::engine::softmax;
use super::features::COUNT;

/// The trees that ship.
pub static CHEAP: LazyLock<Forest> =
    LazyLock::new(|| Forest::parse(include_str!("model/trees.tsv")).unwrap_or_default());

/// A question to one feature; a leaf leads to itself.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: usize,
    threshold: f32,
    /// Where to go on: at or below the threshold, above it.
    next: [u32; 2],
    value: f32,
}

#[derive(Clone, Debug)]
struct Tree {
    class: usize,
    nodes: Vec<Node>,
    /// Steps from the root to the deepest leaf.
    depth: usize,
}

/// Boosted trees, three a round: for repeat, contradict, neutral.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Log-odds before any tree.
    base: [f32; 3],
    trees: Vec<Tree>,
}

impl Forest {
    /// Reads trees: `base` and three numbers; `tree` and a class; then nodes as `feature threshold left right value`,
    /// where a leaf has the feature `-`.
    pub fn parse(tsv: &str) -> Option<Forest> {
        let mut forest = Forest::default();
        for line in tsv.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let mut fields = line.split('\t');
            match fields.next()? {
                "base" => {
                    for slot in &mut forest.base {
                        *slot = fields.next()?.parse().ok()?;
                    }
                }
                "tree" => {
                    let class = fields.next()?.parse().ok().filter(|c| *c < 3)?;
                    forest.trees.push(Tree { class, nodes: Vec::new(), depth: 0 });
                }
                first => {
                    let nodes = &mut forest.trees.last_mut()?.nodes;
                    let own = nodes.len() as u32;
                    let threshold = fields.next()?.parse().ok()?;
                    let next = [fields.next()?.parse().ok()?, fields.next()?.parse().ok()?];
                    let value = fields.next()?.parse().ok()?;
                    nodes.push(match first {
                        "-" => Node { feature: 0, threshold, next: [own; 2], value },
                        // A child stands after its parent.
                        _ if next.iter().any(|n| *n <= own) => return None,
                        _ => Node { feature: first.parse().ok().filter(|f| *f < COUNT)?, threshold, next, value },
                    });
                }
            }
        }
        for tree in &mut forest.trees {
            tree.depth = depth(&tree.nodes, 0)?;
        }
        Some(forest)
    }

    /// Scores a pair's features.
    pub fn score(&self, features: &[f32; COUNT]) -> Scores {
        let mut logits = self.base;
        for tree in &self.trees {
            // As many steps for every pair: the processor can walk through the next trees at the same time.
            let mut node = &tree.nodes[0];
            for _ in 0..tree.depth {
                node = &tree.nodes[node.next[usize::from(features[node.feature] > node.threshold)] as usize];
            }
            logits[tree.class] += node.value;
        }
        softmax(logits)
    }
}

/// Returns the steps from a node to its deepest leaf, where all nodes below it are there.
fn depth(nodes: &[Node], at: u32) -> Option<usize> {
    let node = nodes.get(at as usize)?;
    if node.next[0] == at {
        return Some(0);
    }
    Some(1 + depth(nodes, node.next[0])?.max(depth(nodes, node.next[1])?))
}

#[cfg(test)]
mod tests {
    use super::{COUNT, Forest};

    #[test]
    fn a_forest_is_read_whole_or_not_at_all() {
        let sound = "# trees\nbase\t0\t0\t0\ntree\t1\n2\t0.5\t1\t2\t0\n-\t0\t0\t0\t-4\n-\t0\t0\t0\t4\n";
        let forest = Forest::parse(sound).expect("a sound forest");
        let mut features = [0.0; COUNT];
        assert!(forest.score(&features).contradict < 0.1);
        features[2] = 1.0;
        assert!(forest.score(&features).contradict > 0.9);
        for damaged in [
            sound.replace("2\t0.5\t1\t2", "2\t0.5\t1\t9"),
            sound.replace("2\t0.5\t1\t2", "2\t0.5\t0\t2"),
            sound.replace("2\t0.5", "200\t0.5"),
            sound.replace("tree\t1", "tree\t3"),
            sound.replace("tree\t1\n", ""),
            sound.replace("tree\t1\n", "tree\t1\ntree\t0\n"),
        ] {
            assert!(Forest::parse(&damaged).is_none(), "{damaged}");
        }
    }

    #[test]
    fn the_trees_that_ship_can_be_read() {
        assert!(Forest::parse(include_str!("model/trees.tsv")).is_some_and(|forest| !forest.trees.is_empty()));
    }
}
