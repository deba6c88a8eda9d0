//! Lexicons: word lists as data, one TSV each under `en/`, and their reader.

pub mod cues;
pub mod names;

use std::collections::BTreeMap;

/// A lexicon row's error: which line, and what is wrong with it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{lexicon}.tsv, line {line}: {problem}")]
pub struct LexiconError {
    /// Name of the lexicon.
    pub lexicon: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// One lexicon: its rows by their first column.
///
/// The format: lines that start with `#` are the header (what it is, origin, licence); the first other line names the
/// columns; each further line is one row, tab-separated, sorted by its first column and unique in it. The last column
/// is always `example`: a sentence that holds the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexicon {
    columns: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl Lexicon {
    /// Reads a lexicon; a row that breaks the format is an error with its line.
    pub fn parse(name: &str, tsv: &str) -> Result<Lexicon, LexiconError> {
        let error = |line: usize, problem: String| LexiconError { lexicon: name.to_string(), line: line + 1, problem };
        let mut columns: Vec<String> = Vec::new();
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, line) in tsv.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let fields: Vec<String> = line.split('\t').map(str::to_string).collect();
            if columns.is_empty() {
                columns = fields;
                continue;
            }
            if fields.len() != columns.len() {
                return Err(error(number, format!("{} columns where the header has {}", fields.len(), columns.len())));
            }
            let key = fields[0].clone();
            if let Some((last, _)) = rows.last_key_value() {
                if *last == key {
                    return Err(error(number, format!("`{key}` stands twice")));
                }
                if *last > key {
                    return Err(error(number, format!("`{key}` is out of order after `{last}`")));
                }
            }
            rows.insert(key, fields);
        }
        Ok(Lexicon { columns, rows })
    }

    /// Tells whether `key` has a row.
    pub fn has(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// Returns one field of a row.
    pub fn get(&self, key: &str, column: &str) -> Option<&str> {
        let index = self.columns.iter().position(|c| c == column)?;
        self.rows.get(key).and_then(|row| row.get(index)).map(String::as_str)
    }

    /// Returns the keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// Returns the rows in order of their keys.
    pub fn rows(&self) -> impl Iterator<Item = &[String]> {
        self.rows.values().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_row_is_named_with_its_line() {
        let tsv = "# words\nword\texample\nb\tb it is\na\ta it is\n";
        let error = Lexicon::parse("words", tsv).unwrap_err();
        assert_eq!(error.to_string(), "words.tsv, line 4: `a` is out of order after `b`");
    }
}
