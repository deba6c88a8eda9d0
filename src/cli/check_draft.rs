//! `check-draft`: the quotations of a draft against the record.

mod wording;

use std::borrow::Cow;
use std::io::Write;
use std::path::PathBuf;

use anstyle::Style;
use clap::{Args, ValueEnum};
use serde::Serialize;

use wording::{differences, likeness, words};

use super::engine::Engine;
use super::inputs::Inputs;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::attribution::{Attribution, Kind};
use crate::claim::Claim;
use crate::claim::assertion::Assertion;
use crate::consistency::{self, Glanced};
use crate::pipeline::{self, Extraction};
use crate::report::findings::{passage_lines, place, plural};
use crate::report::json::{ClaimView, Offsets, ReasonView, Row};
use crate::report::passage::Passage;
use crate::report::table::{Grid, paint};
use crate::report::text::{one_line, wrap};
use crate::span::{CodePoints, Span};
use crate::store::{Access, Lookup, Record};
use crate::text::Document;
use crate::verdict::{self, Label, Reason};

/// Checks each quotation of a draft against what is on record
#[derive(Debug, Args)]
#[command(
    after_help = "Each quotation is on record verbatim, on record in other words (the difference is marked), said by someone else,
contradicted by what its speaker said elsewhere, or not on record.

Examples:
  onrecord check-draft draft.txt
  onrecord check-draft draft.txt --fail-on any --json"
)]
pub struct CheckDraftArgs {
    /// The draft: a file, or `-` for standard input
    draft: PathBuf,
    /// Exits with 1 where a quotation is of this kind
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND",
          default_values = ["other-words", "someone-else", "contradicted"])]
    fail_on: Vec<FailOn>,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
}

/// A word of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// On record in other words
    OtherWords,
    /// On record, but said by someone else
    SomeoneElse,
    /// Contradicted by what the speaker said elsewhere
    Contradicted,
    /// Not on record
    NotOnRecord,
    /// All of these
    Any,
    /// None of these
    None,
}

/// What the record says of a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Verbatim,
    OtherWords,
    SomeoneElse,
    Contradicted,
    NotOnRecord,
}

impl Status {
    fn fails(self, asked: &[FailOn]) -> bool {
        let word = match self {
            Status::Verbatim => return false,
            Status::OtherWords => FailOn::OtherWords,
            Status::SomeoneElse => FailOn::SomeoneElse,
            Status::Contradicted => FailOn::Contradicted,
            Status::NotOnRecord => FailOn::NotOnRecord,
        };
        asked.contains(&word) || asked.contains(&FailOn::Any)
    }
}

/// One quotation of the draft, and what was found.
struct Checked {
    span: Span,
    text: String,
    speaker: Option<String>,
    status: Status,
    claim: Option<Claim>,
    /// Words that differ or oppose, in the quotation and in the claim.
    draft_marks: Vec<Span>,
    claim_marks: Vec<Span>,
    reasons: Vec<Reason>,
}

#[derive(Serialize)]
struct CheckedView {
    draft: String,
    quotation: [usize; 2],
    text: String,
    speaker: Option<String>,
    status: Status,
    claim: Option<ClaimView>,
    draft_marks: Offsets,
    claim_marks: Offsets,
    reasons: Vec<ReasonView>,
}

/// Shorter quotations are not checked: a word in quotation marks proves nothing.
const LEAST_WORDS: usize = 2;
/// Share of words, in order, from which on a quotation counts as the claim in other words.
const LIKE: f64 = 0.7;
/// Claims of the speaker that a quotation is judged against, where the encoder is asked: about a second's work.
const JUDGED: usize = 24;

/// Runs the command.
pub fn run(args: &CheckDraftArgs, session: &mut Session) -> Outcome {
    let engine = session.engine(args.engine);
    let formats = &[Format::Table, Format::Json, Format::Jsonl, Format::Csv, Format::Tsv];
    let format = session.format("check-draft", formats)?;
    let record = record::open(session, Access::Read)?;
    let mut inputs = Inputs::new(std::slice::from_ref(&args.draft));
    let drafts = inputs.batch(session);
    if drafts.is_empty() {
        return Err(CommandError::new(format!("{} holds no draft that can be read", args.draft.display())));
    }
    let (mut rows, mut failing, mut printed) = (Vec::new(), false, false);
    for draft in drafts {
        let extraction = pipeline::extract(draft);
        let checked = check(&extraction, &record, engine)?;
        failing |= checked.iter().any(|c| c.status.fails(&args.fail_on));
        if format == Format::Table {
            if printed {
                writeln!(session.out())?;
            }
            print(&checked, session)?;
            printed = true;
            continue;
        }
        let points = CodePoints::new(&extraction.article.text);
        let mut texts = record::Texts::new(&record);
        for c in &checked {
            let in_draft = CodePoints::new(&c.text);
            let words = c.claim.as_ref().map_or("", |claim| claim.text.as_str());
            let in_claim = CodePoints::new(words);
            rows.push(Row::new(CheckedView {
                draft: extraction.article.name.clone(),
                quotation: points.span(c.span),
                text: c.text.clone(),
                speaker: c.speaker.clone(),
                status: c.status,
                claim: c.claim.as_ref().map(|claim| texts.view(claim)).transpose()?,
                draft_marks: in_draft.spans(&c.draft_marks),
                claim_marks: in_claim.spans(&c.claim_marks),
                reasons: c.reasons.iter().map(|r| ReasonView::new(r, &in_draft, &in_claim)).collect(),
            }));
        }
    }
    if format != Format::Table {
        session.print_list(format, &rows, |_| Grid::new())?;
    }
    Ok(if failing { Exit::Found } else { Exit::Done })
}

