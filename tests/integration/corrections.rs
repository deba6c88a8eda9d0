//! What people correct, end to end: every correction holds, is logged, outlives later articles, and can be taken back.

use std::path::Path;

use serde_json::Value;

use crate::cli::run;

/// Writes an article of one paragraph.
fn write(folder: &Path, name: &str, date: &str, outlet: &str, body: &str) {
    std::fs::create_dir_all(folder.join("in")).unwrap();
    let text = format!("Outlet: {outlet}\nDate: {date}\nURL: https://n.example/{name}\nTitle: {name}\n\n{body}\n");
    std::fs::write(folder.join("in").join(format!("{name}.txt")), text).unwrap();
}

/// A record with Petra Vance, minister, in two articles, and with Carl Bruun, mayor, in one.
fn record() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let no_tolls = "“There will be no tolls on this bridge,” said Petra Vance, the transport minister.";
    write(at, "one", "2024-03-01", "The Mail", no_tolls);
    let tolls = "“There will be tolls on this bridge,” said Petra Vance, the transport minister.";
    write(at, "two", "2024-09-01", "Courier", tolls);
    write(
        at,
        "three",
        "2024-05-01",
        "Courier",
        "“The ferry is late every day,” said Carl Bruun, the mayor of Oldport.",
    );
    ok(at, &["add", "in"]);
    folder
}

/// Runs a command that has to succeed, and returns what it prints.
fn ok(folder: &Path, args: &[&str]) -> String {
    let (code, out, err) = run(folder, args);
    assert_eq!(code, 0, "{args:?}: {out}{err}");
    out
}

fn json(folder: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&ok(folder, args)).unwrap()
}

/// The texts of a speaker's claims.
fn claims(folder: &Path, speaker: &str) -> Vec<String> {
    let all = json(folder, &["claims", speaker, "--json"]);
    all.as_array().unwrap().iter().map(|c| c["text"].as_str().unwrap().to_string()).collect()
}

fn claim_id(folder: &Path, speaker: &str, holds: &str) -> String {
    let all = json(folder, &["claims", speaker, "--match", holds, "--json"]);
    all[0]["id"].as_str().unwrap().to_string()
}

#[test]
fn a_merge_is_logged_holds_for_later_articles_and_is_taken_back() {
    let folder = record();
    let at = folder.path();
    let out = ok(at, &["speaker", "merge", "Carl Bruun", "Petra Vance", "--why", "a test of the press office"]);
    assert!(out.starts_with("o1  Carl Bruun (s") && out.contains("is Petra Vance"), "{out}");
    write(at, "four", "2024-06-01", "Courier", "“The ferry is fine,” said Carl Bruun, the mayor of Oldport.");
    ok(at, &["add", "in/four.txt"]);
    assert_eq!(
        claims(at, "Petra Vance"),
        [
            "There will be no tolls on this bridge",
            "The ferry is late every day",
            "The ferry is fine",
            "There will be tolls on this bridge"
        ]
    );
    assert_eq!(claims(at, "Carl Bruun").len(), 4);
    let speakers = json(at, &["speakers", "--json"]);
    assert_eq!((speakers.as_array().unwrap().len(), &speakers[0]["claims"]), (1, &4.into()));
    assert!(speakers[0]["aliases"].as_array().unwrap().contains(&"Carl Bruun".into()));
    ok(at, &["undo", "--why", "they are two"]);
    assert_eq!(claims(at, "Carl Bruun"), ["The ferry is late every day", "The ferry is fine"]);
    assert_eq!(claims(at, "Petra Vance").len(), 2);
    let log = json(at, &["log", "--json"]);
    let entry = |i: usize, key: &str| log[i][key].as_str().unwrap_or("-").to_string();
    assert_eq!([entry(0, "id"), entry(0, "operation"), entry(0, "why")], ["o2", "undo", "they are two"]);
    assert_eq!([entry(1, "id"), entry(1, "operation"), entry(1, "undone_by")], ["o1", "merge", "o2"]);
    assert_eq!(entry(1, "why"), "a test of the press office");
    assert!(
        entry(1, "at").ends_with('Z')
            && log[1]["changes"]["into"] == json(at, &["show", "Petra Vance", "--json"])["id"]
    );
    // Taking the taking back back does it again.
    ok(at, &["undo", "o2"]);
    assert_eq!(claims(at, "Carl Bruun").len(), 4);
    assert!(ok(at, &["log", "o1"]).contains("a test of the press office"));
    assert_eq!(run(at, &["verify"]).0, 0);
}

