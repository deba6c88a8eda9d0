//! What people may do to the record. Each is one commit: the operation with its reason, and nothing of the articles changes.

use std::collections::BTreeSet;

use crate::attribution::Sort;
use crate::claim::ids::OperationId;
use crate::claim::{Claim, ClaimId, SpeakerId};
use crate::speaker::name::name_key;

use super::change::Change;
use super::codec::{self, IdentityRow};
use super::engine::MAX_OPS;
use super::identify::MOST_FORMS;
use super::keys::{Key, OPERATIONS};
use super::operation::{Operation, OperationRow, ReviewEntry, What};
use super::rows::{LONGEST_NAME, cut, put_chunks};
use super::speakers::SpeakerSummary;
use super::{Record, StoreError};

/// Longest reason, in bytes.
const LONGEST_WHY: usize = 8 << 10;

/// Longest verdict, in bytes.
const LONGEST_VERDICT: usize = 64;

/// What splitting a speaker made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitOff {
    /// The new speaker.
    pub speaker: SpeakerId,
    /// The operation.
    pub operation: Operation,
}

/// When and why something is done.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'w> {
    /// Milliseconds since 1970.
    pub at: i64,
    /// In the words of who does it.
    pub why: Option<&'w str>,
}

impl Record {
    /// Makes two speakers one: all claims of `from`, and those of later articles, are `into`'s.
    pub fn merge(&self, from: SpeakerId, into: SpeakerId, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let (from, into) = (self.speaker(from)?, self.speaker(into)?);
        if from.id == into.id {
            return Err(StoreError::Invalid(format!("{} ({}) is one speaker already", into.name, into.id)));
        }
        let says = format!(
            "{} ({}, {}) is {} ({}, {})",
            from.name,
            from.id,
            claims(from.claims as usize),
            into.name,
            into.id,
            claims(into.claims as usize)
        );
        self.operate(What::Merge { from: from.id.0, into: into.id.0 }, says, on)
    }

    /// Makes a new speaker of some claims of another; without a name it takes that of the claims' source.
    pub fn split(
        &self,
        from: SpeakerId,
        split: &[ClaimId],
        name: Option<&str>,
        on: Occasion<'_>,
    ) -> Result<SplitOff, StoreError> {
        self.writable()?;
        let whole = self.speaker(from)?;
        let wanted: BTreeSet<ClaimId> = split.iter().copied().collect();
        let mut own: Vec<Claim> = Vec::new();
        for claim in self.claims(whole.id) {
            own.extend(Some(claim?).filter(|claim| wanted.contains(&claim.id)));
        }
        if let Some(stranger) = wanted.iter().find(|id| !own.iter().any(|claim| claim.id == **id)) {
            return Err(StoreError::Invalid(format!("{stranger} is no claim of {} ({})", whole.name, whole.id)));
        }
        if own.is_empty() {
            return Err(StoreError::Invalid("no claim is named that is to be split off".into()));
        }
        if own.len() as u32 >= whole.claims {
            let what = "these are all claims of";
            return Err(StoreError::Invalid(format!("{what} {} ({}): nothing would be left", whole.name, whole.id)));
        }
        let referents = || own.iter().filter_map(|claim| claim.attribution.speaker.as_ref());
        let fullest = referents().map(|r| r.name.as_str()).max_by_key(|n| (n.split_whitespace().count(), n.len()));
        let name = fitting("the name", name.or(fullest).unwrap_or(&whole.name))?;
        let mut identity = IdentityRow {
            name: name.clone(),
            sort: whole.sort as u8,
            gender: referents().find_map(|r| r.gender).map(|g| g as u8),
            ..IdentityRow::default()
        };
        for (seen, kept) in [
            (referents().flat_map(|r| &r.roles).collect::<Vec<_>>(), &mut identity.roles),
            (referents().flat_map(|r| &r.aliases).collect(), &mut identity.aliases),
        ] {
            for words in seen.into_iter().map(|words| cut(words)) {
                if words != name && !kept.contains(&words) && kept.len() < MOST_FORMS {
                    kept.push(words);
                }
            }
        }
        let mut change = Change::at(self.counters()?, on.at);
        let new = change.new_speaker(identity);
        let split: Vec<u64> = wanted.iter().map(|id| id.0).collect();
        let says = format!(
            "{} of {} ({}) {} {name} (s{new}), who is someone else: {}",
            claims(split.len()),
            whole.name,
            whole.id,
            if split.len() == 1 { "is that of" } else { "are those of" },
            listed(&wanted)
        );
        let what = What::Split { from: whole.id.0, new, name, claims: split };
        Ok(SplitOff { speaker: SpeakerId(new), operation: self.enter(change, what, says, on)? })
    }

