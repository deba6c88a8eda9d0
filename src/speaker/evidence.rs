//! Why the names under which a speaker is found are taken for one speaker's.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::identity::{Identity, Known, Occasion, identify, shares_form};
use crate::attribution::{Referent, Sort};
use crate::claim::{ArticleId, SpeakerId};

/// How one article names the speaker.
#[derive(Clone, Debug, PartialEq)]
pub struct Naming {
    /// The article.
    pub article: ArticleId,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its day.
    pub date: Option<Date>,
    /// Whom its sources mean, with every form of the name that it uses.
    pub referent: Referent,
    /// Names of the other speakers in it.
    pub beside: Vec<String>,
    /// The words of its sources, in order of the text.
    pub phrases: Vec<String>,
}

/// A form of the name, and why it is this speaker's.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The form, as published.
    pub name: String,
    /// The article that joined it, the first that uses it.
    pub article: ArticleId,
    /// The outlet of that article.
    pub outlet: Option<String>,
    /// Its day.
    pub date: Option<Date>,
    /// The source in that article that has the form; the form itself where it stands in no source.
    pub phrase: String,
    /// In how many articles it is used.
    pub articles: usize,
    /// Why it was joined, as plain sentences.
    pub reasons: Vec<String>,
}

/// Lists the forms of a speaker's name in the order in which the articles brought them.
///
/// `namings` are in the order in which the articles were read, `others` the speakers that it could be taken for; each
/// naming is identified anew, knowing the ones before it.
pub fn forms_with_reasons(speaker: SpeakerId, namings: &[Naming], others: &[Known]) -> Vec<Form> {
    let mut own: Option<Known> = None;
    let mut out: Vec<Form> = Vec::new();
    for naming in namings {
        let reasons = match &own {
            None => vec!["The first article that names this speaker.".to_string()],
            Some(own) => why(naming, own, others),
        };
        let mut here: BTreeSet<&str> = BTreeSet::new();
        let aliases = naming
            .referent
            .aliases
            .iter()
            .map(|alias| (alias, vec![format!("The article calls {} so as well.", naming.referent.name)]));
        for (name, reasons) in std::iter::once((&naming.referent.name, reasons)).chain(aliases) {
            if !here.insert(name) {
                continue;
            }
            match out.iter_mut().find(|form| form.name == *name) {
                Some(form) => form.articles += 1,
                None => out.push(Form {
                    name: name.clone(),
                    article: naming.article,
                    outlet: naming.outlet.clone(),
                    date: naming.date,
                    phrase: phrase_of(naming, name).to_string(),
                    articles: 1,
                    reasons,
                }),
            }
        }
        learn(&mut own, speaker, naming);
    }
    out
}

/// The shortest source that has a form, so that a surname is not shown by the full name around it.
fn phrase_of<'n>(naming: &'n Naming, name: &'n str) -> &'n str {
    let phrases = naming.phrases.iter().filter(|phrase| holds(phrase, name));
    phrases.min_by_key(|phrase| phrase.len()).map_or(name, String::as_str)
}

/// Tells whether a phrase has all of a name, no word cut.
fn holds(phrase: &str, name: &str) -> bool {
    phrase.match_indices(name).any(|(at, _)| {
        let before = phrase[..at].chars().next_back();
        let after = phrase[at + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn why(naming: &Naming, own: &Known, others: &[Known]) -> Vec<String> {
    let known: Vec<Known> = std::iter::once(own)
        .chain(others.iter().filter(|other| shares_form(&naming.referent, other)))
        .cloned()
        .collect();
    let occasion = Occasion {
        article: naming.article,
        outlet: naming.outlet.as_deref(),
        date: naming.date,
        beside: &naming.beside,
    };
    match identify(&naming.referent, &occasion, &known) {
        Identity::Same { id, evidence } if id == own.id => evidence,
        _ => {
            vec!["The name alone does not decide: a correction put it here, or what was known when it was read.".into()]
        }
    }
}

/// Adds to what is known of the speaker what an article shows.
fn learn(own: &mut Option<Known>, id: SpeakerId, naming: &Naming) {
    let referent = &naming.referent;
    let own = own.get_or_insert_with(|| Known {
        id,
        name: referent.name.clone(),
        aliases: Vec::new(),
        roles: Vec::new(),
        gender: None,
        sort: referent.sort,
        outlets: Vec::new(),
        article: (referent.sort == Sort::Unnamed).then_some(naming.article),
        claims: 0,
        set_apart: false,
    });
    own.claims += 1;
    let fuller = referent.sort == Sort::Person && !own.name.contains(' ') && referent.name.contains(' ');
    let mut names = vec![referent.name.clone()];
    if fuller {
        names = vec![std::mem::replace(&mut own.name, referent.name.clone())];
    }
    for name in names.into_iter().chain(referent.aliases.iter().cloned()) {
        if name != own.name && !own.aliases.contains(&name) {
            own.aliases.push(name);
        }
    }
    for role in &referent.roles {
        if !own.roles.contains(role) {
            own.roles.push(role.clone());
        }
    }
    own.gender = own.gender.or(referent.gender);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(n: u8, name: &str, aliases: &[&str], roles: &[&str], phrases: &[&str]) -> Naming {
        let owned = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        Naming {
            article: ArticleId([n; 16]),
            outlet: Some("The Courier".into()),
            date: None,
            referent: Referent {
                name: name.into(),
                sort: Sort::Person,
                gender: None,
                roles: owned(roles),
                aliases: owned(aliases),
                confidence: 0.9,
            },
            beside: Vec::new(),
            phrases: owned(phrases),
        }
    }

    #[test]
    fn every_form_says_where_it_came_from_and_why() {
        let namings = [
            naming(1, "Petra Vance", &["Vance"], &["mayor of Oldport"], &["Petra Vance, the mayor", "Ms Vance"]),
            naming(2, "Petra M. Vance", &["Vance"], &["mayor"], &["Petra M. Vance"]),
            naming(3, "Vance", &[], &["mayor"], &["Mayor Vance"]),
        ];
        let forms = forms_with_reasons(SpeakerId(4), &namings, &[]);
        let names: Vec<(&str, usize)> = forms.iter().map(|f| (f.name.as_str(), f.articles)).collect();
        assert_eq!(names, [("Petra Vance", 1), ("Vance", 3), ("Petra M. Vance", 1)]);
        assert_eq!(forms[1].phrase, "Ms Vance");
        assert_eq!(forms[1].reasons, ["The article calls Petra Vance so as well."]);
        assert_eq!(forms[2].article, ArticleId([2; 16]));
        assert_eq!(forms[2].reasons, ["Forename and surname agree with Petra Vance.", "Both are called mayor."]);
    }

    #[test]
    fn a_form_that_the_name_does_not_decide_says_so() {
        let namings = [
            naming(1, "Petra Vance", &[], &[], &["Petra Vance"]),
            naming(2, "Petra Brasier", &[], &[], &["Petra Brasier"]),
        ];
        let forms = forms_with_reasons(SpeakerId(4), &namings, &[]);
        assert!(forms[1].reasons[0].starts_with("The name alone does not decide"), "{:?}", forms[1].reasons);
    }
}
