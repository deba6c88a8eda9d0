//! # other-time
//! Sees each statement tied to a period of its own, so that both can be true in turn.
//! Example: `Profits rose in 2017` / `Profits fell in 2019`.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let x = pair.a.times.first()?;
    let y = pair.b.times.first()?;
    if pair.a.times.iter().any(|s| pair.b.times.iter().any(|t| !s.differs(t))) {
        return None;
    }
    let says =
        format!("They speak of different times: {} and {}.", quote(x.span, pair.text_a), quote(y.span, pair.text_b));
    Some(Evidence { rule: "other-time", toward: Toward::Veto, weight: 0.35, a: vec![x.span], b: vec![y.span], says })
}
