//! Runs the cases of `tests/casebook/pairs.md`.

use onrecord::verdict::pair::Pair;
use onrecord::verdict::rules::{self, Toward};
use onrecord::verdict::{Statement, analyse};

/// What the rules say of a pair: `for` or `against` with the rule's name, or `nothing`.
fn found(a: &str, b: &str) -> Vec<String> {
    let statement = |text| Statement { text, ..Statement::default() };
    let (x, y) = (analyse(&statement(a)), analyse(&statement(b)));
    let pair = Pair::new(&x, a, &y, b);
    let evidence = rules::look(&pair);
    for e in &evidence {
        assert!(e.says.ends_with('.') && !e.says.contains(" lie"), "{}", e.says);
        assert!(e.a.iter().all(|s| !s.of(a).is_empty()) && e.b.iter().all(|s| !s.of(b).is_empty()), "{a} / {b}: {e:?}");
    }
    let mut rows: Vec<String> = evidence
        .iter()
        .map(|e| {
            let side = match e.toward {
                Toward::Repeat => "repeat",
                Toward::Contradict => "contradict",
                Toward::Veto => "veto",
            };
            format!("{side}: {}", e.rule)
        })
        .collect();
    if rows.is_empty() {
        rows.push("nothing".to_string());
    }
    rows
}

#[test]
fn rules_see_what_the_casebook_says() {
    let mut name = "";
    let mut texts: Vec<&str> = Vec::new();
    let mut cases: Vec<(&str, Vec<&str>, Vec<String>)> = Vec::new();
    for line in include_str!("../casebook/pairs.md").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            name = title;
            texts.clear();
        } else if let Some(text) = line.strip_prefix("> ") {
            texts.push(text);
            if texts.len() == 2 {
                cases.push((name, texts.clone(), Vec::new()));
            }
        } else if let (Some(row), Some(case)) = (line.strip_prefix("- "), cases.last_mut()) {
            case.2.push(row.to_string());
        }
    }
    assert!(!cases.is_empty());
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(_, t, expected)| found(t[0], t[1]) != *expected)
        .map(|(n, t, e)| format!("{n}\n  {} / {}\n  expected {e:?}\n  found    {:?}", t[0], t[1], found(t[0], t[1])))
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
