//! A tagger made of rules: it needs no weights, and it is what a trained tagger has to beat.
//!
//! Each sentence is read as words and whole quotations. Frames (a cue with its source) are found by word order; then
//! each frame takes the quotation or clause beside it. Quotations with no frame of their own go on with the turn of
//! whoever spoke last.

use std::ops::Range;

use super::elements::{Element, elements, units};
use super::frames::{self, Frame, frames};
use super::{TaggedAttribution, Tagger};
use crate::lexicon::cues::CueLexicon;
use crate::span::Span;
use crate::text::{Block, BlockKind, Document};

/// Finds attributions by rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleTagger;

impl Tagger for RuleTagger {
    fn tag(&self, document: &Document<'_>) -> Vec<TaggedAttribution> {
        let transcript = is_transcript(document);
        let mut reader = Reader {
            document,
            cues: CueLexicon::english(),
            turn: None,
            spoke: None,
            asked: false,
            transcript,
            asking: false,
            out: Vec::new(),
        };
        for block in &document.blocks {
            if block.kind.holds_claims() {
                reader.block(block);
            }
        }
        let mut out = reader.out;
        out.retain(|a| !a.content.is_empty() && a.content.iter().all(|c| !c.is_empty()));
        out.sort_by_key(|a| a.cue.first().or(a.content.first()).map_or(0, |s| s.start));
        out
    }
}

/// Who spoke last, and with which cue.
#[derive(Clone, Debug)]
struct Turn {
    source: Vec<Span>,
    cue: Vec<Span>,
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    cues: &'d CueLexicon,
    turn: Option<Turn>,
    /// Who really spoke last, while `turn` is who did something since.
    spoke: Option<Turn>,
    /// Whether the sentence before was a question in running text.
    asked: bool,
    /// Whether the whole document is a transcript: any name with a colon starts a turn, and what follows belongs to it.
    transcript: bool,
    /// Whether the turn in a transcript is that of somebody who only asks.
    asking: bool,
    out: Vec<TaggedAttribution>,
}

/// Tells a transcript by its blocks: three or more open with a name and a colon, three in ten or more, and one name comes twice.
fn is_transcript(document: &Document<'_>) -> bool {
    let labels: Vec<&str> = (document.blocks.iter())
        .filter_map(|block| {
            let (label, rest) = block.span.of(document.text).split_once(':')?;
            let named = label.len() <= 60
                && label.split_whitespace().count() <= 8
                && label.split_whitespace().all(|w| w.starts_with(char::is_uppercase) || matches!(w, "of" | "the"));
            (named && rest.starts_with(' ')).then_some(label)
        })
        .collect();
    let twice = labels.iter().enumerate().any(|(i, label)| labels[..i].contains(label));
    let distinct = labels.iter().any(|label| Some(label) != labels.first());
    labels.len() >= 3 && labels.len() * 10 >= document.blocks.len() * 3 && twice && distinct
}

/// Words of those who only ask.
const ASKERS: &[&str] = &["reporter", "interviewer", "q", "question", "questioner", "moderator"];

impl Reader<'_, '_> {
    fn block(&mut self, block: &Block) {
        let all = elements(self.document, block.span, 0);
        let nested: Vec<usize> = all.iter().filter_map(|e| e.quotation).collect();
        if !self.label(block, &all) && !self.continues_turn(block, &all) {
            let mut lone: Option<usize> = None;
            for unit in units(&all) {
                self.unit(unit, &mut lone, block.kind);
            }
        }
        for quotation in nested {
            self.inside(quotation);
        }
    }

