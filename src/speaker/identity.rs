//! Whether a referent of a new article is a speaker the record knows: the same, a new one, or not to be said.

use jiff::civil::Date;

use super::bodies::{identify_body, identify_group, identify_unnamed};
use super::name::{PersonName, forms, name_key};
use super::roles::{roles_apart, shared_role};
use crate::attribution::{Gender, Referent, Sort};
use crate::claim::{ArticleId, SpeakerId};
use crate::lexicon::names::{self, fold, is_frequent_surname};

/// A speaker of the record, as far as identity asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Number in the record.
    pub id: SpeakerId,
    /// Name as the record has it today.
    pub name: String,
    /// Other forms of the name.
    pub aliases: Vec<String>,
    /// Roles seen.
    pub roles: Vec<String>,
    /// Gender, where known.
    pub gender: Option<Gender>,
    /// What kind of speaker.
    pub sort: Sort,
    /// Outlets that had the speaker.
    pub outlets: Vec<String>,
    /// The one article of a speaker without a name; `None` for all others.
    pub article: Option<ArticleId>,
}

/// The article in which a referent stands.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The article.
    pub article: ArticleId,
    /// Its outlet.
    pub outlet: Option<&'a str>,
    /// Its day.
    pub date: Option<Date>,
    /// Names of the other speakers in it.
    pub beside: &'a [String],
}

/// The answer, with its reasons as plain sentences.
#[derive(Clone, Debug, PartialEq)]
pub enum Identity {
    /// The referent is this speaker.
    Same {
        /// Which one.
        id: SpeakerId,
        /// Why.
        evidence: Vec<String>,
    },
    /// The referent is nobody the record knows.
    New {
        /// Why.
        evidence: Vec<String>,
    },
    /// It may be one of these, and nothing decides: it is kept apart, as a speaker of its own.
    Open {
        /// Whom it may be, in order of their numbers.
        candidates: Vec<SpeakerId>,
        /// Why it was not joined.
        evidence: Vec<String>,
    },
}

/// Decides whom a referent is, among the known speakers that share a form of its name.
///
/// `known` may hold more than that; what shares no form is passed over. The order of `known` makes no difference.
pub fn identify(referent: &Referent, occasion: &Occasion<'_>, known: &[Known]) -> Identity {
    match referent.sort {
        Sort::Person => identify_person(referent, occasion, known),
        Sort::Organisation => identify_body(referent, occasion, known),
        Sort::Group => identify_group(referent, occasion, known),
        Sort::Unnamed => identify_unnamed(referent, occasion, known),
    }
}

/// One known speaker that the name allows, with what speaks for it.
struct Candidate<'k> {
    known: &'k Known,
    full: bool,
    shared_role: Option<String>,
    roles_apart: bool,
}

fn identify_person(referent: &Referent, occasion: &Occasion<'_>, known: &[Known]) -> Identity {
    let name = PersonName::parse(&referent.name);
    let mut apart = Vec::new();
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for other in known.iter().filter(|k| k.sort == Sort::Person) {
        let other_name = PersonName::parse(&other.name);
        if name.bare_surname() != other_name.bare_surname() {
            continue;
        }
        if let Some(why) = name.conflict(&other_name) {
            apart.push(format!("Kept apart from {}: {why}.", other.name));
            continue;
        }
        if let (Some(a), Some(b)) = (referent.gender, other.gender)
            && a != b
        {
            apart.push(format!("Kept apart from {}: a man and a woman.", other.name));
            continue;
        }
        candidates.push(Candidate {
            known: other,
            full: !name.given.is_empty() && !other_name.given.is_empty(),
            shared_role: shared_role(&referent.roles, &other.roles),
            roles_apart: roles_apart(&referent.roles, &other.roles),
        });
    }
    candidates.sort_by_key(|c| c.known.id);
    let frequent = is_frequent_surname(&name.bare_surname());
    let full: Vec<&Candidate<'_>> = candidates.iter().filter(|c| c.full).collect();
    if !full.is_empty() {
        return choose_full(&full, frequent, occasion, apart);
    }
    if candidates.is_empty() {
        if apart.is_empty() {
            apart.push(format!("Nobody known is called {}.", referent.name));
        }
        return Identity::New { evidence: apart };
    }
    choose_by_surname(referent, &name, &candidates, frequent, occasion, apart)
}

