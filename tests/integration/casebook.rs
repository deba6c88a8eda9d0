//! Runs the cases of `tests/casebook/attributions.md`.

use onrecord::attribution::extract;
use onrecord::span::Span;
use onrecord::tagging::RuleTagger;
use onrecord::text::Document;

struct Case {
    name: String,
    text: String,
    expected: Vec<String>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            out.push(Case { name: name.to_string(), text: String::new(), expected: Vec::new() });
            continue;
        }
        let Some(case) = out.last_mut() else { continue };
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            case.text.push_str(line);
            case.text.push('\n');
        } else if let Some(row) = line.strip_prefix("- ") {
            case.expected.push(row.to_string());
        }
    }
    out
}

fn found(text: &str) -> Vec<String> {
    let joined = |spans: &[Span]| match spans {
        [] => "-".to_string(),
        spans => spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … "),
    };
    extract(&Document::parse(text, None), &RuleTagger)
        .iter()
        .map(|a| format!("{} | {} | {}", joined(&a.source), joined(&a.cue), joined(&a.content)))
        .collect()
}

#[test]
fn attributions_come_out_as_the_casebook_says() {
    let cases = cases(include_str!("../casebook/attributions.md"));
    let wrong: Vec<String> = cases
        .iter()
        .filter(|c| found(&c.text) != c.expected)
        .map(|c| format!("{}\n  expected {:#?}\n  found {:#?}", c.name, c.expected, found(&c.text)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
