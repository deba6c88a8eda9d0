//! Whom a source means: names, titles, nouns and pronouns of one article brought together.
//!
//! The names of the article are found first and brought together (`entities`), full ones before short ones, so that a
//! short name finds the full one wherever it stands. Then the sources are read in the order of the text; each one that is
//! understood becomes a turn, and turns weigh when a later pronoun or noun asks who is meant. How sure the rules are goes
//! through one curve for each way of finding a speaker ([`certainty`]); a source that stays below [`FLOOR`] keeps no
//! speaker: none is better than a wrong one.

mod carried;
pub mod certainty;
mod entities;
mod entity;
mod epithet;
mod meant;
mod mentions;
mod nouns;
mod order;
mod roles;
mod scene;
mod sources;
mod words;

use std::collections::HashSet;

use self::carried::carried;
use self::certainty::{Way, confidence};
use self::entities::Cast;
use self::nouns::{describe_text, of_noun, trim_end};
use self::order::{Place, reading_order};
use self::scene::{Scene, Turn};
use self::sources::Head;
use self::words::Words;
use super::{Attribution, Referent, Sort};
use crate::lexicon::cues::CueLexicon;
use crate::lexicon::names;
use crate::text::Document;

/// Sureness, by the rules' own measure, below which a source keeps no speaker.
pub const FLOOR: f32 = 0.5;

/// Whom a source is taken to mean, and what that rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whom, with the confidence that the curve of the way gives.
    pub referent: Referent,
    /// By what it was found.
    pub way: Way,
    /// How sure the rules are by their own measure, 0 to 1; the curve starts from it.
    pub sureness: f32,
}

/// Finds the speaker of each attribution and sets it; one that is not clear is set to `None`.
///
/// `title` and `byline` are what the input names apart from the text; a name may stand in full in the title only. The
/// byline's names are nobody's words, so they are not looked at.
pub fn resolve(document: &Document<'_>, title: Option<&str>, _byline: Option<&str>, attributions: &mut [Attribution]) {
    let readings = readings(document, title, attributions);
    for (attribution, reading) in attributions.iter_mut().zip(readings) {
        attribution.speaker = reading.filter(|r| r.sureness >= FLOOR).map(|r| r.referent);
    }
}

/// Finds whom the source of each attribution means, those below [`FLOOR`] included.
pub fn readings(document: &Document<'_>, title: Option<&str>, attributions: &[Attribution]) -> Vec<Option<Reading>> {
    if attributions.is_empty() {
        return Vec::new();
    }
    let words = Words::new(document);
    let mut mentions = mentions::find(&words);
    let forced: HashSet<usize> =
        attributions.iter().flat_map(|a| a.source.iter()).flat_map(|s| words.under(*s)).collect();
    mentions.sort_by_key(|m| m.start);
    let (headline, headline_roles) = title.map(read_headline).unwrap_or_default();
    let mut cast = Cast::new(&words, mentions, &|k| forced.contains(&k), &headline);
    cast.tell_places(&words, &|k| forced.contains(&k));
    cast.read_roles(&words);
    for (surname, role) in headline_roles {
        cast.add_role_of(&surname, role);
    }
    // Who is asked in an interview stands in its headline.
    let interviewed = only_person_of(&headline, &cast);
    let mut scene = Scene::new(&words, cast);
    let order = reading_order(&words, attributions);
    let mut found: Vec<Option<(usize, f32)>> = vec![None; attributions.len()];
    let mut ways: Vec<Way> = vec![Way::Carried; attributions.len()];
    for place in &order {
        let attribution = &attributions[place.index];
        let parent = place.parent.and_then(|p| found[p]).map(|(e, _)| e);
        let answer =
            if attribution.source.is_empty() { None } else { of_source(&mut scene, attribution, place, parent) };
        if let Some((entity, sureness, way)) = answer {
            found[place.index] = Some((entity, sureness));
            ways[place.index] = way;
            if place.depth == 0 && sureness >= FLOOR && !words.quoted(place.token) {
                scene.turns.insert(place.token, Turn { token: place.token, entity });
            }
        }
    }
    for (n, place) in order.iter().enumerate() {
        if attributions[place.index].source.is_empty() {
            let mut answer = carried(&scene, attributions, &order, n, &found);
            if answer.is_none() && is_answer(&words, place.token) {
                answer = interviewed.map(|entity| (entity, INTERVIEWED));
                // The headline has the name in full.
                ways[place.index] = Way::FullName;
            }
            if let Some((entity, sureness)) = answer {
                found[place.index] = Some((entity, sureness));
                if place.depth == 0 && sureness >= FLOOR {
                    scene.turns.entry(place.token).or_insert(Turn { token: place.token, entity });
                }
            }
        }
    }
    let read = |(found, way): (Option<(usize, f32)>, Way)| {
        let (entity, sureness) = found?;
        Some(Reading { referent: referent(&scene, entity, confidence(way, sureness)), way, sureness })
    };
    found.into_iter().zip(ways).map(read).collect()
}

