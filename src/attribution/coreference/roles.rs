//! Roles as they stand beside names: in front, behind a comma, ahead of one.

use super::words::Words;
use crate::attribution::Gender;
use crate::lexicon::names::{self, Bearers};

/// Returns the gender that a role's head noun shows.
pub(super) fn role_gender(role: &str) -> Option<Gender> {
    role.split(' ').find_map(|w| match names::role(&names::fold(w)) {
        Some(Bearers::Women) => Some(Gender::F),
        Some(Bearers::Men) => Some(Gender::M),
        _ => None,
    })
}

/// Tells whether a folded word is a noun for a person or office.
pub(super) fn is_role_noun(low: &str) -> bool {
    names::role(low).is_some()
}

/// Reads `Rovers coach` in front of the name at `start`.
pub(super) fn role_before(words: &Words<'_>, start: usize) -> Option<String> {
    let head = start.checked_sub(1)?;
    if !is_role_noun(words.low(head)) {
        return None;
    }
    let sentence = words.get(head)?.sentence;
    // The end of a byline is no role of whom the article names first.
    if words.get(start)?.sentence != sentence {
        return None;
    }
    let mut from = head;
    while from > 0 && head - from < 6 {
        let word = words.get(from - 1)?;
        if word.sentence != sentence || word.low.is_empty() || names::is_function_word(&word.low) && word.text != "US" {
            break;
        }
        // Capitals, then lower case: `met Oldport coach` starts at `Oldport`.
        if !word.capital && words.get(from).is_some_and(|w| w.capital) {
            break;
        }
        from -= 1;
    }
    if words.low(from) == "'s" {
        from += 1;
    }
    Some(words.phrase(from, head + 1))
}

/// Reads `, the mayor of X,` or `, of the X Union,` after the name that ends at `end`.
pub(super) fn role_after(words: &Words<'_>, end: usize) -> Option<String> {
    let bracket = words.mark(end) == "(";
    if !matches!(words.mark(end), "," | "–" | "—" | "-") && !bracket {
        if words.low(end) == "of" && words.list.get(end + 1).is_some_and(|w| w.low == "the" || w.capital) {
            let to = name_phrase_end(words, end, 7);
            return Some(words.phrase(end, to));
        }
        return None;
    }
    let mut from = end + 1;
    // An age first: `, 66, of the Commercial Court`
    if words.list.get(from).is_some_and(|w| w.text.parse::<u8>().is_ok()) && words.mark(from + 1) == "," {
        from += 2;
    }
    if words.low(from) == "who" {
        let role = match words.low(from + 1) {
            "chairs" => "chair",
            "leads" | "heads" => "head",
            "coaches" => "coach",
            "runs" => "head",
            _ => return None,
        };
        let to = phrase_end(words, from + 2, 8);
        return Some(format!("{role} of {}", words.phrase(from + 2, to)));
    }
    let to = phrase_end(words, from, 14);
    if to <= from {
        return None;
    }
    if words.low(from) == "of" {
        let to = name_phrase_end(words, from, 8);
        return Some(words.phrase(from, to));
    }
    // The head comes before the first preposition.
    let head_end = (from..to)
        .find(|k| matches!(words.low(*k), "of" | "for" | "at" | "in" | "to" | "with" | "on" | "who" | "from"))
        .unwrap_or(to);
    let head = (from..head_end).rev().find(|k| !words.low(*k).is_empty())?;
    if !is_role_noun(words.low(head)) {
        return None;
    }
    let mut start = from;
    while start < head && matches!(words.low(start), "the" | "a" | "an") {
        start += 1;
    }
    Some(words.phrase(start, to))
}

/// Reads `the chairman of the X Association,` in front of the comma at `comma`.
pub(super) fn role_ahead(words: &Words<'_>, comma: usize) -> Option<String> {
    let sentence = words.get(comma)?.sentence;
    let mut from = comma;
    while from > 0 && comma - from < 14 {
        let Some(word) = words.get(from - 1).filter(|w| w.sentence == sentence) else { break };
        let possessive = matches!(word.text, "’" | "'") && words.low(from.wrapping_sub(2)).ends_with('s');
        if word.low.is_empty() && !possessive {
            break;
        }
        from -= 1;
    }
    // The last noun for a person that ends the phrase or has `of`, `for`, `to` after it.
    let head = (from..comma).rev().find(|k| {
        is_role_noun(words.low(*k)) && (*k + 1 == comma || matches!(words.low(*k + 1), "of" | "for" | "to" | "at"))
    })?;
    if (head + 1..comma)
        .any(|k| matches!(words.low(k), "said" | "says" | "told" | "was" | "is" | "has" | "had" | "were"))
    {
        return None;
    }
    let mut start = head;
    while start > from && head - start < 5 {
        let low = words.low(start - 1);
        if names::is_function_word(low) || low == "'s" || low.is_empty() {
            break;
        }
        start -= 1;
    }
    Some(words.phrase(start, comma))
}

/// Returns where `of the Oldport Dockers’ Union` ends: at the first word in lower case behind the name.
fn name_phrase_end(words: &Words<'_>, from: usize, most: usize) -> usize {
    let end = phrase_end(words, from, most);
    let mut named = false;
    for k in from..end {
        let capital = words.get(k).is_some_and(|w| w.capital);
        if named && !capital && !words.low(k).is_empty() && !matches!(words.low(k), "of" | "the" | "for" | "'s") {
            return k;
        }
        named |= capital;
    }
    end
}

fn phrase_end(words: &Words<'_>, from: usize, most: usize) -> usize {
    let Some(first) = words.get(from) else { return from };
    let sentence = first.sentence;
    let mut to = from;
    while to < from + most {
        let Some(word) = words.get(to).filter(|w| w.sentence == sentence) else { break };
        let possessive = matches!(word.text, "’" | "'") && to > from && words.low(to - 1).ends_with('s');
        let verb = matches!(
            word.low.as_str(),
            "said" | "says" | "told" | "who" | "was" | "is" | "has" | "had" | "asked" | "added" | "and" | "that" | "as"
        );
        if (word.low.is_empty() && !possessive && word.text != "&" && word.text != "-") || verb {
            break;
        }
        to += 1;
    }
    to
}
