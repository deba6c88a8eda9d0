//! Reading the record: speakers, their claims, articles.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::article::Article;
use crate::attribution::{Attribution, Gender, Referent, Sort};
use crate::claim::ids::ArticlePrefix;
use crate::claim::{ArticleId, Claim, ClaimId, Context, SpeakerId};
use crate::span::Span;
use crate::speaker::name::name_key;
use crate::speaker::nearness::near;

use super::add::{act, gender, kind, sort};
use super::codec::{self, ArticleRow, ClaimRow, ReadingRow, SpeakerRow, VersionRow};
use super::keys::{self, ARTICLES, BY_SPEAKER, CLAIMS, Key, NAMES, Parts, SPEAKERS, part};
use super::{Record, StoreError};

/// A speaker as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerSummary {
    /// Number in the record.
    pub id: SpeakerId,
    /// Name.
    pub name: String,
    /// Kind of speaker.
    pub sort: Sort,
    /// Gender, where known.
    pub gender: Option<Gender>,
    /// Other forms of the name.
    pub aliases: Vec<String>,
    /// Titles and roles, as the articles word them.
    pub roles: Vec<String>,
    /// Claims that stand.
    pub claims: u32,
    /// Articles they stand in.
    pub articles: u32,
    /// Earliest day.
    pub first: Option<Date>,
    /// Latest day.
    pub last: Option<Date>,
}

/// What asking for a speaker gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This one.
    One(SpeakerSummary),
    /// Any of these.
    Several(Vec<SpeakerSummary>),
    /// Nobody; these names are near.
    None {
        /// Nearest first.
        near: Vec<String>,
    },
}

