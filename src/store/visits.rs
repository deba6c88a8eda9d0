//! What addresses answered last, so that a later visit can ask whether they changed, and which entries of feeds were dealt with.

use serde::{Deserialize, Serialize};

use super::codec::{self, ArticleRow};
use super::engine::{Batch, MAX_VALUE};
use super::keys::{ARTICLES, Key, VISITS};
use super::{Access, Problem, Record, StoreError};
use crate::claim::ArticleId;

/// Longest validator that is kept, in bytes; a longer one is as good as none.
const LONGEST_VALIDATOR: usize = 512;

/// Where keys of visits hold a [`Purpose`], those of entries hold this.
const ENTRY: u8 = 2;

/// What one visit of an address brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The answer's `ETag`, as it was sent.
    pub etag: Option<String>,
    /// The answer's `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
    /// The articles that were read from the answer.
    pub articles: Vec<ArticleId>,
}

/// What an address was visited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To add what it holds.
    Page,
    /// To look for new entries.
    Feed,
}

/// A visit on disk: each article with the hash of the text that it had then.
#[derive(Debug, Serialize, Deserialize)]
struct VisitRow {
    etag: Option<String>,
    last_modified: Option<String>,
    articles: Vec<([u8; 16], [u8; 16])>,
}

impl Record {
    /// Returns what the last visit of an address brought, if all of its articles still stand as they were read then; else the
    /// address has to be read anew, whatever it says about changes.
    pub fn visit(&self, address: &str, purpose: Purpose) -> Result<Option<Visit>, StoreError> {
        let Some(row) = self.engine.get(&visit_key(address, purpose))? else { return Ok(None) };
        // A damaged row costs no more than reading the address anew, which writes it again; `verify` names it.
        let Ok(row) = codec::decode::<VisitRow>(&row) else { return Ok(None) };
        for (id, hash) in &row.articles {
            if self.latest_hash(ArticleId(*id))? != Some(*hash) {
                return Ok(None);
            }
        }
        let articles = row.articles.into_iter().map(|(id, _)| ArticleId(id)).collect();
        Ok(Some(Visit { etag: row.etag, last_modified: row.last_modified, articles }))
    }

    /// Keeps what a visit brought. The articles are made durable first: a record never says "unchanged" of what it does not hold.
    pub fn note_visit(&self, address: &str, purpose: Purpose, visit: &Visit) -> Result<(), StoreError> {
        self.for_visits()?;
        let short = |validator: &Option<String>| validator.clone().filter(|v| v.len() <= LONGEST_VALIDATOR);
        let mut row = VisitRow {
            etag: short(&visit.etag),
            last_modified: short(&visit.last_modified),
            articles: Vec::with_capacity(visit.articles.len()),
        };
        let mut whole = row.etag.is_some() || row.last_modified.is_some();
        for id in &visit.articles {
            match self.latest_hash(*id)? {
                Some(hash) => row.articles.push((id.0, hash)),
                None => whole = false,
            }
        }
        let sealed = codec::encode(&row);
        let mut batch = Batch::default();
        // What cannot be kept whole is forgotten: the address is then simply read anew.
        match whole && sealed.len() <= MAX_VALUE {
            true => batch.put(visit_key(address, purpose), sealed),
            false => batch.remove(visit_key(address, purpose)),
        }
        self.sync()?;
        self.engine.commit(batch)
    }

    /// Tells whether an entry of a feed was dealt with in this very state.
    pub fn has_seen(&self, entry: ArticleId, state: [u8; 16]) -> Result<bool, StoreError> {
        let Some(row) = self.engine.get(&entry_key(entry))? else { return Ok(false) };
        Ok(codec::decode::<[u8; 16]>(&row).is_ok_and(|seen| seen == state))
    }

    /// Keeps that entries of a feed were dealt with, after making their articles durable.
    pub fn note_seen(&self, entries: &[(ArticleId, [u8; 16])]) -> Result<(), StoreError> {
        self.for_visits()?;
        self.sync()?;
        for some in entries.chunks(1000) {
            let mut batch = Batch::default();
            for (entry, state) in some {
                batch.put(entry_key(*entry), codec::encode(state));
            }
            self.engine.commit(batch)?;
        }
        Ok(())
    }

