//! What a command is given besides its arguments.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

use super::config::Config;
use super::engine::Engine;
use super::error::{CommandError, Exit, Outcome};
use super::pager::{Paged, Pager};
use super::terminal::{Terminal, sanitise};
use crate::report::delimited::{Delimited, Delimiter};
use crate::report::json;
use crate::report::table::Grid;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header line.
    Csv,
    /// Tab-separated values with a header line.
    Tsv,
    /// Markdown.
    Md,
    /// One self-contained HTML page.
    Html,
    /// schema.org claims and reviews as JSON-LD.
    Jsonld,
    /// W3C Web Annotations, one a line.
    Annotations,
    /// An SQLite file.
    Sqlite,
    /// Parquet files, one a table.
    Parquet,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Md => "md",
            Format::Html => "html",
            Format::Jsonld => "jsonld",
            Format::Annotations => "annotations",
            Format::Sqlite => "sqlite",
            Format::Parquet => "parquet",
        }
    }
}

/// The formats of a command that prints a list.
pub const LIST_FORMATS: &[Format] = &[Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv, Format::Md];

/// Where results and notes go, and how.
pub struct Session {
    /// What the outside can show.
    pub terminal: Terminal,
    /// Whether notes and totals are left out.
    pub quiet: bool,
    /// How long to wait for another process that uses the record.
    pub wait: Duration,
    /// What the settings file says.
    pub config: Config,
    db: Option<PathBuf>,
    format: Option<Format>,
    out: BufWriter<Box<dyn Write>>,
    /// Notes that wait for the reader to close the pager.
    notes: Option<Vec<String>>,
    /// The last moment that something was put on record at.
    moment: i64,
}

impl Session {
    /// Makes a session that prints to stdout.
    pub fn new(terminal: Terminal, db: Option<PathBuf>, format: Option<Format>, quiet: bool) -> Session {
        Session {
            terminal,
            quiet,
            wait: Duration::from_secs(5),
            config: Config::default(),
            db,
            format,
            out: BufWriter::new(Box::new(io::stdout())),
            notes: None,
            moment: i64::MIN,
        }
    }

    /// Sends results through a pager once they are longer than the screen; notes come after them.
    pub fn page(&mut self, pager: Pager) {
        if let Some(height) = self.terminal.height {
            self.out = BufWriter::new(Box::new(Paged::new(pager, height)));
            self.notes = Some(Vec::new());
        }
    }

    /// Returns the folder of the record: `--db`, else `$ONRECORD_DB`, else the settings' one, else `claims_db`.
    pub fn db(&self) -> PathBuf {
        let set = || std::env::var_os("ONRECORD_DB").filter(|v| !v.is_empty()).map(PathBuf::from);
        self.db.clone().or_else(set).or_else(|| self.config.db.clone()).unwrap_or_else(|| PathBuf::from("claims_db"))
    }

    /// Returns the judge asked for, else the settings' one, else the default.
    pub fn engine(&self, asked: Option<Engine>) -> Engine {
        asked.or(self.config.engine).unwrap_or_default()
    }

    /// Returns the time, milliseconds since 1970: the library never looks at a clock.
    pub fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    /// Returns the time, later than any that it returned before: what is put on record together gets one, so that no chance of the
    /// clock shows in the record but the times themselves.
    pub fn moment(&mut self) -> i64 {
        self.moment = self.now().max(self.moment.saturating_add(1));
        self.moment
    }

    /// Points the session at another record.
    pub fn use_db(&mut self, db: &Path) {
        self.db = Some(db.to_path_buf());
    }

    /// Returns the format asked for, or an error that lists those the command has; the first one is the default.
    pub fn format(&self, command: &str, has: &[Format]) -> Result<Format, CommandError> {
        let Some(format) = self.format.or(has.first().copied()) else { return Ok(Format::Table) };
        if has.contains(&format) {
            return Ok(format);
        }
        let names: Vec<&str> = has.iter().map(|f| f.name()).collect();
        Err(CommandError::new(format!("`{command}` does not print {}", format.name()))
            .hint(format!("its formats are {}", names.join(", "))))
    }

