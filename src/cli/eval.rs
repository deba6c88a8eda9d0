//! `eval`: precision, recall and F1 against labelled data.

mod matching;
mod scenario;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::{Args, Subcommand, ValueEnum};
use rayon::prelude::*;

use super::{CommandError, Exit, Format, Outcome, Session, inputs};
use crate::article::Article;
use crate::eval::extraction::{Bin, Case, Labelled, Options, Part, Restriction, Spans, State, Sure, Tally, Token};
use crate::eval::{self, EvalError};
use crate::pipeline;
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::report::text::one_line;
use crate::span::CodePoints;
use crate::tagging::CrfTagger;
use crate::tagging::layers::PARTS;
use crate::text::Document;

/// Scores the engine against labelled data
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord eval extraction gold.jsonl --merge
  onrecord eval extraction gold.jsonl --merge --speech --json
  onrecord eval matching pairs.jsonl
  onrecord eval scenario gold.json articles/")]
pub struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reads the articles of a labelled set and scores who said what
    #[command(after_help = "Example:
  onrecord eval extraction gold.jsonl --merge --speech
  onrecord eval extraction gold.jsonl --merge --constructions
  onrecord eval extraction gold.jsonl --merge --each --format jsonl")]
    Extraction(ExtractionArgs),
    /// Judges the pairs of a labelled set and scores the labels
    #[command(after_help = "Example:
  onrecord eval matching pairs.jsonl")]
    Matching(matching::MatchingArgs),
    /// Runs the whole chain over articles whose claims and findings are known
    #[command(after_help = "Example:
  onrecord eval scenario gold.json articles/
  onrecord eval scenario gold.json articles/ --engine rules --misses")]
    Scenario(scenario::ScenarioArgs),
}

