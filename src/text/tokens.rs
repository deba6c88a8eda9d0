//! Words, numbers and marks: every character that is not white space lies in exactly one token.

use crate::span::Span;

use super::TokenKind;

/// Abbreviations that keep their point; all in lower case, without it.
const ABBREVIATIONS: &[&str] = &[
    "adm", "ala", "apr", "ariz", "ark", "assoc", "asst", "atty", "aug", "ave", "blvd", "brig", "bros", "calif", "capt",
    "cmdr", "co", "col", "colo", "conn", "corp", "cpl", "ct", "dec", "del", "dept", "dist", "dr", "etc", "feb", "fla",
    "fr", "ft", "gen", "gov", "govs", "hon", "inc", "insp", "jan", "jr", "kan", "ky", "lt", "ltd", "maj", "mass", "md",
    "messrs", "mich", "minn", "mont", "mr", "mrs", "ms", "mt", "neb", "nev", "nos", "nov", "oct", "okla", "ont", "ore",
    "penn", "pres", "prof", "pvt", "rep", "reps", "rev", "sec", "sen", "sens", "sept", "sgt", "sr", "st", "supt",
    "tenn", "tex", "univ", "va", "vs", "vt", "wis", "wyo",
];

/// Suffixes that stay with the digits before them.
const NUMBER_SUFFIXES: &[&str] =
    &["st", "nd", "rd", "th", "s", "am", "pm", "k", "m", "bn", "tn", "km", "kg", "mph", "ft", "p", "c"];

/// A token before its sentence is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawToken {
    /// Where it stands.
    pub span: Span,
    /// `Word`, `Number` or `Mark`; marks of quotation are told apart later.
    pub kind: TokenKind,
}

/// Splits `text[range]` into tokens.
pub fn tokenize(text: &str, range: Span) -> Vec<RawToken> {
    let mut scanner = Scanner {
        text,
        at: range.start as usize,
        end: (range.end as usize).min(text.len()),
        no_letters_to: 0,
        out: Vec::new(),
    };
    scanner.run();
    scanner.out
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// Up to here a chain of numbers and hyphens was seen to hold no letter: `2-1-3-1`.
    no_letters_to: usize,
    out: Vec<RawToken>,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) {
        while let Some(c) = self.char_at(self.at) {
            if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if let Some(end) = self.web_address() {
                self.push(end, TokenKind::Word);
            } else if c.is_alphabetic()
                || ((c == '@' || c == '#') && self.char_at(self.at + 1).is_some_and(char::is_alphanumeric))
            {
                self.word();
            } else if c.is_numeric() {
                self.number();
            } else {
                let end = self.mark_end(c);
                self.push(end, TokenKind::Mark);
            }
        }
    }

    fn char_at(&self, byte: usize) -> Option<char> {
        self.text.get(byte..self.end)?.chars().next()
    }

    fn push(&mut self, end: usize, kind: TokenKind) {
        self.out.push(RawToken { span: Span::new(self.at, end), kind });
        self.at = end;
    }

    fn web_address(&self) -> Option<usize> {
        let rest = self.text.get(self.at..self.end)?;
        if !(rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.")) {
            return None;
        }
        let stop = rest.find(|c: char| c.is_whitespace() || ",;)]\"”’'<>".contains(c)).unwrap_or(rest.len());
        Some(self.at + rest[..stop].trim_end_matches(['.', '!', '?', ':']).len())
    }

    /// Takes letters and digits, with apostrophes, hyphens and `&` between them.
    fn letters_from(&self, mut byte: usize) -> usize {
        while let Some(c) = self.char_at(byte) {
            let next = byte + c.len_utf8();
            if is_word_char(c)
                || (is_joiner(c) && byte > self.at && self.char_at(next).is_some_and(char::is_alphanumeric))
            {
                byte = next;
            } else {
                break;
            }
        }
        byte
    }

    fn word(&mut self) {
        let start = self.at;
        if let Some(end) = self.dotted_initials() {
            self.push(end, TokenKind::Word);
            return;
        }
        let first = self.char_at(start).map_or(1, char::len_utf8);
        let end = self.letters_from(start + first);
        let word = &self.text[start..end];
        if self.char_at(end) == Some('.') && keeps_point(word) {
            self.push(end + 1, TokenKind::Word);
            return;
        }
        if let Some(split) = clitic(word) {
            self.push(start + split, TokenKind::Word);
        }
        self.push(end, TokenKind::Word);
    }

    /// `U.S.`, `a.m.`, `J.K.`: at least two single letters, each with its point.
    fn dotted_initials(&self) -> Option<usize> {
        let mut byte = self.at;
        let mut letters = 0;
        while let Some(c) = self.char_at(byte).filter(|c| c.is_alphabetic()) {
            let point = byte + c.len_utf8();
            if self.char_at(point) != Some('.') {
                break;
            }
            byte = point + 1;
            letters += 1;
        }
        (letters >= 2).then_some(byte)
    }

    fn number(&mut self) {
        let mut byte = self.at;
        while let Some(c) = self.char_at(byte) {
            let next = byte + c.len_utf8();
            if c.is_numeric()
                || (matches!(c, '.' | ',' | ':' | '/') && self.char_at(next).is_some_and(char::is_numeric))
            {
                byte = next;
            } else {
                break;
            }
        }
        let joined_by = self.char_at(byte).filter(|c| is_joiner(*c));
        if joined_by.is_some_and(|c| !is_hyphen(c) || byte < self.no_letters_to) {
            self.push(byte, TokenKind::Number);
            return;
        }
        let after = self.letters_from(byte);
        let suffix = &self.text[byte..after];
        if suffix.is_empty() || NUMBER_SUFFIXES.contains(&suffix) {
            self.push(after, TokenKind::Number);
        } else if suffix.starts_with(is_hyphen) && !suffix.chars().any(char::is_alphabetic) {
            self.no_letters_to = after;
            self.push(byte, TokenKind::Number);
        } else {
            self.push(after, TokenKind::Word);
        }
    }

    /// Dots, dashes and doubled single marks stay together; everything else is one character.
    fn mark_end(&self, c: char) -> usize {
        let run = |limit: usize| {
            let rest = &self.text[self.at..self.end];
            self.at + rest.chars().take(limit).take_while(|&d| d == c).count() * c.len_utf8()
        };
        let single = self.at + c.len_utf8();
        match c {
            '.' | '-' | '*' | '_' | '=' => run(usize::MAX),
            '\'' | '`' | '’' | '‘' => match run(3) - self.at {
                n if n == 2 * c.len_utf8() => run(2),
                _ => single,
            },
            _ => single,
        }
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining(c)
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}' | '\u{AD}')
}

