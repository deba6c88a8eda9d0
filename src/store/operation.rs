//! What people did to the record: merges, renames, reviews. Kept as a log and laid over what the articles say when it is read,
//! so that re-reading the articles cannot lose it, taking it back is one entry more, and any earlier day can be seen again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::claim::ids::OperationId;
use crate::claim::{ArticleId, ClaimId, SpeakerId};
use crate::speaker::name::name_key;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number.
    pub id: OperationId,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// What was done.
    pub what: What,
    /// The same in one plain sentence, with the names of that day.
    pub says: String,
    /// Why, in the words of who did it.
    pub why: Option<String>,
    /// The later entry that took it back.
    pub undone_by: Option<OperationId>,
}

/// An entry as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationRow {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// What was done.
    pub what: What,
    /// In words.
    pub says: String,
    /// Why.
    pub why: Option<String>,
}

/// What was done. The order of the variants and of their fields is part of the written format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Two speakers are one.
    Merge {
        /// The one that goes.
        from: u32,
        /// The one that stays.
        into: u32,
    },
    /// Some claims of a speaker are another's, who is new.
    Split {
        /// Whose they were.
        from: u32,
        /// The new speaker.
        new: u32,
        /// The new speaker's name.
        name: String,
        /// Which claims.
        claims: Vec<u64>,
    },
    /// Another form of a speaker's name, for later articles too.
    Alias {
        /// Whose.
        speaker: u32,
        /// The form.
        name: String,
    },
    /// The name to show.
    Rename {
        /// Whose.
        speaker: u32,
        /// The name.
        name: String,
    },
    /// One claim is another speaker's.
    Reattribute {
        /// Which.
        claim: u64,
        /// Whose it was, where anybody's.
        from: Option<u32>,
        /// Whose it is.
        to: u32,
    },
    /// A verdict on a finding.
    Review(ReviewEntry),
    /// An operation is taken back.
    Undo {
        /// Which.
        operation: u64,
    },
    /// All articles were read again.
    Refresh {
        /// By which engine.
        engine: String,
        /// How many articles were read.
        articles: u64,
        /// How many of them read differently now.
        changed: u64,
    },
}

/// A verdict on a finding, with the two statements it was given on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEntry {
    /// Id of the finding.
    pub finding: String,
    /// Whether the finding says that the two are the same, and not that they differ.
    pub repeat: bool,
    /// `accepted`, `rejected` or other words.
    pub verdict: String,
    /// The earlier statement and the later one.
    pub sides: [ReviewedSide; 2],
}

/// One statement that a verdict was given on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedSide {
    /// Its article.
    pub article: [u8; 16],
    /// Its number then.
    pub claim: u64,
    /// Its words.
    pub text: String,
}

impl What {
    /// Returns the speakers that it names.
    pub(super) fn speakers(&self) -> Vec<u32> {
        match self {
            What::Merge { from, into } => vec![*from, *into],
            What::Split { from, new, .. } => vec![*from, *new],
            What::Alias { speaker, .. } | What::Rename { speaker, .. } => vec![*speaker],
            What::Reattribute { from, to, .. } => from.iter().copied().chain([*to]).collect(),
            What::Review(_) | What::Undo { .. } | What::Refresh { .. } => Vec::new(),
        }
    }

