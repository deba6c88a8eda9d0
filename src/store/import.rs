//! Import: an export back into a new record, each field checked, whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::span::CodePoints;

use super::aside::Aside;
use super::backup::Held;
use super::codec::{self, ClaimRow, IdentityRow, ReadingHead, ReadingRow, ReferentRow, VersionRow, WasRow};
use super::derived::{Derived, Version};
use super::engine::{Batch, MAX_VALUE};
use super::exchange::{ExportRow, LogEntry, ReadClaim, ReadReferent, RecordRow, Speaker, VersionOfArticle};
use super::keys::{self, Key, OPERATIONS, SPEAKERS, part};
use super::operation::{OperationRow, What};
use super::rows::{day_number, first_half, put_chunks};
use super::words::{self, Collector};
use super::{FORMAT, MAX_TEXT, StoreError, counters_key};

/// Rows written in one commit.
const ROWS: usize = 4000;

/// Most spans, names or roles in one list.
const MOST: usize = 10_000;

/// A new record while an export is read into it.
pub struct Import {
    aside: Aside,
    derived: Derived,
    words: Collector,
    batch: Batch,
    head: Option<RecordRow>,
    /// The version read last: what follows from it depends on whether another version of the article comes.
    waiting: Option<Waiting>,
    articles: BTreeMap<[u8; 16], u32>,
    /// Speakers in the file; those that claims name must be among them.
    speakers: BTreeSet<u32>,
    /// The number of the last operation.
    operations: u64,
    rows: u64,
}

struct Waiting {
    place: (u32, u32),
    state: VersionRow,
    text: String,
    readings: Vec<ReadingRow>,
}

/// What is wrong with a row: in words, or a failure of the disk.
#[derive(Debug)]
pub enum RowError {
    /// The row.
    Row(String),
    /// The record.
    Store(StoreError),
}

impl From<StoreError> for RowError {
    fn from(error: StoreError) -> Self {
        RowError::Store(error)
    }
}

impl From<String> for RowError {
    fn from(what: String) -> Self {
        RowError::Row(what)
    }
}

impl Import {
    /// Begins a record in a folder that holds none yet.
    pub fn begin(path: &Path, wait: Duration) -> Result<Import, StoreError> {
        Ok(Import {
            aside: Aside::begin(path, wait)?,
            derived: Derived::new(),
            words: Collector::default(),
            batch: Batch::default(),
            head: None,
            waiting: None,
            articles: BTreeMap::new(),
            speakers: BTreeSet::new(),
            operations: 0,
            rows: 0,
        })
    }

