//! # same-wording
//! Sees the words of the shorter statement in the longer one, with the same polarity and the same numbers.
//! Example: `The tax will go` / `The minister said the tax would go in the spring`.
//! Vetoed by turned polarity, opposites, numbers or times that differ, opposed quantifiers and parties that change places.

use super::{Evidence, Toward};
use crate::verdict::pair::{Pair, Tie};

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    if pair.links.len() < 2
        || pair.contained() < 0.6
        || pair.turned >= 0.5
        || pair.links.iter().any(|l| l.tie == Tie::Opposite)
    {
        return None;
    }
    if [super::numbers::look, super::dates::look, super::quantifiers::look, super::roles::look]
        .iter()
        .any(|rule| rule(pair).is_some())
    {
        return None;
    }
    let (a, b) = pair.subject(8);
    let same = pair.links.iter().filter(|l| l.tie == Tie::Same).count();
    let says = format!(
        "{same} telling words are the same in both, {:.0} in a hundred of the shorter statement.",
        100.0 * pair.contained()
    );
    Some(Evidence {
        rule: "same-wording",
        toward: Toward::Repeat,
        weight: pair.contained() * (0.5 + 0.5 * pair.alike()) * (1.0 - pair.turned),
        a,
        b,
        says,
    })
}