    /// Returns the claims that it names.
    pub(super) fn claims(&self) -> Vec<u64> {
        match self {
            What::Split { claims, .. } => claims.clone(),
            What::Reattribute { claim, .. } => vec![*claim],
            What::Review(review) => review.sides.iter().map(|side| side.claim).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the command's word for it.
    pub fn name(&self) -> &'static str {
        match self {
            What::Merge { .. } => "merge",
            What::Split { .. } => "split",
            What::Alias { .. } => "alias",
            What::Rename { .. } => "rename",
            What::Reattribute { .. } => "reattribute",
            What::Review(_) => "review",
            What::Undo { .. } => "undo",
            What::Refresh { .. } => "refresh",
        }
    }

    /// Tells whether it can be taken back.
    pub fn can_be_undone(&self) -> bool {
        !matches!(self, What::Refresh { .. })
    }
}

impl ReviewedSide {
    /// Returns the article.
    pub fn article(&self) -> ArticleId {
        ArticleId(self.article)
    }
}

/// Marks the entries that later ones took back. An undo can itself be undone, and then it counts for nothing.
pub fn mark_undone(log: &mut [Operation]) {
    let mut undone: BTreeMap<u64, OperationId> = BTreeMap::new();
    // Backwards: whether an undo holds is settled before what it takes back is reached.
    for entry in log.iter_mut().rev() {
        entry.undone_by = undone.get(&entry.id.0).copied();
        if let What::Undo { operation } = entry.what
            && entry.undone_by.is_none()
            && operation < entry.id.0
        {
            undone.insert(operation, entry.id);
        }
    }
}

/// The corrections that hold at one moment.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    merged: BTreeMap<u32, u32>,
    members: BTreeMap<u32, BTreeSet<u32>>,
    /// Claims that corrections gave to someone else.
    pub moved: BTreeMap<u64, u32>,
    arrived: BTreeMap<u32, BTreeSet<u64>>,
    renamed: BTreeMap<u32, String>,
    aliases: BTreeMap<u32, Vec<String>>,
    by_name: BTreeMap<String, BTreeSet<u32>>,
    /// Names that are one speaker's because a person said so.
    given: BTreeMap<String, BTreeSet<u32>>,
    split_off: BTreeMap<u32, String>,
    /// Reviews that hold, oldest first.
    pub reviews: Vec<(i64, Option<String>, ReviewEntry)>,
}

impl Overlay {
    /// Lays the entries that hold over each other, oldest first.
    pub fn of(log: &[Operation]) -> Overlay {
        let mut overlay = Overlay::default();
        for entry in log {
            match (&entry.what, entry.undone_by) {
                (_, None) => overlay.apply(entry),
                // Later corrections may have given this speaker claims: the name still finds it then.
                (What::Split { new, name, .. }, Some(_)) => overlay.find_by(name, *new),
                _ => {}
            }
        }
        for speaker in overlay.merged.keys().copied().collect::<Vec<_>>() {
            let root = overlay.root(speaker);
            overlay.members.entry(root).or_default().insert(speaker);
        }
        for (claim, speaker) in overlay.moved.iter().map(|(c, s)| (*c, *s)).collect::<Vec<_>>() {
            let root = overlay.root(speaker);
            overlay.arrived.entry(root).or_default().insert(claim);
        }
        overlay
    }

    fn apply(&mut self, entry: &Operation) {
        match &entry.what {
            // After an undo further back a merge may have nothing left to do, or would bite its own tail.
            What::Merge { from, into } if self.root(*from) != self.root(*into) => {
                self.merged.insert(self.root(*from), *into);
            }
            What::Merge { .. } | What::Undo { .. } | What::Refresh { .. } => {}
            What::Split { new, name, claims, .. } => {
                self.find_by(name, *new);
                self.split_off.insert(*new, name_key(name));
                for claim in claims {
                    self.moved.insert(*claim, *new);
                }
            }
            What::Alias { speaker, name } => {
                self.aliases.entry(*speaker).or_default().push(name.clone());
                self.give(name, *speaker);
            }
            What::Rename { speaker, name } => {
                self.renamed.insert(*speaker, name.clone());
                self.give(name, *speaker);
            }
            What::Reattribute { claim, to, .. } => {
                self.moved.insert(*claim, *to);
            }
            What::Review(review) => self.reviews.push((entry.at, entry.why.clone(), review.clone())),
        }
    }

    fn give(&mut self, name: &str, speaker: u32) {
        self.find_by(name, speaker);
        self.given.entry(name_key(name)).or_default().insert(speaker);
    }

    fn find_by(&mut self, name: &str, speaker: u32) {
        self.by_name.entry(name_key(name)).or_default().insert(speaker);
    }

    /// Returns whom a speaker counts as.
    pub fn root(&self, speaker: u32) -> u32 {
        let mut root = speaker;
        while let Some(next) = self.merged.get(&root) {
            root = *next;
        }
        root
    }

    /// Returns all who count as this speaker, itself first.
    pub fn group(&self, root: u32) -> Vec<u32> {
        let others = self.members.get(&root).into_iter().flatten().copied();
        std::iter::once(root).chain(others).collect()
    }

