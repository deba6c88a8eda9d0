//! How what the program knows is written in rows, and made of rows again.

use jiff::civil::Date;

use crate::attribution::{Act, Attribution, Gender, Kind, Referent, Sort};
use crate::span::Span;

use super::codec::{ClaimRow, ReferentRow};
use super::engine::Batch;

/// Longest name or role that is kept, in bytes.
pub(super) const LONGEST_NAME: usize = 72;

/// Returns the half of a hash that identifies texts and addresses.
pub(super) fn first_half(hash: blake3::Hash) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

/// Cuts a name or a role to what a row has room for.
pub(super) fn cut(text: &str) -> String {
    text.chars()
        .scan(0, |bytes, c| {
            *bytes += c.len_utf8();
            (*bytes <= LONGEST_NAME).then_some(c)
        })
        .collect()
}

/// Puts the chunks of a long row under its key.
pub(super) fn put_chunks(batch: &mut Batch, under: &[u8], chunks: Vec<Vec<u8>>) {
    for (i, chunk) in (0u32..).zip(chunks) {
        batch.put([under, &i.to_be_bytes()].concat(), chunk);
    }
}

/// Returns spans as rows hold them.
pub(super) fn pairs(spans: &[Span]) -> Vec<(u32, u32)> {
    spans.iter().map(|s| (s.start, s.end)).collect()
}

/// Where the two sentences before a claim start, and the stretch that holds the claim with its cue and source.
pub(super) fn surroundings(text: &str, attribution: &Attribution) -> (u32, (u32, u32)) {
    let spans = || attribution.content.iter().chain(&attribution.cue).chain(&attribution.source);
    let start = spans().map(|s| s.start as usize).min().unwrap_or(0);
    let end = spans().map(|s| s.end as usize).max().unwrap_or(0);
    // Sentence ends by their marks alone: this is for showing, nothing is decided by it.
    let is_end =
        |i: usize| text[..i].ends_with(['.', '!', '?', '”', '’', '"', '\n']) && text[i..].starts_with([' ', '\n']);
    let sentence_start = (0..=start).rev().find(|&i| text.is_char_boundary(i) && (i == 0 || is_end(i))).unwrap_or(0);
    let sentence_end = (end..=text.len())
        .find(|&i| text.is_char_boundary(i) && (i == text.len() || is_end(i) || text[i..].starts_with('\n')));
    let mut before = sentence_start;
    for _ in 0..2 {
        before = (0..before).rev().find(|&i| text.is_char_boundary(i) && (i == 0 || is_end(i))).unwrap_or(0);
        if sentence_start - before > 400 {
            break;
        }
    }
    (before as u32, (sentence_start as u32, sentence_end.unwrap_or(text.len()) as u32))
}

/// A day as a number that sorts: year·10000 + month·100 + day.
pub(super) fn day_number(date: jiff::civil::Date) -> i32 {
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

/// Reads a code as [`ReferentRow`] has it.
pub(super) fn gender(code: Option<u8>) -> Option<Gender> {
    match code {
        Some(0) => Some(Gender::F),
        Some(1) => Some(Gender::M),
        _ => None,
    }
}

/// Reads a code as [`ReferentRow`] has it.
pub(super) fn sort(code: u8) -> Sort {
    match code {
        0 => Sort::Person,
        1 => Sort::Organisation,
        2 => Sort::Group,
        _ => Sort::Unnamed,
    }
}

/// Reads a code as [`ClaimRow`] has it.
pub(super) fn kind(code: u8) -> Kind {
    match code {
        0 => Kind::Direct,
        1 => Kind::Indirect,
        _ => Kind::Mixed,
    }
}

/// Reads a code as [`ClaimRow`] has it.
pub(super) fn act(code: u8) -> Act {
    match code {
        0 => Act::Speech,
        1 => Act::Belief,
        _ => Act::Intention,
    }
}

/// The content as published; pieces joined where the text between them is left out.
pub(super) fn content_text(text: &str, content: &[Span]) -> String {
    content.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ")
}

/// Returns the day of a number that [`day_number`] made.
pub(super) fn date(number: i32) -> Option<Date> {
    let part = |n: i32| i8::try_from(n).ok();
    Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?).ok()
}

/// Returns what a row says as the rest of the program knows it.
pub(super) fn attribution(row: ClaimRow) -> Attribution {
    let spans = |pairs: Vec<(u32, u32)>| pairs.into_iter().map(|(start, end)| Span { start, end }).collect();
    Attribution {
        source: spans(row.source),
        cue: spans(row.cue),
        content: spans(row.content),
        speaker: row.referent.map(referent),
        kind: kind(row.kind),
        act: act(row.act),
        confidence: row.confidence,
    }
}

/// Returns whom a claim's source means, as the rest of the program knows it.
pub(super) fn referent(row: ReferentRow) -> Referent {
    let ReferentRow { name, sort: code, gender: g, roles, aliases, confidence } = row;
    Referent { name, sort: sort(code), gender: gender(g), roles, aliases, confidence }
}
