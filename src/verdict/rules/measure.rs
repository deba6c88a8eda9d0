//! # another-measure
//! Sees numbers that are near enough for a rounding, or that a bound allows, or that measure another thing.
//! Example: `some 40 men` / `42 men`; `at least ten` / `fourteen`.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (i, j, _) = super::numbers::same_thing(pair)?;
    let (p, q) = (&pair.a.quantities[i], &pair.b.quantities[j]);
    let equal = (p.value - q.value).abs() <= p.value.abs() * 1e-6;
    if equal || !p.compatible(q) {
        return None;
    }
    let says = format!(
        "{} and {} can both hold: one is rounded or a bound.",
        quote(p.span, pair.text_a),
        quote(q.span, pair.text_b)
    );
    Some(Evidence {
        rule: "another-measure",
        toward: Toward::Veto,
        weight: 0.5,
        a: vec![p.span],
        b: vec![q.span],
        says,
    })
}
