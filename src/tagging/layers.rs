//! Greedy labelling of single tokens, one layer on top of the other: part of speech, entity, role in the sentence.

use super::hashing::{Features, mix};
use super::rows::Rows;
use super::words::Word;

/// Parts of speech, after the Penn Treebank.
pub const PARTS: [&str; 37] = [
    "NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "DT", "IN", "TO", "RB", "JJ", "JJR", "JJS", "CC", "CD", "VB", "VBD",
    "VBG", "VBN", "VBP", "VBZ", "MD", "WDT", "WP", "WRB", "EX", "POS", "RP", "UH", "FW", ",", ".", ":", "\"", "-LRB-",
    "-RRB-", "SYM",
];

/// Kinds of names and numbers.
pub const ENTITIES: [&str; 8] = ["", "PERSON", "ORG", "GPE", "NORP", "DATE", "CARDINAL", "OTHER"];

/// What a word does in its sentence.
pub const ROLES: [&str; 30] = [
    "other",
    "ROOT",
    "nsubj",
    "nsubjpass",
    "aux",
    "auxpass",
    "dobj",
    "ccomp",
    "xcomp",
    "advcl",
    "relcl",
    "acl",
    "mark",
    "prep",
    "pobj",
    "det",
    "amod",
    "compound",
    "poss",
    "advmod",
    "cc",
    "conj",
    "attr",
    "acomp",
    "agent",
    "pcomp",
    "appos",
    "punct",
    "case",
    "nummod",
];

/// The layers in the order in which they are computed.
pub const LAYERS: usize = 3;

/// The labels of all layers for one document.
#[derive(Clone, Debug, Default)]
pub struct Labels(pub [Vec<u8>; LAYERS]);

impl Labels {
    /// Tells whether a token is a verb by its part of speech.
    pub fn is_verb(&self, token: usize) -> bool {
        self.0[0].get(token).is_some_and(|&part| (15..=21).contains(&part))
    }
}

/// Most labels that a layer may have.
pub const MOST_LABELS: usize = 48;

/// A multi-class model over hashed features.
pub struct Layer {
    /// Number of labels.
    pub labels: usize,
    /// Logarithm of the number of rows.
    pub bits: u32,
    rows: Width,
}

/// Rows as wide as the number of labels asks for.
enum Width {
    Eight(Rows<8>),
    ThirtyTwo(Rows<32>),
    Most(Rows<64>),
}

impl Layer {
    /// Makes a layer of `2^bits` rows of `labels` weights, [`MOST_LABELS`] at most.
    pub fn new(labels: usize, bits: u32, weights: &[i8]) -> Layer {
        let rows = match labels {
            ..=8 => Width::Eight(Rows::new(labels, weights)),
            9..=32 => Width::ThirtyTwo(Rows::new(labels, weights)),
            _ => Width::Most(Rows::new(labels, weights)),
        };
        Layer { labels, bits, rows }
    }

    /// Labels a document, given the layers below.
    pub fn label(&self, words: &[Word], below: &[Vec<u8>]) -> Vec<u8> {
        match &self.rows {
            Width::Eight(rows) => self.label_by::<8>(words, below, |b| rows.expect(b), |b| rows.sum(b)),
            Width::ThirtyTwo(rows) => self.label_by::<32>(words, below, |b| rows.expect(b), |b| rows.sum(b)),
            Width::Most(rows) => self.label_by::<MOST_LABELS>(words, below, |b| rows.expect(b), |b| rows.sum(b)),
        }
    }

    fn label_by<const N: usize>(
        &self,
        words: &[Word],
        below: &[Vec<u8>],
        expect: impl Fn(&[u32]),
        scores: impl Fn(&[u32]) -> [i16; N],
    ) -> Vec<u8> {
        let mut own = Vec::with_capacity(words.len());
        let mut pair = [0, 1].map(|_| Features::new(self.bits, seed(below.len())));
        let [here, ahead] = &mut pair;
        for token in 0..words.len() {
            if token == 0 {
                collect_given(words, below, token, ahead);
            }
            std::mem::swap(here, ahead);
            // The next token's weights are on their way from memory while this one's are added up.
            if token + 1 < words.len() {
                collect_given(words, below, token + 1, ahead);
                expect(ahead.buckets());
            }
            collect_own(words, below, &own, token, here);
            own.push(best(&scores(here.buckets())[..self.labels.min(N)]) as u8);
        }
        own
    }
}

/// Returns the first of the highest scores.
pub fn best<T: PartialOrd + Copy>(scores: &[T]) -> usize {
    let mut best = 0;
    for (label, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = label;
        }
    }
    best
}

/// Keeps the layers' features apart.
pub fn seed(layer: usize) -> u64 {
    0x51 + layer as u64 * 0x1_0001
}

/// How many tokens to either side a feature looks.
const REACH: usize = 2;

