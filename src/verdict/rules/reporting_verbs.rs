//! # reporting-verbs
//! Sees that two statements are the object of two verbs, and that the verb says what the speaker said of it.
//! Example: `praised` `the contract` / `denounced` `the contract`.
//! Vetoed where the objects are not the same. Whether the verbs exclude each other is for the encoder to say.

use super::{Evidence, Toward};
use crate::span::Span;
use crate::verdict::pair::Pair;

/// Share of the shorter object's words that the other has.
const SAME_OBJECT: f32 = 0.6;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (x, y) = (pair.a.object_of.as_ref()?, pair.b.object_of.as_ref()?);
    if x.is_same_verb(y) || pair.contained() < SAME_OBJECT {
        return None;
    }
    let whole = |text: &str| vec![Span::new(0, text.len())];
    Some(Evidence {
        rule: "reporting-verbs",
        toward: Toward::Contradict,
        weight: 0.5,
        a: whole(pair.text_a),
        b: whole(pair.text_b),
        says: format!("The one is reported with “{}”, the other with “{}”, of {}.", x.cue, y.cue, pair.topic()),
    })
}
