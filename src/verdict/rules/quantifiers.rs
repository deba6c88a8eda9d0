//! # opposed-quantifiers
//! Sees shares of one whole that exclude each other: `all`, `most`, `few`, `none`.
//! Example: `Every school has a nurse` / `Few schools have a nurse`.
//! Vetoed where the words after the quantifiers differ.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    for (span_a, share_a, next_a) in &pair.a.quantifiers {
        for (span_b, share_b, next_b) in &pair.b.quantifiers {
            let apart = share_a.1 + 0.005 < share_b.0 || share_b.1 + 0.005 < share_a.0;
            if !apart || pair.contained() < 0.4 {
                continue;
            }
            // `never failed` beside `always`: a quantifier that negates opposes only where the polarity does.
            if (share_a.1 == 0.0 || share_b.1 == 0.0) && pair.turned < 0.5 {
                continue;
            }
            let near = |words: &[crate::claim::words::Word], at: usize| {
                words.iter().skip(at).take(4).filter(|w| w.tells()).map(|w| w.key).collect::<Vec<_>>()
            };
            let (x, y) = (near(&pair.a.words, *next_a), near(&pair.b.words, *next_b));
            let agree = if x.iter().any(|k| y.contains(k)) { 1.0 } else { 0.4 };
            let weight = agree * pair.contained() * (0.6 + 0.4 * pair.alike());
            let says = format!(
                "{} and {} cannot both be so of {}.",
                quote(*span_a, pair.text_a),
                quote(*span_b, pair.text_b),
                pair.topic()
            );
            return Some(Evidence {
                rule: "opposed-quantifiers",
                toward: Toward::Contradict,
                weight,
                a: vec![*span_a],
                b: vec![*span_b],
                says,
            });
        }
    }
    None
}
