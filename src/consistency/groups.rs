//! Which claims make one statement: repeats joined to groups.

use std::collections::{BTreeMap, BTreeSet};

use super::Repeated;
use crate::claim::Claim;

/// Claims joined by repeats.
///
/// Groups are joined, surest repeat first, while at least half of the pairs between them are repeats (average linkage over
/// a measure that is 0 or 1): a chain of repeats, each of its neighbour, is no one statement. Claims of the same words are one
/// member, so that copies do not outvote a rewording.
pub(super) struct Groups {
    /// For each claim, the first of its group.
    root: Vec<usize>,
}

impl Groups {
    /// Joins claims, given by their texts, by their repeats: two indices and how sure.
    pub fn of(texts: &[&str], repeats: &[(usize, usize, f32)]) -> Groups {
        let mut first_of_text: BTreeMap<String, usize> = BTreeMap::new();
        let first: Vec<usize> =
            texts.iter().enumerate().map(|(n, text)| *first_of_text.entry(plain(text)).or_insert(n)).collect();
        // The same words alone (`Yes.`) are no repeat: only of what repeats another claim do copies count.
        let joined: BTreeSet<usize> = repeats.iter().flat_map(|&(a, b, _)| [first[a], first[b]]).collect();
        let mut edges: Vec<(usize, usize, f32)> = (repeats.iter())
            .map(|&(a, b, sure)| (first[a].min(first[b]), first[a].max(first[b]), sure))
            .filter(|(a, b, _)| a != b)
            .collect();
        edges.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
        edges.dedup_by_key(|e| (e.0, e.1));
        let linked: BTreeSet<(usize, usize)> = edges.iter().map(|e| (e.0, e.1)).collect();
        let mut group: Vec<usize> = (0..texts.len()).collect();
        let mut members: Vec<Vec<usize>> = (0..texts.len()).map(|n| vec![n]).collect();
        for (a, b, _) in edges {
            let (x, y) = (group[a].min(group[b]), group[a].max(group[b]));
            if x == y {
                continue;
            }
            let across = members[x].iter().flat_map(|&i| members[y].iter().map(move |&j| (i.min(j), i.max(j))));
            if 2 * across.filter(|pair| linked.contains(pair)).count() < members[x].len() * members[y].len() {
                continue;
            }
            let moved = std::mem::take(&mut members[y]);
            moved.iter().for_each(|&n| group[n] = x);
            members[x].extend(moved);
        }
        let root = (0..texts.len()).map(|n| if joined.contains(&first[n]) { group[first[n]] } else { n }).collect();
        Groups { root }
    }

    /// Returns the first claim of a claim's group.
    pub fn root(&self, at: usize) -> usize {
        self.root[at]
    }

    /// Returns the statements made more than once.
    pub fn repeated(&self, own: &[Claim]) -> Vec<Repeated> {
        let mut members: BTreeMap<usize, Vec<&Claim>> = BTreeMap::new();
        for (n, claim) in own.iter().enumerate() {
            members.entry(self.root(n)).or_default().push(claim);
        }
        members.into_values().filter(|m| m.len() > 1).map(|claims| repeated(&claims)).collect()
    }
}

/// A text by which copies are told: its letters and digits in lower case.
fn plain(text: &str) -> String {
    let words: Vec<String> =
        (text.split(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

fn repeated(claims: &[&Claim]) -> Repeated {
    // Reports within a day of each other that share their words are one utterance.
    let mut utterances: Vec<&Claim> = Vec::new();
    for claim in claims {
        let copied = utterances.iter().any(|u| match (u.date, claim.date) {
            (Some(x), Some(y)) => (y - x).get_days().abs() <= 1,
            _ => u.text == claim.text,
        });
        if !copied {
            utterances.push(claim);
        }
    }
    Repeated {
        statement: claims[0].clone(),
        count: utterances.len(),
        outlets: claims.iter().filter_map(|c| c.outlet.as_deref()).collect::<BTreeSet<_>>().len(),
        claims: claims.iter().map(|c| c.id).collect(),
        last: claims.iter().filter_map(|c| c.date).max(),
        wire_copies: claims.len() - utterances.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(texts: &[&str], repeats: &[(usize, usize, f32)]) -> Vec<usize> {
        let groups = Groups::of(texts, repeats);
        (0..texts.len()).map(|n| groups.root(n)).collect()
    }

    #[test]
    fn a_chain_of_neighbours_is_no_one_statement() {
        let chain = [(0, 1, 0.9), (1, 2, 0.8), (2, 3, 0.7)];
        assert_eq!(roots(&["wall", "wall, Mexico", "Mexico, trade", "trade"], &chain), [0, 0, 0, 3]);
        let closed = [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.7)];
        assert_eq!(roots(&["wall", "a wall", "the wall", "trade"], &closed), [0, 0, 0, 3]);
    }

    #[test]
    fn copies_are_one_member_and_go_with_what_repeats_them() {
        // Three copies of the first do not outvote its rewording, and a copy without a repeat of its own is counted too.
        let texts = ["We build a wall", "We build a wall.", "we build a wall", "A wall is built", "Yes", "Yes"];
        assert_eq!(roots(&texts, &[(0, 1, 1.0), (1, 3, 0.8)]), [0, 0, 0, 0, 4, 5]);
    }
}
