//! # numbers-differ
//! Sees two quantities of one kind that count the same thing and cannot both hold.
//! Example: `It cost 4 million` / `It cost 7 million`.
//! Vetoed by rounding, bounds that allow both, and where what is counted differs.

use super::{Evidence, Toward, quote};
use crate::claim::quantity::Quantity;
use crate::verdict::pair::Pair;

/// Finds the pair of quantities that stands best for one thing: indices and how well what is counted agrees, 0 to 1.
pub(super) fn same_thing(pair: &Pair) -> Option<(usize, usize, f32)> {
    let mut best: Option<(usize, usize, f32)> = None;
    for (i, p) in pair.a.quantities.iter().enumerate() {
        for (j, q) in pair.b.quantities.iter().enumerate() {
            if p.kind != q.kind || p.ordinal != q.ordinal {
                continue;
            }
            let counted = p.counted.iter().filter(|k| q.counted.contains(k)).count();
            let nothing = p.counted.is_empty() || q.counted.is_empty();
            let agree = if counted > 0 {
                1.0
            } else if p.kind != "count" {
                0.6
            } else if nothing {
                0.5
            } else {
                0.15
            };
            if best.is_none_or(|b| agree > b.2) {
                best = Some((i, j, agree));
            }
        }
    }
    best
}

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (i, j, agree) = same_thing(pair)?;
    let (p, q): (&Quantity, &Quantity) = (&pair.a.quantities[i], &pair.b.quantities[j]);
    // A second quantity that agrees makes the first a part of another sum.
    let held = |x: &Quantity, list: &[Quantity]| {
        list.iter().any(|y| y.kind == x.kind && (y.value - x.value).abs() <= x.value.abs() * 1e-6)
    };
    if p.compatible(q) || held(p, &pair.b.quantities) || held(q, &pair.a.quantities) || pair.links.is_empty() {
        return None;
    }
    let weight = agree * (0.3 + 0.7 * pair.contained()) * (0.5 + 0.5 * pair.alike());
    let says = format!(
        "The numbers cannot both hold: {} against {}, both of {}.",
        quote(p.span, pair.text_a),
        quote(q.span, pair.text_b),
        pair.topic()
    );
    Some(Evidence {
        rule: "numbers-differ",
        toward: Toward::Contradict,
        weight,
        a: vec![p.span],
        b: vec![q.span],
        says,
    })
}
