//! `eval scenario`: the whole chain over a folder of articles, against who said what there and what goes with what.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use super::wrong;
use crate::article::{self, Article, Limits, Source};
use crate::attribution::Kind;
use crate::claim::Claim;
use crate::cli::engine::Engine;
use crate::cli::filter::KindFilter;
use crate::cli::{CommandError, Exit, Format, Outcome, Session, inputs, mistake, record, report};
use crate::consistency;
use crate::eval::EvalError;
use crate::eval::scenario::{
    AttributionScores, FindingScores, PredictedAttribution, PredictedFinding, Scenario, score_attributions,
    score_findings,
};
use crate::matching;
use crate::pipeline::Extraction;
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::store::Record;
use crate::verdict::FindingKind;

/// Candidates a claim at which their recall is measured.
const CANDIDATES: usize = 20;

/// What to read, and who judges.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// JSON: `speakers`, `articles` with their attributions, and the findings by kind
    gold: PathBuf,
    /// The folder of the articles that the gold names
    articles: PathBuf,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Lists what was missed and what was found in vain
    #[arg(long)]
    misses: bool,
}

/// All figures on a scenario.
#[derive(Serialize)]
struct Scores {
    attributions: AttributionScores,
    findings: BTreeMap<String, FindingScores>,
    candidates: BTreeMap<&'static str, CandidateScores>,
}

/// How many of the findings whose claims were both read are among the candidates.
#[derive(Serialize)]
struct CandidateScores {
    found: usize,
    of: usize,
}

/// Reads, judges and prints the figures.
pub fn run(args: &ScenarioArgs, session: &mut Session) -> Outcome {
    let format = session.format("eval scenario", &[Format::Table, Format::Json])?;
    let file = args.gold.display().to_string();
    let gold: Scenario = serde_json::from_str(&inputs::text(&args.gold)?)
        .map_err(|error| CommandError::new(format!("cannot read {file}")).because(&error))?;
    if gold.articles.is_empty() {
        return Err(wrong(EvalError::Empty(file)));
    }
    let mut read: BTreeMap<String, Extraction> = BTreeMap::new();
    for labelled in &gold.articles {
        let article = first_article(&args.articles.join(&labelled.file))?;
        read.insert(labelled.file.clone(), mistake::extract(article)?);
    }
    let attributions = read.iter().map(|(file, extraction)| (file.clone(), predicted(extraction))).collect();
    let attributions = score_attributions(&gold, &attributions);

    let store = Record::in_memory();
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (file, extraction) in &read {
        store.add(extraction, 0)?;
        files.entry(extraction.article.url.as_deref().unwrap_or("")).or_default().push(file.clone());
    }
    let mut claims = Vec::new();
    for speaker in store.speakers()? {
        claims.push(record::claims_of(&store, speaker.id, |claim| KindFilter::default().takes(&claim.attribution))?);
    }
    let side = |claim: &Claim| {
        (files.get(claim.url.as_deref().unwrap_or("")).cloned().unwrap_or_default(), claim.text.clone())
    };
    let found = report::find(&store, &claims, None, |_| true, args.engine, session)?;
    let predictions: Vec<PredictedFinding> = (found.findings.iter())
        .map(|f| PredictedFinding { kind: plural(f.kind).to_string(), a: side(&f.a), b: side(&f.b) })
        .collect();
    let (findings, misses) = score_findings(&gold, &predictions);

    // Every pair stands for the findings that were in reach at all.
    let (mut ranked, mut all) = (Vec::new(), Vec::new());
    for own in &claims {
        let assertions: Vec<_> = own.iter().map(consistency::assertion_of).collect();
        let pair = |first: usize, second: usize| (side(&own[first]), side(&own[second]));
        ranked.extend(matching::ranked(own, &assertions, CANDIDATES).iter().map(|c| pair(c.first, c.second)));
        all.extend((0..own.len()).flat_map(|first| (first + 1..own.len()).map(move |second| pair(first, second))));
    }
    let candidates = [FindingKind::Contradiction, FindingKind::Repeat]
        .map(|kind| {
            let hits = |pairs: &[(Side, Side)]| {
                let of_kind = |(a, b): &(Side, Side)| PredictedFinding {
                    kind: plural(kind).to_string(),
                    a: a.clone(),
                    b: b.clone(),
                };
                let predictions: Vec<PredictedFinding> = pairs.iter().map(of_kind).collect();
                score_findings(&gold, &predictions).0.get(plural(kind)).map_or(0, |scores| scores.found)
            };
            (plural(kind), CandidateScores { found: hits(&ranked), of: hits(&all) })
        })
        .into_iter()
        .collect();

    let scores = Scores { attributions, findings, candidates };
    match format {
        Format::Json => session.print_json(&Row::new(&scores))?,
        _ => print(&scores, session)?,
    }
    if args.misses {
        for line in scores.attributions.misses.iter().chain(&misses) {
            session.note(line);
        }
    }
    Ok(Exit::Done)
}

