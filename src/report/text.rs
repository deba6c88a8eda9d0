//! Text on its way to a person: made harmless, put on one line, wrapped.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::span::Span;

/// Tells whether a character may not reach a terminal: controls, and marks that turn the direction of what follows.
pub fn is_unsafe(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Returns the text without the characters that may not reach a terminal; tabs become spaces, line breaks stay.
pub fn sanitise(text: &str) -> String {
    text.chars().filter(|c| !is_unsafe(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect()
}

/// Returns the text made harmless and with every run of white space as one space.
pub fn one_line(text: &str) -> String {
    one_line_spans(text, &[]).0
}

/// Returns the text as [`one_line`] does, and where spans of it, in order, have come to lie.
pub fn one_line_spans(text: &str, spans: &[Span]) -> (String, Vec<Span>) {
    let mut out = String::with_capacity(text.len());
    let mut edges: Vec<(u32, u32)> = spans.iter().flat_map(|s| [(s.start, 0), (s.end, 0)]).collect();
    for (at, c) in text.char_indices() {
        let moved = edges.iter_mut().filter(|edge| edge.0 as usize == at);
        let now = out.len() as u32;
        moved.for_each(|edge| edge.1 = now);
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unsafe(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    let end = out.len() as u32;
    edges.iter_mut().filter(|edge| edge.0 as usize >= text.len()).for_each(|edge| edge.1 = end);
    let moved = edges.chunks(2).map(|edge| Span { start: edge[0].1.min(end), end: edge[1].1.min(end) });
    (out, moved.filter(|span| span.start < span.end).collect())
}

/// Returns the columns that a text takes.
pub fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Breaks a text of one line into byte ranges of at most `width` columns, at spaces where there are any.
///
/// The spaces at which it breaks belong to no range.
pub fn wrap(text: &str, width: usize) -> Vec<std::ops::Range<usize>> {
    let width = width.max(2);
    let mut lines: Vec<std::ops::Range<usize>> = Vec::new();
    let mut line = 0..0;
    let mut at = 0;
    for word in text.split(' ') {
        let (start, end) = (at, at + word.len());
        at = end + 1;
        if line.is_empty() {
            line = start..end;
        } else if columns(&text[line.start..end]) <= width {
            line.end = end;
        } else {
            lines.push(line);
            line = start..end;
        }
        while columns(&text[line.clone()]) > width {
            let cut = cut_at(text, line.start, width).min(line.end);
            if cut == line.end {
                break;
            }
            lines.push(line.start..cut);
            line.start = cut;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The byte after as many grapheme clusters from `start` as fit into `width`, at least one.
fn cut_at(text: &str, start: usize, width: usize) -> usize {
    let mut used = 0;
    let mut end = start;
    for (i, cluster) in text[start..].grapheme_indices(true) {
        used += columns(cluster);
        if used > width && i > 0 {
            break;
        }
        end = start + i + cluster.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn escapes_and_direction_marks_do_not_get_through() {
        assert_eq!(sanitise("a\x1b[31mred\u{202e}\u{9b}x\tb\nc"), "a[31mredx b\nc");
        assert_eq!(one_line("  a \r\n\t b\u{200f} "), "a b");
    }

    #[test]
    fn wraps_at_spaces_and_cuts_only_what_has_none() {
        assert_eq!(lines("“There will be no tolls”, she said.", 12), ["“There will", "be no", "tolls”, she", "said."]);
        assert_eq!(lines("nothing-but-one-long-word", 10), ["nothing-bu", "t-one-long", "-word"]);
        assert_eq!(lines("日本語のテキスト", 6), ["日本語", "のテキ", "スト"]);
        assert_eq!(lines("", 10), [""]);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_by_wrapping(text in "[ a-zé日“”,.\\-]{0,80}", width in 1usize..30) {
            let text = one_line(&text);
            let joined: String = lines(&text, width).concat();
            let squeezed: String = text.chars().filter(|c| *c != ' ').collect();
            prop_assert_eq!(joined.chars().filter(|c| *c != ' ').collect::<String>(), squeezed);
            for line in lines(&text, width) {
                prop_assert!(columns(line) <= width.max(2), "{:?} is wider than {}", line, width);
            }
        }
    }
}
