//! Values on disk: an envelope with format and checksum around a bincode body; long ones compressed and cut into chunks.
//!
//! The row types are the written format. They are apart from the types that the rest of the program uses, so that a change
//! there cannot make old records unreadable.

use std::cell::RefCell;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zstd::bulk::{Compressor, Decompressor};

use super::engine::MAX_VALUE;

/// Format of each row's envelope.
const ROW_FORMAT: u8 = 1;

/// Bytes of an envelope before its body.
const ENVELOPE: usize = 5;

/// Bytes of a chunk's body; with the envelope it stays below [`MAX_VALUE`].
pub const CHUNK: usize = MAX_VALUE - 96;

/// The most that one decoded value may take, so that no damaged length makes us allocate without bound.
const MAX_DECODED: usize = 64 << 20;

/// Why a value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Shorter than an envelope.
    #[error("it is too short")]
    Short,
    /// An envelope format that we do not know.
    #[error("it has row format {0}, which this version does not know")]
    Format(u8),
    /// What was written is not what is read.
    #[error("its checksum does not hold")]
    Checksum,
    /// The body is no such row.
    #[error("its content makes no sense")]
    Body,
    /// A chunk is missing.
    #[error("a part of it is missing")]
    Missing,
}

/// Wraps a body.
pub fn seal(body: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(ENVELOPE + body.len());
    sealed.push(ROW_FORMAT);
    sealed.extend(crc32fast::hash(body).to_le_bytes());
    sealed.extend(body);
    sealed
}

/// Unwraps a body, checking it.
pub fn open(sealed: &[u8]) -> Result<&[u8], Unreadable> {
    let (envelope, body) = sealed.split_at_checked(ENVELOPE).ok_or(Unreadable::Short)?;
    match envelope {
        [ROW_FORMAT, crc @ ..] if crc == crc32fast::hash(body).to_le_bytes() => Ok(body),
        [ROW_FORMAT, ..] => Err(Unreadable::Checksum),
        [format, ..] => Err(Unreadable::Format(*format)),
        [] => Err(Unreadable::Short),
    }
}

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<MAX_DECODED>()
}

/// Writes a row.
pub fn encode<T: Serialize>(row: &T) -> Vec<u8> {
    seal(&body(row))
}

fn body<T: Serialize>(row: &T) -> Vec<u8> {
    // Serialising plain structs into a growing vector fails only above the limit, which callers check beforehand.
    bincode::serde::encode_to_vec(row, config()).unwrap_or_default()
}

/// Reads a row.
pub fn decode<T: DeserializeOwned>(sealed: &[u8]) -> Result<T, Unreadable> {
    plain(open(sealed)?)
}

fn plain<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    match bincode::serde::decode_from_slice(body, config()) {
        // bincode takes trailing bytes without a word.
        Ok((row, read)) if read == body.len() => Ok(row),
        _ => Err(Unreadable::Body),
    }
}

/// How hard long rows are compressed.
const LEVEL: i32 = 3;

thread_local! {
    // They take longer to make than a row takes to pack.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn pack(body: &[u8]) -> Vec<u8> {
    PACKER.with_borrow_mut(|held| {
        if held.is_none() {
            *held = Compressor::new(LEVEL).ok();
        }
        held.as_mut().and_then(|packer| packer.compress(body).ok()).unwrap_or_default()
    })
}

fn unpack(packed: &[u8], full: usize) -> Option<Vec<u8>> {
    UNPACKER.with_borrow_mut(|held| {
        if held.is_none() {
            *held = Decompressor::new().ok();
        }
        held.as_mut()?.decompress(packed, full).ok()
    })
}

/// Writes a long row: compressed, in sealed chunks. The first chunk starts with their number.
pub fn encode_chunks<T: Serialize>(row: &T) -> Vec<Vec<u8>> {
    let body = body(row);
    let mut packed = pack(&body);
    let mut framed = Vec::with_capacity(packed.len() + 8);
    framed.extend((body.len() as u32).to_be_bytes());
    framed.extend((packed.len() as u32).to_be_bytes());
    framed.append(&mut packed);
    framed.chunks(CHUNK).map(seal).collect()
}

/// Reads a long row from its chunks in order.
pub fn decode_chunks<T: DeserializeOwned>(chunks: &[impl AsRef<[u8]>]) -> Result<T, Unreadable> {
    let mut framed = Vec::new();
    for chunk in chunks {
        framed.extend_from_slice(open(chunk.as_ref())?);
    }
    let (head, packed) = framed.split_at_checked(8).ok_or(Unreadable::Missing)?;
    let length = |bytes: &[u8]| bytes.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
    let (full, stored) = (length(&head[..4]), length(&head[4..]));
    if stored != packed.len() {
        return Err(Unreadable::Missing);
    }
    if full > MAX_DECODED {
        return Err(Unreadable::Body);
    }
    plain(&unpack(packed, full).ok_or(Unreadable::Body)?)
}

/// Counters, one row; written with every commit that changes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Next article number, from 0.
    pub next_article: u32,
    /// Next claim number, from 1.
    pub next_claim: u64,
    /// Next speaker number, from 1.
    pub next_speaker: u32,
    /// Next operation number, from 1.
    pub next_operation: u64,
    /// Articles.
    pub articles: u64,
    /// Versions of articles.
    pub versions: u64,
    /// Claims that stand today: with a speaker, in the latest version of their article.
    pub claims: u64,
    /// Attributions without a speaker in the latest versions.
    pub unattributed: u64,
    /// Time of the last commit, milliseconds since 1970; times never go back.
    pub last_at: i64,
    /// Articles below this number are in the word index.
    pub indexed: u64,
    /// Nothing.
    pub unused: u32,
}

