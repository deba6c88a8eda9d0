//! Candidate pairs: which of a speaker's claims are worth judging against each other.
//!
//! A claim is a bag of telling stems and of character 4-grams of its rarer words. Each claim asks an inverted index for the
//! claims that share the rarest of these, so the cost grows with the sharing and not with the square of the claims. The claims
//! are expected in order of time: those next to each other fill the room that is left.

pub mod likeness;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::claim::Claim;
use crate::claim::assertion::Assertion;
use crate::claim::words::key_of;

/// Below this many claims of a speaker, every pair is a candidate.
pub const ALL_PAIRS: usize = 40;

/// Longest posting list that is walked: what more claims share tells nothing.
const LONGEST: usize = 400;

/// How many claims before and after a claim are looked at where it has fewer candidates than it may have.
const BESIDE: usize = 40;

/// Two claims worth judging, as indices into the claims given; `first` is the smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Index of one claim.
    pub first: usize,
    /// Index of the other.
    pub second: usize,
    /// How much they share, 0 to 1.
    pub likeness: f32,
}

/// The features of one claim: hash to weight.
pub fn features(assertion: &Assertion, context: &str) -> BTreeMap<u32, f32> {
    let mut bag: BTreeMap<u32, f32> = BTreeMap::new();
    for &i in &assertion.telling {
        let word = &assertion.words[i];
        *bag.entry(word.key).or_default() += word.weight;
        if word.weight > 0.5 && word.lemma.len() > 4 {
            let letters: Vec<char> = word.lemma.chars().collect();
            for gram in letters.windows(4) {
                let gram: String = gram.iter().collect();
                *bag.entry(key_of(&gram) ^ 0x5bd1_e995).or_default() += 0.15 * word.weight;
            }
        }
    }
    // What it is about may stand before it only.
    for word in crate::claim::words::split(context).iter().filter(|w| w.tells() && w.weight > 0.4).take(30) {
        let slot = bag.entry(word.key).or_default();
        *slot = slot.max(0.25 * word.weight);
    }
    bag
}

/// Finds the candidate pairs among one speaker's claims: of two articles, at most `most` a claim, best first for each.
///
/// `assertions` stand beside `claims`. The result is in order of `first`, then `second`.
pub fn candidates(claims: &[Claim], assertions: &[Assertion], most: usize) -> Vec<Candidate> {
    rank(claims, assertions, most, claims.len() <= ALL_PAIRS)
}

/// Finds the candidate pairs as for a speaker of many claims, whatever their number: what the ranking alone finds.
pub fn ranked(claims: &[Claim], assertions: &[Assertion], most: usize) -> Vec<Candidate> {
    rank(claims, assertions, most, false)
}

/// Finds candidates; of `few` claims every pair is one.
fn rank(claims: &[Claim], assertions: &[Assertion], most: usize, few: bool) -> Vec<Candidate> {
    let mut bags: Vec<BTreeMap<u32, f32>> = claims
        .par_iter()
        .zip(assertions)
        .map(|(c, a)| features(a, &format!("{} {}", c.title.as_deref().unwrap_or(""), c.context.before)))
        .collect();
    let mut with: FxHashMap<u32, usize> = FxHashMap::default();
    for key in bags.iter().flat_map(BTreeMap::keys) {
        *with.entry(*key).or_default() += 1;
    }
    let total = claims.len().max(2) as f32;
    let rarity: FxHashMap<u32, f32> =
        with.into_iter().map(|(key, claims)| (key, (1.0 + total / claims as f32).ln())).collect();
    let mut index: FxHashMap<u32, Vec<(u32, f32)>> = FxHashMap::default();
    for (n, bag) in bags.iter_mut().enumerate() {
        for (key, w) in bag {
            *w *= rarity[key];
            index.entry(*key).or_default().push((n as u32, *w));
        }
    }
    let norm = |bag: &BTreeMap<u32, f32>| bag.values().map(|w| w.powi(2)).sum::<f32>().sqrt().max(1e-6);
    let norms: Vec<f32> = bags.iter().map(norm).collect();
    let near = |scores: &mut Vec<f32>, n: usize| {
        let mut touched: Vec<usize> = Vec::new();
        for (key, own) in &bags[n] {
            let Some(list) = index.get(key).filter(|l| few || l.len() <= LONGEST) else { continue };
            for &(m, w) in list {
                let m = m as usize;
                if m == n || claims[m].article == claims[n].article {
                    continue;
                }
                if scores[m] == 0.0 {
                    touched.push(m);
                }
                scores[m] += own * w;
            }
        }
        let mut found: Vec<(usize, f32)> = touched.iter().map(|&m| (m, scores[m] / (norms[n] * norms[m]))).collect();
        for m in touched {
            scores[m] = 0.0;
        }
        found.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        if !few {
            found.truncate(most);
            found.retain(|f| f.1 > 0.03);
            // A contradiction may share no word: what room is left goes to what was said next before and after.
            let taken: BTreeSet<usize> = found.iter().map(|f| f.0).collect();
            let beside = (1..=BESIDE).flat_map(|d| [n.checked_sub(d), Some(n + d).filter(|m| *m < claims.len())]);
            let beside = beside.flatten().filter(|m| claims[*m].article != claims[n].article && !taken.contains(m));
            found.extend(beside.take(most - found.len()).map(|m| (m, 0.0)).collect::<Vec<_>>());
        }
        found
    };
    let nearest: Vec<Vec<(usize, f32)>> =
        (0..claims.len()).into_par_iter().map_init(|| vec![0f32; claims.len()], near).collect();
    let mut kept: BTreeMap<(usize, usize), f32> = BTreeMap::new();
    for (n, found) in nearest.into_iter().enumerate() {
        for (m, likeness) in found {
            let best = kept.entry((n.min(m), n.max(m))).or_default();
            *best = best.max(likeness.min(1.0));
        }
        if few {
            for m in n + 1..claims.len() {
                if claims[m].article != claims[n].article {
                    kept.entry((n, m)).or_insert(0.0);
                }
            }
        }
    }
    kept.into_iter().map(|((first, second), likeness)| Candidate { first, second, likeness }).collect()
}
