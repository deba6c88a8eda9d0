//! CSV and TSV with named columns: one article a row.

use super::error::{Failure, Place, ReadError};
use super::limits::Limits;
use super::open::Opened;
use super::{ArticleRow, Reading, json};

/// Columns by the names people give them; the first is ours.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("text", &["text", "body", "content", "article", "fulltext", "full_text"]),
    ("id", &["id", "article_id"]),
    ("title", &["title", "headline"]),
    ("outlet", &["outlet", "source", "publisher", "publication", "newspaper"]),
    ("date", &["date", "published", "published_at", "publication_date", "pubdate"]),
    ("url", &["url", "link", "address"]),
    ("byline", &["byline", "author", "authors"]),
];

/// Tells whether a line names the columns of a table that holds texts.
pub(crate) fn delimiter(first_line: &str) -> Option<u8> {
    [b',', b'\t', b';'].into_iter().find(|d| {
        let names: Vec<String> = first_line.split(char::from(*d)).map(plain_name).collect();
        let short = names.iter().all(|n| n.len() <= 40 && !n.contains(['.', '?', '!', '“']));
        names.len() > 1 && short && column(&names, "text").is_some()
    })
}

fn plain_name(name: &str) -> String {
    name.trim().trim_matches('"').trim().to_lowercase().replace([' ', '-'], "_")
}

fn column(names: &[String], wanted: &str) -> Option<usize> {
    let (_, known) = COLUMNS.iter().find(|(ours, _)| *ours == wanted)?;
    known.iter().find_map(|k| names.iter().position(|n| n == k))
}

/// Rows of a table, streamed.
pub(crate) struct Rows {
    label: String,
    name: String,
    reader: csv::Reader<Metered>,
    columns: Vec<(&'static str, usize)>,
    failed: Option<Failure>,
    count: u64,
}

/// Stops a row that is longer than the limit: an unclosed quotation mark swallows the rest of a file.
struct Metered {
    stream: super::open::Stream,
    used: u64,
    limit: u64,
}

impl std::io::Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.used += n as u64;
        if self.used > self.limit {
            return Err(super::error::OverLimit::Bytes {
                what: "one row (an unclosed quotation mark?)",
                limit: self.limit,
            }
            .into());
        }
        Ok(n)
    }
}

impl Rows {
    /// Reads the first row for the names of the columns.
    pub(crate) fn new(mut opened: Opened, delimiter: u8, limits: &Limits) -> Rows {
        if opened.head().is_ok_and(|h| h.starts_with(b"\xEF\xBB\xBF")) {
            opened.stream.consume(3);
        }
        let metered = Metered { stream: opened.stream, used: 0, limit: limits.row };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(metered);
        let mut failed = None;
        let names: Vec<String> = match reader.headers() {
            Ok(names) => names.iter().map(plain_name).collect(),
            Err(error) => {
                failed = Some(csv_failure(error));
                Vec::new()
            }
        };
        let columns: Vec<_> = COLUMNS.iter().filter_map(|(ours, _)| Some((*ours, column(&names, ours)?))).collect();
        if failed.is_none() && !columns.iter().any(|(c, _)| *c == "text") {
            failed = Some(Failure::malformed("CSV", "no column is named `text`"));
        }
        Rows { label: opened.label, name: opened.name, reader, columns, failed, count: 0 }
    }
}

fn csv_failure(error: csv::Error) -> Failure {
    let said = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        _ => Failure::malformed("CSV", said),
    }
}

impl Iterator for Rows {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(failure) = self.failed.take() {
            self.columns.clear();
            return Some(Err(failure.at(&self.label, Some(Place::Line(1)))));
        }
        if self.columns.is_empty() {
            return None;
        }
        self.reader.get_mut().used = 0;
        let mut record = csv::ByteRecord::new();
        let line = self.reader.position().line();
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                self.count += 1;
                let field = |wanted: &str| -> Option<String> {
                    let (_, at) = self.columns.iter().find(|(c, _)| *c == wanted)?;
                    Some(super::encoding::decode(record.get(*at)?.to_vec(), None))
                };
                let row = ArticleRow {
                    id: field("id"),
                    text: field("text").unwrap_or_default(),
                    title: field("title"),
                    outlet: field("outlet"),
                    date: field("date"),
                    url: field("url"),
                    byline: field("byline"),
                };
                let place = record.position().map_or(line, csv::Position::line);
                let name = format!("{}:{}", self.name, self.count);
                Some(json::article(row, || name.clone()).checked(&self.label, Some(Place::Line(place))))
            }
            Err(error) => {
                self.columns.clear();
                Some(Err(csv_failure(error).at(&self.label, Some(Place::Line(line)))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_from;
    use super::*;

    #[test]
    fn named_columns_in_any_order() {
        let table = "\u{feff}Headline;Published;Body;Extra\n\"A; b\";6 March 2023;\"“One,” he said.\n\nTwo.\";x\nC;;;\nD;;Three.;\n";
        let rows: Vec<String> = read_from("t.csv", Box::new(std::io::Cursor::new(table)), &Limits::default())
            .map(|r| match r {
                Ok(a) => format!("{} {:?} {:?} {}", a.name, a.title, a.date, a.text),
                Err(e) => format!("{e}: {}", e.failure),
            })
            .collect();
        assert_eq!(
            rows,
            [
                "t.csv:1 Some(\"A; b\") Some(2023-03-06) “One,” he said.\n\nTwo.",
                "cannot read t.csv, line 5: no text in it",
                "t.csv:3 Some(\"D\") None Three."
            ]
        );
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        assert_eq!(delimiter("The text, he said, was wrong"), None);
        assert_eq!(delimiter("id,text,date"), Some(b','));
    }

    #[test]
    fn an_unclosed_mark_is_bounded() {
        let table = format!("id,text\n1,\"{}", "word ".repeat(100_000));
        let limits = Limits { row: 100_000, ..Limits::default() };
        let error = read_from("t.csv", Box::new(std::io::Cursor::new(table)), &limits).next().unwrap().unwrap_err();
        assert!(matches!(error.failure, Failure::TooLarge { .. }), "{error:?}");
    }
}
