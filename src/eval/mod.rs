//! Precision, recall and F1 against labelled data.
//!
//! [`extraction`] scores who said what against span gold in the manner of Pareti et al. (2013) and Citron;
//! [`matching`] scores judgements of pairs; [`scenario`] scores both ends of the chain against a set of articles whose
//! attributions and findings are given as text. The room reads and scores; running the engine is the caller's part.

pub mod extraction;
pub mod matching;
pub mod scenario;

use serde::Serialize;

/// An error in labelled data: which line of which input, and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A row that is not what the format says.
    #[error("{input}, line {line}: {source}")]
    Row {
        /// Name of the input.
        input: String,
        /// Line, from 1.
        line: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// A document that is not what the format says.
    #[error("{input}: {source}")]
    Document {
        /// Name of the input.
        input: String,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Labelled data without a single row.
    #[error("{0}: no rows in it")]
    Empty(String),
}

/// Reads JSON Lines into rows; blank lines are skipped, a bad one is an error with its number.
pub fn rows<T: serde::de::DeserializeOwned>(input: &str, jsonl: &str) -> Result<Vec<T>, EvalError> {
    let mut rows = Vec::new();
    for (number, line) in jsonl.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(line).map_err(|source| EvalError::Row {
            input: input.to_string(),
            line: number + 1,
            source,
        })?;
        rows.push(row);
    }
    if rows.is_empty() { Err(EvalError::Empty(input.to_string())) } else { Ok(rows) }
}

/// Precision and recall with the counts they divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Prf {
    /// Precision, 0 to 1.
    pub p: f64,
    /// Recall, 0 to 1.
    pub r: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// What precision counts as right.
    pub p_num: f64,
    /// What precision divides by.
    pub p_den: f64,
    /// What recall counts as right.
    pub r_num: f64,
    /// What recall divides by.
    pub r_den: f64,
}

impl Prf {
    /// Makes the figures from counts; an empty denominator gives 0.
    pub fn new(p_num: f64, p_den: f64, r_num: f64, r_den: f64) -> Prf {
        let p = ratio(p_num, p_den);
        let r = ratio(r_num, r_den);
        let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        Prf { p, r, f1, p_num, p_den, r_num, r_den }
    }
}

fn ratio(count: f64, of: f64) -> f64 {
    if of > 0.0 { count / of } else { 0.0 }
}

/// Pairs up candidates one to one, heaviest first; ties go to the lower numbers.
fn greedy(mut candidates: Vec<(f64, usize, usize)>) -> std::collections::BTreeMap<usize, usize> {
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut taken = std::collections::BTreeSet::new();
    let mut pairs = std::collections::BTreeMap::new();
    for (_, left, right) in candidates {
        if !pairs.contains_key(&left) && taken.insert(right) {
            pairs.insert(left, right);
        }
    }
    pairs
}

/// Tells whether a character belongs to a word: a letter, a digit or an underscore, and no combining mark.
fn is_word_char(c: char) -> bool {
    c == '_' || (c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c))
}

/// Splits characters into words (with inner apostrophes) and, where `marks`, single marks, as index ranges.
fn tokenize(text: &[char], marks: bool) -> Vec<(usize, usize)> {
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < text.len() {
        if is_word_char(text[i]) {
            let start = i;
            loop {
                while i < text.len() && is_word_char(text[i]) {
                    i += 1;
                }
                let joins = i + 1 < text.len() && matches!(text[i], '\'' | '’') && is_word_char(text[i + 1]);
                if !joins {
                    break;
                }
                i += 1;
            }
            tokens.push((start, i));
        } else {
            if marks && !text[i].is_whitespace() {
                tokens.push((i, i + 1));
            }
            i += 1;
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_inner_apostrophes() {
        let text: Vec<char> = "“It’s Kerry's,” he said.".chars().collect();
        let words: Vec<String> = tokenize(&text, true).iter().map(|&(s, e)| text[s..e].iter().collect()).collect();
        assert_eq!(words, ["“", "It’s", "Kerry's", ",", "”", "he", "said", "."]);
    }

    #[test]
    fn pairing_is_one_to_one_and_heaviest_first() {
        let pairs = greedy(vec![(0.5, 0, 0), (0.9, 1, 0), (0.4, 0, 1), (0.4, 1, 1)]);
        assert_eq!(pairs.into_iter().collect::<Vec<_>>(), [(0, 1), (1, 0)]);
    }

    #[test]
    fn a_bad_row_is_named() {
        let error = rows::<serde_json::Value>("gold.jsonl", "{}\n\n{oops\n").unwrap_err();
        assert!(error.to_string().starts_with("gold.jsonl, line 3:"), "{error}");
    }
}
