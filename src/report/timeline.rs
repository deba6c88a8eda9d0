//! A speaker's claims over time as SVG: claims as dots, repeats as runs, contradictions as arcs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::claim::{Claim, ClaimId};
use crate::consistency::Findings;
use crate::verdict::FindingKind;

/// Width of the drawing, in its own units.
const WIDTH: f64 = 960.0;
/// Space at both ends.
const EDGE: f64 = 24.0;
/// Most runs that are drawn.
const MOST_RUNS: usize = 8;
/// Height of the room for arcs.
const ARCS: f64 = 90.0;

/// Draws the timeline of one speaker; nothing where fewer than two days are known.
pub fn timeline(speaker: &str, claims: &[&Claim], findings: &Findings) -> Option<Markup> {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for date in claims.iter().filter_map(|c| c.date) {
        *days.entry(date).or_default() += 1;
    }
    let (first, last) = (*days.first_key_value()?.0, *days.last_key_value()?.0);
    let length = (last - first).get_days();
    if length == 0 {
        return None;
    }
    let x = |date: Date| EDGE + (WIDTH - 2.0 * EDGE) * f64::from((date - first).get_days()) / f64::from(length);
    let by_id: BTreeMap<ClaimId, Date> = claims.iter().filter_map(|c| Some((c.id, c.date?))).collect();
    let own: Vec<_> = findings.findings.iter().filter(|f| f.a.speaker_name == speaker).collect();
    let runs: Vec<(Vec<Date>, &str)> = findings
        .repeated
        .iter()
        .filter(|r| r.statement.speaker_name == speaker)
        .map(|r| {
            (r.claims.iter().filter_map(|id| by_id.get(id).copied()).collect::<Vec<_>>(), r.statement.text.as_str())
        })
        .filter(|(dates, _)| dates.iter().min() != dates.iter().max())
        .take(MOST_RUNS)
        .collect();
    let arcs: Vec<_> = own
        .iter()
        .filter(|f| f.kind != FindingKind::Repeat)
        .filter_map(|f| Some((*f, x(f.a.date?), x(f.b.date?))))
        .collect();
    let top = if arcs.is_empty() { 16.0 } else { ARCS };
    let height = top + 34.0 + 16.0 * runs.len() as f64;
    let summary = format!(
        "{speaker}: {} claims from {first} to {last}; {} repeated statements and {} other findings are drawn.",
        claims.len(),
        runs.len(),
        arcs.len()
    );
    Some(html! {
        svg.timeline viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-label=(summary) {
            line.axis x1=(EDGE) y1=(top) x2=(WIDTH - EDGE) y2=(top) {}
            @for (i, (finding, from, to)) in arcs.iter().enumerate() {
                // Arcs with the same ends are kept apart by their height.
                @let bend = (top - 8.0).min(24.0 + (to - from).abs() / 3.0) * (1.0 - 0.13 * (i % 5) as f64);
                a href={ "#" (finding.id) } {
                    path.arc .changed[finding.kind != FindingKind::Contradiction]
                        d=(format!("M{from:.1} {top:.1} C{from:.1} {0:.1} {to:.1} {0:.1} {to:.1} {top:.1}", top - bend * 1.33)) {
                        title { (finding.a.text) " / " (finding.b.text) }
                    }
                }
            }
            @for (date, count) in &days {
                circle.dot cx=(format!("{:.1}", x(*date))) cy=(top) r=(format!("{:.1}", (3.0 + (*count as f64).sqrt()).min(10.0))) {
                    title { (date) ": " (count) (if *count == 1 { " claim" } else { " claims" }) }
                }
            }
            text.date x=(EDGE) y=(top + 20.0) { (first) }
            text.date x=(WIDTH - EDGE) y=(top + 20.0) text-anchor="end" { (last) }
            @for (row, (dates, text)) in runs.iter().enumerate() {
                @let y = top + 36.0 + 16.0 * row as f64;
                g {
                    title { (text) }
                    @if let (Some(from), Some(to)) = (dates.iter().min(), dates.iter().max()) {
                        line.run x1=(format!("{:.1}", x(*from))) y1=(y) x2=(format!("{:.1}", x(*to))) y2=(y) {}
                    }
                    @for date in dates {
                        circle.tick cx=(format!("{:.1}", x(*date))) cy=(y) r="3.5" {}
                    }
                }
            }
        }
    })
}
