//! # roles-swapped
//! Sees the same two parties on either side of the same act, the other way round.
//! Example: `The ferry hit the yacht` / `The yacht hit the ferry`.
//! Vetoed by a passive (`was hit by`) in one of the two.

use super::{Evidence, Toward};
use crate::claim::words::Word;
use crate::verdict::pair::{Pair, Tie};

pub(super) fn look(pair: &Pair) -> Option<Evidence> {
    let links: Vec<_> = pair.links.iter().filter(|l| matches!(l.tie, Tie::Same | Tie::Synonym)).collect();
    let passive = |words: &[Word]| words.windows(2).any(|w| w[1].lemma == "by" && w[0].tells());
    if links.len() < 3 || passive(&pair.a.words) != passive(&pair.b.words) || pair.contained() < 0.6 {
        return None;
    }
    for x in &links {
        for y in &links {
            let between = |l: &&&crate::verdict::pair::Link| x.a < l.a && l.a < y.a && y.b < l.b && l.b < x.b;
            if let Some(act) = links.iter().find(between) {
                let spans = |f: fn(&crate::verdict::pair::Link) -> usize, words: &[Word]| {
                    let mut s: Vec<_> = [*x, *act, *y].iter().filter_map(|l| words.get(f(l)).map(|w| w.span)).collect();
                    s.sort();
                    s
                };
                let (a, b) = (spans(|l| l.a, &pair.a.words), spans(|l| l.b, &pair.b.words));
                let says = format!(
                    "The parties change places around {}.",
                    super::quote(pair.a.words[act.a].span, pair.text_a)
                );
                return Some(Evidence {
                    rule: "roles-swapped",
                    toward: Toward::Contradict,
                    weight: 0.5 * pair.alike(),
                    a,
                    b,
                    says,
                });
            }
        }
    }
    None
}
