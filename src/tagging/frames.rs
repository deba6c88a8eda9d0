//! Frames: a cue and the words that name its source, found by word order alone.

mod phrases;
mod words;

use std::ops::Range;

pub use self::phrases::leading_subject;
pub use self::words::{is_day, is_determiner, is_preposition, is_pronoun};

use self::phrases::{apposition_after, left_of_comma, left_phrase, right_phrase, subject};
use self::words::{
    AUXILIARIES, BE, DAYS, DETERMINERS, PREPOSITIONS, PRONOUNS, RELATIVES, cue_is_participle, is_adverb,
};
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

/// Most frames of one sentence: what is full of cues beyond all measure is no report.
const MOST: usize = 60;

/// Most auxiliaries and adverbs in front of one verb.
const GROUP: usize = 16;

/// Finds the frames of one sentence, in order of their cues.
pub fn frames(unit: &[Element], cues: &CueLexicon) -> Vec<Frame> {
    let mut out: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < unit.len() && out.len() < MOST {
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
    while group > 0
        && at - group < GROUP
        && (unit[group - 1].is(AUXILIARIES) || unit[group - 1].is(BE) || is_adverb(&unit[group - 1]))
    {
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
