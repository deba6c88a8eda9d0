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
fn a_name_that_another_speaker_has_is_refused_and_merging_is_named() {
    let folder = record();
    let at = folder.path();
    let log = ok(at, &["log"]);
    let id = |name: &str| json(at, &["show", name, "--json"])["id"].as_str().unwrap().to_string();
    let (vance, bruun) = (id("Petra Vance"), id("Carl Bruun"));
    for given in ["Carl Bruun", "CARL BRUUN", "Bruun, Carl"] {
        for what in ["alias", "rename"] {
            let (code, out, err) = run(at, &["speaker", what, "Petra Vance", given]);
            let says = format!("Error: Carl Bruun ({bruun}) is called {given} already\n");
            assert!(code == 2 && out.is_empty() && err.starts_with(&says), "{what} {given}: {err}");
            assert!(
                err.contains(&format!("Hint: if the two are one, `onrecord speaker merge {vance} {bruun}`")),
                "{err}"
            );
        }
    }
    assert_eq!(ok(at, &["log"]), log);
    // The name of one who counts as the speaker is the speaker's own, and what was taken back is free.
    ok(at, &["speaker", "merge", "Carl Bruun", "Petra Vance"]);
    ok(at, &["speaker", "rename", "Petra Vance", "Carl Bruun"]);
    ok(at, &["undo"]);
    ok(at, &["speaker", "alias", "Petra Vance", "Petra Holm"]);
    ok(at, &["undo"]);
    ok(at, &["undo"]);
    ok(at, &["speaker", "alias", "Carl Bruun", "Petra Holm"]);
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
            &["speakers", "--json"],
            &["speakers", "--match", "mayor"],
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
    assert_eq!(ok(at, &["speakers", "--as-of", "2001"]), "No speakers on record.\n");
    let (code, _, err) = run(at, &["claims", "Petra Vance", "--as-of", "2001"]);
    assert!(code == 2 && err.contains("no speaker"), "{err}");
}

/// The first contradiction of a report by the rules.
fn contradiction(folder: &Path, extra: &[&str]) -> Value {
    let report = json(folder, &[&["report", "--engine", "rules", "--json"], extra].concat());
    assert_eq!(report["contradictions"].as_array().unwrap().len(), 1, "{report}");
    report["contradictions"][0].clone()
}

#[test]
fn a_verdict_shows_in_reports_stands_while_both_statements_do_and_is_reopened_when_one_changes() {
    let folder = record();
    let at = folder.path();
    let finding = contradiction(at, &[]);
    let id = finding["id"].as_str().unwrap();
    assert_eq!(run(at, &["report", "--engine", "rules", "--fail-on", "contradiction"]).0, 1);
    let out = ok(at, &["review", &id[..6], "rejected", "--note", "two bridges"]);
    assert!(out.starts_with(&format!("o1  finding {id} is rejected: “There will be no tolls")), "{out}");
    let review = contradiction(at, &[])["review"].clone();
    assert_eq!([&review["verdict"], &review["note"]], ["rejected", "two bridges"]);
    assert_eq!(review["reopened"], false);
    assert_eq!(run(at, &["report", "--engine", "rules", "--fail-on", "contradiction"]).0, 0);
    assert_eq!(json(at, &["show", id, "--engine", "rules", "--json"])["review"]["verdict"], "rejected");
    assert!(ok(at, &["report", "--engine", "rules"]).contains("rejected: two bridges"));
    // Neither reading everything again nor naming the speaker anew touches it.
    ok(at, &["refresh"]);
    ok(at, &["speaker", "rename", "Petra Vance", "P. Vance"]);
    assert_eq!(contradiction(at, &[])["review"], review);
    // An article without the statement changes nothing either; one that alters it does.
    let longer = "“There will be no tolls on this bridge,” said Petra Vance, the transport minister.\n\nIt rained.";
    write(at, "one", "2024-03-01", "The Mail", longer);
    ok(at, &["add", "in/one.txt"]);
    assert_eq!(contradiction(at, &[])["review"], review);
    let altered = longer.replace("on this bridge", "on this long bridge");
    write(at, "one", "2024-03-01", "The Mail", &altered);
    ok(at, &["add", "in/one.txt"]);
    let after = contradiction(at, &[]);
    assert_ne!(after["id"], finding["id"]);
    assert_eq!((&after["review"]["verdict"], &after["review"]["reopened"]), (&"rejected".into(), &true.into()));
    assert_eq!(run(at, &["report", "--engine", "rules", "--fail-on", "contradiction"]).0, 1);
    let listed = json(at, &["review", "--json"]);
    assert_eq!((&listed[0]["finding"], &listed[0]["reopened"]), (&id.into(), &true.into()));
    // A new verdict on the changed pair counts, and undoing it brings the old one back.
    ok(at, &["review", after["id"].as_str().unwrap(), "accepted"]);
    assert_eq!(contradiction(at, &[])["review"]["verdict"], "accepted");
    ok(at, &["undo"]);
    assert_eq!(contradiction(at, &[])["review"]["reopened"], true);
}

