//! A finding as a row: of a spreadsheet, of a table in an exported file.

use serde::Serialize;

use crate::consistency::Finding;
use crate::report::links::passage_link;
use crate::verdict::FindingKind;

/// A finding as a row of a spreadsheet.
#[derive(Serialize)]
pub struct FindingRow<'f> {
    kind: FindingKind,
    id: &'f str,
    speaker: &'f str,
    confidence: f64,
    date_a: Option<String>,
    outlet_a: Option<&'f str>,
    text_a: &'f str,
    link_a: Option<String>,
    claim_a: String,
    date_b: Option<String>,
    outlet_b: Option<&'f str>,
    text_b: &'f str,
    link_b: Option<String>,
    claim_b: String,
    reasons: Vec<&'f str>,
    verdict: Option<&'f str>,
    note: Option<&'f str>,
}

impl<'f> FindingRow<'f> {
    /// Makes the row of a finding.
    pub fn new(f: &'f Finding) -> FindingRow<'f> {
        FindingRow {
            kind: f.kind,
            id: &f.id,
            speaker: &f.a.speaker_name,
            confidence: crate::report::json::rounded(f.confidence),
            date_a: f.a.date.map(|d| d.to_string()),
            outlet_a: f.a.outlet.as_deref(),
            text_a: &f.a.text,
            link_a: passage_link(&f.a),
            claim_a: f.a.id.to_string(),
            date_b: f.b.date.map(|d| d.to_string()),
            outlet_b: f.b.outlet.as_deref(),
            text_b: &f.b.text,
            link_b: passage_link(&f.b),
            claim_b: f.b.id.to_string(),
            reasons: f.reasons.iter().map(|r| r.says.as_str()).collect(),
            verdict: f.review.as_ref().map(|r| r.verdict.as_str()),
            note: f.review.as_ref().and_then(|r| r.note.as_deref()),
        }
    }
}
