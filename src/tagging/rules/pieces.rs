//! Pieces of content: quotations without their marks, clauses without the marks that close a sentence.

use std::ops::Range;

use super::Reader;
use crate::span::Span;
use crate::tagging::elements::Element;

/// A piece of content.
pub(super) struct Piece {
    pub span: Span,
    pub quoted: bool,
    pub elements: Range<usize>,
    pub score: f32,
}

impl Reader<'_, '_> {
    /// The content from `start` to `end`: one piece for each quotation, or one for a clause, cut at `, and that`.
    pub(super) fn pieces(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Vec<Piece>> {
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

    /// The content after a comma or colon: a quotation that is a sentence of its own stands alone.
    pub(super) fn report(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Vec<Piece>> {
        if unit[start].is_quotation()
            && !self.is_fragment(&unit[start])
            && unit.get(start + 1).is_none_or(|e| e.is_mark())
        {
            return self.whole(unit, start, start + 1, score).map(|p| vec![p]);
        }
        self.pieces(unit, start, end, score)
    }

    pub(super) fn whole(&self, unit: &[Element], start: usize, end: usize, score: f32) -> Option<Piece> {
        if end == start + 1 && unit[start].is_quotation() {
            return Some(Piece { span: self.quoted(&unit[start])?, quoted: true, elements: start..end, score });
        }
        let end = trimmed_end(unit, start, end);
        let span = span_of(unit, start..end)?;
        Some(Piece { span, quoted: unit[start..end].iter().any(Element::is_quotation), elements: start..end, score })
    }

    /// The words within the marks of a quotation, less a final comma.
    pub(super) fn quoted(&self, element: &Element) -> Option<Span> {
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
    pub(super) fn is_fragment(&self, element: &Element) -> bool {
        self.quoted(element).is_some_and(|s| s.of(self.document.text).starts_with(|c: char| c.is_lowercase()))
    }
}

/// The end of a range without the marks that close a sentence.
pub(super) fn trimmed_end(unit: &[Element], start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && unit[end - 1].is(&[".", "!", "?", ",", ";", ":", "…", "—", "–", "--", "-"]) {
        if unit[end - 1].is(&["?", "!"]) {
            break;
        }
        end -= 1;
    }
    end
}

pub(super) fn span_of(unit: &[Element], range: Range<usize>) -> Option<Span> {
    let (first, last) = (unit.get(range.start)?, unit.get(range.end.checked_sub(1)?)?);
    (first.span.start < last.span.end).then_some(Span { start: first.span.start, end: last.span.end })
}

pub(super) fn spans(unit: &[Element], range: Range<usize>) -> Vec<Span> {
    span_of(unit, range).into_iter().collect()
}
