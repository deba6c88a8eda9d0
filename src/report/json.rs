//! JSON as the interface promises it: shapes, key order, code-point offsets.

mod write;

use serde::Serialize;
use serde_json::Value;

pub use write::{write_document, write_line};

use crate::article::Article;
use crate::attribution::{Act, Attribution, Kind};
use crate::claim::Claim;
use crate::consistency::{Coverage, Finding, Findings, Repeated, Review};
use crate::pipeline::Extraction;
use crate::span::CodePoints;
use crate::verdict::{FindingKind, Label, Reason, Scores, Verdict};

/// Version of the shapes.
pub const SCHEMA: &str = "onrecord/1";

/// A list of `[start, end)` pairs in code points.
pub type Offsets = Vec<[usize; 2]>;

/// One attribution of an article.
#[derive(Clone, Debug, Serialize)]
pub struct AttributionView {
    source: Offsets,
    cue: Offsets,
    content: Offsets,
    speaker: Option<String>,
    kind: Kind,
    act: Act,
    confidence: f64,
}

impl AttributionView {
    /// Makes the view of an attribution whose article's text `points` indexes.
    pub fn new(attribution: &Attribution, points: &CodePoints<'_>) -> Self {
        AttributionView {
            source: points.spans(&attribution.source),
            cue: points.spans(&attribution.cue),
            content: points.spans(&attribution.content),
            speaker: attribution.speaker.as_ref().map(|s| s.name.clone()),
            kind: attribution.kind,
            act: attribution.act,
            confidence: rounded(attribution.confidence),
        }
    }
}

/// An article and its attributions.
#[derive(Clone, Debug, Serialize)]
pub struct ExtractionView<'a> {
    schema: &'static str,
    id: &'a str,
    title: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<String>,
    url: Option<&'a str>,
    text: &'a str,
    attributions: Vec<AttributionView>,
}

impl<'a> ExtractionView<'a> {
    /// Makes the view of an extraction.
    pub fn new(extraction: &'a Extraction) -> Self {
        let Article { name, text, title, outlet, date, url, .. } = &extraction.article;
        let points = CodePoints::new(text);
        ExtractionView {
            schema: SCHEMA,
            id: name,
            title: title.as_deref(),
            outlet: outlet.as_deref(),
            date: date.map(|d| d.to_string()),
            url: url.as_deref(),
            text,
            attributions: extraction.attributions.iter().map(|a| AttributionView::new(a, &points)).collect(),
        }
    }
}

/// One claim of the record.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimView {
    /// How `show` finds it.
    pub id: String,
    speaker: String,
    speaker_id: String,
    text: String,
    kind: Kind,
    date: Option<String>,
    article: String,
    outlet: Option<String>,
    url: Option<String>,
    content: Offsets,
    source: Offsets,
    cue: Offsets,
    confidence: f64,
    act: Act,
    title: Option<String>,
    version: u32,
}

impl ClaimView {
    /// Makes the view of a claim; `article` is the text of its article in the claim's version.
    pub fn new(claim: &Claim, article: &CodePoints<'_>) -> Self {
        ClaimView {
            id: claim.id.to_string(),
            speaker: claim.speaker_name.clone(),
            speaker_id: claim.speaker.to_string(),
            text: claim.text.clone(),
            kind: claim.attribution.kind,
            date: claim.date.map(|d| d.to_string()),
            article: format!("{:#}", claim.article),
            outlet: claim.outlet.clone(),
            url: claim.url.clone(),
            content: article.spans(&claim.attribution.content),
            source: article.spans(&claim.attribution.source),
            cue: article.spans(&claim.attribution.cue),
            confidence: rounded(claim.attribution.confidence),
            act: claim.attribution.act,
            title: claim.title.clone(),
            version: claim.version,
        }
    }
}

/// A top-level row: any view under the schema's name.
#[derive(Clone, Debug, Serialize)]
pub struct Row<T> {
    schema: &'static str,
    #[serde(flatten)]
    view: T,
}

impl<T> Row<T> {
    /// Puts a view under the schema's name.
    pub fn new(view: T) -> Row<T> {
        Row { schema: SCHEMA, view }
    }
}

/// The probabilities of the labels; they add to 1.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoresView {
    repeat: f64,
    contradict: f64,
    neutral: f64,
}

impl ScoresView {
    fn new(scores: &Scores) -> Self {
        let [repeat, contradict, neutral] = [scores.repeat, scores.contradict, scores.neutral]
            .map(|s| if s.is_finite() { f64::from(s).max(0.0) } else { 0.0 });
        let sum = repeat + contradict + neutral;
        if sum <= 0.0 {
            return ScoresView { repeat: 0.0, contradict: 0.0, neutral: 1.0 };
        }
        let round = |s: f64| (s / sum * 1e6).round() / 1e6;
        let (repeat, contradict) = (round(repeat), round(contradict));
        ScoresView { repeat, contradict, neutral: (((1.0 - repeat - contradict) * 1e6).round() / 1e6).max(0.0) }
    }
}

/// One reason, with offsets into the two statements.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonView {
    rule: String,
    a: Offsets,
    b: Offsets,
    says: String,
}

impl ReasonView {
    /// Makes the view of a reason about the statements `a` and `b`.
    pub fn new(reason: &Reason, a: &CodePoints<'_>, b: &CodePoints<'_>) -> Self {
        ReasonView {
            rule: reason.rule.clone(),
            a: a.spans(&reason.a),
            b: b.spans(&reason.b),
            says: reason.says.clone(),
        }
    }
}

