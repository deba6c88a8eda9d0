//! A person's verdicts on findings, given and taken back on the page.

use std::sync::Arc;

use maud::{Markup, html};
use serde::Deserialize;

use super::Site;
use super::finding_pages::finding_on;
use super::pages::{Missing, setting};
use super::routes::Trouble;
use super::shelf::Library;
use crate::consistency::Finding;
use crate::report::html::{self as shown, Setting};
use crate::store::{Occasion, ReviewEntry, ReviewedSide, What};
use crate::verdict::FindingKind;

/// What the form of a finding sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Given {
    /// The verdict.
    pub verdict: String,
    /// Words that go with it.
    pub note: String,
    /// Whether only the finding is wanted back, without a page around it.
    pub part: String,
}

/// Verdicts that the page offers, with their words and keys.
const OFFERED: [(&str, &str, &str); 2] = [("accepted", "Accept", "a"), ("rejected", "Reject", "r")];

/// The verdict that a note alone is kept under.
const NOTED: &str = "noted";

/// What a finding offers to do with it.
pub fn controls(site: &Site, finding: &Finding) -> Markup {
    let path = format!("{}/findings/{}", site.base, finding.id);
    let review = finding.review.as_ref().filter(|review| !review.reopened);
    let note = format!("note-{}", finding.id);
    html! {
        form.review method="post" action={ (path) "/review" } {
            label for=(note) { "Note" }
            input id=(note) name="note" maxlength="1000" autocomplete="off" value=[review.and_then(|r| r.note.as_deref())];
            // The first button is the one that Enter in the note presses: it must not judge.
            button name="verdict" value=(review.map_or(NOTED, |r| r.verdict.as_str())) { "Keep note" }
            @for (verdict, word, key) in OFFERED {
                button name="verdict" value=(verdict) data-key=(key) aria-keyshortcuts=(key)
                    aria-pressed=(if review.is_some_and(|r| r.verdict == verdict) { "true" } else { "false" }) { (word) }
            }
        }
        @if review.is_some() {
            form.review method="post" action={ (path) "/undo" } { button data-key="u" aria-keyshortcuts="u" { "Undo" } }
        }
    }
}

/// Enters a verdict on a finding.
pub fn give(site: &Site, id: &str, given: &Given) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let finding = finding_on(site, &library, id)?;
    let entry = ReviewEntry {
        finding: finding.id.clone(),
        repeat: finding.kind == FindingKind::Repeat,
        verdict: given.verdict.clone(),
        sides: [ReviewedSide::of(&finding.a), ReviewedSide::of(&finding.b)],
    };
    let on = Occasion { at: (site.now)(), why: Some(given.note.as_str()) };
    site.shelf.change(|record| record.review(entry, on))?;
    again(site, &library, id)
}

/// Takes back the last verdict on a finding that stands.
pub fn take_back(site: &Site, id: &str) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let on = Occasion { at: (site.now)(), why: None };
    let taken = site.shelf.change(|record| {
        let log = record.operations()?;
        let of_finding = |what: &What| matches!(what, What::Review(review) if review.finding == id);
        match log.iter().rev().find(|entry| entry.undone_by.is_none() && of_finding(&entry.what)) {
            Some(entry) => record.undo(Some(entry.id), on).map(Some),
            None => Ok(None),
        }
    })?;
    match taken {
        Some(_) => again(site, &library, id),
        None => Err(Missing(format!("There is no verdict on {id} to take back.")).into()),
    }
}

/// The finding as it stands after a change.
fn again(site: &Site, library: &Arc<Library>, id: &str) -> Result<Markup, Trouble> {
    let finding = finding_on(site, library, id)?;
    let controls = |finding: &Finding| controls(site, finding);
    Ok(shown::finding(&finding, &Setting { controls: Some(&controls), ..setting(site) }))
}