    /// Gives a speaker one more form of the name; later articles that use it mean this speaker.
    pub fn alias(&self, speaker: SpeakerId, name: &str, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let speaker = self.speaker(speaker)?;
        let name = fitting("the name", name)?;
        if name == speaker.name || speaker.aliases.contains(&name) {
            return Err(StoreError::Invalid(format!("{} ({}) is called {name} already", speaker.name, speaker.id)));
        }
        self.is_nobody_elses(&name, &speaker)?;
        let says = format!("{} ({}) is also called {name}", speaker.name, speaker.id);
        self.operate(What::Alias { speaker: speaker.id.0, name }, says, on)
    }

    /// Changes the name that a speaker is shown under; the old one still finds the speaker.
    pub fn rename(&self, speaker: SpeakerId, name: &str, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let speaker = self.speaker(speaker)?;
        let name = fitting("the name", name)?;
        if name == speaker.name {
            return Err(StoreError::Invalid(format!("{} is named {name} already", speaker.id)));
        }
        self.is_nobody_elses(&name, &speaker)?;
        let says = format!("{} ({}) is shown as {name}", speaker.name, speaker.id);
        self.operate(What::Rename { speaker: speaker.id.0, name }, says, on)
    }

    /// Refuses a name that another speaker on record has: two of one name could not be told apart, and who is the same is merged.
    fn is_nobody_elses(&self, name: &str, speaker: &SpeakerSummary) -> Result<(), StoreError> {
        let (view, wanted) = (self.view()?, name_key(name));
        for root in self.called(&view, name)? {
            let other = self.summary(&view, root)?;
            // A part of another's name, and what a description calls many, is free.
            let named = std::iter::once(&other.name).chain(&other.aliases).any(|form| name_key(form) == wanted);
            if named && other.id != speaker.id && other.claims > 0 && other.sort != Sort::Unnamed {
                let (by, id) = (other.name, other.id);
                return Err(StoreError::Taken { name: name.to_string(), by, id, wanted_for: speaker.id });
            }
        }
        Ok(())
    }

    /// Gives one claim to another speaker, or to one where the article did not tell whose it is.
    pub fn reattribute(&self, claim: ClaimId, to: SpeakerId, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let to = self.speaker(to)?;
        let (from, text) = self.owner_and_text(claim)?;
        if from == Some(to.id) {
            return Err(StoreError::Invalid(format!("{claim} is {}'s ({}) already", to.name, to.id)));
        }
        let before = match from {
            Some(from) => {
                let from = self.speaker(from)?;
                format!("not {}'s ({})", from.name, from.id)
            }
            None => "which was nobody's".to_string(),
        };
        let says = format!("{claim} “{}” is {}'s ({}), {before}", shortened(&text), to.name, to.id);
        self.operate(What::Reattribute { claim: claim.0, from: from.map(|s| s.0), to: to.id.0 }, says, on)
    }

    /// Enters a person's verdict on a finding.
    pub fn review(&self, review: ReviewEntry, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let verdict = review.verdict.trim();
        if verdict.is_empty() || verdict.len() > LONGEST_VERDICT || verdict.chars().any(char::is_control) {
            let what = "a verdict is one or a few words";
            return Err(StoreError::Invalid(format!("{what}, up to {LONGEST_VERDICT} bytes")));
        }
        let [a, b] = &review.sides;
        let (id, a, b) = (&review.finding, shortened(&a.text), shortened(&b.text));
        let says = format!("finding {id} is {verdict}: “{a}” against “{b}”");
        let review = ReviewEntry { verdict: verdict.to_string(), ..review };
        self.operate(What::Review(review), says, on)
    }