/// The judgement of one pair of statements.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictView {
    id: Value,
    label: Label,
    scores: ScoresView,
    reasons: Vec<ReasonView>,
}

impl VerdictView {
    /// Makes the view of a verdict on `a` and `b`; `id` is what the input called the pair.
    pub fn new(id: Value, verdict: &Verdict, a: &str, b: &str) -> Self {
        let (a, b) = (CodePoints::new(a), CodePoints::new(b));
        VerdictView {
            id,
            label: verdict.label,
            scores: ScoresView::new(&verdict.scores),
            reasons: verdict.reasons.iter().map(|r| ReasonView::new(r, &a, &b)).collect(),
        }
    }
}

/// A person's verdict on a finding.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewView {
    verdict: String,
    note: Option<String>,
    at: String,
    reopened: bool,
}

impl ReviewView {
    fn new(review: &Review) -> Self {
        ReviewView {
            verdict: review.verdict.clone(),
            note: review.note.clone(),
            at: review.at.clone(),
            reopened: review.reopened,
        }
    }
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    id: String,
    speaker: String,
    a: ClaimView,
    b: ClaimView,
    confidence: f64,
    reasons: Vec<ReasonView>,
    review: Option<ReviewView>,
}

/// Turns a claim into its view; it knows the texts of the articles.
pub type ViewClaim<'f> = dyn FnMut(&Claim) -> ClaimView + 'f;

impl FindingView {
    /// Makes the view of a finding.
    pub fn new(finding: &Finding, view: &mut ViewClaim<'_>) -> Self {
        let (a, b) = (CodePoints::new(&finding.a.text), CodePoints::new(&finding.b.text));
        FindingView {
            id: finding.id.clone(),
            speaker: finding.a.speaker_name.clone(),
            a: view(&finding.a),
            b: view(&finding.b),
            confidence: rounded(finding.confidence),
            reasons: finding.reasons.iter().map(|r| ReasonView::new(r, &a, &b)).collect(),
            review: finding.review.as_ref().map(ReviewView::new),
        }
    }
}

/// One statement that was made more than once.
#[derive(Clone, Debug, Serialize)]
pub struct RepeatedView {
    speaker: String,
    statement: ClaimView,
    count: usize,
    outlets: usize,
    from: Option<String>,
    to: Option<String>,
    claims: Vec<String>,
    wire_copies: usize,
}

impl RepeatedView {
    /// Makes the view of a repeated statement.
    pub fn new(repeated: &Repeated, view: &mut ViewClaim<'_>) -> Self {
        RepeatedView {
            speaker: repeated.statement.speaker_name.clone(),
            statement: view(&repeated.statement),
            count: repeated.count,
            outlets: repeated.outlets,
            from: repeated.statement.date.map(|d| d.to_string()),
            to: repeated.last.map(|d| d.to_string()),
            claims: repeated.claims.iter().map(|id| id.to_string()).collect(),
            wire_copies: repeated.wire_copies,
        }
    }
}

/// What was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageView {
    speaker: String,
    claims: usize,
    articles: usize,
    outlets: usize,
    from: Option<String>,
    to: Option<String>,
}

impl CoverageView {
    fn new(coverage: &Coverage) -> Self {
        CoverageView {
            speaker: coverage.speaker.clone(),
            claims: coverage.claims,
            articles: coverage.articles,
            outlets: coverage.outlets,
            from: coverage.from.map(|d| d.to_string()),
            to: coverage.to.map(|d| d.to_string()),
        }
    }
}

/// A whole report.
#[derive(Clone, Debug, Serialize)]
pub struct ReportView {
    schema: &'static str,
    contradictions: Vec<FindingView>,
    changed_positions: Vec<FindingView>,
    reports_differ: Vec<FindingView>,
    repeats: Vec<FindingView>,
    repeated: Vec<RepeatedView>,
    coverage: Vec<CoverageView>,
}

impl ReportView {
    /// Makes the view of findings.
    pub fn new(findings: &Findings, view: &mut ViewClaim<'_>) -> Self {
        let mut of_kind = |kind: FindingKind| {
            findings.findings.iter().filter(|f| f.kind == kind).map(|f| FindingView::new(f, view)).collect()
        };
        ReportView {
            schema: SCHEMA,
            contradictions: of_kind(FindingKind::Contradiction),
            changed_positions: of_kind(FindingKind::ChangedPosition),
            reports_differ: of_kind(FindingKind::ReportsDiffer),
            repeats: of_kind(FindingKind::Repeat),
            repeated: findings.repeated.iter().map(|r| RepeatedView::new(r, view)).collect(),
            coverage: findings.coverage.iter().map(CoverageView::new).collect(),
        }
    }
}

/// Three digits say all that a confidence knows.
pub fn rounded(value: f32) -> f64 {
    if value.is_finite() { (f64::from(value) * 1e3).round() / 1e3 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_add_to_one() {
        let scores = ScoresView::new(&Scores { repeat: 0.333_333_3, contradict: 0.333_333_3, neutral: 0.333_333_3 });
        assert!((scores.repeat + scores.contradict + scores.neutral - 1.0).abs() < 1e-9);
        let none = ScoresView::new(&Scores { repeat: f32::NAN, contradict: 0.0, neutral: 0.0 });
        assert_eq!((none.repeat, none.neutral), (0.0, 1.0));
    }
}
