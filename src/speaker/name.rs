//! Names taken apart and brought to one form, so that they can be compared and looked up.

use std::collections::BTreeSet;

use crate::attribution::{Referent, Sort};
use crate::lexicon::names::{self, TitleKind, fold, forename, is_particle, without_possessive};

/// Longest name that is looked at, in words; what follows is left out.
const MAX_WORDS: usize = 24;

/// A person's name in its parts, each folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Forenames and initials in order; empty where only the surname is given.
    pub given: Vec<String>,
    /// The surname with its particles.
    pub surname: Vec<String>,
    /// `jr`, `sr`, `ii` …
    pub generation: Option<String>,
}

const GENERATIONS: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "junior"];
const LETTERS_AFTER: [&str; 14] =
    ["kc", "qc", "mp", "mep", "msp", "phd", "md", "esq", "obe", "cbe", "mbe", "jd", "cpa", "ret"];

/// Splits into folded words without full stops and possessive endings; `U.S.` becomes `us`.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"' | '“' | '”' | '/' | ';' | ':'))
        .map(|word| {
            let kept: String = without_possessive(word).chars().filter(|c| *c != '.').collect();
            fold(&kept).trim_matches(|c: char| !c.is_alphanumeric() && c != '&').to_string()
        })
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .collect()
}

/// Returns how many words at the start of `words` are titles, leaving at least one word.
fn titles_before(words: &[String]) -> usize {
    let mut cut = 0;
    'more: while cut + 1 < words.len() {
        for length in [3usize, 2, 1] {
            if cut + length >= words.len() {
                continue;
            }
            let phrase = words[cut..cut + length].join(" ");
            let Some(title) = names::title(&phrase) else { continue };
            let rest = &words[cut + length..];
            // `Dean Acheson` and `Earl Warren` are names, `Justice Department` is no person.
            let may_be_forename = length == 1 && rest.len() == 1 && forename(&phrase).is_some();
            let body = rest.last().is_some_and(|w| names::is_body(w));
            if (may_be_forename && title.kind != TitleKind::Courtesy) || body {
                return cut;
            }
            cut += length;
            continue 'more;
        }
        break;
    }
    cut
}

/// Brings `Kerry, John F.` into the order `John F. Kerry`.
fn in_order(name: &str) -> String {
    let mut parts = name.splitn(3, ',').map(str::trim);
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else {
        return name.to_string();
    };
    let after = words(second);
    let is_suffix = after.iter().all(|w| GENERATIONS.contains(&w.as_str()) || LETTERS_AFTER.contains(&w.as_str()));
    let starts_name = second.chars().next().is_some_and(char::is_uppercase) && after.len() <= 3;
    let short = first.split_whitespace().count() <= 3;
    if is_suffix || !starts_name || !short { name.to_string() } else { format!("{second} {first}") }
}

impl PersonName {
    /// Takes a person's name apart; titles are left out.
    pub fn parse(name: &str) -> PersonName {
        let mut words = words(&in_order(name));
        let mut generation = None;
        while words.len() > 1 {
            match words.last().map(String::as_str) {
                Some(last) if GENERATIONS.contains(&last) => {
                    generation = words.pop().map(|w| if w == "junior" { "jr".to_string() } else { w });
                }
                Some(last) if LETTERS_AFTER.contains(&last) => {
                    words.pop();
                }
                _ => break,
            }
        }
        words.drain(..titles_before(&words));
        // The surname starts at the first particle that has a name before it, else it is the last word.
        let mut start = words.len().saturating_sub(1);
        while start > 0 && is_particle(&words[start - 1]) {
            start -= 1;
        }
        let surname = words.split_off(start);
        PersonName { given: words, surname, generation }
    }

    /// Returns the surname without its particles: `mistura`, `assad`.
    pub fn bare_surname(&self) -> String {
        let last = self.surname.last().map_or("", String::as_str);
        match last.split_once('-') {
            Some((particle, rest)) if is_particle(particle) && !rest.is_empty() => rest.to_string(),
            _ => last.to_string(),
        }
    }

    /// Returns the comparison key: first forename, longer middle names, surname, generation.
    pub fn key(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for (i, given) in self.given.iter().enumerate() {
            if i == 0 || given.chars().count() > 1 {
                parts.push(given);
            }
        }
        parts.extend(self.surname.iter().map(String::as_str));
        parts.extend(self.generation.as_deref());
        parts.join(" ")
    }

    /// Tells whether both have the same forename in full (or a form of it, `Bill` for `William`), not an initial alone.
    pub fn same_forename(&self, other: &PersonName) -> bool {
        match (self.given.first(), other.given.first()) {
            (Some(a), Some(b)) => a.chars().count() > 1 && b.chars().count() > 1 && names::forenames_agree(a, b),
            _ => false,
        }
    }

    /// Tells why the two names cannot be one person's; `None` where they can.
    pub fn conflict(&self, other: &PersonName) -> Option<String> {
        if self.bare_surname() != other.bare_surname() {
            let (a, b) = (self.surname.join(" "), other.surname.join(" "));
            return Some(format!("the surnames differ: {a}, {b}"));
        }
        if let (Some(a), Some(b)) = (self.given.first(), other.given.first()) {
            if !names::forenames_agree(a, b) {
                return Some(format!("the forenames differ: {a}, {b}"));
            }
            if self.generation != other.generation {
                return Some("one is junior, senior or numbered, the other is not".to_string());
            }
        }
        if let (Some(a), Some(b)) = (self.given.get(1), other.given.get(1)) {
            let full_differ = a.len() > 1 && b.len() > 1 && a != b;
            if a.chars().next() != b.chars().next() || full_differ {
                return Some(format!("the middle names differ: {a}, {b}"));
            }
            if self.given.len() > 2 && other.given.len() == 2 || other.given.len() > 2 && self.given.len() == 2 {
                return Some("one has more middle names than the other".to_string());
            }
        }
        None
    }
}