/// Chooses among known speakers whose forename and surname both agree.
fn choose_full(
    full: &[&Candidate<'_>],
    frequent: bool,
    occasion: &Occasion<'_>,
    mut evidence: Vec<String>,
) -> Identity {
    if let [only] = full {
        let same_outlet = occasion.outlet.is_some_and(|o| only.known.outlets.iter().any(|k| k == o));
        if frequent && only.roles_apart && !same_outlet {
            evidence.push(format!(
                "Not joined with {}: the name is frequent and the roles have nothing in common.",
                only.known.name
            ));
            return Identity::Open { candidates: vec![only.known.id], evidence };
        }
        evidence.push(format!("Forename and surname agree with {}.", only.known.name));
        if let Some(role) = &only.shared_role {
            evidence.push(format!("Both are called {role}."));
        }
        return Identity::Same { id: only.known.id, evidence };
    }
    by_role(full, "have this name", evidence)
}

/// Chooses the one candidate that shares a role, if there is just one.
fn by_role(candidates: &[&Candidate<'_>], have: &str, mut evidence: Vec<String>) -> Identity {
    let with_role: Vec<_> = candidates.iter().filter(|c| c.shared_role.is_some()).collect();
    if let [only] = with_role.as_slice()
        && let Some(role) = &only.shared_role
    {
        evidence.push(format!(
            "Of {} known speakers that {have}, only {} is called {role}.",
            candidates.len(),
            only.known.name
        ));
        return Identity::Same { id: only.known.id, evidence };
    }
    let listed: Vec<&str> = candidates.iter().map(|c| c.known.name.as_str()).collect();
    evidence.push(format!("Not joined: {} {have}.", listed.join(", ")));
    Identity::Open { candidates: candidates.iter().map(|c| c.known.id).collect(), evidence }
}

/// Chooses where on one side only the surname is known.
fn choose_by_surname(
    referent: &Referent,
    name: &PersonName,
    candidates: &[Candidate<'_>],
    frequent: bool,
    occasion: &Occasion<'_>,
    mut evidence: Vec<String>,
) -> Identity {
    // A bare surname may be any of the family; a full name among known bare ones, likewise.
    let named: Vec<&Candidate<'_>> =
        candidates.iter().filter(|c| !PersonName::parse(&c.known.name).given.is_empty()).collect();
    let pool: Vec<&Candidate<'_>> = if named.is_empty() { candidates.iter().collect() } else { named };
    let [only] = pool.as_slice() else {
        return by_role(&pool, "have this surname", evidence);
    };
    let beside = occasion.beside.iter().any(|b| {
        let b = PersonName::parse(b);
        b.bare_surname() == name.bare_surname() && b.conflict(&PersonName::parse(&only.known.name)).is_some()
    });
    if beside {
        evidence
            .push(format!("Not joined with {}: the article names another person of this surname.", only.known.name));
        return Identity::Open { candidates: vec![only.known.id], evidence };
    }
    if let Some(role) = &only.shared_role {
        evidence.push(format!("The surname agrees with {}, and both are called {role}.", only.known.name));
        return Identity::Same { id: only.known.id, evidence };
    }
    if frequent {
        evidence.push(format!("Not joined with {}: the surname is frequent, and no role decides.", only.known.name));
        return Identity::Open { candidates: vec![only.known.id], evidence };
    }
    if only.roles_apart {
        evidence.push(format!("Not joined with {}: the roles have nothing in common.", only.known.name));
        return Identity::Open { candidates: vec![only.known.id], evidence };
    }
    if name.given.is_empty() && name.generation.is_none() && is_forename_only(referent) {
        evidence.push(format!("Not joined with {}: {} may be a forename.", only.known.name, referent.name));
        return Identity::Open { candidates: vec![only.known.id], evidence };
    }
    evidence.push(format!("{} is the only known speaker with this surname.", only.known.name));
    Identity::Same { id: only.known.id, evidence }
}

fn is_forename_only(referent: &Referent) -> bool {
    let key = fold(referent.name.trim());
    names::forename(&key).is_some() && !referent.aliases.iter().any(|a| name_key(a) == key && a != &referent.name)
}

/// Tells whether a referent and a known speaker share a form of their names.
pub fn shares_form(referent: &Referent, known: &Known) -> bool {
    let as_referent = Referent {
        name: known.name.clone(),
        sort: known.sort,
        gender: known.gender,
        roles: Vec::new(),
        aliases: known.aliases.clone(),
        confidence: 1.0,
    };
    let ours = forms(referent);
    forms(&as_referent).iter().any(|form| ours.binary_search(form).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn referent(name: &str, sort: Sort, roles: &[&str], gender: Option<Gender>) -> Referent {
        let roles = roles.iter().map(|r| r.to_string()).collect();
        Referent { name: name.to_string(), sort, gender, roles, aliases: Vec::new(), confidence: 0.9 }
    }

    fn known(id: u32, name: &str, sort: Sort, roles: &[&str], gender: Option<Gender>) -> Known {
        Known {
            id: SpeakerId(id),
            name: name.to_string(),
            aliases: Vec::new(),
            roles: roles.iter().map(|r| r.to_string()).collect(),
            gender,
            sort,
            outlets: vec!["Ledger".to_string()],
            article: None,
        }
    }

    fn decide(referent: &Referent, known: &[Known]) -> Option<u32> {
        let occasion = Occasion { article: ArticleId([7; 16]), outlet: Some("Ledger"), date: None, beside: &[] };
        match identify(referent, &occasion, known) {
            Identity::Same { id, evidence } => {
                assert!(!evidence.is_empty());
                Some(id.0)
            }
            Identity::New { evidence } | Identity::Open { evidence, .. } => {
                assert!(!evidence.is_empty());
                None
            }
        }
    }

    #[test]
    fn the_forms_of_one_name_are_one_person() {
        let ledger = [known(1, "Martha J. Ellison", Sort::Person, &["harbour minister"], Some(Gender::F))];
        for name in ["Martha Ellison", "Ellison", "Martha J. Ellison", "M. Ellison", "Minister Ellison"] {
            assert_eq!(decide(&referent(name, Sort::Person, &[], None), &ledger), Some(1), "{name}");
        }
    }

    #[test]
    fn two_people_of_one_surname_stay_two() {
        let ledger = [
            known(1, "Martha Ellison", Sort::Person, &["harbour minister"], Some(Gender::F)),
            known(2, "Paul Ellison", Sort::Person, &["chairman of the Dockers’ Union"], Some(Gender::M)),
        ];
        assert_eq!(decide(&referent("Greta Ellison", Sort::Person, &[], Some(Gender::F)), &ledger), None);
        assert_eq!(decide(&referent("Ellison", Sort::Person, &[], None), &ledger), None);
        assert_eq!(decide(&referent("Ellison", Sort::Person, &[], Some(Gender::M)), &ledger), Some(2));
        assert_eq!(decide(&referent("Ellison", Sort::Person, &["the harbour minister"], None), &ledger), Some(1));
        assert_eq!(decide(&referent("Paul Ellison Jr.", Sort::Person, &[], None), &ledger), None);
    }

    #[test]
    fn middle_names_part_a_father_and_a_son() {
        let ledger = [known(1, "George H. W. Marlowe", Sort::Person, &[], None)];
        assert_eq!(decide(&referent("George W. Marlowe", Sort::Person, &[], None), &ledger), None);
        assert_eq!(decide(&referent("George Marlowe", Sort::Person, &[], None), &ledger), Some(1));
    }

    #[test]
    fn a_frequent_surname_needs_a_role() {
        let ledger = [known(1, "Peter Smith", Sort::Person, &["mayor of Oldport"], Some(Gender::M))];
        assert_eq!(decide(&referent("Smith", Sort::Person, &[], None), &ledger), None);
        assert_eq!(decide(&referent("Smith", Sort::Person, &["mayor"], None), &ledger), Some(1));
    }

    #[test]
    fn nobody_without_a_name_is_joined_over_articles() {
        let mut earlier = known(1, "a spokeswoman", Sort::Unnamed, &[], None);
        earlier.article = Some(ArticleId([1; 16]));
        let mut here = known(2, "a spokeswoman", Sort::Unnamed, &[], None);
        here.article = Some(ArticleId([7; 16]));
        let spokeswoman = referent("a spokeswoman", Sort::Unnamed, &[], None);
        assert_eq!(decide(&spokeswoman, &[earlier.clone()]), None);
        assert_eq!(decide(&spokeswoman, &[earlier, here]), Some(2));
    }

    #[test]
    fn bodies_join_by_name_country_and_initials() {
        let ledger = [
            known(1, "Northern Dockers’ Union", Sort::Organisation, &[], None),
            known(2, "United States", Sort::Organisation, &[], None),
            known(3, "Finance Ministry", Sort::Organisation, &[], None),
        ];
        let body = |name: &str| decide(&referent(name, Sort::Organisation, &[], None), &ledger);
        assert_eq!(body("the Northern Dockers' Union"), Some(1));
        assert_eq!(body("NDU"), Some(1));
        assert_eq!(body("USA"), Some(2));
        assert_eq!(body("finance ministry"), Some(3));
        assert_eq!(body("Southern Dockers’ Union"), None);
        let elsewhere = Occasion { article: ArticleId([7; 16]), outlet: Some("Herald"), date: None, beside: &[] };
        let ministry = referent("finance ministry", Sort::Organisation, &[], None);
        assert!(matches!(identify(&ministry, &elsewhere, &ledger), Identity::Open { .. }));
    }
}
