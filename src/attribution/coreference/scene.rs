//! The article's cast in motion: who spoke last, whom a pronoun or a noun means here.

use std::collections::{BTreeMap, HashMap};

use super::entities::Cast;
use super::entity::Entity;
use super::roles::role_gender;
use super::words::Words;
use crate::attribution::{Gender, Sort};
use crate::lexicon::names;
use crate::text::BlockKind;

/// Someone who spoke, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub token: usize,
    pub entity: usize,
}

/// Who is on stage.
pub(super) struct Scene<'w, 't> {
    pub words: &'w Words<'t>,
    pub cast: Cast,
    /// Turns outside quotations, in order of their place.
    pub turns: BTreeMap<usize, Turn>,
    /// People described but not named, by where they stand.
    pub described: BTreeMap<usize, usize>,
    by_description: BTreeMap<String, usize>,
    /// Names of the cast by their words, and by all of them; of two with the same name, the first.
    by_word: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, usize>,
    /// People with roles, and the folded words of each role.
    pub roled: Vec<(usize, Vec<Vec<String>>)>,
}

/// Most people with roles whom a noun may mean.
const MOST_ROLED: usize = 400;

impl<'w, 't> Scene<'w, 't> {
    pub fn new(words: &'w Words<'t>, cast: Cast) -> Self {
        let mut scene = Scene {
            words,
            cast,
            turns: BTreeMap::new(),
            described: BTreeMap::new(),
            by_description: BTreeMap::new(),
            by_word: HashMap::new(),
            by_name: HashMap::new(),
            roled: Vec::new(),
        };
        scene.look_up_cast();
        scene.learn_genders();
        scene.find_relatives();
        scene.find_subjects();
        scene
    }

    /// Orders the cast for looking up; names and roles do not change any more.
    fn look_up_cast(&mut self) {
        for (e, entity) in self.cast.entities.iter().enumerate() {
            self.by_name.entry(entity.low.join(" ")).or_insert(e);
            let mut words: Vec<&String> = entity.low.iter().collect();
            words.sort();
            words.dedup();
            for word in words {
                self.by_word.entry(word.clone()).or_default().push(e);
            }
            if !entity.roles.is_empty() && self.roled.len() < MOST_ROLED {
                self.roled.push((e, entity.roles.iter().map(|role| role_words(role)).collect()));
            }
        }
    }

    /// Returns the body with a folded word in its name, where there is just one.
    pub fn only_body_named(&self, word: &str) -> Option<usize> {
        let mut bodies = self.by_word.get(word)?.iter().copied().filter(|e| self.cast.entities[*e].person < 0);
        let only = bodies.next()?;
        bodies.next().is_none().then_some(only)
    }

    /// Returns the one of the cast with that folded name.
    pub fn named(&self, low: &str) -> Option<usize> {
        self.by_name.get(low).copied()
    }

    /// Learns genders from pronouns that can mean but one person.
    fn learn_genders(&mut self) {
        let mut votes: BTreeMap<usize, i32> = BTreeMap::new();
        let mut last: Option<(i32, usize, bool)> = None;
        for (k, word) in self.words.list.iter().enumerate() {
            if word.quoted || self.words.kind_at(k) != BlockKind::Prose {
                continue;
            }
            if let Some(m) = self.cast.at.get(&k)
                && self.cast.mentions[*m].start == k
            {
                let e = self.cast.mentions[*m].entity;
                if self.cast.entities[e].person >= 0 && !self.cast.entities[e].place {
                    let alone = !last.is_some_and(|(s, other, _)| s == word.sentence as i32 && other != e);
                    last = Some((word.sentence as i32, e, alone));
                }
                continue;
            }
            let vote = match word.low.as_str() {
                "he" | "his" | "him" | "himself" => 1,
                "she" | "her" | "herself" => -1,
                _ => continue,
            };
            if let Some((sentence, e, true)) = last
                && word.sentence as i32 - sentence <= 1
            {
                *votes.entry(e).or_default() += vote;
            }
        }
        for (e, vote) in votes {
            let entity = &mut self.cast.entities[e];
            if entity.gender.is_none() && vote.abs() >= 1 {
                entity.gender = Some(if vote > 0 { Gender::M } else { Gender::F });
                entity.person += 1;
            }
        }
    }

