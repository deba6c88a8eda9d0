//! `backup`: the whole record in one file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::store::Access;

/// Writes the whole record into one compressed file with a checksum
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord backup record-2024-03-31.zst
  onrecord backup - | ssh archive 'cat > record.zst'

`onrecord restore FILE --db DIR` brings it back.")]
pub struct BackupArgs {
    /// File to write, or `-` for standard output
    file: PathBuf,
    /// Writes over a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Done {
    file: String,
    articles: u64,
    versions: u64,
    claims: u64,
    rows: u64,
    bytes: u64,
}

/// Runs the command.
pub fn run(args: &BackupArgs, session: &mut Session) -> Outcome {
    let format = session.format("backup", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open(session, Access::Read)?;
    if args.file.as_os_str() == "-" {
        record.backup(session.out())?;
        return Ok(Exit::Done);
    }
    let mut held = None;
    let bytes = write_whole(&args.file, args.force, |out| {
        held = Some(record.backup(out)?);
        Ok(())
    })?;
    let Some(held) = held else { return Ok(Exit::Done) };
    let done = Done {
        file: args.file.display().to_string(),
        articles: held.articles,
        versions: held.versions,
        claims: held.claims,
        rows: held.rows,
        bytes,
    };
    let line = format!(
        "{}: {} articles in {} versions, {} claims, {} bytes",
        done.file, done.articles, done.versions, done.claims, done.bytes
    );
    session.print_done(format, done, line)?;
    Ok(Exit::Done)
}

/// Writes a file that is there whole or not at all, and returns its size.
pub(super) fn write_whole(
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), CommandError>,
) -> Result<u64, CommandError> {
    make_whole(path, force, |aside| {
        let cannot = |e: std::io::Error| CommandError::new(format!("cannot write {}", path.display())).because(&e);
        let mut out = BufWriter::new(File::create(aside).map_err(cannot)?);
        write(&mut out)?;
        out.flush().map_err(cannot)
    })
}

/// Makes a file under another name, and gives it its own when it is whole and on disk. Returns its bytes.
pub(super) fn make_whole(
    path: &Path,
    force: bool,
    make: impl FnOnce(&Path) -> Result<(), CommandError>,
) -> Result<u64, CommandError> {
    let cannot = |e: std::io::Error| CommandError::new(format!("cannot write {}", path.display())).because(&e);
    if !force && path.exists() {
        return Err(CommandError::new(format!("{} is there already", path.display()))
            .hint("give another name, or `--force` to write over it"));
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(".partial");
    let aside = PathBuf::from(aside);
    let made = make(&aside).and_then(|()| put_in_place(&aside, path).map_err(cannot));
    if made.is_err() {
        // The error says what went wrong; a leftover that stays is named `.partial`.
        let _ = std::fs::remove_file(&aside);
    }
    made
}

/// Gives a file that is whole its own name, both on disk when this returns. Returns its bytes.
pub(super) fn put_in_place(aside: &Path, path: &Path) -> std::io::Result<u64> {
    let file = File::options().write(true).open(aside)?;
    file.sync_all()?;
    std::fs::rename(aside, path)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(file.metadata()?.len())
}
