//! Looks through the whole record for what is not as it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::time::Duration;

use crate::claim::ids::OperationId;
use crate::claim::{ArticleId, SpeakerId};

use super::codec::{self, Counters, ReadingRow, SpeakerRow, VersionRow, WasRow};
use super::derived::{Derived, Tally, Version};
use super::engine::Batch;
use super::keys::{ARTICLES, BY_SPEAKER, CLAIMS, IDENTITIES, Key, NAMES, OPERATIONS, Parts, SPEAKERS};
use super::operation::OperationRow;
use super::words::{Collector, KeysByArticle};
use super::{Record, StoreError};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Which article or speaker.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl Problem {
    /// Names a problem.
    pub(super) fn new(place: impl Into<String>, what: impl Into<String>) -> Problem {
        Problem { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Tables whose rows follow from the articles, with the name that a problem gives them.
const DERIVED: [(u8, &str); 4] = [
    (ARTICLES, "the list of articles"),
    (BY_SPEAKER, "the lists of speakers' claims"),
    (CLAIMS, "the list of claims"),
    (NAMES, "the list of names"),
];

/// A version of an article as it is on disk.
pub(super) struct Held {
    pub(super) state: VersionRow,
    pub(super) text: String,
    pub(super) readings: Vec<ReadingRow>,
}

impl Record {
    /// Opens a record to look for damage: one that holds less than was acknowledged is opened too, and that is a problem.
    pub fn inspect(path: &Path, wait: Duration) -> Result<(Record, Vec<Problem>), StoreError> {
        let (record, missing) = Record::open_any(path, super::Access::Read, wait)?;
        Ok((record, missing.map(|what| Problem::new("the record", what)).into_iter().collect()))
    }

    /// Reads everything and returns what is wrong: damaged rows, spans outside their text, counters and lists that are off.
    pub fn verify(&self) -> Result<Vec<Problem>, StoreError> {
        let mut look = Look::default();
        let mut derived = Derived::new();
        self.look_at_articles(&mut derived, &mut look);
        self.look_at_lists(&mut look);
        self.look_at_speakers(&derived, &mut look);
        self.look_at_log(&derived, &mut look);
        match self.counters() {
            Ok(counters) if !look.partial => look_at_counters(&counters, &derived.counters, &mut look),
            Ok(_) => {}
            Err(error) => look.report("the counters", error.to_string()),
        }
        Ok(look.problems)
    }

    fn look_at_articles(&self, derived: &mut Derived, look: &mut Look) {
        let mut waiting: Option<((u32, u32), Held)> = None;
        let mut words = Collector::default();
        for place in self.versions_in_order() {
            let (number, version) = match place {
                Ok(place) => place,
                Err(error) => {
                    look.partial("the articles", error.to_string());
                    break;
                }
            };
            let held = match self.held(number, version) {
                Ok(held) => held,
                Err((place, what)) => {
                    look.partial(place, what);
                    continue;
                }
            };
            if let Some(bucket) = words.take(number, &held.text, &held.readings) {
                self.look_at_words(bucket, look);
            }
            let name = ArticleId(held.state.article).to_string();
            for what in wrong_in(&held) {
                look.report(name.clone(), format!("version {version}: {what}"));
            }
            if let Some((place, before)) = waiting.take() {
                let follows = place.0 == number;
                if follows && (before.state.article != held.state.article || place.1 + 1 != version) {
                    look.report(name.clone(), format!("version {version}: it does not follow version {}", place.1));
                }
                take(derived, look, place, &before, !follows);
            }
            waiting = Some(((number, version), held));
        }
        if let Some((place, held)) = waiting {
            take(derived, look, place, &held, true);
        }
        self.look_at_words(words.finish(), look);
    }

    /// Holds a bucket of the word index against its articles.
    fn look_at_words(&self, (bucket, articles): (u32, KeysByArticle), look: &mut Look) {
        let (held, counters) = match (self.words_of_bucket(bucket), self.counters()) {
            (Ok(held), Ok(counters)) => (held, counters),
            // The counters are looked at by themselves.
            (Ok(_), Err(_)) => return,
            (Err(error), _) => return look.report("the word index", error.damage()),
        };
        let none = BTreeSet::new();
        for (number, keys) in articles.iter().filter(|(number, _)| u64::from(**number) < counters.indexed) {
            if held.get(number).unwrap_or(&none) != keys && !look.partial {
                let place = self.version_row(*number, 1).map(|state| ArticleId(state.article).to_string());
                let place = place.unwrap_or(format!("article number {number}"));
                look.report(place, "the word index has other words of it");
            }
        }
        let stray = held.iter().filter(|(number, keys)| !keys.is_empty() && !articles.contains_key(number)).count();
        if stray > 0 && !look.partial {
            look.report("the word index", format!("{stray} articles in it are not there"));
        }
    }

    /// Reads all of a version, or says what of it cannot be read.
    pub(super) fn held(&self, number: u32, version: u32) -> Result<Held, (String, String)> {
        let state = self.version_row(number, version);
        let place = match &state {
            Ok(state) => ArticleId(state.article).to_string(),
            Err(_) => format!("article number {number}"),
        };
        let read = state.and_then(|state| {
            let text = self.text(number, version)?;
            let readings = self.readings(number, version, &state)?;
            Ok(Held { state, text, readings })
        });
        read.map_err(|error| (place, format!("version {version}: {}", error.damage())))
    }

    /// Compares the lists with what the articles say they must hold.
    fn look_at_lists(&self, look: &mut Look) {
        for (table, name) in DERIVED {
            let (low, high) = Key::new(table).range();
            let mut stray = 0u64;
            for row in self.engine.scan(&low, &high, false) {
                match row {
                    Ok((key, value)) => match look.expected.remove(&fingerprint(&key, &value)) {
                        Some(_) => {}
                        None => stray += 1,
                    },
                    Err(error) => look.partial(name, error.damage()),
                }
            }
            if stray > 0 && !look.partial {
                look.report(name, format!("{stray} of its rows fit no article"));
            }
        }
        let mut lacking: BTreeMap<(u8, u32), u32> = BTreeMap::new();
        for (table, article) in std::mem::take(&mut look.expected).into_values() {
            *lacking.entry((table, article)).or_default() += 1;
        }
        for ((table, article), rows) in lacking {
            let name = DERIVED.iter().find(|(t, _)| *t == table).map_or("a list", |(_, name)| name);
            let place = self
                .version_row(article, 1)
                .map_or(format!("article number {article}"), |state| ArticleId(state.article).to_string());
            look.report(place, format!("{rows} of its rows are missing or wrong in {name}"));
        }
    }

    fn look_at_speakers(&self, derived: &Derived, look: &mut Look) {
        let mut there = BTreeSet::new();
        let (low, high) = Key::new(SPEAKERS).range();
        for row in self.engine.scan(&low, &high, false) {
            let row = row.map_err(|e| e.damage()).and_then(|(key, value)| {
                let number = Parts(key.get(1..).unwrap_or(&[])).u32().ok_or("its key makes no sense")?;
                there.insert(number);
                let row: Result<SpeakerRow, _> = codec::decode(&value);
                row.map(|row| (number, row)).map_err(|e| format!("{}: {e}", SpeakerId(number)))
            });
            match row {
                Ok((number, row)) if !look.partial => {
                    let counted = derived.tallies.get(&number).cloned().unwrap_or_default();
                    if Tally::of(&row) != counted {
                        let what = "its row says";
                        let (says, are) = (Tally::of(&row), counted);
                        look.report(SpeakerId(number).to_string(), format!("{what} {says}, and there are {are}"));
                    }
                }
                Ok(_) => {}
                Err(what) => look.report("the speakers", what),
            }
        }
        for number in derived.tallies.keys().filter(|number| !there.contains(number)) {
            look.report(SpeakerId(*number).to_string(), "claims name it, and it is not there");
        }
        let (low, high) = Key::new(IDENTITIES).range();
        for row in self.engine.scan(&low, &high, false) {
            let what = match row {
                Ok((key, value)) => {
                    let number = Parts(key.get(1..).unwrap_or(&[])).u32();
                    match codec::decode::<WasRow>(&value) {
                        Err(e) => e.to_string(),
                        Ok(_) if number.is_some_and(|n| there.contains(&n)) => continue,
                        Ok(_) => "a row fits no speaker".into(),
                    }
                }
                Err(error) => error.damage(),
            };
            look.report("who the speakers were", what);
        }
    }

    fn look_at_log(&self, derived: &Derived, look: &mut Look) {
        for operation in self.log_entries() {
            match operation {
                Ok((id, operation)) => {
                    let speakers = operation.what.speakers();
                    if let Some(lost) = speakers.iter().find(|s| self.speaker_row(**s).is_err()) {
                        look.report(id.to_string(), format!("it names s{lost}, who is not there"));
                    }
                    let after = derived.counters.next_claim;
                    let lost = operation.what.claims().into_iter().find(|claim| *claim >= after);
                    if let Some(lost) = lost.filter(|_| !look.partial) {
                        look.report(id.to_string(), format!("it names c{lost}, which is not there"));
                    }
                }
                Err(problem) => look.report(problem.place, problem.what),
            }
        }
        match self.damaged_visits() {
            Ok(problems) => look.problems.extend(problems),
            Err(error) => look.report("the visits", error.damage()),
        }
    }
}

impl Record {
    /// Returns the entries of the log, and for each that cannot be read what is wrong with it.
    pub(super) fn log_entries(&self) -> Vec<Result<(OperationId, OperationRow), Problem>> {
        let (low, high) = Key::new(OPERATIONS).range();
        let mut chunks: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
        let mut entries = Vec::new();
        for row in self.engine.scan(&low, &high, false) {
            match row.map(|(key, value)| (Parts(key.get(1..).unwrap_or(&[])).u64(), value)) {
                Ok((Some(number), value)) => chunks.entry(number).or_default().push(value),
                Ok((None, _)) => entries.push(Err(Problem::new("the log", "a key makes no sense"))),
                Err(error) => entries.push(Err(Problem::new("the log", error.damage()))),
            }
        }
        for (number, chunks) in chunks {
            let id = OperationId(number);
            let row = codec::decode_chunks(&chunks).map(|row| (id, row));
            entries.push(row.map_err(|unreadable| Problem::new(id.to_string(), unreadable.to_string())));
        }
        entries
    }
}

/// What was found so far.
#[derive(Default)]
struct Look {
    problems: Vec<Problem>,
    /// Fingerprints of the rows that follow from the articles, with their table and article.
    expected: BTreeMap<u64, (u8, u32)>,
    /// Whether an article could not be read: then counts and lists cannot be held against the articles.
    partial: bool,
}

impl Look {
    fn report(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.problems.push(Problem::new(place, what));
    }

    fn partial(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.report(place, what);
        self.partial = true;
    }
}

fn take(derived: &mut Derived, look: &mut Look, place: (u32, u32), held: &Held, latest: bool) {
    let mut batch = Batch::default();
    let version = Version { place, state: &held.state, readings: &held.readings, latest };
    if let Err(what) = derived.take(&version, &mut batch) {
        look.partial(ArticleId(held.state.article).to_string(), format!("version {}: {what}", place.1));
    }
    for (key, value) in &batch.writes {
        if let (Some(table), Some(value)) = (key.first(), value) {
            look.expected.insert(fingerprint(key, value), (*table, place.0));
        }
    }
}

/// Returns what is wrong inside a version that can be read.
pub(super) fn wrong_in(held: &Held) -> Vec<String> {
    let mut wrong = Vec::new();
    if blake3::hash(held.text.as_bytes()).as_bytes()[..16] != held.state.text_hash {
        wrong.push("the text is not the one that was added".to_string());
    }
    for claim in held.readings.iter().flat_map(|reading| &reading.claims) {
        let mut spans = claim.source.iter().chain(&claim.cue).chain(&claim.content);
        if spans.any(|&(s, e)| held.text.get(s as usize..e as usize).is_none()) {
            wrong.push(format!("claim c{}: a span lies outside the text", claim.id));
        }
    }
    wrong
}

fn look_at_counters(counters: &Counters, derived: &Counters, look: &mut Look) {
    for (what, says, are) in [
        ("articles", counters.articles, derived.articles),
        ("versions", counters.versions, derived.versions),
        ("claims", counters.claims, derived.claims),
        ("attributions without a speaker", counters.unattributed, derived.unattributed),
    ] {
        if says != are {
            look.report("the counters", format!("they say {says} {what}, and there are {are}"));
        }
    }
    if counters.indexed > u64::from(counters.next_article) {
        look.report("the counters", format!("they say {} articles have their words in the index", counters.indexed));
    }
    for (what, next, least) in [
        ("article", u64::from(counters.next_article), u64::from(derived.next_article)),
        ("claim", counters.next_claim, derived.next_claim),
        ("speaker", u64::from(counters.next_speaker), u64::from(derived.next_speaker)),
    ] {
        if next < least {
            look.report("the counters", format!("the next {what} is number {next}, which is taken"));
        }
    }
}

fn fingerprint(key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(key.len() as u64).to_be_bytes()).update(key).update(value);
    hasher.finalize().as_bytes().iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
}
