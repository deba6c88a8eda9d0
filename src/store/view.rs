//! The corrections laid over the articles: who counts as whom, under which name, with which claims.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::claim::ids::OperationId;
use crate::claim::{ArticleId, ClaimId, SpeakerId};
use crate::speaker::name::{lookup_keys, name_key};

use super::codec::{self, IdentityRow, SpeakerRow, WasRow};
use super::keys::{self, BY_SPEAKER, CLAIMS, IDENTITIES, Key, OPERATIONS, Parts};
use super::operation::{Operation, OperationRow, Overlay, mark_undone};
use super::rows::{cut, date};
use super::speakers::SpeakerSummary;
use super::{Record, StoreError};

/// The overlay, and what follows from it.
#[derive(Debug, Default)]
pub struct View {
    /// The corrections that hold.
    pub overlay: Arc<Overlay>,
    /// Whom the engine took for the speaker of each claim that was given to someone else.
    donors: OnceLock<BTreeSet<u32>>,
}

/// Where claims stand: day as in keys, article, version.
pub type Place = (u32, u32, u32);

impl Record {
    /// Returns the log, oldest first, up to the moment that the record is read at.
    pub fn operations(&self) -> Result<Vec<Operation>, StoreError> {
        let (low, high) = Key::new(OPERATIONS).range();
        let mut chunks: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
        for row in self.engine.scan(&low, &high, false) {
            let (key, value) = row?;
            let number = Parts(key.get(1..).unwrap_or(&[])).u64().ok_or_else(|| self.damaged("an operation's key"))?;
            chunks.entry(number).or_default().push(value);
        }
        let mut log = Vec::new();
        for (number, chunks) in chunks {
            let row: OperationRow = self.readable("an operation", codec::decode_chunks(&chunks))?;
            if self.as_of.is_some_and(|at| row.at > at) {
                break;
            }
            let OperationRow { at, what, says, why } = row;
            log.push(Operation { id: OperationId(number), at, what, says, why, undone_by: None });
        }
        mark_undone(&mut log);
        Ok(log)
    }

    pub(super) fn view(&self) -> Result<Arc<View>, StoreError> {
        let held = |lock: &Option<Arc<View>>| lock.clone();
        // An overlay is replaced as a whole, so a panic elsewhere under the lock leaves nothing half done.
        if let Some(view) = held(&self.overlay.read().unwrap_or_else(|poisoned| poisoned.into_inner())) {
            return Ok(view);
        }
        let view = Arc::new(View { overlay: Arc::new(Overlay::of(&self.operations()?)), donors: OnceLock::new() });
        *self.overlay.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(view.clone());
        Ok(view)
    }

    pub(super) fn forget_view(&self) {
        *self.overlay.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = None;
    }

    /// Forgets what of the view follows from the articles, after one was added or read again: a claim that a person moved may be
    /// another's by the engine now, or stand no more.
    pub(super) fn forget_donors(&self) {
        let mut held = self.overlay.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(view) = held.as_ref().filter(|view| !view.overlay.moved.is_empty()) {
            *held = Some(Arc::new(View { overlay: view.overlay.clone(), donors: OnceLock::new() }));
        }
    }

