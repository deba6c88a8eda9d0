//! Whom a source means: names, titles, nouns and pronouns of one article brought together.
//!
//! The names of the article are found first and brought together (`entities`), full ones before short ones, so that a
//! short name finds the full one wherever it stands. Then the sources are read in the order of the text; each one that is
//! understood becomes a turn, and turns weigh when a later pronoun or noun asks who is meant. A source that stays below
//! [`FLOOR`] keeps no speaker: none is better than a wrong one.

mod entities;
mod epithet;
mod mentions;
mod scene;
mod sources;
mod words;

use std::collections::HashSet;

use self::entities::{Cast, role_gender};
use self::scene::{Scene, Turn, is_plain_person};
use self::sources::Head;
use self::words::{Words, is_function_word};
use super::{Attribution, Gender, Referent, Sort};
use crate::lexicon::cues::CueLexicon;
use crate::lexicon::names;
use crate::text::Document;

/// Confidence below which a source keeps no speaker.
pub const FLOOR: f32 = 0.5;

/// Confidence from which a possessive pronoun's owner is believed.
const OWNER_FLOOR: f32 = 0.7;

/// Most words of a description; what follows is left out.
const DESCRIPTION_WORDS: usize = 16;

/// Finds the speaker of each attribution and sets it; one that is not clear is set to `None`.
///
/// `title` and `byline` are what the input names apart from the text; a name may stand in full in the title only. The
/// byline's names are nobody's words, so they are not looked at.
pub fn resolve(document: &Document<'_>, title: Option<&str>, _byline: Option<&str>, attributions: &mut [Attribution]) {
    if attributions.is_empty() {
        return;
    }
    let words = Words::new(document);
    let mut mentions = mentions::find(&words);
    let forced: HashSet<usize> =
        attributions.iter().flat_map(|a| a.source.iter()).flat_map(|s| words.under(*s)).collect();
    mentions.sort_by_key(|m| m.start);
    let (headline, headline_roles) = title.map(read_headline).unwrap_or_default();
    let mut cast = Cast::new(&words, mentions, &|k| forced.contains(&k), headline);
    cast.tell_places(&words, &|k| forced.contains(&k));
    cast.read_roles(&words);
    for (surname, role) in headline_roles {
        cast.add_role_of(&surname, role);
    }
    let mut scene = Scene::new(&words, cast);
    let order = reading_order(&words, attributions);
    let mut found: Vec<Option<(usize, f32)>> = vec![None; attributions.len()];
    for place in &order {
        let attribution = &attributions[place.index];
        let parent = place.parent.and_then(|p| found[p]).map(|(e, _)| e);
        let answer =
            if attribution.source.is_empty() { None } else { of_source(&mut scene, attribution, place, parent) };
        if let Some((entity, confidence)) = answer {
            found[place.index] = Some((entity, confidence));
            if place.depth == 0 && confidence >= FLOOR && !words.quoted(place.token) {
                scene.turns.insert(place.token, Turn { token: place.token, entity });
            }
        }
    }
    for (n, place) in order.iter().enumerate() {
        if attributions[place.index].source.is_empty() {
            let answer = carried(&scene, attributions, &order, n, &found);
            if let Some((entity, confidence)) = answer {
                found[place.index] = Some((entity, confidence));
                if place.depth == 0 && confidence >= FLOOR {
                    scene.turns.entry(place.token).or_insert(Turn { token: place.token, entity });
                }
            }
        }
    }
    for (attribution, found) in attributions.iter_mut().zip(found) {
        attribution.speaker =
            found.filter(|(_, confidence)| *confidence >= FLOOR).map(|(e, confidence)| referent(&scene, e, confidence));
    }
}

/// Returns the full names of people in a headline, as words, and the roles that it gives to surnames.
fn read_headline(title: &str) -> (Vec<Vec<String>>, Vec<(String, String)>) {
    let document = Document::read(title);
    let words = Words::new(&document);
    let (mut full, mut roles) = (Vec::new(), Vec::new());
    for m in mentions::find(&words) {
        if m.looks == mentions::Looks::Person && (2..=4).contains(&(m.end - m.core)) {
            full.push((m.core..m.end).map(|k| words.text_at(k).to_string()).collect());
        }
        let before = entities::role_before(&words, m.start);
        if let Some(role) = before.or(m.title_role.map(|(phrase, _)| phrase)) {
            roles.push((words.low(m.end - 1).to_string(), role));
        }
    }
    (full, roles)
}

