//! Adding an article: one atomic commit, whoever its speakers are.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::attribution::{Act, Attribution, Gender, Kind, Referent, Sort};
use crate::claim::{ArticleId, SpeakerId};
use crate::pipeline::Extraction;
use crate::span::Span;
use crate::speaker::identity::{Identity, Known, Occasion, identify, outlets_decide};
use crate::speaker::name::{forms, name_key};

use super::codec::{
    self, ArticleRow, ClaimRow, Counters, IdentityRow, ReadingHead, ReadingRow, ReferentRow, SpeakerRow, VersionRow,
};
use super::engine::{Batch, MAX_OPS, MAX_VALUE};
use super::keys::{self, ARTICLES, BY_SPEAKER, CLAIMS, Key, NAMES, SPEAKERS, part};
use super::view::View;
use super::{MAX_TEXT, Record, StoreError, carry, counters_key};

/// Names the engine of today.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// What adding an article did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was not on record.
    New,
    /// Its text had changed; this is the version it became.
    Updated {
        /// Number of the version, from 1.
        version: u32,
    },
    /// It is on record as it is.
    Unchanged,
}

/// Most forms of a name, and most roles, that are kept of one speaker: a row stays below the engine's limit.
pub(super) const MOST_FORMS: usize = 24;
/// Longest name or role that is kept, in bytes.
pub(super) const LONGEST_NAME: usize = 72;

pub(super) fn first_half(hash: blake3::Hash) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

pub(super) fn cut(text: &str) -> String {
    text.chars()
        .scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= LONGEST_NAME).then_some(c)
        })
        .collect()
}

impl Record {
    /// Adds an article and its claims, and returns when they would outlive a power cut. `at` is milliseconds since 1970.
    pub fn add(&self, extraction: &Extraction, at: i64) -> Result<(ArticleId, Added), StoreError> {
        let added = self.add_unsynced(extraction, at)?;
        self.sync()?;
        Ok(added)
    }

    /// Adds as [`Record::add`] does, but durable only after the next [`Record::sync`]: for batches.
    pub fn add_unsynced(&self, extraction: &Extraction, at: i64) -> Result<(ArticleId, Added), StoreError> {
        self.writable()?;
        let article = &extraction.article;
        if article.text.len() > MAX_TEXT {
            let what = format!("the text of {}", article.name);
            return Err(StoreError::TooLarge { what, size: article.text.len(), limit: MAX_TEXT });
        }
        let id = ArticleId(article.identity());
        let text_hash = first_half(blake3::hash(article.text.as_bytes()));
        self.catch_up()?;
        let mut change = Change::at(self.counters()?, at);
        let article_key = Key::new(ARTICLES).bytes(&id.0).end();
        let (number, version, prior) = match self.engine.get(&article_key)? {
            Some(row) => {
                let row: ArticleRow = self.readable("an article", codec::decode(&row))?;
                if self.version_row(row.number, row.latest)?.text_hash == text_hash {
                    return Ok((id, Added::Unchanged));
                }
                let prior = self.prior(row.number, row.latest)?;
                self.retire(&prior, (row.number, row.latest), &mut change)?;
                (row.number, row.latest + 1, Some(prior))
            }
            None => {
                change.counters.next_article += 1;
                change.counters.articles += 1;
                (change.counters.next_article - 1, 1, None)
            }
        };
        let now = change.counters.last_at;
        let state = VersionRow {
            article: id.0,
            text_hash,
            added: now,
            name: article.name.clone(),
            title: article.title.clone(),
            outlet: article.outlet.clone(),
            date: article.date.map(day_number),
            url: article.url.clone(),
            byline: article.byline.clone(),
            summary: article.summary,
            readings: vec![ReadingHead { engine: ENGINE.into(), from: now }],
        };
        put_chunks(
            &mut change.batch,
            &keys::document(number, version).u8(part::TEXT).end(),
            codec::encode_chunks(&article.text),
        );
        let reading = self.reading(extraction, id, prior.as_ref(), (number, version), &mut change)?;
        self.put_reading(&reading, &state, (number, version), &mut change)?;
        self.note_words(number, (&article.text, &reading), version == 1, &mut change)?;
        change.batch.put(article_key, codec::encode(&ArticleRow { number, latest: version }));
        change.counters.versions += 1;
        self.commit_change(change, &article.name)?;
        self.pack_if_due(number)?;
        Ok((id, if version == 1 { Added::New } else { Added::Updated { version } }))
    }

