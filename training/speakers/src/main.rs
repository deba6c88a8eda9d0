//! Fits the curves of `attribution::coreference::certainty`: `train-speakers TRAIN.jsonl [READ.jsonl] [SEED]`.
//!
//! Labels come without people from articles whose attributions are labelled: a name is taken out of the text and a
//! pronoun, a bare surname or the speaker's role is put in its place; right is who is found again. A source that is a name
//! is right where the words of the name agree. An attribution that
//! names no source is right where it carries on with the speaker of the labelled attribution that it is a piece of.
//! `READ.jsonl` adds sources that were read one by one, `{"id", "source": [start, end], "means": [names]}` (see
//! [`labels`] for what may stand for a name): writers use pronouns where they are clear, so those decide how high a
//! curve lies, and the masked names how steep it is.
//! `train-speakers sample TRAIN.jsonl COUNT [SEED]` prints sources to read. The same input and seed give the same table.

mod curve;
mod labels;
mod masks;
mod random;
mod sample;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use labels::Labelled;
use onrecord::attribution::coreference::certainty::{Way, confidence};

/// Fixed, so that the same input makes the same curves.
const SEED: u64 = 42;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["sample", train, count] => sample::print(&labels::read(train)?, count.parse()?, SEED),
        ["sample", train, count, seed] => sample::print(&labels::read(train)?, count.parse()?, seed.parse()?),
        [train] => fit(train, None, SEED),
        [train, read] => fit(train, Some(read), SEED),
        [train, read, seed] => fit(train, Some(read), seed.parse()?),
        _ => Err("usage: train-speakers TRAIN.jsonl [READ.jsonl] [SEED]".into()),
    }
}

/// One answer of the resolver, and whether it was right.
#[derive(Clone, Debug)]
pub struct Example {
    pub way: Way,
    pub sureness: f32,
    pub right: bool,
    /// Whether the text was changed to get it.
    pub masked: bool,
}

fn fit(train: &str, read: Option<&str>, seed: u64) -> Result<(), Box<dyn Error>> {
    let articles = labels::read(train)?;
    let mut examples = masks::examples(&articles, seed);
    examples.extend(articles.iter().flat_map(labels::named));
    examples.extend(articles.iter().flat_map(labels::carried));
    if let Some(path) = read {
        examples.extend(labels::read_one_by_one(&articles, &fs::read_to_string(path)?)?);
    }
    let mut by_way: BTreeMap<Way, Vec<&Example>> = BTreeMap::new();
    for example in &examples {
        by_way.entry(example.way).or_default().push(example);
    }
    println!("const CURVES: [(Way, f32, f32); {}] = [", by_way.len());
    let mut curves = BTreeMap::new();
    for (way, examples) in &by_way {
        let (offset, slope) = curve::fit(examples);
        println!("    (Way::{way:?}, {offset:.3}, {slope:.3}),");
        curves.insert(*way, (offset, slope));
    }
    println!("];");
    for (way, examples) in &by_way {
        for masked in [false, true] {
            let own: Vec<&&Example> = examples.iter().filter(|e| e.masked == masked).collect();
            if !own.is_empty() {
                let right = own.iter().filter(|e| e.right).count();
                let kind = if masked { "masked" } else { "as published" };
                println!("{way:?} {kind}: {right} of {} right", own.len());
            }
        }
    }
    let natural: Vec<&Example> = examples.iter().filter(|e| !e.masked).collect();
    println!("as published, by today's curves:");
    curve::print_bins(natural.iter().map(|e| (confidence(e.way, e.sureness), e.right)));
    println!("as published, by the curves above:");
    curve::print_bins(natural.iter().map(|e| (curve::at(curves[&e.way], e.sureness), e.right)));
    Ok(())
}

/// Keeps the type of an article near to hand for the modules.
pub type Articles = [Labelled];
