//! The words of a claim: lower-cased, base forms, with their spans.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::vocabulary::ENGLISH;
use crate::span::Span;

/// What a word does in a sentence, as far as its form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Carries the content.
    Content,
    /// Holds the sentence together.
    Function,
    /// Digits or a number word.
    Number,
    /// A mark.
    Mark,
}

/// One word or mark.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it stands in the statement.
    pub span: Span,
    /// Base form, lower-case; marks as they are, quotation marks made straight.
    pub lemma: String,
    /// Hash of the lemma, for fast comparing.
    pub key: u32,
    /// What it does.
    pub class: Class,
    /// Whether it looks like a name: a capital where the sentence does not ask for one.
    pub name: bool,
    /// How telling it is, 0 to 1.
    pub weight: f32,
    /// Whether an odd number of negators reaches it.
    pub negated: bool,
    /// Number of its clause, from 0.
    pub clause: u16,
    /// Whether it only says who reports: `the minister told parliament`.
    pub frame: bool,
    /// Whether it stands within double quotation marks.
    pub quoted: bool,
}

impl Word {
    /// Tells whether the word is part of what is asserted and says something.
    pub fn tells(&self) -> bool {
        !self.frame && matches!(self.class, Class::Content | Class::Number)
    }
}

/// Hashes a lemma (FNV-1a, so the same in every build).
pub fn key_of(lemma: &str) -> u32 {
    lemma.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

const FUNCTION: &str = " a an the and or but nor so yet of to in on at by for with from into onto upon about as than that this \
 it he she they we i you who whom whose which what when where why how there here be have do will can may must shall should ought \
 if while because although though since until unless whether both either neither not n't never no none very too just also even only \
 then now again still already out up down off over under through between among against during before after within without \
 's 'll 'd 're 've 'm one ones own such same other another some any each every all most more less much many few lot \
 mr mrs ms miss dr sir let get go come like well oh yes ";

/// Splits a statement into words with spans; a clitic (`n't`, `'ll`, `'s`) is a word of its own.
pub fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut fresh = true;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|c| c.1);
    let byte = |i: usize| chars.get(i).map_or(text.len(), |c| c.0);
    let mut i = 0;
    while let Some(c) = at(i) {
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let start = i;
        if c.is_alphanumeric() || (is_apostrophe(c) && at(i + 1).is_some_and(|n| n.is_ascii_digit())) {
            i += 1;
            while let Some(n) = at(i) {
                let inner = at(i + 1).is_some_and(char::is_alphanumeric);
                let digits =
                    at(i - 1).is_some_and(|p| p.is_ascii_digit()) && at(i + 1).is_some_and(|p| p.is_ascii_digit());
                let keep = n.is_alphanumeric()
                    || (inner && is_apostrophe(n))
                    || (inner && n == '-' && !digits)
                    || (digits && (n == '.' || n == ','))
                    || (n == '.' && inner && is_initials(&chars, start, i));
                if !keep {
                    break;
                }
                i += 1;
            }
            push_word(text, byte(start), byte(i), fresh, quoted, &mut words);
            fresh = false;
        } else {
            i += 1;
            let lemma = match c {
                '“' | '”' | '„' | '«' | '»' | '"' => "\"".to_string(),
                '‘' | '’' | '`' => "'".to_string(),
                '—' | '–' => "-".to_string(),
                other => other.to_string(),
            };
            if lemma == "\"" {
                quoted = match c {
                    '“' | '„' | '«' => true,
                    '”' | '»' => false,
                    _ => !quoted,
                };
                fresh |= quoted;
            }
            fresh |= matches!(c, '.' | '!' | '?' | ':' | '\n' | '…');
            let key = key_of(&lemma);
            let span = Span::new(byte(start), byte(i));
            words.push(Word {
                span,
                lemma,
                key,
                class: Class::Mark,
                name: false,
                weight: 0.0,
                negated: false,
                clause: 0,
                frame: false,
                quoted,
            });
        }
    }
    words
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘')
}

fn is_initials(chars: &[(usize, char)], start: usize, at: usize) -> bool {
    // `U.S.`, `a.m.`: single letters between the points.
    at > start
        && (at - start) % 2 == 1
        && chars[at - 1].1.is_alphabetic()
        && (at - start == 1 || chars[at - 2].1 == '.')
}

fn push_word(text: &str, start: usize, end: usize, fresh: bool, quoted: bool, words: &mut Vec<Word>) {
    let raw = &text[start..end];
    let low: String =
        raw.chars().flat_map(char::to_lowercase).map(|c| if is_apostrophe(c) { '\'' } else { c }).collect();
    // The clitic keeps its own span; the curly mark may be longer than the straight one, so cut from the end by characters.
    for clitic in ["n't", "'ll", "'re", "'ve", "'s", "'d", "'m"] {
        if low.len() > clitic.len() && low.ends_with(clitic) {
            let cut = raw.char_indices().rev().nth(clitic.chars().count() - 1).map_or(0, |c| c.0);
            let base = match &low[..low.len() - clitic.len()] {
                "wo" => "will",
                "ca" => "can",
                "sha" => "shall",
                other => other,
            }
            .to_string();
            add(&base, &raw[..cut], start, start + cut, fresh, quoted, words);
            let full = match clitic {
                "n't" => "not",
                "'ll" => "will",
                "'re" | "'m" => "be",
                "'ve" => "have",
                other => other,
            };
            add(full, "", start + cut, end, false, quoted, words);
            return;
        }
    }
    if low == "cannot" {
        add("can", "", start, start + 3, false, quoted, words);
        add("not", "", start + 3, end, false, quoted, words);
        return;
    }
    add(&low, raw, start, end, fresh, quoted, words);
}

