//! `compare`: judges pairs of statements.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::engine::{self, Engine};
use super::{CommandError, Exit, Format, Outcome, Session};
use crate::article::parse_date;
use crate::report::findings::passage_lines;
use crate::report::json::{Row, VerdictView};
use crate::report::passage::Passage;
use crate::report::table::paint;
use crate::report::text::one_line;
use crate::span::Span;
use crate::verdict::{self, Label, Statement, Verdict};

/// Judges whether two statements of one speaker repeat or contradict each other
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord compare \"There will be no tolls.\" \"Drivers will pay four marks.\"
  onrecord compare --input pairs.jsonl --format jsonl > judged.jsonl")]
pub struct CompareArgs {
    /// The first statement
    #[arg(required_unless_present = "input", conflicts_with = "input")]
    a: Option<String>,
    /// The second statement
    #[arg(required_unless_present = "input")]
    b: Option<String>,
    /// Judges pairs: JSON Lines of {\"id\", \"a\", \"b\"} and perhaps \"speaker\", \"date_a\", \"date_b\"; `-` is standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
}

/// One pair of the input.
#[derive(Debug, Deserialize)]
struct PairRow {
    #[serde(default)]
    id: Value,
    a: String,
    b: String,
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    date_a: Option<String>,
    #[serde(default)]
    date_b: Option<String>,
}

/// Longest row of the input, in bytes.
const MAX_ROW: u64 = 1 << 20;
/// Pairs held at once.
const BATCH: usize = 256;

/// Runs the command.
pub fn run(args: &CompareArgs, session: &mut Session) -> Outcome {
    let engine = session.engine(args.engine);
    let formats = &[Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv];
    let format = session.format("compare", formats)?;
    let Some(input) = &args.input else {
        let (a, b) = (args.a.clone().unwrap_or_default(), args.b.clone().unwrap_or_default());
        for statement in [&a, &b] {
            if statement.trim().is_empty() {
                return Err(CommandError::new("an empty statement cannot be compared"));
            }
        }
        let pair = PairRow { id: Value::Null, a, b, speaker: None, date_a: None, date_b: None };
        let pairs = [pair];
        let verdict = judge(&pairs, engine)?.remove(0);
        let [pair] = pairs;
        let view = Row::new(VerdictView::new(pair.id.clone(), &verdict, &pair.a, &pair.b));
        match format {
            Format::Json => session.print_json(&view)?,
            Format::Table => print_verdict(&pair, &verdict, session)?,
            format => return session.print_list(format, &[view], |_| crate::report::table::Grid::new()),
        }
        return Ok(Exit::Done);
    };
    let name = if input.as_os_str() == "-" { "standard input".to_string() } else { input.display().to_string() };
    let cannot = |error: std::io::Error| CommandError::new(format!("cannot read {name}")).because(&error);
    let mut reader: Box<dyn BufRead> = if input.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::io::BufReader::new(std::fs::File::open(input).map_err(cannot)?))
    };
    let (mut line_number, mut failed, mut judged) = (0usize, 0usize, 0usize);
    let mut all: Vec<Row<VerdictView>> = Vec::new();
    let mut ended = false;
    while !ended {
        let mut batch: Vec<PairRow> = Vec::new();
        while batch.len() < BATCH {
            let mut line = Vec::new();
            let read = std::io::Read::take(&mut reader, MAX_ROW).read_until(b'\n', &mut line).map_err(cannot)?;
            if read == 0 {
                ended = true;
                break;
            }
            line_number += 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if read as u64 == MAX_ROW && !line.ends_with(b"\n") {
                return Err(CommandError::new(format!("{name}, line {line_number}: longer than {MAX_ROW} bytes")));
            }
            match serde_json::from_slice::<PairRow>(&line) {
                Ok(pair) => batch.push(pair),
                Err(error) => {
                    failed += 1;
                    session
                        .failed(&CommandError::new(format!("{name}, line {line_number}: not a pair")).because(&error));
                }
            }
        }
        let verdicts = judge(&batch, engine)?;
        for (pair, verdict) in batch.iter().zip(&verdicts) {
            judged += 1;
            let view = Row::new(VerdictView::new(pair.id.clone(), verdict, &pair.a, &pair.b));
            match format {
                Format::Jsonl => session.print_json_line(&view)?,
                Format::Table => {
                    if judged > 1 {
                        writeln!(session.out())?;
                    }
                    print_verdict(pair, verdict, session)?;
                }
                _ => all.push(view),
            }
        }
    }
    match format {
        Format::Json => session.print_json(&all)?,
        Format::Csv | Format::Tsv => {
            session.print_list(format, &all, |_| crate::report::table::Grid::new())?;
        }
        _ => {}
    }
    match (judged, failed) {
        (0, 0) => Err(CommandError::new(format!("{name} holds no pair"))),
        (0, _) => Ok(Exit::Failed),
        (_, 0) => Ok(Exit::Done),
        _ => Ok(Exit::SomeFailed),
    }
}

fn judge(pairs: &[PairRow], engine: Engine) -> Result<Vec<Verdict>, CommandError> {
    let date = |text: &Option<String>| -> Option<Date> { text.as_deref().and_then(parse_date) };
    let statements: Vec<(Statement, Statement)> = pairs
        .iter()
        .map(|pair| {
            let speaker = pair.speaker.as_deref();
            let a = Statement { text: &pair.a, speaker, date: date(&pair.date_a), ..Statement::default() };
            let b = Statement { text: &pair.b, speaker, date: date(&pair.date_b), ..Statement::default() };
            (a, b)
        })
        .collect();
    Ok(engine::judge(&statements, engine.encoder()?))
}

fn print_verdict(pair: &PairRow, verdict: &Verdict, session: &mut Session) -> Result<(), CommandError> {
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    let scores = &verdict.scores;
    let (word, score) = match verdict.label {
        Label::Repeat => ("a repeat", scores.repeat),
        Label::Contradict => ("a possible contradiction", scores.contradict),
        Label::Neutral => ("neither a repeat nor a contradiction", scores.neutral),
    };
    let marks = |side: fn(&verdict::Reason) -> &Vec<Span>| -> Vec<Span> {
        verdict.reasons.iter().flat_map(|r| side(r).iter().copied()).collect()
    };
    let out = session.out();
    let name = match &pair.id {
        Value::Null => String::new(),
        Value::String(id) => format!("{}: ", one_line(id)),
        other => format!("{other}: "),
    };
    writeln!(
        out,
        "{name}{} {}",
        paint(word, styles.heading),
        paint(&format!("({:.0} % sure)", score * 100.0), styles.faint)
    )?;
    for (mark, text, spans) in [("A", &pair.a, marks(|r| &r.a)), ("B", &pair.b, marks(|r| &r.b))] {
        let passage = Passage::of_statement(text, &spans);
        for (i, (line, _)) in passage_lines(&passage, width.saturating_sub(5), &styles).into_iter().enumerate() {
            writeln!(out, "  {}  {line}", if i == 0 { mark } else { " " })?;
        }
    }
    for reason in &verdict.reasons {
        let says = format!("{} ({})", one_line(&reason.says), one_line(&reason.rule));
        for (i, line) in crate::report::text::wrap(&says, width.saturating_sub(4)).into_iter().enumerate() {
            writeln!(out, "  {} {}", if i == 0 { "•" } else { " " }, &says[line])?;
        }
    }
    let rest =
        format!("repeat {:.2} · contradict {:.2} · neutral {:.2}", scores.repeat, scores.contradict, scores.neutral);
    writeln!(out, "  {}", paint(&rest, styles.faint))?;
    Ok(())
}
