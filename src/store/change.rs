//! One commit while it is made: which rows it writes, which speakers it touches and what is counted of them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::codec::{self, Counters, IdentityRow, ReadingRow, SpeakerRow, VersionRow};
use super::engine::{Batch, MAX_OPS};
use super::keys::{self, BY_SPEAKER, Key, SPEAKERS};
use super::read::Document;
use super::{Record, StoreError, counters_key};

/// One commit while it is made.
pub(super) struct Change {
    /// Its rows.
    pub(super) batch: Batch,
    /// The counters after it.
    pub(super) counters: Counters,
    /// Speakers that the commit touches, as they will be.
    pub(super) speakers: BTreeMap<u32, SpeakerRow>,
    /// Those of them that it makes.
    pub(super) new: BTreeSet<u32>,
    /// Those who lost claims.
    retired: BTreeSet<u32>,
}

impl Change {
    /// Begins a commit; times never go back.
    pub(super) fn at(mut counters: Counters, at: i64) -> Change {
        counters.last_at = counters.last_at.max(at);
        Change {
            batch: Batch::default(),
            counters,
            speakers: BTreeMap::new(),
            new: BTreeSet::new(),
            retired: BTreeSet::new(),
        }
    }

    /// Makes a speaker.
    pub(super) fn new_speaker(&mut self, identity: IdentityRow) -> u32 {
        let number = self.counters.next_speaker;
        self.counters.next_speaker += 1;
        self.speakers.insert(number, SpeakerRow { identity, claims: 0, articles: 0, first: None, last: None });
        self.new.insert(number);
        number
    }
}

impl Record {
    /// Writes a commit with all that it touches.
    pub(super) fn commit_change(&self, mut change: Change, name: &str) -> Result<(), StoreError> {
        self.settle_days(&mut change)?;
        for (speaker, row) in &change.speakers {
            change.batch.put(Key::new(SPEAKERS).u32(*speaker).end(), codec::encode(row));
        }
        change.batch.put(counters_key(), codec::encode(&change.counters));
        if change.batch.len() > MAX_OPS {
            let what = format!("what is to be written for {name}, in rows");
            return Err(StoreError::TooLarge { what, size: change.batch.len(), limit: MAX_OPS });
        }
        self.engine.commit(change.batch)?;
        self.forget_donors();
        Ok(())
    }

    /// Takes the claims of a reading that no longer counts out of the speakers' lists; it stays readable.
    pub(super) fn retire(
        &self,
        prior: &Document,
        (number, version): (u32, u32),
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let day = keys::day(prior.state.date);
        for (speaker, claims) in claims_by_speaker(&prior.reading) {
            let row = self.speaker_for_change(speaker, change)?;
            row.claims = row.claims.saturating_sub(claims);
            row.articles = row.articles.saturating_sub(1);
            change.counters.claims = change.counters.claims.saturating_sub(u64::from(claims));
            change.batch.put(keys::by_speaker(speaker, day, number, version), codec::seal(keys::PAST));
            change.retired.insert(speaker);
        }
        let without = prior.reading.claims.iter().filter(|c| c.speaker.is_none()).count() as u64;
        change.counters.unattributed = change.counters.unattributed.saturating_sub(without);
        Ok(())
    }

    /// Finds the first and the last day again of speakers who lost claims.
    fn settle_days(&self, change: &mut Change) -> Result<(), StoreError> {
        for speaker in std::mem::take(&mut change.retired) {
            let (low, high) = Key::new(BY_SPEAKER).u32(speaker).range();
            let fresh: BTreeMap<Vec<u8>, bool> = change
                .batch
                .writes
                .range(low.clone()..high)
                .map(|(key, value)| (key.clone(), value.as_deref() == Some(&codec::seal(keys::LIVE))))
                .collect();
            let mut days: BTreeSet<u32> =
                fresh.iter().filter(|(_, live)| **live).filter_map(|(key, _)| day_of(key)).collect();
            // Undated rows come last.
            let dated = Key::new(BY_SPEAKER).u32(speaker).u32(keys::UNDATED).end();
            let standing = |from: &[u8]| {
                let rows = self.engine.scan(from, &dated, false).map(|row| {
                    let (key, value) = row?;
                    let stands = self.readable("a speaker's list", codec::open(&value))? == keys::LIVE;
                    Ok(day_of(&key).filter(|_| stands && !fresh.contains_key(&key)))
                });
                rows.filter_map(Result::transpose)
            };
            days.extend(standing(&low).next().transpose()?);
            // Never backwards: sled's walk does not end where the bytes of an undated day lie to the left. The last day so far is
            // mostly the last day still.
            let known = self.speaker_for_change(speaker, change)?.last.map(|day| keys::day(Some(day)));
            if let Some(day) = known.filter(|day| !days.contains(day)) {
                let from = Key::new(BY_SPEAKER).u32(speaker).u32(day).end();
                match standing(&from).next().transpose()? {
                    Some(last) => days.extend([last]),
                    None => {
                        for day in standing(&low) {
                            days.insert(day?);
                        }
                    }
                }
            }
            days.remove(&keys::UNDATED);
            let row = self.speaker_for_change(speaker, change)?;
            row.first = days.first().map(|day| keys::date(*day));
            row.last = days.last().map(|day| keys::date(*day));
        }
        Ok(())
    }

    /// Puts the claims of a reading that counts from now on into the speakers' lists.
    pub(super) fn count_in(
        &self,
        reading: &ReadingRow,
        state: &VersionRow,
        (number, version): (u32, u32),
        change: &mut Change,
    ) -> Result<(), StoreError> {
        for (speaker, claims) in claims_by_speaker(reading) {
            let row = self.speaker_for_change(speaker, change)?;
            row.claims += claims;
            row.articles += 1;
            if let Some(day) = state.date {
                row.first = Some(row.first.map_or(day, |first| first.min(day)));
                row.last = Some(row.last.map_or(day, |last| last.max(day)));
            }
            change.counters.claims += u64::from(claims);
            let key = keys::by_speaker(speaker, keys::day(state.date), number, version);
            change.batch.put(key, codec::seal(keys::LIVE));
        }
        change.counters.unattributed += reading.claims.iter().filter(|c| c.speaker.is_none()).count() as u64;
        Ok(())
    }

    /// Returns a speaker as the commit leaves it so far.
    pub(super) fn speaker_for_change<'c>(
        &self,
        speaker: u32,
        change: &'c mut Change,
    ) -> Result<&'c mut SpeakerRow, StoreError> {
        match change.speakers.entry(speaker) {
            Entry::Occupied(row) => Ok(row.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(self.speaker_row(speaker)?)),
        }
    }
}

/// Returns the day of a row of a speaker's list.
fn day_of(key: &[u8]) -> Option<u32> {
    keys::appearance(key).map(|(day, ..)| day)
}

/// Counts the claims of each speaker in a reading.
pub(super) fn claims_by_speaker(reading: &ReadingRow) -> BTreeMap<u32, u32> {
    let mut counts = BTreeMap::new();
    for speaker in reading.claims.iter().filter_map(|c| c.speaker) {
        *counts.entry(speaker).or_default() += 1;
    }
    counts
}
