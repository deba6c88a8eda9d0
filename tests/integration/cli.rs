//! The command line, end to end.

use std::path::Path;

use assert_cmd::Command;

/// The command in a folder of its own, in no terminal and without settings from outside.
pub fn onrecord(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("onrecord").unwrap();
    command.current_dir(folder);
    for name in ["ONRECORD_DB", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "ONRECORD_CONFIG", "XDG_CONFIG_HOME", "HOME"] {
        command.env_remove(name);
    }
    command
}

/// Runs the command and returns exit code, stdout and stderr.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = onrecord(folder).args(args).output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn usage_errors_say_what_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["extarct"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("Error: unrecognized subcommand 'extarct'\n"), "{err}");
    assert!(err.contains("Hint: ") && err.contains("'extract'"), "{err}");
}

#[test]
fn help_of_every_command_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = run(folder.path(), &["--help"]);
    assert_eq!(code, 0);
    let commands: Vec<&str> = out
        .lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with("  ") && !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"extract") && commands.contains(&"man"), "{out}");
    for command in commands {
        let (code, out, err) = run(folder.path(), &[command, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("Example") && out.contains(&format!("onrecord {command}")), "{command}: {out}");
    }
}

#[test]
fn completions_and_manual_name_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(folder.path(), &["completions", shell]);
        assert!(code == 0 && out.contains("extract"), "{shell}");
    }
    let (code, out, _) = run(folder.path(), &["man"]);
    assert!(code == 0 && out.contains(".TH onrecord 1") && out.contains("extract"));
    let (code, _, _) = run(folder.path(), &["man", "--dir", "pages"]);
    assert!(code == 0 && folder.path().join("pages/onrecord-extract.1").exists());
}

#[test]
fn a_closed_pipe_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let script = format!("'{}' completions zsh 2>err | head -c 10; echo ${{PIPESTATUS[0]}}", binary.display());
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("0\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("err")).unwrap(), "");
}

/// Two short articles and one file that is none.
fn articles(folder: &Path) {
    std::fs::create_dir_all(folder.join("in")).unwrap();
    std::fs::write(
        folder.join("in/a.txt"),
        "Outlet: The Mail\nDate: 2024-03-01\nURL: https://mail.example/a\nTitle: Bridge to open\n\n“There will be no tolls on this bridge,” \
         said Petra Vance, the transport minister.\n",
    )
    .unwrap();
    std::fs::write(
        folder.join("in/b.txt"),
        "Outlet: Courier\nDate: 2024-09-01\nURL: https://courier.example/b\nTitle: =Tolls\n\nPetra Vance said that drivers would pay four \
         marks each way.\n\n“The bridge is safe,” Ms Vance told reporters.\n",
    )
    .unwrap();
}

#[test]
fn adding_twice_is_adding_once_and_a_bad_file_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    std::fs::write(folder.path().join("in/c.txt"), b"\x00\x01\x02").unwrap();
    let (code, out, err) = run(folder.path(), &["add", "in"]);
    assert_eq!((code, out.as_str()), (3, "2 added, 0 updated, 0 unchanged, 1 failed\n"));
    assert!(err.contains("Failed: cannot read in/c.txt"), "{err}");
    let (code, out, _) = run(folder.path(), &["add", "in/a.txt", "in/b.txt"]);
    assert_eq!((code, out.as_str()), (0, "0 added, 0 updated, 2 unchanged, 0 failed\n"));
    let changed = std::fs::read_to_string(folder.path().join("in/a.txt")).unwrap().replace("no tolls", "few tolls");
    std::fs::write(folder.path().join("in/a.txt"), changed).unwrap();
    let (code, out, _) = run(folder.path(), &["add", "in/a.txt", "--json"]);
    let counts: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &counts["updated"], &counts["schema"]), (0, &1.into(), &"onrecord/1".into()));
    let (_, out, _) = run(folder.path(), &["claims", "Petra Vance", "--match", "tolls", "--format", "tsv"]);
    assert!(out.contains("few tolls") && !out.contains("no tolls"), "{out}");
}