#[test]
fn a_finding_that_is_none_is_refused() {
    let folder = record();
    let at = folder.path();
    for args in
        [&["review", "f0123456789ab", "accepted"][..], &["review", "c1", "accepted"], &["show", "f0123456789ab"]]
    {
        let (code, out, err) = run(at, args);
        assert!(code == 2 && out.is_empty() && err.starts_with("Error: "), "{args:?}: {out}{err}");
    }
    assert_eq!(run(at, &["review", "f01"]).0, 2);
    assert_eq!(ok(at, &["review"]), "No finding was reviewed yet.\n");
}

#[test]
fn a_quotation_altered_after_publishing_is_a_finding_and_shows_in_the_diff() {
    let folder = record();
    let at = folder.path();
    let article = json(at, &["claims", "Carl Bruun", "--json"])[0]["article"].as_str().unwrap().to_string();
    let (code, _, err) = run(at, &["diff", &article]);
    assert!(code == 2 && err.contains("one version only"), "{err}");
    write(
        at,
        "three",
        "2024-05-01",
        "Courier",
        "“The ferry is late every week,” said Carl Bruun, the mayor of Oldport.\n\n“It is old,” he said.",
    );
    ok(at, &["add", "in/three.txt"]);
    let report = json(at, &["report", "Carl Bruun", "--engine", "rules", "--json"]);
    let finding = &report["reports_differ"][0];
    assert_eq!(finding["a"]["text"], "The ferry is late every day");
    assert_eq!(finding["b"]["text"], "The ferry is late every week");
    assert_eq!((&finding["a"]["version"], &finding["b"]["version"]), (&1.into(), &2.into()));
    let reason = &finding["reasons"][0];
    assert_eq!(reason["rule"], "edited-after-publication");
    assert_eq!(
        reason["says"],
        "Courier changed the quotation after publishing it: version 1 has “day”, version 2 has “week”."
    );
    let diff = json(at, &["diff", &article, "--json"]);
    let changes: Vec<&str> =
        diff["changes"].as_array().unwrap().iter().map(|c| c["change"].as_str().unwrap()).collect();
    assert_eq!((changes, &diff["from"], &diff["to"]), (vec!["altered", "added"], &1.into(), &2.into()));
    assert_eq!(diff["changes"][1]["after"]["text"], "It is old");
    let shown = ok(at, &["diff", &article]);
    assert!(shown.contains("  - The ferry is late every day\n  + The ferry is late every week\n"), "{shown}");
    let id = finding["id"].as_str().unwrap();
    ok(at, &["review", id, "accepted", "--note", "asked the Courier"]);
    let report = json(at, &["report", "Carl Bruun", "--engine", "rules", "--json"]);
    assert_eq!(report["reports_differ"][0]["review"]["note"], "asked the Courier");
    assert!(ok(at, &["show", id, "--engine", "rules"]).contains("edited-after-publication"));
    // Other marks and lines are no edit.
    write(
        at,
        "three",
        "2024-05-01",
        "Courier",
        "'The ferry is late every week,' said Carl Bruun, the mayor of Oldport.\n\n'It is old,' he said.",
    );
    ok(at, &["add", "in/three.txt"]);
    assert_eq!(json(at, &["diff", &article, "--json"])["changes"], Value::Array(vec![]));
    let versions = json(at, &["show", &article, "--versions", "--json"]);
    assert_eq!(versions.as_array().unwrap().len(), 3);
}

