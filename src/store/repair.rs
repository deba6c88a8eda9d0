//! Mends a damaged record: what can be read of articles, speakers and the log is copied aside, everything that follows from it
//! is made anew, and the old database stays beside the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::claim::{ArticleId, SpeakerId};

use super::aside::{self, BUILDING, NEW, TRIAL};
use super::codec::{self, ArticleRow, IdentityRow, ReadingRow, SpeakerRow, VersionRow, WasRow};
use super::derived::{Derived, Version};
use super::engine::Batch;
use super::keys::{self, ARTICLES, IDENTITIES, Key, OPERATIONS, Parts, SPEAKERS, VISITS, part};
use super::lock::{self, ENGINE_FOLDER, Lock};
use super::operation::What;
use super::rows::put_chunks;
use super::sled_engine::Sled;
use super::verify::{Held, wrong_in};
use super::words::{self, Collector};
use super::{Access, Problem, Record, StoreError, counters_key, witness};

/// Rows written in one commit.
const ROWS: usize = 4000;

/// What mending a record did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// What of it could not be brought back.
    pub lost: Vec<Problem>,
    /// Where the database lies as it was, where anything was wrong.
    pub kept: Option<PathBuf>,
}

/// Mends the record in `path`, whole or not at all. A sound record stays as it is.
pub fn repair(path: &Path, wait: Duration) -> Result<Repair, StoreError> {
    lock::check_folder(path, Access::Read)?;
    let lock = Lock::take(path, wait)?;
    lock::check_format(path, Access::Read)?;
    aside::settle(path)?;
    let place = path.join(ENGINE_FOLDER);
    let trial = path.join(TRIAL);
    let (engine, mut problems) = match Sled::open(&place) {
        Ok(engine) => (engine, Vec::new()),
        Err(error @ StoreError::Damaged { .. }) => {
            // The notes that sled keeps to open faster may be the damaged part: without them it reads its log from the start.
            // It may cut the log where it thinks it ends, so it gets a copy.
            copy_without_snapshots(&place, &trial)?;
            (Sled::open(&trial).map_err(|_| error)?, vec![Problem::new("the database", "its snapshot is damaged")])
        }
        Err(error) => return Err(error),
    };
    let old = Record::over(Box::new(engine), path.to_owned(), Access::Read, None);
    if let Some(missing) = old.counters().ok().and_then(|counters| witness::contradicts(path, &counters)) {
        problems.push(Problem::new("the record", missing));
    }
    problems.extend(old.verify()?);
    if problems.is_empty() {
        return Ok(Repair::default());
    }
    let mut lost: Vec<Problem> = problems.iter().filter(|p| p.place == "the record").cloned().collect();
    let new = Record::over(Box::new(Sled::open(&path.join(BUILDING))?), path.to_owned(), Access::Write, None);
    let (derived, words, batch) = (Derived::new(), Collector::default(), Batch::default());
    Mending { old: &old, new: &new, derived, words, batch, lost: &mut lost }.run()?;
    new.engine.sync()?;
    let counters = new.counters()?;
    drop((old, new));
    let kept = free_name(path);
    aside::sync_folder(&path.join(BUILDING))?;
    aside::rename(&path.join(BUILDING), &path.join(NEW))?;
    witness::note(path, &counters)?;
    aside::rename(&place, &kept)?;
    // From here on the new one takes the place, now or when the record is opened next.
    aside::settle(path)?;
    lock::sync(path)?;
    drop(lock);
    Ok(Repair { problems, lost, kept: Some(kept) })
}

fn copy_without_snapshots(from: &Path, to: &Path) -> Result<(), StoreError> {
    let _ = std::fs::remove_dir_all(to);
    aside::copy_folder(from, to)?;
    let entries = std::fs::read_dir(to).map_err(|e| StoreError::io("cannot read", to, e))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            let path = entry.path();
            std::fs::remove_file(&path).map_err(|e| StoreError::io("cannot remove", &path, e))?;
        }
    }
    Ok(())
}

fn free_name(path: &Path) -> PathBuf {
    let mut number = 1u32;
    loop {
        let name = path.join(format!("sled.damaged-{number}"));
        if !name.exists() {
            return name;
        }
        number += 1;
    }
}

struct Mending<'m> {
    old: &'m Record,
    new: &'m Record,
    derived: Derived,
    words: Collector,
    batch: Batch,
    lost: &'m mut Vec<Problem>,
}

