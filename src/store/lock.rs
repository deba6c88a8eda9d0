//! The folder of a record: whose it is, which format it has, and who has it open.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Access, FORMAT, StoreError};

/// Where the engine lives inside the record's folder.
pub const ENGINE_FOLDER: &str = "sled";
const FORMAT_FILE: &str = "format";
/// Held by the process that has the record open.
pub const LOCK_FILE: &str = "lock";
const FORMAT_LINE: &str = "onrecord store ";

/// What may lie in the folder before there is a record in it.
const WELCOME: [&str; 9] = [
    super::witness::WITNESS,
    "format.new",
    "README.md",
    ".gitignore",
    LOCK_FILE,
    FORMAT_FILE,
    ENGINE_FOLDER,
    super::aside::BUILDING,
    super::aside::NEW,
];

/// Tells whether there is a record in the folder.
pub fn has_record(path: &Path) -> bool {
    path.join(FORMAT_FILE).is_file()
}

/// Refuses a folder that holds something else or a record of a later format, and for reading one that holds nothing. Nothing in
/// the folder is changed.
pub fn check_folder(path: &Path, access: Access) -> Result<(), StoreError> {
    if has_record(path) {
        return match check_format(path, Access::Read) {
            Err(newer @ StoreError::Newer { .. }) => Err(newer),
            // What else may be wrong with it is found when the lock is held.
            _ => Ok(()),
        };
    }
    if access == Access::Read {
        return Err(StoreError::Missing(path.to_owned()));
    }
    if path.exists() && !path.is_dir() {
        return Err(StoreError::Foreign { path: path.to_owned(), found: "it is a file".into() });
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Ok(()) };
    let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    match names.into_iter().find(|name| !WELCOME.contains(&name.as_str())) {
        Some(found) => Err(StoreError::Foreign { path: path.to_owned(), found }),
        None => Ok(()),
    }
}

/// Makes the folder of a record, and returns when its name would outlive a power cut.
pub fn make_folder(path: &Path) -> Result<(), StoreError> {
    let missing: Vec<&Path> = path.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
    std::fs::create_dir_all(path).map_err(|e| StoreError::io("cannot make the folder", path, e))?;
    for made in missing.into_iter().rev() {
        sync(made.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

/// Syncs one file, or the names in a folder.
pub fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|f| f.sync_all()).map_err(|e| StoreError::io("cannot sync", path, e))
}

/// Reads the format, or writes it into a new record.
pub fn check_format(path: &Path, access: Access) -> Result<(), StoreError> {
    let file = path.join(FORMAT_FILE);
    match std::fs::read_to_string(&file) {
        Ok(line) => match line.trim().strip_prefix(FORMAT_LINE.trim_end()).and_then(|n| n.trim().parse::<u32>().ok()) {
            Some(found) if found > FORMAT => Err(StoreError::Newer { path: path.to_owned(), found, ours: FORMAT }),
            Some(_) => Ok(()),
            None => Err(StoreError::Damaged { path: path.to_owned(), what: "the file `format` is not ours".into() }),
        },
        Err(_) if access == Access::Write => write_format(path, FORMAT),
        Err(error) => Err(StoreError::io("cannot read", &file, error)),
    }
}

/// Writes the format, which makes a record of the folder.
pub fn write_format(path: &Path, format: u32) -> Result<(), StoreError> {
    let file = path.join(FORMAT_FILE);
    // Written aside and renamed, so that a crash leaves either no format or a whole one.
    let aside = path.join("format.new");
    let written = File::create(&aside).and_then(|mut f| {
        writeln!(f, "{FORMAT_LINE}{format}")?;
        f.sync_all()
    });
    written
        .and_then(|()| std::fs::rename(&aside, &file))
        .and_then(|()| File::open(path)?.sync_all())
        .map_err(|e| StoreError::io("cannot write", &file, e))
}

/// Holds the record for this process until dropped.
pub struct Lock(#[allow(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock, waiting up to `wait`.
    pub fn take(path: &Path, wait: Duration) -> Result<Lock, StoreError> {
        let name = path.join(LOCK_FILE);
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&name);
        let mut file = file.map_err(|e| StoreError::io("cannot open", &name, e))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => {
                    // Only for the message that another process prints; a failure here (a full disk) is none of ours.
                    let holder = format!("process {}", std::process::id());
                    let _ = file.set_len(0).and_then(|()| file.write_all(holder.as_bytes()));
                    return Ok(Lock(file));
                }
                Err(TryLockError::WouldBlock) if since.elapsed() < wait => {
                    std::thread::sleep(Duration::from_millis(25));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::InUse { path: path.to_owned(), by: holder(&mut file) });
                }
                Err(TryLockError::Error(e)) => return Err(StoreError::io("cannot lock", &name, e)),
            }
        }
    }
}

/// Tells whether this process may change what lies in a record's folder; opening the engine does, even for reading.
pub fn can_change(path: &Path) -> bool {
    let open = |name: &str, create| {
        File::options().create(create).truncate(false).read(true).write(true).open(path.join(name))
    };
    let refused = |done: std::io::Result<File>| matches!(done, Err(e) if matches!(e.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem));
    !refused(open(LOCK_FILE, true)) && !refused(open(&format!("{ENGINE_FOLDER}/db"), false))
}

/// Holds off those who would change a record while it is copied, where there is a lock to hold.
pub fn share(path: &Path, wait: Duration) -> Result<Option<File>, StoreError> {
    let name = path.join(LOCK_FILE);
    let Ok(mut file) = File::open(&name) else { return Ok(None) };
    let since = Instant::now();
    loop {
        match file.try_lock_shared() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if since.elapsed() < wait => std::thread::sleep(Duration::from_millis(25)),
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { path: path.to_owned(), by: holder(&mut file) });
            }
            Err(TryLockError::Error(e)) => return Err(StoreError::io("cannot lock", &name, e)),
        }
    }
}

/// Who has the record, as that process wrote it into the lock file.
fn holder(file: &mut File) -> Option<String> {
    let mut by = String::new();
    file.rewind().ok()?;
    file.take(100).read_to_string(&mut by).ok()?;
    let number = by.trim().strip_prefix("process ")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| format!("process {number}"))
}
