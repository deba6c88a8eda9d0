//! Reads articles as JSON Lines (`{"id", "text", …}`) from standard input and writes their attributions, for the scorers.
//!
//! `cargo run --release --example attributions < articles.jsonl > attributions.jsonl`

use std::io::{BufRead, Write};

use onrecord::attribution::extract;
use onrecord::span::CodePoints;
use onrecord::tagging::RuleTagger;
use onrecord::text::Document;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let mut row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().unwrap_or("").to_string();
        let title = row["title"].as_str().map(str::to_string);
        let document = Document::parse(&text, title.as_deref());
        let points = CodePoints::new(&text);
        let found: Vec<serde_json::Value> = extract(&document, &RuleTagger)
            .iter()
            .map(|a| {
                serde_json::json!({"source": points.spans(&a.source), "cue": points.spans(&a.cue),
                    "content": points.spans(&a.content), "kind": a.kind, "act": a.act, "confidence": a.confidence})
            })
            .collect();
        row["attributions"] = serde_json::Value::Array(found);
        writeln!(out, "{row}")?;
    }
    Ok(())
}
