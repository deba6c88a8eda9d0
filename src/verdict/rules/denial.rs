//! # denial
//! Sees one statement deny that something was ever said, given or done which the other says, gives or does.
//! Example: `The school will open by May` / `No date for the school was ever given`.
//! Vetoed where neither statement holds a sweeping negative.

use super::{Evidence, Toward, quote};
use crate::claim::assertion::Assertion;
use crate::verdict::pair::Pair;

const ACTS: [&str; 14] = [
    "say", "give", "promis", "name", "set", "claim", "suggest", "propos", "talk", "speak", "tell", "ask", "agre", "put",
];

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let sweeping = |x: &Assertion| {
        let ever = x.words.iter().any(|w| {
            !w.frame && matches!(w.lemma.as_str(), "never" | "ever" | "nobody" | "nothing" | "anybody" | "anyone")
        });
        (ever && !x.negators.is_empty())
            .then(|| x.words.iter().find(|w| !w.frame && w.negated && ACTS.contains(&w.lemma.as_str())).map(|w| w.span))
            .flatten()
    };
    let (in_a, in_b) = (sweeping(pair.a), sweeping(pair.b));
    if in_a.is_some() == in_b.is_some() || pair.links.is_empty() {
        return None;
    }
    let (a, b) = pair.subject(3);
    let act = in_a
        .map_or_else(|| quote(in_b.unwrap_or(crate::span::Span::new(0, 0)), pair.text_b), |s| quote(s, pair.text_a));
    let which = if in_a.is_some() { "first" } else { "second" };
    let says =
        format!("The {which} statement denies that this was ever so ({act}); the other does it, of {}.", pair.topic());
    Some(Evidence { rule: "denial", toward: Toward::Contradict, weight: 0.5 * pair.contained() + 0.2, a, b, says })
}
