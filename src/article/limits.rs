//! How much is read at most.

/// Limits on what one input may make us hold or do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one article as it stands in its file: a text file, an HTML page, a mail, one archive record.
    pub article: u64,
    /// Bytes of one row of JSON Lines or of a table.
    pub row: u64,
    /// Bytes of a whole document that has to be held to be read: PDF, DOCX, a feed.
    pub document: u64,
    /// How many times its packed size a compressed input may unpack to, once it is past `unpacked_free`.
    pub ratio: u64,
    /// Bytes that any compressed input may unpack to, whatever the ratio.
    pub unpacked_free: u64,
    /// How deep elements, parts or values may nest.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { article: 16 << 20, row: 32 << 20, document: 64 << 20, ratio: 200, unpacked_free: 64 << 20, depth: 256 }
    }
}
