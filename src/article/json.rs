//! Articles as JSON: one object a line, an array, or objects printed over several lines; always in bounded memory.

use super::address::canonical_url;
use super::date::parse_date;
use super::error::{Failure, Place, ReadError};
use super::limits::Limits;
use super::open::{Line, Opened, Stream, next_line};
use super::{Article, ArticleRow, LeftOut, Reading};

/// Rows of a JSON Lines stream. A bad line is an error with its number; the rest goes on.
pub(crate) struct Lines {
    label: String,
    name: String,
    stream: Stream,
    limit: u64,
    line: u64,
    ended: bool,
}

impl Lines {
    /// Starts at the first line.
    pub(crate) fn new(opened: Opened, limits: &Limits) -> Lines {
        Lines {
            label: opened.label,
            name: opened.name,
            stream: opened.stream,
            limit: limits.row,
            line: 0,
            ended: false,
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.line += 1;
            let place = Some(Place::Line(self.line));
            let mut bytes = match next_line(&mut self.stream, self.limit) {
                Ok(None) => break,
                Ok(Some(Line::Bytes(bytes))) => bytes,
                Ok(Some(Line::TooLong)) => {
                    return Some(Err(Failure::TooLarge { what: "the line", limit: self.limit }.at(&self.label, place)));
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(Failure::from(error).at(&self.label, place)));
                }
            };
            if self.line == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            return Some(row(&bytes, &self.label, place, || format!("{}:{}", self.name, self.line)));
        }
        None
    }
}

/// Objects of a JSON document: the elements of its outermost array, or one object after another.
pub(crate) struct Objects {
    label: String,
    name: String,
    stream: Stream,
    limit: u64,
    depth: usize,
    line: u64,
    count: u64,
    started: bool,
    ended: bool,
}

impl Objects {
    /// Starts before the first object.
    pub(crate) fn new(opened: Opened, limits: &Limits) -> Objects {
        Objects {
            label: opened.label,
            name: opened.name,
            stream: opened.stream,
            limit: limits.row,
            depth: limits.depth,
            line: 1,
            count: 0,
            started: false,
            ended: false,
        }
    }

    /// Takes the bytes of the next object; the second value is the line it starts on.
    fn object(&mut self) -> Result<Option<(Vec<u8>, u64)>, Failure> {
        let mut bytes = Vec::new();
        let mut start = 0;
        let mut depth = 0usize;
        let (mut in_string, mut escaped) = (false, false);
        loop {
            let chunk = self.stream.fill_buf()?;
            if chunk.is_empty() {
                return if depth > 0 { Err(Failure::Truncated("a JSON object")) } else { Ok(None) };
            }
            let mut used = 0;
            let mut done = false;
            for &byte in chunk {
                used += 1;
                self.line += u64::from(byte == b'\n');
                if depth == 0 {
                    match byte {
                        b'{' => {
                            depth = 1;
                            start = self.line;
                            bytes.push(byte);
                        }
                        b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' => {}
                        b'[' if !self.started => {}
                        0xEF | 0xBB | 0xBF if !self.started => continue,
                        other => {
                            let found = format!("'{}' where an object should start", other.escape_ascii());
                            return Err(Failure::Malformed { format: "JSON", found });
                        }
                    }
                    self.started = true;
                    continue;
                }
                bytes.push(byte);
                if in_string {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => in_string = false,
                        _ => {}
                    }
                    continue;
                }
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    done = true;
                    break;
                }
                if depth > self.depth {
                    return Err(Failure::TooDeep(self.depth));
                }
            }
            self.stream.consume(used);
            if bytes.len() as u64 > self.limit {
                return Err(Failure::TooLarge { what: "one JSON object", limit: self.limit });
            }
            if done {
                return Ok(Some((bytes, start)));
            }
        }
    }
}

impl Iterator for Objects {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.object() {
            Ok(None) => None,
            Ok(Some((bytes, line))) => {
                self.count += 1;
                Some(row(&bytes, &self.label, Some(Place::Line(line)), || format!("{}:{}", self.name, self.count)))
            }
            Err(failure) => {
                // Where an object ends is unknown now; what follows cannot be trusted.
                self.ended = true;
                Some(Err(failure.at(&self.label, Some(Place::Line(self.line)))))
            }
        }
    }
}

