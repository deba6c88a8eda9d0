//! Looks for decompression bombs before the parser unpacks anything, for it knows no limits.

use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;
use pdf_extract::{Document, Object};

use super::super::error::{Failure, Place};
use super::super::limits::Limits;

/// How many bytes of a stream with unusual filters are tolerated: what they unpack to cannot be foreseen.
const CHAINED: usize = 128 << 10;

/// Tells whether a file says that it is encrypted.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"/Encrypt").is_some()
}

/// Vets the file as it stands: everything that the parser unpacks while it loads.
pub(super) fn packed(bytes: &[u8], limits: &Limits) -> Result<(), (Failure, Option<Place>)> {
    let mut total = 0u64;
    let encrypted = is_encrypted(bytes);
    for at in memmem::find_iter(bytes, b"stream") {
        let before = bytes.get(at.saturating_sub(1024)..at).unwrap_or_default();
        if before.ends_with(b"end") {
            continue;
        }
        // The dictionary of this stream: what follows the last object's end.
        let start = memmem::rfind(before, b" obj").map_or(0, |s| s + 4);
        let dictionary = before.get(start..).unwrap_or_default();
        let holds = |word: &[u8]| memmem::find(dictionary, word).is_some();
        let loaded = holds(b"/ObjStm") || holds(b"/XRef");
        let place = Some(Place::Byte(at as u64));
        if loaded && encrypted && holds(b"/ObjStm") {
            return Err((Failure::Unsupported("an encrypted PDF of this kind"), None));
        }
        let other = [&b"LZW"[..], b"ASCII", b"RunLength", b"/Fl "].iter().any(|f| holds(f));
        if loaded && (other || memmem::find_iter(dictionary, b"FlateDecode").count() > 1) {
            return Err((Failure::malformed("PDF", "an object stream with unusual filters"), place));
        }
        if holds(b"/Image") {
            continue;
        }
        let rest = bytes.get(at + 6..).unwrap_or_default();
        let body = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).or(rest.strip_prefix(b"\r")).unwrap_or(rest);
        let size = inflated(body, limits.document + 1);
        total += if loaded { size } else { 0 };
        if size > limits.document || total > limits.document * 2 {
            return Err((Failure::TooLarge { what: "an unpacked stream", limit: limits.document }, place));
        }
    }
    Ok(())
}

/// Vets the streams of a loaded document; those of pictures and those that may be anything are emptied.
pub(super) fn unpacked(document: &mut Document, limits: &Limits) -> Result<(), (Failure, Option<Place>)> {
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        let is_image = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image");
        let filters: Vec<Vec<u8>> =
            stream.filters().map(|list| list.iter().map(|f| f.to_vec()).collect()).unwrap_or_default();
        let simple = match filters.as_slice() {
            [] => true,
            [one] => one == b"FlateDecode" || one == b"Fl",
            _ => false,
        };
        if is_image || !simple && stream.content.len() > CHAINED {
            stream.content = Vec::new();
            stream.dict.remove(b"Filter");
        } else if filters.len() == 1 && simple && inflated(&stream.content, limits.document + 1) > limits.document {
            return Err((Failure::TooLarge { what: "an unpacked stream", limit: limits.document }, None));
        }
    }
    Ok(())
}

/// Counts what a deflated stream unpacks to, up to a limit, and keeps nothing of it.
fn inflated(packed: &[u8], limit: u64) -> u64 {
    let count = |reader: &mut dyn Read| {
        let mut buffer = [0; 16 << 10];
        let mut size = 0;
        while size <= limit {
            match reader.read(&mut buffer) {
                Ok(n) if n > 0 => size += n as u64,
                _ => break,
            }
        }
        size
    };
    match count(&mut ZlibDecoder::new(packed)) {
        // The parser tries again without the header where there is none.
        0 => count(&mut flate2::read::DeflateDecoder::new(packed.get(2..).unwrap_or_default())),
        size => size,
    }
}
