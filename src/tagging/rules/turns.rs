//! Quotations with no frame of their own, and quotations within quotations.

use super::Reader;
use crate::span::Span;
use crate::tagging::elements::{Element, elements, units};
use crate::tagging::frames::frames;
use crate::text::BlockKind;

/// Most paragraphs that run on in one quotation.
const MOST_PARAGRAPHS: usize = 64;

impl Reader<'_, '_> {
    /// A sentence that is nothing but quotation: it goes on with the turn, or waits for a frame after it.
    pub(super) fn bare(&mut self, unit: &[Element], lone: &mut Option<usize>, kind: BlockKind) {
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
                && last.content.len() < MOST_PARAGRAPHS
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

    /// Finds who is quoted within a quotation.
    pub(super) fn inside(&mut self, quotation: usize) {
        let Some(outer) = self.document.quotations.get(quotation).copied() else { return };
        if outer.depth > 3 {
            return;
        }
        let all = elements(self.document, outer.inner, outer.depth + 1);
        if !all.iter().any(Element::is_quotation) {
            return;
        }
        let document = self.document;
        // Those of the next depth do not overlap, so that the last one that begins before a content is the only one to hold it.
        let nested: Vec<Span> = (document.quotations.iter().skip(quotation + 1))
            .take_while(|q| q.span.start < outer.span.end)
            .filter(|q| q.depth == outer.depth + 1)
            .map(|q| q.inner)
            .collect();
        let holds = |content: &Span| {
            let before = nested.partition_point(|inner| inner.start <= content.start);
            before.checked_sub(1).is_some_and(|last| nested[last].contains(*content))
        };
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
                    let mut kept = self.out.split_off(before);
                    kept.retain(|a| a.content.iter().all(holds));
                    self.out.extend(kept);
                }
            }
        }
        self.turn = turn;
    }
}