/// Reads one row. `name` gives the article's name where the row has no `id`.
fn row(bytes: &[u8], label: &str, place: Option<Place>, name: impl Fn() -> String) -> Result<Reading, ReadError> {
    let row: ArticleRow = serde_json::from_slice(bytes).map_err(|error| {
        if error.is_eof() {
            return Failure::Truncated("a JSON object").at(label, place);
        }
        // The row's own line numbers would mislead: the place names the line of the file.
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said);
        Failure::malformed("JSON", format!("{said} (column {})", error.column())).at(label, place)
    })?;
    article(row, name).checked(label, place)
}

/// Turns a row into an article; the text is used as it is.
pub(crate) fn article(row: ArticleRow, name: impl Fn() -> String) -> Reading {
    let present = |field: Option<String>| field.map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    let mut left_out = Vec::new();
    let given_date = present(row.date);
    let date = given_date.as_deref().and_then(parse_date);
    if let (Some(given), None) = (&given_date, date) {
        left_out.push(LeftOut::date(given));
    }
    let given_url = present(row.url);
    let url = given_url.as_deref().and_then(canonical_url);
    if let (Some(given), None) = (&given_url, &url) {
        left_out.push(LeftOut::new(given, "not an http address"));
    }
    let article = Article {
        name: present(row.id).unwrap_or_else(name),
        text: row.text,
        title: present(row.title),
        outlet: present(row.outlet),
        date,
        url,
        byline: present(row.byline),
        ..Article::default()
    };
    Reading { article, left_out }
}

#[cfg(test)]
mod tests {
    use super::super::{Articles, read_from};
    use super::*;

    fn read(name: &str, bytes: &str) -> Articles {
        read_from(name, Box::new(std::io::Cursor::new(bytes.to_owned())), &Limits::default())
    }

    fn shown(name: &str, bytes: &str) -> Vec<String> {
        read(name, bytes)
            .map(|r| match r {
                Ok(a) => format!("{} {}", a.name, a.text),
                Err(e) => format!("{e}: {}", e.failure),
            })
            .collect()
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_goes_on() {
        let rows = "{\"id\": \"a\", \"text\": \"One.\", \"colour\": {\"x\": [1]}}\n\nnot json\n{\"text\": \"Two.\", \"id\": 7}\r\n{\"title\": \"x\"}\n{\"text\": \"\"}\n{\"text\": \"cut";
        assert_eq!(
            shown("r.jsonl", rows),
            [
                "a One.",
                "cannot read r.jsonl, line 3: not valid JSON: expected ident (column 2)",
                "7 Two.",
                "cannot read r.jsonl, line 5: not valid JSON: missing field `text` (column 14)",
                "cannot read r.jsonl, line 6: no text in it",
                "cannot read r.jsonl, line 7: the input ends in the middle of a JSON object",
            ]
        );
    }

    #[test]
    fn arrays_and_printed_objects() {
        let both = ["r:1 a {]\"}", "r:2 b"];
        assert_eq!(shown("r", "[\n {\"text\": \"a {]\\\"}\"},\n {\"text\":\n \"b\"}\n]\n"), both);
        assert_eq!(shown("r", "{\n \"text\": \"a {]\\\"}\"\n}\n{\"text\": \"b\"}"), both);
        assert_eq!(
            shown("r", "[{\"text\": \"a\"},\n{\"no\": 1}, {\"text\": \"c\"}, x, {\"text\": \"d\"}]"),
            [
                "r:1 a",
                "cannot read r, line 2: not valid JSON: missing field `text` (column 9)",
                "r:3 c",
                "cannot read r, line 2: not valid JSON: 'x' where an object should start"
            ]
        );
    }

    #[test]
    fn the_text_is_used_as_it_is() {
        let article = read("x", "{\"text\": \" “a”\\r\\n\\tb \", \"date\": \"6 March 2023\"}").next().unwrap().unwrap();
        assert_eq!(article.text, " “a”\r\n\tb ");
        assert_eq!(article.date.unwrap().to_string(), "2023-03-06");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("[{{\"text\": \"a\", \"x\": {}", "[".repeat(100_000));
        assert_eq!(shown("r", &deep), ["cannot read r, line 1: nested more than 256 levels deep"]);
        let line = format!("{{\"text\": \"a\", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        // An unknown key is passed over without recursion.
        assert_eq!(shown("r", &line), ["r:1 a"]);
    }
}
