//! What can go wrong while reading, with the input and the place.

use std::fmt;
use std::io;

/// One input, or one place in it, that could not be read; the rest of the batch goes on.
#[derive(Debug, thiserror::Error)]
#[error("{}", Located { input, place })]
pub struct ReadError {
    /// The input as the user named it: a path, an address, `-`.
    pub input: String,
    /// Where in the input, as far as that is known.
    pub place: Option<Place>,
    /// What was wrong.
    #[source]
    pub failure: Failure,
}

/// A place in an input, as a person would look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line, from 1.
    Line(u64),
    /// A byte, from 0.
    Byte(u64),
    /// An entry of a feed, a record of an archive, a row of a table or a message part, from 1.
    Record(u64),
    /// A page, from 1.
    Page(u64),
}

/// Why an input or a part of it could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system refused.
    #[error(transparent)]
    Io(io::Error),
    /// Not of the format it should be; the words say what was met.
    #[error("not valid {format}: {found}")]
    Malformed {
        /// The format it was read as.
        format: &'static str,
        /// What was met there.
        found: String,
    },
    /// A known format that holds no article we can read.
    #[error("{0} cannot be read as an article")]
    Unsupported(&'static str),
    /// Bytes that are no text.
    #[error("not text: a NUL byte")]
    Binary,
    /// More than the limit allows.
    #[error("{what} is larger than the limit of {limit} bytes")]
    TooLarge {
        /// Article, line, record …
        what: &'static str,
        /// The limit that was passed.
        limit: u64,
    },
    /// Compressed data that unfolds to suspiciously much.
    #[error("unpacks to more than {0} times its size: taken for a decompression bomb")]
    Bomb(u64),
    /// Nested deeper than any real input.
    #[error("nested more than {0} levels deep")]
    TooDeep(usize),
    /// Ended in the middle.
    #[error("the input ends in the middle of {0}")]
    Truncated(&'static str),
    /// Nothing to read.
    #[error("no text in it")]
    NoText,
    /// An address that could not be fetched; the words say why.
    #[error("{0}")]
    Fetch(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<OverLimit>()) {
            Some(OverLimit::Ratio(n)) => Failure::Bomb(*n),
            Some(OverLimit::Bytes { what, limit }) => Failure::TooLarge { what, limit: *limit },
            None if error.kind() == io::ErrorKind::UnexpectedEof => Failure::Truncated("its compressed data"),
            None => Failure::Io(error),
        }
    }
}

/// A limit met inside a stream, where only an `io::Error` can carry it out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OverLimit {
    /// Unpacks to more than that many times its size.
    #[error("a decompression bomb")]
    Ratio(u64),
    /// More bytes than allowed.
    #[error("{what} is larger than {limit} bytes")]
    Bytes {
        /// What was being read.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

impl From<OverLimit> for io::Error {
    fn from(over: OverLimit) -> io::Error {
        io::Error::other(over)
    }
}

impl Failure {
    /// Puts the failure at a place of an input.
    pub fn at(self, input: impl Into<String>, place: Option<Place>) -> ReadError {
        ReadError { input: input.into(), place, failure: self }
    }

    /// Makes a `Malformed` failure.
    pub(crate) fn malformed(format: &'static str, found: impl fmt::Display) -> Failure {
        Failure::Malformed { format, found: found.to_string() }
    }
}

impl ReadError {
    /// Returns what the user can do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.failure {
            Failure::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => Some("check the path; quote it if it holds spaces"),
                io::ErrorKind::PermissionDenied => Some("make the file readable for this user"),
                _ => None,
            },
            Failure::Malformed { format: "JSON", .. } => {
                Some("give one JSON object a line, each with a `text`; jq -c '.[]' makes lines of an array")
            }
            Failure::Malformed { format: "CSV", .. } => Some("name the columns in the first row; one must be `text`"),
            Failure::Malformed { .. } => None,
            Failure::Unsupported(_) | Failure::Binary => {
                Some("give text, HTML, JSON Lines, a feed, subtitles or CSV; docs/inputs.md lists them")
            }
            Failure::TooLarge { .. } => Some("split the input; one article is at most a few megabytes of text"),
            Failure::Bomb(_) => Some("unpack it yourself and look at it before adding what comes out"),
            Failure::TooDeep(_) => None,
            Failure::Truncated(_) => Some("the file is probably a cut-off copy: fetch it again"),
            Failure::NoText => None,
            Failure::Fetch(_) => None,
        }
    }
}

/// Prints `input, line 3`.
struct Located<'a> {
    input: &'a str,
    place: &'a Option<Place>,
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.input == "-" { "standard input" } else { self.input };
        match self.place {
            None => write!(f, "cannot read {name}"),
            Some(Place::Line(n)) => write!(f, "cannot read {name}, line {n}"),
            Some(Place::Byte(n)) => write!(f, "cannot read {name}, byte {n}"),
            Some(Place::Record(n)) => write!(f, "cannot read {name}, record {n}"),
            Some(Place::Page(n)) => write!(f, "cannot read {name}, page {n}"),
        }
    }
}
