//! Which judge is asked.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::CommandError;
use crate::claim::assertion::Assertion;
use crate::encoder::Encoder;
use crate::verdict::{self, Statement, Verdict};

/// Judges of pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Rules and the trained encoder
    #[default]
    Full,
    /// Rules and the small judge alone: faster, finds less
    Rules,
}

impl Engine {
    /// Returns the encoder where it is asked for.
    pub fn encoder(self) -> Result<Option<&'static Encoder>, CommandError> {
        match self {
            Engine::Rules => Ok(None),
            Engine::Full => Encoder::shared().map(Some).map_err(|error| {
                CommandError::new("cannot load the encoder").because(&error).hint("`--engine rules` goes without it")
            }),
        }
    }
}

/// Judges pairs of statements, in order.
pub fn judge(pairs: &[(Statement<'_>, Statement<'_>)], encoder: Option<&Encoder>) -> Vec<Verdict> {
    let analysed: Vec<_> = pairs.iter().map(|(a, b)| (verdict::analyse(a), verdict::analyse(b))).collect();
    let scores = encoder.map(|encoder| {
        let read = |((a, b), (x, y)): (&(Statement<'_>, Statement<'_>), &(Assertion, Assertion))| {
            [verdict::as_read(x, a.text).into_owned(), verdict::as_read(y, b.text).into_owned()]
        };
        let read: Vec<[String; 2]> = pairs.iter().zip(&analysed).map(read).collect();
        let texts: Vec<(&str, &str)> = read.iter().map(|[a, b]| (a.as_str(), b.as_str())).collect();
        encoder.score_pairs(&texts)
    });
    let judged = pairs.iter().zip(&analysed).enumerate().map(|(n, ((a, b), (x, y)))| {
        verdict::judge_analysed(x, a.text, y, b.text, scores.as_ref().map(|scores| scores[n]))
    });
    judged.collect()
}
