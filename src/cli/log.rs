//! `log` and `undo`: what people did to the record, and taking one of it back.

use std::io::Write;

use anstyle::Style;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::session::LIST_FORMATS;
use super::speaker::{Why, done, occasion};
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::ids::{Id, OperationId};
use crate::claim::{ArticleId, ClaimId, SpeakerId};
use crate::findings;
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::report::text::one_line;
use crate::store::{Access, Operation, What};

/// Lists what people did to the record, newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord log
  onrecord log o7              one operation in full
  onrecord log --limit 5 --json")]
pub struct LogArgs {
    /// The operation to show in full
    #[arg(value_name = "OPERATION")]
    id: Option<String>,
    /// At most N operations
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Takes an operation back; this is an operation too
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord undo                the last operation that stands
  onrecord undo o7 --why \"two people after all\"
  onrecord undo o8             where o8 is an undo: does again what it took back")]
pub struct UndoArgs {
    /// The operation, as `onrecord log` prints it
    #[arg(value_name = "OPERATION")]
    id: Option<String>,
    #[command(flatten)]
    why: Why,
}

/// An operation as JSON shows it.
#[derive(Clone, Debug, Serialize)]
pub struct OperationView {
    id: String,
    at: String,
    operation: &'static str,
    says: String,
    why: Option<String>,
    undone_by: Option<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    changes: Value,
}

impl OperationView {
    /// Makes the view of an operation.
    pub fn new(operation: &Operation) -> OperationView {
        OperationView {
            id: operation.id.to_string(),
            at: findings::time(operation.at),
            operation: operation.what.name(),
            says: sentence(&operation.says),
            why: operation.why.clone(),
            undone_by: operation.undone_by.map(|id| id.to_string()),
            changes: changes(&operation.what),
        }
    }
}

/// What an operation changes, by the ids it names.
fn changes(what: &What) -> Value {
    let speaker = |number: &u32| SpeakerId(*number).to_string();
    let claim = |number: &u64| ClaimId(*number).to_string();
    match what {
        What::Merge { from, into } => json!({ "from": speaker(from), "into": speaker(into) }),
        What::Split { from, new, name, claims } => json!({
            "from": speaker(from),
            "new": speaker(new),
            "name": name,
            "claims": claims.iter().map(claim).collect::<Vec<_>>(),
        }),
        What::Alias { speaker: whose, name } | What::Rename { speaker: whose, name } => {
            json!({ "speaker": speaker(whose), "name": name })
        }
        What::Reattribute { claim: which, from, to } => {
            json!({ "claim": claim(which), "from": from.as_ref().map(speaker), "to": speaker(to) })
        }
        What::Review(review) => {
            let side = |side: &crate::store::ReviewedSide| json!({ "claim": claim(&side.claim), "article": format!("{:#}", ArticleId(side.article)), "text": side.text });
            let [a, b] = &review.sides;
            json!({ "finding": review.finding, "verdict": review.verdict, "a": side(a), "b": side(b) })
        }
        What::Undo { operation } => json!({ "operation": OperationId(*operation).to_string() }),
        What::Refresh { engine, articles, changed } => {
            json!({ "engine": engine, "articles": articles, "changed": changed })
        }
    }
}

/// Ends a sentence.
pub fn sentence(says: &str) -> String {
    if says.ends_with(['.', '!', '?']) { says.to_string() } else { format!("{says}.") }
}

fn operation_id(given: &str) -> Result<OperationId, CommandError> {
    match given.parse() {
        Ok(Id::Operation(id)) => Ok(id),
        _ => Err(CommandError::new(format!("`{given}` is no operation"))
            .hint("operations look like o7; `onrecord log` lists them")),
    }
}

/// Runs `log`.
pub fn run(args: &LogArgs, session: &mut Session) -> Outcome {
    let format = session.format("log", LIST_FORMATS)?;
    let record = record::open(session, Access::Read)?;
    let mut log = record.operations()?;
    if let Some(given) = &args.id {
        let id = operation_id(given)?;
        let Some(operation) = log.iter().find(|entry| entry.id == id) else {
            return Err(
                CommandError::new(format!("the record has no operation {id}")).hint("`onrecord log` lists them")
            );
        };
        return in_full(operation, format, session);
    }
    log.reverse();
    log.truncate(args.limit.unwrap_or(usize::MAX));
    if log.is_empty() && format == Format::Table {
        writeln!(session.out(), "Nothing was corrected or reviewed yet.")?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Row<OperationView>> = log.iter().map(|entry| Row::new(OperationView::new(entry))).collect();
    session.print_list(format, &rows, |terminal| {
        let styles = terminal.styles();
        let mut grid = Grid::new()
            .column("Id", Fit::Fixed, styles.faint)
            .column("When", Fit::Fixed, Style::new())
            .column("What", Fit::Fixed, Style::new())
            .column("Which", Fit::Flowing, Style::new())
            .column_if_room("Why", Fit::Flowing, Style::new())
            .column("Undone", Fit::Fixed, styles.faint);
        for entry in &log {
            grid.row([
                entry.id.to_string(),
                findings::time(entry.at),
                entry.what.name().to_string(),
                sentence(&entry.says),
                entry.why.clone().unwrap_or_default(),
                entry.undone_by.map(|id| format!("by {id}")).unwrap_or_default(),
            ]);
        }
        grid
    })
}

fn in_full(operation: &Operation, format: Format, session: &mut Session) -> Outcome {
    match format {
        Format::Table | Format::Md => {}
        Format::Json => {
            session.print_json(&Row::new(OperationView::new(operation)))?;
            return Ok(Exit::Done);
        }
        _ => return session.print_list(format, &[Row::new(OperationView::new(operation))], |_| Grid::new()),
    }
    let mut facts = vec![
        ("Operation", operation.id.to_string()),
        ("When", findings::time(operation.at)),
        ("What", operation.what.name().to_string()),
        ("Which", sentence(&operation.says)),
        ("Why", operation.why.clone().unwrap_or_default()),
        ("Undone", operation.undone_by.map(|id| format!("by {id}")).unwrap_or_default()),
    ];
    if let What::Split { claims, .. } = &operation.what {
        let ids: Vec<String> = claims.iter().map(|id| ClaimId(*id).to_string()).collect();
        facts.push(("Claims", ids.join(" ")));
    }
    if let What::Review(review) = &operation.what {
        for (name, side) in [("Earlier", &review.sides[0]), ("Later", &review.sides[1])] {
            let text = one_line(&side.text);
            facts.push((name, format!("{} in {}: {text}", ClaimId(side.claim), ArticleId(side.article))));
        }
    }
    super::show::print_facts(&facts, session)
}

/// Runs `undo`.
pub fn undo(args: &UndoArgs, session: &mut Session) -> Outcome {
    let format = session.format("undo", &[Format::Table, Format::Json, Format::Jsonl])?;
    let id = args.id.as_deref().map(operation_id).transpose()?;
    let record = record::open_to_correct(session)?;
    let operation = record.undo(id, occasion(session.now(), &args.why))?;
    done(&operation, format, session)
}
