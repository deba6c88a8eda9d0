//! Word pieces: the splitting that the encoder was trained with (uncased, accents stripped, longest match first).

use super::weights::EncoderError;
use rustc_hash::FxHashMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words longer than this become one unknown piece.
const LONGEST_WORD: usize = 100;

/// Characters of a statement that are read at all, so that a huge input costs little.
const LONGEST_TEXT: usize = 4000;

/// The vocabulary.
pub(super) struct Pieces {
    /// Pieces that open a word.
    opening: FxHashMap<&'static str, u32>,
    /// Pieces that go on with a word, without their `##`.
    inner: FxHashMap<&'static str, u32>,
    longest: usize,
    start: u32,
    end: u32,
    unknown: u32,
}

impl Pieces {
    /// Builds the vocabulary from its lines; the number of a line is the number of its piece.
    pub(super) fn new(lines: Vec<&'static str>) -> Result<Pieces, EncoderError> {
        let (mut opening, mut inner) = (FxHashMap::default(), FxHashMap::default());
        let mut longest = 1;
        for (id, piece) in lines.iter().enumerate() {
            let (map, text) = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut inner, rest),
                _ => (&mut opening, *piece),
            };
            longest = longest.max(text.len());
            map.insert(text, id as u32);
        }
        let special = |name: &str| {
            opening.get(name).copied().ok_or_else(|| EncoderError::Damaged(format!("the piece {name} is missing")))
        };
        let (start, end, unknown) = (special("<s>")?, special("</s>")?, special("[UNK]")?);
        // The names of special pieces may stand in a text; they are not those pieces there.
        for name in ["<s>", "</s>", "[UNK]"] {
            opening.remove(name);
        }
        Ok(Pieces { opening, inner, longest, start, end, unknown })
    }

    /// Splits a text into at most `limit` pieces.
    pub(super) fn split(&self, text: &str, limit: usize) -> Vec<u32> {
        let mut out = Vec::new();
        let mut word = String::new();
        for c in text.chars().take(LONGEST_TEXT).filter(|c| !is_dropped(*c)).flat_map(char::to_lowercase).nfd() {
            if out.len() >= limit {
                break;
            }
            if is_combining_mark(c) {
                continue;
            }
            if c.is_whitespace() {
                self.finish(&mut word, &mut out);
            } else if is_punctuation(c) || is_cjk(c) {
                self.finish(&mut word, &mut out);
                word.push(c);
                self.finish(&mut word, &mut out);
            } else {
                word.push(c);
            }
        }
        self.finish(&mut word, &mut out);
        out.truncate(limit);
        out
    }

    /// Puts the pieces of `word` behind `out` and empties it.
    fn finish(&self, word: &mut String, out: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        let before = out.len();
        let mut rest = word.as_str();
        if word.chars().count() > LONGEST_WORD {
            out.push(self.unknown);
            rest = "";
        }
        while !rest.is_empty() {
            let map = if rest.len() == word.len() { &self.opening } else { &self.inner };
            let found = ends(rest, self.longest)
                .into_iter()
                .rev()
                .find_map(|end| rest.get(..end).and_then(|piece| map.get(piece)).map(|id| (*id, end)));
            match found {
                Some((id, end)) => {
                    out.push(id);
                    rest = &rest[end..];
                }
                None => {
                    out.truncate(before);
                    out.push(self.unknown);
                    break;
                }
            }
        }
        word.clear();
    }

    /// Returns the sequence for a pair: `<s> a </s></s> b </s>`.
    pub(super) fn join(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        let mut s = Vec::with_capacity(a.len() + b.len() + 4);
        s.push(self.start);
        s.extend(a);
        s.extend([self.end, self.end]);
        s.extend(b);
        s.push(self.end);
        s
    }

    /// Returns the sequence for one statement: `<s> a </s>`.
    pub(super) fn single(&self, a: &[u32]) -> Vec<u32> {
        let mut s = Vec::with_capacity(a.len() + 2);
        s.push(self.start);
        s.extend(a);
        s.push(self.end);
        s
    }
}

/// Returns where the characters of `text` end, as far as `limit` bytes.
fn ends(text: &str, limit: usize) -> Vec<usize> {
    text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= limit).collect()
}

/// Tells whether a character is dropped before anything else: controls, and characters that show nothing.
fn is_dropped(c: char) -> bool {
    if matches!(c, '\t' | '\n' | '\r') {
        return false;
    }
    c.is_control()
        || matches!(c, '\u{fffd}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
}

/// Tells whether a character is a token of its own: ASCII marks and the punctuation of general text.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{37e}' | '\u{387}'
            | '\u{589}' | '\u{5be}' | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}'
            | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}' | '\u{2053}'..='\u{205e}'
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{30fb}'
            | '\u{ff01}'..='\u{ff03}' | '\u{ff05}'..='\u{ff0a}' | '\u{ff0c}'..='\u{ff0f}' | '\u{ff1a}' | '\u{ff1b}'
            | '\u{ff1f}' | '\u{ff20}' | '\u{ff3b}'..='\u{ff3d}' | '\u{ff3f}' | '\u{ff5b}' | '\u{ff5d}' | '\u{ff5f}'..='\u{ff65}')
}

/// Tells whether a character is a Chinese ideograph, which is a token of its own.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b81f}'
        | '\u{2b820}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    fn split(text: &str) -> Vec<&'static str> {
        const LINES: [&str; 12] = ["<s>", "</s>", "[UNK]", "the", "tax", "##es", "cafe", "'", "s", "##ing", "“", "ris"];
        let pieces = Pieces::new(LINES.to_vec()).expect("a sound vocabulary");
        pieces.split(text, 20).into_iter().map(|i| LINES[i as usize]).collect()
    }

    #[test]
    fn longest_match_goes_on_inside_the_word() {
        assert_eq!(split("The taxes"), ["the", "tax", "##es"]);
        assert_eq!(split("the\u{a0}rising"), ["the", "ris", "##ing"]);
    }

    #[test]
    fn accents_marks_and_case_are_levelled() {
        assert_eq!(split("“Café's"), ["“", "cafe", "'", "s"]);
    }

    #[test]
    fn a_word_without_pieces_is_one_unknown() {
        assert_eq!(split("the taxq tax"), ["the", "[UNK]", "tax"]);
        assert_eq!(split("日tax"), ["[UNK]", "tax"]);
    }

    #[test]
    fn names_of_special_pieces_are_plain_text() {
        assert_eq!(split("</s>"), ["[UNK]", "[UNK]", "s", "[UNK]"]);
    }

    #[test]
    fn the_limit_holds() {
        let pieces = Pieces::new(vec!["<s>", "</s>", "[UNK]", "a"]).expect("a sound vocabulary");
        assert_eq!(pieces.split(&"a ".repeat(50), 7), [3; 7]);
        assert_eq!(pieces.join(&[3], &[3, 3]), [0, 3, 1, 1, 3, 3, 1]);
        assert_eq!(pieces.single(&[3]), [0, 3, 1]);
    }
}
