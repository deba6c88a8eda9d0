//! Spans into published text: bytes inside the program, code points at its border.

use serde::{Deserialize, Serialize};

/// A half-open byte range `[start, end)` into one text, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span; `start` must not be after `end`.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end);
        // Articles are limited to far below 4 GiB where they are read, so the casts hold.
        Span { start: start as u32, end: end as u32 }
    }

    /// Returns the text under the span, or `""` where the span does not fit the text.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Tells whether the span covers nothing.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Tells whether `other` lies within this span.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Tells whether the two spans share at least one byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Converts byte offsets of one text to code-point offsets and back.
///
/// Building it is one pass over the text; each look-up is a binary search in a table of one entry per 64 bytes
/// and a count over at most 64 bytes.
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `64 * i`, rounded up to a character boundary.
    before: Vec<u32>,
}

const STRIDE: usize = 64;

impl<'t> CodePoints<'t> {
    /// Indexes `text`.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut before = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut count = 0u32;
        for (i, byte) in bytes.iter().enumerate() {
            if i.is_multiple_of(STRIDE) {
                before.push(count);
            }
            count += u32::from(is_char_start(*byte));
        }
        if bytes.len().is_multiple_of(STRIDE) {
            before.push(count);
        }
        CodePoints { text, before }
    }

    /// Returns how many code points stand before byte `offset`; an offset past the end counts as the end.
    pub fn from_byte(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = offset / STRIDE;
        let counted = self.before.get(block).copied().unwrap_or(0) as usize;
        counted + self.text.as_bytes()[block * STRIDE..offset].iter().filter(|b| is_char_start(**b)).count()
    }

    /// Returns the byte at which code point number `index` starts; the text's length for one past the last, `None` beyond.
    pub fn to_byte(&self, index: usize) -> Option<usize> {
        let block = self.before.partition_point(|&n| (n as usize) <= index).checked_sub(1)?;
        let mut seen = self.before[block] as usize;
        for (i, byte) in self.text.as_bytes().iter().enumerate().skip(block * STRIDE) {
            if is_char_start(*byte) {
                if seen == index {
                    return Some(i);
                }
                seen += 1;
            }
        }
        (seen == index).then_some(self.text.len())
    }

    /// Returns a span as `[start, end)` in code points.
    pub fn span(&self, span: Span) -> [usize; 2] {
        [self.from_byte(span.start as usize), self.from_byte(span.end as usize)]
    }

    /// Returns spans as `[start, end)` pairs in code points.
    pub fn spans(&self, spans: &[Span]) -> Vec<[usize; 2]> {
        spans.iter().map(|s| self.span(*s)).collect()
    }

    /// Reads a code-point pair back into a byte span; `None` where it does not fit the text.
    pub fn to_span(&self, [start, end]: [usize; 2]) -> Option<Span> {
        let (start, end) = (self.to_byte(start)?, self.to_byte(end)?);
        (start <= end).then(|| Span::new(start, end))
    }
}

fn is_char_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_code_points_not_bytes() {
        let text = "“Größe” – 3 €";
        let points = CodePoints::new(text);
        let start = text.find('–').unwrap();
        assert_eq!(points.span(Span::new(start, start + '–'.len_utf8())), [8, 9]);
        assert_eq!(points.to_span([0, 7]).map(|s| s.of(text)), Some("“Größe”"));
        assert_eq!(points.to_span([0, 99]), None);
    }

    proptest! {
        #[test]
        fn every_boundary_survives_the_round_trip(text in "\\PC{0,200}") {
            let points = CodePoints::new(&text);
            for (n, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(points.from_byte(byte), n);
                prop_assert_eq!(points.to_byte(n), Some(byte));
            }
            prop_assert_eq!(points.to_byte(text.chars().count()), Some(text.len()));
        }
    }
}