/// How sure it is that the one person of a headline is the one who answers.
const INTERVIEWED: f32 = 0.7;

/// Returns the person of a headline that names one.
fn only_person_of(headline: &[Vec<String>], cast: &Cast) -> Option<usize> {
    let [name] = headline else { return None };
    let low: Vec<String> = name.iter().map(|word| names::fold(word)).collect();
    cast.entities.iter().position(|entity| entity.low == low)
}

/// Tells whether the paragraph around a token is an answer: `A. Yes.`
fn is_answer(words: &Words<'_>, token: usize) -> bool {
    let first = (0..=token).rev().take_while(|k| words.block(*k) == words.block(token)).last().unwrap_or(token);
    words.text_at(first) == "A." || words.text_at(first) == "A" && words.text_at(first + 1) == "."
}

/// Most names that are read from a headline.
const HEADLINE_NAMES: usize = 32;

/// Returns the full names of people in a headline, as words, and the roles that it gives to surnames.
fn read_headline(title: &str) -> (Vec<Vec<String>>, Vec<(String, String)>) {
    let document = Document::read(title);
    let words = Words::new(&document);
    let (mut full, mut roles) = (Vec::new(), Vec::new());
    for m in mentions::find(&words).into_iter().take(HEADLINE_NAMES) {
        if m.looks == mentions::Looks::Person && (2..=4).contains(&(m.end - m.core)) {
            full.push((m.core..m.end).map(|k| words.text_at(k).to_string()).collect());
        }
        let before = roles::role_before(&words, m.start);
        if let Some(role) = before.or(m.title_role.map(|(phrase, _)| phrase)) {
            roles.push((words.low(m.end - 1).to_string(), role));
        }
    }
    (full, roles)
}

/// Resolves an attribution that names a source.
fn of_source(
    scene: &mut Scene<'_, '_>,
    attribution: &Attribution,
    place: &Place,
    parent: Option<usize>,
) -> Option<(usize, f32, Way)> {
    let words = scene.words;
    let mut range = words.under(*attribution.source.first()?);
    if let Some(last) = attribution.source.last() {
        let tail = words.under(*last);
        // Pieces with only a mark or two between them are one phrase.
        if tail.start <= range.end + 2 {
            range.end = range.end.max(tail.end);
        }
    }
    let head = sources::read(words, &scene.cast, range.start, range.end)?;
    let by_head = way_of_head(&head);
    let (entity, sureness) = resolve_head(scene, head, place, parent)?;
    Some((entity, sureness, by_head.unwrap_or_else(|| way_of_entity(scene, entity, range))))
}

/// The way that the kind of head alone decides.
fn way_of_head(head: &Head) -> Option<Way> {
    match head {
        Head::Pronoun(_) => Some(Way::Pronoun),
        Head::It => Some(Way::It),
        Head::They => Some(Way::They),
        Head::First => Some(Way::First),
        Head::Relative(_) => Some(Way::Relative),
        Head::Name(_) | Head::Several { .. } | Head::Noun { .. } | Head::Nobody => None,
    }
}

