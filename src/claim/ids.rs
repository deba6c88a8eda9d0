//! How the numbers of the record are written for people: `c12`, `s3`, `a` and hex, `f` and hex, `o7`.

use std::fmt;
use std::str::FromStr;

use super::{ArticleId, ClaimId, SpeakerId};

/// Number of an operation in the log, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub u64);

/// The first hex digits of an article's identity; enough of them to be the only one, as git does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticlePrefix(pub String);

/// Anything that a person may name by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// `c12`
    Claim(ClaimId),
    /// `s3`
    Speaker(SpeakerId),
    /// `a1f3…`, perhaps shortened
    Article(ArticlePrefix),
    /// `f09c…`, perhaps shortened; with the `f`.
    Finding(String),
    /// `o7`
    Operation(OperationId),
}

/// An id that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no id; ids look like c12 (claim), s3 (speaker), a1f3c2 (article), f09c41 (finding) or o7 (operation)"
)]
pub struct NoId(pub String);

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

impl fmt::Display for SpeakerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.0)
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "o{}", self.0)
    }
}

impl fmt::Display for ArticleId {
    /// Writes 12 hex digits, enough to tell millions of articles apart; with `{:#}` all 32.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if f.alternate() { 16 } else { 6 };
        f.write_str("a")?;
        self.0.iter().take(shown).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl ArticlePrefix {
    /// Tells whether `id` starts with these digits.
    pub fn matches(&self, id: ArticleId) -> bool {
        format!("{id:#}")[1..].starts_with(&self.0)
    }

    /// Returns the lowest and the highest id that start with these digits.
    pub fn range(&self) -> (ArticleId, ArticleId) {
        let (mut low, mut high) = ([0u8; 16], [0xffu8; 16]);
        for (i, digit) in self.0.chars().take(32).enumerate() {
            let value = digit.to_digit(16).unwrap_or(0) as u8;
            let shift = if i % 2 == 0 { 4 } else { 0 };
            low[i / 2] |= value << shift;
            high[i / 2] = high[i / 2] & !(0x0f << shift) | value << shift;
        }
        (ArticleId(low), ArticleId(high))
    }
}

impl FromStr for Id {
    type Err = NoId;

    fn from_str(text: &str) -> Result<Id, NoId> {
        let none = || NoId(text.to_owned());
        let digits = text.get(1..).filter(|d| !d.is_empty()).ok_or_else(none)?;
        let number = || {
            if digits.bytes().all(|b| b.is_ascii_digit()) {
                digits.parse::<u64>().map_err(|_| none())
            } else {
                Err(none())
            }
        };
        let hex = || {
            let fits = digits.len() <= 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            if fits { Ok(digits.to_ascii_lowercase()) } else { Err(none()) }
        };
        match text.as_bytes()[0].to_ascii_lowercase() {
            b'c' => Ok(Id::Claim(ClaimId(number()?))),
            b's' => Ok(Id::Speaker(SpeakerId(u32::try_from(number()?).map_err(|_| none())?))),
            b'o' => Ok(Id::Operation(OperationId(number()?))),
            b'a' => Ok(Id::Article(ArticlePrefix(hex()?))),
            b'f' => Ok(Id::Finding(format!("f{}", hex()?))),
            _ => Err(none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        for id in ["c12", "s3", "o7"] {
            let written = match id.parse().unwrap() {
                Id::Claim(c) => c.to_string(),
                Id::Speaker(s) => s.to_string(),
                Id::Operation(o) => o.to_string(),
                other => panic!("{other:?}"),
            };
            assert_eq!(written, id);
        }
        assert_eq!("F09C".parse(), Ok(Id::Finding("f09c".into())));
        for none in
            ["", "c", "cx", "c-1", "c+1", "s99999999999", "x1", "ax", "é1", "a0123456789abcdef0123456789abcdef0"]
        {
            assert!(none.parse::<Id>().is_err(), "{none}");
        }
    }

    #[test]
    fn a_prefix_spans_the_ids_it_begins() {
        let id = ArticleId([0xab, 0xcd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(id.to_string(), "aabcde0000000");
        let prefix = ArticlePrefix("abc".into());
        let (low, high) = prefix.range();
        assert!(low <= id && id <= high && prefix.matches(id));
        assert_eq!((low.0[1], high.0[1]), (0xc0, 0xcf));
        assert!(!ArticlePrefix("abd".into()).matches(id));
    }
}
