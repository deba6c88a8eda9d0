//! Whether a referent of a new article is a speaker the record knows: the same, a new one, or not to be said.

use jiff::civil::Date;

use super::bodies::{identify_body, identify_group, identify_unnamed, is_generic_body};
use super::name::{PersonName, body_key, forms, name_key};
use super::roles::{roles_apart, shared_role};
use crate::attribution::{Gender, Referent, Sort};
use crate::claim::{ArticleId, SpeakerId};
use crate::lexicon::names::{self, fold, is_common_forename, is_frequent_surname};

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
    /// Claims on record.
    pub claims: u32,
    /// Whether a person has set this speaker apart from another of the name.
    pub set_apart: bool,
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

/// Tells whether it counts for a referent's identity which outlets had the known speakers of its name.
pub fn outlets_decide(referent: &Referent) -> bool {
    match referent.sort {
        Sort::Person => is_common(&PersonName::parse(&referent.name)),
        Sort::Organisation => is_generic_body(&body_key(&referent.name)),
        Sort::Group | Sort::Unnamed => false,
    }
}

/// Tells whether a full name is borne by many: a frequent surname with a common forename or an initial.
fn is_common(name: &PersonName) -> bool {
    is_frequent_surname(&name.bare_surname())
        && name.given.first().is_some_and(|g| g.chars().count() < 2 || is_common_forename(g))
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
        // A gender is read off the words around a name: it tells two of a family apart, not two bearers of one full name.
        if let (Some(a), Some(b)) = (referent.gender, other.gender)
            && a != b
            && !name.same_forename(&other_name)
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
        return choose_full(&full, is_common(&name), occasion, apart);
    }
    if candidates.is_empty() {
        if apart.is_empty() {
            apart.push(format!("Nobody known is called {}.", referent.name));
        }
        return Identity::New { evidence: apart };
    }
    choose_by_surname(referent, &name, &candidates, frequent, occasion, apart)
}