/// Where a claim stands and what it says.
type Side = (Vec<String>, String);

fn plural(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Contradiction => "contradictions",
        FindingKind::ChangedPosition => "changed_positions",
        FindingKind::ReportsDiffer => "reports_differ",
        FindingKind::Repeat => "repeats",
    }
}

/// Reads the one article of a file.
fn first_article(path: &std::path::Path) -> Result<Article, CommandError> {
    let source = Source::File(path.to_path_buf());
    let mut articles = article::read(&source, &Limits::default());
    match articles.next() {
        Some(article) => {
            article.map_err(|error| CommandError::new(format!("cannot read {}", path.display())).because(&error))
        }
        None => Err(CommandError::new(format!("{} holds no article", path.display()))),
    }
}

fn predicted(Extraction { article, attributions }: &Extraction) -> Vec<PredictedAttribution> {
    let mut predicted = Vec::with_capacity(attributions.len());
    for attribution in attributions {
        let pieces: Vec<&str> = attribution.content.iter().map(|span| span.of(&article.text)).collect();
        predicted.push(PredictedAttribution {
            speaker: attribution.speaker.as_ref().map(|s| s.name.clone()),
            content: pieces.join(" "),
            kind: match attribution.kind {
                Kind::Direct => "direct",
                Kind::Indirect => "indirect",
                Kind::Mixed => "mixed",
            }
            .to_string(),
        });
    }
    predicted
}

fn print(scores: &Scores, session: &mut Session) -> Result<(), CommandError> {
    let mut measures = Grid::new()
        .column("Measure", Fit::Fixed, Style::new())
        .column("Precision", Fit::Number, Style::new())
        .column("Recall", Fit::Number, Style::new())
        .column("F1", Fit::Number, Style::new())
        .column("Found", Fit::Number, Style::new())
        .column("Of", Fit::Number, Style::new())
        .column("False alarms", Fit::Number, Style::new());
    let AttributionScores { content, who_and_what, .. } = &scores.attributions;
    for (name, s) in [("content", content), ("who and what", who_and_what)] {
        let shares = [s.precision, s.recall, s.f1].map(|share| format!("{share:.1}"));
        let counts = [s.tp, s.gold, s.pred - s.tp].map(|count| count.to_string());
        measures.row(std::iter::once(name.to_string()).chain(shares).chain(counts));
    }
    for (name, s) in &scores.findings {
        let shares = [s.precision, s.recall, s.f1].map(|share| format!("{share:.1}"));
        let counts = [s.found, s.of, s.false_alarms].map(|count| count.to_string());
        measures.row(std::iter::once(name.replace('_', " ")).chain(shares).chain(counts));
    }
    let (width, styles) = (session.terminal.width, session.terminal.styles());
    let out = session.out();
    out.write_all(measures.render(width, &styles).as_bytes())?;
    let AttributionScores { speaker_accuracy, kind_accuracy, non_claims_taken, .. } = &scores.attributions;
    writeln!(
        out,
        "\nspeakers right {speaker_accuracy:.1}, kinds right {kind_accuracy:.1}, non-claims taken {non_claims_taken}"
    )?;
    if let Some(traps) = scores.findings.get("contradictions").and_then(|s| s.traps_taken.as_deref()) {
        writeln!(out, "pairs that are no contradictions, flagged: {traps}")?;
    }
    for (name, s) in &scores.candidates {
        writeln!(out, "{name} in reach among {CANDIDATES} candidates a claim: {} of {}", s.found, s.of)?;
    }
    Ok(())
}
