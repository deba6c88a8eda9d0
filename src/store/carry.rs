//! Which claims of a new reading or a new version are claims that were on record before: they keep their numbers, so that what
//! people said of them still holds.

use crate::claim::revision::letters;
use crate::pipeline::Extraction;
use crate::span::Span;

use super::codec::ClaimRow;
use super::read::Document;

/// Least share of the joint stretch at which two readings of one text mean the same claim.
const SAME_STRETCH: f64 = 0.5;

/// Returns the number that each attribution had before, where it was on record.
pub fn numbers(prior: &Document, extraction: &Extraction) -> Vec<Option<u64>> {
    let article = &extraction.article;
    let mut free: Vec<&ClaimRow> = prior.reading.claims.iter().collect();
    let words = |spans: &[Span], text: &str| spans.iter().map(|s| letters(s.of(text))).collect::<Vec<_>>();
    let held = |claim: &ClaimRow| {
        let pieces = claim.content.iter().filter_map(|&(s, e)| prior.text.get(s as usize..e as usize));
        pieces.map(letters).collect::<Vec<_>>()
    };
    let same_text = prior.text == article.text;
    let mut numbers = vec![None; extraction.attributions.len()];
    // What stands as it stood goes first, so that nothing takes its place that only lies near it.
    for (number, attribution) in numbers.iter_mut().zip(&extraction.attributions) {
        let wanted = words(&attribution.content, &article.text);
        let exact = free.iter().position(|claim| {
            if same_text { overlap(claim, &attribution.content) >= 1.0 } else { held(claim) == wanted }
        });
        *number = exact.map(|at| free.remove(at).id);
    }
    if same_text {
        for (number, attribution) in numbers.iter_mut().zip(&extraction.attributions).filter(|(n, _)| n.is_none()) {
            let best = free
                .iter()
                .enumerate()
                .map(|(at, claim)| (at, overlap(claim, &attribution.content)))
                .filter(|(_, share)| *share >= SAME_STRETCH)
                .max_by(|x, y| x.1.total_cmp(&y.1).then(y.0.cmp(&x.0)));
            *number = best.map(|(at, _)| free.remove(at).id);
        }
    }
    numbers
}

/// Returns the shared share of two contents in one text.
fn overlap(claim: &ClaimRow, content: &[Span]) -> f64 {
    let shared: u64 = claim
        .content
        .iter()
        .flat_map(|&(s, e)| content.iter().map(move |c| u64::from(e.min(c.end).saturating_sub(s.max(c.start)))))
        .sum();
    let length = claim.content.iter().map(|&(s, e)| u64::from(e.saturating_sub(s))).sum::<u64>()
        + content.iter().map(|c| u64::from(c.end.saturating_sub(c.start))).sum::<u64>();
    match length - shared.min(length) {
        0 => 0.0,
        joint => shared as f64 / joint as f64,
    }
}
