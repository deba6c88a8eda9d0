//! CSV and TSV that spreadsheets open rightly.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::text::{is_unsafe, one_line};

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// CSV: values are quoted where they must be.
    Comma,
    /// TSV: values are never quoted; tabs and line breaks in them become spaces.
    Tab,
}

/// Writes rows of one kind, with a header line made from the first one's keys.
///
/// Lists of words are joined by `; `; other lists and objects are written as JSON. Text that a spreadsheet would run as a formula gets an apostrophe before it.
pub struct Delimited<W: Write> {
    out: W,
    delimiter: Delimiter,
    header: Option<Vec<String>>,
    with_header: bool,
}

impl<W: Write> Delimited<W> {
    /// Makes a writer.
    pub fn new(out: W, delimiter: Delimiter) -> Self {
        Delimited { out, delimiter, header: None, with_header: true }
    }

    /// Sets whether the header line is written: not where rows go on from another writer.
    pub fn with_header(mut self, with_header: bool) -> Self {
        self.with_header = with_header;
        self
    }

    /// Writes one row; it must serialise to an object.
    pub fn write<T: Serialize>(&mut self, row: &T) -> io::Result<()> {
        let Value::Object(fields) = serde_json::to_value(row)? else {
            return Err(io::Error::other("a row that is no object"));
        };
        if self.header.is_none() {
            let keys: Vec<String> = fields.keys().filter(|k| *k != "schema").cloned().collect();
            if self.with_header {
                self.line(keys.iter().map(String::as_str))?;
            }
            self.header = Some(keys);
        }
        let keys = self.header.clone().unwrap_or_default();
        let values: Vec<String> = keys.iter().map(|k| plain(fields.get(k).unwrap_or(&Value::Null))).collect();
        self.line(values.iter().map(String::as_str))
    }

    fn line<'v>(&mut self, values: impl Iterator<Item = &'v str>) -> io::Result<()> {
        let mut line = String::new();
        for (i, value) in values.enumerate() {
            match self.delimiter {
                Delimiter::Comma => {
                    if i > 0 {
                        line.push(',');
                    }
                    let value: String = value.chars().filter(|c| !is_unsafe(*c)).collect();
                    if value.contains([',', '"', '\n', '\r']) {
                        line.push('"');
                        line.push_str(&value.replace('"', "\"\""));
                        line.push('"');
                    } else {
                        line.push_str(&value);
                    }
                }
                Delimiter::Tab => {
                    if i > 0 {
                        line.push('\t');
                    }
                    line.push_str(&one_line(value));
                }
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            harmless(&values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "))
        }
        Value::Array(_) | Value::Object(_) => harmless(&value.to_string()),
        other => other.to_string(),
    }
}

/// Puts an apostrophe before text that a spreadsheet would take for a formula.
///
/// Blank space and characters that are taken out before writing hide nothing: what counts is the first one left.
fn harmless(text: &str) -> String {
    let first = text.chars().find(|c| !is_unsafe(*c) && !c.is_whitespace());
    match first {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ if text.starts_with(['\t', '\r']) => format!("'{text}"),
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(delimiter: Delimiter) -> String {
        let mut out = Vec::new();
        let mut delimited = Delimited::new(&mut out, delimiter);
        delimited.write(&json!({"schema": "x", "n": -3, "text": "=1+1\t\"a\", b", "spans": [[0, 2]]})).unwrap();
        delimited.write(&json!({"n": null, "text": "\u{202e} @cmd"})).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_are_defused_and_numbers_stay_numbers() {
        assert_eq!(written(Delimiter::Comma), "n,text,spans\n-3,\"'=1+1\t\"\"a\"\", b\",\"[[0,2]]\"\n,' @cmd,\n");
        assert_eq!(written(Delimiter::Tab), "n\ttext\tspans\n-3\t'=1+1 \"a\", b\t[[0,2]]\n\t' @cmd\t\n");
    }

    #[test]
    fn a_csv_reader_gets_back_what_was_written() {
        let text = written(Delimiter::Comma);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows[0].get(1), Some("'=1+1\t\"a\", b"));
        assert_eq!(rows[1].len(), 3);
    }
}
