//! Noun phrases beside a cue: before it, behind it, with an apposition, or left out and taken from the sentence.

use std::ops::Range;

use super::Frame;
use super::words::{
    AUXILIARIES, BE, BOUNDARIES, DAYS, DETERMINERS, OPENERS, PARTICLES, PREPOSITIONS, PRONOUNS, cue_is_participle,
    is_adverb, is_nominal, is_verb_like,
};
use crate::tagging::elements::Element;

/// The subject of the sentence, for a participle after it: the source of the last finite frame, else the first noun phrase.
pub(super) fn subject(unit: &[Element], before_at: usize, before: &[Frame]) -> Option<Range<usize>> {
    if let Some(source) = before.iter().rev().find(|f| !f.noun).and_then(|f| f.source.clone()) {
        return Some(source);
    }
    let mut start = 0;
    while start < before_at && (unit[start].is(OPENERS) || unit[start].is_mark()) {
        start += 1;
    }
    if unit.get(start)?.is(PRONOUNS) {
        return Some(start..start + 1);
    }
    let mut phrase = right_phrase(unit, start).filter(|s| s.end <= before_at)?;
    // `Jane Roe stunned MPs by declaring …`: the name ends where its verb begins.
    let after_name = |i: &usize| unit[i - 1].capital && !unit[*i].capital && unit[*i].lower.ends_with("ed");
    if unit[phrase.start].capital
        && !unit[phrase.start].is(DETERMINERS)
        && let Some(verb) = (phrase.start + 1..phrase.end).find(after_name)
    {
        phrase.end = verb;
    }
    Some(phrase)
}

/// The noun phrase that ends before `end`; it does not reach below `floor`.
pub(super) fn left_phrase(unit: &[Element], end: usize, floor: usize) -> Option<Range<usize>> {
    let mut start = end;
    while start > floor && end - start < 16 {
        let e = &unit[start - 1];
        if e.is(&["and", "or", "&"]) && start < end && start > floor + 1 {
            let (left, right) = (&unit[start - 2], &unit[start]);
            if left.word && !left.is(BOUNDARIES) && left.capital && right.capital
                || left.capital && right.is(DETERMINERS) && start == floor + 2
            {
                start -= 1;
                continue;
            }
            break;
        }
        if !e.word && !e.is(&["&", "'s", "’s", "'", "’", "."]) || e.is(BOUNDARIES) || (e.is(OPENERS) && !e.is(&["no"]))
        {
            break;
        }
        if is_verb_like(e) {
            break;
        }
        if e.is(DETERMINERS) {
            start -= 1;
            let joined = start > floor + 1
                && unit[start - 1].is(&["of", "for", "at", "from", "in", "with", "on", "by"])
                && is_nominal(&unit[start - 2]);
            if joined {
                continue;
            }
            break;
        }
        start -= 1;
    }
    // A phrase does not begin with a preposition: `On Monday Ms Roe`, `In Larkhaven the chairman of the board`.
    while start < end && (unit[start].is(PREPOSITIONS) || unit[start].is(OPENERS)) {
        let inner =
            (start + 1..end).find(|&i| unit[i].is(DETERMINERS) && i > start + 1 && !unit[i - 1].is(PREPOSITIONS));
        let last_run = (start + 1..end).rev().take_while(|&i| unit[i].capital).last();
        let past_days = last_run.map(|i| {
            (i..end)
                .find(|&k| !unit[k].is(DAYS) && !unit[k].lower.starts_with(|c: char| c.is_ascii_digit()))
                .unwrap_or(end)
        });
        start = if unit[start].is(OPENERS) { start + 1 } else { inner.or(past_days)? };
    }
    while start < end && unit[start].is(DAYS) && end - start > 1 {
        start += 1;
    }
    let phrase = start..end;
    (!phrase.is_empty() && is_nominal(&unit[end - 1]) && !unit[phrase.clone()].iter().all(|e| e.is(DAYS)))
        .then_some(phrase)
}

/// `Ann Poe, the mayor,` before a verb: the phrase before the comma that opens the apposition, with it.
pub(super) fn left_of_comma(unit: &[Element], comma: usize, floor: usize) -> Option<Range<usize>> {
    let mut at = comma;
    while at > floor && comma - at < 30 {
        at -= 1;
        let opens = match unit[comma].lower.as_str() {
            ")" => unit[at].is(&["("]),
            mark => unit[at].lower == mark,
        };
        if opens && at + 1 < comma {
            let first = &unit[at + 1];
            let begins_apposition = first.is(DETERMINERS)
                || first.is(PREPOSITIONS)
                || first.is(&["who", "whose", "which", "formerly", "now", "himself", "herself", "too", "also"])
                || first.capital
                || first.lower.starts_with(|c: char| c.is_ascii_digit())
                || first.word && !first.is(BOUNDARIES);
            if let Some(source) = left_phrase(unit, at, floor)
                && begins_apposition
                && (unit[source.start].capital || unit[source.start].is(DETERMINERS))
                && (source.start == floor
                    || source.start == 0
                    || !unit[source.start - 1].is_mark()
                    || unit[source.start - 1].is(&[","]) && source.start <= floor + 6)
            {
                return Some(source.start..comma);
            }
        }
    }
    None
}