    /// Finds `Jane Roe’s husband` and the like, who may be meant by a pronoun later.
    fn find_relatives(&mut self) {
        for k in 2..self.words.list.len() {
            let low = self.words.low(k);
            if self.words.low(k - 1) != "'s" || self.words.quoted(k) || names::role(low).is_none() {
                continue;
            }
            let Some(gender) = role_gender(low) else { continue };
            let Some(&m) = self.cast.at.get(&(k - 2)) else { continue };
            if self.cast.at.contains_key(&(k + 1))
                || self.words.mark(k + 1) == "," && self.cast.at.contains_key(&(k + 2))
            {
                continue;
            }
            let name = format!(
                "{}{} {}",
                self.cast.entities[self.cast.mentions[m].entity].display(),
                self.words.text_at(k - 1),
                self.words.text_at(k)
            );
            let e = self.describe(name, Sort::Unnamed, Some(gender));
            self.described.insert(k, e);
        }
    }

    /// Finds nouns that open a sentence, `The harbour master pours the tea`: a pronoun may mean them.
    fn find_subjects(&mut self) {
        let mut k = 0;
        while k + 2 < self.words.list.len() {
            let start = k;
            k += 1;
            let opens = self.words.get(start).is_some_and(|w| w.opens && !w.quoted);
            if !opens
                || !matches!(self.words.low(start), "the" | "a" | "an")
                || self.words.kind_at(start) != BlockKind::Prose
            {
                continue;
            }
            let Some(head) = (start + 1..start + 5).find(|h| names::role(self.words.low(*h)).is_some()) else {
                continue;
            };
            let plain =
                (start + 1..head).all(|h| !self.words.low(h).is_empty() && !names::is_function_word(self.words.low(h)));
            let named = self.cast.at.contains_key(&(head + 1))
                || self.words.mark(head + 1) == ","
                || names::role(self.words.low(head + 1)).is_some();
            if !plain || named || names::singular(self.words.low(head)).is_some() {
                continue;
            }
            let noun = self.words.low(head).to_string();
            let modifiers: Vec<String> = (start + 1..head).map(|h| self.words.low(h).to_string()).collect();
            let e = match self.by_role(head, &noun, &modifiers) {
                Some((e, _)) if self.words.low(start) == "the" => e,
                _ => {
                    let text = self.words.phrase(start, head + 1);
                    self.describe(text, Sort::Unnamed, role_gender(&noun))
                }
            };
            self.described.insert(head, e);
        }
    }

    /// Returns the entity for a description, made where there is none yet.
    pub fn describe(&mut self, description: String, sort: Sort, gender: Option<Gender>) -> usize {
        let key = format!("{sort:?} {}", names::fold(&description));
        if let Some(e) = self.by_description.get(&key) {
            return *e;
        }
        let e = self.cast.entities.len();
        let person = if sort == Sort::Unnamed { 1 } else { -3 };
        self.cast.entities.push(Entity {
            description: Some(description),
            fixed: Some(sort),
            gender,
            person,
            ..Entity::default()
        });
        self.by_description.insert(key, e);
        e
    }

    /// Returns the last turns before a token, nearest first.
    pub fn turns_before(&self, token: usize) -> impl Iterator<Item = &Turn> {
        self.turns.range(..token).rev().map(|(_, t)| t)
    }
}

/// The words of a role, folded, without possessives and marks at their ends.
fn role_words(role: &str) -> Vec<String> {
    role.split(|c: char| c.is_whitespace() || c == '-')
        .map(|w| names::fold(names::without_possessive(w.trim_matches(|c: char| !c.is_alphanumeric()))))
        .collect()
}