    /// Returns what cannot be read of visits and entries.
    pub(super) fn damaged_visits(&self) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let (low, high) = Key::new(VISITS).range();
        for row in self.engine.scan(&low, &high, false) {
            let (key, value) = row?;
            let read = match key.get(1) {
                Some(&ENTRY) => codec::decode::<[u8; 16]>(&value).map(drop),
                _ => codec::decode::<VisitRow>(&value).map(drop),
            };
            if let Err(unreadable) = read {
                problems.push(Problem { place: "what an address answered".into(), what: unreadable.to_string() });
            }
        }
        Ok(problems)
    }

    /// Returns the hash of the latest text of an article, if it is on record.
    fn latest_hash(&self, id: ArticleId) -> Result<Option<[u8; 16]>, StoreError> {
        let Some(row) = self.engine.get(&Key::new(ARTICLES).bytes(&id.0).end())? else { return Ok(None) };
        let row: ArticleRow = self.readable("an article", codec::decode(&row))?;
        Ok(Some(self.version_row(row.number, row.latest)?.text_hash))
    }

    fn for_visits(&self) -> Result<(), StoreError> {
        if self.access == Access::Read { Err(StoreError::ReadOnly) } else { Ok(()) }
    }
}

fn visit_key(address: &str, purpose: Purpose) -> Vec<u8> {
    Key::new(VISITS).u8(purpose as u8).bytes(&blake3::hash(address.as_bytes()).as_bytes()[..16]).end()
}

fn entry_key(entry: ArticleId) -> Vec<u8> {
    Key::new(VISITS).u8(ENTRY).bytes(&entry.0).end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::pipeline::Extraction;

    fn added(record: &Record, text: &str) -> ArticleId {
        let article = Article { text: text.into(), url: Some("https://x.example/a".into()), ..Article::default() };
        let extraction = Extraction { article, attributions: Vec::new() };
        record.add(&extraction, 1).unwrap().0
    }

    fn visit(articles: Vec<ArticleId>) -> Visit {
        Visit { etag: Some("\"1\"".into()), last_modified: None, articles }
    }

    #[test]
    fn a_visit_counts_as_long_as_its_articles_stand() {
        let record = Record::in_memory();
        let (address, page) = ("https://x.example/a?utm_source=b", Purpose::Page);
        let id = added(&record, "One.");
        record.note_visit(address, page, &visit(vec![id])).unwrap();
        assert_eq!(record.visit(address, page).unwrap(), Some(visit(vec![id])));
        assert_eq!(record.visit(address, Purpose::Feed).unwrap(), None, "looking at it as a feed is another matter");
        added(&record, "Two, added from a file.");
        assert_eq!(record.visit(address, page).unwrap(), None);
    }

    #[test]
    fn what_is_not_on_record_or_too_long_is_not_kept() {
        let record = Record::in_memory();
        let page = Purpose::Page;
        record.note_visit("https://x.example/b", page, &visit(vec![ArticleId([7; 16])])).unwrap();
        assert_eq!(record.visit("https://x.example/b", page).unwrap(), None);
        let id = added(&record, "One.");
        let long = Visit { etag: Some("x".repeat(600)), ..visit(vec![id]) };
        record.note_visit("https://x.example/a", page, &long).unwrap();
        assert_eq!(record.visit("https://x.example/a", page).unwrap(), None);
        record.note_visit("https://x.example/a", page, &visit(vec![id; 500])).unwrap();
        assert_eq!(record.visit("https://x.example/a", page).unwrap(), None);
    }

    #[test]
    fn a_damaged_row_is_named_and_costs_a_reading() {
        let record = Record::in_memory();
        let (address, page) = ("https://x.example/a", Purpose::Page);
        let id = added(&record, "One.");
        record.note_visit(address, page, &visit(vec![id])).unwrap();
        record.note_seen(&[(id, [1; 16])]).unwrap();
        assert_eq!(record.verify().unwrap(), []);
        let mut batch = Batch::default();
        batch.put(visit_key(address, page), b"torn".to_vec());
        batch.put(entry_key(id), b"torn too".to_vec());
        record.engine.commit(batch).unwrap();
        assert_eq!(record.visit(address, page).unwrap(), None);
        assert!(!record.has_seen(id, [1; 16]).unwrap());
        assert_eq!(record.verify().unwrap().len(), 2);
        record.note_visit(address, page, &visit(vec![id])).unwrap();
        assert_eq!(record.visit(address, page).unwrap(), Some(visit(vec![id])));
    }

    #[test]
    fn an_entry_is_known_in_its_state_only() {
        let record = Record::in_memory();
        let entry = ArticleId([3; 16]);
        assert!(!record.has_seen(entry, [1; 16]).unwrap());
        record.note_seen(&[(entry, [1; 16])]).unwrap();
        assert!(record.has_seen(entry, [1; 16]).unwrap());
        assert!(!record.has_seen(entry, [2; 16]).unwrap());
    }
}
