//! What a report shows of a speaker's claims, and as what.

use std::fs;

use super::cli::run;

/// Adds articles of (outlet, date, title, what follows the introduction of Jane Roe) and returns the kind and the outlets of every
/// finding that a report with these options shows, sorted.
fn reported(articles: [(&str, &str, &str, &str); 3], options: &[&str]) -> Vec<[String; 3]> {
    let folder = tempfile::tempdir().unwrap();
    let lines = articles.map(|(outlet, date, title, said)| {
        let text = format!("VALE — Jane Roe, the transport minister, spoke at length. {said}.");
        let url = format!("https://{outlet}.example/1");
        serde_json::json!({"title": title, "outlet": outlet, "date": date, "url": url, "text": text}).to_string()
    });
    fs::write(folder.path().join("in.jsonl"), lines.join("\n")).unwrap();
    assert_eq!(run(folder.path(), &["add", "-q", "in.jsonl"]).0, 0);
    let (_, out, _) = run(folder.path(), &[&["report", "--format", "jsonl"], options].concat());
    let mut found: Vec<[String; 3]> = out
        .lines()
        .map(|line| {
            let finding: serde_json::Value = serde_json::from_str(line).unwrap();
            [&finding["kind"], &finding["a"]["outlet"], &finding["b"]["outlet"]]
                .map(|v| v.as_str().unwrap().to_string())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn reports_of_one_utterance_differ_also_where_one_repeats_what_was_said_before() {
    let found = reported(
        [
            ("herald", "2023-01-10", "The tunnel", "The Vale tunnel would not be finished in 2027, Jane Roe said"),
            ("courier", "2023-07-14", "The tunnel", "The Vale tunnel would be finished in 2027, Jane Roe said"),
            ("post", "2023-07-14", "The tunnel", "The Vale tunnel would not be finished in 2027, Jane Roe said"),
        ],
        &["--engine", "rules"],
    );
    assert_eq!(
        found,
        [["contradiction", "herald", "courier"], ["repeat", "herald", "post"], ["reports_differ", "courier", "post"]]
    );
}

#[test]
fn what_is_denied_does_not_contradict_the_denial() {
    let found = reported(
        [
            ("herald", "2023-01-10", "The lobbyist", "Jane Roe said she never met the lobbyist"),
            ("courier", "2023-07-14", "The lobbyist", "Jane Roe denied that she had met the lobbyist"),
            ("post", "2023-09-02", "The lobbyist", "Jane Roe said she met the lobbyist twice in May"),
        ],
        &[],
    );
    let between = |kind: &str| found.iter().any(|finding| *finding == [kind, "herald", "courier"]);
    assert!(between("repeat"), "{found:?}");
    assert!(!between("contradiction"), "{found:?}");
}

#[test]
fn one_object_of_two_verbs_is_no_repeat() {
    let articles = [
        ("herald", "2023-01-10", "The ferry", "Jane Roe praised the contract with the ferry company"),
        ("courier", "2023-07-14", "The ferry", "Jane Roe denounced the contract with the ferry company"),
        ("post", "2023-09-02", "The ferry", "Jane Roe has praised the contract with the ferry company"),
    ];
    let found = reported(articles, &[]);
    assert_eq!(found, [["contradiction", "herald", "courier"], ["repeat", "herald", "post"]]);
    // Without the encoder nobody knows whether the verbs agree.
    assert_eq!(reported(articles, &["--engine", "rules"]), [["repeat", "herald", "post"]]);
}
