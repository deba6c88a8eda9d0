//! `verify`: reads the whole record and names what is wrong with it.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::{Exit, Format, Outcome, Session, record};
use crate::report::text::one_line;
use crate::store::{self, Access, Problem, Record, StoreError};

/// Reads everything on record and names what is damaged
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord verify && echo sound
  onrecord verify --repair")]
pub struct VerifyArgs {
    /// Rebuilds what follows from the articles and says what is lost; the old database stays beside the new one
    #[arg(long)]
    repair: bool,
}

#[derive(Serialize)]
struct Verification {
    schema: &'static str,
    sound: bool,
    problems: Vec<ProblemView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repair: Option<RepairView>,
}

#[derive(Serialize)]
struct RepairView {
    /// Where the database lies as it was.
    kept: String,
    lost: Vec<ProblemView>,
}

#[derive(Serialize)]
struct ProblemView {
    place: String,
    what: String,
}

impl ProblemView {
    fn of(problems: &[Problem]) -> Vec<ProblemView> {
        problems.iter().map(|p| ProblemView { place: p.place.clone(), what: p.what.clone() }).collect()
    }
}

/// Runs the command; a record with problems ends with exit code 2, a mended one that lost something with 3.
pub fn run(args: &VerifyArgs, session: &mut Session) -> Outcome {
    let format = session.format("verify", &[Format::Table, Format::Json, Format::Jsonl])?;
    let (problems, mended) = if args.repair {
        let repair = store::repair(&session.db(), session.wait)?;
        (repair.problems, repair.kept.map(|kept| (kept, repair.lost)))
    } else {
        let (record, mut problems) = match Record::inspect(&session.db(), session.wait) {
            // Waits with a word, and reads a copy of a folder that cannot be written.
            Err(StoreError::InUse { .. } | StoreError::Unwritable(_)) => {
                (record::open(session, Access::Read)?, Vec::new())
            }
            opened => opened?,
        };
        problems.extend(record.verify()?);
        (problems, None)
    };
    let sound = problems.is_empty();
    match format {
        Format::Json => {
            let repair = mended
                .as_ref()
                .map(|(kept, lost)| RepairView { kept: kept.display().to_string(), lost: ProblemView::of(lost) });
            let problems = ProblemView::of(&problems);
            session.print_json(&Verification { schema: crate::report::json::SCHEMA, sound, problems, repair })?;
        }
        Format::Jsonl => {
            for problem in ProblemView::of(&problems) {
                session.print_json_line(&problem)?;
            }
        }
        _ if sound => {
            let stats = record::open(session, Access::Read)?.stats()?;
            writeln!(
                session.out(),
                "Sound: {} articles in {} versions, {} claims; every checksum, span and counter holds.",
                stats.articles,
                stats.versions,
                stats.claims
            )?;
        }
        _ => {
            for problem in &problems {
                writeln!(session.out(), "{}", one_line(&problem.to_string()))?;
            }
        }
    }
    let Some((kept, lost)) = mended else { return Ok(if sound { Exit::Done } else { Exit::Failed }) };
    if format == Format::Table {
        let words = if lost.is_empty() { "Mended: nothing is lost." } else { "Mended, but for what is lost:" };
        writeln!(session.out(), "\n{words}")?;
        for problem in &lost {
            writeln!(session.out(), "{}", one_line(&problem.to_string()))?;
        }
        session
            .note(format!("The database as it was lies in {}; remove it when you no longer need it.", kept.display()));
    }
    Ok(if lost.is_empty() { Exit::Done } else { Exit::SomeFailed })
}
