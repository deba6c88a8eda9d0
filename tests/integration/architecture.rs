//! The rooms import only what the table in ARCHITECTURE.md allows them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Room, and the rooms it may name. `main.rs` and `lib.rs` wire everything and are left out, and so is `cli`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("lexicon", &[]),
    ("article", &["span"]),
    ("fetch", &[]),
    ("text", &["span", "lexicon"]),
    ("tagging", &["span", "lexicon", "text"]),
    ("attribution", &["span", "lexicon", "text", "tagging", "article"]),
    ("claim", &["span", "lexicon", "text", "attribution"]),
    ("speaker", &["claim", "attribution", "lexicon", "span"]),
    ("pipeline", &["article", "text", "tagging", "attribution", "claim", "speaker", "lexicon", "span"]),
    ("store", &["span", "article", "attribution", "claim", "speaker", "pipeline"]),
    ("encoder", &["span"]),
    ("matching", &["span", "claim", "lexicon", "encoder", "store"]),
    ("verdict", &["claim", "lexicon", "encoder", "span"]),
    ("consistency", &["claim", "matching", "verdict", "encoder", "span", "attribution"]),
    ("findings", &["claim", "attribution", "store", "consistency", "verdict", "encoder"]),
    (
        "report",
        &["span", "article", "attribution", "claim", "speaker", "pipeline", "store", "verdict", "consistency", "eval"],
    ),
    ("eval", &["span", "article", "attribution", "claim", "verdict", "consistency"]),
    (
        "serve",
        &[
            "span",
            "attribution",
            "claim",
            "store",
            "encoder",
            "matching",
            "verdict",
            "consistency",
            "findings",
            "report",
        ],
    ),
];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Names of the rooms a line imports: `crate::room` and `crate::{room, other::X}`.
fn imported(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or("");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let name = |s: &'_ str| s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len());
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && c.is_alphabetic() => {
                        start = false;
                        rooms.push(&group[i..i + name(&group[i..])]);
                    }
                    _ => {}
                }
            }
        } else {
            rooms.push(&rest[..name(rest)]);
        }
    }
    rooms
}

#[test]
fn rooms_import_only_what_they_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let inner = file.strip_prefix(&source).unwrap();
        let room = inner.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_string();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
            assert!(["cli", "main", "lib"].contains(&room.as_str()), "src/{room} has no row in the table of imports");
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            if line.contains("#[cfg(test)]") {
                break;
            }
            for other in imported(line) {
                if other != room && !allowed.contains(&other) {
                    wrong.push(format!("src/{}:{}: {room} must not import {other}", inner.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_store_names_sled() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let naming: BTreeSet<String> = files
        .iter()
        .filter(|f| !f.starts_with(source.join("store")))
        .filter(|f| std::fs::read_to_string(f).unwrap().contains("sled::"))
        .map(|f| f.display().to_string())
        .collect();
    assert_eq!(naming, BTreeSet::new());
}

#[test]
fn groups_of_imports_are_read() {
    assert_eq!(imported("use crate::{span::{Span, A}, text::Document};"), ["span", "text"]);
    assert_eq!(imported("let x = crate::store::Record::open(p); // crate::cli"), ["store"]);
}
