//! Reading the record: speakers, their claims, articles.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
use super::keys::{self, ARTICLES, DOCUMENTS, Key, Parts, SPEAKERS, part};
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

    /// Returns the reading of a version that counts at the moment that the record is read at.
    pub(super) fn reading_row(&self, number: u32, version: u32) -> Result<ReadingRow, StoreError> {
        self.reading_of(&self.version_row(number, version)?, number, version)
    }

    /// Does as [`Record::reading_row`] where the version's state is at hand.
    pub(super) fn reading_of(&self, state: &VersionRow, number: u32, version: u32) -> Result<ReadingRow, StoreError> {
        let (low, high) = keys::reading(number, version, state.reading_at(self.as_of)).range();
        self.readable("an article's claims", codec::decode_chunks(&self.values(&low, &high)?))
    }

    pub(super) fn values(&self, low: &[u8], high: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
        self.engine.scan(low, high, false).map(|row| row.map(|(_, value)| value)).collect()
    }

    /// Returns the version of an article that stands at the moment that the record is read at.
    pub(super) fn standing_version(&self, number: u32) -> Result<Option<u32>, StoreError> {
        let (low, high) = Key::new(DOCUMENTS).u32(number).range();
        let Some(last) = self.engine.scan(&low, &high, true).next() else { return Ok(None) };
        let latest = Parts(last?.0.get(5..).unwrap_or(&[])).u32();
        self.standing_of(number, latest.ok_or_else(|| self.damaged("an article's key"))?)
    }

    /// Does as [`Record::standing_version`] where the latest version of all is known.
    fn standing_of(&self, number: u32, latest: u32) -> Result<Option<u32>, StoreError> {
        let Some(at) = self.as_of else { return Ok(Some(latest)) };
        for version in (1..=latest).rev() {
            if self.version_row(number, version)?.added <= at {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }

    pub(super) fn text(&self, number: u32, version: u32) -> Result<String, StoreError> {
        let (low, high) = keys::document(number, version).u8(part::TEXT).range();
        self.readable("an article's text", codec::decode_chunks(&self.values(&low, &high)?))
    }

    pub(super) fn speaker_row(&self, speaker: u32) -> Result<SpeakerRow, StoreError> {
        match self.engine.get(&Key::new(SPEAKERS).u32(speaker).end())? {
            Some(row) => self.readable("a speaker", codec::decode(&row)),
            None => Err(StoreError::Unknown(format!("speaker s{speaker}"))),
        }
    }

    /// Returns all speakers with claims, most claims first, then by name.
    pub fn speakers(&self) -> Result<Vec<SpeakerSummary>, StoreError> {
        let view = self.view()?;
        let (low, high) = Key::new(SPEAKERS).range();
        let mut all = Vec::new();
        for row in self.engine.scan(&low, &high, false) {
            let (key, _) = row?;
            let number = Parts(key.get(1..).unwrap_or(&[])).u32().ok_or_else(|| self.damaged("a speaker's key"))?;
            if view.overlay.root(number) == number {
                all.extend(Some(self.summary(&view, number)?).filter(|s| s.claims > 0));
            }
        }
        all.sort_by(|a, b| b.claims.cmp(&a.claims).then_with(|| a.name.cmp(&b.name)).then(a.id.cmp(&b.id)));
        Ok(all)
    }

    /// Returns one speaker; of one that was merged away, the one it counts as.
    pub fn speaker(&self, id: SpeakerId) -> Result<SpeakerSummary, StoreError> {
        let view = self.view()?;
        self.summary(&view, view.overlay.root(id.0))
    }

    /// Finds a speaker by any form of the name; the name in full wins over a part of it.
    pub fn find_speaker(&self, name: &str) -> Result<Lookup, StoreError> {
        let wanted = name_key(name);
        let view = self.view()?;
        let mut found = Vec::new();
        for root in self.called(&view, name)? {
            found.extend(Some(self.summary(&view, root)?).filter(|s| s.claims > 0));
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
        let begun = self.view().and_then(|view| {
            let root = view.overlay.root(speaker.0);
            let (places, name) = (self.places(&view, root)?, self.shown_name(&view, root)?);
            Ok((view, root, places, name))
        });
        let (begun, failed) = match begun {
            Ok(begun) => (Some(begun), None),
            Err(error) => (None, Some(Err(error))),
        };
        let claims = begun.into_iter().flat_map(move |(view, root, places, name)| {
            places.into_iter().flat_map(move |(_, number, version)| {
                let owned = |claim: &ClaimRow| {
                    let owner = view.overlay.owner(claim.id, claim.speaker)?;
                    (owner.0 == root).then(|| (owner, name.clone()))
                };
                match self.claims_of(number, version, owned) {
                    Ok(claims) => claims.into_iter().map(Ok).collect::<Vec<_>>(),
                    Err(error) => vec![Err(error)],
                }
            })
        });
        failed.into_iter().chain(claims)
    }

    /// Returns the claims of a version that `owned` gives a speaker.
    fn claims_of(
        &self,
        number: u32,
        version: u32,
        owned: impl Fn(&ClaimRow) -> Option<(SpeakerId, String)>,
    ) -> Result<Vec<Claim>, StoreError> {
        let state = self.version_row(number, version)?;
        let text = self.text(number, version)?;
        let reading = self.reading_of(&state, number, version)?;
        let mut claims = Vec::new();
        for row in reading.claims {
            let Some((speaker, speaker_name)) = owned(&row) else { continue };
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
                speaker,
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

    /// Returns one claim, of the latest version of its article that has it.
    pub fn claim(&self, id: ClaimId) -> Result<Claim, StoreError> {
        let unknown = || StoreError::Unknown(format!("claim {id}"));
        let number = self.article_of(id)?.ok_or_else(unknown)?;
        let standing = self.standing_version(number)?.ok_or_else(unknown)?;
        for version in (1..=standing).rev() {
            let claims = self.all_claims_of(number, version)?;
            if let Some(claim) = claims.into_iter().find(|claim| claim.id == id) {
                return Ok(claim);
            }
        }
        Err(unknown())
    }

    /// Returns the claims of one version of an article, whoever's they are, in order of the text.
    pub fn claims_in(&self, id: ArticleId, version: u32) -> Result<Vec<Claim>, StoreError> {
        let (number, latest) = self.article_row(id)?;
        if version == 0 || version > latest {
            return Err(StoreError::Unknown(format!("version {version} of article {id}; it has {latest}")));
        }
        self.all_claims_of(number, version)
    }

    fn all_claims_of(&self, number: u32, version: u32) -> Result<Vec<Claim>, StoreError> {
        self.claims_of_all(number, version, &mut BTreeMap::new())
    }

    /// Returns the claims of a version, whoever's they are; names that were looked up are kept for the next.
    pub(super) fn claims_of_all(
        &self,
        number: u32,
        version: u32,
        names: &mut BTreeMap<SpeakerId, String>,
    ) -> Result<Vec<Claim>, StoreError> {
        let view = self.view()?;
        let reading = self.reading_row(number, version)?;
        for claim in &reading.claims {
            if let Some(owner) = view.overlay.owner(claim.id, claim.speaker)
                && let Entry::Vacant(place) = names.entry(owner)
            {
                place.insert(self.shown_name(&view, owner.0)?);
            }
        }
        self.claims_of(number, version, |claim| {
            let owner = view.overlay.owner(claim.id, claim.speaker)?;
            Some((owner, names.get(&owner).cloned().unwrap_or_default()))
        })
    }

    /// Returns an article's number and how many versions of it there are at the moment that the record is read at.
    pub(super) fn article_row(&self, id: ArticleId) -> Result<(u32, u32), StoreError> {
        let unknown = || StoreError::Unknown(format!("article {id}"));
        let row = self.engine.get(&Key::new(ARTICLES).bytes(&id.0).end())?.ok_or_else(unknown)?;
        let row: ArticleRow = self.readable("an article", codec::decode(&row))?;
        let standing = self.standing_of(row.number, row.latest)?.ok_or_else(unknown)?;
        Ok((row.number, standing))
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
        let (number, latest) = self.article_row(id)?;
        let version = version.unwrap_or(latest);
        if version == 0 || version > latest {
            return Err(StoreError::Unknown(format!("version {version} of article {id}; it has {latest}")));
        }
        let view = self.view()?;
        let state = self.version_row(number, version)?;
        let reading = self.reading_of(&state, number, version)?;
        Ok(StoredArticle {
            id,
            version,
            versions: latest,
            added: state.added,
            article: Article {
                name: state.name,
                text: self.text(number, version)?,
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
                .map(|c| (ClaimId(c.id), view.overlay.owner(c.id, c.speaker), attribution(c)))
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
        let speakers = self.speakers()?;
        // The counters know what the engine read; a person may have told whose a claim is that was nobody's.
        let claims = speakers.iter().map(|speaker| u64::from(speaker.claims)).sum();
        Ok(Stats {
            articles: counters.articles,
            versions: counters.versions,
            speakers: speakers.len() as u64,
            claims,
            unattributed: (counters.claims + counters.unattributed).saturating_sub(claims),
            bytes: self.engine.size_on_disk()?,
        })
    }
}

/// The content as published; pieces joined where the text between them is left out.
fn content_text(text: &str, content: &[Span]) -> String {
    content.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ")
}

pub(super) fn date(number: i32) -> Option<Date> {
    let part = |n: i32| i8::try_from(n).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
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