#[test]
fn a_trial_run_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    let (code, out, _) = run(folder.path(), &["add", "--dry-run", "in"]);
    assert_eq!(code, 0);
    assert!(out.contains("Bridge to open") && out.contains("would be: 2 added"), "{out}");
    assert!(!folder.path().join("claims_db").exists());
}

#[test]
fn reading_never_makes_a_record() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["speakers"][..], &["claims", "X"], &["search", "x"]] {
        let (code, out, err) = run(folder.path(), args);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(
            err.starts_with("Error: there is no record in claims_db\n") && err.contains("Hint: `onrecord add"),
            "{err}"
        );
    }
    assert!(!folder.path().join("claims_db").exists());
}

#[test]
fn a_claim_is_found_by_any_form_of_the_name_and_its_offsets_are_code_points() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in", "--db", "rec"]);
    let output =
        onrecord(folder.path()).env("ONRECORD_DB", "rec").args(["claims", "vance", "--json"]).output().unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let texts: Vec<&str> = claims.as_array().unwrap().iter().map(|c| c["text"].as_str().unwrap()).collect();
    assert_eq!(texts[0], "There will be no tolls on this bridge");
    assert_eq!(texts[2], "The bridge is safe");
    let keys: Vec<&String> = claims[0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys[..14],
        [
            "schema",
            "id",
            "speaker",
            "speaker_id",
            "text",
            "kind",
            "date",
            "article",
            "outlet",
            "url",
            "content",
            "source",
            "cue",
            "confidence"
        ]
    );
    let body: Vec<char> = std::fs::read_to_string(folder.path().join("in/a.txt")).unwrap().chars().collect();
    let start = body.iter().position(|c| *c == '“').unwrap();
    let span = &claims[0]["content"][0];
    let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    let said: String = body[start + from..start + to].iter().collect();
    assert!(said.contains("There will be no tolls on this bridge"), "{said}");
}

#[test]
fn an_unknown_speaker_gets_near_names() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in"]);
    let (code, _, err) = run(folder.path(), &["claims", "Petra Vanse"]);
    assert_eq!(code, 2);
    assert_eq!(err, "Error: no speaker `Petra Vanse` is on record\nHint: Did you mean “Petra Vance”?\n");
}

#[test]
fn colours_come_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in"]);
    let plain = onrecord(folder.path()).args(["speakers"]).output().unwrap().stdout;
    assert!(!plain.contains(&0x1b));
    let forced = onrecord(folder.path()).env("CLICOLOR_FORCE", "1").args(["speakers"]).output().unwrap().stdout;
    assert!(forced.contains(&0x1b));
    let never = onrecord(folder.path())
        .env("CLICOLOR_FORCE", "1")
        .args(["speakers", "--color", "never"])
        .output()
        .unwrap()
        .stdout;
    assert_eq!(plain, never);
    let unwanted =
        onrecord(folder.path()).env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1").args(["speakers"]).output().unwrap();
    assert_eq!(plain, unwanted.stdout);
}

#[test]
fn what_an_article_hides_does_not_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text = "“The \u{1b}[31mred\u{202e} line holds,” said Petra \u{9b}Vance.\n";
    std::fs::write(folder.path().join("x.txt"), text).unwrap();
    for format in ["table", "json", "csv", "tsv", "md"] {
        let (_, out, _) = run(folder.path(), &["extract", "x.txt", "--format", format]);
        assert!(out.contains("line holds"), "{format}: {out}");
        assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{format}: {out:?}");
    }
    let (_, out, _) = run(folder.path(), &["extract", "x.txt", "--json"]);
    let articles: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(articles[0]["text"], text);
}

