//! SQLite with a schema of the same use: the write-ahead log, synced at every commit, an index for each question, and FTS5 for words.

use std::path::Path;

use onrecord::pipeline::Extraction;
use onrecord::span::Span;
use rusqlite::{Connection, params};

use crate::{Failure, Held, Store};

pub struct Sqlite(Connection);

impl Sqlite {
    pub fn open(path: &Path) -> Result<Sqlite, Failure> {
        std::fs::create_dir_all(path)?;
        let db = Connection::open(path.join("claims.db"))?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA cache_size = -65536;
             CREATE TABLE IF NOT EXISTS articles (
                id INTEGER PRIMARY KEY, url TEXT UNIQUE, hash BLOB, title TEXT, outlet TEXT, date INTEGER, text TEXT);
             CREATE TABLE IF NOT EXISTS speakers (id INTEGER PRIMARY KEY, name TEXT UNIQUE, roles TEXT);
             CREATE TABLE IF NOT EXISTS claims (
                id INTEGER PRIMARY KEY, article INTEGER REFERENCES articles, speaker INTEGER REFERENCES speakers,
                date INTEGER, kind INTEGER, act INTEGER, confidence REAL, source TEXT, cue TEXT, content TEXT,
                text TEXT, context TEXT);
             CREATE INDEX IF NOT EXISTS by_speaker ON claims (speaker, date, id);
             CREATE INDEX IF NOT EXISTS by_article ON claims (article);
             CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
                text, content = 'claims', content_rowid = 'id', tokenize = 'porter unicode61');",
        )?;
        Ok(Sqlite(db))
    }
}

fn spans(spans: &[Span]) -> String {
    spans.iter().map(|s| format!("{}-{}", s.start, s.end)).collect::<Vec<_>>().join(",")
}

impl Store for Sqlite {
    fn load(&mut self, articles: &[Extraction]) -> Result<(), Failure> {
        let change = self.0.transaction()?;
        for Extraction { article, attributions } in articles {
            let date =
                article.date.map(|d| i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day()));
            let hash = article.identity();
            change
                .prepare_cached(
                    "INSERT INTO articles (url, hash, title, outlet, date, text) VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![article.url, &hash[..], article.title, article.outlet, date, article.text])?;
            let number = change.last_insert_rowid();
            for attribution in attributions {
                let Some(referent) = &attribution.speaker else { continue };
                change
                    .prepare_cached("INSERT OR IGNORE INTO speakers (name, roles) VALUES (?, ?)")?
                    .execute(params![referent.name, referent.roles.join(";")])?;
                let speaker: i64 = change
                    .prepare_cached("SELECT id FROM speakers WHERE name = ?")?
                    .query_row([&referent.name], |row| row.get(0))?;
                let text = attribution.content.iter().map(|s| s.of(&article.text)).collect::<Vec<_>>().join(" … ");
                change
                    .prepare_cached(
                        "INSERT INTO claims (article, speaker, date, kind, act, confidence, source, cue, content, text, context)
                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
                    )?
                    .execute(params![
                        number,
                        speaker,
                        date,
                        attribution.kind as i64,
                        attribution.act as i64,
                        f64::from(attribution.confidence),
                        spans(&attribution.source),
                        spans(&attribution.cue),
                        spans(&attribution.content),
                        text
                    ])?;
                let claim = change.last_insert_rowid();
                change
                    .prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?
                    .execute(params![claim, text])?;
            }
        }
        Ok(change.commit()?)
    }

    fn list(&mut self, speaker: &str) -> Result<Vec<Held>, Failure> {
        // The article's text comes along: what stands around a claim is cut out of it.
        let mut question = self.0.prepare_cached(
            "SELECT claims.id, claims.text, kind, act, confidence, source, cue, content, articles.text, url, title, outlet
             FROM claims JOIN articles ON articles.id = claims.article
             WHERE speaker = (SELECT id FROM speakers WHERE name = ?) ORDER BY claims.date, claims.id",
        )?;
        let rows = question.query_map([speaker], |row| {
            let _text: String = row.get(8)?;
            let _more: (String, String, String) = (row.get(9)?, row.get(10)?, row.get(11)?);
            Ok(Held { id: row.get::<_, i64>(0)? as u64, text: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn search(&mut self, words: &[String], limit: usize) -> Result<Vec<Held>, Failure> {
        let mut question = self.0.prepare_cached(
            "SELECT claims.id, claims.text FROM words JOIN claims ON claims.id = words.rowid
             WHERE words MATCH ? ORDER BY bm25(words), claims.id LIMIT ?",
        )?;
        let any = words.join(" OR ");
        let rows = question.query_map(params![any, limit as i64], |row| {
            Ok(Held { id: row.get::<_, i64>(0)? as u64, text: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
