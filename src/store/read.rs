//! Which claims are on record: a speaker's, an article's, one, all.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use crate::claim::{ArticleId, Claim, ClaimId, Context, SpeakerId};
use crate::span::Span;

use super::codec::{self, ClaimRow, ReadingRow, VersionRow};
use super::keys::{self, DOCUMENTS, Key, Parts, part};
use super::rows::{attribution, content_text, date};
use super::view::Place;
use super::{Record, StoreError};

/// So many articles of a speaker are read at once, on all cores.
const AT_ONCE: usize = 64;

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

/// A version of an article with the reading that counts.
pub(super) struct Document {
    pub(super) state: VersionRow,
    pub(super) text: String,
    pub(super) reading: ReadingRow,
}

impl Document {
    /// Returns whom each referent was taken for.
    pub(super) fn speakers(&self) -> BTreeMap<(String, u8), u32> {
        let referents = self.reading.claims.iter().filter_map(|claim| claim.referent.as_ref().zip(claim.speaker));
        referents.map(|(referent, speaker)| ((referent.name.clone(), referent.sort), speaker)).collect()
    }
}

impl Record {
    /// Reads all of a version.
    pub(super) fn document(&self, number: u32, version: u32) -> Result<Document, StoreError> {
        let missing = || self.damaged("an article's state is missing");
        self.document_if(number, version, |_| true)?.ok_or_else(missing)
    }

    /// Reads all of a version in one walk over its rows, where its state is one that is wanted.
    pub(super) fn document_if(
        &self,
        number: u32,
        version: u32,
        wanted: impl FnOnce(&VersionRow) -> bool,
    ) -> Result<Option<Document>, StoreError> {
        let (low, high) = keys::document(number, version).range();
        let mut rows = self.engine.scan(&low, &high, false);
        let missing = || self.damaged("an article's state is missing");
        let (key, value) = rows.next().ok_or_else(missing)??;
        if key != keys::state(number, version) {
            return Err(missing());
        }
        let state: VersionRow = self.readable("an article's state", codec::decode(&value))?;
        if !wanted(&state) {
            return Ok(None);
        }
        let counts = keys::reading(number, version, state.reading_at(self.as_of)).end();
        let (mut text, mut reading) = (Vec::new(), Vec::new());
        for row in rows {
            let (key, value) = row?;
            if key.get(9) == Some(&part::TEXT) {
                text.push(value);
            } else if key.starts_with(&counts) {
                reading.push(value);
            }
        }
        let text = self.readable("an article's text", codec::decode_chunks(&text))?;
        let reading = self.readable("an article's claims", codec::decode_chunks(&reading))?;
        Ok(Some(Document { state, text, reading }))
    }

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
    pub(super) fn standing_of(&self, number: u32, latest: u32) -> Result<Option<u32>, StoreError> {
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
            let mut places = places.into_iter();
            std::iter::from_fn(move || {
                let some: Vec<Place> = places.by_ref().take(AT_ONCE).collect();
                let read = |&(_, number, version): &Place| {
                    let owned = |claim: &ClaimRow| {
                        let owner = view.overlay.owner(claim.id, claim.speaker)?;
                        (owner.0 == root).then(|| (owner, name.clone()))
                    };
                    Ok(claims_of(self.document(number, version)?, version, owned))
                };
                let read: Vec<Result<Vec<Claim>, StoreError>> = some.par_iter().map(read).collect();
                (!some.is_empty()).then_some(read)
            })
            .flatten()
            .flat_map(|read| match read {
                Ok(claims) => claims.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        });
        failed.into_iter().chain(claims)
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
        self.claims_of_all(self.document(number, version)?, version, &mut BTreeMap::new())
    }

    /// Returns the claims of a version, whoever's they are; names that were looked up are kept for the next.
    pub(super) fn claims_of_all(
        &self,
        whole: Document,
        version: u32,
        names: &mut BTreeMap<SpeakerId, String>,
    ) -> Result<Vec<Claim>, StoreError> {
        let view = self.view()?;
        for claim in &whole.reading.claims {
            if let Some(owner) = view.overlay.owner(claim.id, claim.speaker)
                && let Entry::Vacant(place) = names.entry(owner)
            {
                place.insert(self.shown_name(&view, owner.0)?);
            }
        }
        Ok(claims_of(whole, version, |claim| {
            let owner = view.overlay.owner(claim.id, claim.speaker)?;
            Some((owner, names.get(&owner).cloned().unwrap_or_default()))
        }))
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

/// Returns the claims of a version that `owned` gives a speaker.
fn claims_of(
    Document { state, text, reading }: Document,
    version: u32,
    owned: impl Fn(&ClaimRow) -> Option<(SpeakerId, String)>,
) -> Vec<Claim> {
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
    claims
}
