//! sled 0.34.7 behind guards. Each guard answers a measured failure; `docs/store-format.md` tells which.

use std::cell::Cell;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};

use super::engine::{Batch, Engine, Row};
use super::{StoreError, lock};

/// sled's cache; its bookkeeping comes on top.
const CACHE: u64 = 64 << 20;

/// How long a lock that a killed process left behind is waited for.
const LINGERING_LOCK: Duration = Duration::from_secs(3);

/// With so many bytes more in its file than when it was opened, a database is opened once more before it is left.
const MUCH: u64 = 64 << 20;

/// One sled database.
pub struct Sled {
    /// There until it is dropped.
    db: Option<sled::Db>,
    /// A handle on sled's file, to sync it: sled's own flush does not survive a power cut.
    file: File,
    /// The file's length above which it is opened once more before it is left.
    settled_below: u64,
    dir: PathBuf,
}

impl Sled {
    /// Opens or makes a database in `dir`. The caller holds the record's own lock.
    pub fn open(dir: &Path) -> Result<Sled, StoreError> {
        remove_torn_snapshots(dir)?;
        let path = dir.join("db");
        if path.exists() {
            // Opening writes and syncs a snapshot of what it reads; what a killed process wrote has to be as safe as that.
            lock::sync(&path)?;
        }
        let since = Instant::now();
        let db = loop {
            let config = sled::Config::new()
                .path(dir)
                .cache_capacity(CACHE)
                .use_compression(false)
                // We flush when we acknowledge; a timer of sled's own would only add writes in between.
                .flush_every_ms(None);
            match guarded(dir, || config.open())? {
                Ok(db) => break db,
                Err(error) if lock_lingers(&error) && since.elapsed() < LINGERING_LOCK => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => return Err(translate(dir, error)),
            }
        };
        let cannot_open = |e| StoreError::io("cannot open", &path, e);
        let file = File::options().read(true).write(true).open(&path).map_err(cannot_open)?;
        let settled_below = file.metadata().map_err(cannot_open)?.len().saturating_add(MUCH);
        Ok(Sled { db: Some(db), file, settled_below, dir: dir.to_owned() })
    }

    fn db(&self) -> &sled::Db {
        // Taken by `drop` alone.
        self.db.as_ref().unwrap()
    }

    fn run<T>(&self, work: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
        guarded(&self.dir, work)?.map_err(|error| translate(&self.dir, error))
    }
}

impl Drop for Sled {
    /// After much was written the log is read here, rather than by whoever opens the database next: sled notes where its pages
    /// lie only while it opens.
    fn drop(&mut self) {
        let grown = self.file.metadata().is_ok_and(|file| file.len() > self.settled_below);
        drop(self.db.take());
        if grown && !std::thread::panicking() {
            // What was acknowledged is on disk already; where this fails, the next opening reads the log.
            let _ = Sled::open(&self.dir);
        }
    }
}

impl Engine for Sled {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.run(|| self.db().get(key))?.map(|value| value.to_vec()))
    }

    fn scan(&self, low: &[u8], high: &[u8], backwards: bool) -> Box<dyn Iterator<Item = Result<Row, StoreError>> + '_> {
        if low >= high {
            return Box::new(std::iter::empty());
        }
        let mut rows = self.db().range(low.to_vec()..high.to_vec());
        let mut broken = false;
        Box::new(std::iter::from_fn(move || {
            if broken {
                return None;
            }
            let row = self.run(|| if backwards { rows.next_back() } else { rows.next() }.transpose()).transpose()?;
            broken = row.is_err();
            Some(row.map(|(key, value)| (key.to_vec(), value.to_vec())))
        }))
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut writes = sled::Batch::default();
        for (key, value) in batch.writes {
            match value {
                Some(value) => writes.insert(key, value),
                None => writes.remove(key),
            }
        }
        self.run(|| self.db().apply_batch(writes))
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.run(|| self.db().flush())?;
        // `flush` calls sync_file_range only; this is the sync that reaches the disk.
        self.file.sync_all().map_err(|e| StoreError::io("cannot sync", &self.dir.join("db"), e))
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        self.run(|| self.db().size_on_disk())
    }
}

