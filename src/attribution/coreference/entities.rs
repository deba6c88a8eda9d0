//! Names of one article brought together: who is who, under which names and in which roles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entity::{Entity, bare, gender_fits, initials, join_name, same_person};
use super::mentions::{Looks, Mention};
use super::roles::{role_after, role_ahead, role_before, role_gender};
use super::words::Words;
use crate::lexicon::names;

fn core_words(words: &Words<'_>, mention: &Mention) -> (Vec<String>, Vec<String>) {
    let mut name = Vec::new();
    let mut low = Vec::new();
    for k in mention.core..mention.end {
        let Some(word) = words.get(k) else { continue };
        name.push(word.text.to_string());
        if !word.low.is_empty() && word.low != "'s" {
            low.push(word.low.clone());
        }
    }
    (name, low)
}

/// Most people or bodies with one word in their names that a name is compared with.
const MOST_NAMESAKES: usize = 200;

/// The names of an article, brought together.
pub(super) struct Cast {
    pub entities: Vec<Entity>,
    pub mentions: Vec<Mention>,
    /// Mention that covers a token.
    pub at: BTreeMap<usize, usize>,
}

impl Cast {
    /// Brings mentions together; `forced` are the tokens that must be a name because a source starts there.
    pub fn new(
        words: &Words<'_>,
        mentions: Vec<Mention>,
        forced: &dyn Fn(usize) -> bool,
        headline: &[Vec<String>],
    ) -> Cast {
        let mut cast = Cast { entities: Vec::new(), mentions, at: BTreeMap::new() };
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        // Full names first, so that a short one finds the full one wherever it stands.
        for m in 0..cast.mentions.len() {
            let mention = cast.mentions[m].clone();
            let (name, low) = core_words(words, &mention);
            if low.len() < 2 || mention.weak || low.iter().all(|w| names::is_particle(w) || Some(w) == low.last()) {
                continue;
            }
            cast.place_full(m, &mention, name, low, &mut by_word);
        }
        for name in headline {
            let low: Vec<String> = name.iter().map(|w| names::fold(w)).collect();
            let known = cast.entities.iter().any(|e| same_person(&e.low, &low));
            if !known {
                let e = cast.entities.len();
                for word in &low {
                    by_word.entry(bare(word).to_string()).or_default().push(e);
                }
                cast.entities.push(Entity { name: name.clone(), low, person: 3, ..Entity::default() });
            }
        }
        for m in 0..cast.mentions.len() {
            if cast.mentions[m].entity == usize::MAX {
                cast.place_short(words, m, &mut by_word, forced);
            }
        }
        let placed: Vec<(usize, usize, usize)> = cast
            .mentions
            .iter()
            .enumerate()
            .filter(|(_, m)| m.entity != usize::MAX)
            .flat_map(|(i, m)| (m.start..m.end).map(move |k| (k, i, m.entity)))
            .collect();
        for (k, i, _) in placed {
            cast.at.insert(k, i);
        }
        cast.initials_in_brackets(words);
        cast
    }

    fn place_full(
        &mut self,
        m: usize,
        mention: &Mention,
        name: Vec<String>,
        low: Vec<String>,
        by_word: &mut HashMap<String, Vec<usize>>,
    ) {
        let last = low.iter().rev().find(|w| !matches!(w.as_str(), "jr" | "sr" | "ii" | "iii" | "iv"));
        let last = bare(last.map_or("", String::as_str)).to_string();
        let body = mention.looks == Looks::Body || mention.looks == Looks::Place;
        let found = by_word.get(&last).and_then(|list| {
            list.iter().copied().take(MOST_NAMESAKES).find(|e| {
                let entity = &self.entities[*e];
                if entity.low == low {
                    return true;
                }
                !body
                    && entity.person >= 0
                    && same_person(&entity.low, &low)
                    && gender_fits(entity.gender, mention.gender)
            })
        });
        let e = found.unwrap_or_else(|| {
            let e = self.entities.len();
            self.entities.push(Entity { name: name.clone(), low: low.clone(), ..Entity::default() });
            let mut keys: Vec<String> = low.iter().map(|w| bare(w).to_string()).collect();
            keys.push(last.clone());
            if let Some(initials) = initials(&name) {
                keys.push(initials);
            }
            keys.sort();
            keys.dedup();
            for key in keys {
                by_word.entry(key).or_default().push(e);
            }
            e
        });
        if low.len() > self.entities[e].low.len() && low.len() <= 5 {
            let old = self.entities[e].display();
            self.entities[e].name = name;
            self.entities[e].low = low;
            self.entities[e].add_alias(old);
        } else if low != self.entities[e].low {
            self.entities[e].add_alias(join_name(&name));
        }
        self.attach(m, e);
        self.entities[e].full += 1;
    }

