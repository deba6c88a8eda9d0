//! `stats`: what the record holds.

use std::io::Write;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use super::{Exit, Format, Outcome, Session, record};
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::store::Access;

/// Counts what is on record
#[derive(Debug, Args)]
#[command(after_help = "Example:
  onrecord stats --json")]
pub struct StatsArgs {}

#[derive(Serialize)]
struct StatsView {
    articles: u64,
    versions: u64,
    speakers: u64,
    claims: u64,
    unattributed: u64,
    bytes: u64,
}

/// Runs the command.
pub fn run(_: &StatsArgs, session: &mut Session) -> Outcome {
    let format = session.format("stats", &[Format::Table, Format::Json, Format::Jsonl, Format::Md])?;
    let stats = record::open(session, Access::Read)?.stats()?;
    let view = StatsView {
        articles: stats.articles,
        versions: stats.versions,
        speakers: stats.speakers,
        claims: stats.claims,
        unattributed: stats.unattributed,
        bytes: stats.bytes,
    };
    match format {
        Format::Json => session.print_json(&Row::new(view))?,
        Format::Jsonl => session.print_json_line(&Row::new(view))?,
        _ => {
            let mut grid =
                Grid::new().column("On record", Fit::Fixed, Style::new()).column("Count", Fit::Number, Style::new());
            for (what, count) in [
                ("articles", view.articles),
                ("versions of articles", view.versions),
                ("speakers", view.speakers),
                ("claims", view.claims),
                ("attributions without a speaker", view.unattributed),
                ("bytes on disk", view.bytes),
            ] {
                grid.row([what.to_string(), count.to_string()]);
            }
            let text = match format {
                Format::Md => grid.markdown(),
                _ => grid.render(session.terminal.width, &session.terminal.styles()),
            };
            session.out().write_all(text.as_bytes())?;
        }
    }
    Ok(Exit::Done)
}
