//! Where the record is taken from and put back to: it is held while pages are asked for, and free for other commands between.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::claim::{ArticleId, Claim, ClaimId, SpeakerId};
use crate::consistency::Finding;
use crate::findings;
use crate::store::{Access, Record, SpeakerSummary, Stats, StoreError};

/// What was read out of the record at one revision.
#[derive(Debug)]
pub struct Library {
    /// Which one.
    pub revision: (u64, u64),
    /// Counts.
    pub stats: Stats,
    /// Speakers, most claims first.
    pub speakers: Vec<SpeakerSummary>,
    /// Articles with claims, newest first, undated ones last.
    pub articles: Vec<ArticleLine>,
    /// Claims of each speaker, oldest first.
    claims: BTreeMap<SpeakerId, Arc<[Claim]>>,
    /// What outlets altered of each speaker's quotations after publishing them.
    edits: BTreeMap<SpeakerId, Vec<Finding>>,
    /// Whose a claim is, and which of theirs.
    places: BTreeMap<ClaimId, (SpeakerId, usize)>,
}

/// An article as a list shows it.
#[derive(Clone, Debug)]
pub struct ArticleLine {
    /// Identity.
    pub id: ArticleId,
    /// One of its claims, which knows title, outlet, day and address.
    pub of: ClaimId,
    /// How many claims it has.
    pub claims: usize,
}

impl Library {
    fn read(record: &Record) -> Result<Library, StoreError> {
        let speakers = record.speakers()?;
        let mut library = Library {
            revision: record.revision()?,
            stats: record.stats()?,
            speakers: Vec::new(),
            articles: Vec::new(),
            claims: BTreeMap::new(),
            edits: BTreeMap::new(),
            places: BTreeMap::new(),
        };
        let mut articles: BTreeMap<ArticleId, ArticleLine> = BTreeMap::new();
        for speaker in &speakers {
            let claims = record.claims(speaker.id).collect::<Result<Vec<Claim>, StoreError>>()?;
            for (n, claim) in claims.iter().enumerate() {
                library.places.insert(claim.id, (speaker.id, n));
                let line = ArticleLine { id: claim.article, of: claim.id, claims: 0 };
                articles.entry(claim.article).or_insert(line).claims += 1;
            }
            let edits = findings::edits(record, speaker.id)?;
            if !edits.is_empty() {
                library.edits.insert(speaker.id, edits);
            }
            library.claims.insert(speaker.id, claims.into());
        }
        library.speakers = speakers;
        library.articles = articles.into_values().collect();
        let mut lines = std::mem::take(&mut library.articles);
        lines.sort_by_cached_key(|line| (std::cmp::Reverse(library.claim(line.of).and_then(|c| c.date)), line.of));
        library.articles = lines;
        Ok(library)
    }

    /// Returns a speaker's claims, oldest first; none for an unknown speaker.
    pub fn claims(&self, speaker: SpeakerId) -> Arc<[Claim]> {
        self.claims.get(&speaker).cloned().unwrap_or_else(|| Arc::new([]))
    }

    /// Returns what outlets altered of a speaker's quotations.
    pub fn edits(&self, speaker: SpeakerId) -> &[Finding] {
        self.edits.get(&speaker).map_or(&[], Vec::as_slice)
    }

    /// Returns a claim that stands.
    pub fn claim(&self, id: ClaimId) -> Option<&Claim> {
        let (speaker, n) = self.places.get(&id)?;
        self.claims.get(speaker)?.get(*n)
    }

    /// Returns a speaker with claims.
    pub fn speaker(&self, id: SpeakerId) -> Option<&SpeakerSummary> {
        self.speakers.iter().find(|s| s.id == id)
    }

    /// Returns every claim that stands, speaker by speaker.
    pub fn all(&self) -> impl Iterator<Item = &Claim> {
        self.claims.values().flat_map(|claims| claims.iter())
    }
}

/// The record of a server.
pub struct Shelf {
    path: PathBuf,
    wait: Duration,
    held: Mutex<Held>,
    uses: AtomicU64,
}

#[derive(Default)]
struct Held {
    record: Option<Record>,
    library: Option<Arc<Library>>,
}

impl Shelf {
    /// Makes a shelf for the record in a folder; `wait` is how long another process may keep it.
    pub fn new(path: PathBuf, wait: Duration) -> Shelf {
        Shelf { path, wait, held: Mutex::default(), uses: AtomicU64::new(0) }
    }

    /// Asks the record, which is opened where it is not.
    pub fn ask<T>(&self, ask: impl FnOnce(&Record) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut held = self.held();
        ask(self.open(&mut held)?)
    }

    /// Changes the record, which is opened for writing.
    pub fn change<T>(&self, change: impl FnOnce(&Record) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut held = self.held();
        // A record that is not there any more is not made anew.
        self.open(&mut held)?;
        held.record = None;
        change(held.record.insert(Record::open(&self.path, Access::Write, self.wait)?))
    }

    /// Returns what the record holds now; it is read again only when something has changed.
    pub fn library(&self) -> Result<Arc<Library>, StoreError> {
        let mut held = self.held();
        let known = held.library.clone();
        let record = self.open(&mut held)?;
        let revision = record.revision()?;
        if let Some(library) = known.filter(|l| l.revision == revision) {
            return Ok(library);
        }
        let library = Arc::new(Library::read(record)?);
        held.library = Some(library.clone());
        Ok(library)
    }

    /// Counts how often the record was asked for.
    pub fn uses(&self) -> u64 {
        self.uses.load(Ordering::Relaxed)
    }

    /// Closes the record, unless it was asked for since `uses` was counted.
    pub fn put_back(&self, uses: u64) {
        let Ok(mut held) = self.held.try_lock() else { return };
        if self.uses() == uses {
            held.record = None;
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // What a panic leaves is a record that is open or not, and a library that is whole or not there.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open<'h>(&self, held: &'h mut Held) -> Result<&'h Record, StoreError> {
        let record = match held.record.take() {
            Some(record) => record,
            None => Record::open(&self.path, Access::Read, self.wait)?,
        };
        self.uses.fetch_add(1, Ordering::Relaxed);
        Ok(held.record.insert(record))
    }
}
