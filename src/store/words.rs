//! The word index: which articles have claims with a word, so that a search reads some of them and not all.
//!
//! A word is kept under its first four letters, its last four, and where it is short its first three: so inflected forms find each
//! other, and so do most misspelt ones. An article's keys are those of all its versions and readings, since an earlier day can be
//! searched too; they are written with the article, in the same commit. When a bucket of articles is full its rows are turned round
//! and packed: a key, and the articles that have it.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::codec::{self, CHUNK, ReadingRow, Unreadable};
use super::engine::{Batch, MAX_OPS};
use super::keys::{Key, Parts, WORDS};
use super::{Record, StoreError, counters_key};

/// Articles in one bucket.
pub(super) const BUCKET: u32 = 1024;

/// Rows of single articles: (article, chunk) → keys.
const LOOSE: u8 = 0;
/// Rows of buckets: (bucket, last key in the row) → keys, each with articles.
const PACKED: u8 = 1;

/// Bits of a key: with fewer, words that have nothing in common share one; with more, each takes a byte more.
const KEY_BITS: u32 = 22;

/// Of so many articles one is looked at to see whether a bucket is due, and with so many loose rows it is.
const DUE: u32 = 128;

/// Articles of a record without an index that are taken into it with each article that is added.
const CATCH_UP: u32 = 16;

/// Most bytes that one number takes.
const LONGEST_NUMBER: usize = 5;

/// Keys of articles.
pub(super) type KeysByArticle = BTreeMap<u32, BTreeSet<u32>>;

/// Gives out the keys of each word of a text.
pub(super) fn each_word(text: &str, mut take: impl FnMut(&[u32])) {
    let folded: String = text.chars().flat_map(char::to_lowercase).collect();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let letters = word.chars().count();
        let head = |n| hash('^', word.chars().take(n));
        match letters {
            0..=3 => take(&[head(3)]),
            4..=6 => take(&[head(4), tail(word), head(3)]),
            _ => take(&[head(4), tail(word)]),
        }
    }
}

fn tail(word: &str) -> u32 {
    hash('$', word.chars().rev().take(4))
}

/// FNV-1a, folded.
fn hash(mark: char, letters: impl Iterator<Item = char>) -> u32 {
    let hash = std::iter::once(mark)
        .chain(letters)
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, c| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3));
    ((hash ^ (hash >> 32)) as u32) & ((1 << KEY_BITS) - 1)
}

/// Returns the keys of what a reading found in a text.
pub(super) fn keys_of(text: &str, reading: &ReadingRow) -> BTreeSet<u32> {
    let mut keys = BTreeSet::new();
    for &(start, end) in reading.claims.iter().flat_map(|claim| &claim.content) {
        each_word(text.get(start as usize..end as usize).unwrap_or(""), |word| keys.extend(word));
    }
    keys
}

fn push(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes numbers off a row.
pub(super) struct Numbers<'b>(pub(super) &'b [u8]);

impl Numbers<'_> {
    /// Takes the next number, as [`push`] wrote it.
    pub(super) fn take(&mut self) -> Result<u32, Unreadable> {
        let mut number = 0u32;
        for at in 0..LONGEST_NUMBER as u32 {
            let (first, rest) = self.0.split_first().ok_or(Unreadable::Body)?;
            self.0 = rest;
            number |= u32::from(first & 0x7f).checked_shl(7 * at).ok_or(Unreadable::Body)?;
            if first & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Unreadable::Body)
    }

    /// Takes the next number as the distance from the one before it.
    pub(super) fn after(&mut self, before: u32) -> Result<u32, Unreadable> {
        before.checked_add(self.take()?).ok_or(Unreadable::Body)
    }
}

/// Start of the keys of single articles' rows.
pub(super) fn loose(article: u32) -> Key {
    Key::new(WORDS).u8(LOOSE).u32(article)
}

/// Start of the keys of a bucket's rows.
pub(super) fn packed(bucket: u32) -> Key {
    Key::new(WORDS).u8(PACKED).u32(bucket)
}

