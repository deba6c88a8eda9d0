//! The judge: rules and measures, with the encoder where it is at hand.

use std::borrow::Cow;

use super::features;
use super::model;
use super::pair::Pair;
use super::rules::{self, Evidence, Toward};
use super::{Label, Reason, Scores, Statement, Verdict};
use crate::claim::assertion::Assertion;
use crate::encoder::PairScores;
use crate::span::Span;

/// Version of the rules and of the cheap judge: verdicts that are kept carry it.
pub const ENGINE_VERSION: &str = "rules-5";

/// Analyses a statement for judging.
pub fn analyse(statement: &Statement) -> Assertion {
    Assertion::of(statement.text, statement.cue, statement.date)
}

/// Returns a statement as the encoder is to read it: with the reporting words where it is only their object; else it sees none,
/// and what they deny is called untrue.
pub fn as_read<'t>(assertion: &'t Assertion, text: &'t str) -> Cow<'t, str> {
    match &assertion.object_of {
        Some(governing) => Cow::Borrowed(&governing.whole),
        None if assertion.denied => Cow::Owned(format!("It is not true that {text}")),
        None => Cow::Borrowed(text),
    }
}

/// Judges two statements by rules and the cheap trained judge.
pub fn judge(a: &Statement, b: &Statement) -> Verdict {
    judge_analysed(&analyse(a), a.text, &analyse(b), b.text, None)
}

/// Judges two analysed statements; `encoder` are the encoder's scores where it was asked, for the two as [`as_read`] gives them.
pub fn judge_analysed(
    a: &Assertion,
    text_a: &str,
    b: &Assertion,
    text_b: &str,
    encoder: Option<PairScores>,
) -> Verdict {
    let pair = Pair::new(a, text_a, b, text_b);
    let evidence = rules::look(&pair);
    let cheap = model::CHEAP.score(&features::of(&pair, &evidence));
    decide(&pair, evidence, cheap, encoder)
}

/// Does as [`judge_analysed`] where [`glance`] has given the cheap judge's scores.
pub fn judge_glanced(
    a: (&Assertion, &str),
    b: (&Assertion, &str),
    cheap: Scores,
    encoder: Option<PairScores>,
) -> Verdict {
    let pair = Pair::new(a.0, a.1, b.0, b.1);
    let evidence = rules::look(&pair);
    decide(&pair, evidence, cheap, encoder)
}

fn decide(pair: &Pair, evidence: Vec<Evidence>, cheap: Scores, encoder: Option<PairScores>) -> Verdict {
    let scores = match encoder {
        // Only the encoder can tell whether the verbs of one object agree.
        None if !one_verb(pair) => Scores { repeat: 0.0, neutral: cheap.neutral + cheap.repeat, ..cheap },
        None => cheap,
        Some(e) => join(cheap, e, &evidence, pair),
    };
    let label = label_of(&scores);
    let reasons = explained(label, &scores, evidence, encoder.is_some(), pair.text_a, pair.text_b);
    Verdict { label, scores, reasons }
}

/// Returns what speaks for a label that a verdict does not have: of two statements that are shown as contradicting each other
/// although neither of both is likelier still. `read` says whether the encoder has read them.
pub fn reasons_for(
    label: Label,
    scores: &Scores,
    a: (&Assertion, &str),
    b: (&Assertion, &str),
    read: bool,
) -> Vec<Reason> {
    let evidence = rules::look(&Pair::new(a.0, a.1, b.0, b.1));
    explained(label, scores, evidence, read, a.1, b.1)
}

/// Returns the reasons for a label; where no rule has any, that the trained judge says so.
fn explained(
    label: Label,
    scores: &Scores,
    evidence: Vec<Evidence>,
    read: bool,
    text_a: &str,
    text_b: &str,
) -> Vec<Reason> {
    let mut reasons = reasons(label, evidence, read);
    let explained = reasons.iter().any(|r| r.rule != HARDLY && !is_veto(&r.rule));
    if label != Label::Neutral && !explained {
        let (what, sure) = match label {
            Label::Contradict => ("as excluding each other", scores.contradict),
            _ => ("as saying the same", scores.repeat),
        };
        let whole = |text: &str| vec![Span::new(0, text.len())];
        let says =
            format!("The trained judge reads them {what} ({:.0} in a hundred); no single word shows it.", 100.0 * sure);
        reasons.insert(0, Reason { rule: "trained-judge".to_string(), a: whole(text_a), b: whole(text_b), says });
    }
    reasons
}