/// A token and its neighbours in the sentence.
struct Around<'a> {
    token: usize,
    words: [Option<&'a Word>; 2 * REACH + 1],
}

impl<'a> Around<'a> {
    fn new(words: &'a [Word], token: usize) -> Around<'a> {
        let sentence = words[token].sentence;
        let near = |n: usize| words.get((token + n).checked_sub(REACH)?).filter(|w| w.sentence == sentence);
        Around { token, words: std::array::from_fn(near) }
    }

    #[inline]
    fn word(&self, offset: isize) -> Option<&'a Word> {
        self.words[(offset + REACH as isize) as usize]
    }

    #[inline]
    fn lower(&self, offset: isize) -> u64 {
        self.word(offset).map_or(1, |w| w.lower)
    }

    /// Returns a layer's label at a neighbour, `none` where the sentence has none there.
    #[inline]
    fn label(&self, layer: &[u8], offset: isize, none: u64) -> u64 {
        self.word(offset).map_or(none, |_| u64::from(layer[self.token.wrapping_add_signed(offset)]))
    }
}

/// The templates that read this layer's own labels: the last, the last two, the last with the word and with its suffix.
const LAST: u64 = 11;
const LAST_TWO: u64 = 12;
const LAST_WITH_WORD: u64 = 13;
const LAST_WITH_SUFFIX: u64 = 22;
/// Templates of the words, and of each layer below; the eighth of these reads the last label.
const OF_WORDS: u64 = 26;
const OF_LAYER: u64 = 10;
const LAST_WITH_LAYER: u64 = 8;

/// Collects the features of one token; `own` holds this layer's labels of the tokens before it.
pub fn collect(words: &[Word], below: &[Vec<u8>], own: &[u8], token: usize, out: &mut Features) {
    collect_given(words, below, token, out);
    collect_own(words, below, own, token, out);
}

/// Collects the features that do not depend on this layer's labels.
fn collect_given(words: &[Word], below: &[Vec<u8>], token: usize, out: &mut Features) {
    out.clear();
    let here = &words[token];
    let around = Around::new(words, token);
    let lower = |offset: isize| around.lower(offset);
    let suffix = |offset: isize| around.word(offset).map_or(1, |w| w.suffixes[1]);
    let cluster = |offset: isize| around.word(offset).map_or(1, |w| w.clusters[2]);
    out.add(0);
    out.add(here.lower);
    out.add(here.form);
    for suffix in here.suffixes {
        out.add(suffix);
    }
    out.add(here.prefix);
    out.add(here.shape);
    out.add(here.clusters[1]);
    out.add(here.clusters[2]);
    out.skip(); // LAST
    out.skip(); // LAST_TWO
    out.skip(); // LAST_WITH_WORD
    for offset in [-2, -1, 1, 2] {
        out.add(lower(offset));
    }
    out.add(suffix(-1));
    out.add(suffix(1));
    out.add(cluster(-1));
    out.add(cluster(1));
    out.skip(); // LAST_WITH_SUFFIX
    out.add(mix(here.shape, suffix(1)));
    out.add(mix(lower(-1), here.lower));
    out.add(mix(here.lower, lower(1)));
    out.add(mix(here.shape, u64::from(around.word(-1).is_none())));
    for layer in below {
        let at = |offset: isize| around.label(layer, offset, 99);
        let (p2, p1, p, n1, n2) = (at(-2), at(-1), at(0), at(1), at(2));
        out.add(p);
        out.add(mix(p, here.lower));
        out.add(p1 << 8 | p);
        out.add(p << 8 | n1);
        out.add(p1 << 16 | p << 8 | n1);
        out.add(p2 << 16 | p1 << 8 | p);
        out.add(p << 16 | n1 << 8 | n2);
        out.skip(); // LAST_WITH_LAYER
        out.add(mix(lower(-1), p));
        out.add(mix(lower(1), p));
    }
}

/// Adds the features that read this layer's labels of the tokens before.
fn collect_own(words: &[Word], below: &[Vec<u8>], own: &[u8], token: usize, out: &mut Features) {
    let here = &words[token];
    let around = Around::new(words, token);
    let (one, two) = (around.label(own, -1, 100), around.label(own, -2, 100));
    out.add_as(LAST, one);
    out.add_as(LAST_TWO, one << 16 | two);
    out.add_as(LAST_WITH_WORD, mix(one, here.lower));
    out.add_as(LAST_WITH_SUFFIX, mix(one, here.suffixes[1]));
    for (number, layer) in (0..).zip(below) {
        let at = |offset: isize| around.label(layer, offset, 99);
        let three = at(-1) << 16 | at(0) << 8 | at(1);
        out.add_as(OF_WORDS + number * OF_LAYER + LAST_WITH_LAYER, mix(three, one));
    }
}
