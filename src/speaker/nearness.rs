//! Names that look like a mistyped one: `Did you mean …`.

use strsim::jaro_winkler;

use super::name::{PersonName, name_key};

/// Likeness from which a name is worth showing.
const LIKE: f64 = 0.86;
/// Most names shown.
const MOST: usize = 5;

/// A name that is near to what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The name, as it was given.
    pub name: String,
    /// How near, 0 to 1.
    pub score: f64,
}

/// Returns the names nearest to `query`, best first, five at most; none where nothing is near.
///
/// Jaro-Winkler finds slips of the keyboard but not another order of words, so the words are compared sorted as well, and
/// a single word is compared with surnames and forenames too.
pub fn near<'n>(query: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<Near> {
    let wanted = name_key(query);
    let sorted_wanted = sorted(&wanted);
    let single = !wanted.contains(' ');
    let mut found: Vec<Near> = Vec::new();
    for name in names {
        let key = name_key(name);
        let mut score = jaro_winkler(&wanted, &key).max(jaro_winkler(&sorted_wanted, &sorted(&key)));
        if single {
            let parsed = PersonName::parse(name);
            for word in parsed.given.iter().chain(&parsed.surname) {
                if word.chars().count() > 2 {
                    score = score.max(jaro_winkler(&wanted, word) * 0.98);
                }
            }
            score = score.max(jaro_winkler(&wanted, &parsed.bare_surname()) * 0.99);
        } else if let Some(last) = wanted.rsplit(' ').next() {
            // `Jon Kery` is near `John Kerry` though neither word is right; `Mary Kerry` is near by its surname alone.
            if PersonName::parse(name).bare_surname() == last {
                score = score.max(LIKE);
            }
        }
        if score >= LIKE {
            found.push(Near { name: name.to_string(), score });
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.name.cmp(&b.name)));
    found.dedup_by(|a, b| a.name == b.name);
    found.truncate(MOST);
    found
}

fn sorted(key: &str) -> String {
    let mut words: Vec<&str> = key.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["Martha Ellison", "Pieter van der Meer", "Jean-Luc Ferrand", "Dockers’ Union"];

    fn first(query: &str) -> Option<String> {
        near(query, NAMES).first().map(|n| n.name.clone())
    }

    #[test]
    fn slips_and_inversions_find_the_name() {
        assert_eq!(first("Marta Elison").as_deref(), Some("Martha Ellison"));
        assert_eq!(first("Ellison, Marhta").as_deref(), Some("Martha Ellison"));
        assert_eq!(first("Elisson").as_deref(), Some("Martha Ellison"));
        assert_eq!(first("van der Mer").as_deref(), Some("Pieter van der Meer"));
        assert_eq!(first("dockers union").as_deref(), Some("Dockers’ Union"));
    }

    #[test]
    fn a_strange_name_finds_nothing() {
        assert_eq!(near("Qwzx", NAMES), []);
    }
}
