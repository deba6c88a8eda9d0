//! `export`: everything on record as JSON Lines.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::backup::write_whole;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::report::json;
use crate::store::{Access, Record};

/// Prints everything on record as JSON Lines, from which `import` makes the same record
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord export > record.jsonl
  onrecord export record.jsonl
  onrecord export | jq -r 'select(.row == \"article\") | .title'

Offsets count code points into the text of the article.")]
pub struct ExportArgs {
    /// File to write, or `-` for standard output
    #[arg(default_value = "-", hide_default_value = true)]
    file: PathBuf,
    /// Writes over a file that is there
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub fn run(args: &ExportArgs, session: &mut Session) -> Outcome {
    session.format("export", &[Format::Jsonl])?;
    let record = record::open(session, Access::Read)?;
    if args.file.as_os_str() == "-" {
        write(&record, session.out())?;
    } else {
        write_whole(&args.file, args.force, |out| write(&record, out))?;
    }
    Ok(Exit::Done)
}

fn write(record: &Record, mut out: impl Write) -> Result<(), CommandError> {
    for row in record.export()? {
        json::write_line(&mut out, &row?)?;
    }
    Ok(())
}
