//! Putting articles on record and counting what became of them, as `add` and `watch` do.

use std::collections::BTreeSet;
use std::io::Write;

use anstyle::Style;
use rayon::prelude::*;
use serde::Serialize;

use super::checking::Checked;
use super::progress::Waiting;
use super::{CommandError, Exit, Format, Session, mistake};
use crate::article::{Article, LeftOut, Overrides};
use crate::claim::ArticleId;
use crate::pipeline::Extraction;
use crate::report::json::{ReportView, Row};
use crate::report::table::{Fit, Grid};
use crate::store::{Added, Record, StoreError};

/// What was done, counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub failed: usize,
    pub claims: usize,
    pub dry_run: bool,
}

impl Counts {
    /// Returns how many articles were read.
    pub fn done(&self) -> usize {
        self.added + self.updated + self.unchanged
    }
}

/// What was done, and what the new articles repeat or contradict, where that was asked for.
#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<ReportView>,
}

/// What became of one article.
#[derive(Clone, Debug, Serialize)]
struct ArticleDone<'a> {
    id: String,
    name: String,
    title: Option<String>,
    outlet: Option<String>,
    date: Option<String>,
    url: Option<String>,
    outcome: &'static str,
    claims: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<LeftOutView<'a>>,
}

/// Something that was not taken, and why.
#[derive(Clone, Debug, Serialize)]
struct LeftOutView<'a> {
    what: &'a str,
    why: &'a str,
}

/// An article that was read for its claims, or did not need to be.
struct Read {
    extraction: Extraction,
    /// How many claims the record has of it, where it is there as it is; then nothing was extracted.
    on_record: Option<usize>,
}

impl Read {
    fn claims(&self) -> usize {
        self.on_record.unwrap_or(self.extraction.attributions.len())
    }
}

/// An article that was added, or would be: what became of it, and what was left out of it.
type Outcome<'a> = (&'a Read, Added, Vec<LeftOut>);

/// Articles on their way into the record.
pub struct Adding {
    /// What was done so far; failures to read are counted by the one who reads.
    pub counts: Counts,
    /// What was left out of each of the articles that come next; a trial run shows it.
    pub left_out: Vec<Vec<LeftOut>>,
    /// The articles that were added or updated.
    pub fresh: BTreeSet<ArticleId>,
    format: Format,
    overrides: Overrides,
    progress: Waiting,
    grid: Grid,
}

impl Adding {
    /// Starts counting. A trial run only tells what would be done.
    pub fn new(session: &Session, format: Format, overrides: Overrides, dry_run: bool) -> Adding {
        let grid = Grid::new()
            .column("Article", Fit::Flowing, Style::new())
            .column("Outlet", Fit::Narrow, Style::new())
            .column("Date", Fit::Fixed, Style::new())
            .column("Claims", Fit::Number, Style::new())
            .column("Would be", Fit::Fixed, Style::new());
        let counts = Counts { dry_run, ..Counts::default() };
        Adding {
            counts,
            left_out: Vec::new(),
            fresh: BTreeSet::new(),
            format,
            overrides,
            progress: Waiting::new(session, "articles read"),
            grid,
        }
    }

    /// Adds articles, in their order, and returns the ids of those that are on record now; all are durable then.
    pub fn add(
        &mut self,
        mut articles: Vec<Article>,
        record: Option<&Record>,
        session: &mut Session,
    ) -> Result<Vec<ArticleId>, CommandError> {
        for article in &mut articles {
            self.overrides.apply(article);
            if self.overrides.outlet.is_none()
                && let Some(name) = session.config.outlet(article.outlet.as_deref(), article.url.as_deref())
            {
                article.outlet = Some(name.to_string());
            }
        }
        let read: Vec<Result<Read, CommandError>> = articles
            .into_par_iter()
            // A record that cannot be asked says so below, where its errors end the work.
            .map(|article| match record.and_then(|record| record.claims_if_unchanged(&article).ok().flatten()) {
                None => Ok(Read { extraction: mistake::extract(article)?, on_record: None }),
                on_record => Ok(Read { extraction: Extraction { article, attributions: Vec::new() }, on_record }),
            })
            .collect();
        let at = session.moment();
        let mut outcomes = Vec::with_capacity(read.len());
        let mut left_out = std::mem::take(&mut self.left_out).into_iter();
        for read in &read {
            let left_out = left_out.next().filter(|_| self.counts.dry_run).unwrap_or_default();
            let Some(read) = mistake::or_named(read, session) else {
                self.counts.failed += 1;
                continue;
            };
            let extraction = &read.extraction;
            let outcome = match record {
                _ if read.on_record.is_some() => Added::Unchanged,
                Some(record) if !self.counts.dry_run => match record.add_unsynced(extraction, at) {
                    Ok((_, added)) => added,
                    Err(error @ StoreError::TooLarge { .. }) => {
                        self.counts.failed += 1;
                        session.failed(&CommandError::from(error));
                        continue;
                    }
                    Err(error) => {
                        // What went in before may still be made durable; then it is stored, and told so.
                        if record.sync().is_ok() {
                            self.note_all(&outcomes, session)?;
                        }
                        return Err(self.stopped(error));
                    }
                },
                record => would_be(record, extraction)?,
            };
            outcomes.push((read, outcome, left_out));
        }
        if let Some(record) = record.filter(|_| !self.counts.dry_run) {
            record.sync().map_err(|error| self.stopped(error))?;
        }
        // Nothing is said to be stored before it is.
        self.note_all(&outcomes, session)?;
        Ok(outcomes.iter().map(|(read, ..)| ArticleId(read.extraction.article.identity())).collect())
    }

