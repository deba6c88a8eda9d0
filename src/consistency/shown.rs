//! From which probability on a contradiction or a repeat is shown.

use crate::claim::assertion::Assertion;
use crate::verdict::pair::Pair;
use crate::verdict::{Label, Verdict, rules};

/// Least probabilities at which a contradiction is shown.
struct Shown {
    /// In any case.
    least: f32,
    /// Where the statements share less than [`SAME_SUBJECT`] of the shorter one's words.
    strange: f32,
    /// Where they share no word.
    apart: f32,
}

impl Shown {
    /// Returns the least probability at which a contradiction of a pair is shown: the less they share, the more it takes.
    fn needed(&self, pair: &Pair) -> f32 {
        if pair.links.is_empty() {
            self.apart
        } else if pair.contained() < SAME_SUBJECT {
            self.strange
        } else {
            self.least
        }
    }
}

const WITH_ENCODER: Shown = Shown { least: 0.40, strange: 0.50, apart: 0.60 };
/// Without the encoder; there is then no contradiction that no rule explains.
const BY_RULES: Shown = Shown { least: 0.50, strange: 0.70, apart: 0.80 };

/// Share of the shorter statement's words from which two statements count as being of one subject.
const SAME_SUBJECT: f32 = 0.25;

/// Telling words without which a statement says too little by itself to be contradicted: `Don’t believe it`.
const TELLING: usize = 2;

/// Tells whether a verdict on two statements, each analysed and as published, is shown as a contradiction. `read` says whether
/// the encoder has read them.
pub fn is_shown(verdict: &Verdict, first: (&Assertion, &str), second: (&Assertion, &str), read: bool) -> bool {
    let shown = if read { WITH_ENCODER } else { BY_RULES };
    let explained = read || verdict.reasons.iter().any(|reason| rules::opposes(&reason.rule));
    let tells = first.0.telling.len().min(second.0.telling.len()) >= TELLING;
    let reaches = |least: f32| verdict.scores.contradict >= least;
    // Most pairs fall short of the first threshold: only the others are aligned again.
    explained
        && tells
        && reaches(shown.least)
        && reaches(shown.needed(&Pair::new(first.0, first.1, second.0, second.1)))
}

/// Least probability at which a repeat is shown.
const SHOWN_REPEAT: f32 = 0.50;

/// Share of the shorter statement's words that a repeat has in the other, at the least: of statements that share a subject and a
/// `no`, the judge of pairs takes many for one (`no tolls on the tunnel`, `the tunnel was not in danger`).
const REWORDED: f32 = 0.35;

/// Tells whether a verdict on two statements, each analysed and as published, is shown as a repeat.
pub fn is_shown_repeat(verdict: &Verdict, first: (&Assertion, &str), second: (&Assertion, &str)) -> bool {
    verdict.label == Label::Repeat
        && verdict.scores.repeat >= SHOWN_REPEAT
        && (first.1 == second.1 || Pair::new(first.0, first.1, second.0, second.1).contained() >= REWORDED)
}