/// An article: where its versions are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// Its number.
    pub number: u32,
    /// Its latest version, from 1.
    pub latest: u32,
}

/// What is known about one version of an article, apart from its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// Identity of the article.
    pub article: [u8; 16],
    /// First 16 bytes of the BLAKE3 hash of the text.
    pub text_hash: [u8; 16],
    /// When it was added, milliseconds since 1970.
    pub added: i64,
    /// As in [`crate::article::Article`].
    pub name: String,
    /// Headline.
    pub title: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Day of publication as year·10000 + month·100 + day.
    pub date: Option<i32>,
    /// Address.
    pub url: Option<String>,
    /// Byline.
    pub byline: Option<String>,
    /// Whether the text is only a summary of what was published.
    pub summary: bool,
    /// The readings of its text, oldest first.
    pub readings: Vec<ReadingHead>,
}

impl VersionRow {
    /// Returns the number of the reading that counted at a time, today's where none is given.
    pub fn reading_at(&self, as_of: Option<i64>) -> u32 {
        let counts = self.readings.iter().filter(|head| as_of.is_none_or(|at| head.from <= at)).count();
        counts.saturating_sub(1) as u32
    }
}

/// One reading of a text by one engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingHead {
    /// Which engine.
    pub engine: String,
    /// From when on it is the one that counts.
    pub from: i64,
}

/// What a reading found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadingRow {
    /// Every attribution, in order of the text.
    pub claims: Vec<ClaimRow>,
}

/// One attribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// Claim number.
    pub id: u64,
    /// Whom the engine took for the speaker; corrections are applied when it is read.
    pub speaker: Option<u32>,
    /// Spans in bytes.
    pub source: Vec<(u32, u32)>,
    /// Spans in bytes.
    pub cue: Vec<(u32, u32)>,
    /// Spans in bytes.
    pub content: Vec<(u32, u32)>,
    /// Whom the article means.
    pub referent: Option<ReferentRow>,
    /// 0 direct, 1 indirect, 2 mixed.
    pub kind: u8,
    /// 0 speech, 1 belief, 2 intention.
    pub act: u8,
    /// 0 to 1.
    pub confidence: f32,
    /// Where the sentences before it start.
    pub before: u32,
    /// The sentences that hold it.
    pub sentence: (u32, u32),
}

/// Whom a source means within its article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferentRow {
    /// Fullest name.
    pub name: String,
    /// 0 person, 1 organisation, 2 group, 3 unnamed.
    pub sort: u8,
    /// 0 f, 1 m.
    pub gender: Option<u8>,
    /// Titles and roles.
    pub roles: Vec<String>,
    /// Other forms.
    pub aliases: Vec<String>,
    /// 0 to 1.
    pub confidence: f32,
}

/// A speaker: identity as the articles give it, and counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerRow {
    /// Who it is.
    pub identity: IdentityRow,
    /// Claims that stand today.
    pub claims: u32,
    /// Articles that they stand in.
    pub articles: u32,
    /// Earliest day, where any is known.
    pub first: Option<i32>,
    /// Latest day.
    pub last: Option<i32>,
}

/// Who a speaker was before the articles told more: forms and roles are only ever added, so their numbers say which there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasRow {
    /// Name.
    pub name: String,
    /// 0 f, 1 m.
    pub gender: Option<u8>,
    /// How many of the other forms.
    pub aliases: u32,
    /// How many of the roles.
    pub roles: u32,
}

/// Who a speaker is, as the articles give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRow {
    /// Name.
    pub name: String,
    /// 0 person, 1 organisation, 2 group, 3 unnamed.
    pub sort: u8,
    /// 0 f, 1 m.
    pub gender: Option<u8>,
    /// Other forms, in order of first sight.
    pub aliases: Vec<String>,
    /// Roles, in order of first sight.
    pub roles: Vec<String>,
}

impl IdentityRow {
    /// Notes who it is, to be kept when that changes.
    pub fn noted(&self) -> WasRow {
        WasRow {
            name: self.name.clone(),
            gender: self.gender,
            aliases: self.aliases.len() as u32,
            roles: self.roles.len() as u32,
        }
    }

    /// Takes back what was learnt since a note.
    pub fn back_to(&mut self, was: WasRow) {
        self.name = was.name;
        self.gender = was.gender;
        self.aliases.truncate(was.aliases as usize);
        self.roles.truncate(was.roles as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_flipped_bit_is_found() {
        let sealed = encode(&Counters { articles: 7, ..Counters::default() });
        assert_eq!(decode::<Counters>(&sealed).map(|c| c.articles), Ok(7));
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode::<Counters>(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_missing_chunk_is_found() {
        let text: Vec<String> = (0..4000u64).map(|n| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        let chunks = encode_chunks(&text);
        assert!(chunks.len() > 3 && chunks.iter().all(|c| c.len() <= MAX_VALUE));
        assert_eq!(decode_chunks::<Vec<String>>(&chunks), Ok(text));
        assert!(decode_chunks::<Vec<String>>(&chunks[1..]).is_err());
        assert_eq!(decode_chunks::<Vec<String>>(&chunks[..2]), Err(Unreadable::Missing));
        assert_eq!(decode_chunks::<Vec<String>>(&Vec::<Vec<u8>>::new()), Err(Unreadable::Missing));
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = plain::<ReadingRow>(&bytes);
            let _ = decode_chunks::<VersionRow>(&[seal(&bytes)]);
        }
    }
}
