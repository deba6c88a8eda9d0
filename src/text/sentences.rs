//! Sentences: where a block's tokens are cut.

use std::ops::Range;

use super::{Token, TokenKind};

/// Abbreviations that may end a sentence, in lower case; the next word decides.
const MAY_END: &[&str] = &[
    "a.d.", "a.m.", "b.c.", "co.", "corp.", "d.c.", "etc.", "inc.", "jr.", "ltd.", "p.m.", "sr.", "u.k.", "u.n.",
    "u.s.",
];

/// Words that begin a sentence after such an abbreviation and hardly ever stand with a capital otherwise.
const STARTERS: &[&str] = &[
    "a", "after", "all", "an", "and", "as", "at", "but", "by", "for", "from", "he", "her", "his", "how", "i", "if",
    "in", "it", "its", "no", "on", "one", "our", "she", "so", "some", "that", "the", "their", "there", "these", "they",
    "this", "those", "to", "we", "what", "when", "where", "while", "who", "with", "you", "your",
];

/// Most opening marks in a row that a sentence may begin with.
const MARKS: usize = 8;

/// Cuts the tokens of one block into sentences; every token lies in exactly one.
pub fn split(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..tokens.len() {
        if begins_sentence(text, tokens, at) {
            out.push(start..at);
            start = at;
        }
    }
    if !tokens.is_empty() {
        out.push(start..tokens.len());
    }
    out
}

fn begins_sentence(text: &str, tokens: &[Token], at: usize) -> bool {
    let spaced = tokens[at - 1].span.end < tokens[at].span.start;
    if !spaced || tokens[at].kind == TokenKind::CloseQuote {
        return false;
    }
    // The last token before `at` that is no closing mark.
    let mut last = at - 1;
    while last > 0
        && at - last < 4
        && (tokens[last].kind == TokenKind::CloseQuote || matches!(tokens[last].span.of(text), ")" | "]"))
    {
        last -= 1;
    }
    let end = tokens[last].span.of(text);
    let mut first = at;
    while first + 1 < tokens.len()
        && first - at < MARKS
        && (tokens[first].kind == TokenKind::OpenQuote || matches!(tokens[first].span.of(text), "(" | "["))
    {
        first += 1;
    }
    let next = tokens[first].span.of(text);
    let capital = next
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '@' | '#' | '$' | '€' | '£'));
    if matches!(end, "." | "!" | "?" | "…") || (end.starts_with("..") && end.len() > 2) {
        return capital || (first > at && end != "…") || matches!(next, "—" | "–" | "―" | "•");
    }
    if end.len() > 2 && end.ends_with('.') && capital {
        let end = end.to_lowercase();
        return MAY_END.contains(&end.as_str()) && STARTERS.binary_search(&next.to_lowercase().as_str()).is_ok();
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::text::Document;

    fn sentences(text: &str) -> Vec<&str> {
        Document::read(text).sentences.iter().map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn points_within_names_do_not_end_a_sentence() {
        assert_eq!(
            sentences("Gen. J. Doe met Mr. Roe of Acme Inc. on Friday. It rained."),
            ["Gen. J. Doe met Mr. Roe of Acme Inc. on Friday.", "It rained."]
        );
        assert_eq!(sentences("They left the U.S. The rest stayed."), ["They left the U.S.", "The rest stayed."]);
        assert_eq!(sentences("The U.S. Senate sat at 3 p.m. Friday."), ["The U.S. Senate sat at 3 p.m. Friday."]);
    }

    #[test]
    fn closing_marks_stay_with_their_sentence() {
        assert_eq!(
            sentences("\"We go. It is late,\" she said. \"Now!\" They left."),
            ["\"We go.", "It is late,\" she said.", "\"Now!\"", "They left."]
        );
        assert_eq!(sentences("‘Will you go?’ he asked."), ["‘Will you go?’ he asked."]);
    }
}