/// The way by which a name or a noun within `range` led to an entity.
fn way_of_entity(scene: &Scene<'_, '_>, entity: usize, range: std::ops::Range<usize>) -> Way {
    let found = &scene.cast.entities[entity];
    if found.description.is_some() {
        return Way::Description;
    }
    let within = |m: &&usize| {
        let mention = &scene.cast.mentions[**m];
        range.contains(&mention.start) && mention.entity == entity
    };
    let Some(mention) = found.mentions.iter().find(within).map(|m| &scene.cast.mentions[*m]) else {
        return if found.sort() == Sort::Organisation { Way::Body } else { Way::Role };
    };
    let named = (mention.core..mention.end).filter(|k| !scene.words.low(*k).is_empty()).count();
    match () {
        () if named < found.low.len() => Way::ShortName,
        () if found.low.len() > 1 => Way::FullName,
        () => Way::OnlyName,
    }
}

fn resolve_head(scene: &mut Scene<'_, '_>, head: Head, place: &Place, parent: Option<usize>) -> Option<(usize, f32)> {
    let words = scene.words;
    let quoted = words.quoted(place.token);
    match head {
        Head::Name(e) => {
            let entity = &scene.cast.entities[e];
            let sure = if entity.low.len() > 1 { 0.96 } else { 0.88 };
            Some((e, sure))
        }
        Head::Pronoun(gender) => {
            let not = parent.filter(|_| quoted);
            let (e, sure) = scene.pronoun(place.token, gender, not)?;
            let entity = &mut scene.cast.entities[e];
            if entity.gender.is_none() && sure >= 0.7 {
                entity.gender = Some(gender);
                entity.person += 1;
            }
            Some((e, sure))
        }
        Head::It => scene.body(place.token, &|_| true),
        Head::They => {
            let block = words.block(place.token);
            let turn = scene.turns_before(place.token).next().copied()?;
            let sort = scene.cast.entities[turn.entity].sort();
            let near = block - words.block(turn.token) <= 1;
            (near && sort != Sort::Person).then_some((turn.entity, 0.7))
        }
        Head::First => parent.filter(|_| quoted).map(|e| (e, 0.85)),
        Head::Relative(at) => {
            let mut before = at.checked_sub(1)?;
            if words.low(before).is_empty() {
                before = before.checked_sub(1)?;
            }
            if let Some(m) = scene.cast.at.get(&before) {
                return Some((scene.cast.mentions[*m].entity, 0.88));
            }
            if names::is_function_word(words.low(before)) {
                return None;
            }
            let start = phrase_start(words, before);
            let head = sources::read(words, &scene.cast, start, before + 1)?;
            if matches!(head, Head::Relative(_) | Head::Nobody) {
                return None;
            }
            resolve_head(scene, head, place, parent).map(|(e, sure)| (e, sure * 0.9))
        }
        Head::Several { start, end } => {
            let end = trim_end(words, start, end);
            let e = scene.describe(describe_text(words, skip_preamble(words, start), end), Sort::Group, None);
            Some((e, 0.85))
        }
        Head::Noun { head, start, end } => of_noun(scene, head, start, end, place, parent),
        Head::Nobody => None,
    }
}

/// Walks back from a noun to where its phrase starts.
fn phrase_start(words: &Words<'_>, noun: usize) -> usize {
    let mut start = noun;
    while start > 0 && noun - start < 8 && words.sentence(start - 1) == words.sentence(noun) {
        let low = words.low(start - 1);
        // `Mr Roe tells voters who …`: the voters, not he.
        if low.is_empty() || CueLexicon::english().verbs(low).iter().any(|c| c.rest.is_empty() && c.takes('r')) {
            break;
        }
        start -= 1;
        if matches!(low, "the" | "a" | "an" | "his" | "her" | "their" | "its" | "some" | "several" | "one") {
            break;
        }
        if names::is_function_word(low) {
            start += 1;
            break;
        }
    }
    start
}

fn skip_preamble(words: &Words<'_>, start: usize) -> usize {
    if matches!(words.low(start), "both" | "but" | "and" | "while" | "as") { start + 1 } else { start }
}

fn referent(scene: &Scene<'_, '_>, e: usize, confidence: f32) -> Referent {
    let entity = &scene.cast.entities[e];
    let name = entity.display();
    Referent {
        sort: entity.sort(),
        gender: if matches!(entity.sort(), Sort::Person | Sort::Unnamed) { entity.gender } else { None },
        roles: entity.roles.clone(),
        aliases: entity.aliases.iter().filter(|a| **a != name).cloned().collect(),
        confidence: confidence.clamp(0.0, 1.0),
        name,
    }
}

#[cfg(test)]
mod tests;
