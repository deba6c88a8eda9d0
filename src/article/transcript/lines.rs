//! The lines of a transcript as they were before something broke or dressed them: hard line ends, `**bold**` labels, wide spaces.

use std::borrow::Cow;

use super::labels::{self, turn};

/// Lines that make it worth asking whether a text is wrapped.
const FEWEST: usize = 8;

/// Longest line of a text that is wrapped, in characters.
const WIDEST: usize = 110;

/// Returns the lines of a text without space around them, and whether they are others than it was published in.
pub(super) fn of(text: &str) -> (Vec<Cow<'_, str>>, bool) {
    let raw: Vec<&str> = text.lines().collect();
    let mut lines: Vec<Cow<str>> = raw.iter().map(|line| undressed(line.trim())).collect();
    let mut changed = lines.iter().any(|line| matches!(line, Cow::Owned(_)));
    let spaced = |line: &Cow<str>| line.split_once(':').is_some_and(|(label, _)| label.trim().contains("  "));
    if lines.iter().filter(|line| spaced(line)).count() > 1 {
        let narrow = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        // The wide space behind a lone letter marks a question.
        let marks = |line: &str| line.starts_with("Q ") || line.starts_with("A ");
        lines = lines.into_iter().map(|l| if marks(&l) { l } else { Cow::Owned(narrow(&l)) }).collect();
        changed = true;
    }
    if is_wrapped(&lines) {
        lines = unwrapped(&raw, lines);
        changed = true;
    }
    (lines, changed)
}

/// Takes the marks of bold print off a label: `**Al Bo:** words`, `**Al Bo**: words`, `**Al Bo: words**`.
fn undressed(line: &str) -> Cow<'_, str> {
    let Some((inside, rest)) = line.strip_prefix("**").and_then(|rest| rest.split_once("**")) else {
        return Cow::Borrowed(line);
    };
    let labels = inside.contains(':') || rest.starts_with(':');
    if labels { Cow::Owned(format!("{inside}{rest}")) } else { Cow::Borrowed(line) }
}

/// Tells whether lines end where they were full rather than where a paragraph ends.
fn is_wrapped(lines: &[Cow<str>]) -> bool {
    let mut lengths: Vec<usize> = lines.iter().filter(|l| !l.is_empty()).map(|l| l.chars().count()).collect();
    if lengths.len() < FEWEST {
        return false;
    }
    lengths.sort_unstable();
    let wide = lengths[lengths.len() * 9 / 10];
    // Lines with another below them that goes on in the middle of a sentence.
    let goes_on = |pair: &&[Cow<str>]| {
        let (line, next) = (&pair[0], &pair[1]);
        line.chars().count() * 5 > wide * 3
            && !line.ends_with(['.', '?', '!', ':', '”', '"'])
            && next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '(')
    };
    let broken = lines.windows(2).filter(goes_on).count();
    wide <= WIDEST && lengths.last().is_some_and(|longest| *longest <= 2 * WIDEST) && broken * 5 > lengths.len()
}

/// Joins lines to paragraphs: an empty line, an indent or the start of a turn begins one.
fn unwrapped<'t>(raw: &[&str], lines: Vec<Cow<'t, str>>) -> Vec<Cow<'t, str>> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let margin = raw.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let mut joined: Vec<Cow<str>> = Vec::with_capacity(lines.len());
    // Whether the line before stands alone: it names who speaks, or is a remark.
    let mut alone = true;
    for at in 0..lines.len() {
        let line = &lines[at];
        let begins = turn(&lines, at);
        let apart = labels::is_remark(line);
        let goes_on = !line.is_empty() && begins.is_none() && !apart && !alone && indent(raw[at]) < margin + 2;
        match joined.last_mut().filter(|before| goes_on && !before.is_empty()) {
            Some(before) => {
                let gap = if before.ends_with('-') { "" } else { " " };
                let whole = format!("{before}{gap}{line}");
                *before = Cow::Owned(whole);
            }
            None => joined.push(line.clone()),
        }
        alone = apart || begins.is_some_and(|turn| turn.words.is_empty());
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_full_go_on() {
        let text = "  Mr. BO. The dam is unsafe, Mr. Chair, and it has been since\nthe winter before last, when the water came over the top\n\
                    of it and took the road away.\n  It will not hold for another winter, as every engineer in\nthis valley will tell you if you ask him.\n\
                    (A pause.)\n  Ms. ROE. It is safe, and those who say that it is not have\nnever looked at the long-\nrange forecast of the valley.\n";
        let (lines, changed) = of(text);
        assert!(changed);
        assert_eq!(
            lines,
            [
                "Mr. BO. The dam is unsafe, Mr. Chair, and it has been since the winter before last, when the water came over the top of it and took the road away.",
                "It will not hold for another winter, as every engineer in this valley will tell you if you ask him.",
                "(A pause.)",
                "Ms. ROE. It is safe, and those who say that it is not have never looked at the long-range forecast of the valley.",
            ]
        );
    }

    #[test]
    fn other_lines_stay() {
        let text = "Al Bo: It is full.\nIda Roe: It is not.\n\n*No* **bold** claims.\n";
        assert_eq!(of(text), (text.lines().map(Cow::Borrowed).collect(), false));
        assert_eq!(
            of("**Al Bo:** It is.\n**Ida Roe**: No.\n**Al Bo: Yes.**").0,
            ["Al Bo: It is.", "Ida Roe: No.", "Al Bo: Yes."]
        );
        assert_eq!(of("The  Mayor:  No.\nMr  Bo:  Yes.").0, ["The Mayor: No.", "Mr Bo: Yes."]);
    }
}
