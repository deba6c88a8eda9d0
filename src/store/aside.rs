//! A database built aside and put into its place when it is whole: nothing is half there, and nothing old goes before the new
//! is complete.
//!
//! It is built as `sled.building`; whole and synced it becomes `sled.new`; in its place it is `sled`. A process that is killed
//! in between leaves what [`settle`] tidies up under the record's lock: a `sled.new` without a `sled` takes its place, every
//! other leftover goes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::lock::{self, ENGINE_FOLDER, Lock, sync};
use super::sled_engine::Sled;
use super::{Access, FORMAT, Record, StoreError, witness};

/// The database while it is built.
pub const BUILDING: &str = "sled.building";
/// A whole database on its way into its place.
pub const NEW: &str = "sled.new";

/// A copy of a damaged database that is tried out.
pub const TRIAL: &str = "sled.trial";

/// A new record's folder, taken and locked, with its database built aside.
pub struct Aside {
    /// Nothing but `None` once the database is in its place.
    record: Option<Record>,
    path: PathBuf,
    made: bool,
}

impl Aside {
    /// Takes a folder in which there is no record yet.
    pub fn begin(path: &Path, wait: Duration) -> Result<Aside, StoreError> {
        let occupied = || StoreError::Occupied(path.to_owned());
        lock::check_folder(path, Access::Write)?;
        if lock::has_record(path) {
            return Err(occupied());
        }
        let made = !path.exists();
        lock::make_folder(path)?;
        let lock = Lock::take(path, wait)?;
        // Another process may have been quicker.
        if lock::has_record(path) || path.join(ENGINE_FOLDER).exists() {
            return Err(occupied());
        }
        remove(&path.join(NEW))?;
        remove(&path.join(BUILDING))?;
        let engine = Box::new(Sled::open(&path.join(BUILDING))?);
        let record = Record::over(engine, path.to_owned(), Access::Write, Some(lock));
        Ok(Aside { record: Some(record), path: path.to_owned(), made })
    }

    /// Returns the record that is being built.
    pub fn record(&self) -> Result<&Record, StoreError> {
        self.record.as_ref().ok_or(StoreError::ReadOnly)
    }

    /// Puts the database into its place, and returns when it would outlive a power cut there.
    pub fn finish(mut self) -> Result<(), StoreError> {
        let Some(record) = self.record.take() else { return Ok(()) };
        record.engine.sync()?;
        let counters = record.counters()?;
        let Record { engine, _lock: lock, .. } = record;
        drop(engine);
        let (building, new) = (self.path.join(BUILDING), self.path.join(NEW));
        let done = sync_folder(&building)
            .and_then(|()| rename(&building, &new))
            .and_then(|()| sync(&self.path))
            .and_then(|()| witness::note(&self.path, &counters))
            // From here on there is a record: whoever opens the folder finishes what is left to do.
            .and_then(|()| lock::write_format(&self.path, FORMAT))
            .and_then(|()| settle(&self.path));
        if done.is_err() {
            self.discard();
        }
        drop(lock);
        done
    }

    fn discard(&self) {
        // What cannot be removed now is removed by the next one who takes the folder.
        let _ = remove(&self.path.join(BUILDING));
        if !lock::has_record(&self.path) {
            let _ = remove(&self.path.join(NEW));
            if self.made {
                for name in [witness::WITNESS, lock::LOCK_FILE] {
                    let _ = std::fs::remove_file(self.path.join(name));
                }
                let _ = std::fs::remove_dir(&self.path);
            }
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if self.record.take().is_some() {
            self.discard();
        }
    }
}

/// Makes an empty database where there is none. sled syncs neither its settings nor the names of its files, and half of the settings
/// is a database that never opens: so it is made aside and gets its place when all of it is safe.
pub fn make(path: &Path) -> Result<(), StoreError> {
    let (place, building) = (path.join(ENGINE_FOLDER), path.join(BUILDING));
    if place.exists() {
        return Ok(());
    }
    drop(Sled::open(&building)?);
    sync_folder(&building)?;
    rename(&building, &place)?;
    sync(path)
}

/// Finishes or clears away what a process left that was killed while it built a database aside. The caller holds the lock.
pub fn settle(path: &Path) -> Result<(), StoreError> {
    let (place, new, building) = (path.join(ENGINE_FOLDER), path.join(NEW), path.join(BUILDING));
    if new.exists() {
        if place.exists() {
            remove(&new)?;
        } else {
            rename(&new, &place)?;
            sync(path)?;
        }
    }
    remove(&building)?;
    remove(&path.join(TRIAL))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(|e| StoreError::io("cannot move", from, e))
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io("cannot remove", folder, e)),
        _ => Ok(()),
    }
}

/// Copies a folder with all that is in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> Result<(), StoreError> {
    let cannot = |path: &Path, e| StoreError::io("cannot copy", path, e);
    std::fs::create_dir_all(to).map_err(|e| cannot(to, e))?;
    for entry in std::fs::read_dir(from).map_err(|e| cannot(from, e))? {
        let path = entry.map_err(|e| cannot(from, e))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name)).map_err(|e| cannot(&path, e))?;
        }
    }
    Ok(())
}

/// Syncs a folder with all that is in it.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let entries = std::fs::read_dir(folder).map_err(|e| StoreError::io("cannot read", folder, e))?;
    for entry in entries {
        let path = entry.map_err(|e| StoreError::io("cannot read", folder, e))?.path();
        if path.is_dir() { sync_folder(&path)? } else { sync(&path)? }
    }
    sync(folder)
}