    /// Reads `KERRY: …`, `Ms Stott: “…”` and `Pence: …` at the start of a block.
    fn label(&mut self, block: &Block, all: &[Element]) -> bool {
        let Some(colon) = all.iter().take(8).position(|e| e.is(&[":"])) else { return false };
        let name = &all[..colon];
        if colon == 0
            || !name
                .iter()
                .all(|e| e.word && (e.capital || e.is(&["de", "van", "der", "von", "al", "la", "of", "the"])))
            || all.len() < colon + 2
        {
            return false;
        }
        let span = Span { start: name[0].span.start, end: name[colon - 1].span.end };
        let shouted = span.of(self.document.text).chars().all(|c| !c.is_lowercase()) && span.len() > 1;
        let quoted = all[colon + 1].is_quotation();
        let short = matches!(name[0].lower.as_str(), "q" | "q." | "a" | "a.") && colon == 1;
        let headline = block.kind == BlockKind::Headline
            && colon <= 3
            && !name.iter().any(|e| {
                e.is(&[
                    "update",
                    "report",
                    "watch",
                    "exclusive",
                    "analysis",
                    "breaking",
                    "interview",
                    "transcript",
                    "podcast",
                ])
            });
        if !(shouted || quoted || headline || short || self.transcript) {
            return false;
        }
        self.asked = false;
        self.asking = ASKERS.contains(&name[colon - 1].lower.as_str()) || name[0].is(&["q", "q."]);
        if self.asking {
            return true;
        }
        let cue = vec![all[colon].span];
        let source = if short { self.turn.take().map_or(Vec::new(), |t| t.source) } else { vec![span] };
        let content = if quoted && all[colon + 2..].iter().all(Element::is_mark) {
            self.quoted(&all[colon + 1])
        } else {
            let end = trimmed_end(all, colon + 1, all.len());
            span_of(all, colon + 1..end)
        };
        if let Some(content) = content {
            self.push(&source, &cue, vec![content], 0.9);
        }
        self.turn = (block.kind != BlockKind::Headline).then_some(Turn { source, cue });
        self.spoke = None;
        true
    }

    /// Reads a further paragraph of a turn in a transcript.
    fn continues_turn(&mut self, block: &Block, all: &[Element]) -> bool {
        let Some(turn) = self.turn.clone().filter(|_| self.transcript && block.kind == BlockKind::Prose) else {
            return false;
        };
        if self.asking {
            return true;
        }
        if let Some(content) = span_of(all, 0..trimmed_end(all, 0, all.len())) {
            self.push(&turn.source, &turn.cue, vec![content], 0.8);
        }
        true
    }

    fn unit(&mut self, unit: &[Element], lone: &mut Option<usize>, kind: BlockKind) {
        let words = unit.iter().filter(|e| e.word).count();
        let quotations = unit.iter().filter(|e| e.is_quotation()).count();
        if words == 0 {
            if quotations > 0 {
                self.bare(unit, lone, kind);
            }
            return;
        }
        if self.dash(unit, *lone) {
            return;
        }
        let found = frames(unit, self.cues);
        let before = self.out.len();
        let mut taken = vec![false; unit.len()];
        for n in 0..found.len() {
            self.content(unit, &found, n, &mut taken, lone);
        }
        *lone = None;
        self.asked = unit.last().is_some_and(|e| e.is(&["?"])) && quotations == 0;
        if self.asked
            && let Some(spoke) = self.spoke.take()
        {
            // `Doe went down with her. Does he blame anyone? “The sea.”`: the one who is asked answers, not Doe.
            self.turn = Some(spoke);
        }
        if self.out.len() == before && quotations == 0 && !self.asked {
            // `Ms Roe laughed. “Ask my sister.”`: who did something speaks next; the cue is left out.
            if let Some(subject) = frames::leading_subject(unit) {
                let source = spans(unit, subject);
                if let Some(turn) = self.turn.take() {
                    self.spoke.get_or_insert(turn);
                    self.turn = Some(Turn { source, cue: Vec::new() });
                }
            }
        }
    }

