//! `show`: one article, claim, speaker or finding in full.

use std::io::Write;

use anstyle::Style;
use clap::Args;
use serde::Serialize;

use super::engine::Engine;
use super::namings::{self, FormView};
use super::report::{KindedFinding, with_texts};
use super::speakers::SpeakerView;
use super::{CommandError, Exit, Format, Outcome, Session, claims, record};
use crate::claim::ids::Id;
use crate::claim::{ArticleId, Claim};
use crate::findings;
use crate::report::findings::{passage_lines, place};
use crate::report::json::{AttributionView, FindingView, Row};
use crate::report::passage::{Part, Passage};
use crate::report::table::{Fit, Grid, paint};
use crate::report::text::{one_line, wrap};
use crate::span::{CodePoints, Span};
use crate::store::{Access, Record, StoredArticle};

/// Shows an article, a claim, a finding or a speaker in full
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord show c12            a claim in its article
  onrecord show a1f3c2         an article, its claims marked
  onrecord show a1f3c2 --versions
  onrecord show f09c41         a finding with its reasons and its review
  onrecord show \"John Kerry\"   a speaker")]
pub struct ShowArgs {
    /// Id as other commands print it, or a speaker's name
    id: String,
    /// Lists the versions of an article
    #[arg(long)]
    versions: bool,
    /// Shows this version of an article, not the latest
    #[arg(long, value_name = "N", conflicts_with = "versions")]
    version: Option<u32>,
    /// Which judge is asked about a finding
    #[arg(long, value_enum)]
    engine: Option<Engine>,
}

/// An article as JSON shows it.
#[derive(Serialize)]
struct ArticleView {
    id: String,
    version: u32,
    versions: u32,
    added: String,
    title: Option<String>,
    outlet: Option<String>,
    date: Option<String>,
    url: Option<String>,
    byline: Option<String>,
    text: String,
    attributions: Vec<StoredAttribution>,
}

#[derive(Serialize)]
struct StoredAttribution {
    id: String,
    speaker_id: Option<String>,
    #[serde(flatten)]
    attribution: AttributionView,
}

/// A speaker with the forms of the name, and why each is this speaker's.
#[derive(Serialize)]
struct SpeakerInFull {
    #[serde(flatten)]
    speaker: SpeakerView,
    names: Vec<FormView>,
}

/// A version of an article in a list.
#[derive(Serialize)]
struct VersionView {
    id: String,
    version: u32,
    added: String,
    title: Option<String>,
    claims: usize,
    characters: usize,
}

/// Runs the command.
pub fn run(args: &ShowArgs, session: &mut Session) -> Outcome {
    let format = session.format("show", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open(session, Access::Read)?;
    match args.id.parse() {
        Ok(Id::Claim(id)) => show_claim(&record, &record.claim(id)?, format, session),
        Ok(Id::Article(prefix)) => match record.find_article(&prefix) {
            Ok(id) => show_article(&record, id, args, format, session),
            // `Ada` is a name as well as hexadecimal digits.
            Err(error) => match record::speaker(&record, &args.id) {
                Ok(_) => show_speaker(&record, args, format, session),
                Err(_) => Err(error.into()),
            },
        },
        Ok(Id::Speaker(_)) | Err(_) => show_speaker(&record, args, format, session),
        Ok(Id::Finding(prefix)) => show_finding(&record, &prefix, args, format, session),
        Ok(Id::Operation(_)) => Err(CommandError::new(format!("`{}` is an operation", args.id))
            .hint(format!("`onrecord log {}` shows it", args.id))),
    }
}

fn show_finding(record: &Record, prefix: &str, args: &ShowArgs, format: Format, session: &mut Session) -> Outcome {
    let found = match findings::named(record, prefix, None) {
        Ok(found) => found,
        // `Fab` is a name as well as hexadecimal digits.
        Err(error) => {
            return match record::speaker(record, &args.id) {
                Ok(_) => show_speaker(record, args, format, session),
                Err(_) => Err(error.into()),
            };
        }
    };
    let finding = findings::judged(record, found, session.engine(args.engine).encoder()?)?;
    if format != Format::Table {
        let view =
            with_texts(record, |view| KindedFinding { kind: finding.kind, finding: FindingView::new(&finding, view) })?;
        return print(view, format, session);
    }
    let mut text = String::new();
    crate::report::findings::finding(&finding, session.terminal.width, &session.terminal.styles(), &mut text);
    session.out().write_all(text.as_bytes())?;
    if finding.confidence == 0.0 {
        session.note("a report of today would not show this pair");
    }
    Ok(Exit::Done)
}

fn print<T: Serialize>(view: T, format: Format, session: &mut Session) -> Outcome {
    match format {
        Format::Jsonl => session.print_json_line(&Row::new(view))?,
        _ => session.print_json(&Row::new(view))?,
    }
    Ok(Exit::Done)
}

fn show_claim(record: &Record, claim: &Claim, format: Format, session: &mut Session) -> Outcome {
    let mut texts = record::Texts::new(record);
    if format != Format::Table {
        return print(texts.view(claim)?, format, session);
    }
    let text = texts.text(claim)?.to_string();
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    let words = |spans: &[Span]| spans.iter().map(|s| one_line(s.of(&text))).collect::<Vec<_>>().join(" … ");
    let attribution = &claim.attribution;
    let out = session.out();
    writeln!(out, "{}  {}", paint(&one_line(&claim.speaker_name), styles.speaker), paint(&place(claim), styles.faint))?;
    writeln!(out)?;
    if !claim.context.before.is_empty() {
        let before = one_line(&claim.context.before);
        for line in wrap(&before, width.saturating_sub(2)) {
            writeln!(out, "  {}", paint(&before[line], styles.faint))?;
        }
    }
    for (line, _) in passage_lines(&Passage::new(claim, &[]), width.saturating_sub(2), &styles) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)?;
    let mut facts = vec![
        ("Claim", claim.text.clone()),
        ("Kind", claims::kind(claim).to_string()),
        ("Source", words(&attribution.source)),
        ("Cue", words(&attribution.cue)),
        ("Sure", format!("{:.0} %", attribution.confidence * 100.0)),
        ("Speaker", format!("{} ({})", claim.speaker_name, claim.speaker)),
        ("Title", claim.title.clone().unwrap_or_default()),
        ("Outlet", claim.outlet.clone().unwrap_or_default()),
        ("Date", claim.date.map(|d| d.to_string()).unwrap_or_default()),
        ("Address", claim.url.clone().unwrap_or_default()),
        ("Article", claim.article.to_string()),
    ];
    if claim.version > 1 {
        facts.push(("Version", claim.version.to_string()));
    }
    print_facts(&facts, session)
}