    /// Takes the next row of the export.
    pub fn take(&mut self, row: ExportRow) -> Result<(), RowError> {
        self.rows += 1;
        if (self.rows == 1) != matches!(row, ExportRow::Record(_)) {
            return Err("the row of the record comes first, and once".to_string().into());
        }
        match row {
            ExportRow::Record(row) => self.take_head(row)?,
            ExportRow::Article(row) => self.take_version(*row)?,
            ExportRow::Speaker(row) => self.take_speaker(row)?,
            ExportRow::Operation(row) => self.take_operation(row)?,
        }
        if self.batch.len() >= ROWS {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let engine = &self.aside.record()?.engine;
        let mut part = Batch::default();
        for (key, value) in std::mem::take(&mut self.batch.writes) {
            part.writes.insert(key, value);
            if part.len() == ROWS {
                engine.commit(std::mem::take(&mut part))?;
            }
        }
        engine.commit(part)
    }

    fn take_head(&mut self, row: RecordRow) -> Result<(), RowError> {
        if row.format > FORMAT {
            return Err(RowError::Row(format!(
                "it was exported from format {}; this version knows formats up to {FORMAT}",
                row.format
            )));
        }
        self.derived.counters.last_at = time("last_at", &row.last_at)?;
        self.head = Some(row);
        Ok(())
    }

    fn take_version(&mut self, row: VersionOfArticle) -> Result<(), RowError> {
        if !self.speakers.is_empty() || self.operations > 0 {
            return Err("articles come before speakers and operations".to_string().into());
        }
        let article = identity(&row.id)?;
        let follows = self.waiting.as_ref().filter(|w| w.state.article == article).map(|w| w.place);
        let place = match follows {
            Some((number, version)) if row.version == version.saturating_add(1) => (number, row.version),
            Some((_, version)) => return Err(format!("version {} follows version {version}", row.version).into()),
            None if row.version != 1 => return Err("the first version of an article is 1".to_string().into()),
            None if self.articles.contains_key(&article) => {
                return Err(format!("article {} stands in the file twice", row.id).into());
            }
            None => (self.articles.len() as u32, 1),
        };
        self.settle(follows.is_none())?;
        self.articles.insert(article, place.0);
        if row.text.len() > MAX_TEXT {
            return Err(format!("text: {} bytes; the record takes up to {MAX_TEXT}", row.text.len()).into());
        }
        if row.readings.is_empty() {
            return Err("readings: there is none".to_string().into());
        }
        let points = CodePoints::new(&row.text);
        let (mut heads, mut readings) = (Vec::new(), Vec::new());
        for reading in row.readings {
            heads.push(ReadingHead { engine: reading.engine, from: time("from", &reading.from)? });
            let claims = reading.claims.into_iter().map(|c| claim(c, &points)).collect::<Result<_, String>>()?;
            readings.push(ReadingRow { claims });
        }
        let date = row.date.as_deref().map(|d| d.parse::<Date>().map_err(|_| format!("date: {d:?} is no day")));
        let state = VersionRow {
            article,
            text_hash: first_half(blake3::hash(row.text.as_bytes())),
            added: time("added", &row.added)?,
            name: row.name,
            title: row.title,
            outlet: row.outlet,
            date: date.transpose()?.map(day_number),
            url: row.url,
            byline: row.byline,
            summary: row.summary,
            readings: heads,
        };
        let (number, version) = place;
        put(&mut self.batch, "what is known of the article", keys::state(number, version), codec::encode(&state))?;
        let under = keys::document(number, version).u8(part::TEXT).end();
        put_chunks(&mut self.batch, &under, codec::encode_chunks(&row.text));
        for (n, reading) in (0u32..).zip(&readings) {
            let under = keys::reading(number, version, n).end();
            put_chunks(&mut self.batch, &under, codec::encode_chunks(reading));
        }
        self.waiting = Some(Waiting { place, state, text: row.text, readings });
        Ok(())
    }

    fn settle(&mut self, latest: bool) -> Result<(), RowError> {
        let Some(Waiting { place, state, text, readings }) = self.waiting.take() else { return Ok(()) };
        if let Some((bucket, articles)) = self.words.take(place.0, &text, &readings) {
            words::put_packed(&mut self.batch, bucket, &articles);
        }
        let version = Version { place, state: &state, readings: &readings, latest };
        Ok(self.derived.take(&version, &mut self.batch)?)
    }

    fn take_speaker(&mut self, row: Speaker) -> Result<(), RowError> {
        self.settle(true)?;
        if self.operations > 0 {
            return Err("speakers come before operations".to_string().into());
        }
        if row.id == 0 || row.id == u32::MAX {
            return Err("id: speakers are numbered from 1".to_string().into());
        }
        for was in &row.was {
            let until = time("until", &was.until)?;
            if was.aliases as usize > row.aliases.len() || was.roles as usize > row.roles.len() {
                return Err(format!("was: until {} there are more names or roles than now", was.until).into());
            }
            let (name, gender) = (was.name.clone(), was.gender.map(|g| g as u8));
            let was = WasRow { name, gender, aliases: was.aliases, roles: was.roles };
            put(&mut self.batch, "who the speaker was", keys::identity_until(row.id, until), codec::encode(&was))?;
        }
        for (field, list) in [("aliases", &row.aliases), ("roles", &row.roles)] {
            if list.len() > MOST {
                return Err(format!("{field}: {} of them; up to {MOST} are taken", list.len()).into());
            }
        }
        let identity = IdentityRow {
            name: row.name,
            sort: row.sort as u8,
            gender: row.gender.map(|g| g as u8),
            aliases: row.aliases,
            roles: row.roles,
        };
        let tally = self.derived.tallies.get(&row.id).cloned().unwrap_or_default();
        let key = Key::new(SPEAKERS).u32(row.id).end();
        put(&mut self.batch, "the speaker", key, codec::encode(&tally.row(identity)))?;
        self.derived.counters.next_speaker = self.derived.counters.next_speaker.max(row.id.saturating_add(1));
        if !self.speakers.insert(row.id) {
            return Err(format!("speaker {} stands in the file twice", row.id).into());
        }
        Ok(())
    }

    fn take_operation(&mut self, row: LogEntry) -> Result<(), RowError> {
        self.settle(true)?;
        let LogEntry { id, at, what, says, why, .. } = row;
        if id <= self.operations || id == u64::MAX {
            return Err(format!("id: operation {id} follows operation {}", self.operations).into());
        }
        self.operations = id;
        self.derived.counters.next_operation = id + 1;
        if let Some(speaker) = what.speakers().into_iter().find(|s| !self.speakers.contains(s)) {
            return Err(format!("what: speaker {speaker} is not in the file").into());
        }
        if let Some(claim) = what.claims().into_iter().find(|c| *c == 0 || *c >= self.derived.counters.next_claim) {
            return Err(format!("what: claim {claim} is not in the file").into());
        }
        if let What::Undo { operation } = what
            && operation >= id
        {
            return Err(format!("what: operation {operation} is not an earlier one").into());
        }
        let at = time("at", &at)?;
        self.derived.counters.last_at = self.derived.counters.last_at.max(at);
        let chunks = codec::encode_chunks(&OperationRow { at, what, says, why });
        put_chunks(&mut self.batch, &Key::new(OPERATIONS).u64(id).end(), chunks);
        Ok(())
    }

    /// Ends it: what the file must hold is there, and so is the record.
    pub fn finish(mut self) -> Result<Held, RowError> {
        let head = self.head.take().ok_or_else(|| "the file holds no row".to_string())?;
        self.settle(true)?;
        if let Some(speaker) = self.derived.tallies.keys().find(|s| !self.speakers.contains(s)) {
            return Err(format!("claims name speaker {speaker}, who is not in the file").into());
        }
        let counters = &mut self.derived.counters;
        for (what, given, least) in [
            ("next_claim", head.next_claim, counters.next_claim),
            ("next_speaker", u64::from(head.next_speaker), u64::from(counters.next_speaker)),
            ("next_operation", head.next_operation, counters.next_operation),
        ] {
            if given < least {
                return Err(format!("{what} is {given} in the first row, and the rows go up to {}", least - 1).into());
            }
        }
        counters.next_claim = head.next_claim;
        counters.next_speaker = head.next_speaker;
        counters.next_operation = head.next_operation;
        counters.indexed = u64::from(counters.next_article);
        let counters = counters.clone();
        words::put_last(&mut self.batch, std::mem::take(&mut self.words).finish());
        self.batch.put(counters_key(), codec::encode(&counters));
        self.commit()?;
        self.aside.finish()?;
        let super::Counters { articles, versions, claims, .. } = counters;
        Ok(Held { rows: self.rows, articles, versions, claims, problems: Vec::new() })
    }
}

fn put(batch: &mut Batch, what: &str, key: Vec<u8>, value: Vec<u8>) -> Result<(), String> {
    if value.len() > MAX_VALUE {
        return Err(format!("{what} takes {} bytes; the record takes up to {MAX_VALUE}", value.len()));
    }
    batch.put(key, value);
    Ok(())
}

fn identity(id: &str) -> Result<[u8; 16], String> {
    let digits = id.strip_prefix('a').filter(|d| d.len() == 32 && d.bytes().all(|b| b.is_ascii_hexdigit()));
    let number = digits.and_then(|d| u128::from_str_radix(d, 16).ok());
    number.map(u128::to_be_bytes).ok_or_else(|| format!("id: {id:?} is no article's id in full"))
}

fn time(field: &str, text: &str) -> Result<i64, String> {
    let time: Timestamp = text.parse().map_err(|_| format!("{field}: {text:?} is no time"))?;
    Ok(time.as_millisecond())
}

fn claim(row: ReadClaim, points: &CodePoints<'_>) -> Result<ClaimRow, String> {
    let wrong = |field: &str, what: &str| Err(format!("claim {}: {field}: {what}", row.id));
    if row.id == 0 || row.id == u64::MAX {
        return wrong("id", "claims are numbered from 1");
    }
    if row.speaker.is_some_and(|s| s == 0 || s == u32::MAX) {
        return wrong("speaker", "speakers are numbered from 1");
    }
    let spans = |field: &str, pairs: &[[usize; 2]]| -> Result<Vec<(u32, u32)>, String> {
        if pairs.len() > MOST {
            return Err(format!("claim {}: {field}: {} spans; up to {MOST} are taken", row.id, pairs.len()));
        }
        let span = |pair: &[usize; 2]| {
            let span = points
                .to_span(*pair)
                .ok_or_else(|| format!("claim {}: {field}: {pair:?} lies outside the text", row.id));
            span.map(|s| (s.start, s.end))
        };
        pairs.iter().map(span).collect()
    };
    if row.content.is_empty() {
        return wrong("content", "there is none");
    }
    if !(0.0..=1.0).contains(&row.confidence) {
        return wrong("confidence", "not between 0 and 1");
    }
    let Some(before) = points.to_byte(row.before) else { return wrong("before", "outside the text") };
    let sentence = spans("sentence", &[row.sentence])?.first().copied().unwrap_or_default();
    Ok(ClaimRow {
        id: row.id,
        speaker: row.speaker,
        source: spans("source", &row.source)?,
        cue: spans("cue", &row.cue)?,
        content: spans("content", &row.content)?,
        kind: row.kind as u8,
        act: row.act as u8,
        confidence: row.confidence,
        before: before as u32,
        sentence,
        referent: row.referent.map(|r| referent(row.id, r)).transpose()?,
    })
}

fn referent(claim: u64, row: ReadReferent) -> Result<ReferentRow, String> {
    if !(0.0..=1.0).contains(&row.confidence) {
        return Err(format!("claim {claim}: referent: confidence: not between 0 and 1"));
    }
    if row.roles.len() > MOST || row.aliases.len() > MOST {
        return Err(format!("claim {claim}: referent: more than {MOST} roles or aliases"));
    }
    Ok(ReferentRow {
        name: row.name,
        sort: row.sort as u8,
        gender: row.gender.map(|g| g as u8),
        roles: row.roles,
        aliases: row.aliases,
        confidence: row.confidence,
    })
}
