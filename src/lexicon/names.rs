//! What the lexicons know of names: titles, forenames and their short forms, particles, frequent surnames.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::Lexicon;

/// Who bears a forename or a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearers {
    /// Women.
    Women,
    /// Men.
    Men,
    /// Either.
    Both,
}

/// What kind of title it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleKind {
    /// `Mr`, `Ms`.
    Courtesy,
    /// `Dr`, `Professor`.
    Learned,
    /// `Sir`, `Lady`, `King`.
    Noble,
    /// `Pope`, `Rev`.
    Church,
    /// `Senator`, `Mayor`, `Spokeswoman`.
    Office,
    /// `Captain`, `Gen`.
    Rank,
}

/// A title that stands before names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// What kind it is.
    pub kind: TitleKind,
    /// Who bears it.
    pub bearers: Bearers,
    /// The role it tells, in lower case; `None` for a mere courtesy.
    pub role: Option<String>,
}

/// What a noun for a body tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Class of body: `company`, `ministry`, `union` …
    pub class: String,
    /// Whether a capitalised name that holds the noun is a body's for certain.
    pub certain: bool,
}

struct Names {
    titles: FxHashMap<String, Title>,
    forenames: FxHashMap<String, Bearers>,
    full: FxHashMap<String, String>,
    particles: FxHashMap<String, ()>,
    function_words: FxHashMap<String, ()>,
    frequent: FxHashMap<String, ()>,
    common: FxHashMap<String, ()>,
    bodies: FxHashMap<String, Body>,
    countries: FxHashMap<String, String>,
    adjectives: FxHashMap<String, String>,
    roles: FxHashMap<String, Bearers>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    // A shipped lexicon that does not parse is a fault that the tests name; at run time the rest still works.
    let read = |name: &str, tsv: &str| Lexicon::parse(name, tsv).unwrap_or_default();
    let mut titles = FxHashMap::default();
    for row in read("titles", include_str!("en/titles.tsv")).rows() {
        let [title, kind, gender, role, ..] = row else { continue };
        let kind = match kind.as_str() {
            "courtesy" => TitleKind::Courtesy,
            "learned" => TitleKind::Learned,
            "noble" => TitleKind::Noble,
            "church" => TitleKind::Church,
            "rank" => TitleKind::Rank,
            _ => TitleKind::Office,
        };
        let role = (role != "-").then(|| role.clone());
        titles.insert(title.clone(), Title { kind, bearers: bearers(gender), role });
    }
    let mut forenames = FxHashMap::default();
    for row in read("forenames", include_str!("en/forenames.tsv")).rows() {
        let [key, names, ..] = row else { continue };
        let who = bearers(key.rsplit('-').next().unwrap_or(""));
        forenames.extend(names.split(' ').map(|name| (name.to_string(), who)));
    }
    let mut countries = FxHashMap::default();
    let mut adjectives = FxHashMap::default();
    for row in read("places", include_str!("en/places.tsv")).rows() {
        let [place, name, words, ..] = row else { continue };
        countries.insert(place.clone(), name.clone());
        adjectives.extend(words.split(' ').filter(|w| *w != "-").map(|w| (w.to_string(), name.clone())));
    }
    let frequent = read("surnames", include_str!("en/surnames.tsv"));
    let common = read("common_forenames", include_str!("en/common_forenames.tsv"));
    let names_in = |table: &Lexicon| -> FxHashMap<String, ()> {
        let names = table.rows().filter_map(|row| row.get(1)).flat_map(|names| names.split(' '));
        names.map(|n| (n.to_string(), ())).collect()
    };
    Names {
        titles,
        forenames,
        full: read("nicknames", include_str!("en/nicknames.tsv"))
            .rows()
            .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
            .collect(),
        particles: read("particles", include_str!("en/particles.tsv")).keys().map(|k| (k.to_string(), ())).collect(),
        function_words: read("function_words", include_str!("en/function_words.tsv"))
            .keys()
            .map(|k| (k.to_string(), ()))
            .collect(),
        frequent: names_in(&frequent),
        common: names_in(&common),
        bodies: read("organisations", include_str!("en/organisations.tsv"))
            .rows()
            .filter_map(|row| {
                let [noun, class, certain, ..] = row else { return None };
                Some((noun.clone(), Body { class: class.clone(), certain: certain == "y" }))
            })
            .collect(),
        countries,
        adjectives,
        roles: read("role_nouns", include_str!("en/role_nouns.tsv"))
            .rows()
            .filter_map(|row| Some((row.first()?.clone(), bearers(row.get(1)?))))
            .collect(),
    }
});

fn bearers(letter: &str) -> Bearers {
    match letter {
        "f" => Bearers::Women,
        "m" => Bearers::Men,
        _ => Bearers::Both,
    }
}

/// Returns the title that `words` (folded, without full stops) are.
pub fn title(words: &str) -> Option<&'static Title> {
    NAMES.titles.get(words)
}

/// Returns who bears the forename `word` (folded); `None` where it is not known as a forename.
pub fn forename(word: &str) -> Option<Bearers> {
    if let Some(found) = NAMES.forenames.get(word) {
        return Some(*found);
    }
    // `Jean-Claude` is a forename where its first part is one.
    let (first, _) = word.split_once('-')?;
    NAMES.forenames.get(first).copied()
}

/// Tells whether `word` (folded) is a particle of surnames, such as `de` or `van`.
pub fn is_particle(word: &str) -> bool {
    NAMES.particles.contains_key(word)
}

