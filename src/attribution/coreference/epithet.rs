//! `the transport minister` after `Odile Marchand told …`, where the article never joins name and role in so many words.

use super::entity::{Entity, gender_fits};
use super::mentions::Mention;
use super::roles::role_gender;
use super::scene::Scene;
use crate::attribution::Sort;
use crate::lexicon::names;
use crate::text::BlockKind;

/// How sure such a reading is: it rests on there being nobody else.
const SURE: f32 = 0.66;

/// How many turns, and names since the last of them, are looked at.
const TURNS_BACK: usize = 300;
const MENTIONS_BACK: usize = 300;

/// Tokens back from a role to the sentence before its quotation.
const LONGEST_QUOTATION: usize = 200;

/// Returns the person who spoke last, where a definite role can hardly mean another one: nobody else has spoken or been
/// named since the article began to speak of that person, the article gives the person no other role, and the noun tells
/// what one is and not for whom one works.
pub(super) fn of_last_speaker(scene: &Scene<'_, '_>, token: usize, noun: &str) -> Option<(usize, f32)> {
    if is_relation(noun) {
        return None;
    }
    let words = scene.words;
    let last = scene.turns_before(token).next()?;
    if words.block(token) - words.block(last.token) > 1 {
        return None;
    }
    let entity = &scene.cast.entities[last.entity];
    // A mention that stands for nobody known names nobody.
    let named = |e: usize| {
        scene.cast.entities.get(e).is_some_and(|other| other.description.is_none() && other.sort() == Sort::Person)
    };
    if !named(last.entity) || !may_have_role(entity, noun) {
        return None;
    }
    let alone =
        scene.turns_before(token).take(TURNS_BACK).all(|turn| turn.entity == last.entity || !named(turn.entity));
    let from = scene.cast.mentions.partition_point(|m| m.start <= last.token);
    let since = scene.cast.mentions[from..].iter().take_while(|m| m.start < token);
    let nobody_since = since.take(MENTIONS_BACK).all(|m| m.entity == last.entity || !is_rival(scene, m));
    (alone && nobody_since).then_some((last.entity, SURE))
}

/// Returns the person whom such a role means before anybody has spoken: the only one whom the article has named so far, in
/// the block before or in this one, and without another role.
pub(super) fn of_only_person(scene: &Scene<'_, '_>, token: usize, noun: &str) -> Option<(usize, f32)> {
    if is_relation(noun) || scene.turns_before(token).next().is_some() {
        return None;
    }
    let words = scene.words;
    let told = |at: usize| matches!(words.kind_at(at), BlockKind::Prose) && !words.quoted(at);
    let people = (scene.cast.mentions.iter().take_while(|m| m.start < token).take(MENTIONS_BACK))
        .filter(|m| told(m.start) && is_rival(scene, m));
    let last = people.clone().last()?;
    let entity = &scene.cast.entities[last.entity];
    let near = words.block(token) - words.block(last.start) <= 1;
    let alone = people.clone().all(|m| m.entity == last.entity);
    (near && alone && is_known_person(entity) && may_have_role(entity, noun)).then_some((last.entity, SURE))
}

/// Returns the person of whom the sentence before speaks, in the same block: `Odile Marchand struck a drier note. “…,” the
/// minister said.` The sentence opens with the name and names nobody else, and the person has no other role.
pub(super) fn of_subject_before(scene: &Scene<'_, '_>, token: usize, noun: &str) -> Option<(usize, f32)> {
    let (words, cast) = (scene.words, &scene.cast);
    // The quotation between them may be several sentences.
    let unquoted = (0..token).rev().take(LONGEST_QUOTATION).take_while(|k| words.block(*k) == words.block(token));
    let last = unquoted.clone().find(|k| !words.quoted(*k) && words.sentence(*k) < words.sentence(token))?;
    let sentence = words.sentence(last);
    let own = unquoted.skip_while(|k| *k > last).take_while(|k| words.sentence(*k) == sentence && !words.quoted(*k));
    let first = own.last()?;
    let from = cast.mentions.partition_point(|m| m.start < first);
    let mut people = cast.mentions[from..].iter().take_while(|m| m.start <= last).filter(|m| is_rival(scene, m));
    let only = people.next().filter(|m| m.start == first)?;
    let entity = &cast.entities[only.entity];
    let alone = people.all(|m| m.entity == only.entity);
    (alone && is_known_person(entity) && may_have_role(entity, noun) && !is_relation(noun))
        .then_some((only.entity, SURE))
}

/// Tells whether a person may have the role of a noun: the article gives no other, and the noun shows no other gender.
fn may_have_role(entity: &Entity, noun: &str) -> bool {
    entity.roles.is_empty() && gender_fits(role_gender(noun), entity.gender)
}

/// Tells whether something shows that a name is a person's.
fn is_known_person(entity: &Entity) -> bool {
    entity.description.is_none() && entity.person > 0
}

/// Tells whether a mention may be of a person whom the role could mean. A lone word that nothing shows to be a person's name is
/// most often a place or a team: `Oldport`.
fn is_rival(scene: &Scene<'_, '_>, mention: &Mention) -> bool {
    scene
        .cast
        .entities
        .get(mention.entity)
        .is_some_and(|e| e.description.is_none() && e.sort() == Sort::Person && (e.person > 0 || e.low.len() > 1))
        && !is_role(scene, mention)
}

/// Tells whether what looks like a name is a role by itself: `MPs`.
fn is_role(scene: &Scene<'_, '_>, mention: &Mention) -> bool {
    let low = scene.words.low(mention.start);
    mention.end == mention.start + 1 && (names::role(low).is_some() || names::singular(low).is_some())
}

/// Tells whether a noun says for whom or about what one works, so that it mostly means another person than the one in view.
fn is_relation(noun: &str) -> bool {
    noun.starts_with("spokes")
        || matches!(
            noun,
            "lawyer"
                | "attorney"
                | "prosecutor"
                | "counsel"
                | "judge"
                | "aide"
                | "adviser"
                | "advisor"
                | "official"
                | "officer"
                | "analyst"
                | "expert"
                | "critic"
                | "reporter"
                | "journalist"
                | "interviewer"
                | "host"
                | "moderator"
                | "pollster"
                | "strategist"
                | "agent"
                | "doctor"
                | "colleague"
                | "friend"
                | "neighbour"
                | "neighbor"
                | "resident"
        )
}
