//! The lexicons that reading a claim needs, parsed once and kept by lemma.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lexicon::Lexicon;

macro_rules! lexicon {
    ($name:literal) => {
        // The lexicons are part of the binary and a test reads every one; an unreadable one counts as empty.
        Lexicon::parse($name, include_str!(concat!("../lexicon/en/", $name, ".tsv"))).unwrap_or_default()
    };
}

/// A phrase of a lexicon as lemmas, with what the lexicon says of it.
#[derive(Clone, Debug)]
pub struct Phrase<T> {
    /// Its lemmas in order.
    pub lemmas: Vec<String>,
    /// What it means.
    pub meaning: T,
}

/// Phrases by their first lemma, longest first.
pub type Phrases<T> = FxHashMap<String, Vec<Phrase<T>>>;

/// How far a negator reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Over the words after it in its clause.
    Ahead,
    /// Over its whole clause.
    Clause,
}

/// What a reporting verb does to the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The content is asserted.
    Assert,
    /// The content is denied.
    Deny,
    /// The content is promised.
    Promise,
    /// The content is asked.
    Ask,
    /// The content is guessed, feared or hoped.
    Hedge,
    /// The content is ordered or demanded.
    Order,
}

/// How a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// As it stands.
    Exact,
    /// Near it.
    About,
    /// It or more.
    Least,
    /// More than it.
    More,
    /// It or less.
    Most,
    /// Less than it.
    Less,
}

/// What kind of quantity a unit measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// `money`, `percent`, `time`, …
    pub kind: String,
    /// How many base units it is.
    pub factor: f64,
}

/// All of them.
pub struct Vocabulary {
    /// Irregular form to base form.
    pub irregular: FxHashMap<String, String>,
    /// Negators.
    pub negators: Phrases<Reach>,
    /// Hedges with their strength.
    pub hedges: Phrases<f32>,
    /// Openers of conditions.
    pub conditions: Phrases<()>,
    /// Quantifiers with the shares they allow.
    pub quantifiers: Phrases<(f32, f32)>,
    /// Words that bound a number.
    pub bounds: Phrases<Bound>,
    /// Units.
    pub units: Phrases<Unit>,
    /// Reporting verbs.
    pub reporting: Phrases<Effect>,
    /// Phrases by which a speaker owns a change of view; `true` where the phrase alone is enough.
    pub acknowledgements: Vec<(String, bool)>,
    /// Opposites, both ways.
    pub antonyms: FxHashMap<String, BTreeSet<String>>,
    /// Words used for one another, both ways.
    pub synonyms: FxHashMap<String, BTreeSet<String>>,
    /// How telling a lemma is, 0 to 1; lemmas that are not here are as telling as can be.
    pub weights: FxHashMap<String, f32>,
}

/// The vocabulary of English.
pub static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::english);

