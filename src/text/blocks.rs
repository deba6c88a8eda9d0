//! Blocks: paragraphs, headlines, captions and page furniture.

use crate::span::Span;

use super::{Block, BlockKind};

/// Splits a text into blocks and says what each is.
pub fn blocks(text: &str) -> Vec<Block> {
    split(text).into_iter().map(|span| Block { span, kind: BlockKind::Prose, sentences: 0..0, tokens: 0..0 }).collect()
}

/// Splits at blank lines, and at every line break of a text whose lines are not wrapped by hand.
pub fn split(text: &str) -> Vec<Span> {
    let wrapped = is_wrapped(text);
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\u{2029}']) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            open = false;
        } else {
            let start = at + (line.len() - line.trim_start().len());
            match out.last_mut() {
                Some(last) if open && wrapped => last.end = (start + trimmed.len()) as u32,
                _ => out.push(Span::new(start, start + trimmed.len())),
            }
            open = true;
        }
        at += line.len();
    }
    out
}

/// Tells whether the lines within paragraphs are broken at a fixed width: most lines with a line after them are of like length.
fn is_wrapped(text: &str) -> bool {
    let lines: Vec<usize> = text.lines().map(|l| l.trim().chars().count()).collect();
    let inner: Vec<usize> = lines.windows(2).filter(|w| w[0] > 0 && w[1] > 0).map(|w| w[0]).collect();
    let has_blank = lines.iter().skip(1).any(|n| *n == 0);
    let even = inner.iter().filter(|n| (50..=100).contains(*n)).count();
    has_blank && inner.len() >= 3 && even * 10 >= inner.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks_of(text: &str) -> Vec<&str> {
        split(text).iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn a_line_is_a_block_where_lines_are_not_wrapped() {
        assert_eq!(blocks_of("Title\n\n One. \nTwo.\n"), ["Title", "One.", "Two."]);
    }

    #[test]
    fn hand_wrapped_lines_are_joined() {
        let line = "The council will meet again on Tuesday to hear the harbour board";
        let text = format!("Title\n\n{line}\n{line}\n{line}\nand end.\n\nNext.");
        assert_eq!(blocks_of(&text).len(), 3);
        assert_eq!(blocks_of(&text)[2], "Next.");
    }
}
