//! `add`: articles and their claims into the record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::adding::Adding;
use super::checking::Checked;
use super::engine::Engine;
use super::inputs::Inputs;
use super::web::WebOptions;
use super::{CommandError, Format, Outcome, Session, record};
use crate::article::{self, Overrides};
use crate::claim::ArticleId;
use crate::fetch::{self, Validators};
use crate::store::{Access, Added, Purpose, Record, Visit};

/// Reads articles and adds them and their claims to the record
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord add articles/
  onrecord add story.txt --outlet \"The Courier\" --date 2024-03-31
  onrecord add https://example.org/story
  onrecord add today/ --check
  onrecord add dump.jsonl --dry-run")]
pub struct AddArgs {
    /// Files, folders, http(s) addresses, or `-` for standard input
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
    /// Shows what would be added and what would be left out, and adds nothing
    #[arg(long)]
    dry_run: bool,
    /// Also shows what the new articles repeat or contradict of what their speakers said elsewhere
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Which judge is asked
    #[arg(long, value_enum, requires = "check")]
    engine: Option<Engine>,
    #[command(flatten)]
    web: WebOptions,
}

fn published(text: &str) -> Result<Date, String> {
    article::parse_date(text)
        .ok_or_else(|| "not a day, or a day that can be read in two ways; write it as 2024-03-31".into())
}

/// Runs the command.
pub fn run(args: &AddArgs, session: &mut Session) -> Outcome {
    let format = session.format("add", &[Format::Table, Format::Json, Format::Jsonl])?;
    let overrides =
        Overrides { outlet: args.outlet.clone(), date: args.date, url: args.url.clone(), title: args.title.clone() };
    // A trial run reads the record, where there is one, and never makes one.
    let record = if args.dry_run { record::open_if_any(session)? } else { Some(record::open(session, Access::Write)?) };
    let known = match &record {
        // An address given for the article says that the page itself does not know it.
        Some(record) if args.url.is_none() => known(record, &args.paths)?,
        _ => BTreeMap::new(),
    };
    let validators = known.iter().map(|(address, visit)| (address.clone(), validators(visit))).collect();
    let mut inputs = Inputs::asking(&args.paths, args.web.settings(), validators);
    let mut adding = Adding::new(session, format, overrides, args.dry_run);
    // The articles of addresses that were not read to their end yet.
    let mut visiting: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
    // Addresses with an article that the record did not take: they are read anew next time.
    let mut short = BTreeSet::new();
    let mut seen = 0;
    loop {
        let batch = inputs.batch(session);
        let end = batch.is_empty();
        seen += batch.len();
        if seen > 1 && args.url.is_some() {
            return Err(CommandError::new("--url names one article, and the input holds several")
                .hint("add them one by one, or give each its address in a header line or in JSONL"));
        }
        let read = batch.len();
        adding.left_out = std::mem::take(&mut inputs.left_out);
        let ids = adding.add(batch, record.as_ref(), session)?;
        if let Some(address) = inputs.address.clone() {
            if ids.len() < read {
                short.insert(address.clone());
            }
            visiting.entry(address).or_default().extend(ids);
        }
        for visited in std::mem::take(&mut inputs.visited) {
            let articles = visiting.remove(&visited.address).unwrap_or_default();
            match (&visited.validators, &record) {
                (None, Some(record)) => {
                    for id in known.get(&visited.address).map(|v| v.articles.as_slice()).unwrap_or_default() {
                        let stored = record.article(*id, None)?;
                        adding.note(&stored.article, stored.attributions.len(), Added::Unchanged, session)?;
                    }
                }
                (Some(Validators { etag, last_modified }), Some(record))
                    if visited.whole && !short.contains(&visited.address) && !args.dry_run =>
                {
                    let visit = Visit { etag: etag.clone(), last_modified: last_modified.clone(), articles };
                    record.note_visit(&visited.address, Purpose::Page, &visit)?;
                }
                _ => {}
            }
        }
        if end {
            break;
        }
    }
    let nothing = adding.counts.done() == 0 && adding.counts.failed + inputs.failed == 0;
    if !nothing || format != Format::Table {
        let checked = match &record {
            Some(record) if args.check => Some(Checked::new(record, &adding.fresh, args.engine, session)?),
            _ => None,
        };
        adding.finish(inputs.failed, checked.as_ref(), session)?;
    }
    if nothing {
        return Err(CommandError::new("no article was found in what was given")
            .hint("give text, HTML or JSON Lines; `onrecord add --help` shows how"));
    }
    Ok(adding.exit())
}

/// Returns what is on record of the addresses among the inputs.
fn known(record: &Record, given: &[PathBuf]) -> Result<BTreeMap<String, Visit>, CommandError> {
    let mut known = BTreeMap::new();
    for address in given.iter().filter_map(|g| g.to_str()).filter(|g| fetch::is_address(g)) {
        if let Some(visit) = record.visit(address, Purpose::Page)? {
            known.insert(address.to_owned(), visit);
        }
    }
    Ok(known)
}

fn validators(visit: &Visit) -> Validators {
    Validators { etag: visit.etag.clone(), last_modified: visit.last_modified.clone() }
}
