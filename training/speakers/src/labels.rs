//! Labelled articles, and the labels that need no change of their text.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs;

use onrecord::article::Article;
use onrecord::attribution::coreference::{Reading, readings};
use onrecord::attribution::{Act, Attribution, Kind, Sort};
use onrecord::lexicon::names;
use onrecord::pipeline;
use onrecord::span::{CodePoints, Span};
use onrecord::text::Document;
use serde_json::Value;

use crate::Example;
use onrecord::attribution::coreference::certainty::Way;

/// An article with its attributions, and whom the resolver takes their sources for.
pub struct Labelled {
    pub id: String,
    pub text: String,
    pub title: Option<String>,
    pub attributions: Vec<Attribution>,
    pub readings: Vec<Option<Reading>>,
}

/// Reads articles, one a line, offsets in code points.
pub fn read(path: &str) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let mut out = Vec::new();
    for line in fs::read_to_string(path)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or("").to_string();
        let points = CodePoints::new(&text);
        let spans = |value: &Value| -> Vec<Span> {
            let pairs = value.as_array().into_iter().flatten();
            let at = |pair: &Value, n: usize| pair[n].as_u64().unwrap_or(0) as usize;
            pairs.filter_map(|pair| points.to_span([at(pair, 0), at(pair, 1)])).collect()
        };
        let all = row["attributions"].as_array().into_iter().flatten();
        let mut attributions: Vec<Attribution> = all
            .map(|a| Attribution {
                source: spans(&a["source"]),
                cue: spans(&a["cue"]),
                content: spans(&a["content"]),
                speaker: None,
                kind: Kind::Indirect,
                act: Act::Speech,
                confidence: 1.0,
            })
            .collect();
        attributions.sort_by(|a, b| (&a.content, &a.cue, &a.source).cmp(&(&b.content, &b.cue, &b.source)));
        let title = row["title"].as_str().map(str::to_string);
        let found = {
            let document = Document::parse(&text, title.as_deref());
            readings(&document, title.as_deref(), &attributions)
        };
        out.push(Labelled {
            id: row["id"].as_str().unwrap_or("").to_string(),
            text,
            title,
            attributions,
            readings: found,
        });
    }
    Ok(out)
}

fn covered(inner: &[Span], outer: &[Span]) -> f64 {
    let length: u32 = inner.iter().map(|s| s.end - s.start).sum();
    let pairs = inner.iter().flat_map(|a| outer.iter().map(move |b| (a, b)));
    let common: u32 = pairs.map(|(a, b)| a.end.min(b.end).saturating_sub(a.start.max(b.start))).sum();
    f64::from(common) / f64::from(length.max(1))
}

/// Attributions without a source that the engine carries on, where the labels show of what they are a piece.
pub fn carried(article: &Labelled) -> Vec<Example> {
    let published = Article { text: article.text.clone(), title: article.title.clone(), ..Article::default() };
    let found = pipeline::extract(published).attributions;
    let document = Document::parse(&article.text, article.title.as_deref());
    let own = readings(&document, article.title.as_deref(), &found);
    let mut out = Vec::new();
    for (attribution, reading) in found.iter().zip(own) {
        let Some(reading) = reading.filter(|r| r.way == Way::Carried) else { continue };
        let gold = article.attributions.iter().zip(&article.readings);
        let Some((gold, meant)) = gold
            .filter(|(g, _)| covered(&attribution.content, &g.content) > 0.8)
            .min_by_key(|(g, _)| g.content.iter().map(|s| s.end - s.start).sum::<u32>())
        else {
            continue;
        };
        let sure = meant.as_ref().filter(|m| matches!(m.way, Way::FullName | Way::ShortName | Way::OnlyName));
        match (gold.source.is_empty(), sure) {
            (true, _) => out.push((reading, false)),
            (false, Some(meant)) => {
                let right = meant.referent.name == reading.referent.name;
                out.push((reading, right));
            }
            (false, None) => {}
        }
    }
    out.into_iter()
        .map(|(reading, right)| Example { way: reading.way, sureness: reading.sureness, right, masked: false })
        .collect()
}