/// Where an attribution stands: its first token, how deep inside other attributions' content, and in whose.
struct Place {
    index: usize,
    token: usize,
    depth: u32,
    parent: Option<usize>,
}

/// Puts attributions in reading order, outer ones first.
fn reading_order(words: &Words<'_>, attributions: &[Attribution]) -> Vec<Place> {
    let anchor = |a: &Attribution| {
        let first = a.source.first().or(a.cue.first()).or(a.content.first());
        first.map_or(0, |s| s.start)
    };
    // Every content span opens and closes; an attribution lies in those that are open where its source or cue stands.
    let mut contents: Vec<(u32, u32, usize)> =
        attributions.iter().enumerate().flat_map(|(i, a)| a.content.iter().map(move |s| (s.start, s.end, i))).collect();
    contents.sort_by_key(|(start, end, i)| (*start, std::cmp::Reverse(*end), *i));
    let mut anchors: Vec<(u32, usize)> = attributions.iter().enumerate().map(|(i, a)| (anchor(a), i)).collect();
    anchors.sort_unstable();
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut next = 0;
    let mut parents: Vec<Option<usize>> = vec![None; attributions.len()];
    for (at, i) in &anchors {
        while let Some((start, end, k)) = contents.get(next).filter(|(start, _, _)| start <= at) {
            let _ = start;
            open.retain(|(close, _)| close > at);
            open.push((*end, *k));
            next += 1;
        }
        open.retain(|(close, _)| close > at);
        let own_source = attributions[*i].source.is_empty() && attributions[*i].cue.is_empty();
        parents[*i] = open.iter().rev().find(|(_, k)| k != i && !own_source).map(|(_, k)| *k);
    }
    let depth_of = |i: usize| {
        let (mut depth, mut at) = (0u32, i);
        while let Some(parent) = parents[at] {
            depth += 1;
            at = parent;
            if depth > 8 {
                break;
            }
        }
        depth
    };
    let mut places: Vec<Place> = attributions
        .iter()
        .enumerate()
        .map(|(index, a)| Place {
            index,
            token: words.list.partition_point(|w| w.span.end <= anchor(a)),
            depth: depth_of(index),
            parent: parents[index],
        })
        .collect();
    places.sort_by_key(|p| (p.depth, p.token, p.index));
    places
}

/// Resolves an attribution that names a source.
fn of_source(
    scene: &mut Scene<'_, '_>,
    attribution: &Attribution,
    place: &Place,
    parent: Option<usize>,
) -> Option<(usize, f32)> {
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
    resolve_head(scene, head, place, parent)
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
            if is_function_word(words.low(before)) {
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
        if is_function_word(low) {
            start += 1;
            break;
        }
    }
    start
}

fn skip_preamble(words: &Words<'_>, start: usize) -> usize {
    if matches!(words.low(start), "both" | "but" | "and" | "while" | "as") { start + 1 } else { start }
}

fn trim_end(words: &Words<'_>, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start + 1 && words.low(end - 1).is_empty() && !matches!(words.text_at(end - 1), ")" | "’" | "'") {
        end -= 1;
    }
    end
}

fn describe_text(words: &Words<'_>, start: usize, end: usize) -> String {
    words.phrase(start, end.min(start + DESCRIPTION_WORDS).max(start))
}

/// Nouns for what is written and issued: behind them stands who issued it.
fn is_document(noun: &str) -> bool {
    matches!(
        noun,
        "statement"
            | "release"
            | "report"
            | "letter"
            | "document"
            | "documents"
            | "study"
            | "survey"
            | "poll"
            | "filing"
            | "lawsuit"
            | "complaint"
            | "memo"
            | "email"
            | "e-mail"
            | "tweet"
            | "post"
            | "book"
            | "article"
            | "transcript"
            | "ad"
            | "advertisement"
            | "speech"
            | "affidavit"
            | "indictment"
            | "review"
            | "paper"
            | "notice"
            | "emails"
            | "records"
            | "headline"
            | "story"
            | "papers"
            | "website"
            | "editorial"
            | "analysis"
            | "data"
            | "figures"
            | "page"
            | "video"
            | "message"
            | "testimony"
    )
}

