//! What the encoder said of pairs of statements, so that no pair is asked about twice.
//!
//! The encoder sees two texts and nothing else, so its scores are kept under the texts: they outlive a re-reading of the
//! articles. They can be had again at any time; losing them costs time alone, so they are written without a sync.

use serde::{Deserialize, Serialize};

use super::codec;
use super::engine::{Batch, MAX_OPS};
use super::keys::{JUDGED, Key};
use super::{Record, StoreError};

/// Scores on disk.
#[derive(Debug, Serialize, Deserialize)]
struct JudgedRow {
    repeat: f32,
    contradict: f32,
    neutral: f32,
}

impl Record {
    /// Returns the scores (repeat, contradict, neither) that are kept for two statements from one version of the encoder; a row that
    /// cannot be read counts as none.
    pub fn judged(&self, version: &str, a: &str, b: &str) -> Result<Option<[f32; 3]>, StoreError> {
        let row = self.engine.get(&judged_key(version, a, b))?;
        let scores = row
            .and_then(|row| codec::decode::<JudgedRow>(&row).ok())
            .map(|row| [row.repeat, row.contradict, row.neutral]);
        Ok(scores.filter(|s| s.iter().all(|p| (0.0..=1.0).contains(p))))
    }

    /// Keeps scores (repeat, contradict, neither) of pairs from one version of the encoder.
    pub fn keep_judged(&self, version: &str, scores: &[(&str, &str, [f32; 3])]) -> Result<(), StoreError> {
        for some in scores.chunks(MAX_OPS) {
            let mut batch = Batch::default();
            for &(a, b, [repeat, contradict, neutral]) in some {
                batch.put(judged_key(version, a, b), codec::encode(&JudgedRow { repeat, contradict, neutral }));
            }
            self.engine.commit(batch)?;
        }
        Ok(())
    }

    /// Drops what other versions of the encoder said.
    pub fn forget_judged_by_others(&self, version: &str) -> Result<(), StoreError> {
        let (low, high) = Key::new(JUDGED).range();
        let (own_low, own_high) = of_version(version).range();
        for (from, to) in [(&low, &own_low), (&own_high, &high)] {
            loop {
                let mut batch = Batch::default();
                for row in self.engine.scan(from, to, false).take(MAX_OPS) {
                    batch.remove(row?.0);
                }
                if batch.len() == 0 {
                    break;
                }
                self.engine.commit(batch)?;
            }
        }
        Ok(())
    }
}

fn of_version(version: &str) -> Key {
    let [a, b, c, d, ..] = *blake3::hash(version.as_bytes()).as_bytes();
    Key::new(JUDGED).bytes(&[a, b, c, d])
}

fn judged_key(version: &str, a: &str, b: &str) -> Vec<u8> {
    let mut hash = blake3::Hasher::new();
    hash.update(&(a.len() as u64).to_le_bytes());
    hash.update(a.as_bytes());
    hash.update(b.as_bytes());
    of_version(version).bytes(&hash.finalize().as_bytes()[..16]).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_kept_under_both_texts_and_the_version() {
        let record = Record::in_memory();
        record.keep_judged("v1", &[("a", "b", [0.25, 0.5, 0.25]), ("ab", "", [0.0, 1.0, 0.0])]).unwrap();
        record.keep_judged("v0", &[("a", "b", [0.5, 0.5, 0.0])]).unwrap();
        assert_eq!(record.judged("v1", "a", "b").unwrap(), Some([0.25, 0.5, 0.25]));
        assert_eq!(record.judged("v1", "ab", "").unwrap(), Some([0.0, 1.0, 0.0]));
        assert_eq!(record.judged("v1", "b", "a").unwrap(), None);
        record.forget_judged_by_others("v1").unwrap();
        assert_eq!(record.judged("v0", "a", "b").unwrap(), None);
        assert_eq!(record.judged("v1", "a", "b").unwrap(), Some([0.25, 0.5, 0.25]));
    }
}