impl Mending<'_> {
    fn run(mut self) -> Result<(), StoreError> {
        let names = self.identities();
        let mut places: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for place in self.old.versions_in_order() {
            match place {
                Ok((number, version)) => places.entry(number).or_default().push(version),
                Err(error) => {
                    self.lose("the articles", format!("those after a damaged place: {}", error.damage()));
                    break;
                }
            }
        }
        // Articles that are listed and of which nothing is left.
        for (number, article) in &names {
            if !places.contains_key(number) {
                self.lose(article.to_string(), "nothing of it is left");
            }
        }
        let mut referents: BTreeMap<u32, IdentityRow> = BTreeMap::new();
        for (number, versions) in places {
            let mut kept: Vec<Held> = Vec::new();
            for version in versions {
                kept.extend(self.held(number, version, names.get(&number).copied()));
            }
            let last = kept.len();
            for (version, mut held) in (1u32..).zip(kept) {
                for reading in &held.readings {
                    learn(reading, &mut referents);
                }
                let latest = version as usize == last;
                self.write((number, version), &mut held, latest)?;
            }
        }
        words::put_last(&mut self.batch, std::mem::take(&mut self.words).finish());
        self.speakers(referents)?;
        self.log();
        self.visits();
        let counters = &mut self.derived.counters;
        if let Ok(before) = self.old.counters() {
            counters.next_article = counters.next_article.max(before.next_article);
            counters.next_claim = counters.next_claim.max(before.next_claim);
            counters.next_speaker = counters.next_speaker.max(before.next_speaker);
            counters.next_operation = counters.next_operation.max(before.next_operation);
            counters.last_at = counters.last_at.max(before.last_at);
        }
        counters.indexed = u64::from(counters.next_article);
        let counters = codec::encode(counters);
        self.batch.put(counters_key(), counters);
        self.commit()
    }

    fn lose(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.lost.push(Problem::new(place, what));
    }

    /// Returns the identity of each article by its number, as the list of articles has it.
    fn identities(&self) -> BTreeMap<u32, ArticleId> {
        let (low, high) = Key::new(ARTICLES).range();
        let rows = self.old.engine.scan(&low, &high, false).map_while(Result::ok);
        rows.filter_map(|(key, value)| {
            let row: ArticleRow = codec::decode(&value).ok()?;
            Some((row.number, ArticleId(*key.last_chunk::<16>()?)))
        })
        .collect()
    }

    /// Reads what is left of a version; with its text alone it is kept, and read again by `refresh`.
    fn held(&mut self, number: u32, version: u32, name: Option<ArticleId>) -> Option<Held> {
        let state = self.old.version_row(number, version);
        let place = match (&state, name) {
            (Ok(state), _) => ArticleId(state.article).to_string(),
            (Err(_), Some(name)) => name.to_string(),
            (Err(_), None) => format!("article number {number}"),
        };
        let text = match self.old.text(number, version) {
            Ok(text) => text,
            Err(error) => {
                self.lose(place, format!("version {version}: {}", error.damage()));
                return None;
            }
        };
        let state = match (state, name) {
            (Ok(state), _) => state,
            (Err(_), Some(ArticleId(article))) => {
                self.lose(&place, format!("version {version}: its headline, outlet, date and address"));
                VersionRow {
                    article,
                    text_hash: super::rows::first_half(blake3::hash(text.as_bytes())),
                    added: self.derived.counters.last_at,
                    name: place.clone(),
                    title: None,
                    outlet: None,
                    date: None,
                    url: None,
                    byline: None,
                    summary: false,
                    readings: Vec::new(),
                }
            }
            (Err(error), None) => {
                self.lose(place, format!("version {version}: {}", error.damage()));
                return None;
            }
        };
        let readings = self.old.readings(number, version, &state);
        let mut held = Held { state, text, readings: readings.unwrap_or_default() };
        if let Some(wrong) =
            wrong_in(&Held { readings: Vec::new(), state: held.state.clone(), text: held.text.clone() }).pop()
        {
            self.lose(place, format!("version {version}: {wrong}"));
            return None;
        }
        if held.readings.is_empty() || !wrong_in(&held).is_empty() {
            self.unread(&place, version, &mut held);
        }
        Some(held)
    }

    /// Keeps a version without its claims.
    fn unread(&mut self, place: &str, version: u32, held: &mut Held) {
        self.lose(place, format!("version {version}: its claims; `onrecord refresh` reads them again"));
        held.readings = vec![ReadingRow::default()];
        // No engine has this name, so the next reading takes its place.
        let from = held.state.readings.first().map_or(held.state.added, |head| head.from);
        held.state.readings = vec![codec::ReadingHead { engine: "none".into(), from }];
    }

    fn write(&mut self, place: (u32, u32), held: &mut Held, latest: bool) -> Result<(), StoreError> {
        let version = Version { place, state: &held.state, readings: &held.readings, latest };
        if self.derived.check(&version).is_err() {
            let name = ArticleId(held.state.article).to_string();
            self.unread(&name, place.1, held);
        }
        let version = Version { place, state: &held.state, readings: &held.readings, latest };
        self.derived.take(&version, &mut self.batch).map_err(StoreError::Invalid)?;
        let (number, version) = place;
        if let Some((bucket, articles)) = self.words.take(number, &held.text, &held.readings) {
            words::put_packed(&mut self.batch, bucket, &articles);
        }
        self.batch.put(keys::state(number, version), codec::encode(&held.state));
        let text = keys::document(number, version).u8(part::TEXT).end();
        put_chunks(&mut self.batch, &text, codec::encode_chunks(&held.text));
        for (n, reading) in (0u32..).zip(&held.readings) {
            put_chunks(&mut self.batch, &keys::reading(number, version, n).end(), codec::encode_chunks(reading));
        }
        if self.batch.len() >= ROWS { self.commit() } else { Ok(()) }
    }

    fn speakers(&mut self, referents: BTreeMap<u32, IdentityRow>) -> Result<(), StoreError> {
        let mut identities: BTreeMap<u32, IdentityRow> = BTreeMap::new();
        let (low, high) = Key::new(SPEAKERS).range();
        for (key, value) in self.old.engine.scan(&low, &high, false).map_while(Result::ok) {
            let Some(number) = Parts(key.get(1..).unwrap_or(&[])).u32() else { continue };
            if let Ok(SpeakerRow { identity, .. }) = codec::decode(&value) {
                identities.insert(number, identity);
            }
        }
        let mut made: BTreeSet<u32> = BTreeSet::new();
        for (number, identity) in referents {
            identities.entry(number).or_insert_with(|| {
                made.insert(number);
                identity
            });
        }
        for (_, operation) in self.old.log_entries().into_iter().flatten() {
            if let What::Split { new, name, .. } = operation.what {
                identities.entry(new).or_insert_with(|| {
                    made.insert(new);
                    IdentityRow { name, ..IdentityRow::default() }
                });
            }
        }
        for number in &made {
            let what = "the row; the name is made from the articles, names learnt otherwise are gone";
            self.lose(SpeakerId(*number).to_string(), what);
        }
        let (low, high) = Key::new(IDENTITIES).range();
        for (key, value) in self.old.engine.scan(&low, &high, false).map_while(Result::ok) {
            let number = Parts(key.get(1..).unwrap_or(&[])).u32();
            let known = number.is_some_and(|n| identities.contains_key(&n) && !made.contains(&n));
            if known && codec::decode::<WasRow>(&value).is_ok() {
                self.batch.put(key, value);
            }
        }
        for (number, identity) in identities {
            let tally = self.derived.tallies.get(&number).cloned().unwrap_or_default();
            self.batch.put(Key::new(SPEAKERS).u32(number).end(), codec::encode(&tally.row(identity)));
            self.derived.counters.next_speaker = self.derived.counters.next_speaker.max(number.saturating_add(1));
            if self.batch.len() >= ROWS {
                self.commit()?;
            }
        }
        Ok(())
    }

    fn log(&mut self) {
        let batched = |batch: &Batch, speaker: u32| batch.writes.contains_key(&Key::new(SPEAKERS).u32(speaker).end());
        for entry in self.old.log_entries() {
            match entry {
                Ok((id, row)) => {
                    let there = |s: &u32| batched(&self.batch, *s) || self.new.speaker_row(*s).is_ok();
                    let next = self.derived.counters.next_claim.max(self.old.counters().map_or(0, |c| c.next_claim));
                    if row.what.speakers().iter().all(there) && row.what.claims().iter().all(|c| *c < next) {
                        let key = Key::new(OPERATIONS).u64(id.0).end();
                        put_chunks(&mut self.batch, &key, codec::encode_chunks(&row));
                        self.derived.counters.next_operation = self.derived.counters.next_operation.max(id.0 + 1);
                        self.derived.counters.last_at = self.derived.counters.last_at.max(row.at);
                    } else {
                        self.lose(id.to_string(), format!("it names what is lost: {}", row.says));
                    }
                }
                Err(problem) => self.lost.push(problem),
            }
        }
    }

    /// Copies the visits of addresses: one that is lost is made again.
    fn visits(&mut self) {
        let (low, high) = Key::new(VISITS).range();
        for (key, value) in self.old.engine.scan(&low, &high, false).map_while(Result::ok) {
            if codec::open(&value).is_ok() {
                self.batch.put(key, value);
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let mut part = Batch::default();
        for (key, value) in std::mem::take(&mut self.batch.writes) {
            part.writes.insert(key, value);
            if part.len() == ROWS {
                self.new.engine.commit(std::mem::take(&mut part))?;
            }
        }
        self.new.engine.commit(part)
    }
}

/// Takes from a reading what it shows of its speakers.
fn learn(reading: &ReadingRow, identities: &mut BTreeMap<u32, IdentityRow>) {
    for claim in &reading.claims {
        let (Some(speaker), Some(referent)) = (claim.speaker, &claim.referent) else { continue };
        let identity = identities.entry(speaker).or_insert_with(|| IdentityRow {
            name: super::rows::cut(&referent.name),
            sort: referent.sort,
            ..IdentityRow::default()
        });
        identity.gender = identity.gender.or(referent.gender);
        let forms = std::iter::once(&referent.name).chain(&referent.aliases).map(|form| super::rows::cut(form));
        for form in forms {
            if form != identity.name
                && !identity.aliases.contains(&form)
                && identity.aliases.len() < super::identify::MOST_FORMS
            {
                identity.aliases.push(form);
            }
        }
        for role in referent.roles.iter().map(|role| super::rows::cut(role)) {
            if !identity.roles.contains(&role) && identity.roles.len() < super::identify::MOST_FORMS {
                identity.roles.push(role);
            }
        }
    }
}

#[cfg(test)]
mod tests;
