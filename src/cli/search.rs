//! `search`: claims like a text, whoever made them.

use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::claims::grid;
use super::filter::{KindFilter, Period};
use super::session::LIST_FORMATS;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::Claim;
use crate::matching::likeness::{Ranking, named_words};
use crate::report::json::{ClaimView, Row};
use crate::store::Access;

/// Finds claims like TEXT, best first, of any speaker
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord search \"no tolls on the bridge\"
  onrecord search ceasefire --speaker Kerry --limit 5")]
pub struct SearchArgs {
    /// Words, or a whole statement
    text: String,
    /// Claims of this speaker only
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    kinds: KindFilter,
    /// At most N claims
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// A claim and how like the text it is.
#[derive(Serialize)]
struct Hit {
    #[serde(flatten)]
    claim: ClaimView,
    score: f64,
}

/// Runs the command.
pub fn run(args: &SearchArgs, session: &mut Session) -> Outcome {
    let format = session.format("search", LIST_FORMATS)?;
    let record = record::open(session, Access::Read)?;
    let mut ranking = Ranking::new(&args.text);
    if ranking.is_empty() {
        return Err(CommandError::new(format!("`{}` has no word to search for", args.text)));
    }
    let takes = |claim: &Claim| args.period.takes(claim) && args.kinds.takes(&claim.attribution);
    let mut look = |claim: Claim| {
        if takes(&claim) {
            ranking.take(claim.id, &claim.text);
        }
    };
    match &args.speaker {
        Some(name) => record.claims(record::speaker(&record, name)?.id).try_for_each(|c| c.map(&mut look))?,
        None => {
            let likely = record.likely(&args.text)?;
            likely.near(|date| args.period.takes_day(date), &mut look)?;
            let mut sample = Vec::new();
            let each = likely.sample(|claim| {
                if takes(&claim) {
                    sample.push(claim.text);
                }
            })?;
            if let Some(each) = each {
                ranking.weigh(sample.iter().map(String::as_str), each);
            }
        }
    }
    let best = ranking.best(args.limit);
    let mut claims = Vec::new();
    for (id, _) in &best {
        claims.push(record.claim(*id)?);
    }
    if claims.is_empty() && format == Format::Table {
        writeln!(session.out(), "No claim like that on record.")?;
        return Ok(Exit::Done);
    }
    let views = record::Texts::new(&record).views(&claims)?;
    let rows: Vec<Row<Hit>> = views
        .into_iter()
        .zip(&best)
        .map(|(claim, (_, score))| Row::new(Hit { claim, score: (score * 1e3).round() / 1e3 }))
        .collect();
    session.print_list(format, &rows, |terminal| grid(&claims, true, &|text| named_words(&args.text, text), terminal))
}
