//! Trains the cheap judge of pairs: gradient-boosted trees over `onrecord::verdict::features`.
//!
//! ```text
//! train-pairs words FILE…                         > src/lexicon/en/common_words.tsv
//! train-pairs train TREES.tsv [FILE…] [--rounds N] [--natural FILE]   writes the trees, prints what they weigh
//! train-pairs judge FILE [WEIGHTS]                one line a pair with the scores of the trees that ship
//! ```
//! Files are JSONL rows with `a`, `b`, `label`. No randomness: the same files give the same trees.

mod boost;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use onrecord::claim::assertion::Assertion;
use onrecord::encoder::Encoder;
use onrecord::verdict::features::{self, COUNT};
use onrecord::verdict::{Label, Statement, analyse, as_read, judge_analysed, pair::Pair, rules};

struct Row {
    id: String,
    a: String,
    b: String,
    cue_a: Option<String>,
    cue_b: Option<String>,
    label: usize,
}

fn read(path: &str) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.lines()
        .filter_map(|line| {
            let v: serde_json::Value = serde_json::from_str(line).ok()?;
            let s = |k: &str| v[k].as_str().map(str::to_string);
            let label = match v["label"].as_str() {
                Some("repeat") => 0,
                Some("contradict") => 1,
                _ => 2,
            };
            Some(Row {
                id: s("id").unwrap_or_default(),
                a: s("a")?,
                b: s("b")?,
                cue_a: s("cue_a"),
                cue_b: s("cue_b"),
                label,
            })
        })
        .collect()
}

fn analysed(row: &Row) -> (Assertion, Assertion) {
    let statement = |text, cue| analyse(&Statement { text, cue, ..Statement::default() });
    (statement(&row.a, row.cue_a.as_deref()), statement(&row.b, row.cue_b.as_deref()))
}

fn describe(row: &Row) -> [f32; COUNT] {
    let (a, b) = analysed(row);
    let pair = Pair::new(&a, &row.a, &b, &row.b);
    features::of(&pair, &rules::look(&pair))
}

fn words(paths: &[String]) {
    let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut total = 0usize;
    for row in paths.iter().flat_map(|p| read(p)) {
        for text in [&row.a, &row.b] {
            total += 1;
            let found = onrecord::claim::words::split(text);
            let mut stems = BTreeSet::new();
            for w in found.iter().filter(|w| {
                w.class == onrecord::claim::words::Class::Content && w.lemma.chars().all(|c| c.is_ascii_lowercase())
            }) {
                if stems.insert(w.lemma.clone()) {
                    let entry = seen.entry(w.lemma.clone()).or_insert((0, w.span.of(text).to_lowercase()));
                    entry.0 += 1;
                }
            }
        }
    }
    println!("# How telling a stem is, from 0 (common) to 1 (rare); stems that are not here count 1.");
    println!(
        "# Counted by training/pairs over the statements written for this project; licence as the project (MIT OR Apache-2.0)."
    );
    println!("stem\tweight\texample");
    for (stem, (count, example)) in seen.into_iter().filter(|(_, (n, _))| *n >= 12) {
        let weight = ((total as f64 / count as f64).ln() / (total as f64 / 6.0).ln()).clamp(0.15, 1.0);
        println!("{stem}\t{weight:.2}\t{example}");
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("words") => words(&args[1..]),
        Some("judge") => {
            let rows = read(&args[1]);
            let encoder = args.get(2).map(|p| {
                Encoder::from_bytes(fs::read(p).expect("the weights are there").leak()).expect("the weights are sound")
            });
            let analysed: Vec<_> = rows.iter().map(analysed).collect();
            let encoded = encoder.as_ref().map(|encoder| {
                let read = |(row, (a, b)): (&Row, &(Assertion, Assertion))| {
                    [as_read(a, &row.a).into_owned(), as_read(b, &row.b).into_owned()]
                };
                let read: Vec<[String; 2]> = rows.iter().zip(&analysed).map(read).collect();
                let texts: Vec<(&str, &str)> = read.iter().map(|[a, b]| (a.as_str(), b.as_str())).collect();
                encoder.score_pairs(&texts)
            });
            for (n, (row, (a, b))) in rows.iter().zip(&analysed).enumerate() {
                let cheap = judge_analysed(a, &row.a, b, &row.b, None);
                let e = encoded.as_ref().map(|e| e[n]);
                let v = e.map_or_else(|| cheap.clone(), |e| judge_analysed(a, &row.a, b, &row.b, Some(e)));
                let raw = e.map(|e| [e.repeat, e.contradict]);
                let label = match v.label {
                    Label::Repeat => "repeat",
                    Label::Contradict => "contradict",
                    Label::Neutral => "neutral",
                };
                let s = v.scores;
                println!(
                    "{}",
                    serde_json::json!({"id": row.id, "label": label, "c": s.contradict, "r": s.repeat, "cheap": [cheap.scores.repeat, cheap.scores.contradict], "encoder": raw,
                        "scores": {"repeat": s.repeat, "contradict": s.contradict, "neutral": s.neutral}, "reasons": v.reasons.iter().map(|r| r.says.clone()).collect::<Vec<_>>()})
                );
            }
        }
        Some("train") => {
            let rounds = args
                .iter()
                .position(|a| a == "--rounds")
                .and_then(|i| args.get(i + 1))
                .and_then(|n| n.parse().ok())
                .unwrap_or(150);
            let mut rows: Vec<([f32; COUNT], usize, f32)> = Vec::new();
            for path in args[2..].iter().filter(|p| p.ends_with(".jsonl")) {
                // What was written for this project counts most; a tenth of the natural pairs is kept out.
                let weight = if path.contains("authored") {
                    1.0
                } else if path.contains("natural") {
                    0.5
                } else {
                    0.15
                };
                for (n, row) in read(path).iter().enumerate() {
                    if path.contains("natural") && n % 10 == 0 {
                        continue;
                    }
                    rows.push((describe(row), row.label, weight));
                }
            }
            eprintln!("{} pairs, {COUNT} features", rows.len());
            let text = boost::train(&rows, rounds);
            fs::write(&args[1], text).expect("the trees are written");
        }
        _ => eprintln!("usage: train-pairs words|train|judge …"),
    }
}
