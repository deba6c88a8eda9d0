//! How much of a content stands in quotation marks.

use super::Kind;
use crate::span::Span;
use crate::text::{Document, Quotation};

/// Tells direct, mixed and indirect content apart.
pub(super) fn kind(document: &Document<'_>, content: &[Span]) -> Kind {
    let mut any = false;
    let mut all = true;
    for span in content {
        let touching = document.quotations.partition_point(|q| q.span.start < span.end);
        let near = &document.quotations[..touching];
        let own = near.iter().rev().any(|q| q.span.overlaps(*span) && fills(document.text, q, *span));
        let part = near.iter().rev().any(|q| span.contains(q.span));
        any |= own || part;
        all &= own;
    }
    match (all && !content.is_empty(), any) {
        (true, _) => Kind::Direct,
        (false, true) => Kind::Mixed,
        (false, false) => Kind::Indirect,
    }
}

/// Tells whether `span` is the whole of a quotation, marks and edge punctuation aside.
fn fills(text: &str, quotation: &Quotation, span: Span) -> bool {
    let bare = |s: Span| -> (u32, u32) {
        let part = s.of(text);
        let lead = part.len() - part.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
        let core = part[lead..].trim_end_matches(|c: char| !c.is_alphanumeric());
        (s.start + lead as u32, s.start + (lead + core.len()) as u32)
    };
    bare(quotation.inner) == bare(span)
}
