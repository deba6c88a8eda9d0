//! Small words by which frames and phrases are told: pronouns, auxiliaries, prepositions, days.

use crate::lexicon::cues::CueLexicon;
use crate::tagging::elements::Element;

pub(super) const PRONOUNS: &[&str] = &["he", "i", "it", "she", "they", "we", "you"];

pub(super) const RELATIVES: &[&str] = &["who", "which"];

pub(super) const AUXILIARIES: &[&str] = &[
    "'d", "'ve", "also", "always", "again", "both", "can", "could", "did", "do", "does", "even", "first", "further",
    "had", "has", "have", "just", "later", "may", "might", "must", "never", "not", "n't", "n’t", "now", "often",
    "once", "only", "ever", "should", "since", "still", "then", "will", "would", "’d", "’ve", "all",
];

pub(super) const BE: &[&str] =
    &["am", "are", "be", "been", "being", "is", "was", "were", "'s", "’s", "'re", "’re", "get", "got"];

pub(super) const DETERMINERS: &[&str] = &[
    "a", "all", "an", "another", "any", "both", "each", "every", "few", "her", "his", "its", "many", "most", "my",
    "no", "one", "other", "our", "several", "some", "that", "the", "their", "these", "this", "those", "three", "two",
    "your",
];

pub(super) const PREPOSITIONS: &[&str] = &[
    "about",
    "across",
    "after",
    "against",
    "among",
    "around",
    "as",
    "at",
    "before",
    "between",
    "by",
    "during",
    "for",
    "from",
    "in",
    "including",
    "inside",
    "into",
    "like",
    "near",
    "of",
    "on",
    "outside",
    "over",
    "since",
    "through",
    "to",
    "under",
    "until",
    "with",
    "within",
    "without",
];

/// Words that no noun phrase goes past.
pub(super) const BOUNDARIES: &[&str] = &[
    "although", "and", "because", "but", "how", "if", "nor", "or", "so", "than", "that", "then", "there", "though",
    "unless", "what", "when", "whenever", "where", "whereas", "whether", "which", "while", "who", "whom", "whose",
    "why", "yet", "am", "are", "be", "been", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may",
    "might", "must", "not", "should", "was", "were", "will", "would", "he", "i", "it", "she", "they", "we", "you",
    "him", "them",
];

pub(super) const PARTICLES: &[&str] =
    &["al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "van", "von"];

pub(super) const DAYS: &[&str] = &[
    "april",
    "august",
    "december",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "march",
    "may",
    "monday",
    "november",
    "october",
    "saturday",
    "september",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
    "today",
    "yesterday",
    "tomorrow",
];

pub(super) const OPENERS: &[&str] = &[
    "again",
    "also",
    "and",
    "but",
    "earlier",
    "finally",
    "however",
    "instead",
    "later",
    "meanwhile",
    "nevertheless",
    "now",
    "or",
    "so",
    "still",
    "then",
    "though",
    "thus",
    "today",
    "tonight",
    "yesterday",
    "yet",
    "even",
    "yes",
    "no",
    "elsewhere",
    "separately",
];

pub(super) fn cue_is_participle(word: &str) -> bool {
    word.ends_with("ing") && word.len() > 5
}

/// An adverb by its ending.
pub(super) fn is_adverb(e: &Element) -> bool {
    e.word
        && !e.capital
        && e.lower.ends_with("ly")
        && e.lower.len() > 4
        && !e.is(&["family", "assembly", "early", "daily", "rally", "italy", "supply", "reply", "ally"])
}

pub(super) fn is_nominal(e: &Element) -> bool {
    e.word
        && !e.is(BOUNDARIES)
        && !e.is(PREPOSITIONS)
        && !e.is(OPENERS)
        && !is_adverb(e)
        && (!e.is(DETERMINERS)
            || e.is(&["both", "many", "some", "most", "one", "another", "several", "few", "two", "three", "all"]))
        && !e.is(AUXILIARIES)
}

pub(super) fn is_verb_like(e: &Element) -> bool {
    !e.capital
        && (e.is(BE) && !e.is(&["'s", "’s"])
            || CueLexicon::english().verbs(&e.lower).iter().any(|c| c.rest.is_empty())
                && !e.lower.ends_with('s')
                && (e.lower.ends_with("ed") || e.is(&["said", "told", "wrote", "thought", "knew"])))
}

/// Tells whether an element may begin a clause that is reported.
pub fn is_pronoun(e: &Element) -> bool {
    e.is(PRONOUNS)
}

/// Tells whether an element is a determiner.
pub fn is_determiner(e: &Element) -> bool {
    e.is(DETERMINERS)
}

/// Tells whether an element is a preposition.
pub fn is_preposition(e: &Element) -> bool {
    e.is(PREPOSITIONS)
}

/// Tells whether an element names a day or a month.
pub fn is_day(e: &Element) -> bool {
    e.is(DAYS)
}
