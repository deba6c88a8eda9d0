//! Frames: a cue and the words that name its source, found by word order alone.

use std::ops::Range;

use super::elements::Element;
use crate::lexicon::cues::{Cue, CueLexicon};

/// A cue with its source inside one sentence; ranges are of elements.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The words that name the source; `None` where it is left out (`, adding that`).
    pub source: Option<Range<usize>>,
    /// The cue.
    pub cue: Range<usize>,
    /// From the first to one past the last element of source, cue and the verbs beside it.
    pub whole: Range<usize>,
    /// What the cue takes.
    pub takes: String,
    /// Whether the source stands after the cue (`said Kerry`).
    pub inverted: bool,
    /// Whether the cue is `according to`.
    pub according: bool,
    /// Whether it is a participle or a second verb that shares the source of the frame before it.
    pub chained: bool,
    /// Whether the cue is a noun (`her claim that`).
    pub noun: bool,
}

const PRONOUNS: &[&str] = &["he", "i", "it", "she", "they", "we", "you"];
const RELATIVES: &[&str] = &["who", "which"];
const AUXILIARIES: &[&str] = &[
    "'d", "'ve", "also", "always", "again", "both", "can", "could", "did", "do", "does", "even", "first", "further",
    "had", "has", "have", "just", "later", "may", "might", "must", "never", "not", "n't", "n’t", "now", "often",
    "once", "only", "ever", "should", "since", "still", "then", "will", "would", "’d", "’ve", "all",
];
const BE: &[&str] = &["am", "are", "be", "been", "being", "is", "was", "were", "'s", "’s", "'re", "’re", "get", "got"];
const DETERMINERS: &[&str] = &[
    "a", "all", "an", "another", "any", "both", "each", "every", "few", "her", "his", "its", "many", "most", "my",
    "no", "one", "other", "our", "several", "some", "that", "the", "their", "these", "this", "those", "three", "two",
    "your",
];
const PREPOSITIONS: &[&str] = &[
    "about",
    "across",
    "after",
    "against",
    "among",
    "around",
    "as",
    "at",
    "before",
    "between",
    "by",
    "during",
    "for",
    "from",
    "in",
    "including",
    "inside",
    "into",
    "like",
    "near",
    "of",
    "on",
    "outside",
    "over",
    "since",
    "through",
    "to",
    "under",
    "until",
    "with",
    "within",
    "without",
];
/// Words that no noun phrase goes past.
const BOUNDARIES: &[&str] = &[
    "although", "and", "because", "but", "how", "if", "nor", "or", "so", "than", "that", "then", "there", "though",
    "unless", "what", "when", "whenever", "where", "whereas", "whether", "which", "while", "who", "whom", "whose",
    "why", "yet", "am", "are", "be", "been", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may",
    "might", "must", "not", "should", "was", "were", "will", "would", "he", "i", "it", "she", "they", "we", "you",
    "him", "them",
];
const PARTICLES: &[&str] = &["al", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "van", "von"];
const DAYS: &[&str] = &[
    "april",
    "august",
    "december",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "march",
    "may",
    "monday",
    "november",
    "october",
    "saturday",
    "september",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
    "today",
    "yesterday",
    "tomorrow",
];
const OPENERS: &[&str] = &[
    "again",
    "also",
    "and",
    "but",
    "earlier",
    "finally",
    "however",
    "instead",
    "later",
    "meanwhile",
    "nevertheless",
    "now",
    "or",
    "so",
    "still",
    "then",
    "though",
    "thus",
    "today",
    "tonight",
    "yesterday",
    "yet",
    "even",
    "yes",
    "no",
    "elsewhere",
    "separately",
];

/// Finds the frames of one sentence, in order of their cues.
pub fn frames(unit: &[Element], cues: &CueLexicon) -> Vec<Frame> {
    let mut out: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < unit.len() {
        if let Some(frame) = according(unit, at).or_else(|| noun(unit, at, cues)).or_else(|| verb(unit, at, cues, &out))
        {
            at = if frame.inverted || frame.according { frame.whole.end } else { frame.cue.end };
            out.push(frame);
        } else {
            at += 1;
        }
    }
    out
}

fn according(unit: &[Element], at: usize) -> Option<Frame> {
    if !unit[at].is(&["according"]) || !unit.get(at + 1)?.is(&["to"]) {
        return None;
    }
    let mut source = right_phrase(unit, at + 2).or_else(|| {
        // Any noun will do after `to`: `early results of the count`, `state law`, `him`.
        let rest = unit.get(at + 2..)?;
        let words = rest.iter().take(16).take_while(|e| e.word || e.is(&["'s", "’s"])).count();
        (words > 0).then_some(at + 2..at + 2 + words)
    })?;
    // `according to Stefan Rook, of the union, the lining …`: the apposition belongs to the source.
    if let Some(end) = apposition_after(unit, source.end, true) {
        source.end = end;
    }
    let whole = at..source.end;
    Some(Frame {
        source: Some(source),
        cue: at..at + 2,
        whole,
        takes: "s".into(),
        inverted: true,
        according: true,
        chained: false,
        noun: false,
    })
}

