//! Verdicts on pairs of statements: repeat, contradiction or neither, and why.

mod engine;
pub mod features;
pub mod model;
pub mod pair;
pub mod rules;

pub use engine::{ENGINE_VERSION, analyse, as_read, glance, judge, judge_analysed, judge_glanced, reasons_for};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::span::Span;

/// One side of a pair to be judged.
#[derive(Clone, Debug, Default)]
pub struct Statement<'a> {
    /// The words, as published.
    pub text: &'a str,
    /// Who said it.
    pub speaker: Option<&'a str>,
    /// When it was published.
    pub date: Option<Date>,
    /// The reporting words (`denied`, `promised`), which may turn the content round.
    pub cue: Option<&'a str>,
    /// What stands before it in the article, and the headline: for telling what `it` and `this` are about.
    pub context: Option<&'a str>,
    /// Outlet.
    pub outlet: Option<&'a str>,
}

/// What two statements of one speaker are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// The same statement again, reworded or not.
    Repeat,
    /// Both cannot be true of the same thing at the same time.
    Contradict,
    /// Neither.
    Neutral,
}

/// Probabilities of the three labels; they add to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Probability of a repeat.
    pub repeat: f32,
    /// Probability of a contradiction.
    pub contradict: f32,
    /// Probability of neither.
    pub neutral: f32,
}

/// One piece of evidence for or against a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name of the rule.
    pub rule: String,
    /// Where in the first statement (bytes into its text).
    pub a: Vec<Span>,
    /// Where in the second statement.
    pub b: Vec<Span>,
    /// One plain sentence.
    pub says: String,
}

/// The judgement of one pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The likeliest label at the calibrated threshold.
    pub label: Label,
    /// How likely each label is.
    pub scores: Scores,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a finding in a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Both cannot be true, and the speaker does not acknowledge a change.
    Contradiction,
    /// The speaker says openly that the view has changed.
    ChangedPosition,
    /// Two outlets report one utterance incompatibly, or an outlet altered a quotation.
    ReportsDiffer,
    /// The same statement again.
    Repeat,
}
