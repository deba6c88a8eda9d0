//! The rows of an export: everything that the record holds, apart from what follows from it.
//!
//! Offsets count code points, as everywhere outside. A field that this version does not know is refused: what it means would be lost.

use serde::{Deserialize, Serialize};

use super::operation::What;
use crate::attribution::{Act, Gender, Kind, Sort};

/// Version of the shapes, the first key of each row.
pub const SCHEMA: &str = "onrecord/1";

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ExportRow {
    /// The first row.
    Record(RecordRow),
    /// A version of an article with what was read in it.
    Article(Box<VersionOfArticle>),
    /// A speaker.
    Speaker(Speaker),
    /// What a person did to the record.
    Operation(LogEntry),
}

/// What is said once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRow {
    /// The name of the format.
    pub schema: String,
    /// `record`.
    pub row: String,
    /// Format of the record that was exported.
    pub format: u32,
    /// Time of the last commit.
    pub last_at: String,
    /// Next free numbers, so that none is given twice.
    pub next_claim: u64,
    /// Next speaker.
    pub next_speaker: u32,
    /// Next operation.
    pub next_operation: u64,
}

/// One version of an article; the versions of one follow each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionOfArticle {
    /// The name of the format.
    pub schema: String,
    /// `article`.
    pub row: String,
    /// Identity, `a` and 32 hex digits.
    pub id: String,
    /// Version, from 1.
    pub version: u32,
    /// When it was added.
    pub added: String,
    /// As the input named it.
    pub name: String,
    /// Headline.
    pub title: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Day of publication.
    pub date: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Byline.
    pub byline: Option<String>,
    /// Whether the text is only a summary.
    pub summary: bool,
    /// The text.
    pub text: String,
    /// What engines read in it, oldest first; the last counts.
    pub readings: Vec<Reading>,
}

/// What one engine read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Which engine.
    pub engine: String,
    /// From when on it counts.
    pub from: String,
    /// The attributions, in order of the text.
    pub claims: Vec<ReadClaim>,
}

/// One attribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadClaim {
    /// Number.
    pub id: u64,
    /// Number of the speaker that the engine took for its own.
    pub speaker: Option<u32>,
    /// Spans.
    pub source: Vec<[usize; 2]>,
    /// Spans.
    pub cue: Vec<[usize; 2]>,
    /// Spans.
    pub content: Vec<[usize; 2]>,
    /// How the content is given.
    pub kind: Kind,
    /// What is reported.
    pub act: Act,
    /// 0 to 1.
    pub confidence: f32,
    /// Whom the source means within the article.
    pub referent: Option<ReadReferent>,
    /// Where the sentences before it start.
    pub before: usize,
    /// The sentences that hold it.
    pub sentence: [usize; 2],
}

/// Whom a source means within its article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadReferent {
    /// Fullest name.
    pub name: String,
    /// Kind of speaker.
    pub sort: Sort,
    /// Gender, where known.
    pub gender: Option<Gender>,
    /// Titles and roles.
    pub roles: Vec<String>,
    /// Other forms.
    pub aliases: Vec<String>,
    /// 0 to 1.
    pub confidence: f32,
}

/// A speaker, as the articles made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speaker {
    /// The name of the format.
    pub schema: String,
    /// `speaker`.
    pub row: String,
    /// Number.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Kind of speaker.
    pub sort: Sort,
    /// Gender, where known.
    pub gender: Option<Gender>,
    /// Other forms, in order of first sight.
    pub aliases: Vec<String>,
    /// Roles, in order of first sight.
    pub roles: Vec<String>,
    /// Who it was before the articles told more, earliest first.
    pub was: Vec<Was>,
}

/// Who a speaker was until a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Was {
    /// Until then.
    pub until: String,
    /// Name.
    pub name: String,
    /// Gender, where known.
    pub gender: Option<Gender>,
    /// How many of the other forms there were.
    pub aliases: u32,
    /// How many of the roles.
    pub roles: u32,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The name of the format.
    pub schema: String,
    /// `operation`.
    pub row: String,
    /// Number.
    pub id: u64,
    /// When.
    pub at: String,
    /// What was done.
    pub what: What,
    /// The same in words.
    pub says: String,
    /// Why.
    pub why: Option<String>,
}

/// The kind of a row, read before the rest of it.
#[derive(Deserialize)]
struct Opening {
    schema: Option<String>,
    row: Option<String>,
}

impl ExportRow {
    /// Reads one line of an export; says what is wrong with it.
    pub fn parse(line: &[u8]) -> Result<ExportRow, String> {
        let wrong = |e: serde_json::Error| {
            // serde_json counts lines within what it is given, which is one line.
            let text = e.to_string();
            let said = text.split(" at line ").next().unwrap_or_default().to_string();
            if e.column() > 0 { format!("{said}, at byte {}", e.column()) } else { said }
        };
        let opening: Opening = serde_json::from_slice(line).map_err(wrong)?;
        match opening.schema.as_deref() {
            Some(SCHEMA) => {}
            Some(other) => return Err(format!("schema {other:?} is not one that this version reads ({SCHEMA})")),
            None => return Err("no schema: this is no row of an export".into()),
        }
        Ok(match opening.row.as_deref() {
            Some("record") => ExportRow::Record(serde_json::from_slice(line).map_err(wrong)?),
            Some("article") => ExportRow::Article(serde_json::from_slice(line).map_err(wrong)?),
            Some("speaker") => ExportRow::Speaker(serde_json::from_slice(line).map_err(wrong)?),
            Some("operation") => ExportRow::Operation(serde_json::from_slice(line).map_err(wrong)?),
            Some(other) => return Err(format!("row {other:?} is not one that this version knows")),
            None => return Err("no kind of row: this is no row of an export".into()),
        })
    }
}
