//! Where source and content part, whatever the tagger said: datelines are no content, and appositions belong to the source.

use crate::span::Span;
use crate::text::Document;

/// Most words of a dateline: `ST. PETERSBURG, Fla., Oct. 17 (Agency) --`.
const DATELINE_WORDS: usize = 12;

/// Mends the bounds of one attribution.
pub(super) fn mend(document: &Document<'_>, source: &mut [Span], content: &mut Vec<Span>) {
    for span in content.iter_mut() {
        past_dateline(document, span);
    }
    content.retain(|span| span.start < span.end);
    if let [only] = source
        && let Some(first) = content.first_mut()
    {
        past_apposition(document.text, only, first);
    }
}

/// Moves the start of a content that takes in its block's dateline: `OLDPORT, May 17 (Agency) -- The pier …`.
fn past_dateline(document: &Document<'_>, content: &mut Span) {
    let at = document.blocks.partition_point(|block| block.span.end <= content.start);
    let Some(block) = document.blocks.get(at) else { return };
    let Some(length) = dateline(block.span.of(document.text)) else { return };
    let end = block.span.start + length as u32;
    if content.start < end {
        content.start = end.min(content.end);
    }
}

/// Returns the length of the dateline that a block opens with, its dash and the space after it included.
fn dateline(block: &str) -> Option<usize> {
    let mut at = 0;
    for (n, word) in block.split_whitespace().take(DATELINE_WORDS).enumerate() {
        at += block[at..].find(word)?;
        if n > 0 && matches!(word, "-" | "--" | "–" | "—") {
            let after = at + word.len();
            return Some(after + block[after..].len() - block[after..].trim_start().len());
        }
        let place = word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
        let fits = if n == 0 { place } else { !word.chars().find(|c| c.is_alphanumeric())?.is_lowercase() };
        if !fits {
            return None;
        }
        at += word.len();
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_ends_at_its_dash() {
        for (block, rest) in [
            ("OLDPORT, May 17 (Agency) -- The pier is closed.", Some("The pier is closed.")),
            ("OLDPORT (Agency) - The pier - is closed.", Some("The pier - is closed.")),
            ("ST. PETERSBURG, Fla. — The pier is closed.", Some("The pier is closed.")),
            ("WE ARE closed — for now.", None),
            ("The Pier — it is closed.", None),
            ("I — we are closed.", None),
            ("NATO said — and meant it.", None),
        ] {
            assert_eq!(dateline(block).map(|at| &block[at..]), rest, "{block}");
        }
    }
}
