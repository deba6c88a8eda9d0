//! `extract`: the attributions of articles, without a record.

use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::Args;
use rayon::prelude::*;

use super::filter::KindFilter;
use super::inputs::Inputs;
use super::{CommandError, Exit, Format, Outcome, Session, mistake};
use crate::attribution::Attribution;
use crate::claim::ArticleId;
use crate::pipeline::Extraction;
use crate::report::delimited::{Delimited, Delimiter};
use crate::report::json::ExtractionView;
use crate::report::linked::annotation;
use crate::report::table::{Fit, Grid, paint};
use crate::report::text::one_line;
use crate::span::{CodePoints, Span};

/// Prints who said what in articles; keeps nothing
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord extract article.txt
  onrecord extract articles/ --format jsonl > attributions.jsonl
  curl -s https://example.org/story | onrecord extract -")]
pub struct ExtractArgs {
    /// Files, folders or `-`; standard input where none is given
    paths: Vec<PathBuf>,
    #[command(flatten)]
    kinds: KindFilter,
}

const FORMATS: &[Format] =
    &[Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv, Format::Md, Format::Annotations];

/// One attribution as a row of a spreadsheet.
#[derive(serde::Serialize)]
struct AttributionRow<'a> {
    article: &'a str,
    title: Option<&'a str>,
    outlet: Option<&'a str>,
    date: Option<String>,
    url: Option<&'a str>,
    speaker: Option<&'a str>,
    source: String,
    cue: String,
    content: String,
    kind: crate::attribution::Kind,
    act: crate::attribution::Act,
    confidence: f64,
}

/// Runs the command.
pub fn run(args: &ExtractArgs, session: &mut Session) -> Outcome {
    let format = session.format("extract", FORMATS)?;
    let paths = if args.paths.is_empty() { vec![PathBuf::from("-")] } else { args.paths.clone() };
    let mut inputs = Inputs::new(&paths);
    let mut printed = 0;
    let mut all = Vec::new();
    let mut header = true;
    loop {
        let batch = inputs.batch(session);
        if batch.is_empty() {
            break;
        }
        let extractions: Vec<Result<Extraction, CommandError>> = batch
            .into_par_iter()
            .map(|article| {
                let mut extraction = mistake::extract(article)?;
                if args.kinds.is_given() {
                    extraction.attributions.retain(|a| args.kinds.takes(a));
                }
                Ok(extraction)
            })
            .collect();
        for extraction in &extractions {
            let Some(extraction) = mistake::or_named(extraction, session) else {
                inputs.failed += 1;
                continue;
            };
            match format {
                Format::Json => {
                    all.push(serde_json::to_value(ExtractionView::new(extraction)).map_err(std::io::Error::from)?)
                }
                Format::Jsonl => session.print_json_line(&ExtractionView::new(extraction))?,
                Format::Annotations => {
                    let article = &extraction.article;
                    let points = CodePoints::new(&article.text);
                    let source = article.url.clone().unwrap_or_else(|| article.name.clone());
                    for (i, attribution) in extraction.attributions.iter().enumerate() {
                        let speaker = attribution.speaker.as_ref().map(|s| s.name.as_str());
                        let name = format!("{:#}:{}", ArticleId(article.identity()), i + 1);
                        let text = &article.text;
                        session.print_json_line(&annotation(attribution, speaker, &source, &name, text, &points))?;
                    }
                }
                Format::Csv | Format::Tsv => {
                    let delimiter = if format == Format::Csv { Delimiter::Comma } else { Delimiter::Tab };
                    let mut delimited = Delimited::new(session.out(), delimiter).with_header(header);
                    for attribution in &extraction.attributions {
                        delimited.write(&row(extraction, attribution))?;
                        header = false;
                    }
                }
                _ => print_table(extraction, format, printed > 0, session)?,
            }
            printed += 1;
        }
    }
    if format == Format::Json {
        session.print_json(&all)?;
    }
    match (printed, inputs.failed) {
        (0, 0) => Err(CommandError::new("no article was found in what was given").hint("give files, folders or `-`")),
        (0, _) => Ok(Exit::Failed),
        (_, 0) => Ok(Exit::Done),
        _ => Ok(Exit::SomeFailed),
    }
}

fn row<'a>(extraction: &'a Extraction, attribution: &'a Attribution) -> AttributionRow<'a> {
    let article = &extraction.article;
    let words = |spans: &[Span]| joined(spans, &article.text);
    AttributionRow {
        article: &article.name,
        title: article.title.as_deref(),
        outlet: article.outlet.as_deref(),
        date: article.date.map(|d| d.to_string()),
        url: article.url.as_deref(),
        speaker: attribution.speaker.as_ref().map(|s| s.name.as_str()),
        source: words(&attribution.source),
        cue: words(&attribution.cue),
        content: words(&attribution.content),
        kind: attribution.kind,
        act: attribution.act,
        confidence: crate::report::json::rounded(attribution.confidence),
    }
}

fn joined(spans: &[Span], text: &str) -> String {
    spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ")
}

fn print_table(
    extraction: &Extraction,
    format: Format,
    not_first: bool,
    session: &mut Session,
) -> Result<(), CommandError> {
    let article = &extraction.article;
    let styles = session.terminal.styles();
    let title = one_line(article.title.as_deref().unwrap_or(&article.name));
    let mut about: Vec<String> =
        [article.outlet.clone(), article.date.map(|d| d.to_string())].into_iter().flatten().collect();
    if article.title.is_some() {
        about.push(article.name.clone());
    }
    let about = one_line(&about.join(" · "));
    let mut grid = Grid::new()
        .column("Speaker", Fit::Narrow, if format == Format::Md { Style::new() } else { styles.speaker })
        .column_if_room("Kind", Fit::Fixed, styles.faint)
        .column_if_room("Cue", Fit::Narrow, Style::new())
        .column("Claim", Fit::Flowing, Style::new());
    for attribution in &extraction.attributions {
        let speaker = match &attribution.speaker {
            Some(speaker) => speaker.name.clone(),
            None if attribution.source.is_empty() => "(not named)".to_string(),
            None => format!("“{}”?", joined(&attribution.source, &article.text)),
        };
        let act = match attribution.act {
            crate::attribution::Act::Speech => kind_name(attribution.kind).to_string(),
            crate::attribution::Act::Belief => "belief".to_string(),
            crate::attribution::Act::Intention => "intention".to_string(),
        };
        grid.row([speaker, act, joined(&attribution.cue, &article.text), joined(&attribution.content, &article.text)]);
    }
    let width = session.terminal.width;
    let out = session.out();
    if not_first {
        writeln!(out)?;
    }
    if format == Format::Md {
        writeln!(
            out,
            "## {}\n\n{}\n",
            crate::report::markdown::escape(&title),
            crate::report::markdown::escape(&about)
        )?;
    } else {
        writeln!(out, "{}", paint(&title, styles.heading))?;
        if !about.is_empty() {
            writeln!(out, "{}", paint(&about, styles.faint))?;
        }
    }
    if grid.is_empty() {
        writeln!(out, "No claims found.")?;
    } else if format == Format::Md {
        out.write_all(grid.markdown().as_bytes())?;
    } else {
        writeln!(out)?;
        out.write_all(grid.render(width, &styles).as_bytes())?;
    }
    Ok(())
}

/// Returns the word for a kind.
pub fn kind_name(kind: crate::attribution::Kind) -> &'static str {
    match kind {
        crate::attribution::Kind::Direct => "direct",
        crate::attribution::Kind::Indirect => "indirect",
        crate::attribution::Kind::Mixed => "mixed",
    }
}
