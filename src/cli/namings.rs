//! How the articles of a record name a speaker, and why the names are taken for one speaker's.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::Style;
use serde::Serialize;

use super::CommandError;
use crate::attribution::Referent;
use crate::claim::{ArticleId, Claim};
use crate::report::table::{Fit, Grid};
use crate::report::text::one_line;
use crate::speaker::Known;
use crate::speaker::evidence::{Form, Naming, forms_with_reasons};
use crate::store::{Record, SpeakerSummary};

/// A form of a name as JSON shows it.
#[derive(Serialize)]
pub struct FormView {
    name: String,
    articles: usize,
    /// The article that joined it.
    article: String,
    outlet: Option<String>,
    date: Option<String>,
    phrase: String,
    reasons: Vec<String>,
}

impl FormView {
    /// Makes the view of a form.
    pub fn new(form: &Form) -> FormView {
        FormView {
            name: form.name.clone(),
            articles: form.articles,
            article: form.article.to_string(),
            outlet: form.outlet.clone(),
            date: form.date.map(|d| d.to_string()),
            phrase: form.phrase.clone(),
            reasons: form.reasons.clone(),
        }
    }
}

/// Lists the forms of a speaker's name, with what joined each.
pub fn of(record: &Record, speaker: &SpeakerSummary, claims: &[Claim]) -> Result<Vec<Form>, CommandError> {
    let mut by_article: BTreeMap<ArticleId, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        by_article.entry(claim.article).or_default().push(claim);
    }
    let mut namings: Vec<(i64, Naming)> = Vec::new();
    for (article, own) in by_article {
        let Some(referent) = own.iter().find_map(|c| c.attribution.speaker.clone()) else { continue };
        let Some(first) = own.first() else { continue };
        let stored = record.article(article, Some(first.version))?;
        let text = &stored.article.text;
        let phrases: Vec<String> =
            own.iter().flat_map(|c| &c.attribution.source).map(|s| s.of(text).to_string()).collect();
        let others: BTreeSet<&str> = stored
            .attributions
            .iter()
            .filter_map(|(_, _, attribution)| attribution.speaker.as_ref())
            .map(|other| other.name.as_str())
            .filter(|name| *name != referent.name)
            .collect();
        let beside = others.into_iter().map(str::to_string).collect();
        let referent = with_all_forms(referent, &own);
        let (outlet, date) = (first.outlet.clone(), first.date);
        namings.push((stored.added, Naming { article, outlet, date, referent, beside, phrases }));
    }
    namings.sort_by_key(|(added, naming)| (*added, naming.date, naming.article));
    let namings: Vec<Naming> = namings.into_iter().map(|(_, naming)| naming).collect();
    let known = |other: SpeakerSummary| Known {
        id: other.id,
        name: other.name,
        aliases: other.aliases,
        roles: other.roles,
        gender: other.gender,
        sort: other.sort,
        outlets: Vec::new(),
        article: None,
        claims: other.claims,
        set_apart: false,
    };
    let others: Vec<Known> = record.speakers()?.into_iter().filter(|other| other.id != speaker.id).map(known).collect();
    Ok(forms_with_reasons(speaker.id, &namings, &others))
}

/// Claims of one article may each have another form of the name; all of them are forms of it.
fn with_all_forms(mut referent: Referent, claims: &[&Claim]) -> Referent {
    for other in claims.iter().filter_map(|c| c.attribution.speaker.as_ref()) {
        for name in std::iter::once(&other.name).chain(&other.aliases) {
            if *name != referent.name && !referent.aliases.contains(name) {
                referent.aliases.push(name.clone());
            }
        }
    }
    referent
}

/// Sets the forms in a table.
pub fn grid(forms: &[Form]) -> Grid {
    let mut grid = Grid::new()
        .column("Called", Fit::Narrow, Style::new())
        .column("Articles", Fit::Number, Style::new())
        .column("First in", Fit::Fixed, Style::new())
        .column("As", Fit::Narrow, Style::new())
        .column("Because", Fit::Flowing, Style::new());
    for form in forms {
        let date = form.date.map(|d| d.to_string());
        let place: Vec<String> = [Some(form.article.to_string()), date].into_iter().flatten().collect();
        grid.row([
            one_line(&form.name),
            form.articles.to_string(),
            place.join(" "),
            one_line(&form.phrase),
            one_line(&form.reasons.join(" ")),
        ]);
    }
    grid
}