fn is_joiner(c: char) -> bool {
    is_hyphen(c) || matches!(c, '\'' | '’' | '&' | 'ʼ')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‑' | '‐')
}

fn keeps_point(word: &str) -> bool {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        // `I` ends sentences far more often than it stands for a name.
        (Some(c), None) => c.is_uppercase() && c != 'I',
        _ if word.len() <= 6 => {
            let lower = word.to_lowercase();
            ABBREVIATIONS.binary_search(&lower.as_str()).is_ok()
        }
        _ => false,
    }
}

/// Returns where a clitic begins: `Kerry|'s`, `do|n't`, `we|'ll`.
fn clitic(word: &str) -> Option<usize> {
    let (at, mark) = word.char_indices().rev().find(|(_, c)| matches!(c, '\'' | '’' | 'ʼ'))?;
    if at == 0 {
        return None;
    }
    let tail = &word[at + mark.len_utf8()..];
    let is = |forms: &[&str]| forms.iter().any(|f| tail.eq_ignore_ascii_case(f));
    if is(&["s", "re", "ve", "ll", "d", "m"]) {
        return Some(at);
    }
    if is(&["t"]) {
        let before = &word[..at];
        return before.ends_with(['n', 'N']).then(|| at - 1).filter(|&split| split > 0);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text, Span::new(0, text.len())).iter().map(|t| t.span.of(text)).collect()
    }

    #[test]
    fn abbreviations_are_sorted_for_the_search() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn words_keep_inner_marks_and_lose_clitics() {
        assert_eq!(words("Al-Rawi's aides don’t say."), ["Al-Rawi", "'s", "aides", "do", "n’t", "say", "."]);
        assert_eq!(words("O’Brien can't, we'll see"), ["O’Brien", "ca", "n't", ",", "we", "'ll", "see"]);
        assert_eq!(words("the miners’ union"), ["the", "miners", "’", "union"]);
    }

    #[test]
    fn points_stay_with_initials_and_titles() {
        assert_eq!(words("Gen. J. Doe of the U.S. left."), ["Gen.", "J.", "Doe", "of", "the", "U.S.", "left", "."]);
        assert_eq!(words("So did I. Then"), ["So", "did", "I", ".", "Then"]);
    }

    #[test]
    fn numbers_keep_points_commas_and_suffixes() {
        assert_eq!(
            words("$1,200.50 on the 3rd, 54-year-old, 8.30pm"),
            ["$", "1,200.50", "on", "the", "3rd", ",", "54-year-old", ",", "8.30pm"]
        );
        assert_eq!(words("up 8%."), ["up", "8", "%", "."]);
        assert_eq!(
            words("a 10‑year deal, 2‐1 and 3-2-1"),
            ["a", "10‑year", "deal", ",", "2", "‐", "1", "and", "3", "-", "2", "-", "1"]
        );
    }

    #[test]
    fn marks_that_belong_together_stay_together() {
        assert_eq!(words("''No ...'' -- yes"), ["''", "No", "...", "''", "--", "yes"]);
        assert_eq!(words("see https://a.example/b?c=1."), ["see", "https://a.example/b?c=1", "."]);
        assert_eq!(words("@jane_roe said #NoDeal"), ["@jane_roe", "said", "#NoDeal"]);
    }

    proptest! {
        #[test]
        fn tokens_and_white_space_make_up_the_text(text in "(\\PC|[ \n'’“”.a-z]){0,120}") {
            let mut at = 0;
            for token in tokenize(&text, Span::new(0, text.len())) {
                let (start, end) = (token.span.start as usize, token.span.end as usize);
                prop_assert!(start >= at && end > start);
                prop_assert!(text[at..start].chars().all(char::is_whitespace));
                prop_assert!(!text[start..end].contains(char::is_whitespace));
                at = end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