/// Words with which no phrase for a speaker begins: `in early`, `when asked`, `by contrast`.
fn opens_no_phrase(low: &str) -> bool {
    matches!(
        low,
        "in" | "on"
            | "at"
            | "by"
            | "with"
            | "from"
            | "for"
            | "to"
            | "of"
            | "into"
            | "before"
            | "after"
            | "during"
            | "since"
            | "until"
            | "when"
            | "while"
            | "where"
            | "if"
            | "because"
            | "although"
            | "though"
            | "as"
            | "than"
            | "not"
            | "neither"
    )
}

/// Resolves a source whose head is a noun.
fn of_noun(
    scene: &mut Scene<'_, '_>,
    head: usize,
    start: usize,
    end: usize,
    place: &Place,
    parent: Option<usize>,
) -> Option<(usize, f32)> {
    let words = scene.words;
    let noun = words.low(head).to_string();
    let first = words.low(start).to_string();
    if opens_no_phrase(&first) {
        return None;
    }
    let end = trim_end(words, start, end);
    let definite = matches!(first.as_str(), "the" | "this" | "that" | "these" | "those");
    let indefinite = matches!(
        first.as_str(),
        "a" | "an" | "one" | "another" | "some" | "several" | "many" | "any" | "two" | "three"
    );
    let from = start + usize::from(definite || matches!(first.as_str(), "a" | "an"));
    // Whose: `his lawyer`, `its governor`, `Jane Roe’s husband`.
    let mut owner: Option<(String, usize)> = None;
    let possessive = matches!(first.as_str(), "his" | "her" | "its" | "their" | "my" | "our" | "your" | "whose");
    if possessive {
        let not = parent.filter(|_| words.quoted(place.token));
        let found = match first.as_str() {
            "his" => scene.pronoun(start, Gender::M, not),
            "her" => scene.pronoun(start, Gender::F, not),
            "its" => scene.body(start, &|_| true),
            "my" | "our" => not.map(|e| (e, 0.85)),
            _ => None,
        };
        owner = found
            .filter(|(_, sure)| *sure >= OWNER_FLOOR && head > start)
            .map(|(e, _)| (scene.cast.entities[e].display(), e));
        if matches!(first.as_str(), "its" | "their")
            && names::role(&noun).is_some()
            && let Some((e, sure)) = scene.by_role(head, &noun, &[])
            && sure >= OWNER_FLOOR
        {
            // `its governor`: the article has one.
            return Some((e, sure));
        }
    } else if let Some(&m) = scene.cast.at.get(&from) {
        let mention = &scene.cast.mentions[m];
        if words.low(mention.end) == "'s" && mention.end < head {
            owner = Some((scene.cast.entities[mention.entity].display(), mention.entity));
        }
    }
    let owned =
        |rest_from: usize| owner.as_ref().map(|(name, _)| format!("{name}’s {}", describe_text(words, rest_from, end)));
    let after_owner = if owner.is_some() {
        if possessive {
            start + 1
        } else {
            scene.cast.at.get(&from).map_or(start + 1, |m| scene.cast.mentions[*m].end + 1)
        }
    } else {
        start
    };
    if names::singular(&noun).is_some() || is_plural_pattern(&noun, &first) {
        if is_document(&noun) || possessive && owner.is_none() {
            return None;
        }
        let text = owned(after_owner).unwrap_or_else(|| describe_text(words, start, end));
        return Some((scene.describe(text, Sort::Group, None), 0.8));
    }
    if is_document(&noun) {
        if let Some((_, e)) = owner {
            return Some((e, 0.75));
        }
        if matches!(
            noun.as_str(),
            "statement" | "release" | "letter" | "email" | "e-mail" | "memo" | "tweet" | "post" | "speech"
        ) && !indefinite
            && let Some(turn) = scene.turns_before(place.token).next()
            && words.block(place.token) - words.block(turn.token) <= 1
        {
            return Some((turn.entity, 0.72));
        }
        let text = describe_text(words, start, end);
        return Some((scene.describe(text, Sort::Unnamed, None), 0.6));
    }
    if let Some(body) = names::body(&noun).filter(|_| names::role(&noun).is_none()) {
        return of_body_noun(scene, &noun, &body.class, head, start, from, end, owned(after_owner));
    }
    // What follows a comma or `who` tells more of the person but is no part of the role.
    let tail = (head + 1..end).find(|k| words.low(*k).is_empty() || words.low(*k) == "who").unwrap_or(end);
    let comma = (head + 1..end).find(|k| words.mark(*k) == ",").unwrap_or(end);
    let end = comma;
    let modifiers: Vec<String> = (from..head)
        .chain(head + 1..tail)
        .map(|k| words.low(k).to_string())
        .filter(|w| {
            !w.is_empty()
                && w != "'s"
                && !is_function_word(w)
                && !w.contains("-year-old")
                && !w.chars().all(|c| c.is_ascii_digit())
        })
        .collect();
    let gender = role_gender(&noun);
    if owner.is_none() && !indefinite {
        if names::role(&noun).is_some()
            && let Some((e, sure)) = scene.by_role(head, &noun, &modifiers)
            && gender.is_none_or(|g| scene.cast.entities[e].gender.is_none_or(|x| x == g))
        {
            let sure = if definite { sure } else { sure - 0.06 };
            let alias = describe_text(words, start, end);
            scene.cast.entities[e].add_alias(alias);
            return Some((e, sure));
        }
        if definite && (is_plain_person(&noun) && modifiers.is_empty() || noun.ends_with("-year-old")) {
            // `the witness`, `the 58-year-old`: whoever spoke last, else the last person named.
            let turn = scene.turns_before(place.token).next().copied();
            if let Some(turn) = turn
                && words.block(place.token) - words.block(turn.token) <= 1
                && matches!(scene.cast.entities[turn.entity].sort(), Sort::Person | Sort::Unnamed)
                && gender.is_none_or(|g| scene.cast.entities[turn.entity].gender.is_none_or(|x| x == g))
            {
                return Some((turn.entity, 0.72));
            }
        }
        if definite && let Some(e) = last_described(scene, place.token, &noun) {
            return Some((e, 0.8));
        }
        if definite
            && names::role(&noun).is_some()
            && let Some((e, sure)) = epithet::of_last_speaker(scene, place.token, &noun)
        {
            let alias = describe_text(words, start, end);
            scene.cast.entities[e].add_alias(alias);
            return Some((e, sure));
        }
    }
    if possessive && owner.is_none() {
        // `its governor`, and nobody knows whose: the words would name another person in every article.
        return None;
    }
    let text = owned(after_owner).unwrap_or_else(|| describe_text(words, start, end));
    let known = names::role(&noun).is_some() || owner.is_some();
    let sort = if known || indefinite || definite { Sort::Unnamed } else { unknown_sort(words, head) };
    let e = scene.describe(text, sort, gender);
    Some((e, if known { 0.8 } else { 0.6 }))
}

