//! Text seen as blocks, sentences, tokens and quotations, all as spans into the published text.

pub mod blocks;
mod dateline;
pub mod quotes;
pub mod sentences;
pub mod tokens;

pub use dateline::dateline;

use crate::span::Span;

/// A text with its structure; the base that tagging and attribution work on.
pub struct Document<'t> {
    /// The published text.
    pub text: &'t str,
    /// Paragraph-like blocks in order, without the blank space between them.
    pub blocks: Vec<Block>,
    /// Sentences in order; each lies in one block.
    pub sentences: Vec<Sentence>,
    /// Tokens in order; each lies in one sentence.
    pub tokens: Vec<Token>,
    /// Quotations in order of their opening marks; nested ones follow the one they lie in.
    pub quotations: Vec<Quotation>,
}

/// A paragraph, headline, caption or piece of page furniture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it stands, trimmed of white space.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
    /// Its sentences, as a range into `Document::sentences`.
    pub sentences: std::ops::Range<usize>,
    /// Its tokens, as a range into `Document::tokens`.
    pub tokens: std::ops::Range<usize>,
}

/// What a block is, as far as the text shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Prose,
    /// The headline or a crosshead.
    Headline,
    /// Words under a picture.
    Caption,
    /// Who wrote it, where and for whom.
    Byline,
    /// Page furniture: share buttons, advertisement marks, teasers, agency credits.
    Furniture,
}

impl BlockKind {
    /// Tells whether claims may be read from such a block.
    pub fn holds_claims(self) -> bool {
        matches!(self, BlockKind::Prose | BlockKind::Headline)
    }
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Index of its block.
    pub block: usize,
    /// Its tokens, as a range into `Document::tokens`.
    pub tokens: std::ops::Range<usize>,
}

/// A word, number or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Index of its sentence.
    pub sentence: u32,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with inner apostrophes and hyphens.
    Word,
    /// Digits, with inner points and commas.
    Number,
    /// A mark that opens a quotation.
    OpenQuote,
    /// A mark that closes a quotation.
    CloseQuote,
    /// Any other mark.
    Mark,
}

/// A stretch between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// From the opening mark to the closing mark, both included; to the block's end where no mark closes it.
    pub span: Span,
    /// What stands between the marks.
    pub inner: Span,
    /// How many quotations it lies in: 0 for an outer one.
    pub depth: u8,
    /// Whether it goes on from the quotation before it (a mark re-opened at the start of a paragraph).
    pub continues: bool,
    /// Whether a closing mark was found.
    pub closed: bool,
}

impl<'t> Document<'t> {
    /// Reads the structure of `text`.
    pub fn read(text: &'t str) -> Document<'t> {
        Document::parse(text, None)
    }

    /// Reads the structure of `text`, whose headline is `title` where that is known apart from the text.
    pub fn parse(text: &'t str, title: Option<&str>) -> Document<'t> {
        let mut blocks = blocks::blocks(text, title);
        let quotations = quotes::quotations(text, &blocks);
        let marks = QuoteMarks::of(&quotations);
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut all: Vec<Token> = Vec::new();
        for (index, block) in blocks.iter_mut().enumerate() {
            let first = all.len();
            all.extend(tokens::tokenize(text, block.span).into_iter().map(|t| Token {
                kind: marks.kind(t),
                span: t.span,
                sentence: 0,
            }));
            block.tokens = first..all.len();
            let first_sentence = sentences.len();
            for range in sentences::split(text, &all[first..]) {
                let tokens = first + range.start..first + range.end;
                let span = Span { start: all[tokens.start].span.start, end: all[tokens.end - 1].span.end };
                for token in &mut all[tokens.clone()] {
                    token.sentence = sentences.len() as u32;
                }
                sentences.push(Sentence { span, block: index, tokens });
            }
            block.sentences = first_sentence..sentences.len();
        }
        Document { text, blocks, sentences, tokens: all, quotations }
    }

    /// Returns a token's text.
    pub fn word(&self, token: usize) -> &'t str {
        self.tokens.get(token).map_or("", |t| t.span.of(self.text))
    }

    /// Returns the indexes of the tokens that share a byte with `span`.
    pub fn tokens_in(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.tokens.partition_point(|t| t.span.end <= span.start);
        let end = self.tokens.partition_point(|t| t.span.start < span.end);
        start..end.max(start)
    }

    /// Returns the index of the block that holds byte `at`.
    pub fn block_at(&self, at: u32) -> Option<usize> {
        let index = self.blocks.partition_point(|b| b.span.end <= at);
        self.blocks.get(index).filter(|b| b.span.start <= at).map(|_| index)
    }
}

/// Where quotation marks stand, for telling the tokens that are marks.
struct QuoteMarks {
    opening: Vec<u32>,
    closing: Vec<u32>,
}

impl QuoteMarks {
    fn of(quotations: &[Quotation]) -> QuoteMarks {
        let opening = quotations.iter().filter(|q| q.span.start < q.inner.start).map(|q| q.span.start);
        let closing = quotations.iter().filter(|q| q.inner.end < q.span.end).map(|q| q.inner.end);
        let mut marks = QuoteMarks { opening: opening.collect(), closing: closing.collect() };
        marks.opening.sort_unstable();
        marks.closing.sort_unstable();
        marks
    }

    fn kind(&self, token: tokens::RawToken) -> TokenKind {
        match token.kind {
            TokenKind::Mark if self.opening.binary_search(&token.span.start).is_ok() => TokenKind::OpenQuote,
            TokenKind::Mark if self.closing.binary_search(&token.span.start).is_ok() => TokenKind::CloseQuote,
            kind => kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_make_up_the_text(text in "([ \\n\\n'’‘“”\"«».,?!a-zA-Z]|\\PC){0,160}") {
            let document = Document::read(&text);
            let mut at = 0;
            for (index, block) in document.blocks.iter().enumerate() {
                prop_assert!(text[at..block.span.start as usize].trim().is_empty());
                at = block.span.end as usize;
                let words: String = document.tokens[block.tokens.clone()].iter().map(|t| t.span.of(&text)).collect();
                let shown: String = block.span.of(&text).chars().filter(|c| !c.is_whitespace()).collect();
                prop_assert_eq!(words, shown);
                let covered: usize = document.sentences[block.sentences.clone()].iter().map(|s| s.tokens.len()).sum();
                prop_assert_eq!(covered, block.tokens.len());
                prop_assert!(document.sentences[block.sentences.clone()].iter().all(|s| s.block == index));
            }
            prop_assert!(text[at..].trim().is_empty());
        }

        #[test]
        fn quotations_nest_and_lie_in_one_block(text in "([ \n'’‘“”\"«».,?!ab]){0,80}") {
            let document = Document::read(&text);
            let quotations = &document.quotations;
            for (n, q) in quotations.iter().enumerate() {
                prop_assert!(q.span.contains(q.inner));
                prop_assert!(text.get(q.inner.start as usize..q.inner.end as usize).is_some());
                prop_assert!(document.blocks.iter().any(|b| b.span.contains(q.span)));
                for later in &quotations[n + 1..] {
                    prop_assert!(q.span.start <= later.span.start);
                    prop_assert!(!q.span.overlaps(later.span) || q.inner.contains(later.span));
                }
                let around = quotations.iter().filter(|o| o.inner.contains(q.span) && **o != *q).count();
                prop_assert_eq!(around, q.depth as usize);
            }
        }
    }
}