    fn note_all(&mut self, outcomes: &[Outcome], session: &mut Session) -> Result<(), CommandError> {
        for (read, outcome, left_out) in outcomes {
            let article = &read.extraction.article;
            if self.format == Format::Table {
                for LeftOut { what, why } in left_out {
                    session.note(format!("left out of {}: {why}: {what}", article.name));
                }
            }
            self.show(article, read.claims(), *outcome, left_out, session)?;
        }
        Ok(())
    }

    /// Counts and shows what became of one article.
    pub fn note(
        &mut self,
        article: &Article,
        claims: usize,
        outcome: Added,
        session: &mut Session,
    ) -> Result<(), CommandError> {
        self.show(article, claims, outcome, &[], session)
    }

    fn show(
        &mut self,
        article: &Article,
        claims: usize,
        outcome: Added,
        left_out: &[LeftOut],
        session: &mut Session,
    ) -> Result<(), CommandError> {
        let counts = &mut self.counts;
        let (count, word) = match outcome {
            Added::New => (&mut counts.added, "added"),
            Added::Updated { .. } => (&mut counts.updated, "updated"),
            Added::Unchanged => (&mut counts.unchanged, "unchanged"),
        };
        *count += 1;
        if outcome != Added::Unchanged {
            counts.claims += claims;
            self.fresh.insert(ArticleId(article.identity()));
        }
        let date = article.date.map(|d| d.to_string());
        if self.format == Format::Jsonl {
            session.print_json_line(&Row::new(ArticleDone {
                id: format!("{:#}", ArticleId(article.identity())),
                name: article.name.clone(),
                title: article.title.clone(),
                outlet: article.outlet.clone(),
                date,
                url: article.url.clone(),
                outcome: word,
                claims,
                left_out: left_out.iter().map(|LeftOut { what, why }| LeftOutView { what, why }).collect(),
            }))?;
        } else if self.counts.dry_run && self.format == Format::Table {
            let title = article.title.clone().unwrap_or_else(|| article.name.clone());
            let outlet = article.outlet.clone().unwrap_or_default();
            self.grid.row([title, outlet, date.unwrap_or_default(), claims.to_string(), word.to_string()]);
        }
        self.progress.at(self.counts.done());
        Ok(())
    }

    /// Prints the counts, with the inputs that could not be read, and what the articles were `found` to say of others.
    pub fn finish(
        &mut self,
        failed: usize,
        found: Option<&Checked>,
        session: &mut Session,
    ) -> Result<(), CommandError> {
        self.progress.finish();
        self.counts.failed += failed;
        match self.format {
            Format::Json => {
                session.print_json(&Row::new(Done {
                    counts: self.counts,
                    check: found.map(Checked::view).transpose()?,
                }))?;
            }
            Format::Jsonl => {}
            _ => {
                let (width, styles, quiet) = (session.terminal.width, session.terminal.styles(), session.quiet);
                if !self.grid.is_empty() {
                    let text = self.grid.render(width, &styles);
                    writeln!(session.out(), "{text}")?;
                }
                let Counts { added, updated, unchanged, failed, dry_run, .. } = self.counts;
                if !quiet || dry_run {
                    let would = if dry_run { "would be: " } else { "" };
                    writeln!(
                        session.out(),
                        "{would}{added} added, {updated} updated, {unchanged} unchanged, {failed} failed"
                    )?;
                }
            }
        }
        match found {
            Some(checked) if self.format != Format::Json => checked.print(self.format, session),
            _ => Ok(()),
        }
    }

    /// Returns how a command ends that did this.
    pub fn exit(&self) -> Exit {
        match (self.counts.done(), self.counts.failed) {
            (_, 0) => Exit::Done,
            (0, _) => Exit::Failed,
            _ => Exit::SomeFailed,
        }
    }

    /// The record failed in the middle: says what is stored all the same.
    fn stopped(&self, error: StoreError) -> CommandError {
        self.progress.finish();
        let stored = self.counts.added + self.counts.updated;
        CommandError::from(error).cause(format!("{stored} articles were stored before"))
    }
}

/// What adding would do, found by reading only.
fn would_be(record: Option<&Record>, extraction: &Extraction) -> Result<Added, CommandError> {
    let Some(record) = record else { return Ok(Added::New) };
    match record.article(ArticleId(extraction.article.identity()), None) {
        Ok(stored) => Ok(Added::Updated { version: stored.version + 1 }),
        Err(StoreError::Unknown(_)) => Ok(Added::New),
        Err(error) => Err(error.into()),
    }
}
