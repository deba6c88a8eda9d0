//! `import`: an export into a new record.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::given::Given;
use super::{CommandError, Exit, Format, Outcome, Session};
use crate::store::{ExportRow, Import, RowError};

/// Longest line that is read: the longest article with all its marks escaped and its claims.
const LONGEST_LINE: u64 = 192 << 20;

/// Makes a record of what `export` printed, in a folder that holds no record yet
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord import record.jsonl --db copy
  onrecord export --db old | onrecord import - --db new

Every field is checked, and the record is there when all of it is. `onrecord add` adds articles to a record that is there.")]
pub struct ImportArgs {
    /// Export to read, or `-` for standard input
    file: PathBuf,
}

#[derive(Serialize)]
struct Done {
    db: String,
    articles: u64,
    versions: u64,
    claims: u64,
    rows: u64,
}

/// Runs the command.
pub fn run(args: &ImportArgs, session: &mut Session) -> Outcome {
    let format = session.format("import", &[Format::Table, Format::Json, Format::Jsonl])?;
    let db = session.db();
    let Given { stream, name, .. } = Given::open(&args.file)?;
    let wrong = |line: u64, what: &str| {
        CommandError::new(format!("cannot import {name}, line {line}"))
            .cause(what)
            .hint("nothing was stored; an export is what `onrecord export` prints")
    };
    let failed = |line: u64, error: RowError| match error {
        RowError::Row(what) => wrong(line, &what),
        RowError::Store(error) => error.into(),
    };
    let mut import = Import::begin(&db, session.wait)?;
    let mut lines = BufReader::with_capacity(1 << 20, stream);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        let read = read.map_err(|e| CommandError::new(format!("cannot read {name}")).because(&e))?;
        if read == 0 {
            break;
        }
        number += 1;
        if read as u64 == LONGEST_LINE {
            return Err(wrong(number, &format!("it is longer than {LONGEST_LINE} bytes")));
        }
        let row = ExportRow::parse(&line).map_err(|what| wrong(number, &what))?;
        import.take(row).map_err(|error| failed(number, error))?;
    }
    let held = import.finish().map_err(|error| failed(number, error))?;
    let db = db.display().to_string();
    let done = Done { db, articles: held.articles, versions: held.versions, claims: held.claims, rows: held.rows };
    let line = format!(
        "{}: {} articles in {} versions, {} claims imported",
        done.db, done.articles, done.versions, done.claims
    );
    session.print_done(format, done, line)?;
    Ok(Exit::Done)
}
