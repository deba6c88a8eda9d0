//! `add`: articles and their claims into the record.

use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

use super::inputs::Inputs;
use super::progress::Waiting;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::article::{self, Overrides};
use crate::claim::ArticleId;
use crate::pipeline::{self, Extraction};
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::store::{Access, Added, Record, StoreError};

/// Reads articles and adds them and their claims to the record
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord add articles/
  onrecord add story.txt --outlet \"The Courier\" --date 2024-03-31
  curl -s https://example.org/story | onrecord add - --url https://example.org/story
  onrecord add dump.jsonl --dry-run")]
pub struct AddArgs {
    /// Files, folders or `-` for standard input
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Outlet, whatever the input says
    #[arg(long)]
    outlet: Option<String>,
    /// Day of publication, whatever the input says
    #[arg(long, value_parser = published)]
    date: Option<Date>,
    /// Address, whatever the input says; for one article
    #[arg(long)]
    url: Option<String>,
    /// Headline, whatever the input says
    #[arg(long)]
    title: Option<String>,
    /// Shows what would be added, and adds nothing
    #[arg(long)]
    dry_run: bool,
}

fn published(text: &str) -> Result<Date, String> {
    article::parse_date(text)
        .ok_or_else(|| "not a day, or a day that can be read in two ways; write it as 2024-03-31".into())
}

/// What was done, counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Counts {
    added: usize,
    updated: usize,
    unchanged: usize,
    failed: usize,
    claims: usize,
    dry_run: bool,
}

/// What became of one article.
#[derive(Clone, Debug, Serialize)]
struct ArticleDone {
    id: String,
    name: String,
    title: Option<String>,
    outlet: Option<String>,
    date: Option<String>,
    url: Option<String>,
    outcome: &'static str,
    claims: usize,
}

