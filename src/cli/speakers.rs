//! `speakers`: who is on record.

use std::io::Write;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use super::filter::AsOf;
use super::session::LIST_FORMATS;
use super::{Exit, Format, Outcome, Session, record};
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::store::{Access, SpeakerSummary};

/// Lists the speakers on record, most claims first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord speakers
  onrecord speakers --match kerry
  onrecord speakers --as-of 2024-03-31
  onrecord speakers --json | jq -r '.[].name'")]
pub struct SpeakersArgs {
    /// Speakers whose name, alias or role holds TEXT
    #[arg(long = "match", value_name = "TEXT")]
    matching: Option<String>,
    /// At most N speakers
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    as_of: AsOf,
}

/// A speaker as the interface shows it.
#[derive(Clone, Debug, Serialize)]
pub struct SpeakerView {
    id: String,
    name: String,
    aliases: Vec<String>,
    roles: Vec<String>,
    claims: u32,
    articles: u32,
    first: Option<String>,
    last: Option<String>,
}

impl SpeakerView {
    /// Makes the view of a speaker.
    pub fn new(speaker: &SpeakerSummary) -> Self {
        SpeakerView {
            id: speaker.id.to_string(),
            name: speaker.name.clone(),
            aliases: speaker.aliases.clone(),
            roles: speaker.roles.clone(),
            claims: speaker.claims,
            articles: speaker.articles,
            first: speaker.first.map(|d| d.to_string()),
            last: speaker.last.map(|d| d.to_string()),
        }
    }
}

/// Runs the command.
pub fn run(args: &SpeakersArgs, session: &mut Session) -> Outcome {
    let format = session.format("speakers", LIST_FORMATS)?;
    let record = args.as_of.of(record::open(session, Access::Read)?);
    let wanted = args.matching.as_deref().map(str::to_lowercase);
    let holds = |speaker: &SpeakerSummary| match &wanted {
        Some(text) => std::iter::once(&speaker.name)
            .chain(&speaker.aliases)
            .chain(&speaker.roles)
            .any(|words| words.to_lowercase().contains(text.as_str())),
        None => true,
    };
    let all = record.speakers()?;
    let chosen: Vec<&SpeakerSummary> = all.iter().filter(|s| holds(s)).take(args.limit.unwrap_or(usize::MAX)).collect();
    if chosen.is_empty() && format == Format::Table {
        let none = if all.is_empty() { "No speakers on record." } else { "No such speaker on record." };
        writeln!(session.out(), "{none}")?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Row<SpeakerView>> = chosen.iter().map(|s| Row::new(SpeakerView::new(s))).collect();
    session.print_list(format, &rows, |terminal| {
        let styles = terminal.styles();
        let mut grid = Grid::new()
            .column("Speaker", Fit::Narrow, styles.speaker)
            .column("Role", Fit::Flowing, Style::new())
            .column("Claims", Fit::Number, Style::new())
            .column_if_room("Articles", Fit::Number, Style::new())
            .column_if_room("First", Fit::Fixed, Style::new())
            .column_if_room("Last", Fit::Fixed, Style::new())
            .column("Id", Fit::Fixed, styles.faint);
        for speaker in &chosen {
            let day = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string()).unwrap_or_default();
            grid.row([
                speaker.name.clone(),
                speaker.roles.first().cloned().unwrap_or_default(),
                speaker.claims.to_string(),
                speaker.articles.to_string(),
                day(speaker.first),
                day(speaker.last),
                speaker.id.to_string(),
            ]);
        }
        grid
    })
}