    fn attach(&mut self, m: usize, e: usize) {
        let mention = &mut self.mentions[m];
        mention.entity = e;
        let entity = &mut self.entities[e];
        entity.mentions.push(m);
        match mention.looks {
            Looks::Person => entity.person += 3,
            Looks::Body => entity.person -= 3,
            Looks::Place => {
                entity.person -= 3;
                entity.place = true;
            }
            Looks::Unclear => {}
        }
        if entity.gender.is_none() {
            entity.gender = mention.gender;
        }
        if let Some((phrase, role)) = mention.title_role.clone() {
            entity.add_role(if phrase.split(' ').count() > 1 { phrase } else { role });
        }
    }

    fn place_short(
        &mut self,
        words: &Words<'_>,
        m: usize,
        by_word: &mut HashMap<String, Vec<usize>>,
        forced: &dyn Fn(usize) -> bool,
    ) {
        let mention = self.mentions[m].clone();
        let (name, low) = core_words(words, &mention);
        let Some(last) = low.last() else { return };
        let key = bare(last).to_string();
        let chosen = by_word.get(&key).and_then(|list| self.choose(words, &mention, &low, list));
        if let Some(e) = chosen {
            // `MARLOWE:` looks like initials, but is the person all the same.
            if mention.looks == Looks::Body {
                self.mentions[m].looks = Looks::Unclear;
            }
            let shown = words.phrase(mention.core.min(mention.start), mention.end);
            self.entities[e].add_alias(join_name(&name));
            if mention.core > mention.start && shown.split(' ').count() <= 4 {
                self.entities[e].add_alias(shown);
            }
            self.attach(m, e);
            return;
        }
        let is_source = (mention.start..mention.end).any(forced);
        if mention.weak && !(is_source && !last.ends_with('s') || low.len() > 1 && mention.looks == Looks::Person) {
            return;
        }
        let e = self.entities.len();
        self.entities.push(Entity { name, low: low.clone(), ..Entity::default() });
        let mut keys: Vec<String> = low.iter().map(|w| bare(w).to_string()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            by_word.entry(key).or_default().push(e);
        }
        self.attach(m, e);
    }

