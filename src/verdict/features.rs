//! What the cheap judge sees of a pair, as numbers.

use super::pair::{Pair, Tie};
use super::rules::{Evidence, RULES};
use crate::claim::assertion::Assertion;
use crate::claim::vocabulary::Effect;
use crate::claim::words::Class;

/// How many numbers `of` gives.
pub const COUNT: usize = RULES.len() + 36;

/// Describes a pair; symmetric in its two statements.
pub fn of(pair: &Pair, evidence: &[Evidence]) -> [f32; COUNT] {
    let mut f = [0.0; COUNT];
    for (slot, (name, _)) in f.iter_mut().zip(RULES.iter()) {
        *slot = evidence.iter().filter(|e| e.rule == *name).map(|e| e.weight.max(0.05)).sum();
    }
    let (a, b) = (pair.a, pair.b);
    let ties = |t: Tie| pair.links.iter().filter(|l| l.tie == t).map(|l| l.worth).sum::<f32>();
    let lone = pair.lone_names();
    let names = |x: &Assertion| x.telling.iter().filter(|&&i| x.words[i].name).count() as f32;
    let shared_names = pair.links.iter().filter(|l| a.words[l.a].name && b.words[l.b].name).count() as f32;
    let negators = (a.negators.len() as f32, b.negators.len() as f32);
    let odd = ((a.negators.len() % 2) != (b.negators.len() % 2)) as u8 as f32;
    let equal_numbers = a
        .quantities
        .iter()
        .filter(|p| b.quantities.iter().any(|q| p.kind == q.kind && (p.value - q.value).abs() <= p.value.abs() * 1e-6))
        .count() as f32;
    let lengths = (a.telling.len() as f32, b.telling.len() as f32);
    let function = |x: &Assertion| {
        x.words.iter().filter(|w| !w.frame && w.class == Class::Function).map(|w| w.key).collect::<Vec<_>>()
    };
    let (fa, fb) = (function(a), function(b));
    let shared_function = fa.iter().filter(|k| fb.contains(k)).count() as f32 / fa.len().min(fb.len()).max(1) as f32;
    let mut ordered: Vec<(usize, usize)> = pair.links.iter().map(|l| (l.a, l.b)).collect();
    ordered.sort();
    let steps = ordered.len().saturating_sub(1).max(1) as f32;
    let inversions = ordered.windows(2).filter(|w| w[1].1 < w[0].1).count() as f32 / steps;
    let adjacent =
        ordered.windows(2).filter(|w| w[1].1 > w[0].1 && w[1].1 - w[0].1 <= 3 && w[1].0 - w[0].0 <= 3).count() as f32
            / steps;
    let same_or = |x: &Assertion, lemmas: &[&str]| {
        x.words.iter().any(|w| !w.frame && lemmas.contains(&w.lemma.as_str())) as u8 as f32
    };
    let differ = |lemmas: &[&str]| (same_or(a, lemmas) - same_or(b, lemmas)).abs();
    let effect = |e: Effect| ((a.effect == e) as u8 + (b.effect == e) as u8) as f32;
    let values = [
        pair.contained(),
        pair.cover_a.min(pair.cover_b),
        pair.alike(),
        pair.turned,
        pair.turned * pair.contained(),
        ties(Tie::Same),
        ties(Tie::Kin),
        ties(Tie::Synonym),
        ties(Tie::Opposite),
        pair.links.len() as f32,
        (lone.0.len().min(lone.1.len())) as f32,
        (lone.0.len().max(lone.1.len())) as f32,
        shared_names,
        names(a).min(names(b)),
        negators.0.min(negators.1),
        negators.0.max(negators.1),
        odd,
        equal_numbers,
        a.quantities.len().min(b.quantities.len()) as f32,
        a.quantities.len().max(b.quantities.len()) as f32,
        lengths.0.min(lengths.1),
        lengths.0.max(lengths.1),
        lengths.0.min(lengths.1) / lengths.0.max(lengths.1).max(1.0),
        shared_function,
        inversions,
        adjacent,
        (a.future != b.future) as u8 as f32,
        (a.future && b.future) as u8 as f32,
        a.hedged().max(b.hedged()),
        a.times.len().min(b.times.len()) as f32,
        effect(Effect::Deny),
        differ(&["never", "always", "ever"]),
        differ(&["all", "every", "everyone", "nobody", "none"]),
        differ(&["only", "alon", "myself"]),
        differ(&["more", "less", "few", "most"]),
        (a.effect == Effect::Hedge) as u8 as f32 + (b.effect == Effect::Hedge) as u8 as f32,
    ];
    f[RULES.len()..].copy_from_slice(&values);
    f
}
