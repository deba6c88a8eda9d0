//! Reads articles as JSON Lines (`{"id", "text", …}`) from standard input and writes their attributions, for the scorers.
//!
//! `cargo run --release --example attributions < articles.jsonl > attributions.jsonl`

use std::io::{BufRead, Write};

use onrecord::article::Article;
use onrecord::pipeline::extract;
use onrecord::span::CodePoints;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let mut row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().unwrap_or("").to_string();
        let title = row["title"].as_str().map(str::to_string);
        let points = CodePoints::new(&text);
        let found: Vec<serde_json::Value> = extract(Article { text: text.clone(), title, ..Article::default() })
            .attributions
            .iter()
            .map(|a| {
                serde_json::json!({"source": points.spans(&a.source), "cue": points.spans(&a.cue),
                    "content": points.spans(&a.content),
                    "speaker": a.speaker.as_ref().map(|s| s.name.clone()), "sure": a.speaker.as_ref().map(|s| s.confidence),
                    "sort": a.speaker.as_ref().map(|s| s.sort), "roles": a.speaker.as_ref().map(|s| s.roles.clone()),
                    "aliases": a.speaker.as_ref().map(|s| s.aliases.clone()), "kind": a.kind, "act": a.act, "confidence": a.confidence})
            })
            .collect();
        row["attributions"] = serde_json::Value::Array(found);
        writeln!(out, "{row}")?;
    }
    Ok(())
}