    /// Chooses whom a short name means among those that have the word in their names.
    fn choose(&self, words: &Words<'_>, mention: &Mention, low: &[String], list: &[usize]) -> Option<usize> {
        let single = low.last()?;
        let mut best: Option<(i32, usize)> = None;
        for &e in list.iter().take(MOST_NAMESAKES) {
            let entity = &self.entities[e];
            if low.len() > entity.low.len() && entity.low.len() > 1 {
                continue;
            }
            if mention.looks == Looks::Person && entity.person < 0 || !gender_fits(entity.gender, mention.gender) {
                continue;
            }
            let as_surname = bare(entity.surname()) == bare(single);
            let as_first = entity.low.first().map(|w| w == single).unwrap_or(false) && low.len() == 1;
            let as_initials = low.len() == 1 && initials(&entity.name).as_deref() == Some(single.as_str());
            let mut score = match () {
                () if entity.low == low => 60,
                () if as_initials => 45,
                () if entity.person >= 0 && as_surname => 50,
                () if entity.person < 0 && (as_surname || as_first) => 30,
                () if as_first && names::forename(single).is_some() && mention.title_role.is_none() => 20,
                () if as_first && entity.person <= 0 => 15,
                () => continue,
            };
            // `in Halvery` is the town, not Halvery City.
            let before = words.low(mention.start.wrapping_sub(1));
            if entity.person < 0 && !as_initials && entity.low != low {
                if matches!(before, "in" | "at" | "from" | "near" | "to" | "outside" | "across" | "into") {
                    continue;
                }
                if entity.place || names::country(single).is_some() {
                    continue;
                }
                // The common part of many names names nobody: `the Union` is left to the nouns.
                if names::body(single).is_some_and(|b| b.class != "media") && before != "the" {
                    continue;
                }
            }
            if mention.gender.is_some() && entity.gender == mention.gender {
                score += 8;
            }
            if let Some((_, role)) = &mention.title_role
                && entity.roles.iter().any(|r| names::fold(r).split(' ').any(|w| w == role))
            {
                score += 9;
            }
            // The one mentioned most and last, before this.
            let (seen, last) = entity.mentioned_before(&self.mentions, mention.start);
            score += seen.min(5) as i32;
            if let Some(last) = last {
                let gap = words.get(mention.start).map_or(0, |w| w.block) as i32
                    - words.get(self.mentions[last].start).map_or(0, |w| w.block) as i32;
                score += (4 - gap).clamp(0, 4);
            }
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, e));
            }
        }
        best.map(|(_, e)| e)
    }

    /// Joins `(MNF)` to the body named just before it.
    fn initials_in_brackets(&mut self, words: &Words<'_>) {
        let mut joined = BTreeSet::new();
        for m in 1..self.mentions.len() {
            let (start, end) = (self.mentions[m].start, self.mentions[m].end);
            if start < 2 || words.mark(start - 1) != "(" || words.mark(end) != ")" || end != start + 1 {
                continue;
            }
            let Some(&before) = self.at.get(&(start - 2)) else { continue };
            let (from, to) = (self.mentions[m].entity, self.mentions[before].entity);
            if from == to || from == usize::MAX || to == usize::MAX || self.entities[from].low.len() > 1 {
                continue;
            }
            let text = words.phrase(start, end);
            if !text.chars().all(|c| c.is_uppercase() || c == '.') {
                continue;
            }
            let moved = std::mem::take(&mut self.entities[from].mentions);
            for x in &moved {
                self.mentions[*x].entity = to;
            }
            self.entities[to].mentions.extend(moved);
            self.entities[to].add_alias(text);
            joined.insert(to);
        }
        for e in joined {
            let entity = &mut self.entities[e];
            entity.mentions.sort_unstable();
            entity.full = entity.mentions.len();
        }
    }

    /// Tells places apart: a name that nothing shows to be a person's, that never speaks and mostly stands after `in` or `at`.
    pub fn tell_places(&mut self, words: &Words<'_>, forced: &dyn Fn(usize) -> bool) {
        for entity in self.entities.iter_mut().filter(|e| e.person == 0 && e.gender.is_none() && e.fixed.is_none()) {
            let spoke = entity.mentions.iter().any(|m| {
                let mention = &self.mentions[*m];
                (mention.start..mention.end).any(forced)
            });
            let located = entity.mentions.iter().filter(|m| {
                let start = self.mentions[**m].start;
                let the = usize::from(words.low(start.wrapping_sub(1)) == "the");
                matches!(
                    words.low(start.wrapping_sub(1 + the)),
                    "in" | "at" | "near" | "across" | "throughout" | "outside" | "along" | "into" | "to"
                )
            });
            if !spoke && located.count() * 2 >= entity.mentions.len().max(1) {
                entity.person = -1;
            }
        }
    }

    /// Gives a role to the one person with this surname, if there is just one.
    pub fn add_role_of(&mut self, surname: &str, role: String) {
        let mut found = self.entities.iter_mut().filter(|e| e.person >= 0 && bare(e.surname()) == bare(surname));
        if let (Some(only), None) = (found.next(), found.next()) {
            only.add_role(role);
        }
    }

    /// Reads roles beside names: before it, after a comma, and in front of a comma.
    pub fn read_roles(&mut self, words: &Words<'_>) {
        for m in 0..self.mentions.len() {
            let mention = self.mentions[m].clone();
            if mention.entity == usize::MAX {
                continue;
            }
            let unclear_or_person = self.entities[mention.entity].person >= 0;
            if !unclear_or_person {
                continue;
            }
            let before = role_before(words, mention.start);
            let after = role_after(words, mention.end);
            let ahead = if words.mark(mention.start.wrapping_sub(1)) == "," {
                role_ahead(words, mention.start - 1)
            } else {
                None
            };
            let entity = &mut self.entities[mention.entity];
            for (role, strength) in [(before, 2), (after, 3), (ahead, 2)] {
                let Some(role) = role else { continue };
                if entity.gender.is_none() {
                    entity.gender = role_gender(&role);
                }
                entity.person += strength;
                entity.add_role(role);
            }
            if words.mark(mention.end) == ","
                && words
                    .list
                    .get(mention.end + 1)
                    .is_some_and(|w| w.text.len() <= 3 && w.text.parse::<u8>().is_ok_and(|n| n > 9))
                && matches!(words.mark(mention.end + 2), "," | "." | ")")
            {
                entity.person += 3;
            }
        }
    }
}