    /// Takes an operation back; without a number the last one that stands and is no taking back itself.
    pub fn undo(&self, operation: Option<OperationId>, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let log = self.operations()?;
        let found = match operation {
            Some(id) => log.iter().find(|entry| entry.id == id),
            None => log.iter().rev().find(|entry| {
                entry.undone_by.is_none() && entry.what.can_be_undone() && !matches!(entry.what, What::Undo { .. })
            }),
        };
        let Some(entry) = found else {
            return Err(match operation {
                Some(id) => StoreError::Unknown(format!("operation {id}")),
                None => StoreError::Invalid("there is no operation that could be taken back".into()),
            });
        };
        if let Some(by) = entry.undone_by {
            return Err(StoreError::Invalid(format!("{} was taken back by {by} already", entry.id)));
        }
        if !entry.what.can_be_undone() {
            let what = "reading the articles again cannot be taken back";
            return Err(StoreError::Invalid(format!("{what}; `--as-of` shows what was on record before")));
        }
        let says = format!("{} is taken back: {}", entry.id, entry.says);
        self.operate(What::Undo { operation: entry.id.0 }, says, on)
    }

    /// Notes that the articles were read again.
    pub fn note_refresh(&self, engine: &str, articles: u64, changed: u64, at: i64) -> Result<Operation, StoreError> {
        let says = format!("{articles} articles were read again; {changed} of them read differently now");
        let what = What::Refresh { engine: engine.to_string(), articles, changed };
        self.operate(what, says, Occasion { at, why: None })
    }

    fn operate(&self, what: What, says: String, on: Occasion<'_>) -> Result<Operation, StoreError> {
        self.writable()?;
        self.enter(Change::at(self.counters()?, on.at), what, says, on)
    }

    /// Writes an operation with all that belongs to it in one commit, and returns when it would outlive a power cut.
    fn enter(&self, mut change: Change, what: What, says: String, on: Occasion<'_>) -> Result<Operation, StoreError> {
        let why = on.why.map(str::trim).filter(|why| !why.is_empty());
        if let Some(why) = why.filter(|why| why.len() > LONGEST_WHY) {
            return Err(StoreError::TooLarge { what: "the reason".into(), size: why.len(), limit: LONGEST_WHY });
        }
        let id = OperationId(change.counters.next_operation);
        change.counters.next_operation += 1;
        let row = OperationRow { at: change.counters.last_at, what, says, why: why.map(str::to_string) };
        let chunks = codec::encode_chunks(&row);
        if chunks.len() > MAX_OPS / 2 {
            return Err(StoreError::TooLarge { what: "the operation".into(), size: chunks.len(), limit: MAX_OPS / 2 });
        }
        put_chunks(&mut change.batch, &Key::new(OPERATIONS).u64(id.0).end(), chunks);
        self.commit_change(change, "the operation")?;
        self.forget_view();
        self.sync()?;
        let OperationRow { at, what, says, why } = row;
        Ok(Operation { id, at, what, says, why, undone_by: None })
    }
}

fn claims(count: usize) -> String {
    if count == 1 { "1 claim".to_string() } else { format!("{count} claims") }
}

fn listed(ids: &BTreeSet<ClaimId>) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<String> = ids.iter().take(SHOWN).map(|id| id.to_string()).collect();
    if ids.len() > SHOWN {
        names.push(format!("and {} more", ids.len() - SHOWN));
    }
    names.join(" ")
}

/// The beginning of a text on one line, for sentences.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// Refuses a name that is none.
fn fitting(what: &str, name: &str) -> Result<String, StoreError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(char::is_alphanumeric) || name.chars().any(char::is_control) {
        return Err(StoreError::Invalid(format!("`{name}` is no name")));
    }
    match name.len() {
        size if size > LONGEST_NAME => Err(StoreError::TooLarge { what: what.to_string(), size, limit: LONGEST_NAME }),
        _ => Ok(name),
    }
}
