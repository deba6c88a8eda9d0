//! A text as words and marks, and how much of a span stands in quotation marks.

use std::collections::BTreeSet;

use super::Restriction;
use crate::eval::{is_word_char, tokenize};

const DOUBLE: &str = "\"“”„«»〝〞";

const SINGLE: &str = "'‘’`";

/// Numbers of tokens.
pub(super) type Tokens = BTreeSet<usize>;

pub(super) struct Text {
    chars: Vec<char>,
    /// Token at each character; `usize::MAX` in white space.
    at: Vec<usize>,
    pub words: Vec<String>,
    pub is_word: Vec<bool>,
}

impl Text {
    pub fn new(text: &str) -> Text {
        let chars: Vec<char> = text.chars().collect();
        let tokens = tokenize(&chars, true);
        let mut at = vec![usize::MAX; chars.len()];
        for (i, &(start, end)) in tokens.iter().enumerate() {
            at[start..end].fill(i);
        }
        let words = tokens.iter().map(|&(s, e)| chars[s..e].iter().collect()).collect();
        let is_word = tokens.iter().map(|&(s, _)| is_word_char(chars[s])).collect();
        Text { chars, at, words, is_word }
    }

    pub fn tokens(&self, spans: &[[usize; 2]]) -> Tokens {
        let mut tokens = Tokens::new();
        for &[start, end] in spans {
            for &token in self.at.get(start..end.min(self.at.len())).unwrap_or(&[]) {
                if token != usize::MAX {
                    tokens.insert(token);
                }
            }
        }
        tokens
    }

    /// Drops marks and a leading `that`; a span of marks alone stays.
    pub fn trim(&self, tokens: &Tokens) -> Tokens {
        let words: Vec<usize> = tokens.iter().copied().collect();
        let mut rest: &[usize] = &words;
        let skip_marks = |mut rest: &'_ [usize]| -> usize {
            let mut skipped = 0;
            while let [first, tail @ ..] = rest
                && !self.is_word[*first]
            {
                rest = tail;
                skipped += 1;
            }
            skipped
        };
        rest = &rest[skip_marks(rest)..];
        if rest.len() > 1 && self.words[rest[0]].to_lowercase() == "that" {
            rest = &rest[1..];
        }
        let kept: Tokens = rest.iter().copied().filter(|&t| self.is_word[t]).collect();
        if kept.is_empty() { tokens.clone() } else { kept }
    }

    pub fn kind(&self, spans: &[[usize; 2]]) -> Restriction {
        let mut any_quoted = false;
        let mut all_quoted = !spans.is_empty();
        for &[start, end] in spans {
            let fragment = self.chars.get(start..end.min(self.chars.len())).unwrap_or(&[]);
            let is_double = |c: Option<&char>| c.is_some_and(|&c| DOUBLE.contains(c));
            let before = start.checked_sub(1).and_then(|i| self.chars.get(i));
            let after = self.chars.get(end);
            let framed = is_double(before) && is_double(after);
            let two_singles = fragment.windows(2).any(|w| w == ['\'', '\'']);
            let quoted =
                fragment.iter().any(|&c| DOUBLE.contains(c)) || has_paired_single(fragment) || two_singles || framed;
            any_quoted |= quoted;
            let blank = |c: &char| matches!(c, ' ' | '\n' | '\t');
            let first = fragment.iter().find(|c| !blank(c));
            let last = fragment.iter().rev().find(|c| !blank(c) && !".,;:?!".contains(**c));
            let is_mark = |c: Option<&char>| c.is_some_and(|&c| DOUBLE.contains(c) || SINGLE.contains(c));
            let opens = is_mark(first) || is_double(before);
            let closes = is_mark(last) || is_double(after);
            // A paragraph of a longer quotation opens and does not close.
            let whole = quoted && opens && (closes || spans.len() > 1);
            if !whole || (closes && !is_one_quotation(fragment)) {
                all_quoted = false;
            }
        }
        match (any_quoted, all_quoted) {
            (false, _) => Restriction::Indirect,
            (true, true) => Restriction::Direct,
            (true, false) => Restriction::Mixed,
        }
    }
}

/// Tells whether no words stand outside the marks: `"a" and "b"` is mixed.
fn is_one_quotation(fragment: &[char]) -> bool {
    let mut inside = false;
    let mut words_outside = false;
    for &c in fragment {
        match c {
            '“' | '«' => inside = true,
            '”' | '»' => inside = false,
            '"' => inside = !inside,
            _ => words_outside |= !inside && c.is_alphanumeric(),
        }
    }
    !fragment.iter().any(|&c| DOUBLE.contains(c)) || !words_outside
}

/// Finds a quotation in single marks that stand where quotation marks stand, not apostrophes.
fn has_paired_single(text: &[char]) -> bool {
    let edge = |c: char, extra: &str| c.is_whitespace() || "—–-".contains(c) || extra.contains(c);
    let closes_at = |from: usize| {
        (from..text.len()).any(|j| {
            let follows =
                |k: usize| text.get(k).is_none_or(|&c| edge(c, ").,;:?!]")) || (k + 1 == text.len() && text[k] == '\n');
            !text[j - 1].is_whitespace()
                && match text[j] {
                    '’' => follows(j + 1),
                    '\'' => follows(j + 1) || (text.get(j + 1) == Some(&'\'') && follows(j + 2)),
                    _ => false,
                }
        })
    };
    (0..text.len()).any(|i| {
        if i > 0 && !edge(text[i - 1], "([") {
            return false;
        }
        let opener = |length: usize| text.get(i + length).is_some_and(|c| !c.is_whitespace()) && closes_at(i + length);
        match text[i] {
            '‘' | '\'' => opener(1),
            '`' => (text.get(i + 1) == Some(&'`') && opener(2)) || opener(1),
            _ => false,
        }
    })
}
