//! # antonyms
//! Sees opposites said of one subject with the same polarity.
//! Example: `The harbour will open in May` / `The harbour will close in May`.
//! Vetoed where nothing else is shared, or where one of the two is negated.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::{Pair, Tie};

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let shared: f32 = pair.links.iter().filter(|l| l.tie != Tie::Opposite).map(|l| l.worth).sum();
    let link =
        pair.links.iter().find(|l| l.tie == Tie::Opposite && pair.a.words[l.a].negated == pair.b.words[l.b].negated)?;
    if shared < 0.5 {
        return None;
    }
    let (a, b) = (pair.a.words[link.a].span, pair.b.words[link.b].span);
    let weight = pair.contained() * (0.5 + 0.5 * pair.alike());
    let says =
        format!("{} and {} are opposites, said of {}.", quote(a, pair.text_a), quote(b, pair.text_b), pair.topic());
    Some(Evidence { rule: "antonyms", toward: Toward::Contradict, weight, a: vec![a], b: vec![b], says })
}
