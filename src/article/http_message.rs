//! HTTP responses as archives of the web keep them: head, transfer coding, content coding.

use std::io::{BufRead, Read};

use super::error::Failure;
use super::limits::Limits;

/// How many bytes the head of a response may take.
pub(crate) const HEAD_LIMIT: usize = 64 << 10;

/// The head of a response, as far as reading its page needs it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Status code.
    pub status: u16,
    /// Media type in lower case, without parameters.
    pub media_type: String,
    /// The character encoding that the media type names.
    pub charset: Option<String>,
    /// Content codings, in the order they were applied.
    pub codings: Vec<String>,
    /// Whether the body came in chunks.
    pub chunked: bool,
    /// Where the body starts.
    pub body: usize,
}

/// Reads the head of a response; `None` where the bytes do not start with one.
pub(crate) fn head(bytes: &[u8]) -> Option<Head> {
    let mut head = Head::default();
    let mut at = 0;
    let mut first = true;
    for line in bytes.get(..bytes.len().min(HEAD_LIMIT))?.split_inclusive(|b| *b == b'\n') {
        at += line.len();
        let line = String::from_utf8_lossy(line.trim_ascii());
        if first {
            let mut words = line.split_ascii_whitespace();
            words.next().filter(|w| w.starts_with("HTTP/"))?;
            head.status = words.next()?.parse().ok()?;
            first = false;
            continue;
        }
        if line.is_empty() {
            head.body = at;
            return Some(head);
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => (head.media_type, head.charset) = media_type(value),
            "content-encoding" => head.codings.extend(listed(value)),
            "transfer-encoding" => {
                for coding in listed(value) {
                    if coding == "chunked" {
                        head.chunked = true;
                    } else {
                        head.codings.push(coding);
                    }
                }
            }
            _ => {}
        }
    }
    None
}

fn listed(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|c| c.trim().to_ascii_lowercase()).filter(|c| !c.is_empty() && c != "identity")
}

/// Splits `text/html; charset=utf-8` into the type and the encoding it names.
pub(crate) fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (kind, charset)
}

/// Tells whether a media type is a page's; where none is given, the bytes decide.
pub(crate) fn is_page(media_type: &str, body: &[u8]) -> bool {
    match media_type {
        "text/html" | "application/xhtml+xml" => true,
        "" => {
            let start = String::from_utf8_lossy(body.get(..body.len().min(1024)).unwrap_or_default()).to_lowercase();
            start.contains("<!doctype html") || start.contains("<html")
        }
        _ => false,
    }
}

/// Undoes transfer and content coding. A coding that was declared and is not there was undone by the archiving program.
pub(crate) fn body(head: &Head, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Failure> {
    let raw = bytes.get(head.body..).unwrap_or_default();
    let mut body = if head.chunked { unchunked(raw).unwrap_or_else(|| raw.to_vec()) } else { raw.to_vec() };
    for coding in head.codings.iter().rev().take(4) {
        body = match coding.as_str() {
            "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => {
                unpacked(flate2::read::MultiGzDecoder::new(body.as_slice()), limits)?
            }
            "deflate" => match unpacked(flate2::read::ZlibDecoder::new(body.as_slice()), limits) {
                Err(Failure::Io(_)) => match unpacked(flate2::read::DeflateDecoder::new(body.as_slice()), limits) {
                    Err(Failure::Io(_)) => body,
                    unpacked => unpacked?,
                },
                unpacked => unpacked?,
            },
            "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(body.as_slice())?;
                decoder.window_log_max(27)?;
                unpacked(decoder, limits)?
            }
            "br" => match unpacked(brotli_decompressor::Decompressor::new(body.as_slice(), 4096), limits) {
                Err(Failure::Io(_)) if std::str::from_utf8(&body).is_ok() => body,
                unpacked => unpacked?,
            },
            _ => body,
        };
    }
    Ok(body)
}

fn unpacked(mut decoder: impl Read, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    (&mut decoder).take(limits.article.saturating_add(1)).read_to_end(&mut out)?;
    if out.len() as u64 > limits.article {
        return Err(Failure::TooLarge { what: "the unpacked page", limit: limits.article });
    }
    Ok(out)
}

/// Puts chunks together; a cut in the last chunk keeps what is there. `None` where the bytes do not start with a chunk.
fn unchunked(raw: &[u8]) -> Option<Vec<u8>> {
    let mut rest = raw;
    let mut out = Vec::with_capacity(raw.len());
    loop {
        let mut line = Vec::new();
        (&mut rest).take(1024).read_until(b'\n', &mut line).ok()?;
        let size = line.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(size).ok().and_then(|s| usize::from_str_radix(s, 16).ok());
        let Some(size) = size else { return (!out.is_empty()).then_some(out) };
        if size == 0 {
            return Some(out);
        }
        let Some((chunk, after)) = rest.split_at_checked(size) else {
            out.extend_from_slice(rest);
            return Some(out);
        };
        out.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or(after.strip_prefix(b"\n")).unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn page(message: &[u8]) -> Result<String, String> {
        let head = head(message).ok_or("no head")?;
        let body = body(&head, message, &Limits { article: 1 << 20, ..Limits::default() });
        body.map(|b| String::from_utf8_lossy(&b).into_owned()).map_err(|f| f.to_string())
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn message(headers: &str, body: &[u8]) -> Vec<u8> {
        [format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").as_bytes(), body].concat()
    }

    #[test]
    fn codings_are_undone_and_those_undone_before_are_seen() {
        let chunks = b"4\r\n<p>a\r\n5;x=y\r\nb</p>\r\n0\r\n\r\n";
        for (headers, body) in [
            ("Transfer-Encoding: chunked", chunks.to_vec()),
            ("transfer-encoding: Chunked", b"<p>ab</p>".to_vec()),
            ("Content-Encoding: deflate", zlib(b"<p>ab</p>")),
            ("Content-Encoding: gzip", b"<p>ab</p>".to_vec()),
            ("Content-Encoding: br", b"<p>ab</p>".to_vec()),
            ("Content-Encoding: br", b"\x0b\x04\x80<p>ab</p>\x03".to_vec()),
            ("Content-Encoding: zstd", zstd::encode_all(&b"<p>ab</p>"[..], 1).unwrap()),
        ] {
            assert_eq!(page(&message(headers, &body)).as_deref(), Ok("<p>ab</p>"), "{headers}");
        }
        assert_eq!(page(&message("Transfer-Encoding: chunked", b"9\r\n<p>ab")).as_deref(), Ok("<p>ab"), "cut");
    }

    #[test]
    fn a_packed_page_is_bounded() {
        let bomb = message("Content-Encoding: deflate", &zlib(&vec![b' '; 8 << 20]));
        assert_eq!(page(&bomb), Err("the unpacked page is larger than the limit of 1048576 bytes".to_owned()));
    }

    #[test]
    fn the_head_names_type_and_encoding() {
        let read = head(b"HTTP/1.0 404 Not Found\nContent-Type: Text/HTML; Charset=\"KOI8-R\"\n\nbody").unwrap();
        assert_eq!((read.status, read.media_type.as_str()), (404, "text/html"));
        assert_eq!((read.charset.as_deref(), read.body), (Some("KOI8-R"), 66));
        assert_eq!(head(b"<html>"), None);
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nServer: x"), None, "no end of the head");
    }

    proptest! {
        #[test]
        fn any_bytes_in_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), chunked: bool) {
            let head = Head { chunked, codings: vec!["br".into(), "deflate".into()], ..Head::default() };
            let _ = body(&head, &bytes, &Limits::default());
            let _ = super::head(&bytes);
        }
    }
}
