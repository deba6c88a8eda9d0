//! Records what this process does to the files under one folder: the C functions that change files are defined here, so that the
//! standard library and sled call these, and each passes the call on to the kernel.
//!
//! One lock is held over each call and its note, so the order of the notes is the order in which the kernel did them.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One thing that was done. Folders and files have numbers that outlive renaming; folder 0 is the one that is watched.
#[derive(Clone, Debug)]
pub enum Event {
    /// A name in a folder came to be, for a new file or a new folder.
    Name { folder: usize, name: String, node: Node },
    /// A name in a folder was changed, replacing what had the other name.
    Rename { folder: usize, from: String, to: String },
    /// A name in a folder went.
    Remove { folder: usize, name: String },
    /// Bytes were written.
    Write { file: usize, at: u64, bytes: Vec<u8> },
    /// A file was cut or lengthened.
    Length { file: usize, length: u64 },
    /// All that was written to a file before is safe.
    SyncFile { file: usize },
    /// All names of a folder are safe.
    SyncFolder { folder: usize },
    /// The program said that something is done.
    Acknowledged(u64),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A file.
    File(usize),
    /// A folder.
    Folder(usize),
}

struct Recorder {
    root: PathBuf,
    events: Vec<Event>,
    names: BTreeMap<(usize, String), Node>,
    open: BTreeMap<c_int, usize>,
    nodes: usize,
}

static RECORDER: Mutex<Option<Recorder>> = Mutex::new(None);

fn recorder() -> MutexGuard<'static, Option<Recorder>> {
    RECORDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Records what `work` does under `root`, which is empty.
pub fn record(root: &Path, work: impl FnOnce()) -> Vec<Event> {
    let root = root.canonicalize().unwrap();
    *recorder() = Some(Recorder { root, events: Vec::new(), names: BTreeMap::new(), open: BTreeMap::new(), nodes: 0 });
    work();
    recorder().take().unwrap().events
}

/// Notes that the program said that something is done.
pub fn acknowledge(number: u64) {
    if let Some(recorder) = recorder().as_mut() {
        recorder.events.push(Event::Acknowledged(number));
    }
}

impl Recorder {
    /// Folder and name of a path under the root.
    fn place(&self, path: &Path) -> Option<(usize, String)> {
        let inner = path.strip_prefix(&self.root).ok()?;
        let mut names: Vec<String> = inner.iter().map(|n| n.to_string_lossy().into_owned()).collect();
        let last = names.pop()?;
        let mut folder = 0;
        for name in names {
            match self.names.get(&(folder, name))? {
                Node::Folder(inner) => folder = *inner,
                Node::File(_) => return None,
            }
        }
        Some((folder, last))
    }

    fn node(&self, path: &Path) -> Option<Node> {
        if path == self.root {
            return Some(Node::Folder(0));
        }
        self.names.get(&self.place(path)?).copied()
    }

    fn name(&mut self, path: &Path, node: impl FnOnce(usize) -> Node) -> Option<Node> {
        let (folder, name) = self.place(path)?;
        self.nodes += 1;
        let node = node(self.nodes);
        self.names.insert((folder, name.clone()), node);
        self.events.push(Event::Name { folder, name, node });
        Some(node)
    }

    fn opened(&mut self, path: &Path, descriptor: c_int, flags: c_int) {
        let node = match self.node(path) {
            None if flags & libc::O_CREAT != 0 => self.name(path, Node::File),
            node => node,
        };
        match node {
            Some(Node::File(file)) => {
                self.open.insert(descriptor, file);
                if flags & libc::O_TRUNC != 0 {
                    self.events.push(Event::Length { file, length: 0 });
                }
            }
            _ => {
                self.open.remove(&descriptor);
            }
        }
    }

    fn removed(&mut self, path: &Path) {
        if let Some((folder, name)) = self.place(path) {
            self.names.remove(&(folder, name.clone()));
            self.events.push(Event::Remove { folder, name });
        }
    }
}

fn full(folder: c_int, path: *const c_char) -> PathBuf {
    // The callers of these functions pass valid strings, as their contract says.
    let path = PathBuf::from(unsafe { CStr::from_ptr(path) }.to_string_lossy().into_owned());
    if path.is_absolute() {
        return path;
    }
    let base = if folder == libc::AT_FDCWD { PathBuf::from("/proc/self/cwd") } else { descriptor_path(folder) };
    let base = std::fs::read_link(&base).unwrap_or(base);
    base.join(path)
}

fn descriptor_path(descriptor: c_int) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{descriptor}"))
}

/// Does a call, and notes it where it worked.
fn done(call: impl FnOnce() -> c_long, note: impl FnOnce(&mut Recorder, c_long)) -> c_long {
    let mut recorder = recorder();
    let result = call();
    if result >= 0
        && let Some(recorder) = recorder.as_mut()
    {
        let error = std::io::Error::last_os_error();
        note(recorder, result);
        // The note must not change what the caller reads as the error of its call.
        unsafe { *libc::__errno_location() = error.raw_os_error().unwrap_or(0) };
    }
    result
}

