//! # opposite-polarity
//! Sees the same words asserted in one statement and negated in the other.
//! Example: `We will sell the bank` / `The bank will not be sold`.
//! Vetoed where too little is shared, or where both negate something.

use super::{Evidence, Toward};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    if pair.links.is_empty() || pair.turned < 0.5 || pair.contained() < 0.4 {
        return None;
    }
    let weight = (pair.turned * pair.contained() * (0.6 + 0.4 * pair.alike())).min(1.0);
    let (a, b) = pair.subject(4);
    let (first, negators, text) = if pair.a.negators.len() >= pair.b.negators.len() {
        ("first", &pair.a.negators, pair.text_a)
    } else {
        ("second", &pair.b.negators, pair.text_b)
    };
    let word = negators.first().map_or_else(|| "the reporting verb".to_string(), |s| super::quote(*s, text));
    let says =
        format!("Both speak of {}; the {first} statement negates it ({word}), the other does not.", pair.topic());
    let (mut sa, mut sb) = (a, b);
    sa.extend(pair.a.negators.first());
    sb.extend(pair.b.negators.first());
    sa.sort();
    sb.sort();
    Some(Evidence { rule: "opposite-polarity", toward: Toward::Contradict, weight, a: sa, b: sb, says })
}