/// Tells whether `word` (folded) is of a closed class, or opens sentences so often that its capital there shows no name.
pub fn is_function_word(word: &str) -> bool {
    NAMES.function_words.contains_key(word)
}

/// Tells whether the surname `word` (folded) is so frequent that it alone says little.
pub fn is_frequent_surname(word: &str) -> bool {
    NAMES.frequent.contains_key(word)
}

/// Tells whether the forename `word` (folded) is so common that with a frequent surname it is borne by many.
pub fn is_common_forename(word: &str) -> bool {
    NAMES.common.contains_key(NAMES.full.get(word).map_or(word, String::as_str))
}

/// Returns who bears the role `word` (folded, singular); `None` where it is no noun for a person.
pub fn role(word: &str) -> Option<Bearers> {
    NAMES.roles.get(word).copied().or_else(|| {
        // `vice-president`, `co-chair`, `ex-wife`
        let (first, last) = word.rsplit_once('-')?;
        matches!(first, "vice" | "co" | "ex" | "ex-vice" | "sub" | "under" | "self")
            .then(|| NAMES.roles.get(last).copied())?
    })
}

/// Returns the singular of a noun (folded) for people or bodies where the word is a plural: `spokesmen`, `agencies`.
pub fn singular(word: &str) -> Option<String> {
    let known = |w: &str| NAMES.roles.contains_key(w) || NAMES.bodies.contains_key(w);
    if matches!(word, "people" | "children" | "wives" | "families" | "folks" | "others") {
        return Some("person".to_string());
    }
    let mut forms = Vec::new();
    if let Some(stem) = word.strip_suffix("men") {
        forms.push(format!("{stem}man"));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix("es") {
        forms.push(stem.to_string());
    }
    if let Some(stem) = word.strip_suffix('s') {
        forms.push(stem.to_string());
    }
    if known(word) {
        return None;
    }
    forms.into_iter().find(|form| known(form))
}

/// Returns what the noun `word` (folded, singular) tells of a body.
pub fn body(word: &str) -> Option<&'static Body> {
    NAMES.bodies.get(word)
}

/// Tells whether a capitalised name with `word` (folded) in it is a body's for certain.
pub fn is_body(word: &str) -> bool {
    NAMES.bodies.get(word).is_some_and(|b| b.certain)
}

/// Returns the name to keep for a country or union of countries (folded): `us` gives `United States`.
pub fn country(word: &str) -> Option<&'static str> {
    NAMES.countries.get(word).map(String::as_str)
}

/// Returns the country that an adjective (folded) belongs to: `syrian` gives `Syria`.
pub fn adjective_of(word: &str) -> Option<&'static str> {
    NAMES.adjectives.get(word).map(String::as_str)
}

/// Tells whether two forenames (folded, without full stops) may be one person's: equal, an initial of the other, or its short form.
pub fn forenames_agree(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let short = |x: &str| x.chars().count() == 1;
    if short(a) || short(b) {
        return a.chars().next() == b.chars().next();
    }
    let full = |x: &'_ str| NAMES.full.get(x).cloned().unwrap_or_else(|| x.to_string());
    full(a) == full(b)
}

/// Folds a word for comparison: lower case, no diacritics, straight apostrophes.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' => out.push('\''),
            '‐' | '‑' | '–' => out.push('-'),
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'ı' => out.push('i'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Cuts a possessive ending: `Kerry's`, `Jones'`.
pub fn without_possessive(word: &str) -> &str {
    for ending in ["'s", "’s", "'S", "’S", "ʼs"] {
        if let Some(stem) = word.strip_suffix(ending) {
            return stem;
        }
    }
    word.strip_suffix(['\'', '’']).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_keep_the_format() {
        for (name, tsv) in [
            ("titles", include_str!("en/titles.tsv")),
            ("forenames", include_str!("en/forenames.tsv")),
            ("nicknames", include_str!("en/nicknames.tsv")),
            ("particles", include_str!("en/particles.tsv")),
            ("function_words", include_str!("en/function_words.tsv")),
            ("surnames", include_str!("en/surnames.tsv")),
            ("organisations", include_str!("en/organisations.tsv")),
            ("places", include_str!("en/places.tsv")),
            ("role_nouns", include_str!("en/role_nouns.tsv")),
        ] {
            let lexicon = Lexicon::parse(name, tsv).unwrap_or_else(|e| panic!("{e}"));
            assert!(tsv.starts_with("# ") && tsv.contains("icence:"), "{name} names its origin and licence");
            for row in lexicon.rows() {
                let example = fold(row.last().map_or("", String::as_str));
                let by_letter = matches!(name, "forenames" | "surnames");
                let words = if by_letter { row[1].clone() } else { row[0].clone() };
                assert!(
                    words.split(' ').any(|w| example.contains(w)),
                    "{name}: the example of `{}` holds none of its words",
                    row[0]
                );
            }
        }
    }

    #[test]
    fn forenames_are_compared_by_initial_and_short_form() {
        assert!(forenames_agree("j", "john"));
        assert!(forenames_agree("bill", "william"));
        assert!(forenames_agree("bob", "bobby"));
        assert!(!forenames_agree("ilse", "simon"));
    }

    #[test]
    fn folding_drops_what_spelling_varies_in() {
        assert_eq!(fold("Łukasz O’Brien-Møller"), "lukasz o'brien-moller");
        assert_eq!(without_possessive("Jones’"), "Jones");
        assert_eq!(without_possessive("Kerry’s"), "Kerry");
    }
}
