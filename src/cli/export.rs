//! `export`: everything on record, as JSON Lines or as an SQLite file.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::backup::{make_whole, write_whole};
use super::record::Texts;
use super::speakers::SpeakerView;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::report::json;
use crate::report::sqlite::{SqliteFile, Table};
use crate::store::{Access, Record, StoredArticle};

/// Prints everything on record as JSON Lines, from which `import` makes the same record, or writes an SQLite file
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord export > record.jsonl
  onrecord export record.jsonl
  onrecord export | jq -r 'select(.row == \"article\") | .title'
  onrecord export --format sqlite record.sqlite && datasette record.sqlite

Offsets count code points into the text of the article.")]
pub struct ExportArgs {
    /// File to write, or `-` for standard output
    #[arg(default_value = "-", hide_default_value = true)]
    file: PathBuf,
    /// Writes over a file that is there
    #[arg(long)]
    force: bool,
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
    let format = session.format("export", &[Format::Jsonl, Format::Sqlite])?;
    let stdout = args.file.as_os_str() == "-";
    if format == Format::Sqlite && stdout {
        return Err(CommandError::new("an SQLite file cannot go to standard output")
            .hint("name a file: `onrecord export --format sqlite record.sqlite`"));
    }
    let record = record::open(session, Access::Read)?;
    match format {
        Format::Sqlite => {
            make_whole(&args.file, args.force, |aside| {
                // What a killed run left under this name is no start.
                let _ = std::fs::remove_file(aside);
                write_sqlite(&record, aside)
            })?;
        }
        _ if stdout => write(&record, session.out())?,
        _ => {
            write_whole(&args.file, args.force, |out| write(&record, out))?;
        }
    }
    Ok(Exit::Done)
}

fn write(record: &Record, mut out: impl Write) -> Result<(), CommandError> {
    for row in record.export()? {
        json::write_line(&mut out, &row?)?;
    }
    Ok(())
}

fn write_sqlite(record: &Record, path: &std::path::Path) -> Result<(), CommandError> {
    let cannot = |e: rusqlite::Error| CommandError::new(format!("cannot write {}", path.display())).because(&e);
    let file = SqliteFile::create(path).map_err(cannot)?;
    let speakers = record.speakers()?;
    for speaker in &speakers {
        file.write(Table::Speakers, &SpeakerView::new(speaker)).map_err(cannot)?;
    }
    for id in record.articles() {
        let latest = record.article(id?, None)?;
        for version in 1..latest.version {
            file.write(Table::Articles, &article_row(&record.article(latest.id, Some(version))?)?).map_err(cannot)?;
        }
        file.write(Table::Articles, &article_row(&latest)?).map_err(cannot)?;
    }
    let mut texts = Texts::new(record);
    for speaker in &speakers {
        for claim in record.claims(speaker.id) {
            file.write(Table::Claims, &texts.view(&claim?)?).map_err(cannot)?;
        }
    }
    file.finish().map_err(cannot)
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
