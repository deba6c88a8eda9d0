//! Quotations that an outlet altered after publishing them.

use super::{Finding, identity};
use crate::attribution::Kind;
use crate::claim::Claim;
use crate::claim::revision::{Change, compare, differences};
use crate::verdict::{FindingKind, Reason};

/// Name of the rule.
pub const RULE: &str = "edited-after-publication";

/// How sure a finding is that two versions on record make: they are there, but a slip of the pen may have been mended.
const SURE: f32 = 0.9;

/// Finds the quotations that differ between two versions of an article, each with its claims and its text.
pub fn edits(before: &[Claim], before_text: &str, after: &[Claim], after_text: &str) -> Vec<Finding> {
    let changes = compare(before, before_text, after, after_text);
    changes
        .into_iter()
        .filter_map(|change| match change {
            Change::Altered { before, after } if quoted(&before) && quoted(&after) => Some(edited(*before, *after)),
            _ => None,
        })
        .collect()
}

fn quoted(claim: &Claim) -> bool {
    claim.attribution.kind != Kind::Indirect
}

fn edited(before: Claim, after: Claim) -> Finding {
    let (a, b) = differences(&before.text, &after.text);
    let words = |spans: &[crate::span::Span], text: &str| {
        let words: Vec<String> = spans.iter().map(|s| format!("“{}”", s.of(text))).collect();
        if words.is_empty() { "nothing there".to_string() } else { words.join(", ") }
    };
    let says = format!(
        "{} changed the quotation after publishing it: version {} has {}, version {} has {}.",
        before.outlet.as_deref().unwrap_or("The outlet"),
        before.version,
        words(&a, &before.text),
        after.version,
        words(&b, &after.text)
    );
    Finding {
        id: identity::edit_id(&before, &after),
        kind: FindingKind::ReportsDiffer,
        reasons: vec![Reason { rule: RULE.to_string(), a, b, says }],
        a: before,
        b: after,
        confidence: SURE,
        review: None,
    }
}
