//! Claims of a speaker to findings: candidates are judged, sorted into kinds and grouped. Wiring only.

mod edits;
mod groups;
mod identity;

use std::collections::{BTreeMap, BTreeSet};

pub use edits::edits;
use groups::Groups;
pub use identity::{Named, finding_id, pairs_named};

use crate::claim::assertion::Assertion;
use crate::claim::{Claim, ClaimId, SpeakerId};
use crate::encoder::{Encoder, PairScores};
use crate::matching;
use crate::verdict::pair::Pair;
use crate::verdict::{self, FindingKind, Label, Reason, Verdict};

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
    /// Called with (judged, to judge) while the encoder works.
    pub progress: Option<&'e (dyn Fn(usize, usize) + Sync)>,
}

/// What the encoder said in earlier runs; the record offers one.
pub trait Kept: Sync {
    /// Returns the scores kept for two statements, in this order.
    fn scores(&self, a: &str, b: &str) -> Option<PairScores>;
    /// Takes the scores of statements that were judged now.
    fn keep(&self, judged: &[(&str, &str, PairScores)]);
}

/// Most candidates a claim, where a speaker has many claims.
const CANDIDATES: usize = 20;

/// Most pairs a claim, on the mean, that the encoder is asked about.
const PER_CLAIM: usize = 4;

/// Pairs of a speaker that the encoder is asked about in any case: of few claims every pair can be afforded.
const IN_ANY_CASE: usize = 200;

/// The cheap judge drops a pair that it holds for neutral above this, where an encoder is asked next.
const CLEARLY_NEUTRAL: f32 = 0.97;

/// Least probability at which a contradiction is shown: by the encoder alone, and where a rule says what opposes.
/// Without the encoder there is no contradiction that no rule explains.
const SHOWN_WITH_ENCODER: f32 = 0.60;
const SHOWN_WITH_RULE: f32 = 0.50;

/// Share of the shorter statement's words from which two statements count as being of one subject, and the least
/// probability of a contradiction between statements that share less, and nothing.
const SAME_SUBJECT: f32 = 0.25;
const SHOWN_STRANGE: f32 = 0.70;
const SHOWN_APART: f32 = 0.80;

/// Telling words without which a statement says too little by itself to be contradicted: `Don’t believe it`.
const TELLING: usize = 2;

/// Claims up to which a speaker's pairs contradict about as often as those on which the judge was calibrated. Who has said
/// more has said it of more subjects, so that a smaller share of the pairs is of one subject: by how much the log-odds that
/// are asked for rise with the logarithm of the number beyond it was chosen by reading findings on real newspapers.
const FEW_CLAIMS: f32 = 60.0;
const RISE: f32 = 0.4;

/// Least probability of a contradiction or a repeat with the earlier view at which an acknowledgement is tied to it.
const SHOWN_CHANGE: f32 = 0.45;

/// Least share of its words at which a report of the same day is taken for a report of the same utterance.
const SAME_SENTENCE: f32 = 0.6;

/// Least probability at which a repeat is shown.
const SHOWN_REPEAT: f32 = 0.60;

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

/// A pair of claims with its verdict.
struct Judged {
    first: usize,
    second: usize,
    verdict: Verdict,
}

