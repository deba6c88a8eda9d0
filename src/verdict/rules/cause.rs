//! # cause-excluded
//! Sees a cause named in one statement and excluded in the other.
//! Example: `We lost because of the referee` / `The referee had nothing to do with it`.
//! Vetoed where the cause that is excluded is not in the other statement.

use super::{Evidence, Toward};
use crate::claim::assertion::Assertion;
use crate::verdict::pair::Pair;

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let has = |x: &Assertion, phrase: &[&str]| {
        x.words.windows(phrase.len()).any(|w| w.iter().zip(phrase).all(|(w, p)| w.lemma == *p))
    };
    let excludes = |x: &Assertion| {
        has(x, &["nothing", "to", "do", "with"])
            || has(x, &["not", "because"])
            || has(x, &["no", "part", "in"])
            || has(x, &["not", "why"])
            || has(x, &["not", "the", "reason"])
    };
    let names = |x: &Assertion| {
        ["because", "without", "caus", "reason", "blam", "due", "why", "thank", "owe"]
            .iter()
            .any(|c| x.words.iter().any(|w| w.lemma == *c))
    };
    let turned = excludes(pair.a) && names(pair.b) && !excludes(pair.b)
        || excludes(pair.b) && names(pair.a) && !excludes(pair.a);
    if !turned || pair.contained() < 0.25 {
        return None;
    }
    let (a, b) = pair.subject(3);
    let says = format!("One statement names a cause that the other excludes, of {}.", pair.topic());
    Some(Evidence {
        rule: "cause-excluded",
        toward: Toward::Contradict,
        weight: 0.4 + 0.5 * pair.contained(),
        a,
        b,
        says,
    })
}