    /// Returns the name that a person gave a speaker.
    pub fn renamed(&self, speaker: u32) -> Option<&str> {
        self.renamed.get(&speaker).map(String::as_str)
    }

    /// Returns the forms of a speaker's name that people added.
    pub fn aliases(&self, speaker: u32) -> &[String] {
        self.aliases.get(&speaker).map_or(&[], Vec::as_slice)
    }

    /// Returns the speakers that people gave a name, as they count today.
    pub fn called(&self, name_key: &str) -> BTreeSet<u32> {
        self.by_name.get(name_key).into_iter().flatten().map(|speaker| self.root(*speaker)).collect()
    }

    /// Returns the one speaker whose this name is because a person said so: the one it was given to, whomever that one counts as
    /// today, so that taking a merge back takes back what it did to later articles too.
    pub fn given(&self, name: &str) -> Option<u32> {
        let named = self.given.get(&name_key(name))?;
        let first = *named.first()?;
        named.iter().all(|speaker| self.root(*speaker) == self.root(first)).then_some(first)
    }

    /// Returns the speakers that were split off under a name: no article has taught the record to find them.
    pub fn split_off<'o>(&'o self, name_key: &'o str) -> impl Iterator<Item = u32> + 'o {
        self.split_off.iter().filter(move |(_, name)| name.as_str() == name_key).map(|(speaker, _)| *speaker)
    }

    /// Returns whose a claim is, given whom the engine took for its speaker.
    pub fn owner(&self, claim: u64, engine: Option<u32>) -> Option<SpeakerId> {
        let speaker = self.moved.get(&claim).copied().or(engine)?;
        Some(SpeakerId(self.root(speaker)))
    }

    /// Returns the claims that corrections gave to a speaker.
    pub fn arrived(&self, root: u32) -> impl Iterator<Item = ClaimId> + '_ {
        self.arrived.get(&root).into_iter().flatten().map(|claim| ClaimId(*claim))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(whats: Vec<What>) -> Vec<Operation> {
        let entry = |(n, what)| Operation {
            id: OperationId(n),
            at: n as i64,
            what,
            says: String::new(),
            why: None,
            undone_by: None,
        };
        let mut log: Vec<Operation> = (1..).zip(whats).map(entry).collect();
        mark_undone(&mut log);
        log
    }

    #[test]
    fn an_undone_undo_counts_for_nothing() {
        let merge = What::Merge { from: 2, into: 1 };
        let taken_back = log(vec![merge.clone(), What::Undo { operation: 1 }]);
        assert_eq!(Overlay::of(&taken_back).root(2), 2);
        let again = log(vec![merge, What::Undo { operation: 1 }, What::Undo { operation: 2 }]);
        assert_eq!(Overlay::of(&again).root(2), 1);
        let by: Vec<Option<u64>> = again.iter().map(|o| o.undone_by.map(|id| id.0)).collect();
        assert_eq!(by, [None, Some(3), None]);
    }

    #[test]
    fn merges_never_bite_their_tail() {
        // 2 → 1 is taken back, 1 → 2 is done, and then the first comes back.
        let log = log(vec![
            What::Merge { from: 2, into: 1 },
            What::Undo { operation: 1 },
            What::Merge { from: 1, into: 2 },
            What::Undo { operation: 2 },
        ]);
        let overlay = Overlay::of(&log);
        assert_eq!((overlay.root(1), overlay.root(2)), (1, 1));
        assert_eq!(overlay.group(1), [1, 2]);
    }

    #[test]
    fn the_last_owner_counts() {
        let log = log(vec![
            What::Split { from: 1, new: 3, name: "Ada".into(), claims: vec![10, 11] },
            What::Reattribute { claim: 11, from: Some(3), to: 4 },
        ]);
        let overlay = Overlay::of(&log);
        assert_eq!(overlay.owner(10, Some(1)), Some(SpeakerId(3)));
        assert_eq!(overlay.owner(11, Some(1)), Some(SpeakerId(4)));
        assert_eq!(overlay.owner(12, Some(1)), Some(SpeakerId(1)));
        assert_eq!(overlay.arrived(3).collect::<Vec<_>>(), [ClaimId(10)]);
    }
}
