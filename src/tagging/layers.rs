//! Greedy labelling of single tokens, one layer on top of the other: part of speech, entity, role in the sentence.

use super::hashing::{Features, mix};
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

/// A multi-class model over hashed features; `2^bits` rows of `labels` weights.
pub struct Layer {
    /// Number of labels.
    pub labels: usize,
    /// Logarithm of the number of rows.
    pub bits: u32,
    /// Weights, row after row.
    pub weights: Vec<i8>,
}

impl Layer {
    /// Labels a document, given the layers below.
    pub fn label(&self, words: &[Word], below: &[Vec<u8>]) -> Vec<u8> {
        let mut own = Vec::with_capacity(words.len());
        let mut features = Features::new(self.bits, seed(below.len()));
        let mut scores = [0i32; 40];
        for token in 0..words.len() {
            collect(words, below, &own, token, &mut features);
            scores = [0; 40];
            for &bucket in &features.buckets {
                let row = bucket as usize * self.labels;
                let row = self.weights.get(row..row + self.labels).unwrap_or(&[]);
                for (score, weight) in scores.iter_mut().zip(row) {
                    *score += i32::from(*weight);
                }
            }
            own.push(best(&scores[..self.labels]) as u8);
        }
        let _ = scores;
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

/// Collects the features of one token; `own` holds this layer's labels of the tokens before it.
pub fn collect(words: &[Word], below: &[Vec<u8>], own: &[u8], token: usize, out: &mut Features) {
    out.clear();
    let here = &words[token];
    let near = |offset: isize| -> Option<usize> {
        let at = token.checked_add_signed(offset)?;
        words.get(at).filter(|w| w.sentence == here.sentence).map(|_| at)
    };
    let lower = |offset: isize| near(offset).map_or(1, |at| words[at].lower);
    let suffix = |offset: isize| near(offset).map_or(1, |at| words[at].suffixes[1]);
    let cluster = |offset: isize| near(offset).map_or(1, |at| words[at].clusters[2]);
    let label = |offset: isize| near(offset).map_or(100, |at| u64::from(own[at]));
    let (one, two) = (label(-1), label(-2));
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
    out.add(one);
    out.add(one << 16 | two);
    out.add(mix(one, here.lower));
    for offset in [-2, -1, 1, 2] {
        out.add(lower(offset));
    }
    out.add(suffix(-1));
    out.add(suffix(1));
    out.add(cluster(-1));
    out.add(cluster(1));
    out.add(mix(one, here.suffixes[1]));
    out.add(mix(here.shape, suffix(1)));
    out.add(mix(lower(-1), here.lower));
    out.add(mix(here.lower, lower(1)));
    let first = u64::from(near(-1).is_none());
    out.add(mix(here.shape, first));
    for layer in below {
        let at = |offset: isize| near(offset).map_or(99, |at| u64::from(layer[at]));
        let (p2, p1, p, n1, n2) = (at(-2), at(-1), at(0), at(1), at(2));
        out.add(p);
        out.add(mix(p, here.lower));
        out.add(p1 << 8 | p);
        out.add(p << 8 | n1);
        out.add(p1 << 16 | p << 8 | n1);
        out.add(p2 << 16 | p1 << 8 | p);
        out.add(p << 16 | n1 << 8 | n2);
        out.add(mix(p1 << 16 | p << 8 | n1, one));
        out.add(mix(lower(-1), p));
        out.add(mix(lower(1), p));
    }
}