#[derive(Debug, Args)]
struct ExtractionArgs {
    /// JSON Lines: {\"id\", \"text\", \"attributions\": [{\"source\", \"cue\", \"content\"}]}, offsets in code points
    gold: PathBuf,
    /// Which attributions count
    #[arg(long, value_enum, default_value = "all")]
    only: Only,
    /// Only attributions whose cue has a speech word
    #[arg(long)]
    speech: bool,
    /// Join predictions with the same source and the same (or no) cue before scoring
    #[arg(long)]
    merge: bool,
    /// Also counts, by construction, how many of the labelled attributions were found with their source
    #[arg(long)]
    constructions: bool,
    /// Lists every labelled attribution with its constructions and how it came out, in place of the figures
    #[arg(long, conflicts_with = "constructions")]
    each: bool,
    /// Least overlap for a content to count as found
    #[arg(long, default_value_t = 0.5)]
    iou: f64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Only {
    /// All
    All,
    /// Direct and mixed
    Quoted,
    /// Quotations only
    Direct,
    /// Quotations among other words
    Mixed,
    /// Without a quotation
    Indirect,
}

/// Runs the command.
pub fn run(args: &EvalArgs, session: &mut Session) -> Outcome {
    match &args.what {
        What::Extraction(args) => extraction(args, session),
        What::Matching(args) => matching::run(args, session),
        What::Scenario(args) => scenario::run(args, session),
    }
}

fn extraction(args: &ExtractionArgs, session: &mut Session) -> Outcome {
    let format = session.format("eval extraction", &[Format::Table, Format::Json, Format::Jsonl])?;
    let gold: Vec<Labelled> =
        eval::rows(&args.gold.display().to_string(), &inputs::text(&args.gold)?).map_err(wrong)?;
    if gold.is_empty() {
        return Err(wrong(EvalError::Empty(args.gold.display().to_string())));
    }
    let found: BTreeMap<String, Vec<Sure>> = gold
        .par_iter()
        .map(|labelled| {
            let article = Article {
                name: labelled.id.clone(),
                text: labelled.text.clone(),
                title: labelled.title.clone(),
                ..Article::default()
            };
            let extraction = pipeline::extract(article);
            let points = CodePoints::new(&labelled.text);
            let sure = extraction.attributions.iter().map(|a| Sure {
                spans: Spans {
                    source: points.spans(&a.source),
                    cue: points.spans(&a.cue),
                    content: points.spans(&a.content),
                    ..Spans::default()
                },
                confidence: f64::from(a.confidence),
                speaker: a.speaker.as_ref().map(|s| {
                    let names = std::iter::once(&s.name).chain(&s.aliases).cloned().collect();
                    (names, f64::from(s.confidence))
                }),
            });
            (labelled.id.clone(), sure.collect())
        })
        .collect();
    let predictions: BTreeMap<String, Vec<Spans>> =
        found.iter().map(|(id, sure)| (id.clone(), sure.iter().map(|s| s.spans.clone()).collect())).collect();
    let restriction = match args.only {
        Only::All => Restriction::All,
        Only::Quoted => Restriction::Quoted,
        Only::Direct => Restriction::Direct,
        Only::Mixed => Restriction::Mixed,
        Only::Indirect => Restriction::Indirect,
    };
    let options = Options { restriction, speech: args.speech, merge: args.merge, iou: args.iou };
    let mut scores = eval::extraction::score(&gold, &predictions, &options);
    let reliability = eval::extraction::reliability(&gold, &found, options.iou);
    scores.reliability = Some(reliability.clone());
    if args.constructions || args.each {
        let cases = eval::extraction::cases(&gold, &predictions, &tokens_of(&gold), &options);
        if args.each {
            return print_cases(&cases, format, session);
        }
        scores.constructions = eval::extraction::tally(&cases);
    }
    match format {
        Format::Json => session.print_json(&Row::new(&scores))?,
        Format::Jsonl => session.print_json_line(&Row::new(&scores))?,
        _ => {
            let figures = serde_json::to_value(&scores).map_err(std::io::Error::from)?;
            let mut grid = Grid::new()
                .column("Measure", Fit::Fixed, Style::new())
                .column("Precision", Fit::Number, Style::new())
                .column("Recall", Fit::Number, Style::new())
                .column("F1", Fit::Number, Style::new());
            collect_figures("", &figures, &mut grid);
            let (width, styles) = (session.terminal.width, session.terminal.styles());
            let out = session.out();
            writeln!(
                out,
                "{} articles, {} labelled attributions, {} found\n",
                scores.articles, scores.n_gold, scores.n_pred
            )?;
            out.write_all(grid.render(width, &styles).as_bytes())?;
            let tables =
                [("Attribution sure at", &reliability.attributions), ("Speaker sure at", &reliability.speakers)];
            if !scores.constructions.is_empty() {
                writeln!(out, "\n{}", constructions_grid(&scores.constructions).render(width, &styles).trim_end())?;
            }
            for (name, bins) in tables.into_iter().filter(|(_, bins)| !bins.is_empty()) {
                writeln!(out, "\n{}", reliability_grid(name, bins).render(width, &styles).trim_end())?;
            }
        }
    }
    Ok(Exit::Done)
}

/// What the engine reads of every article's tokens.
fn tokens_of(gold: &[Labelled]) -> BTreeMap<String, Vec<Token>> {
    let part = |text: &str, tag: Option<&u8>| match tag.and_then(|t| PARTS.get(usize::from(*t))).copied() {
        _ if !text.contains(char::is_alphanumeric) => Part::Mark,
        Some("VBD" | "VBZ" | "VBP" | "MD") => Part::Finite,
        Some("VB" | "VBG" | "VBN") => Part::Verb,
        Some("NN" | "NNS") => Part::Noun,
        Some("NNP" | "NNPS") => Part::Name,
        _ => Part::Word,
    };
    let tokens = |labelled: &Labelled| {
        let document = Document::parse(&labelled.text, labelled.title.as_deref());
        let points = CodePoints::new(&labelled.text);
        let labels = CrfTagger::shipped().map(|tagger| tagger.prepare(&document).labels).unwrap_or_default();
        let mut out = Vec::with_capacity(document.tokens.len());
        for (number, block) in document.blocks.iter().enumerate() {
            for at in block.tokens.clone() {
                let Some(token) = document.tokens.get(at) else { continue };
                let text = token.span.of(&labelled.text);
                out.push(Token {
                    span: points.span(token.span),
                    lower: text.to_lowercase(),
                    part: part(text, labels.0[0].get(at)),
                    sentence: token.sentence,
                    block: number as u32,
                });
            }
        }
        (labelled.id.clone(), out)
    };
    gold.par_iter().map(tokens).collect()
}

fn constructions_grid(tallies: &[Tally]) -> Grid {
    let mut grid = Grid::new()
        .column("Construction", Fit::Fixed, Style::new())
        .column("Right", Fit::Number, Style::new())
        .column("Of", Fit::Number, Style::new())
        .column("Share", Fit::Number, Style::new());
    for tally in tallies {
        let share = shown(tally.right as f64 / tally.of.max(1) as f64);
        grid.row([tally.construction.clone(), tally.right.to_string(), tally.of.to_string(), share]);
    }
    grid
}

fn print_cases(cases: &[Case], format: Format, session: &mut Session) -> Outcome {
    match format {
        Format::Json => session.print_json(&Row::new(serde_json::json!({ "cases": cases })))?,
        Format::Jsonl => {
            for case in cases {
                session.print_json_line(&Row::new(case))?;
            }
        }
        _ => {
            for case in cases {
                let state = match case.state {
                    State::Right => "right",
                    State::WrongSource => "wrong source",
                    State::Unsourced => "found, no source labelled",
                    State::Missed => "missed",
                };
                let out = session.out();
                writeln!(out, "{} {}: {state}", case.article, case.id.as_deref().unwrap_or(""))?;
                writeln!(out, "  {} | {} | {}", one_line(&case.source), one_line(&case.cue), one_line(&case.content))?;
                writeln!(out, "  {}", case.constructions.join("; "))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// How sure the engine was, and how often it was right.
fn reliability_grid(name: &'static str, bins: &[Bin]) -> Grid {
    let mut grid = Grid::new()
        .column(name, Fit::Fixed, Style::new())
        .column("Found", Fit::Number, Style::new())
        .column("Mean", Fit::Number, Style::new())
        .column("Was right", Fit::Number, Style::new());
    for bin in bins {
        grid.row([
            format!("{:.1} to {:.1}", bin.from, bin.to),
            bin.found.to_string(),
            format!("{:.3}", bin.said),
            format!("{:.3}", bin.was),
        ]);
    }
    grid
}

/// Every precision, recall and F1 of a tree of figures, named by its path.
fn collect_figures(path: &str, figures: &serde_json::Value, grid: &mut Grid) {
    let Some(fields) = figures.as_object() else { return };
    let number = |name: &str| fields.get(name).or_else(|| fields.get(&name.to_uppercase())).and_then(|v| v.as_f64());
    if let (Some(p), Some(r), Some(f1)) = (number("p"), number("r"), number("f1")) {
        grid.row([path.to_string(), shown(p), shown(r), shown(f1)]);
        return;
    }
    for (name, value) in fields {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        collect_figures(&path, value, grid);
    }
}

fn shown(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn wrong(error: EvalError) -> CommandError {
    CommandError::new("cannot read the labelled data").because(&error)
}