/// Prints names and values, one a line.
pub(super) fn print_facts(facts: &[(&str, String)], session: &mut Session) -> Outcome {
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    let out = session.out();
    for (name, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let value = one_line(value);
        for (i, line) in wrap(&value, width.saturating_sub(10)).into_iter().enumerate() {
            let label = format!("{:<10}", if i == 0 { *name } else { "" });
            writeln!(out, "{}{}", paint(&label, styles.heading), &value[line])?;
        }
    }
    Ok(Exit::Done)
}

fn show_article(record: &Record, id: ArticleId, args: &ShowArgs, format: Format, session: &mut Session) -> Outcome {
    let stored = record.article(id, args.version)?;
    if args.versions {
        return show_versions(record, &stored, format, session);
    }
    let article = &stored.article;
    if format != Format::Table {
        let points = CodePoints::new(&article.text);
        let attributions = stored.attributions.iter().map(|(id, speaker, attribution)| StoredAttribution {
            id: id.to_string(),
            speaker_id: speaker.map(|s| s.to_string()),
            attribution: AttributionView::new(attribution, &points),
        });
        let view = ArticleView {
            id: format!("{:#}", stored.id),
            version: stored.version,
            versions: stored.versions,
            added: findings::time(stored.added),
            title: article.title.clone(),
            outlet: article.outlet.clone(),
            date: article.date.map(|d| d.to_string()),
            url: article.url.clone(),
            byline: article.byline.clone(),
            attributions: attributions.collect(),
            text: article.text.clone(),
        };
        return print(view, format, session);
    }
    let title = article.title.clone().unwrap_or_else(|| article.name.clone());
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    writeln!(session.out(), "{}\n", paint(&one_line(&title), styles.heading))?;
    print_facts(
        &[
            ("Outlet", article.outlet.clone().unwrap_or_default()),
            ("Date", article.date.map(|d| d.to_string()).unwrap_or_default()),
            ("Byline", article.byline.clone().unwrap_or_default()),
            ("Address", article.url.clone().unwrap_or_default()),
            ("Article", format!("{:#}", stored.id)),
            ("Version", format!("{} of {}, added {}", stored.version, stored.versions, findings::time(stored.added))),
        ],
        session,
    )?;
    let out = session.out();
    writeln!(out)?;
    // The claims are marked where they stand; carets would only clutter a whole article, so without colours they are listed below.
    let marks: Vec<Span> = stored.attributions.iter().flat_map(|(_, _, a)| a.content.iter().copied()).collect();
    for paragraph in paragraphs(&article.text) {
        let text = paragraph.of(&article.text);
        let inside: Vec<Span> = marks
            .iter()
            .filter(|m| m.overlaps(paragraph))
            .map(|m| {
                let start = m.start.max(paragraph.start) - paragraph.start;
                Span::new(start as usize, (m.end.min(paragraph.end) - paragraph.start) as usize)
            })
            .collect();
        let mut passage = Passage::of_statement(text, &inside);
        if !session_colors(&styles) {
            passage.pieces.iter_mut().for_each(|(_, part)| *part = Part::Said);
        }
        for (line, _) in passage_lines(&passage, width, &styles) {
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    let mut grid = Grid::new()
        .column("Speaker", Fit::Narrow, styles.speaker)
        .column("Claim", Fit::Flowing, Style::new())
        .column("Id", Fit::Fixed, styles.faint);
    for (id, _, attribution) in &stored.attributions {
        let said: Vec<&str> = attribution.content.iter().map(|s| s.of(&article.text)).collect();
        let speaker = attribution.speaker.as_ref().map_or("(not known)".to_string(), |s| s.name.clone());
        grid.row([speaker, said.join(" … "), id.to_string()]);
    }
    let table = if grid.is_empty() { "No claims.\n".to_string() } else { grid.render(width, &styles) };
    out.write_all(table.as_bytes())?;
    Ok(Exit::Done)
}

fn session_colors(styles: &crate::report::styles::Styles) -> bool {
    styles.marked != Style::new()
}

/// The paragraphs of a text, as spans without the blank lines between them.
fn paragraphs(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.trim_end().len());
        at += line.len();
        if end > start && !line.trim().is_empty() {
            found.push(Span::new(start, end));
        }
    }
    found
}