/// A version of an article as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredArticle {
    /// Identity.
    pub id: ArticleId,
    /// Version, from 1.
    pub version: u32,
    /// How many versions there are.
    pub versions: u32,
    /// When this version was added, milliseconds since 1970.
    pub added: i64,
    /// The article.
    pub article: Article,
    /// Its attributions, each with its number and the speaker it is kept under.
    pub attributions: Vec<(ClaimId, Option<SpeakerId>, Attribution)>,
}

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Versions of them.
    pub versions: u64,
    /// Speakers with claims.
    pub speakers: u64,
    /// Claims that stand.
    pub claims: u64,
    /// Attributions whose source could not be told.
    pub unattributed: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Record {
    pub(super) fn version_row(&self, number: u32, version: u32) -> Result<VersionRow, StoreError> {
        match self.engine.get(&keys::state(number, version))? {
            Some(row) => self.readable("an article's state", codec::decode(&row)),
            None => Err(self.damaged("an article's state is missing")),
        }
    }

    fn chunks(&self, number: u32, version: u32, part: u8) -> Result<Vec<Vec<u8>>, StoreError> {
        let (low, high) = keys::document(number, version).u8(part).range();
        self.engine.scan(&low, &high, false).map(|row| row.map(|(_, value)| value)).collect()
    }

    pub(super) fn reading_row(&self, number: u32, version: u32) -> Result<ReadingRow, StoreError> {
        self.readable("an article's claims", codec::decode_chunks(&self.chunks(number, version, part::READING)?))
    }

    pub(super) fn text(&self, number: u32, version: u32) -> Result<String, StoreError> {
        self.readable("an article's text", codec::decode_chunks(&self.chunks(number, version, part::TEXT)?))
    }

    pub(super) fn speaker_row(&self, speaker: u32) -> Result<SpeakerRow, StoreError> {
        match self.engine.get(&Key::new(SPEAKERS).u32(speaker).end())? {
            Some(row) => self.readable("a speaker", codec::decode(&row)),
            None => Err(StoreError::Unknown(format!("speaker s{speaker}"))),
        }
    }

    /// Returns all speakers with claims, most claims first, then by name.
    pub fn speakers(&self) -> Result<Vec<SpeakerSummary>, StoreError> {
        let (low, high) = Key::new(SPEAKERS).range();
        let mut all = Vec::new();
        for row in self.engine.scan(&low, &high, false) {
            let (key, value) = row?;
            let number = Parts(key.get(1..).unwrap_or(&[])).u32().ok_or_else(|| self.damaged("a speaker's key"))?;
            let row: SpeakerRow = self.readable("a speaker", codec::decode(&value))?;
            if row.claims > 0 {
                all.push(summary(number, row));
            }
        }
        all.sort_by(|a, b| b.claims.cmp(&a.claims).then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id)));
        Ok(all)
    }

    /// Returns one speaker.
    pub fn speaker(&self, id: SpeakerId) -> Result<SpeakerSummary, StoreError> {
        Ok(summary(id.0, self.speaker_row(id.0)?))
    }

    /// Finds a speaker by any form of the name; the name in full wins over a part of it.
    pub fn find_speaker(&self, name: &str) -> Result<Lookup, StoreError> {
        let wanted = name_key(name);
        let mut numbers = BTreeSet::new();
        let (low, high) = Key::new(NAMES).bytes(wanted.as_bytes()).u8(0).range();
        for row in self.engine.scan(&low, &high, false) {
            numbers.extend(row?.0.last_chunk::<4>().map(|n| u32::from_be_bytes(*n)));
        }
        let mut found = Vec::new();
        for number in numbers {
            let row = self.speaker_row(number)?;
            if row.claims > 0 {
                found.push(summary(number, row));
            }
        }
        let in_full: Vec<SpeakerSummary> = found.iter().filter(|s| name_key(&s.name) == wanted).cloned().collect();
        if let [one] = in_full.as_slice() {
            return Ok(Lookup::One(one.clone()));
        }
        match found.len() {
            1 => Ok(Lookup::One(found.remove(0))),
            0 => {
                let names: Vec<String> = self.speakers()?.into_iter().map(|s| s.name).collect();
                let mut near: Vec<String> =
                    near(name, names.iter().map(String::as_str)).into_iter().map(|n| n.name).collect();
                near.dedup();
                Ok(Lookup::None { near })
            }
            _ => Ok(Lookup::Several(found)),
        }
    }

    /// Returns a speaker's claims, oldest first; those of undated articles come last.
    pub fn claims(&self, speaker: SpeakerId) -> impl Iterator<Item = Result<Claim, StoreError>> + '_ {
        let (low, high) = Key::new(BY_SPEAKER).u32(speaker.0).range();
        self.engine.scan(&low, &high, false).flat_map(move |row| {
            let claims = row.and_then(|(key, _)| {
                let mut parts = Parts(key.get(9..).unwrap_or(&[]));
                let place = parts.u32().zip(parts.u32());
                let (number, version) = place.ok_or_else(|| self.damaged("a speaker's list"))?;
                self.claims_of(number, version, |claim| claim.speaker == Some(speaker.0))
            });
            match claims {
                Ok(claims) => claims.into_iter().map(Ok).collect::<Vec<_>>(),
                Err(error) => vec![Err(error)],
            }
        })
    }

    fn claims_of(
        &self,
        number: u32,
        version: u32,
        wanted: impl Fn(&ClaimRow) -> bool,
    ) -> Result<Vec<Claim>, StoreError> {
        let state = self.version_row(number, version)?;
        let text = self.text(number, version)?;
        let reading = self.reading_row(number, version)?;
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        let mut claims = Vec::new();
        for row in reading.claims.into_iter().filter(wanted) {
            let Some(speaker) = row.speaker else { continue };
            let speaker_name = match names.entry(speaker) {
                Entry::Occupied(name) => name.get().clone(),
                Entry::Vacant(place) => place.insert(self.speaker_row(speaker)?.identity.name).clone(),
            };
            let (start, end) = row.sentence;
            let cut = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or("").trim().to_string();
            let context = Context {
                before: cut(row.before, start),
                sentence: cut(start, end),
                sentence_span: text.get(start as usize..end as usize).map(|whole| {
                    let from = start as usize + whole.len() - whole.trim_start().len();
                    Span::new(from, from + whole.trim().len())
                }),
            };
            let id = ClaimId(row.id);
            let attribution = attribution(row);
            claims.push(Claim {
                id,
                speaker: SpeakerId(speaker),
                speaker_name,
                article: ArticleId(state.article),
                version,
                outlet: state.outlet.clone(),
                url: state.url.clone(),
                title: state.title.clone(),
                date: state.date.and_then(date),
                text: content_text(&text, &attribution.content),
                attribution,
                context,
            });
        }
        Ok(claims)
    }

    /// Returns one claim, of whichever version of its article.
    pub fn claim(&self, id: ClaimId) -> Result<Claim, StoreError> {
        let unknown = || StoreError::Unknown(format!("claim {id}"));
        let low = Key::new(CLAIMS).end();
        let high = Key::new(CLAIMS).u64(id.0.checked_add(1).ok_or_else(unknown)?).end();
        let (_, value) = self.engine.scan(&low, &high, true).next().ok_or_else(unknown)??;
        let (number, version): (u32, u32) = self.readable("a claim's place", codec::decode(&value))?;
        self.claims_of(number, version, |claim| claim.id == id.0)?.pop().ok_or_else(unknown)
    }

    /// Returns the identities of all articles, in order.
    pub fn articles(&self) -> impl Iterator<Item = Result<ArticleId, StoreError>> + '_ {
        let (low, high) = Key::new(ARTICLES).range();
        self.engine.scan(&low, &high, false).map(|row| {
            let (key, _) = row?;
            key.last_chunk::<16>().map(|id| ArticleId(*id)).ok_or_else(|| self.damaged("an article's key"))
        })
    }

    /// Finds the one article whose identity starts with these digits.
    pub fn find_article(&self, prefix: &ArticlePrefix) -> Result<ArticleId, StoreError> {
        let (first, last) = prefix.range();
        let low = Key::new(ARTICLES).bytes(&first.0).end();
        let (_, high) = Key::new(ARTICLES).bytes(&last.0).range();
        let mut found = Vec::new();
        for row in self.engine.scan(&low, &high, false).take(6) {
            found.extend(row?.0.last_chunk::<16>().map(|id| ArticleId(*id)));
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(StoreError::Unknown(format!("article a{}", prefix.0))),
            several => Err(StoreError::Ambiguous {
                given: format!("a{}", prefix.0),
                candidates: several.iter().map(|id| id.to_string()).collect(),
            }),
        }
    }

    /// Returns a version of an article, the latest where none is named.
    pub fn article(&self, id: ArticleId, version: Option<u32>) -> Result<StoredArticle, StoreError> {
        let unknown = || StoreError::Unknown(format!("article {id}"));
        let row = self.engine.get(&Key::new(ARTICLES).bytes(&id.0).end())?.ok_or_else(unknown)?;
        let row: ArticleRow = self.readable("an article", codec::decode(&row))?;
        let version = version.unwrap_or(row.latest);
        if version == 0 || version > row.latest {
            return Err(StoreError::Unknown(format!("version {version} of article {id}; it has {}", row.latest)));
        }
        let state = self.version_row(row.number, version)?;
        let reading = self.reading_row(row.number, version)?;
        Ok(StoredArticle {
            id,
            version,
            versions: row.latest,
            added: state.added,
            article: Article {
                name: state.name,
                text: self.text(row.number, version)?,
                title: state.title,
                outlet: state.outlet,
                date: state.date.and_then(date),
                url: state.url,
                byline: state.byline,
                summary: state.summary,
            },
            attributions: reading
                .claims
                .into_iter()
                .map(|c| (ClaimId(c.id), c.speaker.map(SpeakerId), attribution(c)))
                .collect(),
        })
    }

    /// Returns every claim that stands, speaker by speaker.
    pub fn all_claims(&self) -> Result<impl Iterator<Item = Result<Claim, StoreError>> + '_, StoreError> {
        let mut speakers: Vec<SpeakerId> = self.speakers()?.into_iter().map(|s| s.id).collect();
        speakers.sort_unstable();
        Ok(speakers.into_iter().flat_map(|speaker| self.claims(speaker)))
    }

    /// Counts what the record holds.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let counters = self.counters()?;
        Ok(Stats {
            articles: counters.articles,
            versions: counters.versions,
            speakers: self.speakers()?.len() as u64,
            claims: counters.claims,
            unattributed: counters.unattributed,
            bytes: self.engine.size_on_disk()?,
        })
    }
}