    /// Reads a version of an article again; returns whether anything in it reads differently now. Durable after the next
    /// [`Record::sync`].
    ///
    /// What the last reading found stays, so that an earlier day can be seen again; claims that stand keep their numbers.
    pub fn reread_unsynced(&self, id: ArticleId, extraction: &Extraction, at: i64) -> Result<bool, StoreError> {
        self.writable()?;
        self.catch_up()?;
        let (number, version) = self.article_row(id)?;
        let prior = self.prior(number, version)?;
        if prior.text != extraction.article.text {
            return Err(StoreError::Invalid(format!("{}: this is not the text on record", extraction.article.name)));
        }
        let mut change = Change::at(self.counters()?, at);
        self.retire(&prior, (number, version), &mut change)?;
        let reading = self.reading(extraction, id, Some(&prior), (number, version), &mut change)?;
        if reading == prior.reading {
            return Ok(false);
        }
        let mut state = prior.state;
        state.readings.push(ReadingHead { engine: ENGINE.into(), from: change.counters.last_at });
        self.put_reading(&reading, &state, (number, version), &mut change)?;
        self.note_words(number, (&prior.text, &reading), false, &mut change)?;
        self.commit_change(change, &extraction.article.name)?;
        self.pack_if_due(number)?;
        Ok(true)
    }

    fn prior(&self, number: u32, version: u32) -> Result<Prior, StoreError> {
        let state = self.version_row(number, version)?;
        let reading = self.reading_of(&state, number, version)?;
        Ok(Prior { text: self.text(number, version)?, state, reading })
    }

    /// Writes a reading as the one that counts, with the state that names it.
    fn put_reading(
        &self,
        reading: &ReadingRow,
        state: &VersionRow,
        (number, version): (u32, u32),
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let sealed = codec::encode(state);
        if sealed.len() > MAX_VALUE {
            let what = format!("what the headers of {} say", state.name);
            return Err(StoreError::TooLarge { what, size: sealed.len(), limit: MAX_VALUE });
        }
        change.batch.put(keys::state(number, version), sealed);
        let key = keys::reading(number, version, state.reading_at(None)).end();
        put_chunks(&mut change.batch, &key, codec::encode_chunks(reading));
        self.count_in(reading, state, (number, version), change)
    }

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
    fn retire(&self, prior: &Prior, (number, version): (u32, u32), change: &mut Change) -> Result<(), StoreError> {
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

    fn count_in(
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

    fn speaker_for_change<'c>(&self, speaker: u32, change: &'c mut Change) -> Result<&'c mut SpeakerRow, StoreError> {
        match change.speakers.entry(speaker) {
            Entry::Occupied(row) => Ok(row.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(self.speaker_row(speaker)?)),
        }
    }

    /// Decides who each referent is: by name, one decision for all its attributions.
    fn identify_all(
        &self,
        extraction: &Extraction,
        article: ArticleId,
        prior: Option<&Prior>,
        change: &mut Change,
    ) -> Result<BTreeMap<(String, u8), u32>, StoreError> {
        let view = self.view()?;
        let before = prior.map(|prior| prior.speakers()).unwrap_or_default();
        let referents: Vec<&Referent> = extraction.attributions.iter().filter_map(|a| a.speaker.as_ref()).collect();
        let names: BTreeSet<String> = referents.iter().map(|r| r.name.clone()).collect();
        let mut decided = BTreeMap::new();
        for referent in referents {
            let key = referent_key(referent);
            if decided.contains_key(&key) {
                continue;
            }
            let beside: Vec<String> = names.iter().filter(|n| **n != referent.name).cloned().collect();
            let occasion = Occasion {
                article,
                outlet: extraction.article.outlet.as_deref(),
                date: extraction.article.date,
                beside: &beside,
            };
            let given = view.overlay.given(&referent.name).filter(|_| referent.sort != Sort::Unnamed);
            let speaker = match given {
                Some(speaker) => speaker,
                None => match identify(referent, &occasion, &self.known(referent, article, &view, change)?) {
                    Identity::Same { id, .. } => id.0,
                    undecided => match before.get(&key).copied().or(one_of(&undecided, &view)) {
                        Some(speaker) => speaker,
                        None => change.new_speaker(IdentityRow {
                            name: cut(&referent.name),
                            sort: referent.sort as u8,
                            gender: referent.gender.map(|g| g as u8),
                            ..IdentityRow::default()
                        }),
                    },
                },
            };
            self.learn(speaker, referent, article, change)?;
            decided.insert(key, speaker);
        }
        Ok(decided)
    }