/// A process killed while it opens leaves a half-written snapshot, which sled would then fail on for ever.
fn remove_torn_snapshots(dir: &Path) -> Result<(), StoreError> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            let path = entry.path();
            std::fs::remove_file(&path).map_err(|e| StoreError::io("cannot remove", &path, e))?;
        }
    }
    Ok(())
}

fn lock_lingers(error: &sled::Error) -> bool {
    // sled wraps the error of the operating system into text and gives it kind `Other`.
    matches!(error, sled::Error::Io(e) if e.to_string().contains("could not acquire lock"))
}

fn translate(dir: &Path, error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(e) if e.to_string().contains("could not acquire lock") => {
            StoreError::InUse { path: dir.to_owned(), by: None }
        }
        sled::Error::Io(e) if matches!(e.raw_os_error(), Some(28 | 122)) => StoreError::Full(dir.to_owned()),
        sled::Error::Io(e) if e.kind() == std::io::ErrorKind::Other && e.raw_os_error().is_none() => {
            damaged(dir, &e.to_string())
        }
        sled::Error::Io(e) => StoreError::io("cannot read or write", dir, e),
        sled::Error::Corruption { .. } => damaged(dir, "a checksum of the database engine does not hold"),
        sled::Error::Unsupported(what) | sled::Error::ReportableBug(what) => damaged(dir, &what),
        sled::Error::CollectionNotFound(_) => damaged(dir, "a table is missing"),
    }
}

fn damaged(dir: &Path, what: &str) -> StoreError {
    // Messages of sled run over several lines and can be long; the first says it.
    let what: String = what.lines().next().unwrap_or_default().chars().take(200).collect();
    StoreError::Damaged { path: dir.to_owned(), what }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs engine code and makes an error of a panic: sled panics on damaged files.
fn guarded<T>(dir: &Path, work: impl FnOnce() -> T) -> Result<T, StoreError> {
    static QUIET: Once = Once::new();
    // The message of a caught panic must not reach the terminal; other panics keep the hook that was there.
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let engine = info.location().is_some_and(|l| l.file().contains("sled-0.34"));
            if !GUARDED.with(Cell::get) && !engine {
                before(info);
            }
        }));
    });
    let outer = GUARDED.with(|g| g.replace(true));
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.with(|g| g.set(outer));
    done.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        damaged(dir, text.unwrap_or("the database engine stopped"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the note of the pages' places ends: how much of the log an opening need not read.
    fn noted(dir: &Path) -> u64 {
        let names = std::fs::read_dir(dir).unwrap().flatten().map(|e| e.file_name().to_string_lossy().into_owned());
        let ends = names.filter_map(|n| u64::from_str_radix(n.strip_prefix("snap.")?, 16).ok());
        ends.max().unwrap_or(0)
    }

    #[test]
    fn after_much_was_written_the_next_opening_finds_it_noted() {
        let folder = tempfile::tempdir().unwrap();
        let written = |much: bool| {
            let mut sled = Sled::open(folder.path()).unwrap();
            if much {
                sled.settled_below = 0;
            }
            let before = noted(folder.path());
            for n in 0..40u32 {
                let mut batch = Batch::default();
                batch.put(n.to_be_bytes().to_vec(), vec![much as u8; 4000]);
                sled.commit(batch).unwrap();
            }
            sled.sync().unwrap();
            drop(sled);
            noted(folder.path()) - before
        };
        assert_eq!(written(false), 0);
        assert!(written(true) > 40 * 4000);
        let sled = Sled::open(folder.path()).unwrap();
        assert_eq!(sled.scan(&[0], &[1], false).filter(|row| row.as_ref().is_ok_and(|(_, v)| v[0] == 1)).count(), 40);
    }
}
