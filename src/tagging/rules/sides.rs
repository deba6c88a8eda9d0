//! What stands before and after a frame, and how far it reaches.

use super::Reader;
use super::pieces::{Piece, span_of, trimmed_end};
use crate::tagging::elements::Element;
use crate::tagging::frames::{self, Frame};

impl Reader<'_, '_> {
    /// What stands before a frame: a quotation, or the clause up to a comma.
    pub(super) fn left(&self, unit: &[Element], found: &[Frame], n: usize, taken: &[bool]) -> Option<Piece> {
        let frame = &found[n];
        if frame.noun || frame.chained || !frame.takes.contains(['s', 'q']) {
            return None;
        }
        // `Officials fear the pier is lost, she said`: the frame in the clause is part of what she said.
        let closes = frame.according && !unit[..frame.whole.start].iter().any(Element::is_quotation);
        let floor = if closes { 0 } else { found[..n].iter().map(|f| f.whole.end).max().unwrap_or(0) };
        let floor = if closes { 0 } else { (floor..frame.whole.start).find(|&i| !taken[i]).unwrap_or(floor) };
        let mut end = frame.whole.start;
        let mut marked = false;
        while end > floor && unit[end - 1].is(&[",", "—", "–", "--"]) {
            end -= 1;
            marked = true;
        }
        if end <= floor {
            return None;
        }
        if unit[end - 1].is_quotation() {
            let lone_quotation = end - 1 == floor || unit[end - 2].is_mark();
            let clause = floor == 0 && unit[..end - 1].iter().filter(|e| e.word).count() >= 2;
            if lone_quotation
                && !(clause && !unit[end - 2].is(&[":"]) && unit[end - 2].is_mark() && self.is_fragment(&unit[end - 1]))
            {
                return Some(Piece {
                    span: self.quoted(&unit[end - 1])?,
                    quoted: true,
                    elements: end - 1..end,
                    score: 0.95,
                });
            }
        } else if !marked && !frame.according && frame.whole.start > 0 {
            return None;
        }
        let mut start = floor;
        while start < end && (unit[start].is_mark() || unit[start].is(&["and", "but"]) && floor > 0) {
            start += 1;
        }
        if end < start + 2 || !frame.takes.contains('s') {
            return None;
        }
        // A phrase such as `On Monday,` or `In a statement,` is no report.
        let amount = unit[start].is(&["about", "around", "over", "between", "under"])
            && !frames::is_determiner(&unit[start + 1]);
        let opener = frames::is_preposition(&unit[start]) && !amount
            || unit[start].is(&[
                "when", "while", "if", "because", "as", "although", "though", "asked", "pressed", "speaking", "since",
                "however",
            ]);
        let after = if frame.takes.contains('r') && !frame.inverted {
            self.past_hearer(unit, frame.whole.end, unit.len())
        } else {
            frame.whole.end
        };
        let sentence_end = unit
            .get(after)
            .is_none_or(|e| e.is_mark() || frames::is_preposition(e) || frames::is_day(e) || e.is(&["and", "last"]));
        let has_comma = unit[start..end].iter().any(|e| e.is(&[","]));
        if (opener && !(has_comma || frame.whole.end + 2 >= unit.len() && end - start > 5)) || !sentence_end {
            return None;
        }
        let span = span_of(unit, start..end)?;
        Some(Piece { span, quoted: false, elements: start..end, score: 0.8 })
    }

