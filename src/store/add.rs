//! Adding an article: one atomic commit, whoever its speakers are.

use crate::article::Article;
use crate::claim::ArticleId;
use crate::pipeline::Extraction;

use super::articles::article_key;
use super::change::Change;
use super::codec::{self, ArticleRow, ClaimRow, ReadingHead, ReadingRow, ReferentRow, VersionRow};
use super::engine::MAX_VALUE;
use super::identify::referent_key;
use super::keys::{self, CLAIMS, Key, part};
use super::read::Document;
use super::rows::{day_number, first_half, pairs, put_chunks, surroundings};
use super::{MAX_TEXT, Record, StoreError, carry};

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
        let (number, version, prior) = match self.kept_article(id)? {
            Some(row) => {
                if self.version_row(row.number, row.latest)?.text_hash == text_hash {
                    return Ok((id, Added::Unchanged));
                }
                let prior = self.document(row.number, row.latest)?;
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
        change.batch.put(article_key(id), codec::encode(&ArticleRow { number, latest: version }));
        change.counters.versions += 1;
        self.commit_change(change, &article.name)?;
        self.pack_if_due(number)?;
        Ok((id, if version == 1 { Added::New } else { Added::Updated { version } }))
    }

    /// Returns how many claims the latest version of an article has whose text is on record as it is; such an article need
    /// not be read again.
    pub fn claims_if_unchanged(&self, article: &Article) -> Result<Option<usize>, StoreError> {
        let Some(row) = self.kept_article(ArticleId(article.identity()))? else { return Ok(None) };
        let state = self.version_row(row.number, row.latest)?;
        if state.text_hash != first_half(blake3::hash(article.text.as_bytes())) {
            return Ok(None);
        }
        Ok(Some(self.reading_of(&state, row.number, row.latest)?.claims.len()))
    }

    /// Reads a version of an article again; returns whether anything in it reads differently now. Durable after the next
    /// [`Record::sync`].
    ///
    /// What the last reading found stays, so that an earlier day can be seen again; claims that stand keep their numbers.
    pub fn reread_unsynced(&self, id: ArticleId, extraction: &Extraction, at: i64) -> Result<bool, StoreError> {
        self.writable()?;
        self.catch_up()?;
        let (number, version) = self.article_row(id)?;
        let prior = self.document(number, version)?;
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

    /// Makes the row of what was found; claims that the prior reading has keep their numbers.
    fn reading(
        &self,
        extraction: &Extraction,
        article: ArticleId,
        prior: Option<&Document>,
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
