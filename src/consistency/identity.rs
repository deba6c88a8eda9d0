//! The identity of findings: made of the evidence alone, so that it outlives re-reading and any change of the judge.

use std::fmt::Write;

use crate::claim::Claim;
use crate::verdict::FindingKind;

/// Bytes of an identity; twice as many digits are written.
const LENGTH: usize = 6;

/// One side of a finding: its article and its words.
type Side = [u8; 32];

fn side(claim: &Claim) -> Side {
    let mut hash = blake3::Hasher::new();
    hash.update(&claim.article.0);
    hash.update(claim.text.as_bytes());
    *hash.finalize().as_bytes()
}

/// Both sides, whatever their order.
fn joined(repeat: bool, a: &Side, b: &Side) -> [u8; LENGTH] {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    let mut hash = blake3::Hasher::new();
    hash.update(if repeat { b"r" } else { b"c" });
    hash.update(low);
    hash.update(high);
    let mut identity = [0; LENGTH];
    identity.copy_from_slice(&hash.finalize().as_bytes()[..LENGTH]);
    identity
}

fn written(identity: [u8; LENGTH]) -> String {
    identity.iter().fold("f".to_string(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// Derives a finding's identity from its evidence: both articles and the words of both contents.
pub fn finding_id(kind: FindingKind, a: &Claim, b: &Claim) -> String {
    written(joined(kind == FindingKind::Repeat, &side(a), &side(b)))
}

/// Derives the identity of an edit: which version changed into which, and the words of both. An outlet that changes a quotation and
/// changes it back has made two edits.
pub fn edit_id(before: &Claim, after: &Claim) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(b"e");
    for claim in [before, after] {
        hash.update(&claim.version.to_be_bytes());
        hash.update(&side(claim));
    }
    let mut identity = [0; LENGTH];
    identity.copy_from_slice(&hash.finalize().as_bytes()[..LENGTH]);
    written(identity)
}

/// A pair of claims that a finding's identity fits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The identity in full.
    pub id: String,
    /// Whether the finding says that they are the same.
    pub repeat: bool,
    /// Index of the earlier claim among those given.
    pub first: usize,
    /// Index of the later one.
    pub second: usize,
}

/// Returns the pairs among one speaker's claims whose finding has an identity that starts with `prefix` (`f09c…`).
///
/// Every pair is tried: whether the judge of today sees anything in it makes no difference.
pub fn pairs_named(claims: &[Claim], prefix: &str) -> Vec<Named> {
    let digits: Vec<u8> = prefix
        .trim_start_matches('f')
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|d| d as u8)
        .take(LENGTH * 2)
        .collect();
    let fits = |identity: &[u8; LENGTH]| {
        digits.iter().enumerate().all(|(i, digit)| {
            let byte = identity[i / 2];
            *digit == if i % 2 == 0 { byte >> 4 } else { byte & 0x0f }
        })
    };
    let sides: Vec<Side> = claims.iter().map(side).collect();
    let mut found = Vec::new();
    for second in 1..claims.len() {
        for first in 0..second {
            for repeat in [false, true] {
                let identity = joined(repeat, &sides[first], &sides[second]);
                if fits(&identity) {
                    found.push(Named { id: written(identity), repeat, first, second });
                }
            }
        }
    }
    found
}
