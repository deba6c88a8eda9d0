//! The boundary to the key-value engine: get, scan, commit and sync, and nothing else.
//!
//! Everything above it speaks of keys and values; what lies below can be replaced by writing this trait again. There are two:
//! [`super::sled_engine`] on disk and [`Memory`] for tests and dry runs.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::StoreError;

/// The largest value that may be stored: above 8 KB sled writes blob files, which it never syncs.
pub const MAX_VALUE: usize = 4096;

/// The most operations in one commit: sled's batches slow down out of proportion above it.
pub const MAX_OPS: usize = 10_000;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// An ordered map of bytes with atomic commits.
pub trait Engine: Send + Sync {
    /// Returns the value under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Walks the rows from `low` (included) to `high` (excluded), upwards, or downwards with `backwards`.
    fn scan(&self, low: &[u8], high: &[u8], backwards: bool) -> Box<dyn Iterator<Item = Result<Row, StoreError>> + '_>;

    /// Writes all of a batch or nothing of it. It is durable only after [`Engine::sync`].
    fn commit(&self, batch: Batch) -> Result<(), StoreError>;

    /// Returns when everything committed would outlive a power cut.
    fn sync(&self) -> Result<(), StoreError>;

    /// Returns how many bytes it holds on disk.
    fn size_on_disk(&self) -> Result<u64, StoreError>;
}

/// Writes that belong together; the last write of a key counts.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Value to write, or `None` to remove.
    pub(super) writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Batch {
    /// Puts a value under a key.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        debug_assert!(value.len() <= MAX_VALUE, "{} bytes under {key:?}", value.len());
        self.writes.insert(key, Some(value));
    }

    /// Removes a key.
    pub fn remove(&mut self, key: Vec<u8>) {
        self.writes.insert(key, None);
    }

    /// Returns how many keys it touches.
    pub fn len(&self) -> usize {
        self.writes.len()
    }
}

/// A record in memory only.
#[derive(Default)]
pub struct Memory(std::sync::RwLock<BTreeMap<Vec<u8>, Vec<u8>>>);

impl Memory {
    fn rows(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        // A map is whole after every insert, so a panic elsewhere under the lock leaves nothing half done.
        self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Engine for Memory {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows().get(key).cloned())
    }

    fn scan(&self, low: &[u8], high: &[u8], backwards: bool) -> Box<dyn Iterator<Item = Result<Row, StoreError>> + '_> {
        let (mut low, mut high) = (Bound::Included(low.to_vec()), Bound::Excluded(high.to_vec()));
        Box::new(std::iter::from_fn(move || {
            if let (Bound::Included(l) | Bound::Excluded(l), Bound::Excluded(h)) = (&low, &high)
                && l >= h
            {
                return None;
            }
            let rows = self.rows();
            let mut range = rows.range((low.clone(), high.clone()));
            let (key, value) = if backwards { range.next_back()? } else { range.next()? };
            match backwards {
                true => high = Bound::Excluded(key.clone()),
                false => low = Bound::Excluded(key.clone()),
            }
            Some(Ok((key.clone(), value.clone())))
        }))
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut rows = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        for (key, value) in batch.writes {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
