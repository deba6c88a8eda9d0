//! `restore`: a backup back into a new record.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::given::Given;
use super::{Exit, Format, Outcome, Session};
use crate::report::text::one_line;
use crate::store::{self, Held};

/// Brings a backup back into a folder that holds no record yet
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord restore record-2024-03-31.zst --db restored
  onrecord restore - --db restored < record.zst

The record is there when all of it is: a restore that fails or is killed leaves none.")]
pub struct RestoreArgs {
    /// Backup to read, or `-` for standard input
    file: PathBuf,
}

#[derive(Serialize)]
struct Done {
    db: String,
    articles: u64,
    versions: u64,
    claims: u64,
    rows: u64,
    problems: Vec<String>,
}

/// Runs the command; a record that was backed up with problems ends with exit code 3.
pub fn run(args: &RestoreArgs, session: &mut Session) -> Outcome {
    let format = session.format("restore", &[Format::Table, Format::Json, Format::Jsonl])?;
    let db = session.db();
    let Given { stream, name, size } = Given::open(&args.file)?;
    let held = store::restore(stream, &name, size, &db, session.wait)?;
    print(&held, &db.display().to_string(), format, session)
}

fn print(held: &Held, db: &str, format: Format, session: &mut Session) -> Outcome {
    let problems: Vec<String> = held.problems.iter().map(|p| one_line(&p.to_string())).collect();
    for problem in &problems {
        session.warn(problem);
    }
    let sound = problems.is_empty();
    if !sound {
        session.warn("the record was like this when it was backed up; `onrecord verify --repair` mends what can be");
    }
    let Held { rows, articles, versions, claims, .. } = *held;
    let done = Done { db: db.into(), articles, versions, claims, rows, problems };
    let line = format!("{db}: {articles} articles in {versions} versions, {claims} claims brought back");
    session.print_done(format, done, line)?;
    Ok(if sound { Exit::Done } else { Exit::SomeFailed })
}
