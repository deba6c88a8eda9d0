//! From which probability on a contradiction or a repeat is shown.

use crate::claim::assertion::Assertion;
use crate::verdict::pair::Pair;
use crate::verdict::{self, Label, Reason, Verdict, rules};

/// Least probabilities at which a contradiction is shown.
struct Shown {
    /// In any case.
    least: f32,
    /// Where the statements share less than [`SAME_SUBJECT`] of the shorter one's words.
    strange: f32,
    /// Where they share no word.
    apart: f32,
    /// What is added to these two where nothing around them is alike either.
    elsewhere: f32,
}

impl Shown {
    /// Returns the least probability at which a contradiction of a pair is shown: the less they share, the more it takes.
    fn needed(&self, pair: &Pair, likeness: Option<f32>) -> f32 {
        let more = if likeness.is_some_and(|likeness| likeness < ALIKE) { self.elsewhere } else { 0.0 };
        if pair.links.is_empty() {
            self.apart + more
        } else if pair.contained() < SAME_SUBJECT {
            self.strange + more
        } else {
            self.least
        }
    }
}

const WITH_ENCODER: Shown = Shown { least: 0.40, strange: 0.50, apart: 0.60, elsewhere: 0.15 };
/// Without the encoder; there is then no contradiction that no rule explains.
const BY_RULES: Shown = Shown { least: 0.50, strange: 0.70, apart: 0.80, elsewhere: 0.0 };

/// Likeness of two claims, the headline and the sentence before included, from which on something around them is alike.
const ALIKE: f32 = 0.05;

/// Share of the shorter statement's words from which two statements count as being of one subject.
const SAME_SUBJECT: f32 = 0.25;

/// Telling words without which a statement says too little by itself to be contradicted: `Don’t believe it`.
const TELLING: usize = 2;

/// Returns the reasons with which a verdict on two statements, each analysed and as published, is shown as a contradiction, or
/// `None` where it is not shown as one. `read` says whether the encoder has read them, `likeness` how much they and what stands
/// around them share (0 to 1), where that is known.
pub fn as_contradiction(
    verdict: &Verdict,
    first: (&Assertion, &str),
    second: (&Assertion, &str),
    read: bool,
    likeness: Option<f32>,
) -> Option<Vec<Reason>> {
    let shown = if read { WITH_ENCODER } else { BY_RULES };
    let explained = read || verdict.reasons.iter().any(|reason| rules::opposes(&reason.rule));
    let tells = first.0.telling.len().min(second.0.telling.len()) >= TELLING;
    let reaches = |least: f32| verdict.scores.contradict >= least;
    // Most pairs fall short of the first threshold: only the others are aligned again.
    let is_shown = explained
        && tells
        && reaches(shown.least)
        && reaches(shown.needed(&Pair::new(first.0, first.1, second.0, second.1), likeness));
    is_shown.then(|| match verdict.label {
        Label::Contradict => verdict.reasons.clone(),
        // A verdict of neither comes without them, and nothing is shown without its reasons.
        _ => verdict::reasons_for(Label::Contradict, &verdict.scores, first, second, read),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Scores;

    #[test]
    fn no_contradiction_is_shown_without_its_reasons() {
        let (a, b) = ("The children’s ward wants nurses badly", "The children’s ward has nurses enough");
        let (first, second) = (Assertion::of(a, None, None), Assertion::of(b, None, None));
        let verdict = |contradict: f32| Verdict {
            label: Label::Neutral,
            scores: Scores { repeat: 0.0, contradict, neutral: 1.0 - contradict },
            reasons: Vec::new(),
        };
        let shown = |contradict| as_contradiction(&verdict(contradict), (&first, a), (&second, b), true, None);
        let reasons = shown(0.49).expect("it is likely enough for two statements of one subject");
        assert_eq!(reasons[0].rule, "trained-judge");
        assert!(reasons[0].says.contains("as excluding each other (49 in a hundred)"), "{}", reasons[0].says);
        assert_eq!(shown(0.39), None);
    }

    #[test]
    fn statements_of_nothing_in_common_take_more() {
        let (a, b) = ("We never closed the harbour", "Every ward has nurses enough");
        let (first, second) = (Assertion::of(a, None, None), Assertion::of(b, None, None));
        let scores = Scores { repeat: 0.0, contradict: 0.7, neutral: 0.3 };
        let verdict = Verdict { label: Label::Contradict, scores, reasons: Vec::new() };
        let shown = |likeness| as_contradiction(&verdict, (&first, a), (&second, b), true, likeness).is_some();
        assert!(shown(None) && shown(Some(0.2)), "one headline, say");
        assert!(!shown(Some(0.01)));
    }
}
