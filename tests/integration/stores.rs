//! Records of released formats, which later versions open, and of later formats, which are refused and left alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::cli::run;

/// Copies a record out of the fixtures, with sled's file as it was.
fn copy_of(version: &str, to: &Path) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stores").join(version);
    for (name, bytes) in files(&kept) {
        let (name, bytes) = match name.strip_suffix(".zst") {
            Some(plain) => (plain.to_string(), zstd::decode_all(bytes.as_slice()).unwrap()),
            None => (name, bytes),
        };
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Every file below a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_string();
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// The rows that a command prints as JSON Lines.
fn rows(folder: &Path, args: &[&str]) -> Vec<Value> {
    let (code, out, err) = run(folder, &[args, &["--db", "record", "--format", "jsonl"]].concat());
    assert_eq!(code, 0, "{args:?}: {err}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn column<'r>(rows: &'r [Value], name: &str) -> Vec<&'r str> {
    rows.iter().map(|row| row[name].as_str().unwrap()).collect()
}

/// Asserts what a record of the fixtures says, whatever its format.
fn says_what_it_said(folder: &Path) {
    assert_eq!(
        column(&rows(folder, &["speakers"]), "name"),
        [
            "Helena Tarvas",
            "Jonas Addai",
            "Clara Quell",
            "Bram Lunde",
            "Piet Osgood",
            "Yusra Halim",
            "the hydrologist",
            "A spokesman for the ministry",
            "Rosa Delacourt",
            "The bank",
            "The director of the city museum",
            "the water minister",
        ]
    );
    // One of the claims is the merged speaker's.
    let tarvas = rows(folder, &["claims", "s1", "--limit", "3"]);
    assert_eq!(
        column(&tarvas, "text"),
        [
            "No tap in Kestria will run dry this summer",
            "No household will be rationed this summer",
            "You have my word on that",
        ]
    );
    assert_eq!(column(&tarvas, "speaker"), ["Helena Tarvas"; 3]);
    let addai = rows(folder, &["claims", "Jonas Addai"]);
    assert!(column(&addai, "text").contains(&"Line 6 will never close, neither this year nor next"), "{addai:?}");
    let before = rows(folder, &["show", addai[0]["article"].as_str().unwrap(), "--versions"]);
    assert_eq!(before.len(), 2, "{before:?}");
    let found = rows(folder, &["search", "rationed this summer", "--limit", "3"]);
    assert_eq!(column(&found, "id"), ["c2", "c12", "c11"]);
    let log = rows(folder, &["log"]);
    let mut says = column(&log, "says");
    says.sort_unstable();
    assert_eq!(
        says,
        [
            "Jonas Addai (s9) is shown as J. Addai.",
            "finding fb88d2c7bb3f7 is accepted: “Line 6 will never close, neither this year nor next” against \
             “Tram line 6 will close on 12 October”.",
            "o3 is taken back: Jonas Addai (s9) is shown as J. Addai.",
            "the water minister (s1, 1 claim) is Helena Tarvas (s2, 14 claims).",
        ]
    );
    assert!(log.iter().any(|entry| entry["why"] == "never, and then in October"), "{log:?}");
    let (code, out, err) = run(folder, &["verify", "--db", "record"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("Sound: 6 articles in 7 versions, 39 claims;"), "{out}");
}

#[test]
fn a_record_of_format_1_says_what_it_said_and_takes_articles() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    copy_of("v1", &folder.join("record"));
    says_what_it_said(folder);
    // What it says of itself outlives an exchange.
    let (code, exported, err) = run(folder, &["export", "--db", "record"]);
    assert_eq!(code, 0, "{err}");
    std::fs::write(folder.join("export.jsonl"), &exported).unwrap();
    assert_eq!(run(folder, &["import", "export.jsonl", "--db", "again"]).0, 0);
    assert_eq!(run(folder, &["export", "--db", "again"]).1, exported);
    // Articles come to it as to any other, and those that it holds are known.
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    let add = |name: &str| run(folder, &["add", "--db", "record", articles.join(name).to_str().unwrap()]);
    let (_, out, err) = add("01_gazette_no-rationing.txt");
    assert_eq!(out, "0 added, 0 updated, 1 unchanged, 0 failed\n", "{err}");
    let (_, out, err) = add("06_gazette_rationing-from-july.txt");
    assert_eq!(out, "1 added, 0 updated, 0 unchanged, 0 failed\n", "{err}");
    let found = rows(folder, &["search", "rationed this summer"]);
    let ids = column(&found, "id");
    assert!(ids.contains(&"c2") && ids.contains(&"c12"), "{ids:?}");
    assert_eq!(run(folder, &["verify", "--db", "record"]).0, 0);
}

#[test]
fn a_record_of_a_later_format_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let record = folder.join("record");
    copy_of("v1", &record);
    std::fs::write(record.join("format"), "onrecord store 2\n").unwrap();
    std::fs::write(record.join("lock"), "process 1").unwrap();
    let article = folder.join("story.txt");
    std::fs::write(&article, "“The bridge stays open,” said Ada Quill, the mayor.\n").unwrap();
    let before = files(&record);
    for args in [&["speakers"][..], &["search", "summer"], &["add", "story.txt"], &["undo"], &["verify", "--repair"]] {
        let (code, out, err) = run(folder, &[args, &["--db", "record"]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert_eq!(
            err,
            "Error: the record in record has format 2; this version reads formats up to 1\n\
             Hint: use the version of onrecord that wrote it, or a later one; nothing was changed\n",
            "{args:?}"
        );
        assert_eq!(files(&record), before, "{args:?} changed something");
    }
}