fn check(extraction: &Extraction, record: &Record, engine: Engine) -> Result<Vec<Checked>, CommandError> {
    let text = &extraction.article.text;
    let document = Document::parse(text, extraction.article.title.as_deref());
    let mut checked = Vec::new();
    for attribution in &extraction.attributions {
        for span in quotations(attribution, &document) {
            let quoted = span.of(text).to_string();
            if words(&quoted).len() >= LEAST_WORDS && !checked.iter().any(|c: &Checked| c.span == span) {
                checked.push(check_one(span, quoted, attribution, record, engine)?);
            }
        }
    }
    checked.sort_by_key(|c| c.span);
    Ok(checked)
}

/// The stretches of an attribution's content that stand in quotation marks, without the marks.
fn quotations(attribution: &Attribution, document: &Document<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    for piece in &attribution.content {
        let inside: Vec<Span> =
            document.quotations.iter().filter(|q| piece.contains(q.inner) && q.depth == 0).map(|q| q.inner).collect();
        match attribution.kind {
            Kind::Indirect => {}
            _ if !inside.is_empty() => found.extend(inside),
            Kind::Direct => found.push(*piece),
            Kind::Mixed => {}
        }
    }
    found
}

fn check_one(
    span: Span,
    text: String,
    attribution: &Attribution,
    record: &Record,
    engine: Engine,
) -> Result<Checked, CommandError> {
    let speaker = attribution.speaker.as_ref().map(|s| s.name.clone());
    let mut checked = Checked {
        span,
        text,
        speaker: speaker.clone(),
        status: Status::NotOnRecord,
        claim: None,
        draft_marks: Vec::new(),
        claim_marks: Vec::new(),
        reasons: Vec::new(),
    };
    let own = match speaker.as_deref().map(|name| record.find_speaker(name)).transpose()? {
        Some(Lookup::One(found)) => record::claims_of(record, found.id, |_| true)?,
        Some(Lookup::Several(found)) => {
            let mut claims = Vec::new();
            for speaker in found {
                claims.extend(record::claims_of(record, speaker.id, |_| true)?);
            }
            claims
        }
        _ => Vec::new(),
    };
    let mut likest: Option<(f64, &Claim)> = None;
    for claim in &own {
        let likeness = likeness(&checked.text, &claim.text);
        if likest.is_none_or(|(best, _)| likeness > best) {
            likest = Some((likeness, claim));
        }
    }
    if let Some((likeness, claim)) = likest.filter(|(l, _)| *l >= LIKE) {
        checked.claim = Some(claim.clone());
        checked.status = if likeness >= 1.0 { Status::Verbatim } else { Status::OtherWords };
        if checked.status == Status::Verbatim {
            return Ok(checked);
        }
        (checked.draft_marks, checked.claim_marks) = differences(&checked.text, &claim.text);
    }
    if checked.status == Status::NotOnRecord
        && let Some(claim) = of_someone_else(&checked.text, &own, record)?
    {
        checked.status = if speaker.is_some() { Status::SomeoneElse } else { Status::Verbatim };
        (checked.draft_marks, checked.claim_marks) = differences(&checked.text, &claim.text);
        checked.claim = Some(claim);
        return Ok(checked);
    }
    contradicted(&mut checked, &own, engine)?;
    Ok(checked)
}

/// The claim of another speaker that a quotation is, word for word or nearly.
fn of_someone_else(text: &str, own: &[Claim], record: &Record) -> Result<Option<Claim>, CommandError> {
    // Few words are said by many; they prove nothing about who.
    if words(text).len() < 4 {
        return Ok(None);
    }
    let mut best: Option<(f64, Claim)> = None;
    // Of several that are as like, the first speaker's first.
    let order = |claim: &Claim| (claim.speaker, claim.date.is_none(), claim.date, claim.id);
    record.likely(text)?.near(
        |_| true,
        |claim| {
            if own.iter().any(|c| c.id == claim.id) {
                return;
            }
            let likeness = likeness(text, &claim.text);
            let better =
                best.as_ref().is_none_or(|(l, b)| likeness > *l || (likeness == *l && order(&claim) < order(b)));
            if likeness >= 0.85 && better {
                best = Some((likeness, claim));
            }
        },
    )?;
    Ok(best.map(|(_, claim)| claim))
}

