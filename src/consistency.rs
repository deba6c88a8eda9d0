//! Claims of a speaker to findings: candidates are judged, sorted into kinds and grouped. Wiring only.

mod edits;
mod groups;
mod identity;
mod judging;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

pub use edits::edits;
use groups::Groups;
pub use identity::{Named, finding_id, pairs_named};
pub use judging::{Glanced, Kept, worth_reading};
use judging::{Judged, judge_all};
pub use shown::as_contradiction;
use shown::is_shown_repeat;

use rayon::prelude::*;

use crate::claim::assertion::Assertion;
use crate::claim::{ArticleId, Claim, ClaimId, SpeakerId, reported};
use crate::encoder::Encoder;
use crate::verdict::pair::Pair;
use crate::verdict::{FindingKind, Reason, Verdict, rules};

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

impl Findings {
    /// Joins the findings on different speakers, surest first within a kind.
    pub fn joined(parts: impl IntoIterator<Item = Findings>) -> Findings {
        let mut all = Findings::default();
        for part in parts {
            all.findings.extend(part.findings);
            all.repeated.extend(part.repeated);
            all.coverage.extend(part.coverage);
        }
        all.sorted()
    }

    fn sorted(mut self) -> Findings {
        self.findings.sort_by(|x, y| {
            (x.kind as u8).cmp(&(y.kind as u8)).then(y.confidence.total_cmp(&x.confidence)).then(x.id.cmp(&y.id))
        });
        self.repeated.sort_by(|x, y| {
            y.count.cmp(&x.count).then(y.claims.len().cmp(&x.claims.len())).then(x.statement.id.cmp(&y.statement.id))
        });
        self
    }
}

/// How findings are made.
#[derive(Clone, Copy, Default)]
pub struct Options<'e> {
    /// The encoder; without it the rules and the cheap judge decide.
    pub encoder: Option<&'e Encoder>,
    /// What the encoder said earlier.
    pub kept: Option<&'e dyn Kept>,
    /// Only pairs with a claim of one of these articles are judged.
    pub about: Option<&'e BTreeSet<ArticleId>>,
    /// Called with (judged, to judge) while the encoder works.
    pub progress: Option<&'e (dyn Fn(usize, usize) + Sync)>,
}

/// Least probability of a contradiction or a repeat with the earlier view at which an acknowledgement is tied to it.
const SHOWN_CHANGE: f32 = 0.45;

/// Least share of its words at which a report of the same day is taken for a report of the same utterance.
const SAME_SENTENCE: f32 = 0.6;

/// Finds what each speaker repeated, contradicted or changed; `claims` may be of several speakers, in any order.
pub fn findings(claims: &[Claim], options: &Options) -> Findings {
    let mut by_speaker: BTreeMap<SpeakerId, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        by_speaker.entry(claim.speaker).or_default().push(claim);
    }
    let mut all = Findings::default();
    for own in by_speaker.into_values() {
        let mut own: Vec<Claim> = own.into_iter().cloned().collect();
        own.sort_by_key(|claim| (claim.date, claim.id));
        all.coverage.push(coverage(&own));
        of_speaker(&own, options, &mut all);
    }
    all.sorted()
}

fn coverage(own: &[Claim]) -> Coverage {
    let articles: BTreeSet<_> = own.iter().map(|c| c.article).collect();
    let outlets: BTreeSet<_> = own.iter().filter_map(|c| c.outlet.as_deref()).collect();
    Coverage {
        speaker: own.first().map(|c| c.speaker_name.clone()).unwrap_or_default(),
        claims: own.len(),
        articles: articles.len(),
        outlets: outlets.len(),
        from: own.iter().filter_map(|c| c.date).min(),
        to: own.iter().filter_map(|c| c.date).max(),
    }
}

