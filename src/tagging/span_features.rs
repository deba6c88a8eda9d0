//! Features of the second stage, which marks the source and the content of one given cue.

use std::ops::Range;

use super::cue_features::Context;
use super::hashing::{Features, mix};
use super::words::Word;

/// Keeps this stage's features apart from others'.
pub const SEED: u64 = 7_031;

/// How many tokens to either side a feature looks.
const REACH: usize = 2;

/// More than there are places that a token can have in view of the cue: before it, in it or behind it, and how many sentences off.
const PLACES: u64 = 32;

/// What lies between a token and the cue.
#[derive(Clone, Copy, Default)]
struct Between {
    commas: u64,
    marks: u64,
    cues: u64,
    verbs: u64,
}

/// Whether a token lies in another cue, and whether that begins there.
const WITHIN: u8 = 1;
const STARTS: u8 = 2;

/// Marks the tokens of a block that belong to other cues than `cue`.
fn others(block: &Range<usize>, cue: &Range<usize>, cues: &[Range<usize>]) -> Vec<u8> {
    let mut marked = vec![0; block.len()];
    for other in cues.iter().filter(|other| *other != cue) {
        for at in other.clone().filter(|at| block.contains(at)) {
            marked[at - block.start] |= if at == other.start { WITHIN | STARTS } else { WITHIN };
        }
    }
    marked
}

/// Counts, for every token of the block, what lies between it and the cue.
fn betweens(context: &Context<'_>, block: &Range<usize>, cue: &Range<usize>, others: &[u8]) -> Vec<Between> {
    let mut found = vec![Between::default(); block.len()];
    let mut visit = |at: usize, so_far: &mut Between| {
        found[at - block.start] = *so_far;
        so_far.commas += u64::from(context.words[at].comma);
        so_far.marks += u64::from(matches!(context.words[at].quote, 2 | 3));
        so_far.cues += u64::from(others[at - block.start] & STARTS != 0);
        so_far.verbs += u64::from(context.labels.is_verb(at));
    };
    let mut right = Between::default();
    for at in cue.end..block.end {
        visit(at, &mut right);
    }
    let mut left = Between::default();
    for at in (block.start..cue.start).rev() {
        visit(at, &mut left);
    }
    found
}

