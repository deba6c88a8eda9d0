//! Cue words: which forms report, and what may follow them.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Lexicon, LexiconError};

const TSV: &str = include_str!("en/cues.tsv");
const ATTITUDES: &str = include_str!("en/attitudes.tsv");

/// One cue form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The dictionary form, as its row names it.
    pub lemma: String,
    /// `speech`, `belief` or `intention`.
    pub act: String,
    /// What it takes: the letters are explained in the lexicon's header.
    pub takes: String,
    /// The words after the first, for a form of several words.
    pub rest: Vec<String>,
}

impl Cue {
    /// Tells whether the cue takes the complement named by `letter`.
    pub fn takes(&self, letter: char) -> bool {
        self.takes.contains(letter)
    }
}

/// The cue words, found by the first word of each form.
#[derive(Debug, Default)]
pub struct CueLexicon {
    verbs: FxHashMap<String, Vec<Cue>>,
    nouns: FxHashMap<String, Cue>,
    attitudes: FxHashMap<String, String>,
}

impl CueLexicon {
    /// Returns the English cue words that are part of the program.
    pub fn english() -> &'static CueLexicon {
        static LEXICON: OnceLock<CueLexicon> = OnceLock::new();
        // The rows are fixed and a test reads them; an empty lexicon would find nothing rather than fail.
        LEXICON.get_or_init(|| {
            let mut cues = CueLexicon::parse(TSV).unwrap_or_default();
            cues.attitudes = attitudes(ATTITUDES).unwrap_or_default();
            cues
        })
    }

    /// Reads the cue words from a lexicon.
    pub fn parse(tsv: &str) -> Result<CueLexicon, LexiconError> {
        let lexicon = Lexicon::parse("cues", tsv)?;
        let mut cues = CueLexicon::default();
        for key in lexicon.keys() {
            let field = |column| lexicon.get(key, column).unwrap_or("").to_string();
            for form in field("forms").split_whitespace() {
                let mut parts = form.split('_').map(str::to_string);
                let Some(first) = parts.next() else { continue };
                let cue =
                    Cue { lemma: key.to_string(), act: field("act"), takes: field("takes"), rest: parts.collect() };
                if cue.takes('n') {
                    cues.nouns.insert(first, cue);
                } else {
                    cues.verbs.entry(first).or_default().push(cue);
                }
            }
        }
        Ok(cues)
    }

    /// Returns the verb forms that begin with `word`, which is in lower case.
    pub fn verbs(&self, word: &str) -> &[Cue] {
        self.verbs.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the noun form `word`, which is in lower case.
    pub fn noun(&self, word: &str) -> Option<&Cue> {
        self.nouns.get(word)
    }

    /// Returns the act that `word`, in lower case, tells of: that of a cue, else that of a word for an attitude.
    pub fn act(&self, word: &str) -> Option<&str> {
        let cue = self.verbs(word).first().or_else(|| self.noun(word));
        cue.map(|c| &c.act).or_else(|| self.attitudes.get(word)).map(String::as_str)
    }
}

/// Reads words for attitudes: form and act.
fn attitudes(tsv: &str) -> Result<FxHashMap<String, String>, LexiconError> {
    let lexicon = Lexicon::parse("attitudes", tsv)?;
    let mut acts = FxHashMap::default();
    for key in lexicon.keys() {
        let act = lexicon.get(key, "act").unwrap_or("");
        for form in lexicon.get(key, "forms").unwrap_or("").split_whitespace() {
            acts.insert(form.to_string(), act.to_string());
        }
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_its_example_holds_one_of_its_forms() {
        let cues = CueLexicon::parse(TSV).unwrap();
        assert!(cues.verbs("said")[0].takes('s'));
        assert_eq!(cues.noun("claim").unwrap().act, "speech");
        let lexicon = Lexicon::parse("cues", TSV).unwrap();
        for key in lexicon.keys() {
            let example = lexicon.get(key, "example").unwrap();
            let forms = lexicon.get(key, "forms").unwrap().replace('_', " ");
            let held = lexicon.get(key, "forms").unwrap().split(' ').any(|f| example.contains(&f.replace('_', " ")));
            assert!(held, "{key}: {forms} not in {example}");
        }
    }

    #[test]
    fn attitudes_are_no_cues_and_their_examples_hold_one_of_their_forms() {
        let lexicon = Lexicon::parse("attitudes", ATTITUDES).unwrap();
        for key in lexicon.keys() {
            let example = lexicon.get(key, "example").unwrap();
            let forms: Vec<&str> = lexicon.get(key, "forms").unwrap().split(' ').collect();
            assert!(example.split(' ').any(|w| forms.contains(&w)), "{key}: {forms:?} not in {example}");
            for form in forms {
                let act = lexicon.get(key, "act");
                assert_eq!(CueLexicon::english().act(form), act, "`{form}` is a cue already");
            }
        }
    }
}
