//! # question
//! Sees that one statement asks and so asserts nothing.
//! Example: `Is the bridge safe?` / `The bridge is not safe`.

use super::{Evidence, Toward};
use crate::claim::vocabulary::Effect;
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let asks = |x: &crate::claim::assertion::Assertion| x.question.is_some() || x.effect == Effect::Ask;
    let (a, b) = (asks(pair.a), asks(pair.b));
    if !a && !b {
        return None;
    }
    let which = if a { "first" } else { "second" };
    Some(Evidence {
        rule: "question",
        toward: Toward::Veto,
        weight: 0.9,
        a: pair.a.question.into_iter().collect(),
        b: pair.b.question.into_iter().collect(),
        says: format!("The {which} statement is a question and asserts nothing."),
    })
}
