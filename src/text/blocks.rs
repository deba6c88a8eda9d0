//! Blocks: paragraphs, headlines, captions and page furniture.
//!
//! Only what a line itself shows is used: a label before a colon, a picture credit, a line that does not end as a
//! sentence does among lines that do. What is doubtful stays prose.

use crate::span::Span;

use super::{Block, BlockKind};

/// Lines that are page furniture as a whole; lower case, without marks at either end.
const FURNITURE_LINES: &[&str] = &[
    "ad",
    "advert",
    "advertisement",
    "advertising",
    "comments",
    "email",
    "facebook",
    "follow us",
    "more to follow",
    "most popular",
    "most read",
    "newsletter",
    "print",
    "read more",
    "recommended",
    "related",
    "related articles",
    "related stories",
    "share",
    "share this",
    "share this article",
    "share this story",
    "sign up",
    "sponsored",
    "story continues below",
    "story continues below advertisement",
    "subscribe",
    "trending",
    "tweet",
    "twitter",
];

/// Labels before a colon that introduce a link, a teaser or a note of the newsroom.
const FURNITURE_LABELS: &[&str] = &[
    "also read",
    "analysis",
    "clarification",
    "comment",
    "correction",
    "editor's note",
    "explainer",
    "gallery",
    "in depth",
    "in pictures",
    "listen",
    "live",
    "live blog",
    "more",
    "most popular",
    "most read",
    "opinion",
    "photos",
    "player ratings",
    "podcast",
    "poll",
    "read",
    "read also",
    "read more",
    "read next",
    "related",
    "see also",
    "video",
    "vote",
    "watch",
];

/// Labels before a colon that introduce the words under a picture.
const CAPTION_LABELS: &[&str] =
    &["caption", "file", "file photo", "image", "in this photo", "photo", "photograph", "pic", "picture", "pictured"];

/// Words that introduce the name of a photographer.
const CREDITS: &[&str] =
    &["photograph:", "photo:", "picture:", "pic:", "image:", "photo by ", "picture by ", "credit:", "photograph by "];

/// Verbs of the present tense in which captions tell what a picture shows.
const PICTURE_VERBS: &[&str] = &[
    "addresses",
    "answers",
    "arrives",
    "attend",
    "attends",
    "delivers",
    "gestures",
    "greets",
    "holds",
    "leave",
    "leaves",
    "listens",
    "looks",
    "pose",
    "poses",
    "reacts",
    "shake",
    "shakes",
    "sits",
    "smiles",
    "speak",
    "speaks",
    "stand",
    "stands",
    "takes",
    "walk",
    "walks",
    "watch",
    "watches",
    "waves",
];

/// Splits a text into blocks and says what each is; `title` is the headline, where it is known apart from the text.
pub fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let spans = split(text);
    let ended = spans.iter().filter(|s| ends_as_sentence(s.of(text))).count();
    let mostly_ended = ended * 2 > spans.len();
    let mut seen_text = false;
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let kind = kind(span.of(text), title, seen_text, mostly_ended);
        seen_text |= matches!(kind, BlockKind::Prose | BlockKind::Headline);
        out.push(Block { span, kind, sentences: 0..0, tokens: 0..0 });
    }
    out
}

fn kind(line: &str, title: Option<&str>, seen_text: bool, mostly_ended: bool) -> BlockKind {
    let lower = line.to_lowercase().replace('’', "'");
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let words = line.split_whitespace().count();
    if FURNITURE_LINES.binary_search(&bare).is_ok() || is_newsroom_note(&lower) {
        return BlockKind::Furniture;
    }
    if let Some((label, _)) = lower.split_once(':') {
        // `Correction, 14 September: …` carries its date in the label.
        let label = label.split(',').next().unwrap_or("").trim().trim_start_matches(['[', '(']);
        if FURNITURE_LABELS.binary_search(&label).is_ok() {
            return BlockKind::Furniture;
        }
        if CAPTION_LABELS.binary_search(&label).is_ok() {
            return BlockKind::Caption;
        }
    }
    if is_byline(line, words) {
        return BlockKind::Byline;
    }
    if has_credit(&lower) || shows_picture(line, words) {
        return BlockKind::Caption;
    }
    if !seen_text && (title.is_some_and(|t| same_words(t, line)) || !ends_as_sentence(line)) && words <= 40 {
        return BlockKind::Headline;
    }
    if seen_text && mostly_ended && !ends_as_sentence(line) && words <= 40 && !line.contains(['"', '“', '‘', '”'])
    {
        return unended(line, words);
    }
    BlockKind::Prose
}

/// Judges a line without an end mark among lines that have one.
fn unended(line: &str, words: usize) -> BlockKind {
    if line.ends_with([':', ',', ';', '-', '–', '—']) || line.starts_with(['-', '•', '*', '–']) {
        BlockKind::Prose
    } else if line.contains('?') || line.to_lowercase().contains("our gallery") {
        BlockKind::Furniture
    } else if line.contains(": ") && words > 12 {
        BlockKind::Prose
    } else if words <= 6 && !line.contains(':') {
        BlockKind::Headline
    } else {
        BlockKind::Caption
    }
}

