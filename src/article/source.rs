//! Where articles are read from: files, folders, standard input.

use std::fmt;
use std::path::{Path, PathBuf};

use super::error::{Failure, ReadError};

/// One input to read; it may hold one article or many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Stdin => f.write_str("-"),
            Source::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What a walk over paths finds.
#[derive(Debug)]
pub enum Found {
    /// An input to read.
    Source(Source),
    /// A file in a folder that is left out, and why.
    Skipped {
        /// The file or folder.
        path: PathBuf,
        /// Why, in a few words.
        why: &'static str,
    },
}

/// File name endings that never hold an article: a saved page brings such files along.
const NOT_ARTICLES: [(&str, &[&str]); 5] = [
    ("an image", &["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"]),
    ("sound or video", &["aac", "avi", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "mpeg", "ogg", "wav", "webm"]),
    ("a style sheet, script or font", &["css", "js", "map", "mjs", "otf", "ttf", "woff", "woff2"]),
    ("a program or library", &["a", "class", "dll", "dylib", "exe", "o", "pyc", "so", "wasm"]),
    ("an archive", &["7z", "bz2", "iso", "jar", "rar", "tar", "tgz", "xz", "zip"]),
];

/// Walks over paths as the user gave them: a file is itself, a folder is what lies in it, deep, sorted by name; `-` is standard input.
///
/// In folders, hidden files, links and files that hold no text are left out and named. A file that the user names outright is
/// always tried.
pub fn sources<P: AsRef<Path>>(paths: &[P]) -> Sources {
    let mut paths: Vec<PathBuf> = paths.iter().map(|p| p.as_ref().to_owned()).collect();
    paths.reverse();
    Sources { paths, walk: None }
}

/// The iterator of [`sources`].
pub struct Sources {
    /// Still to come, last first.
    paths: Vec<PathBuf>,
    walk: Option<(walkdir::IntoIter, PathBuf)>,
}

impl Iterator for Sources {
    type Item = Result<Found, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((walk, root)) = &mut self.walk {
                match walk.next() {
                    Some(Ok(entry)) => match judge(&entry) {
                        Some(found) => {
                            if matches!(found, Found::Skipped { .. }) && entry.file_type().is_dir() {
                                walk.skip_current_dir();
                            }
                            return Some(Ok(found));
                        }
                        None => continue,
                    },
                    Some(Err(error)) => {
                        let path = error.path().unwrap_or(root).to_string_lossy().into_owned();
                        let cause = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links"));
                        return Some(Err(Failure::from(cause).at(path, None)));
                    }
                    None => self.walk = None,
                }
            }
            let path = self.paths.pop()?;
            if path.as_os_str() == "-" {
                return Some(Ok(Found::Source(Source::Stdin)));
            }
            match std::fs::metadata(&path) {
                Ok(meta) if meta.is_dir() => {
                    let walk = walkdir::WalkDir::new(&path).sort_by_file_name().into_iter();
                    self.walk = Some((walk, path));
                }
                Ok(_) => return Some(Ok(Found::Source(Source::File(path)))),
                Err(error) => return Some(Err(Failure::from(error).at(path.to_string_lossy(), None))),
            }
        }
    }
}

fn judge(entry: &walkdir::DirEntry) -> Option<Found> {
    let path = entry.path().to_owned();
    // The folder that the user named may itself be hidden.
    if entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.') {
        return Some(Found::Skipped { path, why: "hidden" });
    }
    if entry.file_type().is_dir() {
        return None;
    }
    if entry.file_type().is_symlink() {
        return Some(Found::Skipped { path, why: "a symbolic link" });
    }
    if !entry.file_type().is_file() {
        return Some(Found::Skipped { path, why: "no regular file" });
    }
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some((why, _)) = NOT_ARTICLES.iter().find(|(_, endings)| endings.contains(&extension.as_str())) {
        return Some(Found::Skipped { path, why });
    }
    if is_binary(&path) {
        return Some(Found::Skipped { path, why: "no text and no format we read" });
    }
    Some(Found::Source(Source::File(path)))
}

/// Looks at the first bytes of a file in a folder; one that cannot be opened is left for the reader to report.
fn is_binary(path: &Path) -> bool {
    use std::io::Read;
    let mut head = Vec::new();
    let Ok(file) = std::fs::File::open(path) else { return false };
    if file.take(8 << 10).read_to_end(&mut head).is_err() {
        return false;
    }
    super::sniff::is_binary(&head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_files_sorted_and_names_what_it_leaves_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("b/.git")).unwrap();
        for (name, bytes) in [
            ("b/2.txt", &b"two"[..]),
            ("a.txt", b"one"),
            (".hidden", b"x"),
            ("b/.git/config", b"x"),
            ("c.png", b"\x89PNG\r\n"),
            ("d.bin", b"\x00\x01\x02\x00"),
        ] {
            std::fs::write(root.join(name), bytes).unwrap();
        }
        let seen: Vec<String> = sources(&[root, Path::new("-"), &root.join("none")])
            .map(|found| match found {
                Ok(Found::Source(Source::File(path))) => path.strip_prefix(root).unwrap().display().to_string(),
                Ok(Found::Source(Source::Stdin)) => "-".to_owned(),
                Ok(Found::Skipped { path, why }) => format!("{}: {why}", path.strip_prefix(root).unwrap().display()),
                Err(error) => error.to_string().replace(&*root.to_string_lossy(), ""),
            })
            .collect();
        assert_eq!(
            seen,
            [
                ".hidden: hidden",
                "a.txt",
                "b/.git: hidden",
                "b/2.txt",
                "c.png: an image",
                "d.bin: no text and no format we read",
                "-",
                "cannot read /none"
            ]
        );
    }
}
