//! Whom a pronoun, a body's noun or a role means where it stands.

use std::collections::BTreeMap;

use super::entity::Entity;
use super::roles::is_role_noun;
use super::scene::Scene;
use crate::attribution::{Gender, Sort};
use crate::lexicon::names;
use crate::text::BlockKind;

/// How far back a pronoun looks, in blocks and in mentions.
const BLOCKS_BACK: i32 = 6;
const MENTIONS_BACK: usize = 60;

/// Points for opening the paragraph in which a pronoun stands.
const OPENS: f32 = 1.5;

impl Scene<'_, '_> {
    /// Whom `he` or `she` at `token` means, and how sure that is.
    pub fn pronoun(&self, token: usize, gender: Gender, not: Option<usize>) -> Option<(usize, f32)> {
        let words = self.words;
        let (block, sentence) = (words.block(token), words.sentence(token));
        let mut scores: BTreeMap<usize, f32> = BTreeMap::new();
        let mut offer = |e: usize, at: usize, extra: f32| {
            if Some(e) == not {
                return;
            }
            let entity = &self.cast.entities[e];
            let sort = entity.sort();
            if !matches!(sort, Sort::Person | Sort::Unnamed) || entity.gender.is_some_and(|g| g != gender) {
                return;
            }
            let far = (sentence - words.sentence(at)).clamp(0, 8) as f32;
            let blocks = (block - words.block(at)).clamp(0, 8) as f32;
            let mut score = extra - 1.2 * far.min(6.0) - 0.9 * blocks;
            score += match entity.gender {
                Some(_) => 2.5,
                None => 0.0,
            };
            score += match entity.person {
                1.. => 1.5,
                0 => -1.5,
                _ => -6.0,
            };
            score += 0.25 * entity.mentions.len().min(8) as f32;
            let best = scores.entry(e).or_insert(f32::MIN);
            *best = best.max(score);
        };
        let before = self.cast.mentions.partition_point(|m| m.start < token);
        for m in (before.saturating_sub(MENTIONS_BACK)..before).rev() {
            let mention = &self.cast.mentions[m];
            if mention.entity == usize::MAX {
                continue;
            }
            if block - words.block(mention.start) > BLOCKS_BACK {
                break;
            }
            let mut extra = 0.0;
            let at = mention.start;
            if words.quoted(at) && !words.quoted(token) {
                extra -= 3.0;
            }
            match words.kind_at(at) {
                BlockKind::Prose => {}
                BlockKind::Byline | BlockKind::Furniture | BlockKind::Caption => continue,
                _ => extra -= 2.0,
            }
            // The first name of its sentence is most often what the sentence is about.
            let first = m == 0
                || words.sentence(self.cast.mentions[m - 1].start) != words.sentence(at)
                || words.quoted(self.cast.mentions[m - 1].start) != words.quoted(at);
            if first {
                extra += 1.2;
                // Who opens the paragraph that the pronoun stands in took the stage after whoever spoke in the one before.
                let opens = words.block(at) == block && (at == 0 || words.block(at - 1) != block);
                if opens && !words.quoted(at) && sentence - words.sentence(at) <= 2 {
                    extra += OPENS;
                }
            }
            if matches!(
                words.low(at.wrapping_sub(1)),
                "of" | "for" | "with" | "by" | "from" | "in" | "to" | "about" | "at" | "against" | "on" | "told"
            ) {
                extra -= 1.4;
            }
            if words.low(mention.end) == "'s" {
                extra -= 0.8;
            }
            offer(mention.entity, at, extra);
        }
        for (at, e) in self.described.range(..token).rev().take(8) {
            offer(*e, *at, 0.6);
        }
        for (rank, turn) in self.turns_before(token).take(4).enumerate() {
            let blocks = block - words.block(turn.token);
            let near = blocks <= 1;
            let extra = match (rank, near) {
                (0, true) => 4.2,
                (0, false) => 2.0,
                (1, true) => 1.8,
                _ => 0.8,
            };
            offer(turn.entity, turn.token, extra);
        }
        let mut ranked: Vec<(usize, f32)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (e, score) = *ranked.first()?;
        if score < -6.0 {
            return None;
        }
        let margin = ranked.get(1).map_or(6.0, |(_, s)| score - s);
        let mut sure = 0.5 + 0.45 * (1.0 - (-margin / 2.2).exp());
        if score < -1.0 {
            sure -= 0.15;
        }
        if self.cast.entities[e].gender.is_none() {
            sure -= 0.08;
        }
        Some((e, sure))
    }