    /// What stands after a frame.
    pub(super) fn right(&self, unit: &[Element], found: &[Frame], n: usize) -> Option<Right> {
        let frame = &found[n];
        let mut at = frame.whole.end.max(frame.cue.end);
        let limit = self.limit(unit, found, n);
        if frame.inverted && !frame.according {
            return self.after_inverted(unit, frame, at, limit);
        }
        if frame.according {
            let comma = unit.get(at).is_some_and(|e| e.is(&[","]));
            if frame.cue.start == 0 && comma {
                return self.pieces(unit, at + 1, limit, 0.9).map(|pieces| Right { pieces, side: Side::Alone });
            }
            if comma && frame.cue.start > 1 && at + 3 < limit {
                if unit[at + 1].is(&["who", "which", "and", "but", "while", "as"]) {
                    return None;
                }
                return self.pieces(unit, at + 1, limit, 0.8).map(|pieces| Right { pieces, side: Side::Joins });
            }
            return None;
        }
        if frame.noun {
            return self.pieces(unit, at + 1, limit, 0.8).map(|pieces| Right { pieces, side: Side::Alone });
        }
        if frame.takes.contains('r') {
            at = self.past_hearer(unit, at, limit);
        }
        let plain = at;
        at = self.past_adverbials(unit, at, limit);
        let first = unit.get(at).filter(|_| at < limit)?;
        let set_off = at > plain || unit.get(plain).is_some_and(|e| e.is(&[","]));
        if first.is(&["that"]) && frame.takes.contains(['s', 't', 'r', 'q']) && at + 2 < limit {
            return self.pieces(unit, at + 1, limit, 0.9).map(|pieces| Right { pieces, side: Side::Alone });
        }
        if let Some(marked) = unit.get(at).filter(|e| e.is(&[",", ":"]))
            && at + 1 < limit
        {
            let next = &unit[at + 1];
            if next.is_quotation() {
                // `“A,” she said, “b.”`, and `The port, she said, “needs a tug”`.
                let before = frame.whole.start.checked_sub(1).map(|i| &unit[i]);
                let within = marked.is(&[","]) && before.is_some_and(|e| e.is_quotation() || e.is(&[","]));
                let side = Side::joins_if(within, Side::Alone);
                return self.report(unit, at + 1, limit, 0.95).map(|pieces| Right { pieces, side });
            }
            if marked.is(&[":"]) && frame.takes.contains(['s', 'q', 't', 'r']) {
                return self.pieces(unit, at + 1, limit, 0.8).map(|pieces| Right { pieces, side: Side::Alone });
            }
            // `The port, he argues, needs a second tug.`
            if marked.is(&[","])
                && frame.whole.start > 1
                && unit[frame.whole.start - 1].is(&[","])
                && frame.takes.contains('s')
            {
                let separate = next.is(&[
                    "and", "but", "while", "though", "although", "who", "which", "as", "after", "when", "citing",
                ]) || frames_participle(next);
                if separate && next.is(&["and", "but"]) && unit.get(at + 2).is_some_and(frames::is_pronoun) {
                    return self.pieces(unit, at + 2, limit, 0.7).map(|pieces| Right { pieces, side: Side::Beside });
                }
                if separate {
                    return None;
                }
                return self.pieces(unit, at + 1, limit, 0.7).map(|pieces| Right { pieces, side: Side::Joins });
            }
            return None;
        }
        if first.is_quotation() {
            let before = frame.whole.start.checked_sub(1).map(|i| &unit[i]);
            let marked = unit[at - 1].is(&[","]);
            let within = match before {
                Some(e) if e.is_quotation() => marked,
                Some(e) => e.is(&[","]) && (marked || self.is_fragment(first)),
                None => false,
            };
            let side = Side::joins_if(within, Side::Alone);
            if marked {
                return self.report(unit, at, limit, 0.95).map(|pieces| Right { pieces, side });
            }
            return self.pieces(unit, at, limit, 0.95).map(|pieces| Right { pieces, side });
        }
        if first.is_mark() {
            return None;
        }
        let indirect_question = first.is(&["whether", "if", "what", "how", "why", "who", "when", "where", "which"]);
        let enough = at + 2 < limit || unit[at..limit].iter().any(Element::is_quotation);
        let ok = if indirect_question {
            frame.takes.contains(['w', 's', 't', 'o'])
        } else if first.is(&["to"]) {
            frame.takes.contains(['i', 'o'])
        } else if frame.takes.contains('a') {
            unit[at..limit].iter().any(Element::is_quotation)
        } else if frame.takes.contains('o') {
            true
        } else if frame.takes.contains(['s', 't']) {
            enough
                && (!set_off || starts_clause(first))
                && !first.is(&["and", "but", "because", "so"])
                && !(frames::is_preposition(first)
                    && !first.is(&["under", "without", "after", "before", "until", "within"])
                    && !self.opens_clause(unit, at, limit))
                && (!frame.takes.contains('q') || frame.takes.contains('s'))
        } else {
            false
        };
        if !ok || !(enough || frame.takes.contains(['o', 'a', 'i'])) {
            return None;
        }
        let score = if frame.takes.contains(['s', 'r']) { 0.8 } else { 0.6 };
        let whole = frame.takes.contains('o') || first.is(&["to"]);
        let pieces = if whole {
            self.whole(unit, at, limit, score).map(|p| vec![p])
        } else {
            self.pieces(unit, at, limit, score)
        };
        let set_apart = frame.whole.start > 0 && unit[frame.whole.start - 1].is(&[","]);
        let weak = set_apart && !unit[at..limit].iter().any(Element::is_quotation)
            || frames::is_preposition(first) && !unit[at..limit].iter().any(|e| e.is(&[","]));
        pieces.map(|pieces| Right { pieces, side: if weak { Side::Weak } else { Side::Alone } })
    }

