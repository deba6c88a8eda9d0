//! Sources whose head is a noun: `the minister`, `its governor`, `a spokeswoman`, `the federation`, `a statement`.

use super::meant::is_plain_person;
use super::order::Place;
use super::roles::role_gender;
use super::scene::Scene;
use super::words::Words;
use super::{entity, epithet};
use crate::attribution::{Gender, Sort};
use crate::lexicon::names;

/// Confidence from which a possessive pronoun's owner is believed.
const OWNER_FLOOR: f32 = 0.7;

/// Most words of a description; what follows is left out.
const DESCRIPTION_WORDS: usize = 16;

/// Resolves a source whose head is a noun.
pub(super) fn of_noun(
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
                && !names::is_function_word(w)
                && !w.contains("-year-old")
                && !w.chars().all(|c| c.is_ascii_digit())
        })
        .collect();
    let gender = role_gender(&noun);
    if owner.is_none() && !indefinite {
        if names::role(&noun).is_some()
            && let Some((e, sure)) = scene.by_role(head, &noun, &modifiers)
            && entity::gender_fits(gender, scene.cast.entities[e].gender)
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
                && entity::gender_fits(gender, scene.cast.entities[turn.entity].gender)
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
                .or_else(|| epithet::of_only_person(scene, place.token, &noun))
                .or_else(|| epithet::of_subject_before(scene, place.token, &noun))
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
        let named = |e: &entity::Entity| e.low.iter().any(|w| w == noun);
        if let Some((e, sure)) = scene.body(head, &named) {
            return Some((e, (sure + 0.08).min(0.92)));
        }
        if let Some(only) = scene.only_body_named(noun) {
            return Some((only, 0.75));
        }
        let classed = |e: &entity::Entity| {
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
        if let Some(only) = scene.only_body_named(noun) {
            return Some((only, 0.75));
        }
    }
    let to = if owned.is_some() { end } else { end.min(from + DESCRIPTION_WORDS) };
    let text = owned.unwrap_or_else(|| words.phrase(from, to));
    let low = names::fold(&text);
    if let Some(e) = scene.named(&low) {
        return Some((e, 0.9));
    }
    let indefinite =
        matches!(words.low(start), "a" | "an" | "one" | "another" | "his" | "her" | "their" | "our" | "my");
    let sort = if indefinite { Sort::Unnamed } else { Sort::Organisation };
    let text = if indefinite { describe_text(words, start, end) } else { text };
    Some((scene.describe(text, sort, None), 0.8))
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

pub(super) fn trim_end(words: &Words<'_>, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start + 1 && words.low(end - 1).is_empty() && !matches!(words.text_at(end - 1), ")" | "’" | "'") {
        end -= 1;
    }
    end
}

pub(super) fn describe_text(words: &Words<'_>, start: usize, end: usize) -> String {
    words.phrase(start, end.min(start + DESCRIPTION_WORDS).max(start))
}
