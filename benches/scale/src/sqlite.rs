//! The same record in SQLite: WAL, `synchronous=FULL`, an index for a speaker's list, FTS5 for words.

use std::path::Path;

use onrecord::pipeline::Extraction;
use rusqlite::{Connection, Result, params};

/// A record in SQLite.
pub struct Sqlite(Connection);

impl Sqlite {
    /// Opens or makes it.
    pub fn open(path: &Path) -> Result<Sqlite> {
        let db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "cache_size", -64 * 1024)?;
        db.execute_batch(
            "CREATE TABLE IF NOT EXISTS article (id INTEGER PRIMARY KEY, identity BLOB UNIQUE, name TEXT, title TEXT, outlet TEXT,
               date TEXT, url TEXT, text TEXT, hash BLOB);
             CREATE TABLE IF NOT EXISTS speaker (id INTEGER PRIMARY KEY, name TEXT UNIQUE, claims INTEGER DEFAULT 0);
             CREATE TABLE IF NOT EXISTS claim (id INTEGER PRIMARY KEY, article INTEGER, speaker INTEGER, date TEXT, content_start INTEGER,
               content_end INTEGER, source_start INTEGER, source_end INTEGER, cue_start INTEGER, cue_end INTEGER, kind INTEGER,
               confidence REAL);
             CREATE INDEX IF NOT EXISTS by_speaker ON claim (speaker, date, id);
             CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(said, content='', tokenize='unicode61');",
        )?;
        Ok(Sqlite(db))
    }

    /// Adds articles in one transaction.
    pub fn add(&mut self, extractions: &[Extraction]) -> Result<()> {
        let change = self.0.transaction()?;
        for extraction in extractions {
            let article = &extraction.article;
            let identity = article.identity();
            let there: bool =
                change.prepare_cached("SELECT EXISTS (SELECT 1 FROM article WHERE identity = ?)")?.query_row([identity], |r| r.get(0))?;
            if there {
                continue;
            }
            let date = article.date.map(|d| d.to_string());
            change.prepare_cached("INSERT INTO article (identity, name, title, outlet, date, url, text) VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(
                params![identity, article.name, article.title, article.outlet, date, article.url, article.text],
            )?;
            let number = change.last_insert_rowid();
            for attribution in &extraction.attributions {
                let Some(referent) = &attribution.speaker else { continue };
                let speaker: i64 = change
                    .prepare_cached(
                        "INSERT INTO speaker (name, claims) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET claims = claims + 1 RETURNING id",
                    )?
                    .query_row([&referent.name], |r| r.get(0))?;
                let (content, source, cue) = (attribution.content[0], attribution.source[0], attribution.cue[0]);
                change
                    .prepare_cached(
                        "INSERT INTO claim (article, speaker, date, content_start, content_end, source_start, source_end, cue_start,
                           cue_end, kind, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        number,
                        speaker,
                        date,
                        content.start,
                        content.end,
                        source.start,
                        source.end,
                        cue.start,
                        cue.end,
                        attribution.kind as u8,
                        attribution.confidence
                    ])?;
                let claim = change.last_insert_rowid();
                change
                    .prepare_cached("INSERT INTO words (rowid, said) VALUES (?, ?)")?
                    .execute(params![claim, content.of(&article.text)])?;
            }
        }
        change.commit()
    }

    /// Lists a speaker's claims with their words, headline, outlet and sentence; returns how many.
    pub fn list(&self, name: &str) -> Result<usize> {
        let mut found = self.0.prepare_cached(
            "SELECT claim.id, claim.content_start, claim.content_end, article.title, article.outlet, article.url, claim.date, article.text
             FROM speaker JOIN claim ON claim.speaker = speaker.id JOIN article ON article.id = claim.article
             WHERE speaker.name = ? ORDER BY claim.date, claim.id",
        )?;
        let mut rows = found.query([name])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            let (start, end): (usize, usize) = (row.get(1)?, row.get(2)?);
            let text: String = row.get(7)?;
            let said = text[start..end].to_string();
            claims.push((row.get::<_, i64>(0)?, said, row.get::<_, String>(3)?, row.get::<_, String>(4)?, row.get::<_, String>(6)?));
        }
        Ok(claims.len())
    }

    /// Finds claims by their words, best first.
    pub fn find(&self, words: &str) -> Result<usize> {
        let mut found = self.0.prepare_cached(
            "SELECT words.rowid, bm25(words), article.text, claim.content_start, claim.content_end FROM words
             JOIN claim ON claim.id = words.rowid JOIN article ON article.id = claim.article WHERE words MATCH ? ORDER BY bm25(words) LIMIT 20",
        )?;
        let query = words.split(' ').collect::<Vec<_>>().join(" OR ");
        let mut rows = found.query([query])?;
        let mut hits = 0;
        while let Some(row) = rows.next()? {
            let _: String = row.get(2)?;
            hits += 1;
        }
        Ok(hits)
    }

    /// Counts its claims.
    pub fn claims(&self) -> Result<u64> {
        self.0.query_row("SELECT sum(claims) FROM speaker", [], |r| r.get(0))
    }
}
