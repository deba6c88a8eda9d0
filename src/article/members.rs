//! Gzip files made of one member a record, as archives of the web are: a damaged member costs that record, not the rest.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// How every member starts: the magic, and deflate as the method.
const START: [u8; 3] = [0x1F, 0x8B, 8];

/// Unpacks member after member; after a damaged one it reports an error once and goes on at the next.
pub(crate) struct Members<R> {
    state: State<R>,
}

enum State<R> {
    Between(R),
    Inside(Box<GzDecoder<R>>),
    Over,
}

impl<R: BufRead> Members<R> {
    /// Starts before the first member.
    pub(crate) fn new(packed: R) -> Self {
        Members { state: State::Between(packed) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(mut packed) => {
                    if next_start(&mut packed)? {
                        self.state = State::Inside(Box::new(GzDecoder::new(packed)));
                    }
                }
                State::Inside(mut member) => match member.read(buffer) {
                    Ok(0) if !buffer.is_empty() => self.state = State::Between(member.into_inner()),
                    Ok(n) => {
                        self.state = State::Inside(member);
                        return Ok(n);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => self.state = State::Inside(member),
                    Err(error) => {
                        self.state = State::Between(member.into_inner());
                        return Err(error);
                    }
                },
            }
        }
    }
}

/// Passes over bytes up to the next start of a member; false at the end.
fn next_start<R: BufRead>(packed: &mut R) -> io::Result<bool> {
    loop {
        let chunk = match packed.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(false);
        }
        match memchr::memchr(START[0], chunk) {
            None => {
                let all = chunk.len();
                packed.consume(all);
            }
            Some(at) if chunk[at..].starts_with(&START) => {
                packed.consume(at);
                return Ok(true);
            }
            // A start cut by the end of the buffer is tried: the decoder refuses it if it is none.
            Some(at) if START.starts_with(&chunk[at..]) => {
                packed.consume(at);
                return Ok(true);
            }
            Some(at) => packed.consume(at + 1),
        }
    }
}

/// Tells whether a gzip file that starts like this unpacks to an archive of the web.
pub(crate) fn holds_archive(head: &[u8]) -> bool {
    let mut first = [0; 5];
    GzDecoder::new(head).read_exact(&mut first).is_ok() && &first == b"WARC/"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn member(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn a_damaged_member_is_passed_over() {
        let mut bad = member("two two two and more of two".repeat(20).as_bytes());
        bad[14] ^= 0xFF;
        let packed = [member(b"one "), bad, b"padding".to_vec(), member(b"three")].concat();
        let mut members = Members::new(io::BufReader::with_capacity(7, packed.as_slice()));
        let (mut out, mut errors) = (Vec::new(), 0);
        let mut buffer = [0; 3];
        loop {
            match members.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => out.extend_from_slice(&buffer[..n]),
                Err(_) => errors += 1,
            }
        }
        let out = String::from_utf8_lossy(&out).into_owned();
        assert!(out.starts_with("one ") && out.ends_with("three"), "{out}");
        assert!(errors > 0);
    }
}
