//! Whether two roles may be one person’s: `mayor of Oldport` and `the mayor`, not two ministers of two countries.

use std::collections::BTreeSet;

use crate::lexicon::names::{self, fold};

/// Nouns of office that many people share: they decide nothing without the words beside them.
const SHARED_OFFICES: [&str; 30] = [
    "minister",
    "president",
    "chairman",
    "chairwoman",
    "chair",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "director",
    "secretary",
    "chief",
    "executive",
    "officer",
    "official",
    "member",
    "leader",
    "head",
    "manager",
    "deputy",
    "senior",
    "general",
    "analyst",
    "professor",
    "doctor",
    "lawyer",
    "editor",
    "adviser",
    "candidate",
    "expert",
    "author",
];

/// Words of a role that say something.
fn role_words(role: &str) -> BTreeSet<String> {
    role.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '-')
        .map(|w| fold(names::without_possessive(w)))
        .filter(|w| {
            w.chars().count() > 1
                && !matches!(
                    w.as_str(),
                    "the"
                        | "of"
                        | "for"
                        | "and"
                        | "an"
                        | "former"
                        | "ex"
                        | "in"
                        | "at"
                        | "on"
                        | "who"
                        | "its"
                        | "his"
                        | "her"
                        | "to"
                )
        })
        .collect()
}

fn agree(a: &str, b: &str) -> bool {
    let (a, b) = (role_words(a), role_words(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let common: Vec<&String> = a.intersection(&b).collect();
    if common.is_empty() {
        return false;
    }
    let whole = common.len() == a.len() || common.len() == b.len();
    let telling = common.iter().any(|w| !SHARED_OFFICES.contains(&w.as_str()) && names::adjective_of(w).is_none());
    common.len() >= 2 || telling || (whole && a.len() + b.len() <= 3)
}

/// Returns the first role of `ours` that agrees with one of `theirs`.
pub(super) fn shared_role(ours: &[String], theirs: &[String]) -> Option<String> {
    ours.iter().find(|a| theirs.iter().any(|b| agree(a, b))).cloned()
}

/// Tells whether both sides have roles that say something and none agrees.
pub(super) fn roles_apart(ours: &[String], theirs: &[String]) -> bool {
    let telling = |roles: &[String]| roles.iter().any(|r| !role_words(r).is_empty());
    telling(ours) && telling(theirs) && shared_role(ours, theirs).is_none()
}
