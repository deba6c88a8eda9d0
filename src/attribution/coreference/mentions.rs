//! Names as they stand in the text: where each runs, what title it has, what is the name proper.

use super::words::Words;
use crate::attribution::Gender;
use crate::lexicon::names::{self, Bearers, TitleKind};
use crate::text::{BlockKind, TokenKind};

/// What a name looks like by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    Person,
    Body,
    Place,
    Unclear,
}

/// One name in the text.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// First token, titles and all.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// First token of the name proper.
    pub core: usize,
    pub looks: Looks,
    pub gender: Option<Gender>,
    /// Role that the title tells, in the text's words, and in one plain word.
    pub title_role: Option<(String, String)>,
    /// Whether only a capital at the start of a sentence makes it a name.
    pub weak: bool,
    pub entity: usize,
}

fn gender_of(bearers: Bearers) -> Option<Gender> {
    match bearers {
        Bearers::Women => Some(Gender::F),
        Bearers::Men => Some(Gender::M),
        Bearers::Both => None,
    }
}

const CONNECTED: [&str; 14] = [
    "secretary",
    "minister",
    "bank",
    "house",
    "university",
    "department",
    "ministry",
    "board",
    "institute",
    "chamber",
    "court",
    "state",
    "states",
    "council",
];

/// Longest name looked at, in tokens.
const LONGEST: usize = 14;

/// Finds all names, in order; names inside others (`Health Ministry` in `Health Ministry spokesman`) are not repeated.
pub(super) fn find(words: &Words<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.list.len() {
        if let Some(after) = dateline_end(words, i) {
            i = after;
            continue;
        }
        let usable = words.kind_at(i) != BlockKind::Furniture;
        match usable.then(|| run_end(words, i)).flatten() {
            Some(end) => {
                split_run(words, i, end, &mut found);
                i = end.max(i + 1);
            }
            None => i += 1,
        }
    }
    found
}

/// Returns where the dateline that starts at token `i` ends: `OLDPORT, May 17 (Agency) -- `.
fn dateline_end(words: &Words<'_>, i: usize) -> Option<usize> {
    let word = words.get(i)?;
    let first = i == 0 || words.get(i - 1).is_some_and(|w| w.block != word.block);
    let shouted = word.text.chars().count() > 2 && word.text.chars().all(|c| c.is_uppercase() || c == '-' || c == '.');
    if !first || !shouted {
        return None;
    }
    let dash = (i + 1..i + 14).find(|k| matches!(words.mark(*k), "-" | "--" | "–" | "—"))?;
    let known = (i + 1..dash).all(|k| {
        words.get(k).is_some_and(|w| w.block == word.block)
            && (words.low(k).is_empty() || words.get(k).is_some_and(|w| w.capital || w.kind == TokenKind::Number))
    });
    known.then_some(dash + 1)
}

/// Longest word of a name, in bytes.
const LONGEST_WORD: usize = 100;

fn is_name_word(words: &Words<'_>, i: usize) -> bool {
    words.get(i).is_some_and(|w| {
        w.capital
            && w.text.len() <= LONGEST_WORD
            && w.kind == TokenKind::Word
            && w.text != "I"
            && !w.low.starts_with('\'')
    })
}

