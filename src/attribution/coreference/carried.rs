//! Whom an attribution without a source goes on from: the one before it, or the one after.

use super::order::Place;
use super::scene::Scene;
use crate::attribution::Attribution;

/// How many attributions to either side are looked at.
const WITHIN: usize = 200;

/// Resolves an attribution that names no source, from those around it.
pub(super) fn carried(
    scene: &Scene<'_, '_>,
    attributions: &[Attribution],
    order: &[Place],
    n: usize,
    found: &[Option<(usize, f32)>],
) -> Option<(usize, f32)> {
    let words = scene.words;
    let place = &order[n];
    let attribution = &attributions[place.index];
    let cue = attribution.cue.first().map(|s| words.under(*s));
    if let Some(cue) = &cue {
        // `It was said that`, `they have been told that`: nobody says it.
        let before = words.low(cue.start.wrapping_sub(1));
        let be = matches!(before, "be" | "been" | "was" | "were" | "is" | "are" | "being");
        let inside = cue.clone().any(|k| matches!(words.low(k), "been" | "was" | "were" | "is" | "are" | "be"));
        let last = words.low(cue.end.saturating_sub(1));
        let participle =
            last.ends_with("ed") || matches!(last, "said" | "told" | "known" | "thought" | "understood" | "held");
        if (be || inside) && participle {
            return None;
        }
    }
    let sentence = words.sentence(place.token);
    let block = words.block(place.token);
    let adding = cue.as_ref().is_some_and(|c| c.clone().any(|k| words.low(k).ends_with("ing")));
    let at_depth = |p: &Place| p.depth == place.depth && p.parent == place.parent;
    let before = order[..n].iter().rev().take(WITHIN).filter(|p| at_depth(p)).take(6);
    let after = order[n + 1..].iter().take(WITHIN).filter(|p| at_depth(p)).take(3);
    for p in before.clone() {
        if let Some((e, sure)) = found[p.index]
            && words.sentence(p.token) == sentence
        {
            return Some((e, sure * 0.95));
        }
    }
    for p in before.clone() {
        if let Some((e, sure)) = found[p.index]
            && words.block(p.token) == block
        {
            return Some((e, sure * if adding || cue.is_none() { 0.9 } else { 0.75 }));
        }
    }
    if cue.is_none() || adding {
        for p in after {
            if let Some((e, sure)) = found[p.index]
                && words.block(p.token) == block
            {
                return Some((e, sure * 0.85));
            }
        }
    }
    if cue.is_none() {
        for p in before {
            if let Some((e, sure)) = found[p.index]
                && block - words.block(p.token) <= 2
            {
                return Some((e, sure * 0.75));
            }
        }
    }
    None
}