/// The rule that sees different things named, or hardly a word shared.
const HARDLY: &str = "other-subject";

fn is_veto(rule: &str) -> bool {
    matches!(
        rule,
        "condition" | "question" | "hedge" | "other-subject" | "other-time" | "another-measure" | "change-stated"
    )
}

/// Scores two analysed statements by the cheap judge alone: the first filter over many candidates.
pub fn glance(a: &Assertion, text_a: &str, b: &Assertion, text_b: &str) -> Scores {
    let pair = Pair::new(a, text_a, b, text_b);
    let evidence = rules::look(&pair);
    model::CHEAP.score(&features::of(&pair, &evidence))
}

/// Joins the cheap judge's scores to the encoder's as a weighted mean of log-odds; the rules that see what the encoder
/// reads badly take from them and add to them.
fn join(cheap: Scores, e: PairScores, evidence: &[Evidence], pair: &Pair) -> Scores {
    const SHARE: f32 = 0.2;
    let mix = |c: f32, e: f32| SHARE * c.max(1e-4).ln() + (1.0 - SHARE) * e.max(1e-4).ln();
    let mut logits = [mix(cheap.repeat, e.repeat), mix(cheap.contradict, e.contradict), mix(cheap.neutral, e.neutral)];
    for found in evidence {
        match found.rule {
            // A question asserts nothing, whatever its words say.
            "question" => logits[1] -= 1.0,
            // Numbers are what encoders read worst.
            "numbers-differ" => logits[1] += 1.2 * found.weight,
            _ => {}
        }
    }
    // The same words again are a repeat, however short the statement is; a part of them nearly always is. Not so where they are the
    // object of two verbs: `backed a ban`, `opposed a ban`.
    let clean = one_verb(pair) && pair.turned == 0.0 && evidence.iter().any(|v| v.rule == "same-wording");
    if clean && pair.alike() > 0.97 {
        logits[0] += 3.0;
    } else if clean && pair.contained() > 0.95 && pair.links.len() >= 3 {
        logits[0] += 1.0;
    }
    softmax(logits)
}

/// Tells whether nothing, or the same verb, governs both statements.
fn one_verb(pair: &Pair) -> bool {
    match (&pair.a.object_of, &pair.b.object_of) {
        (Some(x), Some(y)) => x.is_same_verb(y),
        (x, y) => x.is_none() && y.is_none(),
    }
}

pub(super) fn softmax(logits: [f32; 3]) -> Scores {
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let e = logits.map(|l| (l - top).exp());
    let sum: f32 = e.iter().sum();
    let (repeat, contradict) = (e[0] / sum, e[1] / sum);
    Scores { repeat, contradict, neutral: (1.0 - repeat - contradict).max(0.0) }
}

fn label_of(scores: &Scores) -> Label {
    if scores.contradict >= scores.repeat && scores.contradict >= scores.neutral {
        Label::Contradict
    } else if scores.repeat >= scores.neutral {
        Label::Repeat
    } else {
        Label::Neutral
    }
}

/// Puts the evidence for the label first and leaves out what speaks for another one.
fn reasons(label: Label, mut evidence: Vec<Evidence>, read: bool) -> Vec<Reason> {
    let wanted = |t: Toward| match label {
        Label::Repeat => t == Toward::Repeat,
        Label::Contradict => t == Toward::Contradict,
        Label::Neutral => t == Toward::Veto,
    };
    evidence.sort_by(|x, y| {
        wanted(y.toward).cmp(&wanted(x.toward)).then(y.weight.total_cmp(&x.weight)).then(x.rule.cmp(y.rule))
    });
    evidence
        .into_iter()
        // Where the encoder has read both, that they share few words speaks neither for nor against.
        .filter(|e| {
            wanted(e.toward)
                || !(read && e.rule == HARDLY && e.a.is_empty()) && label != Label::Neutral && e.toward == Toward::Veto
        })
        .map(|e| Reason { rule: e.rule.to_string(), a: e.a, b: e.b, says: e.says })
        .collect()
}