fn show_versions(record: &Record, latest: &StoredArticle, format: Format, session: &mut Session) -> Outcome {
    let mut versions = Vec::new();
    for number in 1..=latest.versions {
        let stored = record.article(latest.id, Some(number))?;
        versions.push(Row::new(VersionView {
            id: format!("{:#}", stored.id),
            version: number,
            added: findings::time(stored.added),
            title: stored.article.title.clone(),
            claims: stored.attributions.len(),
            characters: stored.article.text.chars().count(),
        }));
    }
    let shown = serde_json::to_value(&versions).map_err(std::io::Error::from)?;
    session.print_list(format, &versions, |_| {
        let mut grid = Grid::new()
            .column("Version", Fit::Number, Style::new())
            .column("Added", Fit::Fixed, Style::new())
            .column("Title", Fit::Flowing, Style::new())
            .column("Claims", Fit::Number, Style::new())
            .column("Characters", Fit::Number, Style::new());
        for row in shown.as_array().into_iter().flatten() {
            let word = |key: &str| row[key].as_str().map_or_else(|| row[key].to_string(), str::to_string);
            let title = row["title"].as_str().unwrap_or("").to_string();
            grid.row([word("version"), word("added"), title, word("claims"), word("characters")]);
        }
        grid
    })
}

fn show_speaker(record: &Record, args: &ShowArgs, format: Format, session: &mut Session) -> Outcome {
    let speaker = record::speaker(record, &args.id)?;
    let claims = record::claims_of(record, speaker.id, |_| true)?;
    let forms = namings::of(record, &speaker, &claims)?;
    if format != Format::Table {
        let names = forms.iter().map(FormView::new).collect();
        return print(SpeakerInFull { speaker: SpeakerView::new(&speaker), names }, format, session);
    }
    let styles = session.terminal.styles();
    let mut outlets: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for outlet in claims.iter().filter_map(|c| c.outlet.clone()) {
        *outlets.entry(outlet).or_default() += 1;
    }
    let mut outlets: Vec<(String, usize)> = outlets.into_iter().collect();
    outlets.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let outlets: Vec<String> = outlets.into_iter().map(|(outlet, n)| format!("{outlet} ({n})")).collect();
    writeln!(session.out(), "{}\n", paint(&one_line(&speaker.name), styles.speaker))?;
    let day = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string()).unwrap_or_default();
    print_facts(
        &[
            ("Id", speaker.id.to_string()),
            ("Also", speaker.aliases.join(" · ")),
            ("Roles", speaker.roles.join(" · ")),
            ("Claims", format!("{} in {} articles", speaker.claims, speaker.articles)),
            ("First", day(speaker.first)),
            ("Last", day(speaker.last)),
            ("Outlets", outlets.join(", ")),
        ],
        session,
    )?;
    if forms.len() > 1 {
        let table = namings::grid(&forms).render(session.terminal.width, &styles);
        write!(session.out(), "\n{table}")?;
    }
    Ok(Exit::Done)
}
