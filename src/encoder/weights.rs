//! The file of weights: reading, checking, and unpacking of four-bit matrices.
//!
//! Layout: `ORJUDGE1`, the length of the header (u32, little-endian), the header, the tensors, and a CRC-32 over all before it.
//! The header is text, one line a tensor: name, kind, rows, columns, offset into the tensors, length in bytes.
//! Kinds: `f32`; `text`; `q4`: sixteen signed levels (i8), one f16 scale for every 64 columns of a row, then two columns a
//! byte, the even one in the low half. A weight is level × scale.

use std::collections::BTreeMap;

/// The weights that are part of the program.
pub(super) static EMBEDDED: &[u8] = include_bytes!("weights/judge.bin");

/// Columns that share a scale.
pub(super) const GROUP: usize = 64;

const MAGIC: &[u8] = b"ORJUDGE1";

/// Why the encoder could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncoderError {
    /// This build has no weights in it.
    #[error("this build of onrecord contains no encoder weights")]
    Absent,
    /// The weights are not what they should be.
    #[error("the encoder's weights are damaged: {0}")]
    Damaged(String),
}

struct Entry {
    kind: String,
    rows: usize,
    columns: usize,
    start: usize,
    length: usize,
}

/// A checked file of weights.
pub(super) struct WeightsFile<'b> {
    entries: BTreeMap<String, Entry>,
    tensors: &'b [u8],
}

/// A matrix of four-bit weights as it lies in the file, row after row.
pub(super) struct Packed<'b> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    levels: [i8; 16],
    scales: &'b [u8],
    codes: &'b [u8],
}

fn damaged(what: impl Into<String>) -> EncoderError {
    EncoderError::Damaged(what.into())
}

impl<'b> WeightsFile<'b> {
    /// Checks the frame and the checksum and reads the header.
    pub(super) fn parse(bytes: &'b [u8]) -> Result<WeightsFile<'b>, EncoderError> {
        if bytes.is_empty() {
            return Err(EncoderError::Absent);
        }
        let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(|| damaged("too short"))?;
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return Err(damaged("the checksum does not fit"));
        }
        WeightsFile::header(body)
    }

    /// Reads the header of the weights that are part of the program. A test holds them to their checksum; here it would cost more
    /// than a report that asks the encoder nothing.
    pub(super) fn embedded() -> Result<WeightsFile<'static>, EncoderError> {
        let (body, _) = EMBEDDED.split_last_chunk::<4>().ok_or(EncoderError::Absent)?;
        WeightsFile::header(body)
    }

    fn header(body: &'b [u8]) -> Result<WeightsFile<'b>, EncoderError> {
        let rest = body.strip_prefix(MAGIC).ok_or_else(|| damaged("not a file of weights"))?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("no header"))?;
        let (header, tensors) = rest
            .split_at_checked(u32::from_le_bytes(*length) as usize)
            .ok_or_else(|| damaged("the header is cut off"))?;
        let header = std::str::from_utf8(header).map_err(|_| damaged("the header is not text"))?;
        let mut entries = BTreeMap::new();
        for line in header.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, kind, numbers @ ..] = fields.as_slice() else {
                return Err(damaged(format!("header line `{line}`")));
            };
            let numbers: Vec<usize> = numbers.iter().filter_map(|n| n.parse().ok()).collect();
            let [rows, columns, start, length] = numbers[..] else {
                return Err(damaged(format!("header line `{line}`")));
            };
            if start.checked_add(length).is_none_or(|end| end > tensors.len()) {
                return Err(damaged(format!("{name} is cut off")));
            }
            entries.insert((*name).to_owned(), Entry { kind: (*kind).to_owned(), rows, columns, start, length });
        }
        Ok(WeightsFile { entries, tensors })
    }

    fn entry(&self, name: &str, kind: &str) -> Result<(&Entry, &'b [u8]), EncoderError> {
        let e = self.entries.get(name).ok_or_else(|| damaged(format!("{name} is missing")))?;
        if e.kind != kind {
            return Err(damaged(format!("{name} is of kind {}", e.kind)));
        }
        Ok((e, &self.tensors[e.start..e.start + e.length]))
    }

    /// Returns the vocabulary's lines.
    pub(super) fn pieces(&self) -> Result<Vec<&'b str>, EncoderError> {
        let (_, bytes) = self.entry("pieces", "text")?;
        Ok(std::str::from_utf8(bytes).map_err(|_| damaged("the vocabulary is not text"))?.lines().collect())
    }

    /// Returns a tensor of `length` numbers.
    pub(super) fn floats(&self, name: &str, length: usize) -> Result<Vec<f32>, EncoderError> {
        let (_, bytes) = self.entry(name, "f32")?;
        let (quads, rest) = bytes.as_chunks::<4>();
        if quads.len() != length || !rest.is_empty() {
            return Err(damaged(format!("{name} has {} numbers instead of {length}", quads.len())));
        }
        Ok(quads.iter().map(|q| f32::from_le_bytes(*q)).collect())
    }

    /// Returns a four-bit matrix with `columns` columns.
    pub(super) fn packed(&self, name: &str, columns: usize) -> Result<Packed<'b>, EncoderError> {
        let (e, bytes) = self.entry(name, "q4")?;
        let cells = e.rows.checked_mul(columns).ok_or_else(|| damaged(format!("{name} is too large")))?;
        if e.columns != columns || !columns.is_multiple_of(GROUP) || bytes.len() != 16 + cells / GROUP * 2 + cells / 2 {
            return Err(damaged(format!("{name} is {} × {} in {} bytes", e.rows, e.columns, bytes.len())));
        }
        let (levels, rest) = bytes.split_first_chunk::<16>().ok_or_else(|| damaged(name))?;
        let (scales, codes) = rest.split_at(cells / GROUP * 2);
        Ok(Packed { rows: e.rows, columns, levels: levels.map(|l| l as i8), scales, codes })
    }
}

