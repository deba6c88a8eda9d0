//! Trains the tagger: `train-tagger TRAIN.jsonl SILVER.jsonl CLUSTERS.tsv OUT.zst`; predicts with it alone: `train-tagger predict
//! MODEL.zst IN.jsonl [BIAS]`; runs the whole chain: `train-tagger extract rules|trained|joined IN.jsonl [MODEL.zst [BIAS]]`.
//!
//! Everything has a fixed seed; the same input makes the same weights.

mod calibration;
mod corpus;
mod crf;
mod perceptron;
mod random;
mod variants;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::ops::Range;

use corpus::{Article, Gold, Row};
use crf::{Sequence, Settings};
use onrecord::article::Article as Published;
use onrecord::pipeline::extract_with;
use onrecord::span::CodePoints;
use onrecord::tagging::crf_tagger::{CUE_LABELS, CrfTagger, Prepared, SPAN_LABELS, segments};
use onrecord::tagging::cue_features::{self, UNSEEN};
use onrecord::tagging::layers::{ENTITIES, Labels, PARTS, ROLES};
use onrecord::tagging::model::{LayerWeights, Model, Weights};
use onrecord::tagging::words::{Clusters, Word, words};
use onrecord::tagging::{JoinedTagger, RuleTagger, Tagger, hashing, span_features};
use perceptron::Example;
use random::Random;

const BITS: u32 = 17;

/// Chosen on dev: more cues cost precision on speech, fewer cost recall on all.
const CUE_BIAS: f32 = 0.3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["extract", engine, articles] => extract(engine, articles, CrfTagger::shipped()?),
        ["extract", engine, articles, model] => extract(engine, articles, &CrfTagger::read(&fs::read(model)?)?),
        ["extract", engine, articles, model, bias] => {
            let mut model = Model::read(&fs::read(model)?)?;
            model.cue_bias = bias.parse()?;
            extract(engine, articles, &CrfTagger::new(model))
        }
        ["predict", model, articles] => predict(model, articles, None),
        ["predict", model, articles, bias] => predict(model, articles, Some(bias.parse()?)),
        ["vary", seed, articles, silver] => vary(seed.parse()?, articles, silver),
        [train, silver, clusters, out] => run(train, silver, clusters, out),
        _ => Err("usage: train-tagger TRAIN.jsonl SILVER.jsonl CLUSTERS.tsv OUT.zst".into()),
    }
}

fn run(train: &str, silver: &str, clusters: &str, out: &str) -> Result<(), Box<dyn Error>> {
    // Each article stands beside a variant of it, so that both are on one side wherever the articles are divided.
    let mut random = Random(7);
    let mut articles = Vec::new();
    for row in corpus::rows(train, silver)? {
        let (article, silver) = variants::vary(&row.article, &row.silver, &mut random);
        articles.extend([corpus::read(&row), corpus::read(&Row { article, silver })]);
    }
    let mut stored_clusters = Vec::new();
    for line in fs::read_to_string(clusters)?.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [word, a, b, c] = fields[..] {
            stored_clusters.push((word.to_string(), [a.parse()?, b.parse()?, c.parse()?]));
        }
    }
    let lookup = Clusters(stored_clusters.iter().map(|(w, c)| (hashing::word(w), *c)).collect());
    let seen: Vec<Vec<Word>> = articles.iter().map(|a| words(&a.document, &lookup)).collect();
    let (layers, labels) = train_layers(&articles, &seen);
    let strengths = cue_strengths(&articles);
    let by_hash: HashMap<u64, u8> = strengths.iter().map(|(w, s)| (hashing::word(w), *s)).collect();
    let prepared: Vec<Prepared> = seen
        .into_iter()
        .zip(labels)
        .map(|(words, labels)| {
            let strength = words.iter().map(|w| by_hash.get(&w.lower).copied().unwrap_or(UNSEEN)).collect();
            Prepared { words, labels: Labels(labels.try_into().unwrap_or_default()), strength }
        })
        .collect();
    let chains = |numbers: &[usize]| {
        let chosen: Vec<(&Article, &Prepared)> = numbers.iter().map(|n| (&articles[*n], &prepared[*n])).collect();
        let settings =
            |labels, rounds| Settings { bits: BITS, labels, rounds, rate: 0.04, dropped: 0.45, least: 4, runs: 4 };
        eprintln!("first stage");
        let cues = crf::train(&cue_sequences(&chosen), &settings(CUE_LABELS, 5));
        eprintln!("second stage");
        (cues, crf::train(&span_sequences(&chosen), &settings(SPAN_LABELS, 4)))
    };
    let with = |(cues, spans), calibration| Weights {
        clusters: stored_clusters.clone(),
        strengths: strengths.clone(),
        layers: layers.clone(),
        cues,
        spans,
        cue_bias: CUE_BIAS,
        calibration,
    };
    // How sure is sure: learned on articles that the chains have not seen, every tenth.
    let is_held = |number: usize| number / 2 % 10 == 9;
    let part = |held: bool| -> Vec<usize> { (0..articles.len()).filter(|n| is_held(*n) == held).collect() };
    let trial = CrfTagger::new(Model::from_weights(with(chains(&part(false)), [0.0; 4]))?);
    let originals = part(true).into_iter().step_by(2);
    let calibration = calibration::fit(&trial, originals.map(|number| &articles[number]));
    eprintln!("calibration {calibration:?}");
    let all: Vec<usize> = (0..articles.len()).collect();
    fs::write(out, with(chains(&all), calibration).pack()?)?;
    Ok(())
}

