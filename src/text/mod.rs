//! Text seen as blocks, sentences, tokens and quotations, all as spans into the published text.

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

impl Document<'_> {
    /// Returns a token's text.
    pub fn word(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |t| t.span.of(self.text))
    }
}