fn is_newsroom_note(lower: &str) -> bool {
    let open = lower.trim_start_matches(['(', '[', '*', '_']);
    [
        "reporting by ",
        "additional reporting",
        "editing by ",
        "writing by ",
        "this story has been corrected",
        "an earlier version of this",
    ]
    .iter()
    .any(|start| open.starts_with(start))
        || (lower.starts_with("(adds ") && lower.ends_with(')'))
        || ((lower.ends_with("comment below.")
            || lower.ends_with("comments below.")
            || lower.ends_with("have your say"))
            && lower.contains('?'))
        || lower.ends_with("see our gallery.")
}

fn is_byline(line: &str, words: usize) -> bool {
    if words > 16 || line.ends_with(['.', '!', '?', '”', '"']) && !line.ends_with("Jr.") {
        return false;
    }
    let mut parts = line.split_whitespace();
    let first = parts.next().unwrap_or("");
    let capital = parts.next().and_then(|w| w.chars().next()).is_some_and(char::is_uppercase);
    matches!(first, "By" | "BY" | "by") && capital || matches!(first, "Published" | "Updated" | "Posted") && words <= 10
}

/// Finds a picture credit: a label with a name after it, in the second half of a line, or `(Outlet/A. Name)` at its end.
fn has_credit(lower: &str) -> bool {
    let credited =
        CREDITS.iter().any(|c| lower.rfind(c).is_some_and(|at| lower[at + c.len()..].split_whitespace().count() <= 6));
    let in_brackets =
        lower.trim_end_matches('.').strip_suffix(')').and_then(|l| l.rsplit_once('(')).is_some_and(|(_, inner)| {
            inner.contains('/') && inner.split_whitespace().count() <= 6 && !inner.contains(|c: char| c.is_numeric())
        });
    credited || in_brackets
}

/// Finds the wording of a caption: one sentence of a name, what it does in the present tense, and a full date.
fn shows_picture(line: &str, words: usize) -> bool {
    if words > 45 || line.contains(['"', '“', '‘']) || line.contains(". ") && !line.contains("Aug. ") {
        return false;
    }
    let tokens: Vec<&str> = line.split_whitespace().map(|w| w.trim_matches([',', '.'])).collect();
    let Some(verb) = tokens.iter().position(|w| PICTURE_VERBS.binary_search(w).is_ok()) else { return false };
    let named = verb > 0
        && tokens[..verb]
            .iter()
            .all(|w| !matches!(*w, "he" | "she" | "it" | "they" | "who" | "He" | "She" | "It" | "They"));
    let dated = tokens.windows(2).any(|w| {
        w[0].parse::<u8>().is_ok() && w[1].len() == 4 && w[1].parse::<u16>().is_ok_and(|y| (1900..2100).contains(&y))
    });
    named && dated && tokens[..verb].iter().any(|w| w.starts_with(char::is_uppercase))
}

fn same_words(a: &str, b: &str) -> bool {
    let words =
        |t: &str| -> String { t.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    words(a) == words(b)
}

fn ends_as_sentence(line: &str) -> bool {
    let core = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
    core.ends_with(['.', '!', '?', '…', ':']) && !core.ends_with(" Aug.")
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
    fn the_word_lists_are_sorted() {
        for list in [FURNITURE_LINES, FURNITURE_LABELS, CAPTION_LABELS] {
            assert!(list.windows(2).all(|w| w[0] < w[1]), "{list:?}");
        }
    }

    #[test]
    fn what_is_no_running_text_is_told_apart() {
        let text = "Port reopens after storm\n\nBy Jane Roe in Larkhaven\n\nShare this story\n\nThe port opened on Monday.\n\n\
            Cranes at the north pier. Photograph: Al Doe\n\n[Advertisement]\n\nShips came in at noon.\n\n\
            Most read: how the storm began\n\nCorrection, 3 May: we said the port was shut. It was not.\n\n\
            Mayor Ann Poe speaks during a visit to the docks on May 3, 2021 in Larkhaven.\n\n(Reporting by Al Doe; editing by J. Roe)";
        use BlockKind::{Byline, Caption, Furniture, Headline, Prose};
        let kinds: Vec<BlockKind> = blocks(text, None).iter().map(|b| b.kind).collect();
        assert_eq!(
            kinds,
            [Headline, Byline, Furniture, Prose, Caption, Furniture, Prose, Furniture, Furniture, Caption, Furniture]
        );
    }

    #[test]
    fn hand_wrapped_lines_are_joined() {
        let line = "The council will meet again on Tuesday to hear the harbour board";
        let text = format!("Title\n\n{line}\n{line}\n{line}\nand end.\n\nNext.");
        assert_eq!(blocks_of(&text).len(), 3);
        assert_eq!(blocks_of(&text)[2], "Next.");
    }
}
