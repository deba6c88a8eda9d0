//! What can go wrong with the record, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::claim::SpeakerId;

/// A failure of the record; [`StoreError::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no record.
    #[error("there is no record in {}", .0.display())]
    Missing(PathBuf),
    /// The folder is someone else's.
    #[error("{} holds something else ({found}) and no record", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What was found in it.
        found: String,
    },
    /// A later version of the program wrote it.
    #[error("the record in {} has format {found}; this version reads formats up to {ours}", .path.display())]
    Newer {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest that we read.
        ours: u32,
    },
    /// There is a record where a new one was to be.
    #[error("there is a record in {} already", .0.display())]
    Occupied(PathBuf),
    /// A backup or an export that cannot be brought back.
    #[error("{input} cannot be brought back: {what}")]
    Unfit {
        /// The file.
        input: String,
        /// What is wrong with it.
        what: String,
    },
    /// The folder cannot be written, which opening a record takes even for reading.
    #[error("the folder {} cannot be written", .0.display())]
    Unwritable(PathBuf),
    /// Another process has it open.
    #[error("the record in {} is in use{}", .path.display(), .by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default())]
    InUse {
        /// The folder.
        path: PathBuf,
        /// Who has it, as that process says it.
        by: Option<String>,
    },
    /// What is on disk is not what was written.
    #[error("the record in {} is damaged: {what}", .path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The disk, or what may be used of it, is full.
    #[error("no room is left on the disk of {}", .0.display())]
    Full(PathBuf),
    /// It was opened for reading, or at an earlier day.
    #[error("the record is open for reading only")]
    ReadOnly,
    /// The operating system refused something.
    #[error("{what} {}", .path.display())]
    Io {
        /// What was being done, as a verb phrase.
        what: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The engine failed in another way.
    #[error("the database engine failed: {0}")]
    Engine(String),
    /// An id or name that the record does not have.
    #[error("the record has no {0}")]
    Unknown(String),
    /// A short id that fits several.
    #[error("{given} fits several: {}", .candidates.join(", "))]
    Ambiguous {
        /// What was given.
        given: String,
        /// What it fits.
        candidates: Vec<String>,
    },
    /// A name for a speaker that another one has.
    #[error("{by} ({id}) is called {name} already")]
    Taken {
        /// The name.
        name: String,
        /// Who has it.
        by: String,
        /// The same, as the record numbers speakers.
        id: SpeakerId,
        /// For whom it was wanted.
        wanted_for: SpeakerId,
    },
    /// Something larger than the record takes.
    #[error("{what} is {size} bytes long; the record takes up to {limit}")]
    TooLarge {
        /// What it is.
        what: String,
        /// How large it is.
        size: usize,
        /// How large it may be.
        limit: usize,
    },
    /// Something that cannot be right: a span outside the text, a merge of a speaker with itself.
    #[error("{0}")]
    Invalid(String),
}

impl StoreError {
    /// Says what to do about it, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            StoreError::Missing(_) => "`onrecord add PATH…` makes one; `--db DIR` names another folder".into(),
            StoreError::Foreign { .. } => "give `--db` an empty or a new folder".into(),
            StoreError::Newer { .. } => "use the version of onrecord that wrote it, or a later one; nothing was changed".into(),
            StoreError::Occupied(_) => "nothing was changed; `--db DIR` names a new folder".into(),
            StoreError::Unwritable(_) => "commands that only read work on a copy of it; to add, give a folder that can be written".into(),
            StoreError::Unfit { .. } => "nothing was stored; take another backup or export".into(),
            StoreError::InUse { .. } => "`--wait SECONDS` waits until it is free".into(),
            StoreError::Damaged { .. } => {
                "`onrecord verify --repair` rebuilds what can be derived; `onrecord restore BACKUP` brings back a backup into a new folder".into()
            }
            StoreError::Full(_) => "what was acknowledged is kept; make room and run the command again".into(),
            StoreError::ReadOnly => "open it without `--as-of` and in a folder that can be written".into(),
            StoreError::Ambiguous { .. } => "give more of it".into(),
            StoreError::Taken { id, wanted_for, .. } => format!(
                "if the two are one, `onrecord speaker merge {wanted_for} {id}` says so; else give a name that tells them apart"
            ),
            _ => return None,
        })
    }

    /// Says what is wrong without naming the record, for a list of what is wrong with one.
    pub(super) fn damage(&self) -> String {
        match self {
            StoreError::Damaged { what, .. } => what.clone(),
            other => other.to_string(),
        }
    }

    /// Makes an error of an `io::Error`, telling a full disk from the rest.
    pub fn io(what: &'static str, path: &Path, source: io::Error) -> StoreError {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(path.to_owned()),
            _ => StoreError::Io { what, path: path.to_owned(), source },
        }
    }
}
