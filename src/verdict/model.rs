//! The cheap judge's trees: their reader and their sum. The trees come from `training/pairs`.

use std::sync::LazyLock;

use super::Scores;
use super::engine::softmax;
use super::features::COUNT;

/// The trees that ship.
pub static CHEAP: LazyLock<Forest> =
    LazyLock::new(|| Forest::parse(include_str!("model/trees.tsv")).unwrap_or_default());

#[derive(Clone, Copy, Debug)]
struct Node {
    feature: usize,
    threshold: f32,
    left: u32,
    right: u32,
    value: f32,
}

/// Boosted trees, three a round: for repeat, contradict, neutral.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Log-odds before any tree.
    base: [f32; 3],
    trees: Vec<(usize, Vec<Node>)>,
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
                "tree" => forest.trees.push((fields.next()?.parse().ok().filter(|c| *c < 3)?, Vec::new())),
                first => {
                    let feature = if first == "-" { usize::MAX } else { first.parse().ok().filter(|f| *f < COUNT)? };
                    let node = Node {
                        feature,
                        threshold: fields.next()?.parse().ok()?,
                        left: fields.next()?.parse().ok()?,
                        right: fields.next()?.parse().ok()?,
                        value: fields.next()?.parse().ok()?,
                    };
                    forest.trees.last_mut()?.1.push(node);
                }
            }
        }
        Some(forest)
    }

    /// Scores a pair's features.
    pub fn score(&self, features: &[f32; COUNT]) -> Scores {
        let mut logits = self.base;
        for (class, nodes) in &self.trees {
            let mut at = 0usize;
            // A child always stands after its parent, so this ends.
            while let Some(node) = nodes.get(at) {
                if node.feature == usize::MAX {
                    logits[*class] += node.value;
                    break;
                }
                let next = if features[node.feature] <= node.threshold { node.left } else { node.right } as usize;
                if next <= at {
                    break;
                }
                at = next;
            }
        }
        softmax(logits)
    }
}