#[test]
fn tables_keep_to_the_width_given() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in"]);
    for width in ["60", "80", "120"] {
        for args in [&["speakers"][..], &["claims", "vance"], &["search", "tolls"], &["extract", "in"]] {
            let output = onrecord(folder.path()).env("COLUMNS", width).args(args).output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            let widest = out.lines().map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= width.parse().unwrap(), "{args:?} at {width}: {widest}\n{out}");
        }
    }
}

#[test]
fn stats_and_verify_speak_of_what_was_added() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(args)
            .arg("--db")
            .arg(folder.path().join("record"))
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let article = folder.path().join("a.txt");
    std::fs::write(&article, "Title: A bridge\n\n“The bridge is safe,” said Ada Quill, the mayor.\n").unwrap();
    assert_eq!(run(&["add", article.to_str().unwrap()]).0, Some(0));
    let (code, stats) = run(&["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!((code, &stats["articles"], &stats["claims"]), (Some(0), &1.into(), &1.into()));
    let (code, verdict) = run(&["verify"]);
    assert_eq!(code, Some(0));
    assert!(verdict.starts_with("Sound: 1 articles in 1 versions, 1 claims"), "{verdict}");
}

/// A record of the articles that come with the program.
fn fixtures(folder: &Path) {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    let (code, _, err) = run(folder, &["add", "-q", articles.to_str().unwrap()]);
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn the_report_has_the_shape_that_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    fixtures(folder.path());
    let (code, out, _) = run(folder.path(), &["report", "--engine", "rules", "--json"]);
    assert_eq!(code, 0);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["schema", "contradictions", "changed_positions", "reports_differ", "repeats", "repeated", "coverage"]
    );
    let finding = &report["contradictions"][0];
    let keys: Vec<&String> = finding.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "speaker", "a", "b", "confidence", "reasons", "review"]);
    assert!(finding["a"]["date"].as_str() <= finding["b"]["date"].as_str());
    // The spans of a reason fit the statement that it speaks of.
    let reason = &finding["reasons"][0];
    let text: Vec<char> = finding["a"]["text"].as_str().unwrap().chars().collect();
    for span in reason["a"].as_array().unwrap() {
        let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
        assert!(from < to && to <= text.len(), "{span} in {}", finding["a"]["text"]);
    }
    let repeated = &report["repeated"][0];
    assert!(repeated["count"].as_u64().unwrap() >= 2 && repeated["claims"].as_array().unwrap().len() >= 2);
}

#[test]
fn a_report_fails_only_when_asked_and_says_when_nothing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    fixtures(folder.path());
    let report = |more: &[&str]| run(folder.path(), &[&["report", "--engine", "rules"], more].concat());
    assert_eq!(report(&["--fail-on", "contradiction"]).0, 1);
    assert_eq!(report(&[]).0, 0);
    let (code, out, _) = report(&["--kind", "contradiction", "--min-confidence", "1", "--fail-on", "contradiction"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("No possible contradictions found.\n"), "{out}");
    assert!(!out.contains("Repeat") && !out.contains("lied"));
}

#[test]
fn a_second_report_reads_what_the_encoder_said_for_the_first() {
    let folder = tempfile::tempdir().unwrap();
    fixtures(folder.path());
    let report = || run(folder.path(), &["report", "Jonas Addai", "--json"]);
    let (code, first, _) = report();
    assert_eq!(code, 0);
    assert!(first.contains("\"confidence\""), "{first}");
    assert_eq!(report().1, first);
    // Scores live in the record beside the articles and are no part of what is verified or counted as such.
    let (code, verdict, _) = run(folder.path(), &["verify"]);
    assert!(code == 0 && verdict.starts_with("Sound: 16 articles"), "{verdict}");
}

#[test]
fn the_page_of_a_report_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    fixtures(folder.path());
    let (code, page, _) = run(folder.path(), &["report", "Helena Tarvas", "--engine", "rules", "--format", "html"]);
    assert_eq!(code, 0);
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    assert!(page.contains("<svg class=\"timeline\"") && page.contains("aria-label=\"Helena Tarvas: "));
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("#:~:text="));
}