    /// Returns where results go.
    pub fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Prints a document as indented JSON.
    pub fn print_json<T: Serialize + ?Sized>(&mut self, document: &T) -> Result<(), CommandError> {
        json::write_document(&mut self.out, document)?;
        Ok(())
    }

    /// Prints one row of JSON Lines.
    pub fn print_json_line<T: Serialize + ?Sized>(&mut self, row: &T) -> Result<(), CommandError> {
        json::write_line(&mut self.out, row)?;
        Ok(())
    }

    /// Prints what a command did as data, or else in one line, which `--quiet` leaves out.
    pub fn print_done<T: Serialize>(&mut self, format: Format, done: T, line: String) -> Result<(), CommandError> {
        match format {
            Format::Json => self.print_json(&json::Row::new(done))?,
            Format::Jsonl => self.print_json_line(&json::Row::new(done))?,
            _ if self.quiet => {}
            _ => writeln!(self.out, "{line}")?,
        }
        Ok(())
    }

    /// Prints a list in any of [`LIST_FORMATS`]: the rows are its data, and the grid is what people see.
    pub fn print_list<T: Serialize>(
        &mut self,
        format: Format,
        rows: &[T],
        grid: impl FnOnce(&Terminal) -> Grid,
    ) -> Outcome {
        match format {
            Format::Json => self.print_json(rows)?,
            Format::Jsonl => {
                for row in rows {
                    self.print_json_line(row)?;
                }
            }
            Format::Csv | Format::Tsv => {
                let delimiter = if format == Format::Csv { Delimiter::Comma } else { Delimiter::Tab };
                let mut delimited = Delimited::new(&mut self.out, delimiter);
                for row in rows {
                    delimited.write(row)?;
                }
            }
            Format::Md => {
                let text = grid(&self.terminal).markdown();
                self.out.write_all(text.as_bytes())?;
            }
            Format::Table | Format::Html | Format::Jsonld | Format::Annotations | Format::Sqlite | Format::Parquet => {
                let text = grid(&self.terminal).render(self.terminal.width, &self.terminal.styles());
                self.out.write_all(text.as_bytes())?;
            }
        }
        Ok(Exit::Done)
    }

    /// Prints a note to stderr, unless `--quiet`.
    pub fn note(&mut self, words: impl AsRef<str>) {
        if !self.quiet {
            self.say(&sanitise(words.as_ref()));
        }
    }

    /// Prints a note to stderr before there are results, unless `--quiet`.
    pub fn remark(&self, words: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{}", sanitise(words));
        }
    }

    /// Prints a warning to stderr, unless `--quiet`.
    pub fn warn(&mut self, words: impl AsRef<str>) {
        if !self.quiet {
            let style = self.terminal.err_styles().warning;
            self.say(&format!("{style}Warning:{style:#} {}", sanitise(words.as_ref())));
        }
    }

    /// Prints the failure of one input to stderr; the rest goes on.
    pub fn failed(&mut self, failure: &CommandError) {
        let style = self.terminal.err_styles().error;
        self.say(&format!("{style}Failed:{style:#} {}", failure.one_line()));
    }

    fn say(&mut self, line: &str) {
        if let Some(notes) = &mut self.notes {
            notes.push(line.to_string());
            return;
        }
        // Results that belong before the note are shown before it; a closed pipe is found at the end.
        let _ = self.out.flush();
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Writes out what is still held back.
    pub fn finish(&mut self) -> Result<(), CommandError> {
        self.out.flush()?;
        if let Some(notes) = self.notes.take() {
            // Closing the pager is up to the reader; what follows is for the screen.
            self.out = BufWriter::new(Box::new(io::stdout()));
            notes.iter().for_each(|line| self.say(line));
        }
        Ok(())
    }
}