    /// Returns whom the engine takes for the speakers of the claims that corrections moved: their counts are off by these.
    fn donors<'v>(&self, view: &'v View) -> Result<&'v BTreeSet<u32>, StoreError> {
        if let Some(donors) = view.donors.get() {
            return Ok(donors);
        }
        let mut articles: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
        for claim in view.overlay.moved.keys() {
            if let Some(number) = self.article_of(ClaimId(*claim))? {
                articles.entry(number).or_default().insert(*claim);
            }
        }
        let mut donors = BTreeSet::new();
        for (number, claims) in articles {
            let Some(version) = self.standing_version(number)? else { continue };
            let reading = self.reading_row(number, version)?;
            donors.extend(reading.claims.iter().filter(|c| claims.contains(&c.id)).filter_map(|c| c.speaker));
        }
        Ok(view.donors.get_or_init(|| donors))
    }

    /// Returns the number of the article that a claim was first found in.
    pub(super) fn article_of(&self, claim: ClaimId) -> Result<Option<u32>, StoreError> {
        let low = Key::new(CLAIMS).end();
        let Some(after) = claim.0.checked_add(1) else { return Ok(None) };
        let Some(row) = self.engine.scan(&low, &Key::new(CLAIMS).u64(after).end(), true).next() else {
            return Ok(None);
        };
        let (number, _): (u32, u32) = self.readable("a claim's place", codec::decode(&row?.1))?;
        Ok(Some(number))
    }

    /// Returns whose a claim is and what it says, of the latest version of its article that has it.
    pub(super) fn owner_and_text(&self, claim: ClaimId) -> Result<(Option<SpeakerId>, String), StoreError> {
        let unknown = || StoreError::Unknown(format!("claim {claim}"));
        let view = self.view()?;
        let number = self.article_of(claim)?.ok_or_else(unknown)?;
        let standing = self.standing_version(number)?.ok_or_else(unknown)?;
        for version in (1..=standing).rev() {
            let reading = self.reading_row(number, version)?;
            if let Some(row) = reading.claims.iter().find(|row| row.id == claim.0) {
                let text = self.text(number, version)?;
                let pieces = row.content.iter().filter_map(|&(s, e)| text.get(s as usize..e as usize));
                let words = pieces.collect::<Vec<_>>().join(" … ");
                return Ok((view.overlay.owner(row.id, row.speaker), words));
            }
        }
        Err(unknown())
    }

    /// Returns the places that hold claims of a speaker, oldest first.
    pub(super) fn places(&self, view: &View, root: u32) -> Result<BTreeSet<Place>, StoreError> {
        let mut places = BTreeSet::new();
        for member in view.overlay.group(root) {
            let (low, high) = Key::new(BY_SPEAKER).u32(member).range();
            for row in self.engine.scan(&low, &high, false) {
                let (key, value) = row?;
                let place = keys::appearance(&key).ok_or_else(|| self.damaged("a speaker's list"))?;
                let stands = match self.as_of {
                    None => self.readable("a speaker's list", codec::open(&value))? == keys::LIVE,
                    Some(_) => self.standing_version(place.1)? == Some(place.2),
                };
                if stands {
                    places.insert(place);
                }
            }
        }
        for claim in view.overlay.arrived(root) {
            let Some(number) = self.article_of(claim)? else { continue };
            let Some(version) = self.standing_version(number)? else { continue };
            places.insert((keys::day(self.version_row(number, version)?.date), number, version));
        }
        Ok(places)
    }

    /// Returns the articles of more than one version in which a speaker has or had claims, each with how many versions it has.
    pub fn republished(&self, speaker: SpeakerId) -> Result<BTreeSet<(ArticleId, u32)>, StoreError> {
        let view = self.view()?;
        let root = view.overlay.root(speaker.0);
        let mut numbers = BTreeSet::new();
        for member in view.overlay.group(root) {
            let (low, high) = Key::new(BY_SPEAKER).u32(member).range();
            for row in self.engine.scan(&low, &high, false) {
                let (key, value) = row?;
                let Some((_, number, version)) = keys::appearance(&key) else { continue };
                // Of most articles there is one version, and its row says so.
                let only = version == 1 && self.readable("a speaker's list", codec::open(&value))? == keys::LIVE;
                numbers.extend((!only).then_some(number));
            }
        }
        for claim in view.overlay.arrived(root) {
            numbers.extend(self.article_of(claim)?);
        }
        let mut articles = BTreeSet::new();
        for number in numbers {
            if let Some(versions) = self.standing_version(number)?.filter(|versions| *versions > 1) {
                articles.insert((ArticleId(self.version_row(number, versions)?.article), versions));
            }
        }
        Ok(articles)
    }

    /// Returns who a speaker is by what the articles say, at the moment that the record is read at.
    pub(super) fn identity(&self, speaker: u32) -> Result<SpeakerRow, StoreError> {
        let mut row = self.speaker_row(speaker)?;
        if let Some(at) = self.as_of {
            // Rows are kept under the time until which they held: the first later one is it.
            let low = Key::new(IDENTITIES).u32(speaker).u64(keys::time(at.saturating_add(1))).end();
            let (_, high) = Key::new(IDENTITIES).u32(speaker).range();
            if let Some(was) = self.engine.scan(&low, &high, false).next() {
                let was: WasRow = self.readable("who a speaker was", codec::decode(&was?.1))?;
                row.identity.back_to(was);
            }
        }
        Ok(row)
    }

    /// Returns the name that a speaker is shown under.
    pub(super) fn shown_name(&self, view: &View, root: u32) -> Result<String, StoreError> {
        match view.overlay.renamed(root) {
            Some(name) => Ok(name.to_string()),
            None => Ok(self.identity(root)?.identity.name),
        }
    }

    /// Returns a speaker with all that corrections made of it.
    pub(super) fn summary(&self, view: &View, root: u32) -> Result<SpeakerSummary, StoreError> {
        let row = self.identity(root)?;
        let mut summary = SpeakerSummary {
            id: SpeakerId(root),
            name: view.overlay.renamed(root).map_or_else(|| row.identity.name.clone(), str::to_string),
            sort: super::rows::sort(row.identity.sort),
            gender: super::rows::gender(row.identity.gender),
            aliases: Vec::new(),
            roles: Vec::new(),
            claims: row.claims,
            articles: row.articles,
            first: row.first.and_then(date),
            last: row.last.and_then(date),
        };
        let group = view.overlay.group(root);
        for member in &group {
            let identity = if *member == root { row.identity.clone() } else { self.identity(*member)?.identity };
            let IdentityRow { name, aliases, roles, .. } = identity;
            let given = view.overlay.renamed(*member).map(str::to_string);
            let forms = given.into_iter().chain([name]).chain(aliases);
            for form in forms.chain(view.overlay.aliases(*member).iter().cloned()) {
                if form != summary.name && !summary.aliases.contains(&form) {
                    summary.aliases.push(form);
                }
            }
            for role in roles {
                if !summary.roles.contains(&role) {
                    summary.roles.push(role);
                }
            }
        }
        let corrected = !view.overlay.moved.is_empty() && {
            let donors = self.donors(view)?;
            group.iter().any(|member| donors.contains(member)) || view.overlay.arrived(root).next().is_some()
        };
        if self.as_of.is_some() || corrected || group.len() > 1 {
            self.count(view, &mut summary)?;
        }
        Ok(summary)
    }

    /// Counts a speaker's claims one by one, where the counts kept for the engine's reading do not tell.
    fn count(&self, view: &View, summary: &mut SpeakerSummary) -> Result<(), StoreError> {
        (summary.claims, summary.articles, summary.first, summary.last) = (0, 0, None, None);
        for (_, number, version) in self.places(view, summary.id.0)? {
            let state = self.version_row(number, version)?;
            let reading = self.reading_of(&state, number, version)?;
            let owned =
                reading.claims.iter().filter(|c| view.overlay.owner(c.id, c.speaker) == Some(summary.id)).count();
            if owned == 0 {
                continue;
            }
            summary.claims += owned as u32;
            summary.articles += 1;
            if let Some(day) = state.date.and_then(date) {
                summary.first = Some(summary.first.map_or(day, |first| first.min(day)));
                summary.last = Some(summary.last.map_or(day, |last| last.max(day)));
            }
        }
        Ok(())
    }

    /// Returns the speakers that a name may mean, as they count today.
    pub(super) fn called(&self, view: &View, name: &str) -> Result<BTreeSet<u32>, StoreError> {
        let mut roots = view.overlay.called(&name_key(name));
        for wanted in lookup_keys(name) {
            let (low, high) = Key::new(keys::NAMES).bytes(cut(&wanted).as_bytes()).u8(0).range();
            for row in self.engine.scan(&low, &high, false) {
                let number = row?.0.last_chunk::<4>().map(|n| u32::from_be_bytes(*n));
                roots.extend(number.map(|number| view.overlay.root(number)));
            }
        }
        Ok(roots)
    }
}