/// Puts an article's keys, apart from other articles'.
pub(super) fn put_loose(batch: &mut Batch, article: u32, keys: &BTreeSet<u32>) {
    let (mut chunk, mut body, mut before) = (0u32, Vec::new(), 0);
    for key in keys {
        if body.len() + LONGEST_NUMBER > CHUNK {
            batch.put(loose(article).u32(chunk).end(), codec::seal(&std::mem::take(&mut body)));
            (chunk, before) = (chunk + 1, 0);
        }
        push(&mut body, key - before);
        before = *key;
    }
    // An article without claims has a row too: that it is there says that the article was taken in.
    batch.put(loose(article).u32(chunk).end(), codec::seal(&body));
}

/// Puts a bucket's keys, turned round.
pub(super) fn put_packed(batch: &mut Batch, bucket: u32, articles: &KeysByArticle) {
    let mut turned: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (article, keys) in articles {
        for key in keys {
            turned.entry(*key).or_default().push(article % BUCKET);
        }
    }
    let (mut body, mut before) = (Vec::new(), 0);
    for (key, offsets) in turned {
        let mut entry = Vec::new();
        push(&mut entry, offsets.len() as u32);
        let mut last = 0;
        for offset in offsets {
            push(&mut entry, offset - last);
            last = offset;
        }
        if body.len() + LONGEST_NUMBER + entry.len() > CHUNK {
            batch.put(packed(bucket).u32(before).end(), codec::seal(&std::mem::take(&mut body)));
            // The first key of a row is written in full.
            push(&mut body, key);
        } else {
            push(&mut body, key - before);
        }
        body.append(&mut entry);
        before = key;
    }
    if !body.is_empty() {
        batch.put(packed(bucket).u32(before).end(), codec::seal(&body));
    }
}

/// Walks over the entries of a packed row: a key, and the articles of the bucket that have it.
pub(super) fn entries(body: &[u8], mut take: impl FnMut(u32, &[u32])) -> Result<(), Unreadable> {
    let (mut numbers, mut key, mut offsets) = (Numbers(body), 0, Vec::new());
    while !numbers.0.is_empty() {
        key = numbers.after(key)?;
        let count = numbers.take()?;
        offsets.clear();
        for _ in 0..count {
            let offset = numbers.after(offsets.last().copied().unwrap_or(0))?;
            if offset >= BUCKET {
                return Err(Unreadable::Body);
            }
            offsets.push(offset);
        }
        take(key, &offsets);
    }
    Ok(())
}

impl Record {
    /// Returns the keys of the articles from `low` to before `high` that are not in a bucket, or not all of them.
    pub(super) fn loose_words(&self, low: u32, high: u32) -> Result<KeysByArticle, StoreError> {
        let mut found = KeysByArticle::new();
        for row in self.engine.scan(&loose(low).end(), &loose(high).end(), false) {
            let (key, value) = row?;
            let article =
                Parts(key.get(2..).unwrap_or(&[])).u32().ok_or_else(|| self.damaged("the word index: a key"))?;
            let keys = found.entry(article).or_default();
            let mut numbers = Numbers(self.readable("the word index", codec::open(&value))?);
            let mut before = 0;
            while !numbers.0.is_empty() {
                before = self.readable("the word index", numbers.after(before))?;
                keys.insert(before);
            }
        }
        Ok(found)
    }

    /// Returns all keys of a bucket's articles.
    pub(super) fn words_of_bucket(&self, bucket: u32) -> Result<KeysByArticle, StoreError> {
        let first = bucket.saturating_mul(BUCKET);
        let mut found = self.loose_words(first, first.saturating_add(BUCKET))?;
        let (low, high) = packed(bucket).range();
        for value in self.values(&low, &high)? {
            let body = self.readable("the word index", codec::open(&value))?;
            let read = entries(body, |key, offsets| {
                for offset in offsets {
                    found.entry(first + offset).or_default().insert(key);
                }
            });
            self.readable("the word index", read)?;
        }
        Ok(found)
    }

    /// Puts the words of a reading into a commit; `fresh` where the article is new.
    pub(super) fn note_words(
        &self,
        number: u32,
        (text, reading): (&str, &ReadingRow),
        fresh: bool,
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let mut keys = keys_of(text, reading);
        if !fresh {
            keys.extend(self.loose_words(number, number.saturating_add(1))?.into_values().flatten());
        }
        put_loose(&mut change.batch, number, &keys);
        if fresh && change.counters.indexed == u64::from(number) {
            change.counters.indexed += 1;
        }
        Ok(())
    }

