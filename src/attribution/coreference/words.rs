//! The article's tokens as name finding sees them.

use std::collections::HashSet;

use crate::lexicon::names::fold;
use crate::span::Span;
use crate::text::{BlockKind, Document, TokenKind};

/// A token with what is asked of it again and again.
pub(super) struct Word<'t> {
    pub text: &'t str,
    /// Folded, without a closing full stop; empty for marks.
    pub low: String,
    pub span: Span,
    pub sentence: u32,
    pub block: u32,
    /// Whether it starts with a capital letter.
    pub capital: bool,
    pub kind: TokenKind,
    /// Whether it lies inside a quotation.
    pub quoted: bool,
    /// Whether it opens a sentence or a quotation, so that its capital says nothing.
    pub opens: bool,
}

pub(super) struct Words<'t> {
    pub text: &'t str,
    pub list: Vec<Word<'t>>,
    pub kinds: Vec<BlockKind>,
    /// Words that stand in lower case somewhere.
    pub lower: HashSet<String>,
    /// Words that stand with a capital where nothing but a name asks for it.
    pub upper: HashSet<String>,
    /// Blocks set in title case or capitals, where a capital says nothing.
    pub titled: Vec<bool>,
    ordinals: Vec<i32>,
}

/// Longest phrase that is copied out of the text, in bytes: names, roles and descriptions are short.
const LONGEST_PHRASE: usize = 600;

impl<'t> Words<'t> {
    pub fn new(document: &Document<'t>) -> Words<'t> {
        let text = document.text;
        let mut list: Vec<Word<'t>> = Vec::with_capacity(document.tokens.len());
        let mut quotes = document.quotations.iter().peekable();
        let mut quoted_to = 0u32;
        for token in &document.tokens {
            while let Some(quotation) = quotes.peek() {
                if quotation.span.start > token.span.start {
                    break;
                }
                quoted_to = quoted_to.max(quotation.span.end);
                quotes.next();
            }
            let word = token.span.of(text);
            let is_word = matches!(token.kind, TokenKind::Word | TokenKind::Number);
            let mut low = if is_word { fold(word) } else { String::new() };
            while low.len() > 1 && low.ends_with('.') {
                low.pop();
            }
            if low.contains('.') && low.len() <= 12 && low.split('.').all(|p| p.chars().count() <= 1) {
                low.retain(|c| c != '.');
            }
            let block = document.sentences.get(token.sentence as usize).map_or(0, |s| s.block as u32);
            let opens = match list.last() {
                None => true,
                Some(last) => {
                    last.sentence != token.sentence
                        || last.kind == TokenKind::OpenQuote
                        || (last.kind == TokenKind::Mark && matches!(last.text, ":" | "\"" | "-" | "–" | "—" | "--"))
                }
            };
            list.push(Word {
                text: word,
                low,
                span: token.span,
                sentence: token.sentence,
                block,
                capital: is_word && word.chars().next().is_some_and(char::is_uppercase),
                kind: token.kind,
                quoted: token.span.start < quoted_to,
                opens,
            });
        }
        let kinds: Vec<BlockKind> = document.blocks.iter().map(|b| b.kind).collect();
        let ordinals: Vec<i32> = kinds
            .iter()
            .scan(0, |seen, kind| {
                let before = *seen;
                *seen += i32::from(*kind == BlockKind::Prose);
                Some(before)
            })
            .collect();
        let mut counts = vec![(0u32, 0u32); kinds.len()];
        for word in list.iter().filter(|w| w.kind == TokenKind::Word && w.text.len() > 3) {
            if let Some((all, capital)) = counts.get_mut(word.block as usize) {
                *all += 1;
                *capital += u32::from(word.capital);
            }
        }
        let titled: Vec<bool> = counts.iter().map(|(all, capital)| *all >= 4 && capital * 10 > all * 7).collect();
        let (mut lower, mut upper) = (HashSet::new(), HashSet::new());
        for word in list.iter().filter(|w| w.kind == TokenKind::Word) {
            if !word.capital {
                lower.insert(word.low.clone());
            } else if !word.opens && !titled.get(word.block as usize).copied().unwrap_or(false) {
                upper.insert(word.low.clone());
            }
        }
        Words { text, list, kinds, lower, upper, titled, ordinals }
    }

    pub fn get(&self, i: usize) -> Option<&Word<'t>> {
        self.list.get(i)
    }

    pub fn low(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |w| w.low.as_str())
    }

    pub fn text_at(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |w| w.text)
    }

    /// Returns how many blocks of running text stand before a token's block; captions and furniture do not count.
    pub fn block(&self, i: usize) -> i32 {
        self.list.get(i).and_then(|w| self.ordinals.get(w.block as usize)).copied().unwrap_or(0)
    }

    pub fn sentence(&self, i: usize) -> i32 {
        self.list.get(i).map_or(0, |w| w.sentence as i32)
    }

    pub fn quoted(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|w| w.quoted)
    }

    pub fn mark(&self, i: usize) -> &str {
        self.list.get(i).filter(|w| w.low.is_empty()).map_or("", |w| w.text)
    }

    /// Returns the published text from token `a` to before token `b`, with runs of white space as one space.
    pub fn phrase(&self, a: usize, b: usize) -> String {
        let (Some(first), Some(last)) = (self.list.get(a), self.list.get(b.wrapping_sub(1))) else {
            return String::new();
        };
        if b <= a {
            return String::new();
        }
        let raw = self.text.get(first.span.start as usize..last.span.end as usize).unwrap_or("");
        let mut end = raw.len().min(LONGEST_PHRASE);
        while !raw.is_char_boundary(end) {
            end -= 1;
        }
        raw[..end].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the tokens that a span covers.
    pub fn under(&self, span: Span) -> std::ops::Range<usize> {
        let a = self.list.partition_point(|w| w.span.end <= span.start);
        let b = self.list.partition_point(|w| w.span.start < span.end);
        a..b.max(a)
    }

    pub fn kind_at(&self, i: usize) -> BlockKind {
        self.list.get(i).and_then(|w| self.kinds.get(w.block as usize)).copied().unwrap_or(BlockKind::Prose)
    }

    pub fn is_titled(&self, i: usize) -> bool {
        self.list.get(i).and_then(|w| self.titled.get(w.block as usize)).copied().unwrap_or(false)
    }
}
