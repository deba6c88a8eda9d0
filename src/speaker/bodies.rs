//! Identity of bodies, groups and speakers without a name.

use std::collections::BTreeSet;

use super::identity::{Identity, Known, Occasion};
use super::name::{body_key, initials};
use crate::attribution::{Referent, Sort};
use crate::claim::SpeakerId;
use crate::lexicon::names;

pub(super) fn identify_body(referent: &Referent, occasion: &Occasion<'_>, known: &[Known]) -> Identity {
    let key = body_key(&referent.name);
    let ours: BTreeSet<String> =
        std::iter::once(&referent.name).chain(&referent.aliases).map(|n| body_key(n)).collect();
    let mut exact: Vec<(&Known, String)> = Vec::new();
    let mut by_initials: Vec<&Known> = Vec::new();
    for other in known.iter().filter(|k| k.sort == Sort::Organisation) {
        let theirs: BTreeSet<String> =
            std::iter::once(&other.name).chain(&other.aliases).map(|n| body_key(n)).collect();
        let other_key = body_key(&other.name);
        if key == other_key {
            exact.push((other, format!("The name agrees with {}.", other.name)));
        } else if theirs.contains(&key) || ours.contains(&other_key) {
            exact.push((other, format!("{} is also called {}.", other.name, referent.name)));
        } else if initials(&other.name).as_ref() == Some(&key) || initials(&referent.name).as_ref() == Some(&other_key)
        {
            by_initials.push(other);
        }
    }
    exact.sort_by_key(|(k, _)| k.id);
    by_initials.sort_by_key(|k| k.id);
    if is_generic_body(&key) {
        let here: Vec<_> = exact
            .iter()
            .filter(|(k, _)| occasion.outlet.is_some_and(|o| k.outlets.iter().any(|other| other == o)))
            .collect();
        if let [(only, why)] = here.as_slice() {
            let evidence = vec![why.clone(), "The outlet is the same.".to_string()];
            return Identity::Same { id: only.id, evidence };
        }
        if !exact.is_empty() {
            let evidence =
                vec![format!("Not joined: a body called {} is found in more than one place.", referent.name)];
            return Identity::Open { candidates: exact.iter().map(|(k, _)| k.id).collect(), evidence };
        }
    }
    match (exact.as_slice(), by_initials.as_slice()) {
        ([(only, why)], _) => Identity::Same { id: only.id, evidence: vec![why.clone()] },
        ([], [only]) => Identity::Same {
            id: only.id,
            evidence: vec![format!("One name is made of the initials of the other: {}.", only.name)],
        },
        ([], []) => Identity::New { evidence: vec![format!("No body known is called {}.", referent.name)] },
        (many, rest) => {
            // Where one of several has just this name, it is meant.
            let named: Vec<_> = many.iter().filter(|(k, _)| body_key(&k.name) == key).collect();
            if let [(only, why)] = named.as_slice() {
                return Identity::Same { id: only.id, evidence: vec![why.clone()] };
            }
            let candidates: Vec<SpeakerId> = if many.is_empty() {
                rest.iter().map(|k| k.id).collect()
            } else {
                many.iter().map(|(k, _)| k.id).collect()
            };
            let evidence =
                vec![format!("Not joined: {} known bodies may be called {}.", candidates.len(), referent.name)];
            Identity::Open { candidates, evidence }
        }
    }
}

/// Tells whether a body's name could be that of a body in any country or town: `finance ministry`, `police`.
pub(super) fn is_generic_body(key: &str) -> bool {
    // There is one of this name.
    if key == "white house" {
        return false;
    }
    let mut words = key.split(' ');
    let Some(last) = words.next_back() else { return true };
    let class = names::body(last).map(|b| b.class.as_str());
    matches!(class, Some("ministry" | "assembly" | "court" | "force")) && words.count() <= 1
}

pub(super) fn identify_group(referent: &Referent, occasion: &Occasion<'_>, known: &[Known]) -> Identity {
    // `The U.S. and Russian Federation` are the same two everywhere, `officials` are not.
    let ends_in_name =
        referent.name.split_whitespace().next_back().and_then(|w| w.chars().next()).is_some_and(char::is_uppercase);
    if !ends_in_name {
        return identify_unnamed(referent, occasion, known);
    }
    let key = body_key(&referent.name);
    let mut same: Vec<&Known> = known.iter().filter(|k| k.sort == Sort::Group && body_key(&k.name) == key).collect();
    same.sort_by_key(|k| k.id);
    match same.first() {
        Some(first) => Identity::Same { id: first.id, evidence: vec!["The same are named together.".to_string()] },
        None => Identity::New { evidence: vec![format!("Nobody known is called {}.", referent.name)] },
    }
}

pub(super) fn identify_unnamed(referent: &Referent, occasion: &Occasion<'_>, known: &[Known]) -> Identity {
    let key = body_key(&referent.name);
    let mut here: Vec<&Known> = known
        .iter()
        .filter(|k| k.sort == referent.sort && k.article == Some(occasion.article) && body_key(&k.name) == key)
        .collect();
    here.sort_by_key(|k| k.id);
    match here.first() {
        Some(first) => {
            Identity::Same { id: first.id, evidence: vec!["The same words in the same article.".to_string()] }
        }
        None => Identity::New {
            evidence: vec!["A speaker without a name is never joined with one of another article.".to_string()],
        },
    }
}