fn unknown_sort(words: &Words<'_>, head: usize) -> Sort {
    if words.get(head).is_some_and(|w| w.capital) { Sort::Organisation } else { Sort::Unnamed }
}

fn is_plural_pattern(noun: &str, first: &str) -> bool {
    matches!(
        first,
        "some"
            | "several"
            | "many"
            | "two"
            | "three"
            | "most"
            | "few"
            | "these"
            | "those"
            | "both"
            | "other"
            | "others"
    ) || matches!(noun, "police" | "people" | "media" | "critics" | "sources" | "others" | "public")
        || noun.len() > 4
            && noun.ends_with('s')
            && !noun.ends_with("ss")
            && !noun.ends_with("us")
            && !noun.ends_with("is")
}

/// Returns the last speaker described with the same noun: `the spokesman` after `a spokesman for the ministry`.
fn last_described(scene: &Scene<'_, '_>, token: usize, noun: &str) -> Option<usize> {
    scene.turns_before(token).take(12).map(|t| t.entity).find(|e| {
        let description = scene.cast.entities[*e].description.as_deref().unwrap_or("");
        description.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| names::fold(w) == noun)
    })
}

#[allow(clippy::too_many_arguments)]
fn of_body_noun(
    scene: &mut Scene<'_, '_>,
    noun: &str,
    class: &str,
    head: usize,
    start: usize,
    from: usize,
    end: usize,
    owned: Option<String>,
) -> Option<(usize, f32)> {
    let words = scene.words;
    let bare = owned.is_none() && from == head;
    if bare && from > start {
        // `the federation`: the body that has the noun in its name, else one of the same class, else none of them.
        let named = |e: &entities::Entity| e.low.iter().any(|w| w == noun);
        if let Some((e, sure)) = scene.body(head, &named) {
            return Some((e, (sure + 0.08).min(0.92)));
        }
        let mut all = (0..scene.cast.entities.len()).filter(|e| {
            let entity = &scene.cast.entities[*e];
            entity.person < 0 && entity.description.is_none() && named(entity)
        });
        if let (Some(only), None) = (all.next(), all.next()) {
            return Some((only, 0.75));
        }
        let classed = |e: &entities::Entity| {
            e.low.iter().filter_map(|w| names::body(w)).any(|b| b.class == class)
                || e.roles.iter().any(|r| r.split(' ').any(|w| names::fold(w) == noun))
                || class == "company" && !e.place && !e.low.iter().any(|w| names::body(w).is_some())
        };
        if let Some((e, sure)) = scene.body(head, &classed) {
            return Some((e, sure));
        }
        let text = describe_text(words, start, end);
        return Some((scene.describe(text, Sort::Unnamed, None), 0.7));
    }
    if owned.is_none() && matches!(words.low(start), "their" | "its") && start + 1 == head {
        // `their federation`: the one body of the article with the noun in its name, wherever it stands.
        let mut named = (0..scene.cast.entities.len()).filter(|e| {
            let entity = &scene.cast.entities[*e];
            entity.person < 0 && entity.low.iter().any(|w| w == noun)
        });
        if let (Some(only), None) = (named.next(), named.next()) {
            return Some((only, 0.75));
        }
    }
    let to = if owned.is_some() { end } else { end.min(from + DESCRIPTION_WORDS) };
    let text = owned.unwrap_or_else(|| words.phrase(from, to));
    let low = names::fold(&text);
    let same = scene.cast.entities.iter().position(|e| e.description.is_none() && e.low.join(" ") == low);
    if let Some(e) = same {
        return Some((e, 0.9));
    }
    let indefinite =
        matches!(words.low(start), "a" | "an" | "one" | "another" | "his" | "her" | "their" | "our" | "my");
    let sort = if indefinite { Sort::Unnamed } else { Sort::Organisation };
    let text = if indefinite { describe_text(words, start, end) } else { text };
    Some((scene.describe(text, sort, None), 0.8))
}

