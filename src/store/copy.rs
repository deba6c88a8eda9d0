//! A private copy of a database whose folder cannot be written: sled writes even when it only opens.

use std::path::{Path, PathBuf};

use super::StoreError;
use super::aside::{self, NEW};
use super::lock::ENGINE_FOLDER;

/// A copy that goes away when it is dropped.
pub struct Copy(PathBuf);

impl Copy {
    /// Copies the database of the record in `path` into `scratch`, a folder of the caller's.
    pub fn make(path: &Path, scratch: &Path) -> Result<Copy, StoreError> {
        let copy = Copy(scratch.to_owned());
        // A process that was killed may have left the new database on its way into its place.
        let place = [ENGINE_FOLDER, NEW].map(|name| path.join(name)).into_iter().find(|folder| folder.exists());
        if let Some(place) = place {
            aside::copy_folder(&place, &copy.folder())?;
        }
        Ok(copy)
    }

    /// Where the engine works.
    pub fn folder(&self) -> PathBuf {
        self.0.join(ENGINE_FOLDER)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be removed lies in a folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