    /// Adds to a speaker what the referent shows: forms of the name, roles, gender, and the keys to find it by.
    fn learn(
        &self,
        speaker: u32,
        referent: &Referent,
        article: ArticleId,
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let now = change.counters.last_at;
        let row = self.speaker_for_change(speaker, change)?;
        let before = row.identity.clone();
        let fuller = referent.sort == Sort::Person
            && referent.name.split_whitespace().count() > row.identity.name.split_whitespace().count()
            && row.identity.name.split_whitespace().count() < 2;
        let mut forms_seen = vec![cut(&referent.name)];
        if fuller {
            forms_seen = vec![std::mem::replace(&mut row.identity.name, cut(&referent.name))];
        }
        forms_seen.extend(referent.aliases.iter().map(|a| cut(a)));
        for form in forms_seen {
            let known = form == row.identity.name || row.identity.aliases.contains(&form);
            if !known && row.identity.aliases.len() < MOST_FORMS {
                row.identity.aliases.push(form);
            }
        }
        for role in referent.roles.iter().map(|r| cut(r)) {
            if !row.identity.roles.contains(&role) && row.identity.roles.len() < MOST_FORMS {
                row.identity.roles.push(role);
            }
        }
        row.identity.gender = row.identity.gender.or(referent.gender.map(|g| g as u8));
        if row.identity != before && !change.new.contains(&speaker) {
            // Of several changes at one time the first tells who the speaker was before.
            let key = keys::identity_until(speaker, now);
            if !change.batch.writes.contains_key(&key) && self.engine.get(&key)?.is_none() {
                change.batch.put(key, codec::encode(&before.noted()));
            }
        }
        for form in forms(referent) {
            change.batch.put(name_row(&form, referent.sort, article).u32(speaker).end(), codec::seal(&[]));
        }
        Ok(())
    }

    fn known(
        &self,
        referent: &Referent,
        article: ArticleId,
        view: &View,
        change: &Change,
    ) -> Result<Vec<Known>, StoreError> {
        let set_apart: BTreeSet<u32> = view.overlay.split_off(&name_key(&referent.name)).collect();
        let mut found = set_apart.clone();
        for form in forms(referent) {
            let key = name_row(&form, referent.sort, article);
            let (low, high) = key.range();
            for row in self.engine.scan(&low, &high, false) {
                found.extend(row?.0.last_chunk::<4>().map(|n| u32::from_be_bytes(*n)));
            }
            // Speakers of this very article are not in the engine yet.
            for (key, value) in change.batch.writes.range(low..high) {
                if value.is_some() {
                    found.extend(key.last_chunk::<4>().map(|n| u32::from_be_bytes(*n)));
                }
            }
        }
        let mut known = Vec::new();
        for speaker in found {
            let row = match change.speakers.get(&speaker) {
                Some(row) => row.clone(),
                None => self.speaker_row(speaker)?,
            };
            known.push(Known {
                id: SpeakerId(speaker),
                name: row.identity.name,
                aliases: row.identity.aliases,
                roles: row.identity.roles,
                gender: gender(row.identity.gender),
                sort: sort(row.identity.sort),
                outlets: if outlets_decide(referent) { self.outlets_of(speaker)? } else { Vec::new() },
                article: (referent.sort == Sort::Unnamed).then_some(article),
                claims: row.claims,
                set_apart: set_apart.contains(&speaker),
            });
        }
        Ok(known)
    }