    pub(super) fn after_inverted(&self, unit: &[Element], frame: &Frame, at: usize, limit: usize) -> Option<Right> {
        let mark = unit.get(at)?;
        let next = unit.get(at + 1)?;
        if mark.is(&[",", ":"]) && next.is_quotation() && at + 1 < limit {
            let side = Side::joins_if(mark.is(&[","]) && frame.cue.start > 0, Side::Alone);
            return self.report(unit, at + 1, limit, 0.95).map(|pieces| Right { pieces, side });
        }
        None
    }

    /// Where a frame's content ends at the latest: before the words of the next frame that is set off by a comma, or before the end mark.
    pub(super) fn limit(&self, unit: &[Element], found: &[Frame], n: usize) -> usize {
        let mut end = trimmed_end(unit, 0, unit.len());
        for next in &found[n + 1..] {
            let start = next.whole.start;
            let set_off = start > 0 && unit[start - 1].is(&[",", ";", "—", "–", "--"]);
            let joined = next.chained && start > 0 && unit[start - 1].is(&["and", "but"]);
            let closing = next.according || next.chained || next.inverted;
            if set_off && closing {
                end = end.min(start - 1);
            } else if joined || (closing && start > 0) {
                let cut = if unit[start - 1].is(&["and", "but"]) { start - 1 } else { start };
                let cut = if cut > 0 && unit[cut - 1].is(&[","]) { cut - 1 } else { cut };
                end = end.min(cut);
            } else if start > 1
                && unit[start - 1].is(&["but", "though", "although", "and", "while"])
                && unit[start - 2].is(&[","])
            {
                end = end.min(start - 2);
            } else if set_off && next.source.as_ref().is_some_and(|s| unit[s.start].is(&["who"])) {
                end = end.min(start - 1);
            }
        }
        end
    }

    /// Skips whom a word is said to: `told reporters`, `told the committee`.
    pub(super) fn past_hearer(&self, unit: &[Element], at: usize, limit: usize) -> usize {
        let Some(first) = unit.get(at).filter(|_| at < limit) else { return at };
        if first
            .is(&["that", "to", "of", "why", "how", "what", "whether", "if", "when", "where", "who", "which", "about"])
            || !first.word
        {
            return at;
        }
        if first.is(&["me", "us", "him", "her", "them", "you", "it"]) {
            return at + 1;
        }
        let mut end = at + 1;
        let named = first.capital;
        while end < limit && end - at < 10 {
            let e = &unit[end];
            let stops = !e.word && !e.is(&["'s", "’s", "&", "'", "’"])
                || e.is(&["that", "to", "about", "how", "why", "what", "whether", "when", "if", "there", "not"])
                || frames::is_pronoun(e)
                || frames::is_day(e);
            let new_phrase =
                frames::is_determiner(e) && !frames::is_preposition(&unit[end - 1]) && !unit[end - 1].is(&["and"]);
            let after_name = named && !e.capital && !frames::is_preposition(e) && !e.is(&["and"]);
            if stops || new_phrase || after_name {
                break;
            }
            end += 1;
        }
        end
    }

