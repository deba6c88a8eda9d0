//! The rules, one a file. Each looks at an aligned pair and gives evidence for a repeat, for a contradiction, or against a finding.

mod antonyms;
mod cause;
mod change;
mod condition;
mod dates;
mod denial;
mod hedge;
mod measure;
mod numbers;
mod other_subject;
mod other_time;
mod polarity;
mod quantifiers;
mod question;
mod reporting_verbs;
mod roles;
mod wording;

use super::pair::Pair;
use crate::span::Span;

/// What a piece of evidence speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// A repeat.
    Repeat,
    /// A contradiction.
    Contradict,
    /// Neither: it takes weight from a contradiction.
    Veto,
}

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// What it speaks for.
    pub toward: Toward,
    /// How strongly, from 0 to 1.
    pub weight: f32,
    /// Where in the first statement.
    pub a: Vec<Span>,
    /// Where in the second.
    pub b: Vec<Span>,
    /// One plain sentence.
    pub says: String,
}

type Rule = fn(&Pair) -> Option<Evidence>;

/// The rules that the cheap judge knows, in the order in which it knows them and their reasons are given.
pub const RULES: [(&str, Rule); 16] = [
    ("opposite-polarity", polarity::look),
    ("numbers-differ", numbers::look),
    ("opposed-quantifiers", quantifiers::look),
    ("antonyms", antonyms::look),
    ("dates-differ", dates::look),
    ("denial", denial::look),
    ("cause-excluded", cause::look),
    ("roles-swapped", roles::look),
    ("same-wording", wording::look),
    ("condition", condition::look),
    ("question", question::look),
    ("hedge", hedge::look),
    ("other-subject", other_subject::look),
    ("other-time", other_time::look),
    ("another-measure", measure::look),
    ("change-stated", change::look),
];

/// Tells whether a rule of this name speaks for a contradiction.
pub fn opposes(rule: &str) -> bool {
    matches!(
        rule,
        "opposite-polarity"
            | "numbers-differ"
            | "opposed-quantifiers"
            | "antonyms"
            | "dates-differ"
            | "denial"
            | "cause-excluded"
            | "roles-swapped"
            | "reporting-verbs"
    )
}

/// Runs all rules.
pub fn look(pair: &Pair) -> Vec<Evidence> {
    RULES.iter().map(|(_, rule)| *rule).chain([reporting_verbs::look as Rule]).filter_map(|rule| rule(pair)).collect()
}

/// Quotes a span for a reason's sentence, shortened.
pub(super) fn quote(span: Span, text: &str) -> String {
    let words = span.of(text);
    let short: String = words.chars().take(60).collect();
    if short.len() < words.len() { format!("“{short}…”") } else { format!("“{short}”") }
}
