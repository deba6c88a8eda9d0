//! The one file that `import` and `restore` read: a path, or `-` for standard input.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::CommandError;

/// A file that was named, open for reading.
pub struct Given {
    /// Its bytes.
    pub stream: Box<dyn Read>,
    /// What messages call it.
    pub name: String,
    /// Bytes in it, where it is no stream.
    pub size: Option<u64>,
}

impl Given {
    /// Opens what was named.
    pub fn open(file: &Path) -> Result<Given, CommandError> {
        if file.as_os_str() == "-" {
            return Ok(Given { stream: Box::new(std::io::stdin()), name: "standard input".into(), size: None });
        }
        let name = file.display().to_string();
        let cannot = |e: std::io::Error| CommandError::new(format!("cannot read {name}")).because(&e);
        let file = File::open(file).map_err(cannot)?;
        let size = Some(file.metadata().map_err(cannot)?.len());
        Ok(Given { stream: Box::new(file), name, size })
    }
}