/// Judges the quotation against the claims of its speaker, as a report would judge them against each other.
fn contradicted(checked: &mut Checked, own: &[Claim], engine: Engine) -> Result<(), CommandError> {
    let encoder = engine.encoder()?;
    let quoted = Assertion::of(&checked.text, None, None);
    let assertions: Vec<Assertion> = own.iter().map(consistency::assertion_of).collect();
    let mut near: Vec<usize> = (0..own.len()).collect();
    if encoder.is_some() {
        let glance = |n: usize| Glanced {
            neutral: verdict::glance(&quoted, &checked.text, &assertions[n], &own[n].text).neutral,
            likeness: 0.0,
            pair: (own[n].id, n),
        };
        let glanced = near.into_iter().map(glance).collect();
        near = consistency::worth_reading(glanced, JUDGED).into_iter().map(|(_, n)| n).collect();
    }
    let scores = encoder.map(|encoder| {
        let texts: Vec<Cow<str>> = near.iter().map(|&n| verdict::as_read(&assertions[n], &own[n].text)).collect();
        let pairs: Vec<(&str, &str)> = texts.iter().map(|text| (checked.text.as_str(), &**text)).collect();
        encoder.score_pairs(&pairs)
    });
    let judged = near.iter().enumerate().filter_map(|(place, &n)| {
        let (claim, assertion) = (&own[n], &assertions[n]);
        let read = scores.as_ref().map(|scores| scores[place]);
        let verdict = verdict::judge_analysed(&quoted, &checked.text, assertion, &claim.text, read);
        let said = (&quoted, checked.text.as_str());
        let reasons = consistency::as_contradiction(&verdict, said, (assertion, &claim.text), read.is_some(), None)
            .filter(|_| verdict.label != Label::Repeat)?;
        Some((verdict.scores.contradict, claim, reasons))
    });
    let surest = judged.max_by(|x, y| x.0.total_cmp(&y.0));
    if let Some((_, claim, reasons)) = surest {
        // A quotation that is another claim in other words stays that; it is contradicted only where the change turns that claim round.
        let claimed = checked.claim.as_ref().map(|c| c.id);
        if claimed.is_some_and(|id| id != claim.id) {
            return Ok(());
        }
        checked.status = Status::Contradicted;
        if claimed.is_none() {
            checked.claim = Some(claim.clone());
            checked.draft_marks = reasons.iter().flat_map(|r| r.a.iter().copied()).collect();
            checked.claim_marks = reasons.iter().flat_map(|r| r.b.iter().copied()).collect();
        }
        checked.reasons = reasons;
    }
    Ok(())
}

fn print(checked: &[Checked], session: &mut Session) -> Result<(), CommandError> {
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    let room = width.saturating_sub(10);
    for c in checked {
        let name = one_line(c.speaker.as_deref().unwrap_or("(speaker not known)"));
        let (word, style) = match c.status {
            Status::Verbatim => ("on record verbatim".to_string(), Style::new()),
            Status::OtherWords => ("on record in other words".to_string(), styles.warning),
            Status::SomeoneElse => {
                let by = c.claim.as_ref().map_or(String::new(), |claim| one_line(&claim.speaker_name));
                (format!("on record as said by {by}"), styles.error)
            }
            Status::Contradicted => ("possibly contradicted by the record".to_string(), styles.error),
            Status::NotOnRecord => ("not on record".to_string(), styles.warning),
        };
        let out = session.out();
        writeln!(out, "{}: {}", paint(&name, styles.speaker), paint(&word, style))?;
        for (i, (line, _)) in
            passage_lines(&Passage::of_statement(&c.text, &c.draft_marks), room, &styles).iter().enumerate()
        {
            writeln!(out, "  {:<7} {line}", if i == 0 { "draft" } else { "" })?;
        }
        if let Some(claim) = &c.claim {
            if c.status != Status::Verbatim {
                let passage = Passage::of_statement(&claim.text, &c.claim_marks);
                for (i, (line, _)) in passage_lines(&passage, room, &styles).iter().enumerate() {
                    writeln!(out, "  {:<7} {line}", if i == 0 { "record" } else { "" })?;
                }
            }
            let place = place(claim);
            for line in wrap(&place, room) {
                writeln!(out, "          {}", paint(&place[line], styles.faint))?;
            }
        }
        for reason in &c.reasons {
            let says = one_line(&reason.says);
            for (i, line) in wrap(&says, room).into_iter().enumerate() {
                writeln!(out, "        {} {}", if i == 0 { "•" } else { " " }, &says[line])?;
            }
        }
        writeln!(out)?;
    }
    let count = |status: Status| checked.iter().filter(|c| c.status == status).count();
    writeln!(
        session.out(),
        "{} quotation{}: {} verbatim, {} in other words, {} of someone else, {} contradicted, {} not on record",
        checked.len(),
        plural(checked.len()),
        count(Status::Verbatim),
        count(Status::OtherWords),
        count(Status::SomeoneElse),
        count(Status::Contradicted),
        count(Status::NotOnRecord),
    )?;
    Ok(())
}
