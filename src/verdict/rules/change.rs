//! # change-stated
//! Sees the speaker own a change of view in so many words.
//! Example: `I was wrong about the toll.`

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (a, b) = (pair.a.acknowledges, pair.b.acknowledges);
    let (span, text, which) = match (a, b) {
        (_, Some((s, _))) => (s, pair.text_b, "second"),
        (Some((s, _)), None) => (s, pair.text_a, "first"),
        _ => return None,
    };
    let says = format!("The {which} statement owns a change of view: {}.", quote(span, text));
    Some(Evidence {
        rule: "change-stated",
        toward: Toward::Veto,
        weight: 0.2,
        a: a.map(|x| x.0).into_iter().collect(),
        b: b.map(|x| x.0).into_iter().collect(),
        says,
    })
}