/// Chooses among known speakers whose forename and surname both agree; a `common` name is borne by many.
fn choose_full(full: &[&Candidate<'_>], common: bool, occasion: &Occasion<'_>, mut evidence: Vec<String>) -> Identity {
    let same_outlet = |c: &Candidate<'_>| occasion.outlet.is_some_and(|o| c.known.outlets.iter().any(|k| k == o));
    let fitting: Vec<&Candidate<'_>> =
        full.iter().copied().filter(|c| !(common && c.roles_apart && !same_outlet(c))).collect();
    match fitting.as_slice() {
        [] => {
            let listed = listed(full);
            evidence
                .push(format!("Not joined with {listed}: the name is common and the roles have nothing in common."));
            Identity::Open { candidates: full.iter().map(|c| c.known.id).collect(), evidence }
        }
        [only] => {
            evidence.push(format!("Forename and surname agree with {}.", only.known.name));
            if let Some(role) = &only.shared_role {
                evidence.push(format!("Both are called {role}."));
            }
            Identity::Same { id: only.known.id, evidence }
        }
        several => by_role(several, "have this name", evidence),
    }
}

/// Chooses the one candidate that shares a role, if there is just one; else the one that is on record far more than all others.
fn by_role(candidates: &[&Candidate<'_>], have: &str, mut evidence: Vec<String>) -> Identity {
    let with_role: Vec<&Candidate<'_>> = candidates.iter().copied().filter(|c| c.shared_role.is_some()).collect();
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
    let pool = if with_role.is_empty() { candidates } else { &with_role };
    // Whom nothing keeps apart was told apart for want of evidence at the time: a second bearer must not make every later
    // article a third and a fourth one.
    if let Some((first, rest)) = pool.split_first()
        && pool.iter().enumerate().all(|(n, a)| pool[n + 1..].iter().all(|b| may_be_one(a.known, b.known)))
    {
        evidence.push(format!(
            "{} known speakers {have} and nothing tells them apart: the first of them, {}.",
            rest.len() + 1,
            first.known.name
        ));
        return Identity::Same { id: first.known.id, evidence };
    }
    if let Some(known) = foremost(pool) {
        evidence.push(format!(
            "Of {} known speakers that {have}, {} is on record with {} claims, the others with far fewer.",
            candidates.len(),
            known.name,
            known.claims
        ));
        return Identity::Same { id: known.id, evidence };
    }
    evidence.push(format!("Not joined: {} {have}.", listed(candidates)));
    Identity::Open { candidates: candidates.iter().map(|c| c.known.id).collect(), evidence }
}

fn listed(candidates: &[&Candidate<'_>]) -> String {
    let names: Vec<&str> = candidates.iter().map(|c| c.known.name.as_str()).collect();
    names.join(", ")
}

/// Tells whether two known speakers of one surname may be the same person.
fn may_be_one(a: &Known, b: &Known) -> bool {
    !a.set_apart
        && !b.set_apart
        && PersonName::parse(&a.name).same_forename(&PersonName::parse(&b.name))
        && PersonName::parse(&a.name).conflict(&PersonName::parse(&b.name)).is_none()
        && !roles_apart(&a.roles, &b.roles)
}

/// Claims from which somebody is so much on record that a short name means that person, and how many times those of all
/// others of the name together they must be.
const FOREMOST_CLAIMS: u32 = 30;
const FOREMOST_TIMES: u32 = 10;

/// Returns the one who is on record far more than all the others.
fn foremost<'k>(candidates: &[&Candidate<'k>]) -> Option<&'k Known> {
    let first = candidates.iter().max_by_key(|c| (c.known.claims, std::cmp::Reverse(c.known.id)))?;
    let others: u32 = candidates.iter().filter(|c| c.known.id != first.known.id).map(|c| c.known.claims).sum();
    let far = first.known.claims >= FOREMOST_CLAIMS && first.known.claims >= FOREMOST_TIMES.saturating_mul(others);
    (far && candidates.iter().all(|c| !c.known.set_apart)).then_some(first.known)
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
    if frequent && foremost(&[*only]).is_none() {
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
            claims: 1,
            set_apart: false,
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
    fn one_full_name_is_one_person_however_often_it_was_set_down() {
        // A second bearer that nothing sets apart makes no third: the earliest is meant.
        let twice = [
            known(3, "Ted Cruz", Sort::Person, &["senator"], Some(Gender::F)),
            known(9, "Ted Cruz", Sort::Person, &[], None),
        ];
        let referent = |roles: &[&str]| referent("Ted Cruz", Sort::Person, roles, Some(Gender::M));
        assert_eq!(decide(&referent(&[]), &twice), Some(3));
        assert_eq!(decide(&referent(&["presidential hopeful"]), &twice[..1]), Some(3));
        // Whom a person has set apart stays apart.
        let apart = twice.clone().map(|k| Known { set_apart: k.id.0 == 9, ..k });
        assert_eq!(decide(&referent(&[]), &apart), None);
        assert_eq!(decide(&referent(&["senator"]), &apart), Some(3));
    }

    #[test]
    fn a_common_name_with_another_role_is_another_person() {
        let mayor = [Known {
            outlets: vec!["Herald".to_string()],
            ..known(1, "John Smith", Sort::Person, &["mayor of Oldport"], Some(Gender::M))
        }];
        let smith = |roles: &[&str]| referent("John Smith", Sort::Person, roles, Some(Gender::M));
        assert_eq!(decide(&smith(&["an economist at the bank"]), &mayor), None);
        assert_eq!(decide(&smith(&["the mayor"]), &mayor), Some(1));
        assert_eq!(decide(&smith(&[]), &mayor), Some(1));
    }

    #[test]
    fn a_surname_alone_means_whom_the_record_is_full_of() {
        let often = Known { claims: 200, ..known(1, "Barack Obama", Sort::Person, &["president"], Some(Gender::M)) };
        let ledger = [often, Known { claims: 7, ..known(2, "Michelle Obama", Sort::Person, &[], Some(Gender::F)) }];
        assert_eq!(decide(&referent("Obama", Sort::Person, &[], None), &ledger), Some(1));
        assert_eq!(decide(&referent("Obama", Sort::Person, &[], Some(Gender::F)), &ledger), Some(2));
        let fewer = ledger.map(|k| Known { claims: k.claims.min(20), ..k });
        assert_eq!(decide(&referent("Obama", Sort::Person, &[], None), &fewer), None);
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
