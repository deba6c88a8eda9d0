//! The small transformer: word pieces, weights, runtime; scores for pairs of statements and vectors for single ones.
//!
//! The model is a cross-encoder: it reads both statements at once and says how probable it is that they repeat or contradict
//! each other. Its weights are part of the program. All sums of the matrix products are exact integers and all other arithmetic
//! runs in a fixed order without fused operations, so that a pair gets the same scores on every processor, in every batch and
//! with any number of threads.

mod kernel;
mod model;
mod pieces;
mod weights;

use model::Model;
use pieces::Pieces;
use rayon::prelude::*;
use std::sync::OnceLock;

pub use weights::EncoderError;

/// The name under which verdicts of this encoder are kept: it changes whenever the scores may change.
pub const ENGINE_VERSION: &str = "mpnet12-q4-2";

/// The width of a statement's vector.
pub const VECTOR_WIDTH: usize = model::WIDTH;

/// Word pieces read of each statement; what follows is cut off.
const STATEMENT_LIMIT: usize = 96;

/// Word pieces that one thread takes through the layers together.
const CHUNK: usize = 256;

/// How probable it is that two statements repeat, contradict, or do neither; the three add up to one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairScores {
    /// Both assert the same.
    pub repeat: f32,
    /// Both cannot be true.
    pub contradict: f32,
    /// Neither of the two.
    pub neutral: f32,
}

/// The trained judge of statement pairs.
pub struct Encoder {
    pieces: Pieces,
    model: Model,
}

impl Encoder {
    /// Reads the weights that are part of the program; takes a fraction of a second and about 100 MB of memory.
    pub fn load() -> Result<Encoder, EncoderError> {
        Encoder::from_bytes(weights::EMBEDDED)
    }

    /// Reads the embedded weights once for the whole program.
    pub fn shared() -> Result<&'static Encoder, EncoderError> {
        static SHARED: OnceLock<Result<Encoder, EncoderError>> = OnceLock::new();
        SHARED.get_or_init(Encoder::load).as_ref().map_err(Clone::clone)
    }

    /// Reads weights in the format that `training/judge/export.py` writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Encoder, EncoderError> {
        let file = weights::WeightsFile::parse(bytes)?;
        Ok(Encoder { pieces: Pieces::new(file.pieces()?)?, model: Model::read(&file)? })
    }

    /// Scores pairs of statements, each in both orders; the result has the order of `pairs`.
    pub fn score_pairs(&self, pairs: &[(&str, &str)]) -> Vec<PairScores> {
        let sequences: Vec<Vec<u32>> = pairs
            .par_iter()
            .flat_map_iter(|(a, b)| {
                let a = self.pieces.split(a, STATEMENT_LIMIT);
                let b = self.pieces.split(b, STATEMENT_LIMIT);
                [self.pieces.join(&a, &b), self.pieces.join(&b, &a)]
            })
            .collect();
        let judged: Vec<[f32; 3]> =
            chunks(&sequences).par_iter().flat_map_iter(|chunk| self.model.judge(chunk)).collect();
        judged
            .chunks_exact(2)
            .map(|both| PairScores {
                repeat: (both[0][0] + both[1][0]) / 2.0,
                contradict: (both[0][1] + both[1][1]) / 2.0,
                neutral: (both[0][2] + both[1][2]) / 2.0,
            })
            .collect()
    }

    /// Returns a vector of unit length for each statement; statements on one subject have a high dot product.
    pub fn vectors(&self, statements: &[&str]) -> Vec<Vec<f32>> {
        let sequences: Vec<Vec<u32>> =
            statements.par_iter().map(|s| self.pieces.single(&self.pieces.split(s, STATEMENT_LIMIT))).collect();
        chunks(&sequences).par_iter().flat_map_iter(|chunk| self.model.vectors(chunk)).collect()
    }
}

/// Cuts sequences into runs of about `CHUNK` word pieces, at least one sequence each.
fn chunks(sequences: &[Vec<u32>]) -> Vec<&[Vec<u32>]> {
    let mut out = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (i, s) in sequences.iter().enumerate() {
        if i > start && length + s.len() > CHUNK {
            out.push(&sequences[start..i]);
            (start, length) = (i, 0);
        }
        length += s.len();
    }
    if start < sequences.len() {
        out.push(&sequences[start..]);
    }
    out
}

#[cfg(test)]
mod tests;
