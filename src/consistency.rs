//! Claims of a speaker to findings: candidates are judged, sorted into kinds and grouped. Wiring only.

use crate::claim::{Claim, ClaimId};
use crate::verdict::{FindingKind, Reason};

/// One pair of claims that says something about a speaker's consistency.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable identity: derived from the two claims' evidence, so it outlives re-reading.
    pub id: String,
    /// What it is.
    pub kind: FindingKind,
    /// The earlier claim.
    pub a: Claim,
    /// The later claim.
    pub b: Claim,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// A person's verdict on it.
    pub review: Option<Review>,
}

/// A person's verdict on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// `accepted`, `rejected` or what the reviewer wrote.
    pub verdict: String,
    /// Free words.
    pub note: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    /// Whether the evidence has changed since, so that the verdict wants another look.
    pub reopened: bool,
}

/// One statement that was made more than once.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    /// The first time.
    pub statement: Claim,
    /// How often, wire copies and re-quotations of one utterance counted once.
    pub count: usize,
    /// In how many outlets.
    pub outlets: usize,
    /// All claims in the group, in order of date.
    pub claims: Vec<ClaimId>,
    /// Latest of them.
    pub last: Option<jiff::civil::Date>,
    /// How many were copies of one utterance.
    pub wire_copies: usize,
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Whose claims.
    pub speaker: String,
    /// How many claims.
    pub claims: usize,
    /// From how many articles.
    pub articles: usize,
    /// From how many outlets.
    pub outlets: usize,
    /// Earliest day.
    pub from: Option<jiff::civil::Date>,
    /// Latest day.
    pub to: Option<jiff::civil::Date>,
}

/// All findings on one or more speakers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Findings of every kind, surest first within a kind.
    pub findings: Vec<Finding>,
    /// Statements made more than once.
    pub repeated: Vec<Repeated>,
    /// What was looked at.
    pub coverage: Vec<Coverage>,
}
