//! Keys: one letter for the table, then big-endian numbers, so that byte order is the order of reading.

/// Table of counters.
pub const META: u8 = b'm';
/// Article identity → number and latest version.
pub const ARTICLES: u8 = b'a';
/// Everything of one version of an article, side by side: state, text, readings.
pub const DOCUMENTS: u8 = b'd';
/// Speakers.
pub const SPEAKERS: u8 = b's';
/// Name key → speaker.
pub const NAMES: u8 = b'n';
/// (speaker, day, article, version) → [`LIVE`] where the version's claims of the speaker stand today, else [`PAST`].
pub const BY_SPEAKER: u8 = b'p';
/// (operation, chunk) → what people did to the record.
pub const OPERATIONS: u8 = b'o';
/// (speaker, time) → who the speaker was until that time.
pub const IDENTITIES: u8 = b'i';
/// First claim number of a block → the article whose reading made it.
pub const CLAIMS: u8 = b'c';
/// Visits of addresses, and entries of feeds that were dealt with.
pub const VISITS: u8 = b'v';
/// Words of claims → articles.
pub const WORDS: u8 = b'w';
/// (encoder version, two statements) → what the encoder said of them.
pub const JUDGED: u8 = b'j';

/// Day key of an article without a date: after all others.
pub const UNDATED: u32 = u32::MAX;

/// A version whose claims stand today, in [`BY_SPEAKER`].
pub const LIVE: &[u8] = &[1];
/// A version that a later one or a later reading replaced: kept so that an earlier day can be seen again.
pub const PAST: &[u8] = &[0];

/// Builds a key.
pub struct Key(Vec<u8>);

impl Key {
    /// Starts a key of a table.
    pub fn new(table: u8) -> Key {
        let mut key = Vec::with_capacity(32);
        key.push(table);
        Key(key)
    }

    /// Adds bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Key {
        self.0.extend(bytes);
        self
    }

    /// Adds a number.
    pub fn u8(self, n: u8) -> Key {
        self.bytes(&[n])
    }

    /// Adds a number.
    pub fn u32(self, n: u32) -> Key {
        self.bytes(&n.to_be_bytes())
    }

    /// Adds a number.
    pub fn u64(self, n: u64) -> Key {
        self.bytes(&n.to_be_bytes())
    }

    /// Ends it.
    pub fn end(self) -> Vec<u8> {
        self.0
    }

    /// Ends it as a range: from this key to the last key that starts with it.
    pub fn range(self) -> (Vec<u8>, Vec<u8>) {
        let mut high = self.0.clone();
        while let Some(last) = high.pop() {
            if last < u8::MAX {
                high.push(last + 1);
                break;
            }
        }
        (self.0, high)
    }
}

/// Takes numbers off the front of a key.
pub struct Parts<'k>(pub &'k [u8]);

impl<'k> Parts<'k> {
    /// Takes bytes.
    pub fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    /// Takes a number.
    pub fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    /// Takes a number.
    pub fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }
}

/// What a document row holds.
pub mod part {
    /// [`super::super::codec::VersionRow`].
    pub const STATE: u8 = 0;
    /// Text, in chunks.
    pub const TEXT: u8 = 1;
    /// Readings by number, each in chunks.
    pub const READING: u8 = 2;
}

/// Key of a version's state.
pub fn state(article: u32, version: u32) -> Vec<u8> {
    document(article, version).u8(part::STATE).end()
}

/// Start of the keys of one version.
pub fn document(article: u32, version: u32) -> Key {
    Key::new(DOCUMENTS).u32(article).u32(version)
}

/// Start of the keys of one reading of a version.
pub fn reading(article: u32, version: u32, reading: u32) -> Key {
    document(article, version).u8(part::READING).u32(reading)
}

/// Key of who a speaker was until a time.
pub fn identity_until(speaker: u32, at: i64) -> Vec<u8> {
    Key::new(IDENTITIES).u32(speaker).u64(time(at)).end()
}

/// The time as it stands in keys: shifted so that times before 1970 sort first.
pub fn time(at: i64) -> u64 {
    (at as u64) ^ (1 << 63)
}

/// The time that [`time`] made a key of.
pub fn moment(key: u64) -> i64 {
    (key ^ (1 << 63)) as i64
}

/// Key of a speaker's appearance in one version of an article.
pub fn by_speaker(speaker: u32, day: u32, article: u32, version: u32) -> Vec<u8> {
    Key::new(BY_SPEAKER).u32(speaker).u32(day).u32(article).u32(version).end()
}

/// Day, article and version of an appearance; `None` where the key is none of [`by_speaker`].
pub fn appearance(key: &[u8]) -> Option<(u32, u32, u32)> {
    let mut parts = Parts(key.get(5..)?);
    Some((parts.u32()?, parts.u32()?, parts.u32()?))
}

/// The day as it stands in keys.
pub fn day(date: Option<i32>) -> u32 {
    // Shifted so that years before 0 sort first; no date sorts last.
    date.map_or(UNDATED, |d| (d as u32) ^ (1 << 31))
}

/// The day number that [`day`] made a key of.
pub fn date(day: u32) -> i32 {
    (day ^ (1 << 31)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_numbers() {
        assert!(day(Some(-50101)) < day(Some(20160101)) && day(Some(20160101)) < day(Some(20160102)));
        assert!(day(Some(99991231)) < day(None));
    }

    #[test]
    fn a_range_holds_what_starts_with_its_key() {
        let (low, high) = Key::new(b'w').u8(0xff).range();
        let key = Key::new(b'w').u8(0xff).u32(u32::MAX).end();
        assert!(low <= key && key < high);
        assert_eq!(high, [b'x']);
    }
}
