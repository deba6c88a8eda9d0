//! Scores pairs of statements with the encoder: JSON lines with `id`, `a`, `b` on standard input, `id`, `c`, `r` out.
//!
//! `cargo run --release --example score_pairs [WEIGHTS] < pairs.jsonl > scores.jsonl`: for measuring the judge alone.

use onrecord::encoder::Encoder;
use std::io::{BufRead, Write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let encoder = match std::env::args().nth(1) {
        Some(path) => Encoder::from_bytes(std::fs::read(path)?.leak())?,
        None => Encoder::load()?,
    };
    let loaded = start.elapsed();
    let mut rows = Vec::new();
    for line in std::io::stdin().lock().lines() {
        rows.push(serde_json::from_str::<serde_json::Value>(&line?)?);
    }
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let texts: Vec<(String, String)> = rows.iter().map(|r| (text(r, "a"), text(r, "b"))).collect();
    let pairs: Vec<(&str, &str)> = texts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let start = Instant::now();
    let scores = encoder.score_pairs(&pairs);
    let took = start.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    for (row, s) in rows.iter().zip(&scores) {
        let pred = if s.contradict >= s.repeat && s.contradict >= s.neutral {
            "contradict"
        } else if s.repeat >= s.neutral {
            "repeat"
        } else {
            "neutral"
        };
        writeln!(out, "{}", serde_json::json!({"id": row["id"], "c": s.contradict, "r": s.repeat, "pred": pred}))?;
    }
    eprintln!(
        "loaded in {loaded:.2?}; {} pairs in {took:.1} s, {:.1} a second",
        pairs.len(),
        pairs.len() as f64 / took
    );
    let start = Instant::now();
    let statements: Vec<&str> = pairs.iter().map(|p| p.0).collect();
    encoder.vectors(&statements);
    eprintln!("{:.0} vectors a second", statements.len() as f64 / start.elapsed().as_secs_f64());
    Ok(())
}