    /// A sentence that is nothing but quotation: it goes on with the turn, or waits for a frame after it.
    fn bare(&mut self, unit: &[Element], lone: &mut Option<usize>, kind: BlockKind) {
        if kind == BlockKind::Headline {
            return;
        }
        *lone = None;
        for element in unit.iter().filter(|e| e.is_quotation()) {
            let Some(content) = self.quoted(element) else { continue };
            let sentence = content.of(self.document.text);
            if sentence.split_whitespace().count() < 2 && !self.asked && self.turn.is_none() {
                continue;
            }
            let runs_on = element
                .quotation
                .and_then(|q| self.document.quotations.get(q))
                .is_some_and(|q| !q.closed && !q.continues);
            if runs_on
                && let Some(last) = self.out.last_mut()
                && self.turn.as_ref().is_some_and(|t| t.source == last.source && t.cue == last.cue)
            {
                // The turn goes on in the next paragraph: one quotation, as far as this paragraph shows.
                last.content.push(content);
                continue;
            }
            *lone = Some(self.out.len());
            let score = if self.turn.is_some() { 0.8 } else { 0.4 };
            let (source, cue) = match &self.turn {
                Some(turn) => (turn.source.clone(), turn.cue.clone()),
                None => (Vec::new(), Vec::new()),
            };
            self.push(&source, &cue, vec![content], score);
        }
        self.asked = false;
    }

    /// `“…” ― Ann Poe`.
    fn dash(&mut self, unit: &[Element], lone: Option<usize>) -> bool {
        let (first, mark, name) = match unit {
            [first, mark, name @ ..] if first.is_quotation() => (Some(first), mark, name),
            [mark, name @ ..] if lone.is_some() => (None, mark, name),
            _ => return false,
        };
        if !mark.is(&["―", "—", "–", "--", "-"]) || name.is_empty() || name.len() > 10 {
            return false;
        }
        let named = name.iter().take_while(|e| e.word && e.capital).count();
        if named == 0 || named > 5 || name.get(named).is_some_and(|e| e.word) {
            return false;
        }
        let source = vec![Span { start: name[0].span.start, end: name[named - 1].span.end }];
        if let Some(content) = first.and_then(|f| self.quoted(f)) {
            self.push(&source, &[mark.span], vec![content], 0.9);
        } else if let Some(waiting) = lone.and_then(|index| self.out.get_mut(index)) {
            waiting.source = source;
            waiting.cue = vec![mark.span];
            waiting.score = 0.9;
        }
        self.turn = None;
        true
    }

    /// Gives a frame its content.
    fn content(&mut self, unit: &[Element], found: &[Frame], n: usize, taken: &mut [bool], lone: &mut Option<usize>) {
        let frame = &found[n];
        let source = frame.source.clone().map_or(Vec::new(), |s| spans(unit, s));
        let cue = spans(unit, frame.cue.clone());
        let right = self.right(unit, found, n);
        let left = self.left(unit, found, n, taken);
        let joined = right.as_ref().is_some_and(|r| r.side == Side::Joins);
        let mut pieces: Vec<Piece> = Vec::new();
        match (left, right) {
            (left, None) => pieces.extend(left),
            (None, Some(right)) => pieces.extend(right.pieces),
            (Some(left), Some(right)) => {
                let whole_quotation = left.quoted && !right.pieces.iter().any(|p| p.quoted);
                match right.side {
                    Side::Joins | Side::Beside => {
                        pieces.push(left);
                        pieces.extend(right.pieces);
                    }
                    Side::Weak => pieces.push(left),
                    Side::Alone if whole_quotation => pieces.push(left),
                    Side::Alone => pieces.extend(right.pieces),
                }
            }
        }
        if frame.chained && pieces.is_empty() {
            return;
        }
        if pieces.is_empty() {
            // `“Will you stay?” Ms Roe asked.`: the quotation stands in a sentence of its own before.
            if let Some(index) = *lone
                && frame.takes.contains(['s', 'q'])
                && let Some(waiting) = self.out.get_mut(index)
                && waiting.content.iter().all(|c| c.of(self.document.text).ends_with(['?', '!', '.']))
                && frame.whole.start == 0
            {
                waiting.source = source.clone();
                waiting.cue = cue.clone();
                waiting.score = 0.9;
                self.turn = Some(Turn { source, cue });
                self.spoke = None;
            }
            return;
        }
        if let Some(source) = frame.source.clone()
            && unit[source.clone()].iter().any(|e| e.is(ASKERS))
        {
            return;
        }
        let quoted = pieces.iter().any(|p| p.quoted);
        for p in &pieces {
            for slot in &mut taken[p.elements.clone()] {
                *slot = true;
            }
        }
        if joined && pieces.len() > 1 {
            let content = pieces.iter().map(|p| p.span).collect();
            self.push(&source, &cue, content, if quoted { 0.9 } else { 0.7 });
        } else {
            for piece in &pieces {
                self.push(&source, &cue, vec![piece.span], if piece.quoted { 0.95 } else { piece.score });
            }
        }
        if frame.takes.contains(['s', 'q', 'r', 't', 'w', 'i', 'o', 'a']) {
            self.turn = Some(Turn { source, cue });
            self.spoke = None;
        }
    }

