//! What a source is made of: a name, a pronoun, a noun, or several of them.

use super::entities::Cast;
use super::words::Words;
use crate::attribution::Gender;
use crate::lexicon::names;

/// What a source turns out to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Head {
    /// A name: the entity.
    Name(usize),
    /// `he`, `she`.
    Pronoun(Gender),
    /// `they`.
    They,
    /// `it`, `its`.
    It,
    /// `I`, `we`, `my`.
    First,
    /// `who`, `which`: the words just before.
    Relative(usize),
    /// A noun: its token, with the range of the whole phrase.
    Noun { head: usize, start: usize, end: usize },
    /// Several named or described together.
    Several { start: usize, end: usize },
    /// `you`, `nobody`, `one`: nobody to be held to it.
    Nobody,
}

fn pronoun(low: &str, at: usize) -> Option<Head> {
    Some(match low {
        "he" | "his" | "him" | "himself" => Head::Pronoun(Gender::M),
        "she" | "her" | "hers" | "herself" => Head::Pronoun(Gender::F),
        "they" | "their" | "them" | "themselves" => Head::They,
        "it" | "its" | "itself" => Head::It,
        "i" | "we" | "my" | "our" | "me" | "us" => Head::First,
        "who" | "which" | "that" | "whose" | "whom" => Head::Relative(at),
        "you" | "your" | "one" | "nobody" | "everyone" | "everybody" | "anyone" | "anybody" | "someone"
        | "somebody" | "no-one" | "none" | "there" | "what" | "something" | "this" | "these" => Head::Nobody,
        _ => return None,
    })
}

/// Words at which the first part of a phrase ends.
fn breaks(low: &str) -> bool {
    matches!(
        low,
        "of" | "for"
            | "at"
            | "in"
            | "from"
            | "with"
            | "on"
            | "who"
            | "whose"
            | "which"
            | "that"
            | "to"
            | "by"
            | "under"
            | "as"
            | "near"
            | "during"
            | "after"
            | "before"
            | "inside"
            | "among"
            | "including"
            | "about"
            | "against"
            | "within"
            | "around"
            | "close"
            | "familiar"
            | "involved"
            | "across"
            | "outside"
            | "when"
            | "where"
            | "whom"
            | "was"
            | "is"
    )
}

/// Reads the tokens `start..end` of a source.
pub(super) fn read(words: &Words<'_>, cast: &Cast, start: usize, end: usize) -> Option<Head> {
    let (mut a, mut b) = (start, end);
    let skip = |i: usize| words.low(i).is_empty() || words.low(i) == "'s";
    while a < b && skip(a) {
        a += 1;
    }
    while b > a && skip(b - 1) && words.text_at(b - 1) != "’" {
        b -= 1;
    }
    if a >= b {
        return None;
    }
    let named = |k: usize| cast.at.get(&k).copied();
    let possessive_pronoun = matches!(words.low(a), "his" | "her" | "their" | "its" | "my" | "our" | "whose");
    let plain = !matches!(words.low(a), "that" | "this" | "these" | "one" | "us" | "which" | "what");
    if (b - a == 1 || plain && !possessive_pronoun)
        && named(a).is_none()
        && let Some(found) = pronoun(words.low(a), a)
    {
        return Some(found);
    }
    // The first part, up to a comma or a preposition outside names.
    let mut k = a;
    let mut joined = None;
    while k < b {
        if let Some(m) = named(k) {
            k = cast.mentions[m].end.min(b).max(k + 1);
            continue;
        }
        let low = words.low(k);
        if words.text_at(k) == "("
            && let Some(close) = (k + 1..(k + 8).min(b)).find(|c| words.text_at(*c) == ")")
        {
            k = close + 1;
            continue;
        }
        if low == "and" || low == "or" || words.text_at(k) == "&" {
            if joined.is_none() {
                joined = Some(k);
            }
        } else if low.is_empty() && !matches!(words.text_at(k), "’" | "'" | "-" | "." | "/") || k > a && breaks(low) {
            break;
        }
        k += 1;
    }
    let mut head = k;
    while head > a && (words.low(head - 1) == "'s" || words.low(head - 1).is_empty()) {
        head -= 1;
    }
    let head = head.checked_sub(1).filter(|h| *h >= a)?;
    if let Some(at) = joined
        && at > a
        && at < head
    {
        // `Jane Roe, mayor and landlady` is one; `Roe and Doe`, `police and prosecutors` are several.
        let left = named(at - 1).is_some()
            || names::singular(words.low(at - 1)).is_some()
            || names::body(words.low(at - 1)).is_some();
        let right = named(head).is_some()
            || names::singular(words.low(head)).is_some()
            || names::body(words.low(head)).is_some();
        if left && right || matches!(words.low(a), "both") {
            return Some(Head::Several { start: a, end: k });
        }
        if named(head).is_none() && named(at - 1).is_some() {
            return Some(Head::Several { start: a, end: k });
        }
    }
    if let Some(m) = named(head) {
        let entity = cast.mentions[m].entity;
        return Some(Head::Name(entity));
    }
    // A name in apposition: `the chairman of the union, Jane Roe`.
    for m in (k..b).filter_map(named) {
        let mention = &cast.mentions[m];
        let the = usize::from(words.low(mention.start.wrapping_sub(1)) == "the");
        let apart = matches!(words.text_at(mention.start.wrapping_sub(1 + the)), "," | "–" | "—" | "-" | ":");
        let closed = mention.end >= b || words.low(mention.end).is_empty() || breaks(words.low(mention.end));
        let single = names::singular(words.low(head)).is_none();
        if apart && closed && single && mention.start > a {
            return Some(Head::Name(mention.entity));
        }
    }
    // `Jane Roe the mayor`: a name followed by nothing but a lower-case appositive is still the name.
    if let Some(m) = named(a)
        && cast.mentions[m].end < b
        && matches!(words.low(cast.mentions[m].end), "the" | "a" | "himself" | "herself" | "also" | "then")
    {
        return Some(Head::Name(cast.mentions[m].entity));
    }
    // `Jane Roe leaned`, `Jane Roe smilingly`: a name with no noun behind it.
    if let Some(m) = named(a) {
        let last = words.low(head);
        let noun = names::role(last).is_some() || names::body(last).is_some() || names::singular(last).is_some();
        let possessive = words.low(cast.mentions[m].end) == "'s";
        if !noun
            && !possessive
            && (last.ends_with("ed") || last.ends_with("ly") || names::is_function_word(last))
            && cast.mentions[m].end == head
        {
            return Some(Head::Name(cast.mentions[m].entity));
        }
    }
    if names::is_function_word(words.low(head)) && head == a {
        return pronoun(words.low(a), a).or(Some(Head::Nobody));
    }
    // The source stops before the name: `Roe’s deputy`, Jane Doe, …
    if words.mark(end) == ","
        && names::role(words.low(head)).is_some()
        && !matches!(words.low(a), "a" | "an")
        && let Some(m) = named(end + 1)
    {
        let mention = &cast.mentions[m];
        let closed = words.low(mention.end).is_empty() || breaks(words.low(mention.end));
        if mention.start == end + 1 && closed && cast.entities[mention.entity].person > 0 {
            return Some(Head::Name(mention.entity));
        }
    }
    Some(Head::Noun { head, start: a, end: b })
}
