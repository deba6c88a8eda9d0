//! What changed between two versions of an article, in its claims.

use super::Claim;
use crate::span::Span;

/// Least likeness at which a claim is taken for an altered form of one that is gone.
const ALTERED: f32 = 0.5;

/// Most words of a statement that are compared.
const MOST_WORDS: usize = 400;

/// One difference between two versions.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A claim in other words.
    Altered {
        /// As it was.
        before: Box<Claim>,
        /// As it is.
        after: Box<Claim>,
    },
    /// The same words, given to another speaker.
    Reassigned {
        /// As it was.
        before: Box<Claim>,
        /// As it is.
        after: Box<Claim>,
    },
    /// A claim whose words are gone.
    Removed(Box<Claim>),
    /// A claim whose words are new.
    Added(Box<Claim>),
}

/// Compares the claims of two versions, each with the text they stand in; first what was altered, in order of the later text,
/// then what is gone, then what is new.
///
/// A claim whose words stand in both texts has not changed, whatever the two readings made of them.
pub fn compare(before: &[Claim], before_text: &str, after: &[Claim], after_text: &str) -> Vec<Change> {
    let mut gone: Vec<&Claim> = before.iter().collect();
    let mut new: Vec<&Claim> = Vec::new();
    let mut changes = Vec::new();
    for claim in after {
        let words = folded(&claim.text);
        let same = |old: &&Claim| folded(&old.text) == words;
        let at = gone.iter().position(|old| same(old) && old.speaker == claim.speaker);
        match at.or_else(|| gone.iter().position(same)) {
            Some(at) => {
                let old = gone.remove(at);
                if old.speaker != claim.speaker {
                    changes.push(Change::Reassigned { before: old.clone().into(), after: claim.clone().into() });
                }
            }
            None => new.push(claim),
        }
    }
    gone.retain(|claim| !stands(claim, before_text, after_text));
    new.retain(|claim| !stands(claim, after_text, before_text));
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (i, old) in gone.iter().enumerate() {
        for (j, claim) in new.iter().enumerate().filter(|(_, claim)| claim.speaker == old.speaker) {
            pairs.push((likeness(&old.text, &claim.text), i, j));
        }
    }
    pairs.retain(|pair| pair.0 >= ALTERED);
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut altered: Vec<(usize, usize)> = Vec::new();
    for (_, i, j) in pairs {
        if altered.iter().all(|&(x, y)| x != i && y != j) {
            altered.push((i, j));
        }
    }
    altered.sort_by_key(|&(_, j)| j);
    for &(i, j) in &altered {
        changes.push(Change::Altered { before: gone[i].clone().into(), after: new[j].clone().into() });
    }
    let left = |all: &[&Claim], taken: &dyn Fn(usize) -> bool| {
        let left = all.iter().enumerate().filter(|(n, _)| !taken(*n));
        left.map(|(_, claim)| Box::new((*claim).clone())).collect::<Vec<_>>()
    };
    changes.extend(left(&gone, &|n| altered.iter().any(|p| p.0 == n)).into_iter().map(Change::Removed));
    changes.extend(left(&new, &|n| altered.iter().any(|p| p.1 == n)).into_iter().map(Change::Added));
    changes
}

/// Tells whether a claim's words, with the marks around them, stand in another text.
fn stands(claim: &Claim, text: &str, other: &str) -> bool {
    claim.attribution.content.iter().all(|span| {
        let (start, end) = (span.start as usize, span.end as usize);
        let (Some(head), Some(tail)) = (text.get(..start), text.get(end..)) else { return false };
        // A sentence that goes on where it used to end is another sentence.
        let from = head.char_indices().next_back().map_or(start, |(at, _)| at);
        let to = end + tail.chars().take(2).map(char::len_utf8).sum::<usize>();
        text.get(from..to).is_some_and(|framed| other.contains(framed.trim()))
    })
}

/// Returns the letters and digits of a text in lower case: an outlet that sets other quotation marks has changed no word.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a text without their places.
fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|(word, _)| word).collect()
}

/// The words of a text in lower case, with their places.
fn words(text: &str) -> Vec<(String, Span)> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += piece.len();
        let word = letters(piece);
        if !word.is_empty() {
            let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let from = start + piece.find(trimmed).unwrap_or(0);
            words.push((word, Span::new(from, from + trimmed.len())));
        }
    }
    words.truncate(MOST_WORDS);
    words
}

/// Marks in two lists of words those that the other has too, in the same order.
fn shared(a: &[(String, Span)], b: &[(String, Span)]) -> (Vec<bool>, Vec<bool>) {
    // Longest common subsequence, from the ends so that it can be walked from the starts.
    let width = b.len() + 1;
    let mut longest = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i].0 == b[j].0 {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].0 == b[j].0 {
            (in_a[i], in_b[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (in_a, in_b)
}

/// Returns the share of words that two statements have in common, in order: 0 to 1.
pub fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (words(a), words(b));
    let total = a.len() + b.len();
    if total == 0 {
        return 1.0;
    }
    2.0 * shared(&a, &b).0.iter().filter(|s| **s).count() as f32 / total as f32
}

/// Returns the words of each of two statements that the other has not, neighbours as one span.
pub fn differences(a: &str, b: &str) -> (Vec<Span>, Vec<Span>) {
    let (a, b) = (words(a), words(b));
    let (in_a, in_b) = shared(&a, &b);
    (runs(&a, &in_a), runs(&b, &in_b))
}

fn runs(words: &[(String, Span)], shared: &[bool]) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut open = false;
    for ((_, span), shared) in words.iter().zip(shared) {
        match runs.last_mut() {
            Some(last) if open && !shared => last.end = span.end,
            _ if !shared => runs.push(*span),
            _ => {}
        }
        open = !shared;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differing_words_are_found_on_both_sides() {
        let (a, b) = ("There will be no tolls, ever.", "There will be a few tolls.");
        let (in_a, in_b) = differences(a, b);
        assert_eq!(in_a.iter().map(|s| s.of(a)).collect::<Vec<_>>(), ["no", "ever"]);
        assert_eq!(in_b.iter().map(|s| s.of(b)).collect::<Vec<_>>(), ["a few"]);
        assert_eq!(differences("“No tolls”", "'no  tolls.'"), (vec![], vec![]));
    }

    #[test]
    fn likeness_goes_from_nothing_to_all() {
        assert_eq!(likeness("no tolls", "No tolls!"), 1.0);
        assert_eq!(likeness("no tolls", "late ferries"), 0.0);
        assert!(likeness("There will be no tolls here", "There will be tolls here") > 0.8);
    }
}