/// Returns the form under which a name is compared and looked up: case, titles, diacritics, full stops, possessives,
/// middle initials and the order `Surname, Forename` make no difference.
pub fn name_key(name: &str) -> String {
    let key = if is_body_name(name) { body_key(name) } else { PersonName::parse(name).key() };
    if key.is_empty() { name.trim().to_lowercase() } else { names::country(&key).map(fold).unwrap_or(key) }
}

/// Returns the keys under which a speaker of this name may be found: as a name reads, and as a person's, whom a name that reads like
/// a body's may belong to.
pub fn lookup_keys(name: &str) -> BTreeSet<String> {
    let keys = [name_key(name), PersonName::parse(name).key()];
    keys.into_iter().filter(|key| !key.is_empty()).collect()
}

/// Tells whether a name reads as that of a body rather than a person.
fn is_body_name(name: &str) -> bool {
    let words = words(name);
    let connects = |w: &String| matches!(w.as_str(), "of" | "for" | "the" | "and" | "&" | "who" | "a" | "an");
    words.iter().any(connects) && names::title(&words.join(" ")).is_none() && !title_with_of(&words)
        || words.iter().any(|w| names::is_body(w))
}

/// Tells whether the only connecting words are those of a title: `Secretary of State John Kerry`.
fn title_with_of(words: &[String]) -> bool {
    let cut = titles_before(words);
    cut > 0 && !words[cut..].iter().any(|w| matches!(w.as_str(), "of" | "for" | "the" | "and" | "&" | "who"))
}

/// Returns the key of a body's, group's or unnamed speaker's name.
pub(crate) fn body_key(name: &str) -> String {
    let mut words = words(name);
    while words.len() > 1 && matches!(words[0].as_str(), "the" | "a" | "an") {
        words.remove(0);
    }
    for word in &mut words {
        if word == "&" {
            *word = "and".to_string();
        }
    }
    let key = words.join(" ");
    names::country(&key).map(fold).unwrap_or(key)
}

/// Returns the initials of a body's name where they may stand for it (three letters or more): `mnf`.
pub(crate) fn initials(name: &str) -> Option<String> {
    let letters: String = name
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|w| w.chars().next().is_some_and(char::is_uppercase) && fold(w) != "the")
        .filter_map(|w| fold(w).chars().next())
        .collect();
    (letters.chars().count() >= 3).then_some(letters)
}

/// Returns the keys under which a referent is to be found and compared, sorted: its name, its surname, its aliases, a
/// body's initials.
pub fn forms(referent: &Referent) -> Vec<String> {
    let mut keys = BTreeSet::new();
    match referent.sort {
        Sort::Person => {
            for name in std::iter::once(&referent.name).chain(&referent.aliases) {
                let parsed = PersonName::parse(name);
                keys.insert(parsed.key());
                keys.insert(parsed.surname.join(" "));
                keys.insert(parsed.bare_surname());
                if let Some(first) = parsed.given.first() {
                    keys.insert(format!("{first} {}", parsed.surname.join(" ")));
                    keys.insert(format!("{first} {}", parsed.bare_surname()));
                }
            }
        }
        Sort::Organisation => {
            for name in std::iter::once(&referent.name).chain(&referent.aliases) {
                keys.insert(body_key(name));
                keys.insert(name_key(name));
                keys.extend(initials(name));
            }
        }
        Sort::Group | Sort::Unnamed => {
            for name in std::iter::once(&referent.name).chain(&referent.aliases) {
                keys.insert(body_key(name));
                keys.insert(name_key(name));
            }
        }
    }
    keys.into_iter().filter(|key| !key.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_key_for_the_forms_of_a_name() {
        for form in
            ["John F. Kerry", "JOHN KERRY", "Kerry, John", "U.S. Secretary of State John Kerry's", "Mr. John Kerry"]
        {
            let expected = if form.starts_with("U.S.") { "us secretary of state john kerry" } else { "john kerry" };
            assert_eq!(name_key(form), expected, "{form}");
        }
        assert_eq!(name_key("Secretary of State John Kerry"), "john kerry");
        assert_eq!(name_key("Mr Justice Marlowe"), "marlowe");
        assert_eq!(name_key("Secretary Kerry"), "kerry");
        assert_eq!(name_key("Staffan de Mistura"), "staffan de mistura");
        assert_eq!(name_key("José Ångström"), "jose angstrom");
        assert_eq!(name_key("The Dockers’ Union"), "dockers union");
        assert_eq!(name_key("Justice Department"), "justice department");
        assert_eq!(name_key("U.S."), "united states");
    }

    #[test]
    fn parts_of_a_name() {
        let name = PersonName::parse("Pieter J. van der Meer Jr.");
        assert_eq!(name.given, ["pieter", "j"]);
        assert_eq!(name.surname, ["van", "der", "meer"]);
        assert_eq!(name.generation.as_deref(), Some("jr"));
        assert_eq!(PersonName::parse("al-Assad").bare_surname(), "assad");
        assert!(PersonName::parse("Dean Acheson").given == ["dean"]);
    }

    proptest! {
        #[test]
        fn any_text_has_a_key_and_a_key_keeps_its_key(name in "\\PC{0,60}") {
            let key = name_key(&name);
            prop_assert!(key.len() <= name.len() * 8 + 32);
            let _ = PersonName::parse(&name).conflict(&PersonName::parse("John Kerry"));
        }
    }
}
