//! A speaker's claims over time as SVG: claims as dots, repeats as runs, contradictions as arcs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use super::text::sanitise;
use crate::claim::{Claim, ClaimId};
use crate::consistency::Findings;
use crate::verdict::FindingKind;

/// Width of the drawing, in its own units.
const WIDTH: f64 = 720.0;
/// Space at both ends.
const EDGE: f64 = 16.0;
/// Most runs that are drawn.
const MOST_RUNS: usize = 8;
/// Most arcs that are drawn.
const MOST_ARCS: usize = 60;
/// Places for dots along the axis; days that fall on one place share a dot.
const PLACES: f64 = 240.0;
/// Height of the room for arcs.
const ARCS: f64 = 90.0;
/// Most names of years or months under the axis.
const MOST_TICKS: usize = 9;

/// Draws the timeline of one speaker; nothing where fewer than two days are known.
pub fn timeline(speaker: &str, claims: &[&Claim], findings: &Findings) -> Option<Markup> {
    let dated: Vec<Date> = claims.iter().filter_map(|c| c.date).collect();
    let (first, last) = (*dated.iter().min()?, *dated.iter().max()?);
    let length = (last - first).get_days();
    if length == 0 {
        return None;
    }
    let x = |date: Date| EDGE + (WIDTH - 2.0 * EDGE) * f64::from((date - first).get_days()) / f64::from(length);
    let mut dots: BTreeMap<u32, (Date, Date, usize)> = BTreeMap::new();
    for date in &dated {
        let place = (x(*date) / WIDTH * PLACES) as u32;
        let dot = dots.entry(place).or_insert((*date, *date, 0));
        *dot = (dot.0.min(*date), dot.1.max(*date), dot.2 + 1);
    }
    let by_id: BTreeMap<ClaimId, Date> = claims.iter().filter_map(|c| Some((c.id, c.date?))).collect();
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
    let arcs: Vec<_> = findings
        .findings
        .iter()
        .filter(|f| f.a.speaker_name == speaker && f.kind != FindingKind::Repeat)
        .filter_map(|f| Some((f, f.a.date?, f.b.date?)))
        .take(MOST_ARCS)
        .collect();
    let top = if arcs.is_empty() { 16.0 } else { ARCS };
    let height = top + 30.0 + 16.0 * runs.len() as f64;
    let summary = format!(
        "{}: {} claims from {first} to {last}. Drawn: {} repeated statements, {} other findings; the lists below have them all.",
        sanitise(speaker),
        claims.len(),
        runs.len(),
        arcs.len()
    );
    Some(html! {
        svg.timeline viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="group" aria-label=(summary) {
            line.axis x1=(EDGE) y1=(top) x2=(WIDTH - EDGE) y2=(top) {}
            @for (at, words) in ticks(first, last) {
                line.axis x1=(format!("{:.1}", x(at))) y1=(top) x2=(format!("{:.1}", x(at))) y2=(top + 7.0) {}
                text.date.minor x=(format!("{:.1}", x(at))) y=(top + 20.0) text-anchor="middle" aria-hidden="true" { (words) }
            }
            text.date.end x=(EDGE) y=(top + 20.0) aria-hidden="true" { (first) }
            text.date.end x=(WIDTH - EDGE) y=(top + 20.0) text-anchor="end" aria-hidden="true" { (last) }
            @for (i, (finding, from, to)) in arcs.iter().enumerate() {
                @let (left, right) = (x(*from), x(*to));
                // Arcs with the same ends are kept apart by their height.
                @let bend = (top - 8.0).min(24.0 + (right - left).abs() / 3.0) * (1.0 - 0.13 * (i % 5) as f64);
                @let what = if finding.kind == FindingKind::Contradiction { "Possible contradiction" } else { "Finding" };
                a href={ "#" (finding.id) } aria-label={ (what) ", " (from) " and " (to) } {
                    path.arc .changed[finding.kind != FindingKind::Contradiction]
                        d=(format!("M{left:.1} {top:.1} C{left:.1} {0:.1} {right:.1} {0:.1} {right:.1} {top:.1}", top - bend * 1.33)) {
                        title { (sanitise(&finding.a.text)) " / " (sanitise(&finding.b.text)) }
                    }
                }
            }
            @for (from, to, count) in dots.values() {
                circle.dot cx=(format!("{:.1}", (x(*from) + x(*to)) / 2.0)) cy=(top) r=(format!("{:.1}", (2.5 + (*count as f64).sqrt()).min(8.0))) {
                    title { (from) @if from != to { " to " (to) } ": " (count) (if *count == 1 { " claim" } else { " claims" }) }
                }
            }
            @for (row, (dates, text)) in runs.iter().enumerate() {
                @let y = top + 36.0 + 16.0 * row as f64;
                g {
                    title { (sanitise(text)) }
                    @if let (Some(from), Some(to)) = (dates.iter().min(), dates.iter().max()) {
                        line.run x1=(format!("{:.1}", x(*from))) y1=(y) x2=(format!("{:.1}", x(*to))) y2=(y) {}
                    }
                    @for place in dates.iter().map(|date| x(*date) as u32).collect::<std::collections::BTreeSet<u32>>() {
                        circle.tick cx=(place) cy=(y) r="3.5" {}
                    }
                }
            }
        }
    })
}

/// The days between the ends that get a mark and a name: years, or months where there are few, none of them near an end.
fn ticks(first: Date, last: Date) -> Vec<(Date, String)> {
    let days = (last - first).get_days();
    let near = days / 8;
    let inside = |date: &Date| (*date - first).get_days() > near && (last - *date).get_days() > near;
    let years: Vec<Date> =
        (first.year()..=last.year()).filter_map(|y| Date::new(y, 1, 1).ok()).filter(inside).collect();
    let months = || {
        let all = (first.year()..=last.year()).flat_map(|y| (1..=12).filter_map(move |m| Date::new(y, m, 1).ok()));
        all.filter(inside).collect::<Vec<Date>>()
    };
    let of_months = if days < 3 * 366 { months() } else { Vec::new() };
    let (chosen, format) = if of_months.is_empty() { (years, "%Y") } else { (of_months, "%b %Y") };
    let step = chosen.len().div_ceil(MOST_TICKS).max(1);
    chosen.into_iter().step_by(step).map(|date| (date, date.strftime(format).to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_years_or_months_and_keep_off_the_ends() {
        let words = |from: &str, to: &str| -> Vec<String> {
            ticks(from.parse().unwrap(), to.parse().unwrap()).into_iter().map(|(_, words)| words).collect()
        };
        assert_eq!(words("2010-06-01", "2016-10-02"), ["2012", "2013", "2014", "2015"]);
        assert_eq!(words("2024-01-16", "2024-06-25"), ["Mar 2024", "Apr 2024", "May 2024", "Jun 2024"]);
        assert_eq!(words("2024-01-01", "2024-01-02"), [""; 0]);
        assert!(words("1901-01-01", "2024-06-25").len() <= MOST_TICKS);
    }
}
