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
pub const ENGINE_VERSION: &str = "mpnet12-q4-3";

/// The width of a statement's vector.
pub const VECTOR_WIDTH: usize = model::WIDTH;

/// Word pieces read of each statement; what follows is cut off.
const STATEMENT_LIMIT: usize = 96;

/// A pair that one order holds for neutral above this is not read in the other order.
const UNRELATED: f32 = 0.9;

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

impl PairScores {
    fn mean(self, other: PairScores) -> PairScores {
        PairScores {
            repeat: (self.repeat + other.repeat) / 2.0,
            contradict: (self.contradict + other.contradict) / 2.0,
            neutral: (self.neutral + other.neutral) / 2.0,
        }
    }
}

/// The trained judge of statement pairs.
pub struct Encoder {
    pieces: Pieces,
    model: Model,
}

impl Encoder {
    /// Reads the weights that are part of the program. They are unpacked when the first statement is read, which takes a
    /// fraction of a second and about 90 MB of memory.
    pub fn load() -> Result<Encoder, EncoderError> {
        Encoder::of(&weights::WeightsFile::embedded()?)
    }

    /// Reads the embedded weights once for the whole program.
    pub fn shared() -> Result<&'static Encoder, EncoderError> {
        static SHARED: OnceLock<Result<Encoder, EncoderError>> = OnceLock::new();
        SHARED.get_or_init(Encoder::load).as_ref().map_err(Clone::clone)
    }

    /// Reads weights in the format that `training/judge/export.py` writes.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Encoder, EncoderError> {
        Encoder::of(&weights::WeightsFile::parse(bytes)?)
    }

    fn of(file: &weights::WeightsFile<'static>) -> Result<Encoder, EncoderError> {
        Ok(Encoder { pieces: Pieces::new(file.pieces()?)?, model: Model::read(file)? })
    }

    /// Scores pairs of statements; the result has the order of `pairs`.
    ///
    /// A pair is read in both orders and gets the mean, except where one shows clearly that the two have nothing to do with
    /// each other: of most pairs of a real stream that is so, and the second reading would cost as much as the first. Which
    /// comes first depends on the texts alone, so that a pair turned round gets the same scores.
    pub fn score_pairs(&self, pairs: &[(&str, &str)]) -> Vec<PairScores> {
        let pieces: Vec<[Vec<u32>; 2]> = pairs
            .par_iter()
            .map(|(a, b)| [a.min(b), a.max(b)].map(|text| self.pieces.split(text, STATEMENT_LIMIT)))
            .collect();
        let mut scores = self.judge(pieces.iter().map(|[a, b]| self.pieces.join(a, b)).collect());
        let open: Vec<usize> = (0..pairs.len()).filter(|&n| scores[n].neutral < UNRELATED).collect();
        let turned = self.judge(open.iter().map(|&n| self.pieces.join(&pieces[n][1], &pieces[n][0])).collect());
        for (n, other) in open.into_iter().zip(turned) {
            scores[n] = scores[n].mean(other);
        }
        scores
    }

    /// Scores sequences of two statements each, as they stand.
    fn judge(&self, sequences: Vec<Vec<u32>>) -> Vec<PairScores> {
        let labels: Vec<[f32; 3]> =
            chunks(&sequences).par_iter().flat_map_iter(|chunk| self.model.judge(chunk)).collect();
        labels.into_iter().map(|[repeat, contradict, neutral]| PairScores { repeat, contradict, neutral }).collect()
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
