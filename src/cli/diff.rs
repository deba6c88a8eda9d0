//! `diff`: what changed between two versions of an article, in its claims.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::Claim;
use crate::claim::ids::Id;
use crate::claim::revision::{Change, compare, differences};
use crate::findings;
use crate::report::json::{ClaimView, Offsets, Row};
use crate::report::table::paint;
use crate::report::text::{one_line, wrap};
use crate::span::CodePoints;
use crate::store::{Access, StoredArticle};

/// Shows what changed between two versions of an article, in its claims
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord diff a1f3c2               the last version against the one before
  onrecord diff a1f3c2 --from 1 --to 3 --json
  onrecord show a1f3c2 --versions    which versions there are")]
pub struct DiffArgs {
    /// The article, by id
    article: String,
    /// The earlier version [default: the one before]
    #[arg(long, value_name = "N")]
    from: Option<u32>,
    /// The later version [default: the last]
    #[arg(long, value_name = "N")]
    to: Option<u32>,
}

#[derive(Serialize)]
struct DiffView {
    article: String,
    from: u32,
    to: u32,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct ChangeView {
    change: &'static str,
    speaker: String,
    before: Option<ClaimView>,
    after: Option<ClaimView>,
    /// Words that differ, as offsets into the two claims.
    before_marks: Offsets,
    after_marks: Offsets,
}

/// Runs the command.
pub fn run(args: &DiffArgs, session: &mut Session) -> Outcome {
    let format = session.format("diff", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open(session, Access::Read)?;
    let Ok(Id::Article(prefix)) = args.article.parse() else {
        return Err(CommandError::new(format!("`{}` is no article", args.article))
            .hint("articles look like a1f3c2; `onrecord claims SPEAKER --json` names them"));
    };
    let id = record.find_article(&prefix)?;
    let to = record.article(id, args.to)?;
    let from = args.from.unwrap_or(to.version.saturating_sub(1));
    if from == 0 || from >= to.version {
        let only = to.versions == 1;
        let what = if only { "has one version only" } else { "has no earlier version to compare with" };
        return Err(CommandError::new(format!("article {id} {what}"))
            .hint(format!("`onrecord show {id} --versions` lists them; `--from` has to lie before `--to`")));
    }
    let from = record.article(id, Some(from))?;
    let claims = |stored: &StoredArticle| record.claims_in(id, stored.version);
    let changes = compare(&claims(&from)?, &from.article.text, &claims(&to)?, &to.article.text);
    if format == Format::Table {
        return print(&from, &to, &changes, session);
    }
    let points = (CodePoints::new(&from.article.text), CodePoints::new(&to.article.text));
    let changes: Vec<ChangeView> = changes
        .iter()
        .map(|change| {
            let (before, after) = sides(change);
            let (before_marks, after_marks) = marks(before, after);
            ChangeView {
                change: word(change),
                speaker: after.or(before).map(|claim| claim.speaker_name.clone()).unwrap_or_default(),
                before: before.map(|claim| ClaimView::new(claim, &points.0)),
                after: after.map(|claim| ClaimView::new(claim, &points.1)),
                before_marks,
                after_marks,
            }
        })
        .collect();
    if format == Format::Jsonl {
        for change in changes {
            session.print_json_line(&Row::new(change))?;
        }
        return Ok(Exit::Done);
    }
    let view = DiffView { article: format!("{id:#}"), from: from.version, to: to.version, changes };
    session.print_json(&Row::new(view))?;
    Ok(Exit::Done)
}

fn word(change: &Change) -> &'static str {
    match change {
        Change::Altered { .. } => "altered",
        Change::Reassigned { .. } => "reassigned",
        Change::Removed(_) => "removed",
        Change::Added(_) => "added",
    }
}

fn sides(change: &Change) -> (Option<&Claim>, Option<&Claim>) {
    match change {
        Change::Altered { before, after } | Change::Reassigned { before, after } => (Some(before), Some(after)),
        Change::Removed(before) => (Some(before), None),
        Change::Added(after) => (None, Some(after)),
    }
}

fn marks(before: Option<&Claim>, after: Option<&Claim>) -> (Offsets, Offsets) {
    let (Some(before), Some(after)) = (before, after) else { return (Vec::new(), Vec::new()) };
    let (a, b) = differences(&before.text, &after.text);
    (CodePoints::new(&before.text).spans(&a), CodePoints::new(&after.text).spans(&b))
}

fn print(from: &StoredArticle, to: &StoredArticle, changes: &[Change], session: &mut Session) -> Outcome {
    let (styles, width) = (session.terminal.styles(), session.terminal.width);
    let title = to.article.title.clone().unwrap_or_else(|| to.article.name.clone());
    let out = session.out();
    writeln!(out, "{}", paint(&one_line(&title), styles.heading))?;
    let added = |stored: &StoredArticle| format!("version {}, added {}", stored.version, findings::time(stored.added));
    writeln!(out, "{}\n", paint(&format!("{} → {}", added(from), added(to)), styles.faint))?;
    if changes.is_empty() {
        writeln!(out, "No claim has changed.")?;
    }
    for change in changes {
        let (before, after) = sides(change);
        let ids: Vec<String> = [before, after].into_iter().flatten().map(|claim| claim.id.to_string()).collect();
        let names: Vec<String> = match change {
            Change::Reassigned { before, after } => vec![one_line(&before.speaker_name), one_line(&after.speaker_name)],
            _ => after.or(before).map(|claim| one_line(&claim.speaker_name)).into_iter().collect(),
        };
        let name = paint(&names.join(" → "), styles.speaker);
        writeln!(out, "{}  {name}  {}", word(change), paint(&ids.join(" → "), styles.faint))?;
        for (sign, claim) in [("-", before), ("+", after)] {
            let Some(claim) = claim else { continue };
            let text = one_line(&claim.text);
            for (n, line) in wrap(&text, width.saturating_sub(4)).into_iter().enumerate() {
                writeln!(out, "  {} {}", if n == 0 { sign } else { " " }, &text[line])?;
            }
        }
    }
    Ok(Exit::Done)
}