#[test]
fn compare_judges_pairs_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "{\"id\": \"x\", \"a\": \"There will be no tolls.\", \"b\": \"There will be tolls.\"}\n\nnonsense\n\
                {\"id\": 7, \"a\": \"The harbour is safe.\", \"b\": \"The harbour is safe.\"}\n";
    let output = onrecord(folder.path())
        .args(["compare", "--engine", "rules", "--input", "-", "--format", "jsonl"])
        .write_stdin(rows)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.starts_with("Failed: standard input, line 3: not a pair"), "{err}");
    let out = String::from_utf8(output.stdout).unwrap();
    let judged: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&judged[0]["id"], &judged[1]["id"]), (&"x".into(), &7.into()));
    assert_eq!(judged[1]["label"], "repeat");
    for row in &judged {
        let scores = &row["scores"];
        let sum: f64 = ["repeat", "contradict", "neutral"].iter().map(|k| scores[k].as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
}

#[test]
fn a_draft_is_held_against_the_record() {
    let folder = tempfile::tempdir().unwrap();
    fixtures(folder.path());
    let draft = "“No household will be rationed this summer,” Helena Tarvas told reporters.\n\n\
                 “I did not discuss the rate with the governor at any time,” Jonas Addai said.\n\n\
                 “I never discussed the rate with the governor at any time,” Rosa Delacourt said.\n\n\
                 “There are tomatoes in the garden of the ministry,” said Rosa Delacourt.\n";
    std::fs::write(folder.path().join("draft.txt"), draft).unwrap();
    let check =
        |more: &[&str]| run(folder.path(), &[&["check-draft", "draft.txt", "--engine", "rules"], more].concat());
    let (code, out, _) = check(&["--json"]);
    assert_eq!(code, 1);
    let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
    let statuses: Vec<&str> = rows.as_array().unwrap().iter().map(|r| r["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["verbatim", "someone-else", "other-words", "not-on-record"]);
    assert_eq!(rows[1]["claim"]["speaker"], "Rosa Delacourt");
    let (from, to) = (rows[0]["quotation"][0].as_u64().unwrap(), rows[0]["quotation"][1].as_u64().unwrap());
    let quoted: String = draft.chars().skip(from as usize).take((to - from) as usize).collect();
    assert!(quoted.starts_with("No household will be rationed this summer"), "{quoted}");
    assert_eq!(check(&["--fail-on", "none"]).0, 0);
}

#[test]
fn the_demonstration_shows_each_command_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        onrecord(folder.path()).env("TMPDIR", folder.path()).args(["demo", "--engine", "rules"]).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for line in ["$ onrecord add fixtures/articles", "$ onrecord speakers", "$ onrecord claims \"", "$ onrecord report"]
    {
        assert!(out.contains(line), "{line}: {out}");
    }
    assert!(out.contains("16 added") && out.contains("Helena Tarvas") && out.contains("Possible contradictions ("));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_article_and_a_claim_are_shown_in_full() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in"]);
    let (_, out, _) = run(folder.path(), &["claims", "vance", "--json"]);
    let claims: serde_json::Value = serde_json::from_str(&out).unwrap();
    let (id, article) = (claims[0]["id"].as_str().unwrap(), claims[0]["article"].as_str().unwrap());
    let (code, out, _) = run(folder.path(), &["show", id]);
    assert!(code == 0 && out.contains("“There will be no tolls on this bridge,” said Petra Vance"), "{out}");
    let (code, out, _) = run(folder.path(), &["show", &article[..8], "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, shown["id"].as_str().unwrap()), (0, article));
    assert_eq!(shown["attributions"][0]["id"].as_str().unwrap(), id);
    let (code, _, err) = run(folder.path(), &["show", "c999"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("Error: the record has no"), "{err}");
}

#[test]
fn a_speaker_is_shown_with_every_form_of_the_name_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let full = "“There will be no tolls,” said Petra Vance, the mayor of Oldport. “None,” Ms Vance added.";
    std::fs::write(folder.path().join("a.txt"), format!("Date: 2024-01-02\n\n{full}\n")).unwrap();
    std::fs::write(folder.path().join("b.txt"), "Date: 2024-02-03\n\nMayor Vance said the bridge would open in May.\n")
        .unwrap();
    run(folder.path(), &["add", "a.txt"]);
    run(folder.path(), &["add", "b.txt"]);
    let (_, out, _) = run(folder.path(), &["show", "Petra Vance", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    let names = shown["names"].as_array().unwrap();
    let form = |name: &str| names.iter().find(|n| n["name"] == name).unwrap_or_else(|| panic!("{name}: {out}"));
    assert_eq!(form("Petra Vance")["reasons"][0], "The first article that names this speaker.");
    assert_eq!(form("Vance")["articles"], 2);
    assert_eq!((form("Vance")["phrase"].as_str(), &form("Vance")["date"]), (Some("Ms Vance"), &"2024-01-02".into()));
    let (code, out, _) = run(folder.path(), &["show", "Petra Vance"]);
    assert!(code == 0 && out.contains("Because") && out.contains("Ms Vance"), "{out}");
}

#[test]
fn settings_name_outlets_and_options_win_over_them() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    let settings =
        "db = \"rec\"\nmin-confidence = 0.5\nengine = \"rules\"\n[outlets]\n\"mail.example\" = \"The Daily Mail\"\n";
    std::fs::write(folder.path().join("onrecord.toml"), settings).unwrap();
    assert_eq!(run(folder.path(), &["add", "in"]).0, 0);
    assert!(folder.path().join("rec").is_dir() && !folder.path().join("claims_db").exists());
    let (_, out, _) = run(folder.path(), &["claims", "vance", "--format", "csv"]);
    assert!(out.contains("The Daily Mail"), "{out}");
    let (_, out, _) = run(folder.path(), &["config", "--db", "other", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&shown["db"], &shown["engine"]), (&"other".into(), &"rules".into()));
    std::fs::write(folder.path().join("onrecord.toml"), "outlet = 3\n").unwrap();
    let (code, _, err) = run(folder.path(), &["speakers"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("Error: cannot read the settings in onrecord.toml") && err.contains("outlet"), "{err}");
}

#[test]
fn exchange_formats_carry_offsets_and_sources() {
    let folder = tempfile::tempdir().unwrap();
    articles(folder.path());
    run(folder.path(), &["add", "in"]);
    let (_, out, _) = run(folder.path(), &["claims", "vance", "--format", "annotations"]);
    let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(first["@context"], "http://www.w3.org/ns/anno.jsonld");
    assert_eq!(first["target"][0]["source"], "https://mail.example/a");
    assert_eq!(first["target"][0]["selector"][1]["type"], "TextQuoteSelector");
    let (_, out, _) = run(folder.path(), &["claims", "vance", "--format", "jsonld"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["@graph"][0]["appearance"]["publisher"]["name"], "The Mail");
    let (_, out, _) = run(folder.path(), &["claims", "vance", "--format", "csv"]);
    assert!(out.contains("'=Tolls"), "a title that is a formula is defused: {out}");
}

#[test]
fn adding_with_check_shows_what_the_new_article_contradicts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let article = |date: &str, outlet: &str, words: &str| {
        format!(
            "Outlet: {outlet}\nDate: {date}\nURL: https://{outlet}.example/{date}\n\n\
             “{words},” said Ann Poe, the roads minister.\n"
        )
    };
    std::fs::write(
        folder.join("a.txt"),
        article("2024-03-01", "courier", "There will be no tolls on this bridge, ever"),
    )
    .unwrap();
    std::fs::write(folder.join("b.txt"), article("2024-09-01", "mail", "There will be tolls on this bridge")).unwrap();
    let add = |file: &str, format: &str| {
        let (code, out, err) = run(folder, &["add", file, "--check", "--engine", "rules", "--format", format]);
        assert_eq!((code, err.as_str()), (0, ""), "{file}");
        out
    };
    let first = add("a.txt", "table");
    assert!(first.starts_with("1 added, 0 updated, 0 unchanged, 0 failed\n"), "{first}");
    assert!(first.contains("No possible contradictions found."), "{first}");
    let second: serde_json::Value = serde_json::from_str(&add("b.txt", "json")).unwrap();
    assert_eq!(second["added"], 1);
    let found = second["check"]["contradictions"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{second}");
    assert_eq!(found[0]["a"]["text"], "There will be no tolls on this bridge, ever");
    assert_eq!(found[0]["b"]["text"], "There will be tolls on this bridge");
    assert_eq!(found[0]["reasons"][0]["rule"], "opposite-polarity");
    // On record as it is: not read again, and nothing new to say.
    let again: serde_json::Value = serde_json::from_str(&add("b.txt", "json")).unwrap();
    assert_eq!((&again["unchanged"], &again["claims"]), (&1.into(), &0.into()));
    assert_eq!(again["check"]["contradictions"], serde_json::json!([]));
    let (code, out, _) = run(folder, &["add", "b.txt", "--format", "jsonl"]);
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &row["outcome"], &row["claims"]), (0, &"unchanged".into(), &1.into()));
}

#[test]
fn a_scenario_is_scored_from_its_articles() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("articles");
    std::fs::create_dir(&articles).unwrap();
    let article = |n: u32, words: &str| {
        format!("Outlet: Mail {n}\nDate: 2024-0{n}-01\nURL: https://mail.example/{n}\n\n“{words},” said Ann Poe.\n")
    };
    std::fs::write(articles.join("1.txt"), article(1, "There will be no tolls on this bridge")).unwrap();
    std::fs::write(articles.join("2.txt"), article(2, "There will be tolls on this bridge")).unwrap();
    let gold = serde_json::json!({
        "speakers": [{"name": "Ann Poe"}],
        "articles": [
            {"file": "1.txt", "attributions": [
                {"id": "a1", "speaker": "Ann Poe", "content": "There will be no tolls on this bridge", "kind": "direct"},
                {"id": "a2", "speaker": "Ann Poe", "content": "a claim that the article does not hold", "kind": "direct"}]},
            {"file": "2.txt", "attributions": [
                {"id": "a1", "speaker": "Bo Orr", "content": "There will be tolls on this bridge", "kind": "direct"}]}
        ],
        "contradictions": [{"a": {"file": "1.txt", "id": "a1"}, "b": {"file": "2.txt", "id": "a1"}}],
        "repeats": [{"a": {"file": "1.txt", "id": "a2"}, "b": {"file": "2.txt", "id": "a1"}}]
    });
    std::fs::write(folder.path().join("gold.json"), gold.to_string()).unwrap();
    let (code, out, err) = run(
        folder.path(),
        &["eval", "scenario", "gold.json", "articles", "--engine", "rules", "--misses", "--format", "json"],
    );
    assert_eq!(code, 0, "{err}");
    let scores: serde_json::Value = serde_json::from_str(&out).unwrap();
    let content = &scores["attributions"]["content"];
    assert_eq!((&content["tp"], &content["pred"], &content["gold"]), (&2.into(), &2.into(), &3.into()));
    assert_eq!(scores["attributions"]["who_and_what"]["tp"], 1);
    assert_eq!(scores["findings"]["contradictions"]["found"], 1);
    assert_eq!(scores["findings"]["repeats"]["found"], 0);
    assert_eq!(scores["candidates"]["contradictions"], serde_json::json!({"found": 1, "of": 1}));
    assert_eq!(scores["candidates"]["repeats"], serde_json::json!({"found": 0, "of": 0}));
    assert!(err.contains("1.txt missed [direct] Ann Poe: a claim that the article does not hold"), "{err}");
    assert!(err.contains("2.txt wrong speaker Ann Poe for Bo Orr"), "{err}");
}
