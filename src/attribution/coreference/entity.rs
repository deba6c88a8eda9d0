//! One person or body of an article: names, gender, roles, and whether two names may be one person's.

use super::mentions::Mention;
use crate::attribution::{Gender, Sort};
use crate::lexicon::names;

/// One person or body of the article.
#[derive(Clone, Debug, Default)]
pub(super) struct Entity {
    /// The fullest name, word by word, as published.
    pub name: Vec<String>,
    /// The same, folded.
    pub low: Vec<String>,
    /// Points for a person, against a body.
    pub person: i32,
    pub place: bool,
    pub gender: Option<Gender>,
    pub roles: Vec<String>,
    pub aliases: Vec<String>,
    /// Numbers of its mentions: those by a full name in order, then those by a short one in order.
    pub mentions: Vec<usize>,
    /// How many of them are by a full name.
    pub full: usize,
    /// A description where there is no name.
    pub description: Option<String>,
    /// What it is, where that is not to be read from its name.
    pub fixed: Option<Sort>,
}

impl Entity {
    /// Returns how many of its mentions stand before a token, and the last of them: by a short name, else by a full one.
    pub fn mentioned_before(&self, mentions: &[Mention], token: usize) -> (usize, Option<usize>) {
        let (full, short) = self.mentions.split_at(self.full.min(self.mentions.len()));
        let before = |list: &[usize]| list.partition_point(|m| mentions[*m].start < token);
        let (full_before, short_before) = (before(full), before(short));
        let last = short[..short_before].last().or(full[..full_before].last());
        (full_before + short_before, last.copied())
    }

    /// Returns its last mention before a token.
    pub fn last_mention(&self, mentions: &[Mention], token: usize) -> Option<usize> {
        self.mentioned_before(mentions, token).1
    }

    pub fn display(&self) -> String {
        if let Some(description) = &self.description {
            return description.clone();
        }
        let name = join_name(&self.name);
        if self.sort() == Sort::Person { unshouted(name) } else { name }
    }

    pub fn sort(&self) -> Sort {
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        if self.description.is_some() {
            Sort::Unnamed
        } else if self.person >= 0 && !self.place {
            Sort::Person
        } else {
            Sort::Organisation
        }
    }

    fn surname_at(&self) -> usize {
        let mut at = self.low.len().saturating_sub(1);
        if at > 1 && matches!(self.low[at].as_str(), "jr" | "sr" | "ii" | "iii" | "iv" | "kc" | "qc" | "mp") {
            at -= 1;
        }
        at
    }

    pub fn surname(&self) -> &str {
        self.low.get(self.surname_at()).map_or("", String::as_str)
    }

    pub fn add_role(&mut self, role: String) {
        let key = names::fold(&role);
        if !role.is_empty() && self.roles.len() < 8 && !self.roles.iter().any(|r| names::fold(r) == key) {
            self.roles.push(role);
        }
    }

    pub fn add_alias(&mut self, alias: String) {
        if !alias.is_empty() && alias != self.display() && self.aliases.len() < 10 && !self.aliases.contains(&alias) {
            self.aliases.push(alias);
        }
    }
}

/// Writes a name that a transcript sets in capitals as it is written elsewhere: `MARY-ANN O'NEAL JR.` as `Mary-Ann O'Neal Jr.`
fn unshouted(name: String) -> String {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    // Three letters are initials: `JFK`.
    if letters <= 3 || name.chars().any(char::is_lowercase) {
        return name;
    }
    let word = |word: &str| {
        let initials = word.split('.').all(|part| part.chars().count() <= 1);
        if initials || matches!(word, "II" | "III" | "IV") {
            return word.to_string();
        }
        let mut out = String::with_capacity(word.len());
        // Letters since the last mark; the one after `MC` is a capital again.
        let mut since = 0;
        for c in word.chars() {
            let opens = since == 0 || since == 2 && out.ends_with("Mc") && word.chars().count() > 4;
            match opens {
                true => out.extend(c.to_uppercase()),
                false => out.extend(c.to_lowercase()),
            }
            since = if c.is_alphabetic() { since + 1 } else { 0 };
        }
        out
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Joins words as they are written: `Nurses` and `’` stand together.
pub(super) fn join_name(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let joined = matches!(word.as_str(), "’" | "'" | "’s" | "'s" | ",");
        if !out.is_empty() && !joined {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Returns a particle-free form of a surname word: `al-Assad` as `assad`.
pub(super) fn bare(low: &str) -> &str {
    match low.split_once('-') {
        Some((particle, rest)) if names::is_particle(particle) && !rest.is_empty() => rest,
        _ => low,
    }
}

/// Tells whether two full names may be one person's.
pub(super) fn same_person(a: &[String], b: &[String]) -> bool {
    let generation =
        |n: &[String]| n.last().filter(|l| matches!(l.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")).cloned();
    if generation(a) != generation(b) {
        return false;
    }
    let strip = |n: &[String]| -> Vec<String> {
        n.iter().filter(|w| !matches!(w.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")).cloned().collect()
    };
    let (a, b) = (strip(a), strip(b));
    let (Some(la), Some(lb)) = (a.last(), b.last()) else { return false };
    if bare(la) != bare(lb) || a.len() < 2 || b.len() < 2 {
        return false;
    }
    if !names::forenames_agree(&a[0], &b[0]) {
        return false;
    }
    // Middle names agree where both have them.
    if a.len() > 2 && b.len() > 2 {
        let (x, y) = (&a[1], &b[1]);
        let initial = x.chars().count() == 1 || y.chars().count() == 1;
        return x == y
            || initial && x.chars().next() == y.chars().next()
            || names::is_particle(x)
            || names::is_particle(y);
    }
    true
}

pub(super) fn gender_fits(a: Option<Gender>, b: Option<Gender>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Returns the initials of a name of three words or more with capitals, folded.
pub(super) fn initials(name: &[String]) -> Option<String> {
    let letters: String = name
        .iter()
        .filter(|w| w.chars().next().is_some_and(char::is_uppercase))
        .filter_map(|w| names::fold(w).chars().next())
        .collect();
    (letters.chars().count() >= 3).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::unshouted;

    #[test]
    fn capitals_are_how_a_transcript_prints_a_name() {
        for (printed, name) in [
            ("DONALD TRUMP", "Donald Trump"),
            ("FREDERICK RYAN JR.", "Frederick Ryan Jr."),
            ("MARY-ANN O'NEAL", "Mary-Ann O'Neal"),
            ("T. J. MCCABE III", "T. J. McCabe III"),
            ("J.D. MACE", "J.D. Mace"),
            ("JFK", "JFK"),
            ("LEVY", "Levy"),
            ("Al Bo", "Al Bo"),
        ] {
            assert_eq!(unshouted(printed.into()), name);
        }
    }
}