/// Trains the layers; returns them and, for every training article, labels by a model that has not seen it.
fn train_layers(articles: &[Article], seen: &[Vec<Word>]) -> (Vec<LayerWeights>, Vec<Vec<Vec<u8>>>) {
    let mut below: Vec<Vec<Vec<u8>>> = vec![Vec::new(); articles.len()];
    let mut layers = Vec::new();
    for (number, labels) in [PARTS.len(), ENTITIES.len(), ROLES.len()].into_iter().enumerate() {
        let examples: Vec<Example<'_>> = (0..articles.len())
            .map(|i| Example { words: &seen[i], below: &below[i], gold: &articles[i].silver[number] })
            .collect();
        let half = examples.len() / 2;
        let first = perceptron::ready(&perceptron::train(&examples[..half], labels, 3));
        let second = perceptron::ready(&perceptron::train(&examples[half..], labels, 3));
        let whole = perceptron::train(&examples, labels, 4);
        drop(examples);
        let (mut right, mut all) = (0usize, 0usize);
        for i in 0..articles.len() {
            let model = if i < half { &second } else { &first };
            let found = model.label(&seen[i], &below[i]);
            for (found, gold) in found.iter().zip(&articles[i].silver[number]).filter(|(_, g)| **g != corpus::UNKNOWN) {
                right += usize::from(found == gold);
                all += 1;
            }
            below[i].push(found);
        }
        eprintln!("layer {number}: {:.4} of unseen labels right", right as f64 / all as f64);
        layers.push(whole);
    }
    (layers, below)
}

/// How often each word is part of a cue, in steps.
fn cue_strengths(articles: &[Article]) -> Vec<(String, u8)> {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for article in articles {
        let mut cue = vec![false; article.document.tokens.len()];
        for token in article.gold.iter().flat_map(|g| &g.cue).cloned().flatten() {
            cue[token] = true;
        }
        for (token, cue) in cue.into_iter().enumerate() {
            let count = counts.entry(article.document.word(token).to_lowercase()).or_default();
            count.0 += 1;
            count.1 += u32::from(cue);
        }
    }
    let step = |share: f32| [0.02, 0.08, 0.25, 0.5, 0.75].iter().filter(|s| share >= **s).count() as u8;
    let often = counts.into_iter().filter(|(_, (n, _))| *n >= 3);
    often.map(|(word, (n, cues))| (word, step((cues as f32 - 0.5) / n as f32))).collect()
}

fn mark(labels: &mut [u8], segment: &Range<usize>, spans: &[Range<usize>], begin: u8) {
    for span in spans {
        let mut inside = false;
        for token in span.start.max(segment.start)..span.end.min(segment.end) {
            let label = &mut labels[token - segment.start];
            if *label == 0 {
                *label = if inside { begin + 1 } else { begin };
                inside = true;
            } else {
                inside = false;
            }
        }
    }
}

