//! `claims`: what one speaker said.

use std::io::Write;

use anstyle::Style;
use clap::Args;

use super::filter::{AsOf, KindFilter, Period};
use super::session::LIST_FORMATS;
use super::terminal::Terminal;
use super::{Exit, Format, Outcome, Session, record};
use crate::attribution::Act;
use crate::claim::Claim;
use crate::matching::likeness::{folded, places_of};
use crate::report::json::Row;
use crate::report::linked;
use crate::report::links::passage_link;
use crate::report::table::{Cell, Fit, Grid};
use crate::span::{CodePoints, Span};
use crate::store::Access;

/// Lists what a speaker said, oldest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord claims \"John Kerry\"
  onrecord claims Kerry --since 2016-08 --kind direct
  onrecord claims Kerry --match cease-fire --format csv > kerry.csv
  onrecord claims Kerry --as-of 2024-03-31")]
pub struct ClaimsArgs {
    /// The speaker, by any form of the name or by id
    speaker: String,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    kinds: KindFilter,
    /// Claims that hold TEXT, whatever its case
    #[arg(long = "match", value_name = "TEXT")]
    matching: Option<String>,
    /// At most N claims
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    as_of: AsOf,
}

/// Runs the command.
pub fn run(args: &ClaimsArgs, session: &mut Session) -> Outcome {
    let formats = [LIST_FORMATS, &[Format::Jsonld, Format::Annotations]].concat();
    let format = session.format("claims", &formats)?;
    let record = args.as_of.of(record::open(session, Access::Read)?);
    let speaker = record::speaker(&record, &args.speaker)?;
    let wanted = args.matching.as_deref().map(folded);
    let mut aside = 0usize;
    let mut claims = record::claims_of(&record, speaker.id, |claim| {
        let asked =
            args.period.takes(claim) && wanted.as_ref().is_none_or(|text| folded(&claim.text).contains(text.as_str()));
        let takes = args.kinds.takes(&claim.attribution);
        aside += usize::from(asked && !takes && !args.kinds.is_given());
        asked && takes
    })?;
    if aside > 0 {
        let what = if aside == 1 { "1 belief or intention is" } else { &format!("{aside} beliefs and intentions are") };
        session.note(format!("{what} not among them; `--kind all` lists all"));
    }
    let found = claims.len();
    claims.truncate(args.limit.unwrap_or(usize::MAX));
    if claims.is_empty() && format == Format::Table {
        writeln!(session.out(), "No such claims of {} on record.", crate::report::text::one_line(&speaker.name))?;
        return Ok(Exit::Done);
    }
    if format == Format::Jsonld {
        session.print_json(&linked::claims(&claims))?;
        return Ok(Exit::Done);
    }
    if format == Format::Annotations {
        let mut texts = record::Texts::new(&record);
        for claim in &claims {
            let text = texts.text(claim)?;
            let source = claim.url.clone().unwrap_or_else(|| format!("urn:onrecord:article:{:#}", claim.article));
            let (name, points) = (claim.id.to_string(), CodePoints::new(text));
            let speaker = Some(claim.speaker_name.as_str());
            session.print_json_line(&linked::annotation(&claim.attribution, speaker, &source, &name, text, &points))?;
        }
        return Ok(Exit::Done);
    }
    let views = record::Texts::new(&record).views(&claims)?;
    let rows: Vec<Row<_>> = views.into_iter().map(Row::new).collect();
    let marks = |text: &str| args.matching.as_deref().map_or_else(Vec::new, |wanted| places_of(wanted, text));
    session.print_list(format, &rows, |terminal| grid(&claims, false, &marks, terminal))?;
    if found > claims.len() {
        session.note(format!("{} of {found} claims shown", claims.len()));
    }
    Ok(Exit::Done)
}

/// Returns claims as a table; `marks` finds the words of a claim that matter.
pub fn grid(claims: &[Claim], with_speaker: bool, marks: &dyn Fn(&str) -> Vec<Span>, terminal: &Terminal) -> Grid {
    let styles = terminal.styles();
    let mut grid =
        Grid::new().column("Date", Fit::Fixed, Style::new()).column_if_room("Outlet", Fit::Narrow, Style::new());
    if with_speaker {
        grid = grid.column("Speaker", Fit::Narrow, styles.speaker);
    }
    grid = grid.column_if_room("Kind", Fit::Fixed, styles.faint).column("Claim", Fit::Flowing, Style::new()).column(
        "Id",
        Fit::Fixed,
        styles.faint,
    );
    for claim in claims {
        let date = claim.date.map_or("undated".to_string(), |d| d.to_string());
        let mut row =
            vec![Cell::new(&date), Cell::new(claim.outlet.as_deref().unwrap_or("")).leading_to(passage_link(claim))];
        if with_speaker {
            row.push(Cell::new(&claim.speaker_name));
        }
        row.extend([
            Cell::new(kind(claim)),
            Cell::marked(&claim.text, &marks(&claim.text)),
            Cell::new(&claim.id.to_string()),
        ]);
        grid.row_of(row);
    }
    grid
}

/// Returns one word for what a claim is.
pub fn kind(claim: &Claim) -> &'static str {
    match claim.attribution.act {
        Act::Speech => super::extract::kind_name(claim.attribution.kind),
        Act::Belief => "belief",
        Act::Intention => "intention",
    }
}
