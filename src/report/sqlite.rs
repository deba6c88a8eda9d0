//! A record as an SQLite file, for datasette, spreadsheets with a driver, and people who write SQL.
//!
//! Rows come as JSON objects, the same that the commands print; what is a list or an object there is JSON text here. The
//! tables and their columns are described in `docs/exchange.md`.

use std::path::Path;

use rusqlite::{Connection, Error, params_from_iter, types::Value as Cell};
use serde_json::Value;

use super::columns::{Holds, Table};

/// Made when all rows are in: faster, and smaller. datasette offers a search where it finds `content="…"` in these very marks.
const INDEXES: &str = r#"
CREATE INDEX claims_by_speaker ON claims (speaker_id, date);
CREATE INDEX claims_by_article ON claims (article, version);
CREATE INDEX findings_by_speaker ON findings (speaker_id, kind);
CREATE VIRTUAL TABLE claims_fts USING fts5 (text, speaker, content="claims", content_rowid="number");
INSERT INTO claims_fts (claims_fts) VALUES ('rebuild');
PRAGMA user_version = 1;
"#;

/// Returns the statement that makes a table. What a row refers to has to be in the file.
fn statement(table: Table) -> String {
    let columns = table.columns().iter().map(|column| {
        let holds = match column.holds {
            Holds::Text | Holds::Json | Holds::Day | Holds::Moment => "TEXT",
            Holds::Count | Holds::Flag => "INTEGER",
            Holds::Share => "REAL",
        };
        format!("{} {holds}{}", column.name, if column.optional { "" } else { " NOT NULL" })
    });
    let columns: Vec<String> = columns.collect();
    let (first, last) = match table {
        Table::Articles => ("", "PRIMARY KEY (id, version)"),
        Table::Speakers => ("", "PRIMARY KEY (id)"),
        // The index over words needs a number for each row.
        Table::Claims => (
            "number INTEGER PRIMARY KEY, ",
            "UNIQUE (id), FOREIGN KEY (speaker_id) REFERENCES speakers (id), \
             FOREIGN KEY (article, version) REFERENCES articles (id, version)",
        ),
        Table::Findings => ("", "PRIMARY KEY (id), FOREIGN KEY (speaker_id) REFERENCES speakers (id)"),
    };
    format!("CREATE TABLE {} ({first}{}, {last});", table.name(), columns.join(", "))
}

/// An SQLite file in the making.
pub struct SqliteFile {
    connection: Connection,
}

impl SqliteFile {
    /// Makes the file with empty tables. It is whole when [`SqliteFile::finish`] has returned, and not before.
    pub fn create(path: &Path) -> Result<SqliteFile, Error> {
        let connection = Connection::open(path)?;
        // Nobody reads the file before it is whole, so a crash on the way costs nothing but the file.
        connection
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; BEGIN;")?;
        for table in Table::ALL {
            connection.execute_batch(&statement(table))?;
        }
        Ok(SqliteFile { connection })
    }

    /// Writes a row: the fields of `row` that the table has columns for.
    pub fn write(&self, table: Table, row: &Value) -> Result<(), Error> {
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name(), columns.join(", "), places.join(", "));
        let cells = columns.iter().map(|column| cell(row.get(column)));
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(cells))?;
        Ok(())
    }

    /// Makes the indexes and ends the file.
    pub fn finish(self) -> Result<(), Error> {
        self.connection.execute_batch(INDEXES)?;
        self.connection.execute_batch("COMMIT;")?;
        self.connection.close().map_err(|(_, error)| error)
    }
}

fn cell(value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => Cell::Null,
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Bool(yes)) => Cell::Integer(i64::from(*yes)),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => Cell::Integer(whole),
            None => Cell::Real(number.as_f64().unwrap_or(f64::NAN)),
        },
        Some(list) => Cell::Text(list.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_can_be_asked_for_by_their_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.sqlite");
        let file = SqliteFile::create(&path).unwrap();
        let article =
            json!({"id": "a1", "version": 1, "latest": true, "added": "2024-03-31T00:00:00Z", "text": "“No.”"});
        file.write(Table::Articles, &article).unwrap();
        let speaker =
            json!({"id": "s1", "name": "Ann Poe", "aliases": ["Poe"], "roles": [], "claims": 1, "articles": 1});
        file.write(Table::Speakers, &speaker).unwrap();
        let claim = json!({"id": "c1", "speaker_id": "s1", "speaker": "Ann Poe", "text": "There will be no tolls.",
            "kind": "direct", "act": "speech", "confidence": 0.9, "article": "a1", "version": 1,
            "content": [[1, 3]], "source": [], "cue": []});
        file.write(Table::Claims, &claim).unwrap();
        let nobody = json!({"id": "c2", "speaker_id": "s2", "speaker": "?", "text": "No.", "kind": "direct", "act": "speech",
            "confidence": 0.9, "article": "a1", "version": 1, "content": [], "source": [], "cue": []});
        assert!(file.write(Table::Claims, &nobody).is_err(), "a claim needs its speaker");
        file.finish().unwrap();
        let connection = Connection::open(&path).unwrap();
        let found: (String, String, f64) = connection
            .query_row(
                "SELECT c.id, c.content, c.confidence FROM claims_fts f JOIN claims c ON c.rowid = f.rowid
                 WHERE claims_fts MATCH 'tolls'",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(found, ("c1".to_string(), "[[1,3]]".to_string(), 0.9));
        let offered =
            "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%USING FTS%content=\"claims\"%'";
        assert_eq!(
            connection.query_row(offered, [], |row| row.get::<_, i64>(0)).unwrap(),
            1,
            "datasette finds the index"
        );
    }
}