fn open_at(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let open = || unsafe { libc::syscall(libc::SYS_openat, folder, path, flags, mode) };
    done(open, |recorder, descriptor| recorder.opened(&full(folder, path), descriptor as c_int, flags)) as c_int
}

fn write_at(descriptor: c_int, bytes: *const c_void, count: usize, at: Option<i64>) -> isize {
    let at_now = || unsafe { libc::syscall(libc::SYS_lseek, descriptor, 0, libc::SEEK_CUR) };
    let before = at.unwrap_or_else(at_now);
    let write = || match at {
        Some(at) => unsafe { libc::syscall(libc::SYS_pwrite64, descriptor, bytes, count, at) },
        None => unsafe { libc::syscall(libc::SYS_write, descriptor, bytes, count) },
    };
    done(write, |recorder, written| {
        if let Some(&file) = recorder.open.get(&descriptor) {
            let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), written as usize) }.to_vec();
            recorder.events.push(Event::Write { file, at: before as u64, bytes });
        }
    }) as isize
}

fn sync(descriptor: c_int, number: c_long) -> c_int {
    let sync = || unsafe { libc::syscall(number, descriptor) };
    done(sync, |recorder, _| match recorder.open.get(&descriptor) {
        Some(&file) => recorder.events.push(Event::SyncFile { file }),
        None => {
            let path = std::fs::read_link(descriptor_path(descriptor)).unwrap_or_default();
            if let Some(Node::Folder(folder)) = recorder.node(&path) {
                recorder.events.push(Event::SyncFolder { folder });
            }
        }
    }) as c_int
}

fn length(descriptor: c_int, length: i64) -> c_int {
    let cut = || unsafe { libc::syscall(libc::SYS_ftruncate, descriptor, length) };
    done(cut, |recorder, _| {
        if let Some(&file) = recorder.open.get(&descriptor) {
            recorder.events.push(Event::Length { file, length: length as u64 });
        }
    }) as c_int
}

fn remove_at(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    let whole = full(folder, path);
    let remove = || unsafe { libc::syscall(libc::SYS_unlinkat, folder, path, flags) };
    done(remove, |recorder, _| recorder.removed(&whole)) as c_int
}

macro_rules! c_functions {
    ($(fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty $body:block)*) => {
        $(
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($($arg: $type),*) -> $result $body
        )*
    };
}

// `open` takes its mode only where it makes a file; passing on whatever stands in its place is harmless.
c_functions! {
    fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(libc::AT_FDCWD, path, flags, mode) }
    fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(libc::AT_FDCWD, path, flags, mode) }
    fn openat(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(folder, path, flags, mode) }
    fn openat64(folder: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int { open_at(folder, path, flags, mode) }
    fn close(descriptor: c_int) -> c_int {
        let close = || unsafe { libc::syscall(libc::SYS_close, descriptor) };
        done(close, |recorder, _| { recorder.open.remove(&descriptor); }) as c_int
    }
    fn write(descriptor: c_int, bytes: *const c_void, count: usize) -> isize { write_at(descriptor, bytes, count, None) }
    fn pwrite(descriptor: c_int, bytes: *const c_void, count: usize, at: i64) -> isize { write_at(descriptor, bytes, count, Some(at)) }
    fn pwrite64(descriptor: c_int, bytes: *const c_void, count: usize, at: i64) -> isize { write_at(descriptor, bytes, count, Some(at)) }
    fn fsync(descriptor: c_int) -> c_int { sync(descriptor, libc::SYS_fsync) }
    fn fdatasync(descriptor: c_int) -> c_int { sync(descriptor, libc::SYS_fdatasync) }
    fn ftruncate(descriptor: c_int, size: i64) -> c_int { length(descriptor, size) }
    fn ftruncate64(descriptor: c_int, size: i64) -> c_int { length(descriptor, size) }
    fn unlink(path: *const c_char) -> c_int { remove_at(libc::AT_FDCWD, path, 0) }
    fn unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int { remove_at(folder, path, flags) }
    fn rmdir(path: *const c_char) -> c_int { remove_at(libc::AT_FDCWD, path, libc::AT_REMOVEDIR) }
    fn mkdir(path: *const c_char, mode: c_uint) -> c_int {
        let make = || unsafe { libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, path, mode) };
        done(make, |recorder, _| { recorder.name(&full(libc::AT_FDCWD, path), Node::Folder); }) as c_int
    }
    fn rename(from: *const c_char, to: *const c_char) -> c_int {
        let (before, after) = (full(libc::AT_FDCWD, from), full(libc::AT_FDCWD, to));
        let rename = || unsafe { libc::syscall(libc::SYS_renameat2, libc::AT_FDCWD, from, libc::AT_FDCWD, to, 0) };
        done(rename, |recorder, _| {
            if let (Some((folder, from)), Some((same, to))) = (recorder.place(&before), recorder.place(&after)) {
                assert_eq!(folder, same, "the replay knows renaming within a folder only");
                if let Some(node) = recorder.names.remove(&(folder, from.clone())) {
                    recorder.names.insert((folder, to.clone()), node);
                }
                recorder.events.push(Event::Rename { folder, from, to });
            }
        }) as c_int
    }
}
