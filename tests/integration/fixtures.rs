//! The fixtures agree with themselves: gold spans reproduce the words of the articles that the reader gives.

use std::collections::BTreeMap;
use std::path::PathBuf;

use onrecord::article::{Article, Found, Limits, read, sources};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn articles() -> BTreeMap<String, Article> {
    let mut articles = BTreeMap::new();
    for found in sources(&[folder().join("articles")]) {
        let Found::Source(source) = found.expect("the folder reads") else { panic!("a fixture is skipped") };
        for article in read(&source, &Limits::default()) {
            let article = article.expect("every fixture reads");
            articles.insert(article.name.clone(), article);
        }
    }
    articles
}

#[test]
fn every_article_has_its_header() {
    let articles = articles();
    let mut urls: Vec<&str> = articles.values().filter_map(|a| a.url.as_deref()).collect();
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), articles.len(), "each article has an address of its own");
    assert!(articles.len() >= 12);
    for (name, article) in &articles {
        assert!(article.outlet.is_some() && article.date.is_some() && article.title.is_some(), "{name}");
        assert!(!article.text.starts_with("Outlet:"), "{name}");
    }
    let geneva = &articles["16_dispatch_geneva-talks.txt"];
    assert_eq!(geneva.date, Some(jiff::civil::date(2016, 8, 26)));
    let herald = &articles["03_herald_orle-wire.txt"];
    assert_eq!(herald.url.as_deref(), Some("https://kestriaherald.example/news/orle-dam-pledge-40112"));
}

#[test]
fn gold_spans_reproduce_their_words() {
    let articles = articles();
    let gold = std::fs::read_to_string(folder().join("gold/extraction.jsonl")).unwrap();
    let findings: Value =
        serde_json::from_str(&std::fs::read_to_string(folder().join("gold/findings.json")).unwrap()).unwrap();
    for line in gold.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let id = row["id"].as_str().unwrap();
        let text = row["text"].as_str().unwrap();
        assert_eq!(articles[&format!("{id}.txt")].text, text, "{id}");
        let points: Vec<char> = text.chars().collect();
        let words = |span: &Value| -> String {
            let at = |i: usize| span[i].as_u64().unwrap() as usize;
            points[at(0)..at(1)].iter().collect()
        };
        // Every separate claim of the findings lies in a content of the same speaker, under the same cue and source.
        let file = format!("{id}.txt");
        let listed = findings["articles"].as_array().unwrap().iter().find(|a| a["file"] == file.as_str()).unwrap();
        for claim in listed["attributions"].as_array().unwrap() {
            let parts: Vec<&str> = match &claim["content"] {
                Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect(),
                part => part.as_str().into_iter().collect(),
            };
            let fits = row["attributions"].as_array().unwrap().iter().any(|a| {
                let list = |key: &str| -> Vec<String> { a[key].as_array().unwrap().iter().map(&words).collect() };
                a["speaker"] == claim["speaker"]
                    && list("source") == [claim["source"].as_str().unwrap()]
                    && list("cue") == [claim["cue"].as_str().unwrap()]
                    && parts.iter().all(|p| list("content").iter().any(|c| c.contains(p)))
            });
            assert!(fits, "{id}: {claim}");
        }
        for left_out in listed["non_claims"].as_array().unwrap() {
            assert!(text.contains(left_out["text"].as_str().unwrap()), "{id}: {left_out}");
        }
    }
}

#[test]
fn findings_name_claims_that_exist() {
    let findings: Value =
        serde_json::from_str(&std::fs::read_to_string(folder().join("gold/findings.json")).unwrap()).unwrap();
    let mut claims = BTreeMap::new();
    for article in findings["articles"].as_array().unwrap() {
        for claim in article["attributions"].as_array().unwrap() {
            claims.insert((article["file"].to_string(), claim["id"].to_string()), claim.clone());
        }
    }
    for list in ["repeats", "contradictions", "changed_position", "reports_differ", "not_contradictions", "ungraded"] {
        for finding in findings[list].as_array().unwrap() {
            let empty = Vec::new();
            let also = finding["also"].as_array().unwrap_or(&empty);
            for pair in std::iter::once(finding).chain(also) {
                for side in [&pair["a"], &pair["b"]] {
                    let claim = &claims[&(side["file"].to_string(), side["id"].to_string())];
                    assert_eq!(claim["content"], side["content"], "{list}");
                    if list != "not_contradictions" {
                        assert_eq!(claim["speaker"], finding["speaker"], "{list}: {side}");
                    }
                }
            }
        }
    }
}
