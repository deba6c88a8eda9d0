//! `review`: a person's verdict on a finding. It sticks to the two statements, and is open again when one of them changes.

use std::io::Write;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use super::session::LIST_FORMATS;
use super::speaker::done;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::ids::Id;
use crate::findings;
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::store::{Access, Occasion, Record, ReviewEntry, ReviewedSide, Standing};

/// Enters a person's verdict on a finding, or lists the verdicts
#[derive(Debug, Args)]
#[command(
    after_help = "`accepted` and `rejected` are known to `report --fail-on`: a rejected finding does not fail. Other words are kept as
they are. The verdict shows in every later report; when one of the two statements changes, it is shown as reopened.

Examples:
  onrecord review f09c41 rejected --note \"he speaks of another year\"
  onrecord review f09c41 accepted
  onrecord review              the verdicts so far, and where they stand"
)]
pub struct ReviewArgs {
    /// The finding, as `onrecord report` prints its id
    #[arg(value_name = "FINDING", requires = "verdict")]
    id: Option<String>,
    /// accepted, rejected or a few words of your own
    verdict: Option<String>,
    /// Why, in your words
    #[arg(long, visible_alias = "why", value_name = "TEXT")]
    note: Option<String>,
    /// Whose finding it is: looks through this speaker's claims only
    #[arg(long, value_name = "SPEAKER")]
    speaker: Option<String>,
}

/// A verdict in a list.
#[derive(Serialize)]
struct ReviewRow {
    finding: String,
    verdict: String,
    note: Option<String>,
    at: String,
    reopened: bool,
    a: String,
    text_a: String,
    b: String,
    text_b: String,
}

/// Runs the command.
pub fn run(args: &ReviewArgs, session: &mut Session) -> Outcome {
    let (Some(id), Some(verdict)) = (&args.id, &args.verdict) else { return list(session) };
    let format = session.format("review", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open_to_correct(session)?;
    let Ok(Id::Finding(prefix)) = id.parse() else {
        return Err(CommandError::new(format!("`{id}` is no finding"))
            .hint("findings look like f09c41; `onrecord report` prints their ids"));
    };
    let speaker = args.speaker.as_deref().map(|name| record::speaker(&record, name)).transpose()?;
    let found = findings::named(&record, &prefix, speaker.map(|s| s.id))?;
    let entry = ReviewEntry {
        finding: found.id,
        repeat: found.repeat,
        verdict: known(verdict).to_string(),
        sides: [ReviewedSide::of(&found.a), ReviewedSide::of(&found.b)],
    };
    let operation = record.review(entry, Occasion { at: session.now(), why: args.note.as_deref() })?;
    done(&operation, format, session)
}

/// The word under which a verdict is kept.
fn known(verdict: &str) -> &str {
    match verdict.trim().to_lowercase().as_str() {
        "accept" | "accepted" => "accepted",
        "reject" | "rejected" => "rejected",
        _ => verdict.trim(),
    }
}

fn list(session: &mut Session) -> Outcome {
    let format = session.format("review", LIST_FORMATS)?;
    let record = record::open(session, Access::Read)?;
    let rows = rows(&record)?;
    if rows.is_empty() && format == Format::Table {
        writeln!(session.out(), "No finding was reviewed yet.")?;
        return Ok(Exit::Done);
    }
    let shown: Vec<Row<&ReviewRow>> = rows.iter().map(Row::new).collect();
    session.print_list(format, &shown, |terminal| {
        let styles = terminal.styles();
        let mut grid = Grid::new()
            .column("Finding", Fit::Fixed, styles.faint)
            .column("Verdict", Fit::Fixed, Style::new())
            .column("Stands", Fit::Fixed, Style::new())
            .column("Statements", Fit::Flowing, Style::new())
            .column_if_room("Note", Fit::Flowing, Style::new())
            .column_if_room("When", Fit::Fixed, Style::new());
        for row in &rows {
            grid.row([
                row.finding.clone(),
                row.verdict.clone(),
                if row.reopened { "reopened" } else { "yes" }.to_string(),
                format!("“{}” against “{}”", row.text_a, row.text_b),
                row.note.clone().unwrap_or_default(),
                row.at.clone(),
            ]);
        }
        grid
    })
}

fn rows(record: &Record) -> Result<Vec<ReviewRow>, CommandError> {
    let mut rows = Vec::new();
    for review in record.reviews()? {
        let reopened = record.standing(&review.entry)? == Standing::Reopened;
        let claim = |side: &ReviewedSide| crate::claim::ClaimId(side.claim).to_string();
        let [a, b] = &review.entry.sides;
        rows.push(ReviewRow {
            finding: review.entry.finding.clone(),
            verdict: review.entry.verdict.clone(),
            note: review.note,
            at: findings::time(review.at),
            reopened,
            a: claim(a),
            text_a: a.text.clone(),
            b: claim(b),
            text_b: b.text.clone(),
        });
    }
    Ok(rows)
}
