//! `report`: what speakers repeated, contradicted or changed.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use super::engine::Engine;
use super::filter::{AsOf, KindFilter, Period, confidence};
use super::finding_row::FindingRow;
use super::progress::Waiting;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::{ArticleId, Claim};
use crate::consistency::{self, Finding, Findings, Kept};
use crate::report::json::{ClaimView, FindingView, ReportView, Row};
use crate::report::{findings, html, linked, markdown};
use crate::store::{Access, Record, StoreError};
use crate::verdict::FindingKind;

/// Shows what a speaker repeated or contradicted, with the evidence
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord report \"John Kerry\"
  onrecord report --kind contradiction --min-confidence 0.8
  onrecord report Kerry --format html > kerry.html
  onrecord report Kerry --as-of 2024-03-31T18:00:00Z
  onrecord report --fail-on contradiction --json > findings.json")]
pub struct ReportArgs {
    /// The speaker, by any form of the name or by id; all speakers where none is given
    speaker: Option<String>,
    /// Findings of this kind only; may be given several times
    #[arg(long = "kind", value_enum, value_delimiter = ',', value_name = "KIND")]
    kinds: Vec<FindingWord>,
    #[command(flatten)]
    period: Period,
    /// Findings at least this sure, from 0 to 1
    #[arg(long, value_name = "P", value_parser = confidence)]
    min_confidence: Option<f32>,
    /// At most N findings of each kind
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exits with 1 where a finding of this kind is found
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    fail_on: Vec<FindingWord>,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    #[command(flatten)]
    as_of: AsOf,
}

/// A word of `--kind` and `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FindingWord {
    /// Both cannot be true
    #[value(alias = "contradictions")]
    Contradiction,
    /// The speaker says openly that the view has changed
    #[value(alias = "changed_position", alias = "changed-positions", alias = "changed_positions")]
    ChangedPosition,
    /// Two outlets report one utterance incompatibly
    #[value(alias = "reports_differ")]
    ReportsDiffer,
    /// The same statement again
    #[value(alias = "repeats")]
    Repeat,
}

impl FindingWord {
    fn kind(self) -> FindingKind {
        match self {
            FindingWord::Contradiction => FindingKind::Contradiction,
            FindingWord::ChangedPosition => FindingKind::ChangedPosition,
            FindingWord::ReportsDiffer => FindingKind::ReportsDiffer,
            FindingWord::Repeat => FindingKind::Repeat,
        }
    }
}

const FORMATS: &[Format] =
    &[Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv, Format::Md, Format::Html, Format::Jsonld];

/// A finding with its kind, where findings of all kinds stand in one list.
#[derive(Serialize)]
pub(super) struct KindedFinding {
    pub(super) kind: FindingKind,
    #[serde(flatten)]
    pub(super) finding: FindingView,
}

/// Runs the command.
pub fn run(args: &ReportArgs, session: &mut Session) -> Outcome {
    let format = session.format("report", FORMATS)?;
    let record = args.as_of.of(record::open(session, Access::Read)?);
    let takes = |claim: &Claim| args.period.takes(claim) && KindFilter::default().takes(&claim.attribution);
    let (title, claims) = match &args.speaker {
        Some(name) => {
            let speaker = record::speaker(&record, name)?;
            let claims = record::claims_of(&record, speaker.id, takes)?;
            (format!("{}: on record", speaker.name), vec![claims])
        }
        None => ("All speakers: on record".to_string(), claims_by_speaker(&record, takes)?),
    };
    let mut found = find(&record, &claims, None, |edit| args.period.takes(&edit.b), args.engine, session)?;
    let kinds: Vec<FindingKind> = if args.kinds.is_empty() {
        findings::SECTIONS.iter().map(|(kind, ..)| *kind).collect()
    } else {
        args.kinds.iter().map(|k| k.kind()).collect()
    };
    let least = args.min_confidence.or(session.config.min_confidence).unwrap_or(0.0);
    found.findings.retain(|f| kinds.contains(&f.kind) && f.confidence >= least);
    if !kinds.contains(&FindingKind::Repeat) {
        found.repeated.clear();
    }
    let rejected = |f: &Finding| f.review.as_ref().is_some_and(|r| r.verdict == "rejected" && !r.reopened);
    let failing = found.findings.iter().any(|f| args.fail_on.iter().any(|w| w.kind() == f.kind) && !rejected(f));
    if let Some(limit) = args.limit {
        cut(&mut found, limit);
    }
    print(format, &title, &found, &claims, &kinds, &record, session)?;
    Ok(if failing { Exit::Found } else { Exit::Done })
}

/// Returns the claims that a filter takes, those of each speaker in a list of their own.
pub(super) fn claims_by_speaker(
    record: &Record,
    takes: impl Fn(&Claim) -> bool,
) -> Result<Vec<Vec<Claim>>, CommandError> {
    let mut by_speaker = Vec::new();
    for speaker in record.speakers()? {
        by_speaker.push(record::claims_of(record, speaker.id, &takes)?);
    }
    by_speaker.retain(|claims| !claims.is_empty());
    Ok(by_speaker)
}