fn add(low: &str, raw: &str, start: usize, end: usize, fresh: bool, quoted: bool, words: &mut Vec<Word>) {
    let vocabulary = &*ENGLISH;
    let numeric = low.starts_with(|c: char| c.is_ascii_digit());
    let lemma = if numeric { low.to_string() } else { lemma_of(low, &vocabulary.irregular) };
    let class = if numeric || super::quantity::is_number_word(&lemma) {
        Class::Number
    } else if is_function(&lemma) {
        Class::Function
    } else {
        Class::Content
    };
    let capital = raw.starts_with(char::is_uppercase);
    let shouting = raw.chars().count() > 1 && raw.chars().all(|c| c.is_uppercase() || c == '.');
    let name = class == Class::Content && capital && (!fresh || shouting);
    let weight = match class {
        Class::Mark | Class::Function => 0.0,
        Class::Number => 0.8,
        Class::Content => vocabulary.weights.get(&lemma).copied().unwrap_or(1.0),
    };
    let key = key_of(&lemma);
    words.push(Word {
        span: Span::new(start, end),
        lemma,
        key,
        class,
        name,
        weight,
        negated: false,
        clause: 0,
        frame: false,
        quoted,
    });
}

/// Brings a lower-case word to its stem: the irregular table, then the endings of English off.
///
/// Function words stay whole, so that rules can name them. A stem is for comparing, never for showing.
pub fn lemma_of(low: &str, irregular: &FxHashMap<String, String>) -> String {
    let low = match irregular.get(low) {
        Some(base) if base == low => return base.clone(),
        Some(base) => base,
        None => low,
    };
    if low.len() <= 3 || !low.is_ascii() || is_function(low) {
        return low.to_string();
    }
    let strip = |n: usize| &low[..low.len() - n];
    let vowels = |stem: &str| stem.bytes().any(|b| b"aeiouy".contains(&b));
    let stem = if low.ends_with("ies") || low.ends_with("ied") {
        return format!("{}y", strip(3));
    } else if ["sses", "shes", "ches", "xes", "zzes"].iter().any(|e| low.ends_with(e)) {
        strip(2)
    } else if low.ends_with('s') && !["ss", "us", "is"].iter().any(|e| low.ends_with(e)) {
        strip(1)
    } else if low.ends_with("ing") && low.len() > 5 && vowels(strip(3)) {
        strip(3)
    } else if low.ends_with("ed") && low.len() > 4 && vowels(strip(2)) {
        strip(2)
    } else {
        low
    };
    let b = stem.as_bytes();
    let n = b.len();
    let bare = if n > 3 && b[n - 1] == b[n - 2] && !b"aeiou".contains(&b[n - 1]) {
        &stem[..n - 1]
    } else if n > 3 {
        stem.strip_suffix('e').unwrap_or(stem)
    } else {
        stem
    };
    // `note` is not `not`.
    if is_function(bare) { low.to_string() } else { bare.to_string() }
}

fn is_function(low: &str) -> bool {
    static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| FUNCTION.split_whitespace().collect());
    WORDS.contains(low)
}

/// Finds the phrase of a table that starts at word `at`: its meaning and how many words it takes.
pub fn phrase_at<'v, T>(words: &[Word], at: usize, table: &'v super::vocabulary::Phrases<T>) -> Option<(&'v T, usize)> {
    let list = table.get(&words.get(at)?.lemma)?;
    list.iter().find_map(|phrase| {
        let end = at + phrase.lemmas.len();
        (end <= words.len() && phrase.lemmas.iter().zip(&words[at..end]).all(|(l, w)| *l == w.lemma))
            .then_some((&phrase.meaning, phrase.lemmas.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lemmas(text: &str) -> Vec<String> {
        split(text).into_iter().map(|w| w.lemma).collect()
    }

    #[test]
    fn clitics_are_words_and_reported_tense_is_levelled() {
        assert_eq!(lemmas("We won’t pay"), ["we", "will", "not", "pay"]);
        assert_eq!(lemmas("they would not pay"), ["they", "will", "not", "pay"]);
        assert_eq!(lemmas("The U.S. cannot decide."), ["the", "u.s", ".", "can", "not", "decid", "."]);
    }

    #[test]
    fn forms_of_one_verb_share_a_base() {
        for (form, base) in [
            ("decided", "decide"),
            ("stopped", "stop"),
            ("wanted", "want"),
            ("closing", "close"),
            ("cities", "city"),
            ("serviced", "service"),
            ("agreed", "agree"),
            ("planned", "plan"),
            ("costs", "cost"),
            ("opened", "open"),
            ("boats", "boat"),
            ("taken", "takes"),
            ("sold", "selling"),
            ("controlled", "control"),
        ] {
            assert_eq!(lemmas(form), lemmas(base), "{form}");
        }
    }

    #[test]
    fn a_stem_is_never_taken_for_a_function_word() {
        assert_eq!(lemmas("note"), ["note"]);
    }

    #[test]
    fn spans_give_back_the_published_letters() {
        let text = "“We don’t owe €1.9 million,” she said.";
        for word in split(text) {
            assert!(!word.span.of(text).is_empty());
        }
        assert!(split(text).iter().any(|w| w.span.of(text) == "n’t" && w.lemma == "not"));
    }
}
