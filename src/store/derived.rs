//! What follows from the articles: the rows by which articles, claims, names and speakers are found, and what is counted.
//!
//! Adding an article writes these rows as it goes; bringing in an export, mending a damaged record and verifying one need them from
//! the articles alone. This is the one place that says what they must be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::claim::ArticleId;
use crate::speaker::name::forms;

use super::change::claims_by_speaker;
use super::codec::{self, ArticleRow, Counters, IdentityRow, ReadingRow, SpeakerRow, VersionRow};
use super::engine::Batch;
use super::identify::name_row;
use super::keys::{self, ARTICLES, CLAIMS, Key};
use super::rows::referent;

/// One version of an article with all its readings, oldest first.
pub struct Version<'v> {
    /// Number of the article, and of the version.
    pub place: (u32, u32),
    /// What is known about it.
    pub state: &'v VersionRow,
    /// Its readings.
    pub readings: &'v [ReadingRow],
    /// Whether it is the latest version.
    pub latest: bool,
}

/// What follows from the articles so far.
#[derive(Default)]
pub struct Derived {
    /// Counts, and the next free numbers.
    pub counters: Counters,
    /// Counts of each speaker.
    pub tallies: BTreeMap<u32, Tally>,
    /// First and last claim number of each block.
    blocks: BTreeMap<u64, u64>,
    /// The article that is being walked over, and its claims so far.
    article: Option<u32>,
    seen: BTreeSet<u64>,
}

/// What is counted of one speaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Claims that stand today.
    pub claims: u32,
    /// Articles that they stand in.
    pub articles: u32,
    /// Earliest day.
    pub first: Option<i32>,
    /// Latest day.
    pub last: Option<i32>,
}

impl Tally {
    /// Makes the row of a speaker.
    pub fn row(self, identity: IdentityRow) -> SpeakerRow {
        let Tally { claims, articles, first, last } = self;
        SpeakerRow { identity, claims, articles, first, last }
    }

    /// Returns what a row says.
    pub fn of(row: &SpeakerRow) -> Tally {
        Tally { claims: row.claims, articles: row.articles, first: row.first, last: row.last }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} claims in {} articles", self.claims, self.articles)?;
        match (self.first, self.last) {
            (Some(first), Some(last)) => write!(f, " from {first} to {last}"),
            _ => Ok(()),
        }
    }
}

impl Derived {
    /// Starts with a record that holds nothing.
    pub fn new() -> Derived {
        let counters = Counters { next_claim: 1, next_speaker: 1, next_operation: 1, ..Counters::default() };
        Derived { counters, ..Derived::default() }
    }

    /// Takes one version, in order of articles and versions, and puts the rows that follow from it into the batch.
    ///
    /// Says what is wrong where claim numbers are used twice.
    pub fn take(&mut self, version: &Version<'_>, batch: &mut Batch) -> Result<(), String> {
        let &Version { place: (number, version_number), state, readings, latest } = version;
        if self.article != Some(number) {
            self.article = Some(number);
            self.seen.clear();
            self.counters.articles += 1;
            self.counters.next_article = self.counters.next_article.max(number.saturating_add(1));
        }
        self.counters.versions += 1;
        self.counters.last_at = self.counters.last_at.max(state.added);
        for head in &state.readings {
            self.counters.last_at = self.counters.last_at.max(head.from);
        }
        let mut speakers = BTreeSet::new();
        for reading in readings {
            if let Some(first) = self.block(reading)? {
                batch.put(Key::new(CLAIMS).u64(first).end(), codec::encode(&(number, version_number)));
            }
            speakers.extend(reading.claims.iter().filter_map(|c| c.speaker));
            names(ArticleId(state.article), reading, batch);
        }
        let standing = readings.last().filter(|_| latest);
        let day = keys::day(state.date);
        let held = standing.map(claims_by_speaker).unwrap_or_default();
        for speaker in speakers {
            self.counters.next_speaker = self.counters.next_speaker.max(speaker.saturating_add(1));
            let tally = self.tallies.entry(speaker).or_default();
            let stands = if held.contains_key(&speaker) { keys::LIVE } else { keys::PAST };
            batch.put(keys::by_speaker(speaker, day, number, version_number), codec::seal(stands));
            let Some(claims) = held.get(&speaker) else { continue };
            tally.claims += claims;
            tally.articles += 1;
            if let Some(day) = state.date {
                tally.first = Some(tally.first.map_or(day, |first| first.min(day)));
                tally.last = Some(tally.last.map_or(day, |last| last.max(day)));
            }
        }
        if let Some(reading) = standing {
            let with = reading.claims.iter().filter(|c| c.speaker.is_some()).count() as u64;
            self.counters.claims += with;
            self.counters.unattributed += reading.claims.len() as u64 - with;
        }
        if latest {
            let row = ArticleRow { number, latest: version_number };
            batch.put(Key::new(ARTICLES).bytes(&state.article).end(), codec::encode(&row));
        }
        Ok(())
    }

    /// Says what would be wrong with a version, and takes nothing of it.
    pub fn check(&self, version: &Version<'_>) -> Result<(), String> {
        let same = self.article == Some(version.place.0);
        let seen = if same { self.seen.clone() } else { BTreeSet::new() };
        let mut trial = Derived { seen, blocks: BTreeMap::new(), ..Derived::default() };
        for reading in version.readings {
            let before = trial.seen.clone();
            trial.block(reading)?;
            let fresh: Vec<u64> = trial.seen.difference(&before).copied().collect();
            if let Some((first, last)) = fresh.first().zip(fresh.last())
                && self.blocks.range(..=last).next_back().is_some_and(|(_, end)| end >= first)
            {
                return Err(format!("claims c{first} to c{last} are another article's too"));
            }
        }
        Ok(())
    }

    /// Returns the first of the claim numbers that a reading was the first to use.
    fn block(&mut self, reading: &ReadingRow) -> Result<Option<u64>, String> {
        let mut fresh = BTreeSet::new();
        let mut within = BTreeSet::new();
        for claim in &reading.claims {
            if !within.insert(claim.id) {
                return Err(format!("claim c{} stands twice in one reading", claim.id));
            }
            if self.seen.insert(claim.id) {
                fresh.insert(claim.id);
            }
        }
        let Some((&first, &last)) = fresh.first().zip(fresh.last()) else { return Ok(None) };
        // A claim is looked up by the nearest block below it, so blocks must not reach into each other.
        let before = self.blocks.range(..=last).next_back().filter(|(_, end)| **end >= first);
        if before.is_some() {
            return Err(format!("claims c{first} to c{last} are another article's too"));
        }
        self.blocks.insert(first, last);
        self.counters.next_claim = self.counters.next_claim.max(last.saturating_add(1));
        Ok(Some(first))
    }
}

/// Puts the rows by which the names in a reading find its speakers.
fn names(article: ArticleId, reading: &ReadingRow, batch: &mut Batch) {
    let mut known = BTreeSet::new();
    for claim in &reading.claims {
        let (Some(speaker), Some(row)) = (claim.speaker, &claim.referent) else { continue };
        // One referent is met several times in an article and learnt from once.
        if !known.insert((&row.name, row.sort)) {
            continue;
        }
        let referent = referent(row.clone());
        for form in forms(&referent) {
            batch.put(name_row(&form, referent.sort, article).u32(speaker).end(), codec::seal(&[]));
        }
    }
}
