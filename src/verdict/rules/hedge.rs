//! # hedge
//! Sees a guess, a hope or a possibility in one statement beside an assertion in the other.
//! Example: `It may rain` / `It will not rain`.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (a, b) = (pair.a.hedged(), pair.b.hedged());
    if (a - b).abs() < 0.25 {
        return None;
    }
    let (which, x, text) = if a > b { ("first", pair.a, pair.text_a) } else { ("second", pair.b, pair.text_b) };
    let word = x.hedges.first().map_or_else(|| "the reporting verb".to_string(), |h| quote(h.0, text));
    Some(Evidence {
        rule: "hedge",
        toward: Toward::Veto,
        weight: (a - b).abs() * 0.8,
        a: pair.a.hedges.iter().map(|h| h.0).collect(),
        b: pair.b.hedges.iter().map(|h| h.0).collect(),
        says: format!("The {which} statement is hedged ({word}), the other is not."),
    })
}