impl Vocabulary {
    fn english() -> Vocabulary {
        let irregular: FxHashMap<String, String> =
            lexicon!("irregular").rows().map(|r| (r[0].clone(), r[1].clone())).collect();
        let lemma = |word: &str| super::words::lemma_of(word, &irregular);
        let number = |text: &str| text.parse::<f32>().unwrap_or(0.0);
        let both_ways = |lexicon: &Lexicon| {
            let mut map: FxHashMap<String, BTreeSet<String>> = FxHashMap::default();
            for row in lexicon.rows() {
                for other in row[1].split(',') {
                    let (a, b) = (lemma(&row[0]), lemma(other));
                    if a != b {
                        map.entry(a.clone()).or_default().insert(b.clone());
                        map.entry(b).or_default().insert(a);
                    }
                }
            }
            map
        };
        Vocabulary {
            negators: phrases(&lexicon!("negators"), &lemma, |r| {
                if r[1] == "clause" { Reach::Clause } else { Reach::Ahead }
            }),
            hedges: phrases(&lexicon!("hedges"), &lemma, |r| number(&r[1])),
            conditions: phrases(&lexicon!("conditions"), &lemma, |_| ()),
            quantifiers: phrases(&lexicon!("quantifiers"), &lemma, |r| (number(&r[1]), number(&r[2]))),
            bounds: phrases(&lexicon!("bounds"), &lemma, |r| match r[1].as_str() {
                "about" => Bound::About,
                "least" => Bound::Least,
                "more" => Bound::More,
                "most" => Bound::Most,
                "less" => Bound::Less,
                _ => Bound::Exact,
            }),
            units: phrases(&lexicon!("units"), &lemma, |r| Unit {
                kind: r[1].clone(),
                factor: r[2].parse().unwrap_or(1.0),
            }),
            reporting: phrases(&lexicon!("reporting"), &lemma, |r| match r[1].as_str() {
                "deny" => Effect::Deny,
                "promise" => Effect::Promise,
                "ask" => Effect::Ask,
                "hedge" => Effect::Hedge,
                "order" => Effect::Order,
                _ => Effect::Assert,
            }),
            acknowledgements: lexicon!("acknowledgements").rows().map(|r| (r[0].clone(), r[1] == "1")).collect(),
            antonyms: both_ways(&lexicon!("antonyms")),
            synonyms: both_ways(&lexicon!("synonyms")),
            weights: lexicon!("common_words").rows().map(|r| (r[0].clone(), number(&r[1]))).collect(),
            irregular,
        }
    }
}

/// Tells whether one lemma is the other with a prefix that turns it round: `able`, `unable`.
pub fn opposed_by_prefix(a: &str, b: &str) -> bool {
    let turned = |long: &str, short: &str| {
        short.len() > 3 && ["un", "in", "dis"].iter().any(|prefix| long.strip_prefix(prefix) == Some(short))
    };
    turned(a, b) || turned(b, a)
}

fn phrases<T: Clone>(
    lexicon: &Lexicon,
    lemma: &dyn Fn(&str) -> String,
    meaning: impl Fn(&[String]) -> T,
) -> Phrases<T> {
    let mut map: Phrases<T> = FxHashMap::default();
    for row in lexicon.rows() {
        let lemmas: Vec<String> = row[0].split_whitespace().map(lemma).collect();
        if let Some(first) = lemmas.first().cloned() {
            map.entry(first).or_default().push(Phrase { lemmas, meaning: meaning(row) });
        }
    }
    for list in map.values_mut() {
        list.sort_by_key(|p| std::cmp::Reverse(p.lemmas.len()));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lexicon_of_this_room_reads_and_its_examples_hold_the_entry() {
        let mut wrong = Vec::new();
        for (name, tsv) in [
            ("negators", include_str!("../lexicon/en/negators.tsv")),
            ("hedges", include_str!("../lexicon/en/hedges.tsv")),
            ("conditions", include_str!("../lexicon/en/conditions.tsv")),
            ("quantifiers", include_str!("../lexicon/en/quantifiers.tsv")),
            ("bounds", include_str!("../lexicon/en/bounds.tsv")),
            ("units", include_str!("../lexicon/en/units.tsv")),
            ("reporting", include_str!("../lexicon/en/reporting.tsv")),
            ("acknowledgements", include_str!("../lexicon/en/acknowledgements.tsv")),
            ("antonyms", include_str!("../lexicon/en/antonyms.tsv")),
            ("synonyms", include_str!("../lexicon/en/synonyms.tsv")),
            ("irregular", include_str!("../lexicon/en/irregular.tsv")),
        ] {
            let lexicon = Lexicon::parse(name, tsv).unwrap();
            for row in lexicon.rows() {
                let words =
                    |text: &str| super::super::words::split(text).iter().map(|w| w.lemma.clone()).collect::<Vec<_>>();
                let (entry, example) = (words(&row[0]), words(row.last().unwrap()));
                if !example.windows(entry.len()).any(|w| w == entry.as_slice()) {
                    wrong.push(format!("{name}: `{}` is not in its example: {entry:?} {example:?}", row[0]));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
