//! The record: the only room that knows sled.

mod add;
mod articles;
mod aside;
mod backup;
mod carry;
mod change;
mod codec;
mod copy;
mod correct;
mod derived;
mod engine;
mod error;
mod exchange;
mod export;
mod identify;
mod import;
mod judged;
mod keys;
mod like;
mod lock;
mod operation;
mod read;
mod repair;
mod review;
mod rows;
mod sled_engine;
mod speakers;
#[cfg(test)]
mod tests;
mod verify;
mod view;
mod visits;
mod witness;
mod words;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

pub use add::Added;
pub use articles::StoredArticle;
pub use backup::{Held, restore};
pub use correct::{Occasion, SplitOff};
pub use error::StoreError;
pub use exchange::{ExportRow, ReadClaim, ReadReferent, Reading, RecordRow, Speaker, VersionOfArticle};
pub use import::{Import, RowError};
pub use like::Likely;
pub use operation::{Operation, ReviewEntry, ReviewedSide, What};
pub use read::Stats;
pub use repair::{Repair, repair};
pub use review::{Reviewed, Standing};
pub use speakers::{Lookup, SpeakerSummary};
pub use verify::Problem;
pub use visits::{Purpose, Visit};

use codec::{Counters, Unreadable};
use engine::Engine;
use keys::{Key, META};

/// The format that this version writes; a newer one is refused.
pub const FORMAT: u32 = 1;

/// Longest text of an article, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// What a record is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading: a record that is not there is an error, and nothing is made.
    Read,
    /// Writing: a record that is not there is made.
    Write,
}

/// An open record.
///
/// One process has it at a time, readers too: the engine below knows no shared use.
pub struct Record {
    engine: Box<dyn Engine>,
    path: PathBuf,
    access: Access,
    /// The moment that reading goes back to, milliseconds since 1970.
    as_of: Option<i64>,
    /// The corrections that hold, once they were asked for.
    overlay: RwLock<Option<Arc<view::View>>>,
    _lock: Option<lock::Lock>,
    /// Where the engine works, when it is not in the record's folder; after the engine, so that it goes after it.
    #[allow(dead_code, reason = "removes the copy when the record is closed")]
    copy: Option<copy::Copy>,
}

impl Record {
    /// Opens the record in `path`, waiting up to `wait` for another process to finish with it.
    pub fn open(path: &Path, access: Access, wait: Duration) -> Result<Record, StoreError> {
        match Record::open_any(path, access, wait)? {
            (record, Some(missing)) => Err(record.damaged(missing)),
            (record, None) => Ok(record),
        }
    }

    /// Opens a record whose folder cannot be written for reading, by way of a copy in `scratch`, which goes with the record.
    pub fn open_copy(path: &Path, scratch: &Path, wait: Duration) -> Result<Record, StoreError> {
        lock::check_folder(path, Access::Read)?;
        lock::check_format(path, Access::Read)?;
        let shared = lock::share(path, wait)?;
        let copied = copy::Copy::make(path, scratch)?;
        drop(shared);
        let engine = Box::new(sled_engine::Sled::open(&copied.folder())?);
        let record = Record { copy: Some(copied), ..Record::over(engine, path.to_owned(), Access::Read, None) };
        match witness::contradicts(path, &record.counters()?) {
            Some(missing) => Err(record.damaged(missing)),
            None => Ok(record),
        }
    }

    /// Opens a record, and says what is missing where it holds less than was acknowledged.
    fn open_any(path: &Path, access: Access, wait: Duration) -> Result<(Record, Option<String>), StoreError> {
        lock::check_folder(path, access)?;
        if access == Access::Write {
            lock::make_folder(path)?;
        }
        if !lock::can_change(path) {
            return Err(StoreError::Unwritable(path.to_owned()));
        }
        let lock = lock::Lock::take(path, wait)?;
        lock::check_format(path, access)?;
        aside::settle(path)?;
        aside::make(path)?;
        let engine = Box::new(sled_engine::Sled::open(&path.join(lock::ENGINE_FOLDER))?);
        let record = Record::over(engine, path.to_owned(), access, Some(lock));
        // Counters that cannot be read are for `verify` to name.
        let missing = record.counters().map_or(None, |counters| witness::contradicts(path, &counters));
        Ok((record, missing))
    }

    /// Opens a record in memory, for tests and dry runs.
    pub fn in_memory() -> Record {
        let engine = Box::new(engine::Memory::default());
        Record::over(engine, PathBuf::from("(memory)"), Access::Write, None)
    }

    fn over(engine: Box<dyn Engine>, path: PathBuf, access: Access, lock: Option<lock::Lock>) -> Record {
        Record { engine, path, access, as_of: None, overlay: RwLock::default(), _lock: lock, copy: None }
    }

    /// Goes back to what was on record at a moment, milliseconds since 1970; it can then only be read.
    pub fn as_of(self, at: i64) -> Record {
        Record { as_of: Some(at), access: Access::Read, overlay: RwLock::default(), ..self }
    }

    fn writable(&self) -> Result<(), StoreError> {
        if self.access == Access::Read { Err(StoreError::ReadOnly) } else { Ok(()) }
    }

    /// Returns when everything added so far would outlive a power cut.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.engine.sync()?;
        match self._lock {
            Some(_) if self.access == Access::Write => witness::note(&self.path, &self.counters()?),
            _ => Ok(()),
        }
    }

    /// Returns two numbers of which one grows with every change: what was read under the same two is still true.
    pub fn revision(&self) -> Result<(u64, u64), StoreError> {
        let counters = self.counters()?;
        Ok((counters.versions, counters.next_operation))
    }

    fn damaged(&self, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), what: what.into() }
    }

    fn readable<T>(&self, what: &str, row: Result<T, Unreadable>) -> Result<T, StoreError> {
        row.map_err(|unreadable| self.damaged(format!("{what}: {unreadable}")))
    }

    fn counters(&self) -> Result<Counters, StoreError> {
        match self.engine.get(&counters_key())? {
            Some(row) => self.readable("the counters", codec::decode(&row)),
            None => Ok(Counters { next_claim: 1, next_speaker: 1, next_operation: 1, ..Counters::default() }),
        }
    }
}

fn counters_key() -> Vec<u8> {
    Key::new(META).bytes(b"counters").end()
}
