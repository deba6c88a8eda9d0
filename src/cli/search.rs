//! `search`: claims like a text, whoever made them.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::claims::{folded, grid};
use super::filter::{KindFilter, Period};
use super::session::LIST_FORMATS;
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::{Claim, ClaimId};
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
    let mut look = |claim: Claim| {
        if args.period.takes(&claim) && args.kinds.takes(&claim.attribution) {
            ranking.take(claim.id, &claim.text);
        }
    };
    match &args.speaker {
        Some(name) => record.claims(record::speaker(&record, name)?.id).try_for_each(|c| c.map(&mut look))?,
        None => record.all_claims()?.try_for_each(|c| c.map(&mut look))?,
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
    session.print_list(format, &rows, |terminal| grid(&claims, true, terminal))
}

/// BM25 over words and over the three- to five-letter pieces of words, which find inflected and misspelt forms.
pub(super) struct Ranking {
    /// Pieces of the query, with their weight.
    wanted: BTreeMap<String, f64>,
    /// How many claims hold each piece.
    holders: BTreeMap<String, usize>,
    claims: usize,
    pieces: usize,
    /// Claims that hold a whole word of the query or much of one: their length and the pieces they share with it.
    found: Vec<Held>,
}

/// A claim, its length, and the pieces it shares with the query.
type Held = (ClaimId, usize, Vec<(String, usize)>);

impl Ranking {
    pub(super) fn new(query: &str) -> Ranking {
        let mut wanted = BTreeMap::new();
        for piece in pieces(query) {
            *wanted.entry(piece).or_insert(0.0) += 1.0;
        }
        Ranking { wanted, holders: BTreeMap::new(), claims: 0, pieces: 0, found: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    pub(super) fn take(&mut self, id: ClaimId, text: &str) {
        let all = pieces(text);
        self.claims += 1;
        self.pieces += all.len();
        let mut shared: BTreeMap<&String, usize> = BTreeMap::new();
        for piece in &all {
            if self.wanted.contains_key(piece) {
                *shared.entry(piece).or_default() += 1;
            }
        }
        if shared.is_empty() {
            return;
        }
        for piece in shared.keys() {
            *self.holders.entry((*piece).clone()).or_default() += 1;
        }
        let shared = shared.into_iter().map(|(piece, n)| (piece.clone(), n)).collect();
        self.found.push((id, all.len(), shared));
    }

    pub(super) fn best(&self, limit: usize) -> Vec<(ClaimId, f64)> {
        const SATURATION: f64 = 1.2;
        const LENGTH: f64 = 0.5;
        let mean = self.pieces as f64 / self.claims.max(1) as f64;
        let rarity = |piece: &str| {
            let holders = self.holders.get(piece).copied().unwrap_or(0) as f64;
            (1.0 + (self.claims as f64 - holders + 0.5) / (holders + 0.5)).ln()
        };
        let most: f64 = self.wanted.iter().map(|(piece, n)| n * rarity(piece)).sum();
        let mut scored: Vec<(ClaimId, f64)> = self
            .found
            .iter()
            .map(|(id, length, shared)| {
                let norm = SATURATION * (1.0 - LENGTH + LENGTH * *length as f64 / mean.max(1.0));
                let score: f64 = shared
                    .iter()
                    .map(|(piece, n)| {
                        let n = *n as f64;
                        self.wanted.get(piece).copied().unwrap_or(0.0) * rarity(piece) * n * (SATURATION + 1.0)
                            / (n + norm)
                    })
                    .sum();
                (*id, score / (most * (SATURATION + 1.0)).max(f64::MIN_POSITIVE))
            })
            // A few common letters in a row are no likeness.
            .filter(|(_, score)| *score > 0.05)
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scored.truncate(limit);
        scored
    }
}

/// Words, with a mark before them, and the pieces of words within their edges.
fn pieces(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in folded(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        out.push(format!("={word}"));
        let edged: Vec<char> = std::iter::once(' ').chain(word.chars().take(40)).chain([' ']).collect();
        for n in 3..=5 {
            out.extend(edged.windows(n).map(|piece| piece.iter().collect::<String>()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_claim_comes_first_and_unlike_ones_not_at_all() {
        let mut ranking = Ranking::new("no tolls on the bridge");
        for (i, text) in [
            "Taxes will fall",
            "Drivers will pay to cross the bridge",
            "There will be no tolls on this bridge",
            "a tolled bridge is a fair bridge",
            "Zzz",
        ]
        .iter()
        .enumerate()
        {
            ranking.take(ClaimId(i as u64), text);
        }
        let order: Vec<u64> = ranking.best(10).iter().map(|(id, _)| id.0).collect();
        assert_eq!(order[..2], [2, 3]);
        assert!(!order.contains(&4) && !order.contains(&0), "{order:?}");
    }
}
