//! Makes the folder that a power cut would have left at some moment of a recording.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::shim::{Event, Node};

/// What becomes of what was not synced when the power goes.
#[derive(Clone, Copy, Debug)]
pub enum Unsynced {
    /// All of it is gone.
    Gone,
    /// All of it is there, as after a killed process.
    There,
    /// Some writes are there and others not, some torn, and of each folder's names the first few; by this seed.
    Some(u64),
}

/// Writes the folder as it would be if the power went after the first `cut` events.
pub fn replay(events: &[Event], cut: usize, unsynced: Unsynced, into: &Path) {
    let events = &events[..cut];
    let mut random = match unsynced {
        Unsynced::Some(seed) => seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        _ => 1,
    };
    let mut chance = |of: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % of
    };
    // Walking backwards, what was synced later is safe.
    let (mut safe_files, mut safe_folders) = (BTreeSet::new(), BTreeSet::new());
    let mut safe = vec![false; events.len()];
    for (i, event) in events.iter().enumerate().rev() {
        safe[i] = match event {
            Event::SyncFile { file } => safe_files.insert(*file),
            Event::SyncFolder { folder } => safe_folders.insert(*folder),
            Event::Write { file, .. } | Event::Length { file, .. } => safe_files.contains(file),
            Event::Name { folder, .. } | Event::Rename { folder, .. } | Event::Remove { folder, .. } => {
                safe_folders.contains(folder)
            }
            Event::Acknowledged(_) => true,
        };
    }
    // Of each folder's names that are not safe, this many are there: a file system writes names in order.
    let mut there: BTreeMap<usize, u64> = BTreeMap::new();
    for (event, safe) in events.iter().zip(&safe) {
        if let Event::Name { folder, .. } | Event::Rename { folder, .. } | Event::Remove { folder, .. } = event
            && !safe
        {
            *there.entry(*folder).or_default() += 1;
        }
    }
    for count in there.values_mut() {
        *count = match unsynced {
            Unsynced::Gone => 0,
            Unsynced::There => *count,
            Unsynced::Some(_) => chance(*count + 1),
        };
    }
    let mut names: BTreeMap<usize, BTreeMap<String, Node>> = BTreeMap::new();
    let mut contents: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
    for (event, safe) in events.iter().zip(&safe) {
        match event {
            Event::Name { folder, .. } | Event::Rename { folder, .. } | Event::Remove { folder, .. } => {
                if !safe {
                    let left = there.entry(*folder).or_default();
                    if *left == 0 {
                        continue;
                    }
                    *left -= 1;
                }
                let names = names.entry(*folder).or_default();
                match event {
                    Event::Name { name, node, .. } => {
                        names.insert(name.clone(), *node);
                    }
                    Event::Rename { from, to, .. } => {
                        let node = names.remove(from).expect("a name that is changed is there");
                        names.insert(to.clone(), node);
                    }
                    Event::Remove { name, .. } => {
                        names.remove(name);
                    }
                    _ => {}
                }
            }
            Event::Write { file, at, bytes } => {
                let kept = match unsynced {
                    _ if *safe => bytes.len(),
                    Unsynced::Gone => 0,
                    Unsynced::There => bytes.len(),
                    Unsynced::Some(_) => match chance(3) {
                        0 => 0,
                        1 => bytes.len(),
                        // Torn at the edge of a sector.
                        _ => (chance(bytes.len() as u64 / 512 + 1) * 512) as usize,
                    },
                };
                if kept > 0 {
                    let content = contents.entry(*file).or_default();
                    let at = *at as usize;
                    content.resize(content.len().max(at + kept), 0);
                    content[at..at + kept].copy_from_slice(&bytes[..kept]);
                }
            }
            Event::Length { file, length } => {
                let kept = *safe
                    || match unsynced {
                        Unsynced::Gone => false,
                        Unsynced::There => true,
                        Unsynced::Some(_) => chance(2) == 0,
                    };
                if kept {
                    contents.entry(*file).or_default().resize(*length as usize, 0);
                }
            }
            Event::SyncFile { .. } | Event::SyncFolder { .. } | Event::Acknowledged(_) => {}
        }
    }
    std::fs::create_dir_all(into).unwrap();
    write_folder(0, into, &names, &contents);
}

fn write_folder(
    folder: usize,
    into: &Path,
    names: &BTreeMap<usize, BTreeMap<String, Node>>,
    contents: &BTreeMap<usize, Vec<u8>>,
) {
    for (name, node) in names.get(&folder).into_iter().flatten() {
        let path = into.join(name);
        match node {
            Node::File(file) => std::fs::write(path, contents.get(file).map_or(&[][..], Vec::as_slice)).unwrap(),
            Node::Folder(inner) => {
                std::fs::create_dir(&path).unwrap();
                write_folder(*inner, &path, names, contents);
            }
        }
    }
}