/// Resolves an attribution that names no source, from those around it.
fn carried(
    scene: &Scene<'_, '_>,
    attributions: &[Attribution],
    order: &[Place],
    n: usize,
    found: &[Option<(usize, f32)>],
) -> Option<(usize, f32)> {
    let words = scene.words;
    let place = &order[n];
    let attribution = &attributions[place.index];
    let cue = attribution.cue.first().map(|s| words.under(*s));
    if let Some(cue) = &cue {
        // `It was said that`, `they have been told that`: nobody says it.
        let before = words.low(cue.start.wrapping_sub(1));
        let be = matches!(before, "be" | "been" | "was" | "were" | "is" | "are" | "being");
        let inside = cue.clone().any(|k| matches!(words.low(k), "been" | "was" | "were" | "is" | "are" | "be"));
        let last = words.low(cue.end.saturating_sub(1));
        let participle =
            last.ends_with("ed") || matches!(last, "said" | "told" | "known" | "thought" | "understood" | "held");
        if (be || inside) && participle {
            return None;
        }
    }
    let sentence = words.sentence(place.token);
    let block = words.block(place.token);
    let adding = cue.as_ref().is_some_and(|c| c.clone().any(|k| words.low(k).ends_with("ing")));
    let at_depth = |p: &Place| p.depth == place.depth && p.parent == place.parent;
    let before = order[..n].iter().rev().filter(|p| at_depth(p)).take(6);
    let after = order[n + 1..].iter().filter(|p| at_depth(p)).take(3);
    for p in before.clone() {
        if let Some((e, sure)) = found[p.index]
            && words.sentence(p.token) == sentence
        {
            return Some((e, sure * 0.95));
        }
    }
    for p in before.clone() {
        if let Some((e, sure)) = found[p.index]
            && words.block(p.token) == block
        {
            return Some((e, sure * if adding || cue.is_none() { 0.9 } else { 0.75 }));
        }
    }
    if cue.is_none() || adding {
        for p in after {
            if let Some((e, sure)) = found[p.index]
                && words.block(p.token) == block
            {
                return Some((e, sure * 0.85));
            }
        }
    }
    if cue.is_none() {
        for p in before {
            if let Some((e, sure)) = found[p.index]
                && block - words.block(p.token) <= 2
            {
                return Some((e, sure * 0.75));
            }
        }
    }
    None
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
