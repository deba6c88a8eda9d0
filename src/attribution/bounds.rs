//! Where source and content part, whatever the tagger said: datelines are no content, and appositions belong to the source.

use crate::span::Span;
use crate::text::{Document, dateline};

/// Mends the bounds of one attribution.
pub(super) fn mend(document: &Document<'_>, source: &mut Vec<Span>, content: &mut Vec<Span>) {
    // The town in which a report was written says nothing in it.
    source.retain(|span| dateline_around(document, span).is_none_or(|end| span.end > end));
    for span in content.iter_mut() {
        past_dateline(document, span);
    }
    content.retain(|span| span.start < span.end);
    if let [only] = source.as_mut_slice()
        && let Some(first) = content.first_mut()
    {
        past_apposition(document.text, only, first);
    }
}

/// Moves the start of a content that takes in its block's dateline: `OLDPORT, May 17 (Agency) -- The pier …`.
fn past_dateline(document: &Document<'_>, content: &mut Span) {
    if let Some(end) = dateline_around(document, content) {
        content.start = content.start.max(end.min(content.end));
    }
}

/// Returns the end of the dateline with which the block of a span opens.
fn dateline_around(document: &Document<'_>, span: &Span) -> Option<u32> {
    let at = document.blocks.partition_point(|block| block.span.end <= span.start);
    let block = document.blocks.get(at)?;
    Some(block.span.start + dateline(block.span.of(document.text))? as u32)
}

/// Gives the source an apposition with which its content begins: `According to Ann Poe, of the Dockers’ Union, the pier …`.
fn past_apposition(text: &str, source: &mut Span, content: &mut Span) {
    let says = content.of(text);
    if text.get(source.end as usize..content.start as usize) != Some(", ") || !says.starts_with("of ") {
        return;
    }
    let Some(comma) = says.find(", ") else { return };
    source.end = content.start + comma as u32;
    content.start += comma as u32 + 2;
}