    /// What stands before a frame: a quotation, or the clause up to a comma.
    fn left(&self, unit: &[Element], found: &[Frame], n: usize, taken: &[bool]) -> Option<Piece> {
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
    fn right(&self, unit: &[Element], found: &[Frame], n: usize) -> Option<Right> {
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

    fn after_inverted(&self, unit: &[Element], frame: &Frame, at: usize, limit: usize) -> Option<Right> {
        let mark = unit.get(at)?;
        let next = unit.get(at + 1)?;
        if mark.is(&[",", ":"]) && next.is_quotation() && at + 1 < limit {
            let side = Side::joins_if(mark.is(&[","]) && frame.cue.start > 0, Side::Alone);
            return self.report(unit, at + 1, limit, 0.95).map(|pieces| Right { pieces, side });
        }
        None
    }

    /// Where a frame's content ends at the latest: before the words of the next frame that is set off by a comma, or before the end mark.
    fn limit(&self, unit: &[Element], found: &[Frame], n: usize) -> usize {
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
    fn past_hearer(&self, unit: &[Element], at: usize, limit: usize) -> usize {
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
    fn past_adverbials(&self, unit: &[Element], at: usize, limit: usize) -> usize {
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

    /// The content from `start` to `end`: one piece for each quotation, or one for a clause, cut at `, and that`.
    fn pieces(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Vec<Piece>> {
        if start >= end {
            return None;
        }
        let mut start = start;
        while start < end && unit[start].is(&[",", "that"]) {
            start += 1;
        }
        if start < end
            && unit[start].is_quotation()
            && unit[start + 1..end].iter().all(|e| e.is_mark() || e.is_quotation())
        {
            return self.whole(unit, start, start + 1, score).map(|p| vec![p]);
        }
        if let Some(at) = (start..end).find(|&i| unit[i].is(&[":"]) && unit.get(i + 1).is_some_and(|e| e.is(&["that"])))
        {
            start = at + 2;
        }
        let mut out = Vec::new();
        let mut from = start;
        for at in start..end {
            let next_that =
                unit[at].is(&["and", "but"]) && unit.get(at + 1).is_some_and(|e| e.is(&["that"])) && at > from + 2;
            if next_that && at + 2 < end {
                let stop = if unit[at - 1].is(&[","]) { at - 1 } else { at };
                out.extend(self.whole(unit, from, stop, score));
                from = at + 2;
            }
        }
        out.extend(self.whole(unit, from, end, score));
        (!out.is_empty()).then_some(out)
    }

    /// Tells whether a phrase that begins with a preposition opens a clause: a comma and a subject follow it.
    fn opens_clause(&self, unit: &[Element], at: usize, limit: usize) -> bool {
        let comma = (at..limit).take(10).find(|&i| unit[i].is(&[","]));
        comma
            .is_some_and(|i| limit > i + 4 && (frames::is_pronoun(&unit[i + 1]) || frames::is_determiner(&unit[i + 1])))
    }

    /// The content after a comma or colon: a quotation that is a sentence of its own stands alone.
    fn report(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Vec<Piece>> {
        if unit[start].is_quotation()
            && !self.is_fragment(&unit[start])
            && unit.get(start + 1).is_none_or(|e| e.is_mark())
        {
            return self.whole(unit, start, start + 1, score).map(|p| vec![p]);
        }
        self.pieces(unit, start, end, score)
    }

    fn whole(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Piece> {
        if end == start + 1 && unit[start].is_quotation() {
            return Some(Piece { span: self.quoted(&unit[start])?, quoted: true, elements: start..end, score });
        }
        let end = trimmed_end(unit, start, end);
        let span = span_of(unit, start..end)?;
        Some(Piece { span, quoted: unit[start..end].iter().any(Element::is_quotation), elements: start..end, score })
    }

    /// The words within the marks of a quotation, less a final comma.
    fn quoted(&self, element: &Element) -> Option<Span> {
        let quotation = self.document.quotations.get(element.quotation?)?;
        let inner = quotation.inner.of(self.document.text);
        let lead = inner.len() - inner.trim_start().len();
        let mut core = inner.trim();
        core = core.strip_suffix(',').unwrap_or(core).trim_end();
        if let Some(stripped) = core.strip_suffix('.')
            && !stripped.ends_with('.')
            && !stripped.is_empty()
        {
            core = stripped;
        }
        let start = quotation.inner.start as usize + lead;
        core.contains(char::is_alphanumeric).then(|| Span::new(start, start + core.len()))
    }

    /// Tells whether a quotation is part of a sentence: it begins with a small letter.
    fn is_fragment(&self, element: &Element) -> bool {
        self.quoted(element).is_some_and(|s| s.of(self.document.text).starts_with(|c: char| c.is_lowercase()))
    }

    /// Finds who is quoted within a quotation.
    fn inside(&mut self, quotation: usize) {
        let Some(outer) = self.document.quotations.get(quotation).copied() else { return };
        if outer.depth > 3 {
            return;
        }
        let all = elements(self.document, outer.inner, outer.depth + 1);
        if !all.iter().any(Element::is_quotation) {
            return;
        }
        let turn = self.turn.take();
        for unit in units(&all) {
            if !unit.iter().any(Element::is_quotation) {
                continue;
            }
            let found = frames(unit, self.cues);
            let mut taken = vec![false; unit.len()];
            for n in 0..found.len() {
                let own = found[n].source.as_ref().is_some_and(|s| unit[s.start].is(&["i", "we", "you"]));
                if !own {
                    let before = self.out.len();
                    self.content(unit, &found, n, &mut taken, &mut None);
                    let document = self.document;
                    let mut kept = self.out.split_off(before);
                    kept.retain(|a| {
                        a.content.iter().all(|c| {
                            document.quotations.iter().any(|q| q.depth == outer.depth + 1 && q.inner.contains(*c))
                        })
                    });
                    self.out.extend(kept);
                }
            }
        }
        self.turn = turn;
    }

    fn push(&mut self, source: &[Span], cue: &[Span], content: Vec<Span>, score: f32) {
        self.out.push(TaggedAttribution { source: source.to_vec(), cue: cue.to_vec(), content, score });
    }
}

/// A piece of content.
struct Piece {
    span: Span,
    quoted: bool,
    elements: Range<usize>,
    score: f32,
}

/// What stands after a frame.
struct Right {
    pieces: Vec<Piece>,
    side: Side,
}

/// How what stands after a frame goes together with what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
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

/// The end of a range without the marks that close a sentence.
fn trimmed_end(unit: &[Element], start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && unit[end - 1].is(&[".", "!", "?", ",", ";", ":", "…", "—", "–", "--", "-"]) {
        if unit[end - 1].is(&["?", "!"]) {
            break;
        }
        end -= 1;
    }
    end
}

fn span_of(unit: &[Element], range: Range<usize>) -> Option<Span> {
    let (first, last) = (unit.get(range.start)?, unit.get(range.end.checked_sub(1)?)?);
    (first.span.start < last.span.end).then_some(Span { start: first.span.start, end: last.span.end })
}

fn spans(unit: &[Element], range: Range<usize>) -> Vec<Span> {
    span_of(unit, range).into_iter().collect()
}
