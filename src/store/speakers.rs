//! Which speakers are on record, and which of them a name means.

use jiff::civil::Date;

use crate::attribution::{Gender, Sort};
use crate::claim::SpeakerId;
use crate::speaker::name::name_key;
use crate::speaker::nearness::near;

use super::codec::{self, SpeakerRow};
use super::keys::{Key, Parts, SPEAKERS};
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

impl Record {
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
}