fn of_speaker(own: &[Claim], options: &Options, all: &mut Findings) {
    let assertions: Vec<Assertion> = own.par_iter().map(assertion_of).collect();
    let judged = judge_all(own, &assertions, options);
    let mut repeats: Vec<(usize, usize, f32)> = Vec::new();
    let mut opposed: Vec<Judged> = Vec::new();
    let acknowledging: Vec<bool> = assertions.iter().map(|a| a.acknowledges.is_some_and(|(_, sure)| sure)).collect();
    let mut changed: BTreeMap<usize, Judged> = BTreeMap::new();
    for pair in judged {
        let (a, b) = (&own[pair.first], &own[pair.second]);
        let scores = pair.verdict.scores;
        let sure = scores.contradict.max(scores.repeat);
        let changes = acknowledging[pair.second] && !acknowledging[pair.first] && a.date < b.date;
        let [first, second] = [(pair.first, a), (pair.second, b)].map(|(n, c)| (&assertions[n], c.text.as_str()));
        let read = options.encoder.is_some();
        let opposes = as_contradiction(&pair.verdict, first, second, read, Some(pair.likeness))
            .filter(|_| !overtaken(first.0, second.0, a, b));
        // An acknowledgement names the old view (a repeat of it) or states the new one (a contradiction); it is of one view.
        if changes && sure >= SHOWN_CHANGE {
            let better = changed
                .get(&pair.second)
                .is_none_or(|c| sure > c.verdict.scores.contradict.max(c.verdict.scores.repeat));
            if better {
                changed.insert(pair.second, pair);
            }
        } else if is_shown_repeat(&pair.verdict, first, second) {
            repeats.push((pair.first, pair.second, scores.repeat));
            all.findings.push(finding(FindingKind::Repeat, a, b, scores.repeat, pair.verdict.reasons));
        } else if let Some(reasons) = opposes {
            opposed.push(Judged { verdict: Verdict { reasons, ..pair.verdict }, ..pair });
        }
    }
    for pair in changed.into_values() {
        let scores = pair.verdict.scores;
        let (a, b) = (&own[pair.first], &own[pair.second]);
        all.findings.push(finding(
            FindingKind::ChangedPosition,
            a,
            b,
            scores.contradict.max(scores.repeat),
            pair.verdict.reasons,
        ));
    }
    opposed.sort_by(|x, y| {
        y.verdict
            .scores
            .contradict
            .total_cmp(&x.verdict.scores.contradict)
            .then((x.first, x.second).cmp(&(y.first, y.second)))
    });
    // One contradiction is shown once: pairs whose two sides repeat the sides of a surer one are the same finding again.
    let texts: Vec<&str> = own.iter().map(|c| c.text.as_str()).collect();
    let groups = Groups::of(&texts, &repeats);
    let first_with = |n: usize| own.iter().position(|c| c.text == own[n].text).unwrap_or(n);
    let side = |n: usize| groups.root(first_with(groups.root(n)));
    let mut seen: BTreeSet<(FindingKind, usize, usize)> = BTreeSet::new();
    let mut often: BTreeSet<usize> = BTreeSet::new();
    for pair in opposed {
        let (x, y) = (side(pair.first), side(pair.second));
        let (a, b) = (&own[pair.first], &own[pair.second]);
        let alike = Pair::new(&assertions[pair.first], &a.text, &assertions[pair.second], &b.text).contained();
        let one_utterance = one_event(a, b) && alike >= SAME_SENTENCE;
        let kind = if one_utterance { FindingKind::ReportsDiffer } else { FindingKind::Contradiction };
        // Two reports of one utterance differ where words show it: else they are each other's rewording.
        if one_utterance && !pair.verdict.reasons.iter().any(|reason| rules::opposes(&reason.rule)) {
            continue;
        }
        if !seen.insert((kind, x.min(y), x.max(y))) {
            continue;
        }
        if kind == FindingKind::Contradiction {
            // A statement that seems to contradict many others is mostly a sweeping one; its surest opposite is enough.
            if often.contains(&x) || often.contains(&y) {
                continue;
            }
            often.extend([x, y]);
        }
        all.findings.push(finding(kind, a, b, pair.verdict.scores.contradict, pair.verdict.reasons));
    }
    all.repeated.extend(groups.repeated(own));
}

/// Analyses what a claim asserts, in view of the words that report it.
pub fn assertion_of(claim: &Claim) -> Assertion {
    let cue = cue_of(claim);
    let assertion = Assertion::of(&claim.text, Some(cue.as_str()).filter(|cue| !cue.is_empty()), claim.date);
    match reported::with_cue(claim) {
        Some(whole) => assertion.as_object_of(cue, whole),
        None => assertion,
    }
}

/// Reads the reporting words of a claim out of its sentence.
fn cue_of(claim: &Claim) -> String {
    let Some(sentence) = claim.context.sentence_span else { return String::new() };
    let text = &claim.context.sentence;
    let words: Vec<&str> = claim
        .attribution
        .cue
        .iter()
        .filter_map(|s| {
            text.get(s.start.checked_sub(sentence.start)? as usize..s.end.checked_sub(sentence.start)? as usize)
        })
        .collect();
    words.join(" ")
}

/// Tells whether the later claim only reports that what was planned has happened or has been overtaken.
fn overtaken(a: &Assertion, b: &Assertion, x: &Claim, y: &Claim) -> bool {
    let days = |from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>| match (from, to) {
        (Some(f), Some(t)) => (t - f).get_days(),
        _ => 0,
    };
    // A plan that hedges or has a condition says nothing of how it came out.
    a.future && !b.future && days(x.date, y.date) > 0 && (a.hedged() >= 0.5 || !a.conditions.is_empty())
}

/// Tells whether two claims report one utterance: two outlets within a day.
fn one_event(a: &Claim, b: &Claim) -> bool {
    let near = match (a.date, b.date) {
        (Some(x), Some(y)) => (y - x).get_days().abs() <= 1,
        _ => false,
    };
    near && a.outlet.is_some() && b.outlet.is_some() && a.outlet != b.outlet
}

fn finding(kind: FindingKind, a: &Claim, b: &Claim, confidence: f32, reasons: Vec<Reason>) -> Finding {
    Finding { id: finding_id(kind, a, b), kind, a: a.clone(), b: b.clone(), confidence, reasons, review: None }
}