#[test]
fn names_are_given_and_found_and_shown() {
    let folder = record();
    let at = folder.path();
    ok(at, &["speaker", "alias", "Petra Vance", "Petra Holm"]);
    write(at, "four", "2024-10-01", "Courier", "“I am leaving the ministry,” said Petra Holm.");
    ok(at, &["add", "in/four.txt"]);
    assert_eq!(claims(at, "Petra Vance").last().unwrap(), "I am leaving the ministry");
    ok(at, &["speaker", "rename", "Petra Holm", "Petra Vance-Holm"]);
    let all = json(at, &["claims", "Petra Vance", "--json"]);
    assert!(all.as_array().unwrap().iter().all(|c| c["speaker"] == "Petra Vance-Holm"), "{all}");
    ok(at, &["undo", "o2"]);
    assert_eq!(json(at, &["claims", "Petra Vance", "--json"])[0]["speaker"], "Petra Vance");
}

#[test]
fn claims_are_split_off_and_given_back() {
    let folder = record();
    let at = folder.path();
    let tolls = claim_id(at, "Petra Vance", "will be tolls");
    ok(at, &["speaker", "split", "Petra Vance", &tolls, "--name", "Petra Vance of Oldport"]);
    assert_eq!(claims(at, "Petra Vance of Oldport"), ["There will be tolls on this bridge"]);
    assert_eq!(claims(at, "Petra Vance"), ["There will be no tolls on this bridge"]);
    assert_eq!(json(at, &["report", "--engine", "rules", "--json"])["contradictions"], Value::Array(vec![]));
    ok(at, &["speaker", "reattribute", &tolls, "Carl Bruun"]);
    assert_eq!(claims(at, "Carl Bruun").len(), 2);
    assert_eq!(json(at, &["show", &tolls, "--json"])["speaker"], "Carl Bruun");
    ok(at, &["undo"]);
    ok(at, &["undo"]);
    assert_eq!(claims(at, "Petra Vance").len(), 2);
    let (code, _, err) = run(at, &["undo"]);
    assert!(code == 2 && err.contains("no operation that could be taken back"), "{err}");
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let folder = record();
    let at = folder.path();
    let whose = claim_id(at, "Petra Vance", "no tolls");
    for args in [
        &["speaker", "merge", "Petra Vance", "Vance"][..],
        &["speaker", "merge", "Petra Vance", "Nobody Known"],
        &["speaker", "split", "Carl Bruun", &whose],
        &["speaker", "split", "Petra Vance", &whose, &claim_id(at, "Petra Vance", "be tolls")],
        &["speaker", "alias", "Petra Vance", "…"],
        &["speaker", "rename", "Petra Vance", "Petra Vance"],
        &["speaker", "reattribute", "c999", "Petra Vance"],
        &["speaker", "reattribute", "x", "Petra Vance"],
        &["undo", "o1"],
        &["log", "o1"],
        &["undo", "c1"],
    ] {
        let (code, out, err) = run(at, args);
        assert!(code == 2 && out.is_empty() && err.starts_with("Error: "), "{args:?}: {out}{err}");
    }
    assert_eq!(ok(at, &["log"]), "Nothing was corrected or reviewed yet.\n");
    // Correcting makes no record where there is none.
    let (code, _, err) = run(at, &["--db", "nowhere", "speaker", "rename", "A", "B"]);
    assert!(code == 2 && err.contains("no record") && !at.join("nowhere").exists(), "{err}");
}

#[test]
fn an_earlier_moment_is_shown_byte_for_byte() {
    let folder = record();
    let at = folder.path();
    ok(at, &["speaker", "alias", "Petra Vance", "Petra Holm"]);
    let shown = |extra: &[&str]| {
        let commands = [
            &["report", "--engine", "rules", "--json"][..],
            &["report", "Petra Vance", "--engine", "rules"],
            &["report", "--engine", "rules", "--format", "html"],
            &["claims", "Carl Bruun", "--format", "csv"],
            &["claims", "Petra Vance", "--json"],
        ];
        commands.map(|command| ok(at, &[command, extra].concat()))
    };
    let before = shown(&[]);
    let log = json(at, &["log", "--json"]);
    let then = log[0]["at"].as_str().unwrap().to_string();
    // The moment is a whole second; what comes next has to lie behind it.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    ok(at, &["speaker", "merge", "Carl Bruun", "Petra Vance"]);
    ok(at, &["speaker", "rename", "Petra Vance", "Someone"]);
    let changed = "“There will be a few tolls on this bridge,” said Petra Vance-Holm, the transport minister.";
    write(at, "one", "2024-03-01", "The Mail", changed);
    write(at, "four", "2024-06-01", "Courier", "“Tolls, tolls,” said Carl Bruun, the poet. “No tolls,” Bruun said.");
    ok(at, &["add", "in"]);
    assert_ne!(shown(&[]), before);
    assert_eq!(shown(&["--as-of", &then]), before);
    let (code, _, err) = run(at, &["claims", "Petra Vance", "--as-of", "2001"]);
    assert!(code == 2 && err.contains("no speaker"), "{err}");
}
