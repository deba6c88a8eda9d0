//! # other-subject
//! Sees that each statement names someone or something that the other does not, or that they share next to nothing.
//! Example: `Anna won the race` / `Boris lost the race`.

use super::{Evidence, Toward, quote};
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let (a, b) = pair.lone_names();
    if let (Some(&i), Some(&j)) = (a.first(), b.first()) {
        let (x, y) = (pair.a.words[i].span, pair.b.words[j].span);
        let says = format!("They name different things: {} and {}.", quote(x, pair.text_a), quote(y, pair.text_b));
        return Some(Evidence {
            rule: "other-subject",
            toward: Toward::Veto,
            weight: 0.5,
            a: vec![x],
            b: vec![y],
            says,
        });
    }
    if pair.contained() < 0.2 {
        let says = "They have hardly a telling word in common.".to_string();
        return Some(Evidence {
            rule: "other-subject",
            toward: Toward::Veto,
            weight: 0.8 - pair.contained(),
            a: vec![],
            b: vec![],
            says,
        });
    }
    None
}