/// Finds what each speaker's claims say of each other, with reviews; `claims` are grouped by speaker. Where articles are named,
/// only pairs with a claim of theirs are judged; of quotations altered after publishing, those that `counts` takes are found.
pub(super) fn find(
    record: &Record,
    claims: &[Vec<Claim>],
    about: Option<&BTreeSet<ArticleId>>,
    counts: impl Fn(&Finding) -> bool,
    engine: Option<Engine>,
    session: &Session,
) -> Result<Findings, CommandError> {
    let encoder = session.engine(engine).encoder()?;
    let kept = encoder.map(|_| crate::findings::KeptScores::of(record));
    let kept = kept.as_ref().map(|kept| kept as &dyn Kept);
    let judged = look(claims, consistency::Options { encoder, kept, about, progress: None }, session);
    let mut edits = Findings::default();
    for speaker in claims.iter().filter_map(|own| own.first()).map(|claim| claim.speaker) {
        let own = crate::findings::edits(record, speaker)?;
        edits.findings.extend(own.into_iter().filter(&counts));
    }
    let mut found = Findings::joined([judged, edits]);
    crate::findings::with_reviews(record, &mut found)?;
    Ok(found)
}

/// Judges each speaker's claims on all cores. `options` are to have no progress of their own.
fn look(claims: &[Vec<Claim>], options: consistency::Options, session: &Session) -> Findings {
    let bar = Waiting::new(session, "pairs judged");
    let judged = std::sync::atomic::AtomicUsize::new(0);
    let found: Vec<Findings> = claims
        .par_iter()
        .map(|own| {
            let before = std::sync::atomic::AtomicUsize::new(0);
            let progress = |done: usize, _: usize| {
                let earlier = before.swap(done, Ordering::Relaxed);
                let fresh = done.saturating_sub(earlier);
                bar.at(judged.fetch_add(fresh, Ordering::Relaxed) + fresh);
            };
            consistency::findings(own, &consistency::Options { progress: Some(&progress), ..options })
        })
        .collect();
    bar.finish();
    Findings::joined(found)
}

/// Keeps the first `limit` findings of each kind.
fn cut(found: &mut Findings, limit: usize) {
    let mut seen = std::collections::BTreeMap::new();
    found.findings.retain(|f| {
        let count = seen.entry(f.kind).or_insert(0);
        *count += 1;
        *count <= limit
    });
    found.repeated.truncate(limit);
}

/// Prints findings in a format of `report`.
pub(super) fn print(
    format: Format,
    title: &str,
    found: &Findings,
    claims: &[Vec<Claim>],
    kinds: &[FindingKind],
    record: &Record,
    session: &mut Session,
) -> Outcome {
    match format {
        Format::Table | Format::Annotations | Format::Sqlite | Format::Parquet => {
            let text = findings::render(found, kinds, session.terminal.width, &session.terminal.styles());
            session.out().write_all(text.as_bytes())?;
        }
        Format::Md => {
            let text = markdown::report(title, found, kinds);
            session.out().write_all(text.as_bytes())?;
        }
        Format::Html => {
            let all: Vec<Claim> = claims.iter().flatten().cloned().collect();
            let text = html::page(title, found, &all, kinds);
            writeln!(session.out(), "{text}")?;
        }
        Format::Jsonld => session.print_json(&linked::reviews(found))?,
        Format::Json => {
            let view = with_texts(record, |view| ReportView::new(found, view))?;
            session.print_json(&view)?;
        }
        Format::Jsonl => {
            let rows = with_texts(record, |view| {
                let each =
                    |f: &Finding| Row::new(KindedFinding { kind: f.kind, finding: FindingView::new(f, &mut *view) });
                found.findings.iter().map(each).collect::<Vec<_>>()
            })?;
            for row in &rows {
                session.print_json_line(row)?;
            }
        }
        Format::Csv | Format::Tsv => {
            let rows: Vec<FindingRow> = found.findings.iter().map(FindingRow::new).collect();
            session.print_list(format, &rows, |_| crate::report::table::Grid::new())?;
        }
    }
    Ok(Exit::Done)
}

/// Makes a view whose claims get their offsets from the record; the first failure to read a text is the result.
pub(super) fn with_texts<T>(
    record: &Record,
    make: impl FnOnce(&mut dyn FnMut(&Claim) -> ClaimView) -> T,
) -> Result<T, StoreError> {
    let mut texts = record::Texts::new(record);
    let mut failure = None;
    let made = make(&mut |claim| {
        texts.view(claim).unwrap_or_else(|error| {
            failure.get_or_insert(error);
            ClaimView::new(claim, &crate::span::CodePoints::new(""))
        })
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(made),
    }
}