fn cue_sequences(articles: &[(&Article, &Prepared)]) -> Vec<Sequence> {
    let mut out = Vec::new();
    for (article, prepared) in articles {
        for segment in segments(&article.document) {
            let mut sequence = Sequence { labels: vec![0; segment.len()], ..Sequence::default() };
            // Cues first: a cue that lies within another's content is still a cue.
            for gold in &article.gold {
                mark(&mut sequence.labels, &segment, &gold.cue, 3);
            }
            for gold in &article.gold {
                mark(&mut sequence.labels, &segment, &gold.source, 1);
                mark(&mut sequence.labels, &segment, &gold.content, 5);
            }
            let context = prepared.context(&article.document, &segment);
            cue_features::collect(&context, segment, BITS, |_, buckets| {
                sequence.buckets.extend_from_slice(buckets);
                sequence.ends.push(sequence.buckets.len() as u32);
            });
            out.push(sequence);
        }
    }
    out
}

fn span_sequences(articles: &[(&Article, &Prepared)]) -> Vec<Sequence> {
    let mut out = Vec::new();
    for (article, prepared) in articles {
        for segment in segments(&article.document) {
            let within =
                |gold: &&Gold| gold.cue.first().is_some_and(|c| segment.start <= c.start && c.end <= segment.end);
            let golds: Vec<&Gold> = article.gold.iter().filter(within).collect();
            let cues: Vec<Range<usize>> = golds.iter().filter_map(|g| g.cue.first().cloned()).collect();
            let context = prepared.context(&article.document, &segment);
            for (gold, cue) in golds.iter().zip(&cues) {
                let mut sequence = Sequence { labels: vec![0; segment.len()], ..Sequence::default() };
                mark(&mut sequence.labels, &segment, &gold.source, 1);
                mark(&mut sequence.labels, &segment, &gold.content, 3);
                span_features::collect(&context, segment.clone(), cue, &cues, BITS, |_, buckets| {
                    sequence.buckets.extend_from_slice(buckets);
                    sequence.ends.push(sequence.buckets.len() as u32);
                });
                out.push(sequence);
            }
        }
    }
    out
}

/// Prints a variant of each article, to see how well a model stands other styles.
fn vary(seed: u64, articles: &str, silver: &str) -> Result<(), Box<dyn Error>> {
    let mut random = Random(seed);
    for row in corpus::rows(articles, silver)? {
        println!("{}", variants::vary(&row.article, &row.silver, &mut random).0);
    }
    Ok(())
}

fn predict(model: &str, articles: &str, bias: Option<f32>) -> Result<(), Box<dyn Error>> {
    let mut model = Model::read(&fs::read(model)?)?;
    model.cue_bias = bias.unwrap_or(model.cue_bias);
    let tagger = CrfTagger::new(model);
    for line in fs::read_to_string(articles)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or("");
        let points = CodePoints::new(text);
        let found = tagger.tag(&onrecord::text::Document::read(text));
        let found: Vec<_> = found
            .iter()
            .map(|a| serde_json::json!({"source": points.spans(&a.source), "cue": points.spans(&a.cue), "content": points.spans(&a.content), "score": a.score}))
            .collect();
        println!("{}", serde_json::json!({"id": row["id"], "attributions": found}));
    }
    Ok(())
}

/// Prints what the whole chain makes of articles with the engine `rules`, `trained` or `joined`; a number is the least score that the joined one believes.
fn extract(engine: &str, articles: &str, trained: &CrfTagger) -> Result<(), Box<dyn Error>> {
    let joined = JoinedTagger::new(trained);
    let joined = match engine.parse() {
        Ok(least) => joined.with_least_score(least),
        Err(_) => joined,
    };
    let tagger: &dyn Tagger = match engine {
        "rules" => &RuleTagger,
        "trained" => trained,
        _ => &joined,
    };
    for line in fs::read_to_string(articles)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| row[name].as_str().map(str::to_string);
        let article = Published {
            text: field("text").unwrap_or_default(),
            title: field("title"),
            byline: field("byline"),
            ..Published::default()
        };
        let found = extract_with(tagger, article);
        let points = CodePoints::new(&found.article.text);
        let attributions: Vec<_> = found
            .attributions
            .iter()
            .map(|a| {
                serde_json::json!({"source": points.spans(&a.source), "cue": points.spans(&a.cue), "content": points.spans(&a.content),
                    "speaker": a.speaker.as_ref().map(|s| &s.name), "speaker_confidence": a.speaker.as_ref().map(|s| s.confidence), "kind": a.kind, "act": a.act, "confidence": a.confidence})
            })
            .collect();
        println!(
            "{}",
            serde_json::json!({"id": row["id"], "url": row["url"], "title": row["title"], "text": found.article.text, "attributions": attributions})
        );
    }
    Ok(())
}
