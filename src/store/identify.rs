//! Who the speakers of an article are, and what the article tells of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::attribution::{Referent, Sort};
use crate::claim::{ArticleId, SpeakerId};
use crate::pipeline::Extraction;
use crate::speaker::identity::{Identity, Known, Occasion, identify, outlets_decide};
use crate::speaker::name::{forms, name_key};

use super::change::Change;
use super::codec::{self, IdentityRow};
use super::keys::{self, Key, NAMES};
use super::read::Document;
use super::rows::{cut, gender, sort};
use super::view::View;
use super::{Record, StoreError};

/// Most forms of a name, and most roles, that are kept of one speaker: a row stays below the engine's limit.
pub(super) const MOST_FORMS: usize = 24;

impl Record {
    /// Decides who each referent is: by name, one decision for all its attributions.
    pub(super) fn identify_all(
        &self,
        extraction: &Extraction,
        article: ArticleId,
        prior: Option<&Document>,
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
}

/// Returns a speaker that nothing decides on only because it is known under several numbers that count as one.
fn one_of(undecided: &Identity, view: &View) -> Option<u32> {
    let Identity::Open { candidates, .. } = undecided else { return None };
    let roots: BTreeSet<u32> = candidates.iter().map(|id| view.overlay.root(id.0)).collect();
    roots.first().copied().filter(|_| roots.len() == 1 && candidates.len() > 1)
}

/// Key under which a form of a name finds speakers; one without a name is found from its own article alone.
pub(super) fn name_row(form: &str, sort: Sort, article: ArticleId) -> Key {
    let key = Key::new(NAMES).bytes(cut(form).as_bytes()).u8(0);
    if sort == Sort::Unnamed { key.u8(1).bytes(&article.0) } else { key.u8(0) }
}

/// What tells the referents of one article apart.
pub(super) fn referent_key(referent: &Referent) -> (String, u8) {
    (referent.name.clone(), referent.sort as u8)
}