#[test]
fn an_edit_that_is_taken_back_is_another_edit_and_both_stay_on_record() {
    let folder = record();
    let at = folder.path();
    let says = |what: &str| {
        let said = format!("“The ferry is late every {what},” said Carl Bruun, the mayor of Oldport.");
        write(at, "three", "2024-05-01", "Courier", &said);
        ok(at, &["add", "in/three.txt"]);
    };
    let edits = |args: &[&str]| {
        let report = json(at, &[&["report", "Carl Bruun", "--engine", "rules", "--json"], args].concat());
        report["reports_differ"].as_array().unwrap().clone()
    };
    says("week");
    let first = edits(&[])[0]["id"].as_str().unwrap().to_string();
    ok(at, &["review", &first, "accepted", "--note", "asked the Courier"]);
    says("day");
    let mut found = edits(&[]);
    found.sort_by_key(|finding| finding["a"]["version"].as_u64());
    let sides: Vec<[&Value; 2]> = found.iter().map(|f| [&f["a"]["version"], &f["b"]["version"]]).collect();
    assert_eq!(sides, [[&Value::from(1), &Value::from(2)], [&Value::from(2), &Value::from(3)]]);
    let second = found[1]["id"].as_str().unwrap().to_string();
    assert_ne!(first, second);
    assert_eq!((&found[0]["review"]["reopened"], &found[1]["review"]), (&false.into(), &Value::Null));
    for (id, versions) in [(&first, [1, 2]), (&second, [2, 3])] {
        let shown = json(at, &["show", id, "--engine", "rules", "--json"]);
        assert_eq!([&shown["a"]["version"], &shown["b"]["version"]], versions.map(Value::from).each_ref());
    }
    // What was changed from what into what is kept, whatever the article says by now: the verdict holds.
    let listed = json(at, &["review", "--json"]);
    assert_eq!((&listed[0]["finding"], &listed[0]["reopened"]), (&first.as_str().into(), &false.into()));
    // Also when the quotation is gone altogether, and the speaker speaks elsewhere only.
    write(at, "three", "2024-05-01", "Courier", "It rained in Oldport.");
    ok(at, &["add", "in/three.txt"]);
    write(at, "five", "2024-06-01", "Courier", "“I am a poet,” said Carl Bruun, the mayor of Oldport.");
    ok(at, &["add", "in/five.txt"]);
    assert_eq!(edits(&[]).len(), 2);
    assert_eq!(edits(&["--since", "2024-06"]).len(), 0);
    ok(at, &["review", &second, "rejected"]);
    assert_eq!(run(at, &["verify"]).0, 0);
}

#[test]
fn reading_again_with_the_same_engine_changes_nothing_but_the_log() {
    let folder = record();
    let at = folder.path();
    let before = ok(at, &["report", "--engine", "rules", "--json"]);
    let done = json(at, &["refresh", "--json"]);
    assert_eq!((&done["articles"], &done["changed"], &done["failed"]), (&3.into(), &0.into(), &0.into()));
    assert_eq!(ok(at, &["report", "--engine", "rules", "--json"]), before);
    let (code, _, err) = run(at, &["undo", "o1"]);
    assert!(code == 2 && err.contains("cannot be taken back"), "{err}");
    let (code, _, err) = run(at, &["undo"]);
    assert!(code == 2 && err.contains("no operation"), "{err}");
}
