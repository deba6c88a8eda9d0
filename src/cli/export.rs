//! `export`: everything on record, as JSON Lines, an SQLite file or Parquet files.

use std::io::Write;
use std::path::{Path, PathBuf};

use ::parquet::errors::ParquetError;
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::backup::{make_whole, put_in_place, write_whole};
use super::engine::Engine;
use super::filter::KindFilter;
use super::finding_row::FindingRow;
use super::record::Texts;
use super::speakers::SpeakerView;
use super::{CommandError, Exit, Format, Outcome, Session, record, report};
use crate::consistency::Findings;
use crate::report::columns::Table;
use crate::report::json::write_line;
use crate::report::parquet::{self, ParquetFiles};
use crate::report::sqlite::SqliteFile;
use crate::store::{Access, Record, StoredArticle};

/// Prints everything on record as JSON Lines, from which `import` makes the same record, or writes it as tables
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord export > record.jsonl
  onrecord export record.jsonl
  onrecord export | jq -r 'select(.row == \"article\") | .title'
  onrecord export --format sqlite record.sqlite && datasette record.sqlite
  onrecord export --format parquet --findings tables && duckdb -c \"from 'tables/claims.parquet'\"

Offsets count code points into the text of the article.")]
pub struct ExportArgs {
    /// File to write, or `-` for standard output; a folder for Parquet
    #[arg(default_value = "-", hide_default_value = true)]
    file: PathBuf,
    /// Writes over a file that is there
    #[arg(long)]
    force: bool,
    /// Adds a table of what `report` finds; for SQLite and Parquet
    #[arg(long)]
    findings: bool,
    /// Which judge is asked for findings
    #[arg(long, value_enum, requires = "findings")]
    engine: Option<Engine>,
}

/// A finding, and whose.
#[derive(Serialize)]
struct FindingOf<'f> {
    speaker_id: String,
    #[serde(flatten)]
    row: FindingRow<'f>,
}

/// A version of an article as a row.
#[derive(Serialize)]
struct ArticleRow<'a> {
    id: String,
    version: u32,
    latest: bool,
    title: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<String>,
    url: Option<&'a str>,
    byline: Option<&'a str>,
    added: String,
    text: &'a str,
}

/// Runs the command.
pub fn run(args: &ExportArgs, session: &mut Session) -> Outcome {
    // JSON Lines is what `import` reads: the default here, whatever the default elsewhere.
    let format = session.format("export", &[Format::Jsonl, Format::Sqlite, Format::Parquet])?;
    let stdout = args.file.as_os_str() == "-";
    match format {
        Format::Sqlite if stdout => {
            return Err(CommandError::new("an SQLite file cannot go to standard output")
                .hint("name a file: `onrecord export --format sqlite record.sqlite`"));
        }
        Format::Parquet if stdout => {
            return Err(CommandError::new("Parquet files cannot go to standard output")
                .hint("name a folder: `onrecord export --format parquet record`"));
        }
        Format::Jsonl if args.findings => {
            return Err(CommandError::new("findings are no part of what `import` reads")
                .hint("`onrecord report --format jsonl` prints them"));
        }
        _ => {}
    }
    let record = record::open(session, Access::Read)?;
    let found = findings(args, &record, session)?;
    match format {
        Format::Sqlite => {
            make_whole(&args.file, args.force, |aside| {
                // What a killed run left under this name is no start.
                let _ = std::fs::remove_file(aside);
                let cannot = |e: rusqlite::Error| not_written(aside).because(&e);
                let file = SqliteFile::create(aside).map_err(cannot)?;
                fill(&record, &found, &mut |table, row| file.write(table, row).map_err(cannot))?;
                file.finish().map_err(cannot)
            })?;
        }
        Format::Parquet => write_parquet(&record, &found, args)?,
        _ if stdout => write(&record, session.out())?,
        _ => {
            write_whole(&args.file, args.force, |out| write(&record, out))?;
        }
    }
    Ok(Exit::Done)
}

fn write(record: &Record, mut out: impl Write) -> Result<(), CommandError> {
    for row in record.export()? {
        write_line(&mut out, &row?)?;
    }
    Ok(())
}

