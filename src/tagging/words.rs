//! What a model sees of each token: hashes of its forms, its clusters, its place in quotations and sentences.

use rustc_hash::FxHashMap;

use crate::text::{Document, TokenKind};

use super::hashing;

/// Word clusters: for a word in lower case, one cluster number per granularity, coarse to fine.
#[derive(Default)]
pub struct Clusters(pub FxHashMap<u64, [u16; 3]>);

impl Clusters {
    fn of(&self, lower: u64) -> [u64; 3] {
        self.0.get(&lower).map_or([9_999; 3], |c| c.map(u64::from))
    }
}

/// One token as the models see it.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The word as it stands.
    pub form: u64,
    /// In lower case.
    pub lower: u64,
    /// Its pattern of capitals, small letters and digits.
    pub shape: u64,
    /// Its last two, three and four letters.
    pub suffixes: [u64; 3],
    /// Its first three letters.
    pub prefix: u64,
    /// Its clusters, coarse to fine.
    pub clusters: [u64; 3],
    /// Where it stands among quotation marks: 0 outside, 1 inside, 2 an opening and 3 a closing mark, 4 within a nested one.
    pub quote: u64,
    /// Whether it is a comma.
    pub comma: bool,
    /// Number of its sentence.
    pub sentence: u32,
    /// Its number among the distinct words of the document, from 0 on.
    pub distinct: u32,
}

/// Quotation marks of every style are one word to the models, so that style carries no weight.
const OPENING: &str = "\u{1}open";
const CLOSING: &str = "\u{1}close";
const APOSTROPHE: &str = "'";
const DASH: &str = "-";

/// Reads all tokens of a document.
pub fn words(document: &Document<'_>, clusters: &Clusters) -> Vec<Word> {
    let quotes = quote_states(document);
    let mut lower = String::new();
    let mut known: FxHashMap<&str, Word> = FxHashMap::default();
    (document.tokens.iter().zip(quotes))
        .map(|(token, quote)| {
            let text = match token.kind {
                TokenKind::OpenQuote => OPENING,
                TokenKind::CloseQuote => CLOSING,
                _ => plain(token.span.of(document.text)),
            };
            let next = known.len() as u32;
            let word =
                known.entry(text).or_insert_with(|| Word { distinct: next, ..read_word(text, &mut lower, clusters) });
            Word { quote, sentence: token.sentence, ..*word }
        })
        .collect()
}

/// Returns the distinct words of a document by their numbers: each where it stands first.
pub fn distinct(words: &[Word]) -> impl Iterator<Item = &Word> {
    let mut seen = 0;
    words.iter().filter(move |word| {
        let new = word.distinct == seen;
        seen += u32::from(new);
        new
    })
}

/// Marks that mean the same get one form.
fn plain(text: &str) -> &str {
    match text {
        "’" | "ʼ" | "‘" | "`" => APOSTROPHE,
        "—" | "–" | "―" | "--" | "---" => DASH,
        "…" | ". . ." => "...",
        "’s" | "ʼs" => "'s",
        "n’t" => "n't",
        "’re" => "'re",
        "’ve" => "'ve",
        "’ll" => "'ll",
        "’d" => "'d",
        "’m" => "'m",
        _ => text,
    }
}

fn read_word(text: &str, lower: &mut String, clusters: &Clusters) -> Word {
    lower.clear();
    lower.extend(text.chars().flat_map(char::to_lowercase));
    let lower_hash = hashing::word(lower);
    Word {
        form: hashing::word(text),
        lower: lower_hash,
        shape: shape(text),
        suffixes: [2, 3, 4].map(|n| hashing::word(tail(lower, n))),
        prefix: hashing::word(head(lower, 3)),
        clusters: clusters.of(lower_hash),
        quote: 0,
        comma: text == ",",
        sentence: 0,
        distinct: 0,
    }
}

fn quote_states(document: &Document<'_>) -> Vec<u64> {
    let mut states = vec![0; document.tokens.len()];
    for quotation in document.quotations.iter().filter(|q| q.depth <= 1) {
        for token in document.tokens_in(quotation.span) {
            let span = document.tokens[token].span;
            states[token] = match (quotation.inner.contains(span), span.start < quotation.inner.start) {
                _ if quotation.depth == 1 => 4,
                (true, _) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
        }
    }
    states
}

fn shape(text: &str) -> u64 {
    let mut shape = 0;
    let mut last = 9;
    for c in text.chars().take(12) {
        let class = if c.is_uppercase() {
            1
        } else if c.is_lowercase() {
            2
        } else if c.is_numeric() {
            3
        } else {
            4
        };
        if class != last {
            shape = shape * 5 + class;
            last = class;
        }
    }
    shape
}

fn tail(text: &str, letters: usize) -> &str {
    text.char_indices().rev().nth(letters - 1).map_or(text, |(at, _)| &text[at..])
}

fn head(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(at, _)| &text[..at])
}
