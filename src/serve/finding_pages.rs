//! The pages of findings: lists by kind, and one finding in full.

use std::sync::Arc;

use maud::{Markup, html};

use super::Site;
use super::frame::{Way, frame, turning};
use super::lookout::Known;
use super::pages::{Missing, setting};
use super::review;
use super::routes::{Asked, Trouble};
use super::shelf::Library;
use crate::claim::Claim;
use crate::claim::ids::Id;
use crate::consistency::{Finding, Findings};
use crate::findings;
use crate::report::findings::{SECTIONS, plural};
use crate::report::html::{self as shown, Setting};
use crate::report::text::sanitise;
use crate::verdict::FindingKind;

/// Findings on one page.
const FINDINGS: usize = 50;

/// The word of a kind in addresses, as `report --kind` has it.
pub(super) fn word(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Contradiction => "contradiction",
        FindingKind::ChangedPosition => "changed-position",
        FindingKind::ReportsDiffer => "reports-differ",
        FindingKind::Repeat => "repeat",
    }
}

/// Says how far the looking has come, where it is not done.
pub(super) fn so_far(known: &Known) -> Markup {
    html! {
        @if !known.is_whole() {
            p.waiting data-waiting role="status" {
                "Still looking: " (known.looked) " of " (known.of) " speaker" (plural(known.of)) " so far. "
                a href="" { "Look again" }
            }
        }
    }
}

/// All findings of one kind, or those of them that nobody has reviewed.
pub fn findings(site: &Site, asked: &Asked) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let known = site.lookout.known(&library, None);
    let kind = SECTIONS.iter().map(|(kind, ..)| *kind).find(|k| word(*k) == asked.kind);
    let kind = kind.unwrap_or(FindingKind::Contradiction);
    let open = asked.review == "open";
    let mut of_kind: Vec<Finding> = known.findings.findings.iter().filter(|f| f.kind == kind).cloned().collect();
    if open {
        of_kind = reviewed(site, of_kind)?;
        of_kind.retain(|finding| finding.review.as_ref().is_none_or(|review| review.reopened));
    }
    let repeated = if kind == FindingKind::Repeat { known.findings.repeated.as_slice() } else { &[] };
    let all = of_kind.len().max(repeated.len());
    let from = asked.page().saturating_mul(FINDINGS);
    let part = Findings {
        findings: reviewed(site, of_kind.into_iter().skip(from).take(FINDINGS).collect())?,
        repeated: repeated.iter().skip(from).take(FINDINGS).cloned().collect(),
        coverage: Vec::new(),
    };
    let claims: Vec<Claim> =
        part.repeated.iter().flat_map(|r| &r.claims).filter_map(|id| library.claim(*id)).cloned().collect();
    let path = format!("{}/findings", site.base);
    let controls = |finding: &Finding| review::controls(site, finding);
    let setting = Setting { total: Some(all), controls: Some(&controls), ..setting(site) };
    let contents = html! {
        h1 { "Findings" }
        (so_far(&known))
        nav.contents aria-label="Kinds" {
            ul {
                @for (other, heading, _) in SECTIONS {
                    li { a href={ (path) "?kind=" (word(other)) } aria-current=[(kind == other).then_some("page")] { (heading) } }
                }
            }
        }
        @if kind != FindingKind::Repeat {
            nav.contents aria-label="Review" {
                ul {
                    li { a href={ (path) "?kind=" (word(kind)) } aria-current=[(!open).then_some("page")] { "All" } }
                    li { a href={ (path) "?review=open&kind=" (word(kind)) } aria-current=[open.then_some("page")] { "Not reviewed" } }
                }
            }
            (keys())
        }
        (shown::sections(&part, &claims, &[kind], &setting))
        (turning(&path, &[("kind", &asked.kind), ("review", &asked.review)], asked.page(), FINDINGS, all))
    };
    Ok(frame(site, "Findings", Way::Findings, "", contents))
}

/// Names the keys that walk through findings and judge them.
pub(super) fn keys() -> Markup {
    let keys = [("j", "next"), ("k", "previous"), ("a", "accept"), ("r", "reject"), ("n", "note"), ("u", "undo")];
    html! { p.keys data-keys hidden { "Keys: " @for (key, does) in keys { kbd { (key) } " " (does) " " } } }
}

/// Gives findings the verdicts that people gave.
pub(super) fn reviewed(site: &Site, findings: Vec<Finding>) -> Result<Vec<Finding>, Trouble> {
    let mut found = Findings { findings, ..Findings::default() };
    site.shelf.ask(|record| findings::with_reviews(record, &mut found))?;
    Ok(found.findings)
}

/// Returns a finding by its id, with its verdict; a pair that is not shown as one is judged now.
pub fn finding_on(site: &Site, library: &Arc<Library>, id: &str) -> Result<Finding, Trouble> {
    let known = site.lookout.known(library, None);
    if let Some(finding) = known.findings.findings.iter().find(|finding| finding.id == id) {
        let mut found = Findings { findings: vec![finding.clone()], ..Findings::default() };
        site.shelf.ask(|record| findings::with_reviews(record, &mut found))?;
        return Ok(found.findings.swap_remove(0));
    }
    let Ok(Id::Finding(id)) = id.parse() else { return Err(Missing(format!("{id} names no finding.")).into()) };
    Ok(site.shelf.ask(|record| findings::judged(record, findings::named(record, &id, None)?, site.encoder))?)
}

/// One finding.
pub fn finding(site: &Site, id: &str) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let finding = finding_on(site, &library, id)?;
    let kind = SECTIONS.iter().find(|(kind, ..)| *kind == finding.kind).map_or("Finding", |(_, heading, _)| heading);
    let title = format!("{kind}: {}", finding.a.speaker_name);
    let controls = |finding: &Finding| review::controls(site, finding);
    let contents = html! {
        h1 { (sanitise(&title)) }
        (keys())
        h2 { "The two statements" }
        (shown::finding(&finding, &Setting { controls: Some(&controls), ..setting(site) }))
    };
    Ok(frame(site, &title, Way::Findings, "", contents))
}