    /// Skips when, where and to whom: `on Tuesday`, `in a statement`, `to the hall`.
    pub(super) fn past_adverbials(&self, unit: &[Element], at: usize, limit: usize) -> usize {
        let stop = |i: usize| unit[i].is(&["that", ":"]) || unit[i].is_quotation();
        let mut i = at;
        while i < limit
            && (frames::is_day(&unit[i])
                || unit[i].is(&["again", "last", "this"])
                    && unit.get(i + 1).is_some_and(|e| {
                        e.is(&["week", "month", "year", "morning", "night", "evening", "afternoon", ","])
                    }))
        {
            i += if unit[i].is(&["last", "this"]) { 2 } else { 1 };
        }
        if i >= limit {
            return i.min(limit);
        }
        if unit[i].is(&["on", "in"]) && unit.get(i + 1).is_some_and(frames::is_day) {
            i += 2;
            while i < limit
                && (unit[i].lower.starts_with(|c: char| c.is_ascii_digit())
                    || unit[i].is(&["night", "morning", "afternoon", "evening"]))
            {
                i += 1;
            }
            return self.past_adverbials(unit, i, limit);
        }
        let adverbial = frames::is_preposition(&unit[i])
            || unit[i].is(&[",", "earlier", "later", "repeatedly", "flatly", "simply", "publicly", "again", "out"])
            || unit[i].lower.ends_with("ly");
        if !adverbial {
            return i;
        }
        // Up to a `that`, a colon or a quotation, as long as nothing but the phrase itself stands between.
        let mut commas = 0;
        for k in i..limit.min(i + 14) {
            if stop(k) {
                let before = &unit[i..k];
                let clean =
                    before.iter().all(|e| e.word || e.is(&[",", "'s", "’s"])) && !before.iter().any(frames::is_pronoun);
                return if clean && commas <= 2 { k } else { i };
            }
            commas += usize::from(unit[k].is(&[","]));
            if unit[k].is_mark() && !unit[k].is(&[",", "'s", "’s"]) {
                break;
            }
        }
        i
    }

    /// Tells whether a phrase that begins with a preposition opens a clause: a comma and a subject follow it.
    pub(super) fn opens_clause(&self, unit: &[Element], at: usize, limit: usize) -> bool {
        let comma = (at..limit).take(10).find(|&i| unit[i].is(&[","]));
        comma
            .is_some_and(|i| limit > i + 4 && (frames::is_pronoun(&unit[i + 1]) || frames::is_determiner(&unit[i + 1])))
    }
}

/// What stands after a frame.
pub(super) struct Right {
    pub pieces: Vec<Piece>,
    pub side: Side,
}

/// How what stands after a frame goes together with what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// It is the whole report; what stands before the frame is none.
    Alone,
    /// The frame stands within one sentence of the report.
    Joins,
    /// Both are reports, each a sentence of its own.
    Beside,
    /// It counts only where nothing stands before the frame.
    Weak,
}

impl Side {
    fn joins_if(within: bool, otherwise: Side) -> Side {
        if within { Side::Joins } else { otherwise }
    }
}

fn starts_clause(e: &Element) -> bool {
    frames::is_pronoun(e)
        || frames::is_determiner(e)
        || e.capital
        || e.is(&["there", "nobody", "nothing", "everyone", "people", "not"])
        || e.lower.ends_with('s')
}

fn frames_participle(e: &Element) -> bool {
    e.lower.len() > 5 && e.lower.ends_with("ing")
}