    /// Whom `it` or `the company` at `token` means: the nearest body that `fits`, one that spoke before others.
    pub fn body(&self, token: usize, fits: &dyn Fn(&Entity) -> bool) -> Option<(usize, f32)> {
        let block = self.words.block(token);
        for turn in self.turns_before(token).take(3) {
            let entity = &self.cast.entities[turn.entity];
            if entity.sort() == Sort::Organisation && fits(entity) && block - self.words.block(turn.token) <= 2 {
                return Some((turn.entity, 0.86));
            }
        }
        let before = self.cast.mentions.partition_point(|m| m.start < token);
        let mut best: Option<(f32, usize)> = None;
        for m in (before.saturating_sub(MENTIONS_BACK)..before).rev() {
            let mention = &self.cast.mentions[m];
            if mention.entity == usize::MAX {
                continue;
            }
            let entity = &self.cast.entities[mention.entity];
            let unclear = entity.person == 0 && entity.gender.is_none();
            if !(entity.sort() == Sort::Organisation || unclear) || !fits(entity) {
                continue;
            }
            let at = mention.start;
            let mut score = -((block - self.words.block(at)) as f32)
                - 0.5 * (self.words.sentence(token) - self.words.sentence(at)) as f32;
            if matches!(self.words.low(at.wrapping_sub(1)), "in" | "at" | "from" | "near" | "to" | "of" | "on" | "for")
            {
                score -= 2.0;
            }
            if entity.place {
                score -= 1.5;
            }
            score += 0.3 * entity.mentions.len().min(6) as f32;
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, mention.entity));
            }
        }
        best.filter(|(s, _)| *s > -7.0).map(|(s, e)| (e, if s > -1.5 { 0.7 } else { 0.58 }))
    }

    /// Whom `the minister` at `head` means; `modifiers` are the words that stand before and after the noun.
    pub fn by_role(&self, head: usize, noun: &str, modifiers: &[String]) -> Option<(usize, f32)> {
        let words = self.words;
        let mut ranked: Vec<(f32, usize)> = Vec::new();
        for (e, roles) in &self.roled {
            let entity = &self.cast.entities[*e];
            if entity.person < 0 {
                continue;
            }
            let mut fit = None;
            for low in roles {
                let same = low.iter().any(|w| w == noun || related(w, noun));
                if !same {
                    continue;
                }
                let shared = modifiers.iter().filter(|m| low.contains(m)).count();
                let rivals =
                    low.iter().filter(|w| *w != noun && !names::is_function_word(w) && !modifiers.contains(w)).count();
                let score = if modifiers.is_empty() {
                    1.0
                } else if shared == modifiers.len() {
                    2.5
                } else if shared > 0 {
                    1.2
                } else if rivals == 0 {
                    0.2
                } else {
                    continue;
                };
                fit = Some(fit.map_or(score, |f: f32| f.max(score)));
            }
            let Some(mut score) = fit else { continue };
            match entity.last_mention(&self.cast.mentions, head) {
                Some(m) => {
                    let gap = (words.block(head) - words.block(self.cast.mentions[m].start)).clamp(0, 8) as f32;
                    score += 2.0 - 0.4 * gap;
                }
                None => score -= 0.5,
            }
            if let Some(turn) = self.turns_before(head).next()
                && turn.entity == *e
            {
                score += 1.0;
            }
            ranked.push((score, *e));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (score, e) = *ranked.first()?;
        let margin = ranked.get(1).map_or(3.0, |(s, _)| score - s);
        Some((e, (0.6 + 0.32 * (1.0 - (-margin).exp())).min(0.92)))
    }
}

/// Tells whether one noun may stand for a person of the other role.
fn related(role: &str, noun: &str) -> bool {
    match noun {
        "lawmaker" | "legislator" => {
            matches!(role, "senator" | "congressman" | "congresswoman" | "representative" | "mp" | "rep" | "sen")
        }
        "politician" => matches!(
            role,
            "senator" | "mayor" | "governor" | "congressman" | "congresswoman" | "minister" | "candidate"
        ),
        "congressman" | "congresswoman" => matches!(role, "representative" | "rep"),
        "boss" | "executive" => matches!(role, "chief" | "executive" | "ceo"),
        "manager" | "trainer" => role == "coach",
        "coach" => role == "manager",
        "chairman" | "chairwoman" | "chair" | "chairperson" => matches!(role, "chair" | "chairman" | "chairwoman"),
        "spokesperson" => matches!(role, "spokesman" | "spokeswoman"),
        "lawyer" => matches!(role, "attorney" | "counsel" | "solicitor" | "barrister"),
        "attorney" => matches!(role, "lawyer" | "counsel"),
        "nominee" => role == "candidate",
        "candidate" | "hopeful" => role == "nominee",
        "judge" => role == "justice",
        "senator" => matches!(role, "sen" | "senators"),
        "governor" => matches!(role, "gov"),
        "representative" => matches!(role, "rep" | "congressman" | "congresswoman"),
        "officer" => matches!(role, "sergeant" | "constable" | "lieutenant"),
        _ => false,
    }
}

/// Tells whether a noun says of a person nothing but that it is one.
pub(super) fn is_plain_person(noun: &str) -> bool {
    matches!(
        noun,
        "man"
            | "woman"
            | "witness"
            | "veteran"
            | "politician"
            | "victim"
            | "player"
            | "boy"
            | "girl"
            | "writer"
            | "author"
            | "lawmaker"
            | "striker"
            | "businessman"
            | "billionaire"
            | "mogul"
            | "tycoon"
            | "suspect"
            | "defendant"
            | "star"
    ) || noun.ends_with("-year-old")
        || is_role_noun(noun) && matches!(noun, "leader" | "official" | "candidate" | "nominee")
}