/// `her claim that`, `the minister’s warning that`.
fn noun(unit: &[Element], at: usize, cues: &CueLexicon) -> Option<Frame> {
    let cue = cues.noun(&unit[at].lower)?;
    if !unit.get(at + 1)?.is(&["that"]) || at == 0 {
        return None;
    }
    let owner_end =
        (0..at).rev().take(4).find(|&i| unit[i].is(&["his", "her", "their", "its", "my", "'s", "’s", "'", "’"]))?;
    if (owner_end + 1..at).any(|i| !unit[i].word) {
        return None;
    }
    let source = if unit[owner_end].is(&["his", "her", "their", "its", "my"]) {
        owner_end..owner_end + 1
    } else {
        left_phrase(unit, owner_end, 0)?
    };
    Some(Frame {
        whole: source.start..at + 1,
        source: Some(source),
        cue: at..at + 1,
        takes: cue.takes.clone(),
        inverted: false,
        according: false,
        chained: false,
        noun: true,
    })
}

fn matched<'c>(unit: &[Element], at: usize, cues: &'c CueLexicon) -> Option<(&'c Cue, usize)> {
    cues.verbs(&unit[at].lower)
        .iter()
        .filter(|c| c.rest.iter().enumerate().all(|(n, w)| unit.get(at + 1 + n).is_some_and(|e| e.lower == *w)))
        .max_by_key(|c| c.rest.len())
        .map(|c| (c, at + 1 + c.rest.len()))
}

fn verb(unit: &[Element], at: usize, cues: &CueLexicon, before: &[Frame]) -> Option<Frame> {
    let (cue, cue_end) = matched(unit, at, cues)?;
    if unit[at].capital && at > 0 && !unit[at - 1].is_mark() {
        return None;
    }
    let mut group = at;
    let mut negated = false;
    let mut passive = false;
    while group > 0 && (unit[group - 1].is(AUXILIARIES) || unit[group - 1].is(BE) || is_adverb(&unit[group - 1])) {
        group -= 1;
        negated |= unit[group].is(&["not", "n't", "n’t", "never"]);
        passive |= unit[group].is(BE);
        if unit[group].is(&["'s", "’s"]) && !(group > 0 && unit[group - 1].is(PRONOUNS)) {
            return None;
        }
    }
    let participle = cue_is_participle(&unit[at].lower);
    if passive && !participle && !cue.takes('t')
        || passive
            && unit[at]
                .is(&["said", "told", "asked", "expected", "known", "reported", "found", "planned", "shown", "worried"])
            && !unit[at].is(&["worried"])
    {
        return None;
    }
    if negated && cue.act == "speech" && !cue.takes('o') {
        return None;
    }
    if group > 0 && (unit[group - 1].is(DETERMINERS) || unit[group - 1].is(&["to"])) && !participle {
        // `went on to say`, `has continued to insist` keep their subject; a plain infinitive has none.
        match unit[..group] {
            [.., ref went, ref on, _] if went.is(&["went", "goes"]) && on.is(&["on"]) => group -= 3,
            [.., ref used, ref to] if used.is(&["used", "continued", "continues"]) && to.is(&["to"]) => group -= 2,
            _ => return None,
        }
    }
    let frame = |source: Option<Range<usize>>, inverted: bool, chained: bool| {
        let own = source.as_ref().filter(|_| !chained);
        let start = own.map_or(group, |s| s.start.min(group));
        let end = own.map_or(cue_end, |s| s.end.max(cue_end));
        Some(Frame {
            source,
            cue: at..cue_end,
            whole: start..end,
            takes: cue.takes.clone(),
            inverted,
            according: false,
            chained,
            noun: false,
        })
    };
    if participle && !passive {
        let link = group > 0
            && (unit[group - 1].is(&[",", "by", "and", "—", "–", "-", "--", "while", "in"]) || unit[group - 1].comma);
        return if link && (!before.is_empty() || group > 1) {
            frame(subject(unit, group, before), false, true)
        } else {
            None
        };
    }
    let previous = group.checked_sub(1).map(|i| &unit[i]);
    let after_quotation = previous.is_none_or(|p| p.is_quotation() || p.is(&["—", "–", "--", "―"]) || (p.is(&[","])));
    if after_quotation
        && (cue.takes('s') || cue.takes('q'))
        && let Some(mut source) = right_phrase(unit, cue_end)
    {
        let ends = unit.get(source.end).is_none_or(|e| {
            e.is_mark()
                || e.is_quotation()
                || e.is(PREPOSITIONS)
                || e.is(&["and", "but", "when", "while", "who", "last", "if", "because"])
                || e.is(DAYS)
                || is_adverb(e)
        });
        let quoted =
            previous.is_some_and(|p| p.is_quotation() || p.is(&[","]) && group > 1 && unit[group - 2].is_quotation());
        let clause = previous.is_some_and(|p| p.is(&[","]))
            && unit.get(source.end).is_none_or(|e| e.is_mark())
            && left_of_comma(unit, group - 1, 0).is_none_or(|s| s.start == 0 && s.end == group);
        let opened = previous.is_none() && unit.get(source.end).is_some_and(|e| e.is(&[":", ","]));
        if ends
            && (quoted || clause || opened || previous.is_some_and(|p| p.is_mark() && !p.is(&[","])))
            && !unit[source.start].is(&["that"])
        {
            if let Some(end) = apposition_after(unit, source.end, false) {
                source.end = end;
            }
            return frame(Some(source), true, false);
        }
    }
    let previous = previous?;
    let floor = before.last().map_or(0, |f| f.whole.end);
    // `said … and added`: the second verb has the first one's tense; `says he is glad and expects` goes on with the report.
    let last_letter = |at: usize| unit[at].lower.chars().next_back();
    let agrees = before.last().is_none_or(|f| last_letter(f.cue.start) == last_letter(at));
    if previous.is(&["and", "but", "then"]) && !agrees {
        return None;
    }
    if previous.is(&["and", "but", "then"]) && !cue.takes('o') && cue.act == "speech" {
        return frame(Some(subject(unit, group, before)?), false, true);
    }
    let source = if previous.is(PRONOUNS) || previous.is(RELATIVES) {
        Some(group - 1..group)
    } else if previous.is(&[","]) || previous.is(&["—", "–", "--", ")"]) {
        left_of_comma(unit, group - 1, floor)
    } else {
        left_phrase(unit, group, floor)
    };
    let mut source = source?;
    while source.end > source.start + 2 && unit[source.end - 1].is(DAYS) && unit[source.end - 2].is(&["on", "in"]) {
        source.end -= 2;
    }
    let first = &unit[source.start];
    let bare = !first.capital && !first.is(DETERMINERS) && !first.is(PRONOUNS) && !first.is(RELATIVES);
    if bare
        && source.start > 0
        && (unit[source.start - 1].is(AUXILIARIES)
            || unit[source.start - 1].is(BE)
            || unit[source.start - 1].is(&["to"]))
    {
        return None;
    }
    if unit[source.clone()].iter().all(|e| e.is(DETERMINERS))
        && !unit[source.start].is(&["both", "some", "many", "others", "one", "all", "most"])
    {
        return None;
    }
    frame(Some(source), false, false)
}

