//! # dates-differ
//! Sees one event put at times that exclude each other, or a deadline before the earliest day given elsewhere.
//! Example: `It will open by May 2019` / `It was never going to open before 2022`.
//! Vetoed where the statements share too little to speak of one event, or where they say opposite things of their years.

use std::cmp::Ordering;

use super::{Evidence, Toward, quote};
use crate::claim::time::Edge;
use crate::verdict::pair::{Pair, Tie};

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    if pair.links.is_empty() || pair.contained() < 0.3 || pair.links.iter().any(|l| l.tie == Tie::Opposite) {
        return None;
    }
    for x in &pair.a.times {
        for y in &pair.b.times {
            if !x.differs(y) || pair.b.times.iter().any(|z| !x.differs(z)) || pair.a.times.iter().any(|z| !y.differs(z))
            {
                continue;
            }
            // `by 2019` beside `in 2018` agrees; `by 2019` beside `in 2021` does not.
            let agrees = match (x.edge, y.edge, x.order(y)) {
                (Edge::Before, Edge::Before, _) | (Edge::After, Edge::After, _) => true,
                (Edge::Before, Edge::At, Some(o)) => o == Ordering::Greater,
                (Edge::At, Edge::Before, Some(o)) => o == Ordering::Less,
                (Edge::After, Edge::At, Some(o)) => o == Ordering::Less,
                (Edge::At, Edge::After, Some(o)) => o == Ordering::Greater,
                _ => false,
            };
            if agrees && pair.turned < 0.5 {
                continue;
            }
            let weight = pair.contained() * (0.4 + 0.6 * pair.alike());
            let says = format!(
                "The times exclude each other: {} against {}, both of {}.",
                quote(x.span, pair.text_a),
                quote(y.span, pair.text_b),
                pair.topic()
            );
            return Some(Evidence {
                rule: "dates-differ",
                toward: Toward::Contradict,
                weight,
                a: vec![x.span],
                b: vec![y.span],
                says,
            });
        }
    }
    None
}
