//! Bytes to text: byte order marks, what the input declares, then what the bytes look like.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::error::{Failure, Place};

/// Decodes a whole text. A byte order mark is dropped and decides; valid UTF-8 is UTF-8 whatever was declared (a wrong
/// declaration is common, bytes that happen to be UTF-8 are not); then the declaration, if the bytes agree; then a guess.
pub(crate) fn decode(bytes: Vec<u8>, declared: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned();
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let escapes = declared == Some(ISO_2022_JP) && bytes.contains(&0x1B);
    let bytes = if escapes {
        bytes
    } else {
        match String::from_utf8(bytes) {
            // Text in UTF-16 without a mark can be valid UTF-8 full of NULs.
            Ok(text) if !text.contains('\0') => return text,
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        }
    };
    if let Some(encoding) = unmarked_utf16(&bytes) {
        return encoding.decode_without_bom_handling(&bytes).0.into_owned();
    }
    if let Some(encoding) = declared.filter(|e| *e != UTF_8)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&bytes)
    {
        return text.into_owned();
    }
    if mostly_utf8(&bytes) {
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes, true);
    detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(&bytes).0.into_owned()
}

/// Decodes like [`decode`] and refuses what is no text.
pub(crate) fn decode_text(bytes: Vec<u8>, declared: Option<&str>) -> Result<String, (Failure, Option<Place>)> {
    let text = decode(bytes, declared);
    match text.find('\0') {
        Some(at) => Err((Failure::Binary, Some(Place::Byte(at as u64)))),
        None => Ok(text),
    }
}

/// Tells UTF-16 without a mark by its NULs: Western text has them in every second byte.
pub(crate) fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    if odd * 10 > pairs * 6 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 6 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Tells UTF-8 with a few broken places (a cut, a stray byte) from another encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 * bad
}

/// A reader that turns UTF-16 into UTF-8 as it goes, in bounded memory.
pub(crate) struct Transcoding<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_from: usize,
    raw_to: usize,
    ready: Vec<u8>,
    ready_from: usize,
    finished: bool,
}

impl<R: Read> Transcoding<R> {
    /// Reads `inner` as `encoding`; a byte order mark is dropped.
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Transcoding {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 16 << 10],
            raw_from: 0,
            raw_to: 0,
            ready: Vec::new(),
            ready_from: 0,
            finished: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.ready_from = 0;
        while self.ready.is_empty() && !self.finished {
            let mut last = false;
            if self.raw_from == self.raw_to {
                self.raw_from = 0;
                self.raw_to = self.inner.read(&mut self.raw)?;
                last = self.raw_to == 0;
            }
            let mut chunk = [0u8; 32 << 10];
            let raw = self.raw.get(self.raw_from..self.raw_to).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut chunk, last);
            self.raw_from += read;
            self.ready.extend_from_slice(&chunk[..written]);
            self.finished = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready_from == self.ready.len() {
            self.fill()?;
        }
        let rest = &self.ready[self.ready_from..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.ready_from += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn marks_declarations_and_looks() {
        let text = "“Größe”, said Zoë – 3 €";
        assert_eq!(decode(text.into(), None), text);
        assert_eq!(decode(format!("\u{feff}{text}").into(), None), text);
        assert_eq!(decode(utf16(text, false), None), text, "UTF-16 little-endian without a mark");
        assert_eq!(decode(utf16(&format!("\u{feff}{text}"), true), None), text, "UTF-16 big-endian with a mark");
        let cp1252 = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        assert_eq!(decode(cp1252.clone(), None), text, "guessed");
        assert_eq!(decode(cp1252.clone(), Some("windows-1252")), text, "declared");
        assert_eq!(decode(cp1252, Some("utf-8")), text, "wrongly declared");
        assert_eq!(decode(text.into(), Some("iso-8859-1")), text, "UTF-8 declared as Latin-1");
        let russian = "Сергей Лавров сказал: «Мы продолжаем работу»";
        assert_eq!(decode(encoding_rs::WINDOWS_1251.encode(russian).0.into_owned(), None), russian);
        let russian = "Сергей Лавров сказал: мы продолжаем работу";
        assert_eq!(decode(encoding_rs::KOI8_R.encode(russian).0.into_owned(), Some("koi8-r")), russian);
    }

    #[test]
    fn a_cut_in_a_character_does_not_change_the_rest() {
        let text = "“Prix élevés”, déclare Zoé à Genève…";
        let mut bytes = text.as_bytes().to_vec();
        bytes.pop();
        assert_eq!(decode(bytes, None), format!("{}\u{fffd}", text.trim_end_matches('…')));
    }

    #[test]
    fn nul_is_named_with_its_place() {
        let (failure, place) = decode_text(b"abc\0def".to_vec(), None).unwrap_err();
        assert!(matches!(failure, Failure::Binary));
        assert_eq!(place, Some(Place::Byte(3)));
    }

    proptest! {
        #[test]
        fn transcoding_a_stream_equals_decoding_the_whole(text in "[a-zé€\u{10000}-\u{10010}\n]{0,300}", big: bool) {
            let encoding = if big { UTF_16BE } else { UTF_16LE };
            let mut out = String::new();
            Transcoding::new(utf16(&text, big).as_slice(), encoding).read_to_string(&mut out).unwrap();
            prop_assert_eq!(out, text);
        }

        #[test]
        fn any_bytes_decode(bytes in proptest::collection::vec(any::<u8>(), 0..300), declared in "[a-z0-9-]{0,12}") {
            decode(bytes, Some(&declared));
        }
    }
}