/// Runs the command.
pub fn run(args: &AddArgs, session: &mut Session) -> Outcome {
    let format = session.format("add", &[Format::Table, Format::Json, Format::Jsonl])?;
    let overrides =
        Overrides { outlet: args.outlet.clone(), date: args.date, url: args.url.clone(), title: args.title.clone() };
    // A trial run reads the record, where there is one, and never makes one.
    let record = if args.dry_run {
        match record::open(session, Access::Read) {
            Ok(record) => Some(record),
            Err(_) if !session.db().exists() => None,
            Err(error) => return Err(error),
        }
    } else {
        Some(record::open(session, Access::Write)?)
    };
    let mut inputs = Inputs::new(&args.paths);
    let mut counts = Counts { dry_run: args.dry_run, ..Counts::default() };
    let progress = Waiting::new(session, "articles read");
    let mut grid = Grid::new()
        .column("Article", Fit::Flowing, Style::new())
        .column("Outlet", Fit::Narrow, Style::new())
        .column("Date", Fit::Fixed, Style::new())
        .column("Claims", Fit::Number, Style::new())
        .column("Would be", Fit::Fixed, Style::new());
    let mut seen = 0;
    loop {
        let mut batch = inputs.batch(session);
        if batch.is_empty() {
            break;
        }
        seen += batch.len();
        if seen > 1 && args.url.is_some() {
            return Err(CommandError::new("--url names one article, and the input holds several")
                .hint("add them one by one, or give each its address in a header line or in JSONL"));
        }
        for article in &mut batch {
            overrides.apply(article);
            if args.outlet.is_none()
                && let Some(name) = session.config.outlet(article.outlet.as_deref(), article.url.as_deref())
            {
                article.outlet = Some(name.to_string());
            }
        }
        let extractions: Vec<Extraction> = batch.into_par_iter().map(pipeline::extract).collect();
        for extraction in &extractions {
            let outcome = match &record {
                Some(record) if !args.dry_run => match record.add_unsynced(extraction, session.now()) {
                    Ok((_, added)) => added,
                    Err(error @ StoreError::TooLarge { .. }) => {
                        inputs.failed += 1;
                        session.failed(&CommandError::from(error));
                        continue;
                    }
                    Err(error) => {
                        progress.finish();
                        return Err(stopped(error, record, &counts));
                    }
                },
                record => would_be(record.as_ref(), extraction)?,
            };
            let claims = extraction.attributions.len();
            let word = match outcome {
                Added::New => {
                    counts.added += 1;
                    "added"
                }
                Added::Updated { .. } => {
                    counts.updated += 1;
                    "updated"
                }
                Added::Unchanged => {
                    counts.unchanged += 1;
                    "unchanged"
                }
            };
            counts.claims += if outcome == Added::Unchanged { 0 } else { claims };
            let article = &extraction.article;
            let date = article.date.map(|d| d.to_string());
            if format == Format::Jsonl {
                session.print_json_line(&Row::new(ArticleDone {
                    id: format!("{:#}", ArticleId(article.identity())),
                    name: article.name.clone(),
                    title: article.title.clone(),
                    outlet: article.outlet.clone(),
                    date,
                    url: article.url.clone(),
                    outcome: word,
                    claims,
                }))?;
            } else if args.dry_run && format == Format::Table {
                let title = article.title.clone().unwrap_or_else(|| article.name.clone());
                let outlet = article.outlet.clone().unwrap_or_default();
                grid.row([title, outlet, date.unwrap_or_default(), claims.to_string(), word.to_string()]);
            }
            progress.at(counts.added + counts.updated + counts.unchanged);
        }
        if let Some(record) = record.as_ref().filter(|_| !args.dry_run) {
            record.sync().map_err(|error| stopped(error, record, &counts))?;
        }
    }
    progress.finish();
    counts.failed = inputs.failed;
    let done = counts.added + counts.updated + counts.unchanged;
    match format {
        Format::Json => session.print_json(&Row::new(counts))?,
        Format::Jsonl => {}
        _ if done == 0 && counts.failed == 0 => {}
        _ => {
            let (width, styles, quiet) = (session.terminal.width, session.terminal.styles(), session.quiet);
            if !grid.is_empty() {
                let text = grid.render(width, &styles);
                writeln!(session.out(), "{text}")?;
            }
            if !quiet || args.dry_run {
                let would = if args.dry_run { "would be: " } else { "" };
                let Counts { added, updated, unchanged, failed, .. } = counts;
                writeln!(
                    session.out(),
                    "{would}{added} added, {updated} updated, {unchanged} unchanged, {failed} failed"
                )?;
            }
        }
    }
    match (done, counts.failed) {
        (0, 0) => Err(CommandError::new("no article was found in what was given")
            .hint("give text, HTML or JSON Lines; `onrecord add --help` shows how")),
        (0, _) => Ok(Exit::Failed),
        (_, 0) => Ok(Exit::Done),
        _ => Ok(Exit::SomeFailed),
    }
}

/// What adding would do, found by reading only.
fn would_be(record: Option<&Record>, extraction: &Extraction) -> Result<Added, CommandError> {
    let Some(record) = record else { return Ok(Added::New) };
    match record.article(ArticleId(extraction.article.identity()), None) {
        Ok(stored) if stored.article.text == extraction.article.text => Ok(Added::Unchanged),
        Ok(stored) => Ok(Added::Updated { version: stored.version + 1 }),
        Err(StoreError::Unknown(_)) => Ok(Added::New),
        Err(error) => Err(error.into()),
    }
}

/// The record failed in the middle: what was added before is made durable, and said.
fn stopped(error: StoreError, record: &Record, counts: &Counts) -> CommandError {
    let kept = counts.added + counts.updated;
    let kept = if record.sync().is_ok() { format!("{kept} articles were stored before") } else { String::new() };
    let made = CommandError::from(error);
    if kept.is_empty() { made } else { made.cause(kept) }
}