/// The noun phrase that begins at `start`.
pub(super) fn right_phrase(unit: &[Element], start: usize) -> Option<Range<usize>> {
    let first = unit.get(start)?;
    if first.is(PRONOUNS)
        || first.is(&["him", "her", "them", "me", "us"]) && unit.get(start + 1).is_none_or(|e| !e.word)
    {
        return Some(start..start + 1);
    }
    let particle = first.is(PARTICLES) && unit.get(start + 1).is_some_and(|e| e.capital || e.is(PARTICLES));
    let name = first.capital && first.word && !first.is(DAYS);
    let plural_noun = first.word && is_nominal(first) && first.lower.ends_with('s');
    let opens = name || particle || first.is(DETERMINERS) || plural_noun;
    if !opens {
        return None;
    }
    let mut end = start + 1;
    let mut relative = false;
    while end < unit.len() && end - start < 18 {
        let e = &unit[end];
        if e.is(&["who"]) && end > start {
            relative = true;
        }
        let part = e.word && !e.is(BOUNDARIES) && !e.is(DAYS) || e.is(&["&", "'s", "’s", "'", "’"]);
        if e.is(&["and"])
            && unit[end - 1].capital
            && unit.get(end + 1).is_some_and(|n| n.capital || n.is(DETERMINERS))
            && !relative
        {
            end += 1;
            continue;
        }
        if !(part || relative && e.word) {
            break;
        }
        if e.is(PREPOSITIONS) && !relative {
            let keep = e.is(&["of", "for", "at", "from", "with"])
                || e.is(&["in"]) && unit[end - 1].lower.len() > 3 && !unit[end - 1].capital;
            if !keep || !unit.get(end + 1).is_some_and(|n| n.word && !n.is(DAYS) && !n.is(BOUNDARIES)) {
                break;
            }
        }
        end += 1;
    }
    while end > start + 1
        && (unit[end - 1].is(PREPOSITIONS)
            || is_adverb(&unit[end - 1])
            || unit[end - 1].is(DETERMINERS)
            || unit[end - 1].is(AUXILIARIES)
            || unit[end - 1].is(&["last", "and"]))
    {
        end -= 1;
    }
    Some(start..end)
}

/// Most elements of an apposition.
const LONGEST_APPOSITION: usize = 22;

/// Where an apposition after a phrase ends: `, the mayor of X,` or one up to the end of the sentence.
pub(super) fn apposition_after(unit: &[Element], at: usize, must_close: bool) -> Option<usize> {
    if !unit.get(at)?.is(&[","]) {
        return None;
    }
    let first = unit.get(at + 1)?;
    if !(first.is(&["the", "a", "an", "of", "his", "her", "its"])
        || (!first.is(BOUNDARIES)
            && first.word
            && is_nominal(first)
            && !first.capital
            && !must_close
            && !cue_is_participle(&first.lower)))
    {
        return None;
    }
    let mut end = at + 1;
    while end < unit.len() && !unit[end].is(&[",", ".", ";", ":", "—", "–"]) && !unit[end].is_quotation() {
        if end - at > LONGEST_APPOSITION {
            return None;
        }
        if must_close && end > at + 1 && (unit[end].is(BE) || unit[end].is(&["had", "has", "have", "will", "would"])) {
            return None;
        }
        end += 1;
    }
    let closed = unit.get(end).is_some_and(|e| e.is(&[","]));
    (end - at <= LONGEST_APPOSITION && (closed || !must_close)).then_some(end)
}

/// Tells whether a sentence begins with a plain subject, a pronoun or a name; returns it.
pub fn leading_subject(unit: &[Element]) -> Option<Range<usize>> {
    let subject = subject(unit, unit.len(), &[])?;
    if unit[subject.start].is(&["he", "she", "they"]) {
        return Some(subject);
    }
    let named = unit[subject.clone()].iter().take_while(|e| e.capital || e.is(PARTICLES)).count();
    (named > 0 && !unit[subject.start].is(DETERMINERS)).then_some(subject.start..subject.start + named)
}
