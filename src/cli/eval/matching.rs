//! `eval matching`: labels of pairs against labelled pairs.

use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::Args;

use super::wrong;
use crate::cli::engine::{self, Engine};
use crate::cli::{Exit, Format, Outcome, Session, inputs};
use crate::eval::matching::{Judgement, LabelledPair};
use crate::eval::{self, EvalError};
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};
use crate::verdict::{Label, Statement};

/// What to judge, and by whom.
#[derive(Debug, Args)]
pub struct MatchingArgs {
    /// JSON Lines: {\"id\", \"a\", \"b\", \"label\", \"type\"?}
    gold: PathBuf,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
}

/// Judges the pairs and prints the figures.
pub fn run(args: &MatchingArgs, session: &mut Session) -> Outcome {
    let format = session.format("eval matching", &[Format::Table, Format::Json, Format::Jsonl])?;
    let name = args.gold.display().to_string();
    let gold: Vec<LabelledPair> = eval::rows(&name, &inputs::text(&args.gold)?).map_err(wrong)?;
    if gold.is_empty() {
        return Err(wrong(EvalError::Empty(name)));
    }
    let statement = |text| Statement { text, ..Statement::default() };
    let pairs: Vec<(Statement, Statement)> = gold.iter().map(|p| (statement(&p.a), statement(&p.b))).collect();
    let judgements: Vec<Judgement> = engine::judge(&pairs, session.engine(args.engine).encoder()?)
        .into_iter()
        .map(|verdict| {
            let label = match verdict.label {
                Label::Repeat => "repeat",
                Label::Contradict => "contradict",
                Label::Neutral => "neutral",
            };
            Judgement {
                label: label.to_string(),
                contradict: f64::from(verdict.scores.contradict),
                repeat: f64::from(verdict.scores.repeat),
            }
        })
        .collect();
    let scores = eval::matching::score(&gold, &judgements);
    match format {
        Format::Json => session.print_json(&Row::new(&scores))?,
        Format::Jsonl => session.print_json_line(&Row::new(&scores))?,
        _ => {
            let (width, styles) = (session.terminal.width, session.terminal.styles());
            let mut grid = Grid::new()
                .column("Label", Fit::Fixed, Style::new())
                .column("Precision", Fit::Number, Style::new())
                .column("Recall", Fit::Number, Style::new())
                .column("F1", Fit::Number, Style::new())
                .column("Right", Fit::Number, Style::new())
                .column("Given", Fit::Number, Style::new())
                .column("Gold", Fit::Number, Style::new());
            for (label, s) in &scores.labels {
                let per_cent = |v: f64| format!("{v:.1}");
                grid.row([
                    label.clone(),
                    per_cent(s.precision),
                    per_cent(s.recall),
                    per_cent(s.f1),
                    s.tp.to_string(),
                    s.pred.to_string(),
                    s.gold.to_string(),
                ]);
            }
            let mut types = Grid::new()
                .column("Type", Fit::Fixed, Style::new())
                .column("Right", Fit::Number, Style::new())
                .column("Of", Fit::Number, Style::new());
            for (sort, (right, of)) in &scores.by_type {
                types.row([sort.clone(), right.to_string(), of.to_string()]);
            }
            let mut bins = Grid::new()
                .column("Said contradiction at", Fit::Fixed, Style::new())
                .column("Pairs", Fit::Number, Style::new())
                .column("Mean", Fit::Number, Style::new())
                .column("Was", Fit::Number, Style::new());
            for bin in &scores.reliability {
                bins.row([
                    format!("{:.1} to {:.1}", bin.from, bin.to),
                    bin.pairs.to_string(),
                    format!("{:.3}", bin.said),
                    format!("{:.3}", bin.was),
                ]);
            }
            let auc = |v: Option<f64>| v.map_or("none".to_string(), |v| format!("{v:.3}"));
            let out = session.out();
            writeln!(out, "{} pairs, accuracy {:.1}, macro F1 {:.1}", scores.pairs, scores.accuracy, scores.macro_f1)?;
            writeln!(
                out,
                "AUC of contradiction {}, of repeat {}; precision at one in 200: {:.3}\n",
                auc(scores.contradict_auc),
                auc(scores.repeat_auc),
                scores.precision_at_1_in_200
            )?;
            for grid in [grid, types, bins] {
                writeln!(out, "{}", grid.render(width, &styles))?;
            }
        }
    }
    Ok(Exit::Done)
}
