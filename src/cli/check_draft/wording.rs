//! How much of a quotation's wording a claim has, and which words differ.

use crate::matching::likeness::folded;
use crate::span::Span;

/// The words of a text with their places.
pub(super) fn words(text: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut start = None;
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (inner(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let word = folded(&text[from..at]).trim_matches('\'').to_string();
                if !word.is_empty() {
                    found.push((Span::new(from, at), word));
                }
            }
            _ => {}
        }
    }
    found
}

/// Longest text that is compared word by word.
const LONGEST: usize = 400;

/// Share of the quotation's words that stand in the claim in the same order; 1 where they stand there without a gap.
pub(super) fn likeness(quoted: &str, claim: &str) -> f64 {
    let (a, b) = (words(quoted), words(claim));
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let same = |window: &[(Span, String)]| window.iter().zip(a).all(|(x, y)| x.1 == y.1);
    if b.windows(a.len()).any(same) {
        return 1.0;
    }
    let shared = common(a, b);
    // The claim may say more around the quotation, but between the shared words a gap counts as a difference.
    let (Some(first), Some(last)) = (shared.first(), shared.last()) else { return 0.0 };
    let stretch = last.1 - first.1 + 1;
    (shared.len() as f64 / a.len().max(stretch) as f64).min(0.99)
}

/// Pairs of positions of a longest common subsequence.
fn common(a: &[(Span, String)], b: &[(Span, String)]) -> Vec<(usize, usize)> {
    let mut table = vec![vec![0u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] = if a[i].1 == b[j].1 { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i].1 == b[j].1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if table[i + 1][j] >= table[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The words that only one of the two has; what the claim says before and after the quotation is no difference.
pub(super) fn differences(quoted: &str, claim: &str) -> (Vec<Span>, Vec<Span>) {
    let (a, b) = (words(quoted), words(claim));
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    let shared = common(a, b);
    let only_a = (0..a.len()).filter(|i| !shared.iter().any(|(x, _)| x == i)).map(|i| a[i].0).collect();
    let (from, to) = match (shared.first(), shared.last()) {
        (Some(first), Some(last)) => (first.1, last.1),
        _ => return (only_a, Vec::new()),
    };
    let only_b = (from..=to).filter(|j| !shared.iter().any(|(_, y)| y == j)).map(|j| b[j].0).collect();
    (only_a, only_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_verbatim_only_without_a_gap() {
        let claim = "We will not, I promise, close the harbour this year";
        assert_eq!(likeness("close the harbour", claim), 1.0);
        assert_eq!(likeness("‘Close the harbour!’", claim), 1.0);
        assert!(likeness("We will close the harbour this year", claim) < 1.0);
        assert!(likeness("We will close the harbour this year", claim) >= 0.7);
        assert!(likeness("Taxes fall next year", claim) < 0.5);
    }

    #[test]
    fn the_words_that_differ_are_marked_on_both_sides() {
        let (quoted, claim) = ("We shall close the harbour", "Well, we will not close the harbour this year");
        let (a, b) = differences(quoted, claim);
        assert_eq!(a.iter().map(|s| s.of(quoted)).collect::<Vec<_>>(), ["shall"]);
        assert_eq!(b.iter().map(|s| s.of(claim)).collect::<Vec<_>>(), ["will", "not"]);
    }
}