    /// Returns outlets that had a speaker: those of the earliest few articles, which is enough to know one again by.
    fn outlets_of(&self, speaker: u32) -> Result<Vec<String>, StoreError> {
        const ARTICLES: usize = 16;
        let (low, high) = Key::new(keys::BY_SPEAKER).u32(speaker).range();
        let mut outlets = BTreeSet::new();
        for row in self.engine.scan(&low, &high, false).take(ARTICLES) {
            let (_, number, version) = keys::appearance(&row?.0).ok_or_else(|| self.damaged("a speaker's list"))?;
            outlets.extend(self.version_row(number, version)?.outlet);
        }
        Ok(outlets.into_iter().collect())
    }

    /// Makes the row of what was found; claims that the prior reading has keep their numbers.
    fn reading(
        &self,
        extraction: &Extraction,
        article: ArticleId,
        prior: Option<&Prior>,
        (number, version): (u32, u32),
        change: &mut Change,
    ) -> Result<ReadingRow, StoreError> {
        let speakers = self.identify_all(extraction, article, prior, change)?;
        let text = &extraction.article.text;
        let mut claims = Vec::new();
        let first = change.counters.next_claim;
        let mut carried = prior.map(|prior| carry::numbers(prior, extraction)).unwrap_or_default().into_iter();
        for attribution in &extraction.attributions {
            let spans = [&attribution.source, &attribution.cue, &attribution.content];
            if spans.iter().any(|s| s.iter().any(|s| text.get(s.start as usize..s.end as usize).is_none())) {
                return Err(StoreError::Invalid(format!("{}: a span lies outside the text", extraction.article.name)));
            }
            let (before, sentence) = surroundings(text, attribution);
            let id = carried.next().flatten().unwrap_or(change.counters.next_claim);
            change.counters.next_claim = change.counters.next_claim.max(id + 1);
            claims.push(ClaimRow {
                id,
                speaker: attribution.speaker.as_ref().and_then(|r| speakers.get(&referent_key(r)).copied()),
                source: pairs(&attribution.source),
                cue: pairs(&attribution.cue),
                content: pairs(&attribution.content),
                referent: attribution.speaker.as_ref().map(|r| ReferentRow {
                    name: r.name.clone(),
                    sort: r.sort as u8,
                    gender: r.gender.map(|g| g as u8),
                    roles: r.roles.clone(),
                    aliases: r.aliases.clone(),
                    confidence: r.confidence,
                }),
                kind: attribution.kind as u8,
                act: attribution.act as u8,
                confidence: attribution.confidence,
                before,
                sentence,
            });
        }
        if change.counters.next_claim > first {
            change.batch.put(Key::new(CLAIMS).u64(first).end(), codec::encode(&(number, version)));
        }
        Ok(ReadingRow { claims })
    }
}

/// One commit while it is made.
pub(super) struct Change {
    pub(super) batch: Batch,
    pub(super) counters: Counters,
    /// Speakers that the commit touches, as they will be.
    speakers: BTreeMap<u32, SpeakerRow>,
    /// Those of them that it makes.
    new: BTreeSet<u32>,
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

    pub(super) fn new_speaker(&mut self, identity: IdentityRow) -> u32 {
        let number = self.counters.next_speaker;
        self.counters.next_speaker += 1;
        self.speakers.insert(number, SpeakerRow { identity, claims: 0, articles: 0, first: None, last: None });
        self.new.insert(number);
        number
    }
}

/// What was on record of an article before.
pub(super) struct Prior {
    state: VersionRow,
    pub(super) reading: ReadingRow,
    pub(super) text: String,
}

impl Prior {
    /// Returns whom each referent was taken for.
    fn speakers(&self) -> BTreeMap<(String, u8), u32> {
        let referents = self.reading.claims.iter().filter_map(|claim| claim.referent.as_ref().zip(claim.speaker));
        referents.map(|(referent, speaker)| ((referent.name.clone(), referent.sort), speaker)).collect()
    }
}

