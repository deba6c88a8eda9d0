//! Greedy labelling of single tokens, one layer on top of the other: part of speech, entity, role in the sentence.

use super::hashing::{Features, mix};
use super::rows::Rows;
use super::words::{Word, distinct};

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
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function is compiled for.
            return unsafe { self.label_wide(words, below) };
        }
        self.label_plain(words, below)
    }

    /// The same labels where the processor adds and compares sixteen numbers at once.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn label_wide(&self, words: &[Word], below: &[Vec<u8>]) -> Vec<u8> {
        self.label_plain(words, below)
    }

    #[inline(always)]
    fn label_plain(&self, words: &[Word], below: &[Vec<u8>]) -> Vec<u8> {
        match &self.rows {
            Width::Eight(rows) => self.label_by::<8, 8>(rows, words, below),
            Width::ThirtyTwo(rows) => self.label_by::<32, 32>(rows, words, below),
            Width::Most(rows) => self.label_by::<64, MOST_LABELS>(rows, words, below),
        }
    }

    #[inline(always)]
    fn label_by<const STRIDE: usize, const N: usize>(
        &self,
        rows: &Rows<STRIDE>,
        words: &[Word],
        below: &[Vec<u8>],
    ) -> Vec<u8> {
        let alone = Alone::<N>::new(rows, words, || self.features(below));
        let mut own = Vec::with_capacity(words.len());
        let (mut here, mut ahead) = (&mut self.features(below), &mut self.features(below));
        for token in 0..words.len() {
            if token == 0 {
                of_place(&Around::new(words, token), below, ahead);
            }
            std::mem::swap(&mut here, &mut ahead);
            // The next token's weights are on their way from memory while this one's are added up.
            if token + 1 < words.len() {
                of_place(&Around::new(words, token + 1), below, ahead);
                rows.expect(ahead.buckets());
            }
            let around = Around::new(words, token);
            of_labels(&around, below.len(), &own, here);
            let mut sums = rows.sum_plain::<N>(here.buckets());
            for (offset, word) in OFFSETS.into_iter().zip(around.words) {
                sums.iter_mut().zip(alone.of(word, offset)).for_each(|(sum, score)| *sum += score);
            }
            sums[self.labels.min(N)..].fill(i16::MIN);
            own.push(first_of_highest(&sums) as u8);
        }
        own
    }

    fn features(&self, below: &[Vec<u8>]) -> Features {
        Features::new(self.bits, seed(below.len()))
    }
}

/// The scores that each distinct word of a document gives a token by itself, where it is that token or a neighbour: they are
/// the same wherever the word stands, so they are added up once.
struct Alone<const N: usize> {
    /// For each word the scores at each offset; first those where there is no word.
    scores: Vec<[[i16; N]; OFFSETS.len()]>,
}

impl<const N: usize> Alone<N> {
    #[inline(always)]
    fn new<const STRIDE: usize>(rows: &Rows<STRIDE>, words: &[Word], features: impl Fn() -> Features) -> Alone<N> {
        let distinct: Vec<Option<&Word>> = std::iter::once(None).chain(distinct(words).map(Some)).collect();
        let collect = |word: Option<&Word>, out: &mut [Features; OFFSETS.len()]| {
            for (offset, out) in OFFSETS.into_iter().zip(out) {
                out.clear();
                of_word(word, offset, out);
                rows.expect(out.buckets());
            }
        };
        let (mut here, mut ahead) = (&mut OFFSETS.map(|_| features()), &mut OFFSETS.map(|_| features()));
        collect(None, ahead);
        let mut scores = Vec::with_capacity(distinct.len());
        for number in 0..distinct.len() {
            std::mem::swap(&mut here, &mut ahead);
            if let Some(next) = distinct.get(number + 1) {
                collect(*next, ahead);
            }
            let mut row = [[0; N]; OFFSETS.len()];
            row.iter_mut().zip(here.iter()).for_each(|(sums, features)| *sums = rows.sum_plain(features.buckets()));
            scores.push(row);
        }
        Alone { scores }
    }

