//! How much of a content stands in quotation marks.

use std::collections::HashSet;

use super::Kind;
use crate::span::Span;
use crate::text::Document;

/// The quotations of a document, ordered for asking which of them a content fills or holds.
pub(super) struct Quoted<'d> {
    document: &'d Document<'d>,
    /// Where the words of each quotation begin and end, its marks and edge punctuation aside.
    words: HashSet<(u32, u32)>,
}

impl<'d> Quoted<'d> {
    pub fn of(document: &'d Document<'d>) -> Quoted<'d> {
        Quoted { document, words: document.quotations.iter().map(|q| bare(document.text, q.inner)).collect() }
    }

    /// Tells direct, mixed and indirect content apart.
    pub fn kind(&self, content: &[Span]) -> Kind {
        let mut any = false;
        let mut all = true;
        for span in content {
            let own = self.words.contains(&bare(self.document.text, *span));
            any |= own || self.holds_one(*span);
            all &= own;
        }
        match (all && !content.is_empty(), any) {
            (true, _) => Kind::Direct,
            (false, true) => Kind::Mixed,
            (false, false) => Kind::Indirect,
        }
    }

    /// Tells whether a whole quotation lies in a span.
    fn holds_one(&self, span: Span) -> bool {
        let first = self.document.quotations.partition_point(|q| q.span.start < span.start);
        let mut within = self.document.quotations[first..].iter().take_while(|q| q.span.start < span.end);
        within.any(|q| span.contains(q.span))
    }
}

/// Where the words of a span begin and end.
fn bare(text: &str, span: Span) -> (u32, u32) {
    let part = span.of(text);
    let lead = part.len() - part.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let core = part[lead..].trim_end_matches(|c: char| !c.is_alphanumeric());
    (span.start + lead as u32, span.start + (lead + core.len()) as u32)
}