impl Packed<'_> {
    /// Unpacks one row to integers with one scale for the row: weight ≈ integer × scale.
    pub(super) fn row(&self, row: usize, out: &mut [i8]) -> f32 {
        let groups = self.columns / GROUP;
        let scale = |g: usize| {
            let at = (row * groups + g) * 2;
            half(u16::from_le_bytes([self.scales[at], self.scales[at + 1]]))
        };
        let top = self.levels.iter().map(|l| l.unsigned_abs()).max().unwrap_or(1).max(1);
        let largest = (0..groups).map(scale).fold(0.0, f32::max);
        let step = if largest > 0.0 { largest * f32::from(top) / 127.0 } else { 1.0 };
        let codes = &self.codes[row * self.columns / 2..(row + 1) * self.columns / 2];
        for g in 0..groups {
            let ratio = scale(g) / step;
            let table = self.levels.map(|l| (f32::from(l) * ratio).round().clamp(-127.0, 127.0) as i8);
            let from = &codes[g * GROUP / 2..(g + 1) * GROUP / 2];
            let to = &mut out[g * GROUP..(g + 1) * GROUP];
            for (byte, two) in from.iter().zip(to.as_chunks_mut::<2>().0) {
                *two = [table[usize::from(byte & 15)], table[usize::from(byte >> 4)]];
            }
        }
        step
    }
}

/// Converts a half-precision number; the scales are finite and never negative.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (u32::from(bits >> 10) & 31, u32::from(bits) & 1023);
    if exponent == 0 { fraction as f32 / 16_777_216.0 } else { f32::from_bits((exponent + 112) << 23 | fraction << 13) }
}

#[cfg(test)]
mod tests {
    use super::{EncoderError, MAGIC, WeightsFile, half};

    fn file(header: &str, tensors: &[u8]) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((header.len() as u32).to_le_bytes());
        out.extend(header.as_bytes());
        out.extend(tensors);
        out.extend(crc32fast::hash(&out).to_le_bytes());
        out
    }

    #[test]
    fn a_packed_row_is_level_times_scale() {
        let mut tensor: Vec<u8> = (0..16).map(|i| (i * 16 - 120) as i8 as u8).collect();
        tensor.extend(0x3c00u16.to_le_bytes()); // one
        tensor.extend(0x3800u16.to_le_bytes()); // a half
        tensor.extend([0xf0; 32]);
        tensor.extend([0x8f; 32]);
        let bytes = file(&format!("m\tq4\t1\t128\t0\t{}\n", tensor.len()), &tensor);
        let m = WeightsFile::parse(&bytes).and_then(|f| {
            f.packed("m", 128).map(|p| {
                let mut row = [0; 128];
                let step = p.row(0, &mut row);
                row.map(|v| f32::from(v) * step)
            })
        });
        let m = m.expect("a sound file");
        for (cell, wanted) in [(0, -120.0), (1, 120.0), (63, 120.0), (64, 60.0), (65, 4.0)] {
            assert!((m[cell] - wanted).abs() < 0.5, "column {cell}: {}", m[cell]);
        }
    }

    #[test]
    fn damage_is_named() {
        let good = file("x\tf32\t1\t1\t0\t4\n", &1.5f32.to_le_bytes());
        assert_eq!(WeightsFile::parse(&good).and_then(|f| f.floats("x", 1)), Ok(vec![1.5]));
        assert_eq!(
            WeightsFile::parse(&good).and_then(|f| f.floats("y", 1)),
            Err(EncoderError::Damaged("y is missing".into()))
        );
        let mut bad = good.clone();
        bad[20] ^= 1;
        assert_eq!(WeightsFile::parse(&bad).err(), Some(EncoderError::Damaged("the checksum does not fit".into())));
        assert_eq!(WeightsFile::parse(&[]).err(), Some(EncoderError::Absent));
        let cut = file("x\tf32\t1\t2\t0\t8\n", &1.5f32.to_le_bytes());
        assert_eq!(WeightsFile::parse(&cut).err(), Some(EncoderError::Damaged("x is cut off".into())));
    }

    #[test]
    fn halves_convert() {
        assert_eq!([0x3c00, 0x4248, 0x0001, 0x0400].map(half), [1.0, 3.140625, 2f32.powi(-24), 2f32.powi(-14)]);
    }
}
