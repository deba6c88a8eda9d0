//! A sentence as words and whole quotations, so that rules can look past what is quoted.

use crate::span::Span;
use crate::text::{Document, TokenKind};

/// A word or mark, or a whole quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The word in lower case; empty for a quotation.
    pub lower: String,
    /// Where it stands.
    pub span: Span,
    /// Index into `Document::quotations`, where it is one.
    pub quotation: Option<usize>,
    /// Whether it begins with a capital letter or a digit.
    pub capital: bool,
    /// Whether it is a quotation with a comma before its closing mark.
    pub comma: bool,
    /// Whether it is a word or number.
    pub word: bool,
    /// Sentence of its first and of its last token.
    pub sentences: (u32, u32),
}

/// Reads the tokens within `span` as elements; quotations of `depth` are taken whole, the marks of others are words.
pub fn elements(document: &Document<'_>, span: Span, depth: u8) -> Vec<Element> {
    let range = document.tokens_in(span);
    let mut quotation = document.quotations.partition_point(|q| q.span.start < span.start);
    let mut out = Vec::with_capacity(range.len());
    let mut token = range.start;
    while token < range.end {
        let at = document.tokens[token];
        while document
            .quotations
            .get(quotation)
            .is_some_and(|q| q.span.end <= at.span.start || q.depth != depth && q.span.start <= at.span.start)
        {
            quotation += 1;
        }
        if let Some(q) = document.quotations.get(quotation)
            && q.depth == depth
            && q.span.start <= at.span.start
            && q.span.end <= span.end
        {
            let mut last = token;
            while last + 1 < range.end && document.tokens[last + 1].span.start < q.span.end {
                last += 1;
            }
            out.push(Element {
                lower: String::new(),
                span: q.span,
                quotation: Some(quotation),
                capital: false,
                comma: q.inner.of(document.text).trim_end().ends_with(','),
                word: false,
                sentences: (at.sentence, document.tokens[last].sentence),
            });
            token = last + 1;
            quotation += 1;
            continue;
        }
        let text = at.span.of(document.text);
        out.push(Element {
            lower: text.to_lowercase(),
            span: at.span,
            quotation: None,
            capital: text.starts_with(|c: char| c.is_uppercase() || c.is_numeric()),
            comma: false,
            word: matches!(at.kind, TokenKind::Word | TokenKind::Number),
            sentences: (at.sentence, at.sentence),
        });
        token += 1;
    }
    out
}

/// Longest sentence that is read as one; a longer one is cut where it falls.
const LONGEST: usize = 1_000;

/// Cuts elements into sentences that no quotation crosses.
pub fn units(elements: &[Element]) -> Vec<&[Element]> {
    elements.chunk_by(|a, b| a.sentences.1 == b.sentences.0).flat_map(|unit| unit.chunks(LONGEST)).collect()
}

impl Element {
    /// Tells whether it is a quotation.
    pub fn is_quotation(&self) -> bool {
        self.quotation.is_some()
    }

    /// Tells whether it is one of `words`.
    pub fn is(&self, words: &[&str]) -> bool {
        self.quotation.is_none() && words.contains(&self.lower.as_str())
    }

    /// Tells whether it is a mark and no quotation.
    pub fn is_mark(&self) -> bool {
        self.quotation.is_none() && !self.word
    }
}