/// Collects the features of every token of a block as seen from `cue`, one of `cues`, and hands each token's buckets to `take`.
pub fn collect(
    context: &Context<'_>,
    block: Range<usize>,
    cue: &Range<usize>,
    cues: &[Range<usize>],
    bits: u32,
    mut take: impl FnMut(usize, &[u32]),
) {
    let words = context.words;
    let within = |at: usize| block.contains(&at).then_some(at);
    let after_cue = within(cue.end);
    let before_cue = cue.start.checked_sub(1).and_then(within);
    let before_that = cue.start.checked_sub(2).and_then(within);
    // The cue's head: its last verb, else its first word.
    let head = cue.clone().rev().find(|&at| context.labels.is_verb(at)).unwrap_or(cue.start);
    let head_word = words[head].lower;
    let head_part = context.label(0, Some(head));
    let next_word = after_cue.map_or(7, |at| words[at].lower);
    let previous_word = before_cue.map_or(7, |at| words[at].lower);
    let quote_of = |at: Option<usize>| at.map_or(7, |at| words[at].quote);
    let marks = mix(quote_of(after_cue) * 64 + quote_of(before_cue) * 8 + quote_of(before_that), words[head].quote);
    let head_role = context.label(2, Some(head));
    let others = others(&block, cue, cues);
    let between = betweens(context, &block, cue, &others);
    let in_other = |at: usize| u64::from(others[at - block.start] & WITHIN != 0);
    let mut out = Features::new(bits, SEED);
    for token in block.clone() {
        out.clear();
        let here = &words[token];
        let around: [Option<(usize, &Word)>; 2 * REACH + 1] = std::array::from_fn(|n| {
            (token + n).checked_sub(REACH).filter(|at| block.contains(at)).map(|at| (at, &words[at]))
        });
        let near = |offset: isize| around[(offset + REACH as isize) as usize];
        let lower = |offset: isize| near(offset).map_or(7, |(at, w)| if cue.contains(&at) { 8 } else { w.lower });
        let part = |offset: isize| {
            near(offset).map_or(99, |(at, _)| if cue.contains(&at) { 98 } else { context.label(0, Some(at)) })
        };
        let label = |layer: usize, offset: isize| context.label(layer, near(offset).map(|(at, _)| at));
        let entity = |offset: isize| label(1, offset);
        let role = |offset: isize| label(2, offset);
        let quote = |offset: isize| near(offset).map_or(7, |(_, w)| w.quote);
        let (side, distance) = if token < cue.start {
            (1u64, cue.start - token)
        } else if token >= cue.end {
            (2, token - cue.end + 1)
        } else {
            (0, 0)
        };
        let step = match distance {
            0..=5 => distance as u64,
            6..=9 => 6,
            10..=19 => 7,
            _ => 8,
        };
        let sentences = (i64::from(here.sentence) - i64::from(words[head].sentence)).clamp(-2, 2);
        let place = side * 8 + (sentences + 2) as u64;
        let b = between[token - block.start];
        let (commas, crossed, others, verbs) = (b.commas.min(4), b.marks.min(4), b.cues.min(3), b.verbs.min(4));
        out.at_place(place);
        // Where the token stands.
        out.add(mix(1 + step, part(0)));
        // What it is.
        out.add(here.lower);
        out.add(part(0));
        out.add(mix(part(0), part(1)));
        out.add(mix(part(-1), part(0)));
        out.add(mix(mix(part(-1), part(0)), part(1)));
        out.add(lower(-1));
        out.add(lower(1));
        out.add(mix(lower(2), lower(1)));
        out.add(mix(lower(-2), lower(-1)));
        out.add(mix(lower(-1), part(0)));
        out.add(mix(lower(1), part(0)));
        out.add(mix(here.shape, part(-1)));
        out.add(here.clusters[0]);
        out.add(here.clusters[2]);
        // What the cue is.
        out.add(mix(head_part, step));
        out.add(mix(marks, step));
        out.add(mix(marks, crossed * 8 + quote(0)));
        out.add(mix(marks, commas));
        // What lies between.
        out.add(mix(part(0), commas));
        out.add(others);
        out.add(mix(lower(1), commas));
        out.add(mix(lower(0), commas * 8 + crossed));
        out.add(mix(in_other(token), near(-1).map_or(0, |(at, _)| in_other(at))));
        // Sentence edges.
        let starts = u64::from(near(-1).is_none_or(|(_, w)| w.sentence != here.sentence));
        let ends = u64::from(near(1).is_none_or(|(_, w)| w.sentence != here.sentence));
        let edges = starts * 2 + ends;
        out.add(mix(edges, quote(0) * 8 + quote(-1)));
        out.add(mix(edges, marks));
        // Names and roles.
        out.add(entity(0) * 16 + entity(-1));
        out.add(mix(entity(0) * 16 + entity(1), step));
        out.add(mix(entity(0), part(0)));
        out.add(role(0));
        out.add(mix(role(0), step));
        out.add(mix(role(0) * 64 + role(-1), part(0)));
        out.add(mix(role(0) * 64 + role(1), verbs));
        out.add(mix(role(0), head_role * 8 + commas));
        out.add(mix(role(0), head_word));
        out.add(mix(role(0), here.lower));
        // The words beside the cue, whatever the sentence.
        out.at_place(PLACES + side);
        out.add(mix(next_word, step));
        out.add(mix(previous_word, step));
        out.add(mix(next_word, quote(0)));
        take(token, out.buckets());
    }
}