    #[inline(always)]
    fn of(&self, word: Option<&Word>, offset: isize) -> &[i16; N] {
        &self.scores[word.map_or(0, |w| w.distinct as usize + 1)][(offset + REACH as isize) as usize]
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

/// Does the same for a fixed number of scores without a branch, so that the processor compares many at once.
#[inline(always)]
fn first_of_highest<const N: usize>(scores: &[i16; N]) -> usize {
    let highest = scores.iter().fold(i16::MIN, |highest, score| highest.max(*score));
    let mut first = N as i16;
    for (label, score) in (0..).zip(scores) {
        first = first.min(if *score == highest { label } else { N as i16 });
    }
    first as usize
}

/// Keeps the layers' features apart.
pub fn seed(layer: usize) -> u64 {
    0x51 + layer as u64 * 0x1_0001
}

/// How many tokens to either side a feature looks.
const REACH: usize = 2;

/// Where the words stand that a feature sees.
const OFFSETS: [isize; 2 * REACH + 1] = [-2, -1, 0, 1, 2];

/// A token and its neighbours in the sentence.
struct Around<'a> {
    token: usize,
    words: [Option<&'a Word>; OFFSETS.len()],
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

    /// Returns a layer's label at a neighbour, `none` where the sentence has none there.
    #[inline]
    fn label(&self, layer: &[u8], offset: isize, none: u64) -> u64 {
        self.word(offset).map_or(none, |_| u64::from(layer[self.token.wrapping_add_signed(offset)]))
    }
}

/// Where the templates of several words and of labels begin; those of one word alone stand before them, sixteen an offset.
const OF_PLACE: u64 = 81;
const OF_LABELS: u64 = 121;

/// Collects the features of one token; `own` holds this layer's labels of the tokens before it.
pub fn collect(words: &[Word], below: &[Vec<u8>], own: &[u8], token: usize, out: &mut Features) {
    let around = Around::new(words, token);
    of_place(&around, below, out);
    of_labels(&around, below.len(), own, out);
    for (offset, word) in OFFSETS.into_iter().zip(around.words) {
        of_word(word, offset, out);
    }
}

/// Adds what a word says by itself about the token that stands `offset` before it.
fn of_word(word: Option<&Word>, offset: isize, out: &mut Features) {
    out.templates_from(1 + 16 * (offset + REACH as isize) as u64);
    match (word, offset) {
        (Some(word), 0) => {
            out.add(0);
            out.add(word.lower);
            out.add(word.form);
            for suffix in word.suffixes {
                out.add(suffix);
            }
            out.add(word.prefix);
            out.add(word.shape);
            out.add(word.clusters[1]);
            out.add(word.clusters[2]);
        }
        (_, 0) => {}
        _ => {
            out.add(word.map_or(1, |w| w.lower));
            if offset.abs() == 1 {
                out.add(word.map_or(1, |w| w.suffixes[1]));
                out.add(word.map_or(1, |w| w.clusters[2]));
            }
        }
    }
}

/// Begins a token with the features that read several words, or the layers below.
fn of_place(around: &Around<'_>, below: &[Vec<u8>], out: &mut Features) {
    out.clear();
    let (Some(here), next) = (around.word(0), around.word(1)) else { return };
    out.templates_from(OF_PLACE);
    out.add(mix(here.shape, u64::from(around.word(-1).is_none())));
    if below.len() < 2 {
        out.add(mix(here.shape, next.map_or(1, |w| w.suffixes[1])));
    }
    let at = |layer: &[u8], offset: isize| around.label(layer, offset, 99);
    match below {
        [] => out.add(mix(here.lower, next.map_or(1, |w| w.lower))),
        [parts] => {
            let (part, after) = (at(parts, 0), at(parts, 1));
            out.add(part << 8 | after);
            out.add(part << 16 | after << 8 | at(parts, 2));
        }
        [parts, entities, ..] => {
            let [before_that, before, part, after, after_that] = OFFSETS.map(|offset| at(parts, offset));
            out.add(part);
            out.add(before << 8 | part);
            out.add(part << 8 | after);
            out.add(before_that << 16 | before << 8 | part);
            out.add(part << 16 | after << 8 | after_that);
            out.add(at(entities, -1) << 16 | at(entities, 0) << 8 | at(entities, 1));
            out.add(mix(next.map_or(1, |w| w.lower), at(entities, 0)));
        }
    }
}

/// Adds the features that read the labels of layer number `layer` at the tokens before.
fn of_labels(around: &Around<'_>, layer: usize, own: &[u8], out: &mut Features) {
    let (one, two) = (around.label(own, -1, 100), around.label(own, -2, 100));
    out.templates_from(OF_LABELS);
    out.add(one);
    match layer {
        0 => out.add(mix(one, around.word(0).map_or(1, |w| w.suffixes[1]))),
        1 => {}
        _ => out.add(one << 16 | two),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagging::words::{Clusters, words};
    use crate::text::Document;

    /// What a token is labelled with is what training adds up: every feature of the token, one by one.
    #[test]
    fn a_document_is_labelled_as_training_sees_it() {
        let text = "The mayor said on Monday that the mayor's office had closed. “We closed it,” she said.\n\nNo comment, it said.";
        let words = words(&Document::read(text), &Clusters::default());
        let mut below: Vec<Vec<u8>> = Vec::new();
        for labels in [PARTS.len(), ENTITIES.len(), ROLES.len()] {
            let weights: Vec<i8> =
                (0..(labels as u32) << 6).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as i8).collect();
            let mut features = Features::new(6, seed(below.len()));
            let mut expected = Vec::new();
            for token in 0..words.len() {
                collect(&words, &below, &expected, token, &mut features);
                let sum = |label: usize| -> i32 {
                    features.buckets().iter().map(|row| i32::from(weights[*row as usize * labels + label])).sum()
                };
                expected.push(best(&(0..labels).map(sum).collect::<Vec<_>>()) as u8);
            }
            let layer = Layer::new(labels, 6, &weights);
            assert_eq!(layer.label(&words, &below), expected, "layer {}", below.len());
            assert_eq!(layer.label(&[], &below), [0u8; 0], "no words");
            below.push(expected);
        }
    }
}
