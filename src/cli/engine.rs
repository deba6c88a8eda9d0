//! Which judge is asked.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::CommandError;
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
    match encoder {
        None => pairs.iter().map(|(a, b)| verdict::judge(a, b)).collect(),
        Some(encoder) => {
            let read =
                |statement: &Statement<'_>| verdict::as_read(&verdict::analyse(statement), statement.text).into_owned();
            let texts: Vec<(String, String)> = pairs.iter().map(|(a, b)| (read(a), read(b))).collect();
            let texts: Vec<(&str, &str)> = texts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let scores = encoder.score_pairs(&texts);
            pairs.iter().zip(scores).map(|((a, b), scores)| verdict::judge_with(a, b, scores)).collect()
        }
    }
}
