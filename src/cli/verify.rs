//! `verify`: reads the whole record and names what is wrong with it.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::{Exit, Format, Outcome, Session, record};
use crate::report::text::one_line;
use crate::store::Access;

/// Reads everything on record and names what is damaged
#[derive(Debug, Args)]
#[command(after_help = "Example:
  onrecord verify && echo sound")]
pub struct VerifyArgs {}

#[derive(Serialize)]
struct Verification {
    schema: &'static str,
    sound: bool,
    problems: Vec<ProblemView>,
}

#[derive(Serialize)]
struct ProblemView {
    place: String,
    what: String,
}

/// Runs the command; a record with problems ends with exit code 2.
pub fn run(_: &VerifyArgs, session: &mut Session) -> Outcome {
    let format = session.format("verify", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open(session, Access::Read)?;
    let problems = record.verify()?;
    let sound = problems.is_empty();
    let view = |p: &crate::store::Problem| ProblemView { place: p.place.clone(), what: p.what.clone() };
    match format {
        Format::Json => {
            let problems = problems.iter().map(view).collect();
            session.print_json(&Verification { schema: crate::report::json::SCHEMA, sound, problems })?;
        }
        Format::Jsonl => {
            for problem in &problems {
                session.print_json_line(&view(problem))?;
            }
        }
        _ if sound => {
            let stats = record.stats()?;
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
    Ok(if sound { Exit::Done } else { Exit::Failed })
}