fn of_speaker(own: &[Claim], options: &Options, all: &mut Findings) {
    let cues: Vec<String> = own.iter().map(cue_of).collect();
    let assertions: Vec<Assertion> = own
        .iter()
        .zip(&cues)
        .map(|(c, cue)| Assertion::of(&c.text, Some(cue).filter(|c| !c.is_empty()).map(String::as_str), c.date))
        .collect();
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
        let ruled = pair.verdict.reasons.iter().any(|r| verdict::rules::opposes(&r.rule));
        let shown = match (ruled, options.encoder) {
            (true, _) => SHOWN_WITH_RULE,
            (false, Some(_)) => SHOWN_WITH_ENCODER,
            (false, None) => f32::INFINITY,
        };
        let (first, second) = (&assertions[pair.first], &assertions[pair.second]);
        let tells = first.telling.len().min(second.telling.len()) >= TELLING;
        let reaches = |least: f32| scores.contradict >= among(own.len(), least);
        // Most pairs fall short of the first threshold: only the others are aligned again.
        let opposes = tells
            && reaches(shown)
            && reaches(needed(&Pair::new(first, &a.text, second, &b.text)))
            && !overtaken(first, second, a, b);
        // An acknowledgement names the old view (a repeat of it) or states the new one (a contradiction); it is of one view.
        if changes && sure >= SHOWN_CHANGE {
            let better = changed
                .get(&pair.second)
                .is_none_or(|c| sure > c.verdict.scores.contradict.max(c.verdict.scores.repeat));
            if better {
                changed.insert(pair.second, pair);
            }
        } else if pair.verdict.label == Label::Repeat && scores.repeat >= SHOWN_REPEAT {
            repeats.push((pair.first, pair.second, scores.repeat));
            all.findings.push(finding(FindingKind::Repeat, a, b, scores.repeat, pair.verdict.reasons));
        } else if opposes {
            opposed.push(pair);
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
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut often: BTreeSet<usize> = BTreeSet::new();
    for pair in opposed {
        let (x, y) = (side(pair.first), side(pair.second));
        if !seen.insert((x.min(y), x.max(y))) {
            continue;
        }
        let (a, b) = (&own[pair.first], &own[pair.second]);
        let alike = Pair::new(&assertions[pair.first], &a.text, &assertions[pair.second], &b.text).contained();
        let kind = if one_event(a, b) && alike >= SAME_SENTENCE {
            FindingKind::ReportsDiffer
        } else if often.contains(&x) || often.contains(&y) {
            // A statement that seems to contradict many others is mostly a sweeping one; its surest opposite is enough.
            continue;
        } else {
            often.extend([x, y]);
            FindingKind::Contradiction
        };
        all.findings.push(finding(kind, a, b, pair.verdict.scores.contradict, pair.verdict.reasons));
    }
    all.repeated.extend(groups.repeated(own));
}

fn judge_all(own: &[Claim], assertions: &[Assertion], options: &Options) -> Vec<Judged> {
    let candidates = matching::candidates(own, assertions, CANDIDATES);
    let mut judged: Vec<Judged> = Vec::new();
    let mut glanced: Vec<(usize, usize, f32)> = Vec::new();
    for candidate in candidates {
        let (i, j) = (candidate.first, candidate.second);
        let (a, b) = (&own[i], &own[j]);
        if options.encoder.is_some() {
            let glance = verdict::glance(&assertions[i], &a.text, &assertions[j], &b.text);
            glanced.push((i, j, glance.neutral));
        } else {
            judged.push(Judged {
                first: i,
                second: j,
                verdict: verdict::judge_analysed(&assertions[i], &a.text, &assertions[j], &b.text, None),
            });
        }
    }
    let Some(encoder) = options.encoder else { return judged };
    // The encoder costs a twentieth of a second a pair: it gets those that the cheap judge is least sure to be nothing.
    glanced.sort_by(|x, y| x.2.total_cmp(&y.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    glanced.retain(|g| g.2 <= CLEARLY_NEUTRAL);
    glanced.truncate((own.len() * PER_CLAIM).max(IN_ANY_CASE));
    let asked: Vec<(usize, usize)> = glanced.into_iter().map(|(i, j, _)| (i, j)).collect();
    let mut done = 0;
    let total = asked.len();
    for batch in asked.chunks(64) {
        let texts: Vec<(&str, &str)> =
            batch.iter().map(|&(i, j)| (own[i].text.as_str(), own[j].text.as_str())).collect();
        let mut scores: Vec<Option<PairScores>> =
            texts.iter().map(|(a, b)| options.kept.and_then(|k| k.scores(a, b))).collect();
        let new: Vec<(&str, &str)> = texts.iter().zip(&scores).filter(|(_, s)| s.is_none()).map(|(t, _)| *t).collect();
        if !new.is_empty() {
            let fresh = encoder.score_pairs(&new);
            if let Some(kept) = options.kept {
                let judged: Vec<_> = new.iter().zip(&fresh).map(|(&(a, b), &s)| (a, b, s)).collect();
                kept.keep(&judged);
            }
            let unknown = scores.iter_mut().filter(|s| s.is_none());
            unknown.zip(fresh).for_each(|(slot, s)| *slot = Some(s));
        }
        for (&(i, j), scores) in batch.iter().zip(scores) {
            let verdict = verdict::judge_analysed(&assertions[i], &own[i].text, &assertions[j], &own[j].text, scores);
            judged.push(Judged { first: i, second: j, verdict });
        }
        done += batch.len();
        if let Some(progress) = options.progress {
            progress(done, total);
        }
    }
    judged
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

/// Returns the least probability at which a contradiction of a pair is shown: the less they share, the more it takes.
fn needed(pair: &Pair) -> f32 {
    if pair.links.is_empty() {
        SHOWN_APART
    } else if pair.contained() < SAME_SUBJECT {
        SHOWN_STRANGE
    } else {
        0.0
    }
}

/// Raises a threshold for a speaker of so many claims.
fn among(claims: usize, needed: f32) -> f32 {
    let rise = RISE * (claims as f32 / FEW_CLAIMS).max(1.0).ln();
    let odds = needed / (1.0 - needed).max(f32::EPSILON) * rise.exp();
    if odds.is_finite() { odds / (1.0 + odds) } else { needed }
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
