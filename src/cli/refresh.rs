//! `refresh`: reads all stored articles again with the engine of today.

use std::io::Write;

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use super::log::OperationView;
use super::progress::Waiting;
use super::{CommandError, Exit, Format, Outcome, Session, mistake, record};
use crate::claim::ArticleId;
use crate::pipeline::Extraction;
use crate::report::json::Row;
use crate::store::StoreError;

/// Reads all stored articles again with the engine of today
#[derive(Debug, Args)]
#[command(
    after_help = "Corrections and reviews stay. Claims that still stand keep their ids, and what was on record before is shown by
`--as-of`. If it is interrupted, run it again.

Example:
  onrecord refresh"
)]
pub struct RefreshArgs {}

/// Articles read at once.
const BATCH: usize = 64;

/// What was done, counted.
#[derive(Serialize)]
struct Refreshed {
    articles: u64,
    changed: u64,
    failed: u64,
    operation: OperationView,
}

/// Runs the command.
pub fn run(_: &RefreshArgs, session: &mut Session) -> Outcome {
    let format = session.format("refresh", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open_to_correct(session)?;
    let ids = record.articles().collect::<Result<Vec<ArticleId>, StoreError>>()?;
    let progress = Waiting::new(session, "articles read again");
    let (mut articles, mut changed, mut failed) = (0u64, 0u64, 0u64);
    for batch in ids.chunks(BATCH) {
        let mut stored = Vec::new();
        for id in batch {
            stored.push((*id, record.article(*id, None)?.article));
        }
        let read: Vec<(ArticleId, Result<Extraction, CommandError>)> =
            stored.into_par_iter().map(|(id, article)| (id, mistake::extract(article))).collect();
        let at = session.moment();
        for (id, extraction) in &read {
            // What was read out of the article before stays on record.
            let Some(extraction) = mistake::or_named(extraction, session) else {
                failed += 1;
                continue;
            };
            match record.reread_unsynced(*id, extraction, at) {
                Ok(differs) => {
                    articles += 1;
                    changed += u64::from(differs);
                }
                Err(error @ (StoreError::TooLarge { .. } | StoreError::Invalid(_))) => {
                    failed += 1;
                    session.failed(&CommandError::from(error));
                }
                Err(error) => {
                    // What was read before is whole; a second run goes on from there.
                    let _ = record.sync();
                    return Err(error.into());
                }
            }
        }
        record.sync()?;
        progress.at((articles + failed) as usize);
    }
    progress.finish();
    let operation = record.note_refresh(env!("CARGO_PKG_VERSION"), articles, changed, session.moment())?;
    match format {
        Format::Table => writeln!(session.out(), "{articles} read again, {changed} changed, {failed} failed")?,
        _ => {
            let view = Row::new(Refreshed { articles, changed, failed, operation: OperationView::new(&operation) });
            match format {
                Format::Jsonl => session.print_json_line(&view)?,
                _ => session.print_json(&view)?,
            }
        }
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}
