//! Opening an input: unpacking gzip and Zstandard, reading within limits.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::{Failure, OverLimit};
use super::limits::Limits;
use super::members::{self, Members};
use super::source::Source;

/// A stream of bytes that can be looked at before it is read.
pub(crate) type Stream = Box<dyn BufRead + Send>;

/// An opened input and what is known about it from outside.
pub(crate) struct Opened {
    /// The input as the user named it.
    pub label: String,
    /// A name for the article: the file's name without `.gz` or `.zst`.
    pub name: String,
    /// The name's extension in lower case, without the dot.
    pub extension: String,
    /// The unpacked bytes.
    pub stream: Stream,
    /// The address it was fetched from.
    pub url: Option<String>,
    /// The character encoding that the transport declared.
    pub charset: Option<String>,
}

/// How many bytes are looked at to tell formats apart.
pub(crate) const HEAD: usize = 32 << 10;

impl Opened {
    /// Opens a file or standard input.
    pub(crate) fn source(source: &Source, limits: &Limits) -> Result<Opened, Failure> {
        match source {
            Source::Stdin => Opened::stream("-", "-", Box::new(io::stdin()), limits),
            Source::File(path) => {
                let file = File::open(path)?;
                if file.metadata()?.is_dir() {
                    return Err(Failure::Io(io::Error::from(io::ErrorKind::IsADirectory)));
                }
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                Opened::stream(&path.to_string_lossy(), &name, Box::new(file), limits)
            }
        }
    }

    /// Takes a stream that is already open; packed bytes are unpacked, also when packed twice.
    pub(crate) fn stream(
        label: &str,
        name: &str,
        raw: Box<dyn Read + Send>,
        limits: &Limits,
    ) -> Result<Opened, Failure> {
        let mut name = name.to_owned();
        let mut stream: Stream = Box::new(BufReader::with_capacity(HEAD, raw));
        for _ in 0..3 {
            let head = peek(&mut stream)?;
            let Some(packing) = Packing::of(head) else { break };
            let unpacked = packing.unpack(stream, limits)?;
            stream = Box::new(BufReader::with_capacity(HEAD, unpacked));
            for ending in [".gz", ".zst", ".gzip", ".zstd"] {
                if let Some(stem) = name.strip_suffix(ending) {
                    name = stem.to_owned();
                }
            }
        }
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
        Ok(Opened { label: label.to_owned(), name, extension, stream, url: None, charset: None })
    }

    /// Looks at the first bytes without taking them.
    pub(crate) fn head(&mut self) -> Result<&[u8], Failure> {
        Ok(peek(&mut self.stream)?)
    }

    /// Reads all of it, up to `limit` bytes.
    pub(crate) fn all(&mut self, what: &'static str, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        (&mut self.stream).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(Failure::TooLarge { what, limit }) } else { Ok(bytes) }
    }
}

/// Returns what one read gives, retrying where a signal interrupted it.
fn peek(stream: &mut Stream) -> io::Result<&[u8]> {
    loop {
        match stream.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    stream.fill_buf()
}

/// A compression found by its first bytes.
#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    /// Gzip with a member a record.
    Members,
    Zstandard,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1F, 0x8B, 8, ..] if members::holds_archive(head) => Some(Packing::Members),
            [0x1F, 0x8B, 8, ..] => Some(Packing::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Packing::Zstandard),
            _ => None,
        }
    }

    fn unpack(self, stream: Stream, limits: &Limits) -> Result<Box<dyn Read + Send>, Failure> {
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Counted { stream, taken: Arc::clone(&taken) };
        let unpacked: Box<dyn Read + Send> = match self {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(counted)),
            Packing::Members => Box::new(Members::new(counted)),
            Packing::Zstandard => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
                // A frame may ask for a window of gigabytes; 128 MiB is what the zstd program allows.
                decoder.window_log_max(27)?;
                Box::new(decoder)
            }
        };
        Ok(Box::new(Guarded { unpacked, given: 0, taken, ratio: limits.ratio, free: limits.unpacked_free }))
    }
}

/// Counts the packed bytes taken.
struct Counted {
    stream: Stream,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.stream.consume(n);
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
    }
}

/// Stops when far more comes out than went in.
struct Guarded {
    unpacked: Box<dyn Read + Send>,
    given: u64,
    taken: Arc<AtomicU64>,
    ratio: u64,
    free: u64,
}

impl Read for Guarded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.unpacked.read(buffer)?;
        self.given += n as u64;
        let allowed = self.taken.load(Ordering::Relaxed).saturating_mul(self.ratio).max(self.free);
        if self.given > allowed { Err(OverLimit::Ratio(self.ratio).into()) } else { Ok(n) }
    }
}

/// A line of a stream.
pub(crate) enum Line {
    /// The bytes without the line end.
    Bytes(Vec<u8>),
    /// A line over the limit; it was skipped.
    TooLong,
}

/// Reads the next line in bounded memory; `None` at the end.
pub(crate) fn next_line(stream: &mut Stream, limit: u64) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut over = false;
    let mut any = false;
    loop {
        let chunk = peek(stream)?;
        if chunk.is_empty() {
            break;
        }
        any = true;
        let end = memchr::memchr(b'\n', chunk);
        let part = &chunk[..end.unwrap_or(chunk.len())];
        over = over || line.len() as u64 + part.len() as u64 > limit;
        if over {
            line = Vec::new();
        } else {
            line.extend_from_slice(part);
        }
        let used = end.map_or(chunk.len(), |e| e + 1);
        stream.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(any.then_some(if over { Line::TooLong } else { Line::Bytes(line) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Opened, Failure> {
        Opened::stream("a.txt.gz", "a.txt.gz", Box::new(io::Cursor::new(bytes)), limits)
    }

    #[test]
    fn packed_inputs_unpack_and_lose_the_ending() {
        let limits = Limits::default();
        for packed in [gzip(b"words"), zstd::encode_all(&b"words"[..], 3).unwrap(), gzip(&gzip(b"words"))] {
            let mut opened = open(packed, &limits).unwrap();
            assert_eq!((opened.name.as_str(), opened.extension.as_str()), ("a.txt", "txt"));
            assert_eq!(opened.all("an article", 100).unwrap(), b"words");
        }
    }

    #[test]
    fn a_bomb_stops_early_and_a_cut_is_named() {
        let limits = Limits { unpacked_free: 1 << 20, ..Limits::default() };
        let zeros = vec![0u8; 40 << 20];
        for bomb in [gzip(&zeros), zstd::encode_all(&zeros[..], 3).unwrap()] {
            let failure = open(bomb, &limits).unwrap().all("an article", u64::MAX).unwrap_err();
            assert!(matches!(failure, Failure::Bomb(200)), "{failure:?}");
        }
        let whole = gzip("Words and more words. ".repeat(50).as_bytes());
        let failure =
            open(whole[..whole.len() - 20].to_vec(), &limits).unwrap().all("an article", 1 << 20).unwrap_err();
        assert!(matches!(failure, Failure::Truncated(_)), "{failure:?}");
    }

    #[test]
    fn lines_are_bounded() {
        let mut stream: Stream = Box::new(BufReader::with_capacity(4, &b"ab\r\n0123456789012\nlast"[..]));
        let mut seen = Vec::new();
        while let Some(line) = next_line(&mut stream, 8).unwrap() {
            seen.push(match line {
                Line::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        assert_eq!(seen, ["ab", "too long", "last"]);
    }
}
