//! A tagger made of rules: it needs no weights, and it is what a trained tagger has to beat.
//!
//! Each sentence is read as words and whole quotations. Frames (a cue with its source) are found by word order; then
//! each frame takes the quotation or clause beside it. Quotations with no frame of their own go on with the turn of
//! whoever spoke last.

mod labels;
mod pieces;
mod sides;
mod turns;

use std::collections::HashSet;

use self::labels::{askers, has_answers, is_transcript, labels, one_named};
use self::pieces::{Piece, spans};
use self::sides::Side;
use super::elements::{Element, elements, units};
use super::frames::{self, Frame, frames};
use super::{TaggedAttribution, Tagger};
use crate::lexicon::cues::CueLexicon;
use crate::span::Span;
use crate::text::{Block, BlockKind, Document, dateline};

/// Finds attributions by rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleTagger;

impl Tagger for RuleTagger {
    fn tag(&self, document: &Document<'_>) -> Vec<TaggedAttribution> {
        let labels = labels(document);
        let transcript = is_transcript(document, &labels);
        let mut reader = Reader {
            document,
            cues: CueLexicon::english(),
            turn: None,
            spoke: None,
            asked: false,
            transcript,
            askers: if transcript { askers(document) } else { HashSet::new() },
            answers: has_answers(document),
            one_named: one_named(&labels),
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
    /// Names in the transcript of those who do nothing but ask.
    askers: HashSet<&'t str>,
    /// Whether paragraphs open with `Q.` and `A.`.
    answers: bool,
    /// Whether labels name one person at most.
    one_named: bool,
    /// Whether the turn in a transcript is that of somebody who only asks.
    asking: bool,
    out: Vec<TaggedAttribution>,
}

/// Words of those who only ask.
pub(super) const ASKERS: &[&str] = &["reporter", "interviewer", "q", "question", "questioner", "moderator"];

impl Reader<'_, '_> {
    fn block(&mut self, block: &Block) {
        let mut text = block.span;
        text.start += dateline(text.of(self.document.text)).unwrap_or(0) as u32;
        let all = elements(self.document, text, 0);
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

    fn push(&mut self, source: &[Span], cue: &[Span], content: Vec<Span>, score: f32) {
        self.out.push(TaggedAttribution { source: source.to_vec(), cue: cue.to_vec(), content, score });
    }
}
