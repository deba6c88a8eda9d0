//! A backup: every row of the record in one compressed file with a checksum, written and read as a stream.
//!
//! Inside the zstd frame stand a line that names the kind of file, the record's format, the rows in order of their keys, each with
//! its lengths, and an end mark with the number of rows and the BLAKE3 hash of all before it.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::Duration;

use super::aside::Aside;
use super::engine::{Batch, MAX_VALUE};
use super::{FORMAT, Problem, Record, StoreError, codec};

const FIRST_LINE: &[u8] = b"onrecord backup 1\n";

/// Longest key that a backup may hold.
const MAX_KEY: usize = 1024;

/// Rows written in one commit while a backup is restored.
const ROWS: usize = 4000;

/// How hard zstd tries.
const LEVEL: i32 = 6;

/// The most that zstd may look back over, as a power of two: so much memory does a hostile file get.
const WINDOW: u32 = 27;

/// Bytes that a backup may unpack to, whatever its size, and how many times its size beyond that.
const UNPACKED_FREE: u64 = 64 << 20;
const RATIO: u64 = 400;

/// What a backup holds, or what restoring it brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Rows.
    pub rows: u64,
    /// Articles.
    pub articles: u64,
    /// Versions of them.
    pub versions: u64,
    /// Claims that stand.
    pub claims: u64,
    /// What is wrong in the record that was brought back.
    pub problems: Vec<Problem>,
}

impl Record {
    /// Writes a backup of the whole record; other threads may read meanwhile.
    ///
    /// A damaged row is an error: a backup that looks whole must be whole.
    pub fn backup(&self, out: impl Write) -> Result<Held, StoreError> {
        let cannot = |e: io::Error| StoreError::io("cannot write the backup of", &self.path, e);
        let before = self.counters()?;
        let mut packed = zstd::Encoder::new(out, LEVEL).map_err(cannot)?;
        packed.include_checksum(true).map_err(cannot)?;
        let mut hashed = Hashed { inner: packed, hasher: blake3::Hasher::new() };
        hashed.write_all(FIRST_LINE).and_then(|()| hashed.write_all(&FORMAT.to_be_bytes())).map_err(cannot)?;
        let mut rows = 0u64;
        for row in self.engine.scan(&[], &[u8::MAX], false) {
            let (key, value) = row?;
            self.readable("a row", codec::open(&value))?;
            let lengths = u16::try_from(key.len()).ok().zip(u16::try_from(value.len()).ok());
            let (k, v) = lengths.ok_or_else(|| self.damaged("a row is longer than rows can be"))?;
            let written = hashed.write_all(&k.to_be_bytes()).and_then(|()| hashed.write_all(&v.to_be_bytes()));
            written.and_then(|()| hashed.write_all(&key)).and_then(|()| hashed.write_all(&value)).map_err(cannot)?;
            rows += 1;
        }
        if self.counters()? != before {
            return Err(StoreError::Invalid("the record was changed while it was backed up".into()));
        }
        hashed.write_all(&0u16.to_be_bytes()).and_then(|()| hashed.write_all(&rows.to_be_bytes())).map_err(cannot)?;
        let hash = hashed.hasher.finalize();
        let ended = hashed.inner.write_all(hash.as_bytes()).and_then(|()| hashed.inner.finish()?.flush());
        ended.map_err(cannot)?;
        let super::Counters { articles, versions, claims, .. } = before;
        Ok(Held { rows, articles, versions, claims, problems: Vec::new() })
    }
}

/// Brings a backup back into a folder that holds no record yet; the record is there when all of it is.
///
/// `name` stands for the backup in errors, `size` is its length where that is known.
pub fn restore(
    backup: impl Read,
    name: &str,
    size: Option<u64>,
    path: &Path,
    wait: Duration,
) -> Result<Held, StoreError> {
    let unfit = |what: String| StoreError::Unfit { input: name.to_string(), what };
    let cannot = |e: io::Error| match e.kind() {
        io::ErrorKind::UnexpectedEof => unfit("it is cut off".into()),
        _ => unfit(format!("it is no backup, or damaged: {e}")),
    };
    let mut packed = zstd::Decoder::new(backup).map_err(cannot)?;
    packed.window_log_max(WINDOW).map_err(cannot)?;
    let limit = size.map_or(u64::MAX, |size| size.saturating_mul(RATIO).max(UNPACKED_FREE));
    let mut stream = Hashed { inner: BufReader::new(packed).take(limit), hasher: blake3::Hasher::new() };
    let mut head = [0; FIRST_LINE.len() + 4];
    stream.read_exact(&mut head).map_err(cannot)?;
    let Some(format) = head.strip_prefix(FIRST_LINE).and_then(|rest| rest.first_chunk()) else {
        return Err(unfit("it is not a backup of onrecord".into()));
    };
    let found = u32::from_be_bytes(*format);
    if found > FORMAT {
        return Err(StoreError::Newer { path: name.into(), found, ours: FORMAT });
    }
    if found < FORMAT {
        return Err(unfit(format!("it has format {found}, which this version cannot bring back")));
    }
    let aside = Aside::begin(path, wait)?;
    let record = aside.record()?;
    let mut batch = Batch::default();
    let (mut last, mut rows) = (Vec::new(), 0u64);
    loop {
        let key_length = usize::from(u16::from_be_bytes(stream.array().map_err(cannot)?));
        if key_length == 0 {
            break;
        }
        let value_length = usize::from(u16::from_be_bytes(stream.array().map_err(cannot)?));
        if key_length > MAX_KEY || value_length > MAX_VALUE {
            return Err(unfit(format!("row {} is longer than rows can be", rows + 1)));
        }
        let (mut key, mut value) = (vec![0; key_length], vec![0; value_length]);
        stream.read_exact(&mut key).and_then(|()| stream.read_exact(&mut value)).map_err(cannot)?;
        rows += 1;
        if key <= last {
            return Err(unfit(format!("row {rows} is out of order")));
        }
        codec::open(&value).map_err(|e| unfit(format!("row {rows} cannot be read: {e}")))?;
        last.clone_from(&key);
        batch.put(key, value);
        if batch.len() == ROWS {
            record.engine.commit(std::mem::take(&mut batch))?;
        }
    }
    let counted = u64::from_be_bytes(stream.array().map_err(cannot)?);
    let hash = stream.hasher.finalize();
    let mut noted = [0; 32];
    stream.inner.read_exact(&mut noted).map_err(cannot)?;
    if counted != rows || hash != noted {
        return Err(unfit("its checksum does not hold".into()));
    }
    if stream.inner.read(&mut [0]).map_err(cannot)? != 0 {
        return Err(unfit("something follows its end".into()));
    }
    record.engine.commit(batch)?;
    let problems = record.verify()?;
    let super::Counters { articles, versions, claims, .. } = record.counters()?;
    aside.finish()?;
    Ok(Held { rows, articles, versions, claims, problems })
}

/// A stream that hashes what passes.
struct Hashed<S> {
    inner: S,
    hasher: blake3::Hasher,
}

impl<S: Write> Hashed<S> {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.inner.write_all(bytes)
    }
}

impl<S: Read> Hashed<S> {
    fn read_exact(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.inner.read_exact(bytes)?;
        self.hasher.update(bytes);
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
