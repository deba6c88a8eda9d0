//! Measures what the readers take for the main text of pages: F1 of words against the text beside each page, and pages a second.
//!
//! `cargo run --release --example main_text -- FOLDER`, where every `name.html` has a `name.txt` with the text that a person
//! would call the article's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use onrecord::article::{Article, Limits, Source, read};

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "html") && path.with_extension("txt").exists())
        .collect();
    pages.sort();
    let mut total = 0.0;
    for page in &pages {
        let (Some(taken), Some(wanted)) = (article(page), article(&page.with_extension("txt"))) else {
            println!("0.000 {} (not read)", page.display());
            continue;
        };
        let f1 = f1(&words(&taken.text), &words(&wanted.text));
        total += f1;
        println!("{f1:.3} {}", page.display());
    }
    let rounds = 2000 / pages.len().max(1) + 1;
    let started = Instant::now();
    for _ in 0..rounds {
        for page in &pages {
            std::hint::black_box(article(page));
        }
    }
    let rate = (rounds * pages.len()) as f64 / started.elapsed().as_secs_f64();
    println!("mean {:.3} over {} pages; {rate:.0} pages a second", total / pages.len().max(1) as f64, pages.len());
}

fn article(path: &Path) -> Option<Article> {
    read(&Source::File(path.to_path_buf()), &Limits::default()).next()?.ok()
}

/// Counts the words of a text, in lower case.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

fn f1(taken: &BTreeMap<String, usize>, wanted: &BTreeMap<String, usize>) -> f64 {
    let common: usize = taken.iter().map(|(word, n)| wanted.get(word).map_or(0, |m| *n.min(m))).sum();
    let sizes: usize = taken.values().sum::<usize>() + wanted.values().sum::<usize>();
    2.0 * common as f64 / sizes.max(1) as f64
}