/// The content as published; pieces joined where the text between them is left out.
fn content_text(text: &str, content: &[Span]) -> String {
    content.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ")
}

fn date(number: i32) -> Option<Date> {
    let part = |n: i32| i8::try_from(n).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
}

fn summary(number: u32, row: SpeakerRow) -> SpeakerSummary {
    SpeakerSummary {
        id: SpeakerId(number),
        name: row.identity.name,
        sort: sort(row.identity.sort),
        gender: gender(row.identity.gender),
        aliases: row.identity.aliases,
        roles: row.identity.roles,
        claims: row.claims,
        articles: row.articles,
        first: row.first.and_then(date),
        last: row.last.and_then(date),
    }
}

fn attribution(row: ClaimRow) -> Attribution {
    let spans = |pairs: Vec<(u32, u32)>| pairs.into_iter().map(|(start, end)| Span { start, end }).collect();
    Attribution {
        source: spans(row.source),
        cue: spans(row.cue),
        content: spans(row.content),
        speaker: row.referent.map(|r| Referent {
            name: r.name,
            sort: sort(r.sort),
            gender: gender(r.gender),
            roles: r.roles,
            aliases: r.aliases,
            confidence: r.confidence,
        }),
        kind: kind(row.kind),
        act: act(row.act),
        confidence: row.confidence,
    }
}