/// Returns where the run of name words that starts at token `i` ends; `None` where none starts.
fn run_end(words: &Words<'_>, i: usize) -> Option<usize> {
    let word = words.get(i)?;
    let particle_first = names::is_particle(&word.low)
        && !matches!(word.low.as_str(), "ten" | "do" | "den" | "la" | "le" | "das" | "die" | "te" | "al" | "el")
        && is_name_word(words, i + 1)
        || names::is_particle(&word.low) && names::is_particle(words.low(i + 1)) && is_name_word(words, i + 2);
    let hyphened = word.kind == TokenKind::Word
        && word.low.split_once('-').is_some_and(|(a, b)| names::is_particle(a) && !b.is_empty())
        && word.text.contains(|c: char| c.is_uppercase());
    if !(is_name_word(words, i) || particle_first || hyphened) {
        return None;
    }
    // `The`, `He`, `Meanwhile` at the start of a sentence; months and days anywhere.
    if !particle_first && names::is_function_word(&word.low) {
        let acronym =
            word.text.len() > 1 && word.text.chars().all(|c| c.is_uppercase() || c == '.') && word.low == "us";
        if !acronym || words.is_titled(i) {
            return None;
        }
    }
    let sentence = word.sentence;
    let mut end = i + 1;
    while end < i + LONGEST {
        let Some(next) = words.get(end).filter(|w| w.sentence == sentence) else { break };
        let before = words.low(end - 1);
        let name_next = |k: usize| is_name_word(words, k) && words.get(k).is_some_and(|w| w.sentence == sentence);
        if is_name_word(words, end) && !names::is_function_word(&next.low) {
            end += 1;
        } else if names::is_particle(&next.low) && name_next(end + 1) {
            end += 2;
        } else if names::is_particle(&next.low) && names::is_particle(words.low(end + 1)) && name_next(end + 2) {
            end += 3;
        } else if next.low.split_once('-').is_some_and(|(a, b)| names::is_particle(a) && !b.is_empty())
            && next.text.contains(char::is_uppercase)
        {
            end += 1;
        } else if matches!(next.low.as_str(), "of" | "for")
            && (names::body(before).is_some()
                || CONNECTED.contains(&before)
                || before == "president" && next.low != "of")
        {
            let the = usize::from(words.low(end + 1) == "the");
            if name_next(end + 1 + the) && !names::is_function_word(words.low(end + 1 + the)) {
                end += 2 + the;
            } else {
                break;
            }
        } else if next.text == "&" && name_next(end + 1) {
            end += 2;
        } else if matches!(next.low.as_str(), "'s" | "") && matches!(next.text, "'s" | "’s" | "'" | "’") {
            // `Nurses’ Federation`, `Women’s March`: a plural before, a body after.
            let plural = before.ends_with('s') || before.ends_with("men") || before == "people";
            let bare = !matches!(next.low.as_str(), "'s");
            let body = (1..=2).any(|k| names::is_body(words.low(end + k)) && (1..=k).all(|m| name_next(end + m)));
            if plural && body && (bare || before.ends_with("men") || before == "people") {
                end += 2;
            } else {
                break;
            }
        } else if next.text == "," && matches!(words.low(end + 1), "jr" | "sr") {
            end += 2;
        } else {
            break;
        }
    }
    Some(end)
}

/// Returns the length of the title that starts at token `i` and ends before `end`.
fn title_at(words: &Words<'_>, i: usize, end: usize) -> Option<(usize, &'static names::Title)> {
    for length in [3, 2, 1] {
        if i + length > end {
            continue;
        }
        let phrase = if length == 1 {
            words.low(i).to_string()
        } else {
            (i..i + length).map(|k| words.low(k)).collect::<Vec<_>>().join(" ")
        };
        if let Some(title) = names::title(&phrase) {
            return Some((length, title));
        }
    }
    None
}