/// Returns a speaker that nothing decides on only because it is known under several numbers that count as one.
fn one_of(undecided: &Identity, view: &View) -> Option<u32> {
    let Identity::Open { candidates, .. } = undecided else { return None };
    let roots: BTreeSet<u32> = candidates.iter().map(|id| view.overlay.root(id.0)).collect();
    roots.first().copied().filter(|_| roots.len() == 1 && candidates.len() > 1)
}

/// Returns the day of a row of a speaker's list.
fn day_of(key: &[u8]) -> Option<u32> {
    keys::appearance(key).map(|(day, ..)| day)
}

/// Key under which a form of a name finds speakers; one without a name is found from its own article alone.
pub(super) fn name_row(form: &str, sort: Sort, article: ArticleId) -> Key {
    let key = Key::new(NAMES).bytes(cut(form).as_bytes()).u8(0);
    if sort == Sort::Unnamed { key.u8(1).bytes(&article.0) } else { key.u8(0) }
}

fn referent_key(referent: &Referent) -> (String, u8) {
    (referent.name.clone(), referent.sort as u8)
}

fn claims_by_speaker(reading: &ReadingRow) -> BTreeMap<u32, u32> {
    let mut counts = BTreeMap::new();
    for speaker in reading.claims.iter().filter_map(|c| c.speaker) {
        *counts.entry(speaker).or_default() += 1;
    }
    counts
}

pub(super) fn put_chunks(batch: &mut Batch, under: &[u8], chunks: Vec<Vec<u8>>) {
    for (i, chunk) in (0u32..).zip(chunks) {
        batch.put([under, &i.to_be_bytes()].concat(), chunk);
    }
}

fn pairs(spans: &[Span]) -> Vec<(u32, u32)> {
    spans.iter().map(|s| (s.start, s.end)).collect()
}

/// Where the two sentences before a claim start, and the stretch that holds the claim with its cue and source.
fn surroundings(text: &str, attribution: &Attribution) -> (u32, (u32, u32)) {
    let spans = || attribution.content.iter().chain(&attribution.cue).chain(&attribution.source);
    let start = spans().map(|s| s.start as usize).min().unwrap_or(0);
    let end = spans().map(|s| s.end as usize).max().unwrap_or(0);
    // Sentence ends by their marks alone: this is for showing, nothing is decided by it.
    let is_end =
        |i: usize| text[..i].ends_with(['.', '!', '?', '”', '’', '"', '\n']) && text[i..].starts_with([' ', '\n']);
    let sentence_start = (0..=start).rev().find(|&i| text.is_char_boundary(i) && (i == 0 || is_end(i))).unwrap_or(0);
    let sentence_end = (end..=text.len())
        .find(|&i| text.is_char_boundary(i) && (i == text.len() || is_end(i) || text[i..].starts_with('\n')));
    let mut before = sentence_start;
    for _ in 0..2 {
        before = (0..before).rev().find(|&i| text.is_char_boundary(i) && (i == 0 || is_end(i))).unwrap_or(0);
        if sentence_start - before > 400 {
            break;
        }
    }
    (before as u32, (sentence_start as u32, sentence_end.unwrap_or(text.len()) as u32))
}

/// A day as a number that sorts: year·10000 + month·100 + day.
pub(super) fn day_number(date: jiff::civil::Date) -> i32 {
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

pub(super) fn gender(code: Option<u8>) -> Option<Gender> {
    match code {
        Some(0) => Some(Gender::F),
        Some(1) => Some(Gender::M),
        _ => None,
    }
}

pub(super) fn sort(code: u8) -> Sort {
    match code {
        0 => Sort::Person,
        1 => Sort::Organisation,
        2 => Sort::Group,
        _ => Sort::Unnamed,
    }
}

pub(super) fn kind(code: u8) -> Kind {
    match code {
        0 => Kind::Direct,
        1 => Kind::Indirect,
        _ => Kind::Mixed,
    }
}

pub(super) fn act(code: u8) -> Act {
    match code {
        0 => Act::Speech,
        1 => Act::Belief,
        _ => Act::Intention,
    }
}