    /// Takes some articles of a record that was made without an index into it. Each step is one commit: where one was interrupted the
    /// next goes on.
    pub(super) fn catch_up(&self) -> Result<(), StoreError> {
        let mut counters = self.counters()?;
        if counters.indexed >= u64::from(counters.next_article) {
            return Ok(());
        }
        let from = counters.indexed as u32;
        let to = from.saturating_add(CATCH_UP).min(counters.next_article);
        let mut batch = Batch::default();
        for number in from..to {
            let mut keys = self.loose_words(number, number.saturating_add(1))?.into_values().flatten().collect();
            match self.keep_words_of(number, &mut keys) {
                // `verify` names what is damaged; it must not keep other articles from being added.
                Ok(()) | Err(StoreError::Damaged { .. }) => put_loose(&mut batch, number, &keys),
                Err(error) => return Err(error),
            }
        }
        counters.indexed = u64::from(to);
        batch.put(counters_key(), codec::encode(&counters));
        self.engine.commit(batch)?;
        self.pack_if_due(to - 1)
    }

    fn keep_words_of(&self, number: u32, keys: &mut BTreeSet<u32>) -> Result<(), StoreError> {
        for version in 1..=self.standing_version(number)?.unwrap_or(0) {
            let state = self.version_row(number, version)?;
            let text = self.text(number, version)?;
            for reading in self.readings(number, version, &state)? {
                keys.extend(keys_of(&text, &reading));
            }
        }
        Ok(())
    }

    /// Packs the bucket of an article, and the one before it, where there is enough to pack.
    pub(super) fn pack_if_due(&self, number: u32) -> Result<(), StoreError> {
        if number % DUE != DUE - 1 {
            return Ok(());
        }
        let whole = (self.counters()?.indexed / u64::from(BUCKET)) as u32;
        let bucket = number / BUCKET;
        for bucket in (bucket.saturating_sub(1)..=bucket).filter(|bucket| *bucket < whole) {
            let (low, high) = (loose(bucket * BUCKET).end(), loose((bucket + 1) * BUCKET).end());
            if self.engine.scan(&low, &high, false).take(DUE as usize).count() == DUE as usize {
                self.pack(bucket)?;
            }
        }
        Ok(())
    }

    /// Packs the rows of a bucket in one commit.
    pub(super) fn pack(&self, bucket: u32) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let ranges = [(loose(bucket * BUCKET).end(), loose((bucket + 1) * BUCKET).end()), packed(bucket).range()];
        for (low, high) in ranges {
            for row in self.engine.scan(&low, &high, false) {
                batch.remove(row?.0);
            }
        }
        put_packed(&mut batch, bucket, &self.words_of_bucket(bucket)?);
        // Articles of extraordinary length stay as they are: the rows are right, and only more to walk over.
        if batch.len() > MAX_OPS { Ok(()) } else { self.engine.commit(batch) }
    }
}

/// Collects the keys of articles that are walked over in order, a bucket at a time.
#[derive(Default)]
pub(super) struct Collector {
    bucket: u32,
    held: KeysByArticle,
}

impl Collector {
    /// Takes a version of an article with its readings; returns the bucket before it, where that is complete.
    pub(super) fn take(&mut self, number: u32, text: &str, readings: &[ReadingRow]) -> Option<(u32, KeysByArticle)> {
        let done = (number / BUCKET != self.bucket).then(|| (self.bucket, std::mem::take(&mut self.held)));
        self.bucket = number / BUCKET;
        let keys = self.held.entry(number).or_default();
        readings.iter().for_each(|reading| keys.extend(keys_of(text, reading)));
        done
    }

    /// Returns the last bucket.
    pub(super) fn finish(self) -> (u32, KeysByArticle) {
        (self.bucket, self.held)
    }
}

/// Puts the last of the buckets of a record that is made anew: it may not be full.
pub(super) fn put_last(batch: &mut Batch, (_, articles): (u32, KeysByArticle)) {
    for (article, keys) in &articles {
        put_loose(batch, *article, keys);
    }
}

#[cfg(test)]
mod tests;
