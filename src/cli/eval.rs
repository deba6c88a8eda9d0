//! `eval`: precision, recall and F1 against labelled data.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::{Args, Subcommand, ValueEnum};
use rayon::prelude::*;

use super::{CommandError, Exit, Format, Outcome, Session, inputs};
use crate::article::Article;
use crate::eval::extraction::{Labelled, Options, Restriction, Spans};
use crate::eval::{self, EvalError};
use crate::pipeline;
use crate::report::table::{Fit, Grid};
use crate::span::CodePoints;

/// Scores the engine against labelled data
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord eval extraction gold.jsonl --merge
  onrecord eval extraction gold.jsonl --merge --speech --json")]
pub struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reads the articles of a labelled set and scores who said what
    #[command(after_help = "Example:
  onrecord eval extraction gold.jsonl --merge --speech")]
    Extraction(ExtractionArgs),
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
    }
}

fn extraction(args: &ExtractionArgs, session: &mut Session) -> Outcome {
    let format = session.format("eval extraction", &[Format::Table, Format::Json, Format::Jsonl])?;
    let gold: Vec<Labelled> =
        eval::rows(&args.gold.display().to_string(), &inputs::text(&args.gold)?).map_err(wrong)?;
    if gold.is_empty() {
        return Err(wrong(EvalError::Empty(args.gold.display().to_string())));
    }
    let predictions: BTreeMap<String, Vec<Spans>> = gold
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
            let spans = extraction.attributions.iter().map(|a| Spans {
                source: points.spans(&a.source),
                cue: points.spans(&a.cue),
                content: points.spans(&a.content),
            });
            (labelled.id.clone(), spans.collect())
        })
        .collect();
    let restriction = match args.only {
        Only::All => Restriction::All,
        Only::Quoted => Restriction::Quoted,
        Only::Direct => Restriction::Direct,
        Only::Mixed => Restriction::Mixed,
        Only::Indirect => Restriction::Indirect,
    };
    let options = Options { restriction, speech: args.speech, merge: args.merge, iou: args.iou };
    let scores = eval::extraction::score(&gold, &predictions, &options);
    match format {
        Format::Json => session.print_json(&crate::report::json::Row::new(&scores))?,
        Format::Jsonl => session.print_json_line(&crate::report::json::Row::new(&scores))?,
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
        }
    }
    Ok(Exit::Done)
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
