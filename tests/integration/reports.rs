//! What a report shows of a speaker's claims, and as what.

use std::fs;

use super::cli::run;

#[test]
fn reports_of_one_utterance_differ_also_where_one_repeats_what_was_said_before() {
    let folder = tempfile::tempdir().unwrap();
    let article = |outlet: &str, date: &str, verb: &str| {
        let text = format!(
            "VALE — Jane Roe, the transport minister, spoke at length. The Vale tunnel {verb} finished in 2027, Jane Roe said."
        );
        let url = format!("https://{outlet}.example/1");
        serde_json::json!({"title": "The tunnel", "outlet": outlet, "date": date, "url": url, "text": text}).to_string()
    };
    let lines = [
        article("herald", "2023-01-10", "would not be"),
        article("courier", "2023-07-14", "would be"),
        article("post", "2023-07-14", "would not be"),
    ];
    fs::write(folder.path().join("in.jsonl"), lines.join("\n")).unwrap();
    assert_eq!(run(folder.path(), &["add", "-q", "in.jsonl"]).0, 0);
    let (_, out, _) = run(folder.path(), &["report", "--engine", "rules", "--format", "jsonl"]);
    let mut found: Vec<[String; 3]> = out
        .lines()
        .map(|line| {
            let finding: serde_json::Value = serde_json::from_str(line).unwrap();
            [&finding["kind"], &finding["a"]["outlet"], &finding["b"]["outlet"]]
                .map(|v| v.as_str().unwrap().to_string())
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [["contradiction", "herald", "courier"], ["repeat", "herald", "post"], ["reports_differ", "courier", "post"]]
    );
}

#[test]
fn what_is_denied_does_not_contradict_the_denial() {
    let folder = tempfile::tempdir().unwrap();
    let article = |outlet: &str, date: &str, said: &str| {
        let text = format!("VALE — Jane Roe, the transport minister, spoke at length. Jane Roe {said}.");
        let url = format!("https://{outlet}.example/1");
        serde_json::json!({"title": "The lobbyist", "outlet": outlet, "date": date, "url": url, "text": text})
            .to_string()
    };
    let lines = [
        article("herald", "2023-01-10", "said she never met the lobbyist"),
        article("courier", "2023-07-14", "denied that she had met the lobbyist"),
        article("post", "2023-09-02", "said she met the lobbyist twice in May"),
    ];
    fs::write(folder.path().join("in.jsonl"), lines.join("\n")).unwrap();
    assert_eq!(run(folder.path(), &["add", "-q", "in.jsonl"]).0, 0);
    let (_, out, _) = run(folder.path(), &["report", "--format", "jsonl"]);
    let between: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|finding| format!("{} {} {}", finding["kind"], finding["a"]["outlet"], finding["b"]["outlet"]))
        .collect();
    assert!(between.contains(&r#""repeat" "herald" "courier""#.to_string()), "{between:?}");
    assert!(!between.contains(&r#""contradiction" "herald" "courier""#.to_string()), "{between:?}");
}