/// Splits a run into prefix, title and name, and notes what it finds.
fn split_run(words: &Words<'_>, start: usize, end: usize, found: &mut Vec<Mention>) {
    let mut mention = Mention {
        start,
        end,
        core: start,
        looks: Looks::Unclear,
        gender: None,
        title_role: None,
        weak: false,
        entity: usize::MAX,
    };
    let last = words.low(end - 1);
    let certain_body = names::is_body(last)
        || (start..end)
            .any(|k| names::is_body(words.low(k)) && matches!(words.low(k + 1), "of" | "for") && k + 1 < end);
    // The last title that has a name after it.
    let mut cut = None;
    let mut k = start;
    while !certain_body && k < end {
        if let Some((length, title)) = title_at(words, k, end) {
            let rest = end - (k + length).min(end);
            let is_forename = length == 1 && names::forename(words.low(k)).is_some() && rest == 1 && k == start;
            if rest > 0 && !(is_forename && title.kind != TitleKind::Courtesy) {
                cut = Some((k, length, title));
            } else if rest == 0 && cut.is_none() && title.kind != TitleKind::Noble {
                // A title alone: `Secretary of State`, `the Mayor`. It names nobody.
                return;
            }
            k += length;
        } else {
            k += 1;
        }
    }
    // `Senior Adviser Jane Roe`: a role in capitals, a known forename behind it.
    if cut.is_none()
        && !certain_body
        && let Some(at) = (start..end.saturating_sub(2)).rev().find(|k| {
            names::role(words.low(*k)).is_some()
                && names::forename(words.low(k + 1)).is_some()
                && names::forename(words.low(*k)).is_none()
        })
    {
        mention.core = at + 1;
        mention.looks = Looks::Person;
        mention.gender = forename_gender(words, at + 1, end);
        mention.title_role = Some((words.phrase(start, at + 1), words.low(at).to_string()));
        found.push(mention);
        return;
    }
    if let Some((at, length, title)) = cut {
        let mut core = at + length;
        // `Minister for Health Jane Roe`: the name starts at the forename.
        if matches!(words.low(core), "of" | "for") {
            match (core + 1..end).find(|k| names::forename(words.low(*k)).is_some() && k + 1 < end) {
                Some(forename) => core = forename,
                None => return,
            }
        }
        mention.core = core;
        mention.looks = Looks::Person;
        mention.gender = gender_of(title.bearers).filter(|_| title.kind != TitleKind::Learned);
        if let Some(role) = &title.role {
            mention.title_role = Some((words.phrase(start, core), role.clone()));
        }
        let body_before = (start..at).rev().find(|k| names::is_body(words.low(*k)));
        if let Some(body) = body_before {
            let the_body = Mention {
                start,
                end: body + 1,
                core: start,
                looks: Looks::Body,
                gender: None,
                title_role: None,
                weak: false,
                entity: usize::MAX,
            };
            found.push(the_body);
            mention.start = body + 1;
        }
        // Titles pile up: a courtesy title before tells the gender.
        for k in start..at {
            if let Some((_, t)) = title_at(words, k, at)
                && mention.gender.is_none()
            {
                mention.gender = gender_of(t.bearers);
            }
        }
        if mention.gender.is_none() {
            mention.gender = forename_gender(words, core, end);
        }
        found.push(mention);
        return;
    }
    // `Democrat Jane Roe`, `Briton Jane Roe`.
    if end - start >= 3
        && (names::adjective_of(words.low(start)).is_some()
            || names::country(words.low(start)).is_some()
            || matches!(words.low(start), "democrat" | "republican" | "democratic" | "labour" | "conservative"))
        && names::forename(words.low(start + 1)).is_some()
    {
        mention.core = start + 1;
    }
    let core = mention.core;
    let length = end - core;
    let whole = (core..end).map(|k| words.low(k)).collect::<Vec<_>>().join(" ");
    let first = words.low(core);
    let text = words.get(core).map_or("", |w| w.text);
    let all_capitals = text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !text.chars().any(char::is_lowercase);
    let shouted = words.is_titled(core);
    // `MARLOWE:` names who speaks in a transcript.
    let label = words.get(core).is_some_and(|w| w.opens) && words.mark(end) == ":";
    if certain_body {
        mention.looks = Looks::Body;
    } else if names::country(&whole).is_some() {
        mention.looks = Looks::Place;
    } else if length >= 2 && names::forename(first).is_some() && names::body(last).is_none_or(|b| !b.certain) {
        mention.looks = Looks::Person;
        mention.gender = forename_gender(words, core, end);
    } else if length == 1 && (names::adjective_of(&whole).is_some()) {
        // `Russian` alone says whose, not who.
        return;
    } else if length == 1 && all_capitals && !shouted && (2..=6).contains(&text.len()) && !label
        || length >= 2 && names::body(last).is_some()
        || (core..end).any(|k| words.text_at(k) == "&")
    {
        mention.looks = Looks::Body;
    }
    if length == 1 {
        let opens = words.get(core).is_some_and(|w| w.opens) || shouted;
        let known = names::country(&whole).is_some() || all_capitals && !shouted;
        // A long word in capitals is a crosshead more often than a name.
        let crosshead = all_capitals && text.len() > 6 && !label;
        mention.weak = crosshead || opens && !known && !words.upper.contains(first);
        // An ordinary word that is used in lower case elsewhere.
        if opens && words.lower.contains(first) && !words.upper.contains(first) {
            return;
        }
        // `Republicans`, `Russians`: people, but no one's name.
        let plural_people = names::singular(first).is_some()
            || first.strip_suffix('s').is_some_and(|w| names::adjective_of(w).is_some())
            || matches!(
                first,
                "democrats" | "republicans" | "tories" | "muslims" | "christians" | "jews" | "latinos" | "hispanics"
            );
        if plural_people || names::role(first).is_some() || names::body(first).is_some_and(|b| b.class != "media") {
            return;
        }
    } else if shouted && mention.looks == Looks::Unclear {
        mention.weak = true;
    }
    found.push(mention);
}

fn forename_gender(words: &Words<'_>, core: usize, end: usize) -> Option<Gender> {
    if end - core < 2 {
        return None;
    }
    names::forename(words.low(core)).and_then(gender_of)
}
