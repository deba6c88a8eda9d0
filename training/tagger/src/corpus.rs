//! Reads PolNeAR and the silver layers, and lays both over our tokens.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::ops::Range;

use onrecord::span::CodePoints;
use onrecord::tagging::layers::{ENTITIES, PARTS, ROLES};
use onrecord::text::Document;
use serde_json::Value;

/// A label that silver does not give.
pub const UNKNOWN: u8 = u8::MAX;

/// One gold attribution, as token ranges.
pub struct Gold {
    pub source: Vec<Range<usize>>,
    pub cue: Vec<Range<usize>>,
    pub content: Vec<Range<usize>>,
}

/// One article with its gold and silver.
pub struct Article {
    pub document: Document<'static>,
    pub gold: Vec<Gold>,
    /// Part, entity, role of each token.
    pub silver: [Vec<u8>; 3],
}

/// One article as the corpus has it, and its silver layer.
pub struct Row {
    pub article: Value,
    pub silver: Value,
}

/// Reads the rows of a corpus and of its silver layer.
pub fn rows(gold: &str, silver: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut layers: HashMap<String, Value> = HashMap::new();
    for line in fs::read_to_string(silver)?.lines() {
        let mut row: Value = serde_json::from_str(line)?;
        layers.insert(row["id"].as_str().unwrap_or("").to_string(), row["t"].take());
    }
    let mut out = Vec::new();
    for line in fs::read_to_string(gold)?.lines() {
        let article: Value = serde_json::from_str(line)?;
        let silver = layers.remove(article["id"].as_str().unwrap_or("")).unwrap_or_default();
        out.push(Row { article, silver });
    }
    Ok(out)
}

/// Reads an article; its text is leaked, as it lives as long as the program.
pub fn read(row: &Row) -> Article {
    let text: &'static str = Box::leak(row.article["text"].as_str().unwrap_or("").to_string().into_boxed_str());
    let document = Document::read(text);
    let points = CodePoints::new(text);
    let spans = |value: &Value| -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for pair in value.as_array().into_iter().flatten() {
            let at = |n: usize| pair[n].as_u64().unwrap_or(0) as usize;
            if let Some(span) = points.to_span([at(0), at(1)]) {
                let tokens = document.tokens_in(span);
                match ranges.last_mut() {
                    Some(last) if last.end >= tokens.start => last.end = tokens.end.max(last.end),
                    _ if !tokens.is_empty() => ranges.push(tokens),
                    _ => {}
                }
            }
        }
        ranges
    };
    let gold = row.article["attributions"].as_array().into_iter().flatten();
    let gold = gold
        .map(|a| Gold { source: spans(&a["source"]), cue: spans(&a["cue"]), content: spans(&a["content"]) })
        .collect();
    let silver = lay(&document, &points, &row.silver);
    Article { document, gold, silver }
}

fn lay(document: &Document<'_>, points: &CodePoints<'_>, silver: &Value) -> [Vec<u8>; 3] {
    let mut out = [0; 3].map(|_| vec![UNKNOWN; document.tokens.len()]);
    for row in silver.as_array().into_iter().flatten() {
        let at = |n: usize| row[n].as_u64().unwrap_or(0) as usize;
        let Some(span) = points.to_span([at(0), at(1)]) else { continue };
        // The last piece of a hyphenated word speaks for it.
        for token in document.tokens_in(span) {
            let name = |n: usize| row[n].as_str().unwrap_or("");
            out[0][token] = position(&PARTS, part(name(2)));
            out[1][token] = position(&ENTITIES, entity(name(3)));
            out[2][token] = position(&ROLES, role(name(5)));
        }
    }
    out
}

fn position(labels: &[&str], label: &str) -> u8 {
    labels.iter().position(|l| *l == label).unwrap_or(0) as u8
}

fn part(tag: &str) -> &str {
    match tag {
        "''" | "``" => "\"",
        "WP$" => "WP",
        "RBR" | "RBS" => "RB",
        "PDT" => "DT",
        "HYPH" | ":" => ":",
        tag if PARTS.contains(&tag) => tag,
        _ => "SYM",
    }
}

fn entity(tag: &str) -> &str {
    match tag.split_once('-').map_or("", |(_, kind)| kind) {
        "LOC" | "FAC" => "GPE",
        "TIME" => "DATE",
        "MONEY" | "PERCENT" | "ORDINAL" | "QUANTITY" => "CARDINAL",
        kind if ENTITIES.contains(&kind) => kind,
        _ => "OTHER",
    }
}

fn role(relation: &str) -> &str {
    match relation {
        "csubj" => "nsubj",
        "csubjpass" => "nsubjpass",
        "oprd" => "attr",
        relation if ROLES.contains(&relation) => relation,
        _ => "other",
    }
}