fn not_written(path: &Path) -> CommandError {
    CommandError::new(format!("cannot write {}", path.display()))
}

/// Finds what `report` would, where it is asked for.
fn findings(args: &ExportArgs, record: &Record, session: &Session) -> Result<Findings, CommandError> {
    if !args.findings {
        return Ok(Findings::default());
    }
    let claims = report::claims_by_speaker(record, |claim| KindFilter::default().takes(&claim.attribution))?;
    report::find(record, &claims, None, |_| true, args.engine, session)
}

/// Takes a row of a table.
type Put<'p> = dyn FnMut(Table, &Value) -> Result<(), CommandError> + 'p;

/// Puts everything on record, and what was found, into tables.
fn fill(record: &Record, found: &Findings, put: &mut Put<'_>) -> Result<(), CommandError> {
    let speakers = record.speakers()?;
    for speaker in &speakers {
        put(Table::Speakers, &json(&SpeakerView::new(speaker))?)?;
    }
    for id in record.articles() {
        let latest = record.article(id?, None)?;
        for version in 1..latest.version {
            put(Table::Articles, &json(&article_row(&record.article(latest.id, Some(version))?)?)?)?;
        }
        put(Table::Articles, &json(&article_row(&latest)?)?)?;
    }
    let mut texts = Texts::new(record);
    for speaker in &speakers {
        for claim in record.claims(speaker.id) {
            put(Table::Claims, &json(&texts.view(&claim?)?)?)?;
        }
    }
    for finding in &found.findings {
        let speaker_id = finding.a.speaker.to_string();
        put(Table::Findings, &json(&FindingOf { speaker_id, row: FindingRow::new(finding) })?)?;
    }
    Ok(())
}

fn json(row: &impl Serialize) -> Result<Value, CommandError> {
    serde_json::to_value(row).map_err(|error| CommandError::new("a row cannot be written as JSON").because(&error))
}

/// Writes the tables into a folder of their own: aside, then each under its name when all are whole.
fn write_parquet(record: &Record, found: &Findings, args: &ExportArgs) -> Result<(), CommandError> {
    let folder = &args.file;
    let tables: Vec<Table> = Table::ALL.into_iter().filter(|t| args.findings || *t != Table::Findings).collect();
    let there = tables.iter().map(|table| parquet::path_of(folder, *table)).find(|path| path.exists());
    if let Some(path) = there.filter(|_| !args.force) {
        return Err(CommandError::new(format!("{} is there already", path.display()))
            .hint("name another folder, or `--force` to write over what is in this one"));
    }
    let cannot = |e: std::io::Error| not_written(folder).because(&e);
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let aside = folder.join(".partial");
    // What a killed run left under this name is no start.
    let _ = std::fs::remove_dir_all(&aside);
    std::fs::create_dir(&aside).map_err(cannot)?;
    let made = (|| {
        let cannot = |e: ParquetError| not_written(folder).because(&e);
        let mut files = ParquetFiles::create(&aside, &tables).map_err(cannot)?;
        fill(record, found, &mut |table, row| files.write(table, row).map_err(cannot))?;
        files.finish().map_err(cannot)
    })();
    let moved = made.and_then(|()| {
        for table in tables {
            put_in_place(&parquet::path_of(&aside, table), &parquet::path_of(folder, table)).map_err(cannot)?;
        }
        Ok(())
    });
    // Empty by now, or the error says what went wrong.
    let _ = std::fs::remove_dir_all(&aside);
    moved
}

fn article_row(stored: &StoredArticle) -> Result<ArticleRow<'_>, CommandError> {
    let article = &stored.article;
    let added = jiff::Timestamp::from_millisecond(stored.added)
        .map_err(|error| CommandError::new(format!("{:#} was added at no time", stored.id)).because(&error))?;
    Ok(ArticleRow {
        id: format!("{:#}", stored.id),
        version: stored.version,
        latest: stored.version == stored.versions,
        title: article.title.as_deref(),
        outlet: article.outlet.as_deref(),
        date: article.date.map(|d| d.to_string()),
        url: article.url.as_deref(),
        byline: article.byline.as_deref(),
        added: added.to_string(),
        text: &article.text,
    })
}
