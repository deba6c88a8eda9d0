//! # condition
//! Sees a condition or an exception in one statement that the other does not have.
//! Example: `We will strike if no offer comes` / `We will not strike`.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (a, b) = (&pair.a.conditions, &pair.b.conditions);
    if a.is_empty() == b.is_empty() {
        return None;
    }
    let (which, shown) = if a.is_empty() {
        ("second", b.first().map(|c| quote(c.0, pair.text_b))?)
    } else {
        ("first", a.first().map(|c| quote(c.0, pair.text_a))?)
    };
    let says = format!("The {which} statement makes a condition ({shown}) that the other does not.");
    Some(Evidence {
        rule: "condition",
        toward: Toward::Veto,
        weight: 0.5,
        a: a.iter().map(|c| c.0).collect(),
        b: b.iter().map(|c| c.0).collect(),
        says,
    })
}