/// Sources that are a name, with a title or without: right is who has all of its words in the name, or with whose name it
/// ends; a bare surname is looked at where
/// the article's sources give it to one person in full.
pub fn named(article: &Labelled) -> Vec<Example> {
    let mut out = Vec::new();
    let full: BTreeSet<&str> = article
        .readings
        .iter()
        .flatten()
        .filter(|r| r.way == Way::FullName && is_full_person(r))
        .map(|r| r.referent.name.as_str())
        .collect();
    for (attribution, reading) in article.attributions.iter().zip(&article.readings) {
        let ([source], Some(reading)) = (&attribution.source[..], reading) else { continue };
        let words: Vec<&str> = source.of(&article.text).split_whitespace().collect();
        let capital = |w: &&str| w.chars().next().is_some_and(char::is_uppercase);
        let bare: Vec<&str> =
            words.iter().copied().filter(|w| names::title(&names::fold(w.trim_end_matches('.'))).is_none()).collect();
        // Of a body, or of what somebody has, the words do not show who is meant.
        let plain = words.iter().all(|w| w.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-')));
        let person = words.iter().all(|w| !names::is_function_word(&names::fold(w)));
        if !words.iter().all(capital)
            || words.len() > 5
            || bare.first().is_some_and(|w| w.len() < 2)
            || !plain
            || !person
        {
            continue;
        }
        let right = match bare[..] {
            [] => continue,
            [surname] => {
                let mut holders = full.iter().filter(|name| name.rsplit(' ').next() == Some(surname));
                let (Some(only), None) = (holders.next(), holders.next()) else { continue };
                reading.referent.name == **only
            }
            // `Jane Roe` for Jane Ann Roe, and `Harbour Minister Jane Roe` for Jane Roe.
            _ => {
                let given: Vec<String> = bare.iter().map(|w| names::fold(w)).collect();
                let found: Vec<String> = reading.referent.name.split(' ').map(names::fold).collect();
                given.iter().all(|w| found.contains(w)) || given.ends_with(&found)
            }
        };
        out.push(Example { way: reading.way, sureness: reading.sureness, right, masked: false });
    }
    out
}

/// Sources that were read one by one.
pub fn read_one_by_one(articles: &[Labelled], rows: &str) -> Result<Vec<Example>, Box<dyn Error>> {
    let by_id: HashMap<&str, &Labelled> = articles.iter().map(|a| (a.id.as_str(), a)).collect();
    let mut out = Vec::new();
    for line in rows.lines().filter(|l| !l.trim().is_empty()) {
        let row: Value = serde_json::from_str(line)?;
        let Some(article) = by_id.get(row["id"].as_str().unwrap_or("")) else { continue };
        let points = CodePoints::new(&article.text);
        let at = |n: usize| row["source"][n].as_u64().unwrap_or(0) as usize;
        let Some(span) = points.to_span([at(0), at(1)]) else { continue };
        let place = article.attributions.iter().position(|a| a.source.first() == Some(&span));
        let Some(reading) = place.and_then(|p| article.readings[p].as_ref()) else { continue };
        let names: Vec<&str> = row["means"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let right = names.iter().any(|n| same(n, reading));
        out.push(Example { way: reading.way, sureness: reading.sureness, right, masked: false });
    }
    Ok(out)
}

/// Tells whether a reading means who goes by `name`: the whole name or its last word; `~word` is a word of it, `-` anybody
/// described and not named, `?` nobody whom it could mean.
fn same(name: &str, reading: &Reading) -> bool {
    let plain = |s: &str| s.to_lowercase().replace('’', "'");
    let (name, found) = (plain(name), plain(&reading.referent.name));
    match name.strip_prefix('~') {
        Some(word) => found.contains(word),
        None if name == "-" => reading.way == Way::Description,
        None => found == name || found.rsplit(' ').next() == Some(name.as_str()),
    }
}

/// Tells whether a reading names a person in full.
pub fn is_full_person(reading: &Reading) -> bool {
    reading.referent.sort == Sort::Person && reading.referent.name.split(' ').count() > 1
}
