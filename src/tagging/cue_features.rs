//! Features of the first stage, which marks sources, cues and contents of one block together.

use std::ops::Range;

use super::hashing::{Features, mix};
use super::layers::Labels;
use super::words::Word;

/// Keeps this stage's features apart from others'.
pub const SEED: u64 = 101;

/// How often a word is a cue, in six steps; 9 for a word not seen in training.
pub const UNSEEN: u8 = 9;

/// How many tokens to either side a feature looks.
const REACH: usize = 3;

/// What both stages read.
pub struct Context<'a> {
    /// The tokens.
    pub words: &'a [Word],
    /// Their parts of speech, entities and roles.
    pub labels: &'a Labels,
    /// How often each word is a cue.
    pub strength: &'a [u8],
    /// Tokens at which a speech dash or a `NAME:` opens the block, and the like; 0 for none.
    pub opening: u64,
}

impl Context<'_> {
    /// Returns a layer's label at a token, 99 outside of the block.
    #[inline]
    pub fn label(&self, layer: usize, at: Option<usize>) -> u64 {
        at.map_or(99, |at| u64::from(self.labels.0[layer][at]))
    }
}

/// The nearest word of cue-like strength, as distance step and word.
fn nearest_cues(context: &Context<'_>, block: &Range<usize>, backwards: bool) -> Vec<(u64, u64)> {
    let mut found = vec![(9, 0); block.len()];
    let mut last: Option<usize> = None;
    let mut visit = |at: usize, previous: Option<usize>| {
        if previous.is_some_and(|p| context.words[p].sentence != context.words[at].sentence) {
            last = None;
        }
        if let Some(cue) = last {
            found[at - block.start] = ((at.abs_diff(cue) as u64).min(20) / 2 + 10, context.words[cue].lower);
        }
        if (2..UNSEEN).contains(&context.strength[at]) {
            last = Some(at);
        }
    };
    if backwards {
        for at in block.clone().rev() {
            visit(at, Some(at + 1).filter(|p| *p < block.end));
        }
    } else {
        for at in block.clone() {
            visit(at, at.checked_sub(1).filter(|p| *p >= block.start));
        }
    }
    found
}

/// Collects the features of every token of a block and hands each token's buckets to `take`.
pub fn collect(context: &Context<'_>, block: Range<usize>, bits: u32, mut take: impl FnMut(usize, &[u32])) {
    let words = context.words;
    let left_cues = nearest_cues(context, &block, false);
    let right_cues = nearest_cues(context, &block, true);
    let mut out = Features::new(bits, SEED);
    for token in block.clone() {
        out.clear();
        let here = &words[token];
        let around: [Option<usize>; 2 * REACH + 1] =
            std::array::from_fn(|n| (token + n).checked_sub(REACH).filter(|at| block.contains(at)));
        let near = |offset: isize| around[(offset + REACH as isize) as usize];
        let known: [Option<&Word>; 2 * REACH + 1] = around.map(|at| at.map(|at| &words[at]));
        let word = |offset: isize| known[(offset + REACH as isize) as usize];
        let lower = |offset: isize| word(offset).map_or(7, |w| w.lower);
        let part = |offset: isize| context.label(0, near(offset));
        let entity = |offset: isize| context.label(1, near(offset));
        let role = |offset: isize| context.label(2, near(offset));
        let quote = |offset: isize| word(offset).map_or(7, |w| w.quote);
        let coarse = |offset: isize| word(offset).map_or(998, |w| w.clusters[0]);
        let fine = |offset: isize| word(offset).map_or(998, |w| w.clusters[2]);
        let strength = |offset: isize| near(offset).map_or(8, |at| u64::from(context.strength[at]));
        let ((left, left_word), (right, _)) = (left_cues[token - block.start], right_cues[token - block.start]);
        // The words.
        for offset in [-1, 1, 2, 3] {
            out.add(lower(offset));
        }
        out.add(mix(lower(-2), lower(-1)));
        out.add(here.suffixes[0]);
        out.add(here.suffixes[1]);
        out.add(here.shape);
        out.add(strength(0));
        out.add(strength(0) * 10 + strength(1));
        out.add(strength(0) * 10 + strength(-1));
        // Quotation marks.
        out.add(quote(0) * 8 + quote(1));
        out.add(quote(0) * 512 + quote(1) * 64 + quote(2) * 8 + quote(3));
        out.add(mix(quote(-2) * 64 + quote(-1) * 8 + quote(0), lower(-1)));
        out.add(mix(quote(0) * 64 + quote(-1) * 8 + quote(1), left));
        // The nearest word that is often a cue.
        out.add(mix(left, left_word));
        // Places in sentence and block.
        let starts = u64::from(word(-1).is_none_or(|w| w.sentence != here.sentence));
        let ends = u64::from(word(1).is_none_or(|w| w.sentence != here.sentence));
        let edges = starts * 2 + ends;
        out.add(edges);
        out.add(edges * 64 + quote(0) * 8 + quote(-1));
        out.add(mix(context.opening, ((token - block.start) as u64).min(6)));
        // Parts of speech.
        let (p, before, after) = (part(0), part(-1), part(1));
        out.add(p);
        out.add(before);
        out.add(after);
        out.add(part(-2));
        out.add(part(2));
        out.add(mix(before, p));
        out.add(mix(p, after));
        out.add(mix(p, strength(0)));
        out.add(mix(mix(right, p), after));
        out.add(mix(mix(before, p), quote(0) * 8 + quote(-1)));
        // Clusters.
        out.add(here.clusters[0]);
        out.add(here.clusters[1]);
        out.add(fine(-1));
        out.add(fine(1));
        out.add(mix(coarse(-1), coarse(0)));
        // Names and roles.
        out.add(mix(entity(0), right));
        out.add(mix(entity(-1) * 16 + entity(1), p));
        out.add(role(0));
        out.add(role(-1) * 64 + role(0));
        out.add(role(0) * 64 + role(1));
        out.add(mix(role(0), here.lower));
        out.add(mix(role(0), strength(0)));
        out.add(mix(role(-1) * 64 + role(1), strength(0)));
        out.add(mix(role(0) * 64 + role(1), right));
        take(token, out.buckets());
    }
}