fn cue_is_participle(word: &str) -> bool {
    word.ends_with("ing") && word.len() > 5
}

/// An adverb by its ending.
fn is_adverb(e: &Element) -> bool {
    e.word
        && !e.capital
        && e.lower.ends_with("ly")
        && e.lower.len() > 4
        && !e.is(&["family", "assembly", "early", "daily", "rally", "italy", "supply", "reply", "ally"])
}

/// The subject of the sentence, for a participle after it: the source of the last finite frame, else the first noun phrase.
fn subject(unit: &[Element], before_at: usize, before: &[Frame]) -> Option<Range<usize>> {
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
    right_phrase(unit, start).filter(|s| s.end <= before_at)
}

/// The noun phrase that ends before `end`; it does not reach below `floor`.
fn left_phrase(unit: &[Element], end: usize, floor: usize) -> Option<Range<usize>> {
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
fn left_of_comma(unit: &[Element], comma: usize, floor: usize) -> Option<Range<usize>> {
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
fn right_phrase(unit: &[Element], start: usize) -> Option<Range<usize>> {
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

/// Where an apposition after a phrase ends: `, the mayor of X,` or one up to the end of the sentence.
fn apposition_after(unit: &[Element], at: usize, must_close: bool) -> Option<usize> {
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
        if must_close && end > at + 1 && (unit[end].is(BE) || unit[end].is(&["had", "has", "have", "will", "would"])) {
            return None;
        }
        end += 1;
    }
    let closed = unit.get(end).is_some_and(|e| e.is(&[","]));
    (end - at <= 22 && (closed || !must_close)).then_some(end)
}

fn is_nominal(e: &Element) -> bool {
    e.word
        && !e.is(BOUNDARIES)
        && !e.is(PREPOSITIONS)
        && !e.is(OPENERS)
        && !is_adverb(e)
        && (!e.is(DETERMINERS)
            || e.is(&["both", "many", "some", "most", "one", "another", "several", "few", "two", "three", "all"]))
        && !e.is(AUXILIARIES)
}

fn is_verb_like(e: &Element) -> bool {
    !e.capital
        && (e.is(BE) && !e.is(&["'s", "’s"])
            || CueLexicon::english().verbs(&e.lower).iter().any(|c| c.rest.is_empty())
                && !e.lower.ends_with('s')
                && (e.lower.ends_with("ed") || e.is(&["said", "told", "wrote", "thought", "knew"])))
}

/// Tells whether an element may begin a clause that is reported.
pub fn is_pronoun(e: &Element) -> bool {
    e.is(PRONOUNS)
}

/// Tells whether an element is a determiner.
pub fn is_determiner(e: &Element) -> bool {
    e.is(DETERMINERS)
}

/// Tells whether an element is a preposition.
pub fn is_preposition(e: &Element) -> bool {
    e.is(PREPOSITIONS)
}

/// Tells whether an element names a day or a month.
pub fn is_day(e: &Element) -> bool {
    e.is(DAYS)
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
