//! The encoder's layers: MPNet with relative positions, twelve layers, 768 wide, and a small head over three labels.

use super::kernel::{Instructions, Matrix, Quantised, absorb, attend, gelu, mean_unit, normalise, softmax3, tanh};
use super::weights::{EncoderError, Packed, WeightsFile};

/// Width of a token's vector.
pub(super) const WIDTH: usize = 768;
const INNER: usize = 3072;
const HEADS: usize = 12;
const BUCKETS: usize = 32;
/// Longest sequence: two statements at their limit and four marks fit well below it.
const POSITIONS: usize = 256;
/// Layers whose output makes a statement's vector.
const VECTOR_LAYERS: usize = 3;

struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

struct Layer {
    qkv: Matrix,
    out: Matrix,
    after_attention: Norm,
    up: Matrix,
    down: Matrix,
    after_inner: Norm,
}

/// The weights, unpacked to bytes.
pub(super) struct Model {
    on: Instructions,
    /// One row of bytes and one scale for each word piece.
    words: Vec<i8>,
    word_scales: Vec<f32>,
    positions: Vec<f32>,
    after_words: Norm,
    /// For each head, the bias of each bucket of distances.
    distances: Vec<f32>,
    layers: Vec<Layer>,
    head: Vec<f32>,
    head_bias: Vec<f32>,
    labels: Vec<f32>,
    label_bias: Vec<f32>,
}

fn norm(file: &WeightsFile, name: &str) -> Result<Norm, EncoderError> {
    Ok(Norm {
        gain: file.floats(&format!("{name}.gain"), WIDTH)?,
        shift: file.floats(&format!("{name}.shift"), WIDTH)?,
    })
}

fn matrix(
    on: Instructions,
    file: &WeightsFile,
    name: &str,
    outputs: usize,
    width: usize,
) -> Result<Matrix, EncoderError> {
    let packed = sized(file.packed(name, width)?, name, outputs)?;
    Ok(Matrix::new(on, width, file.floats(&format!("{name}.bias"), outputs)?, |row, out| packed.row(row, out)))
}

fn sized<'b>(packed: Packed<'b>, name: &str, rows: usize) -> Result<Packed<'b>, EncoderError> {
    if packed.rows == rows {
        Ok(packed)
    } else {
        Err(EncoderError::Damaged(format!("{name} has {} rows instead of {rows}", packed.rows)))
    }
}

impl Model {
    /// Unpacks the weights for the instructions of this processor.
    pub(super) fn read(file: &WeightsFile) -> Result<Model, EncoderError> {
        Model::read_for(Instructions::detect(), file)
    }

    /// Unpacks the weights for a given set of instructions.
    pub(super) fn read_for(on: Instructions, file: &WeightsFile) -> Result<Model, EncoderError> {
        let packed = sized(file.packed("words", WIDTH)?, "words", file.pieces()?.len())?;
        let mut words = vec![0i8; packed.rows * WIDTH];
        let word_scales = words.chunks_exact_mut(WIDTH).enumerate().map(|(row, out)| packed.row(row, out)).collect();
        let count = file.floats("layers", 1)?[0] as usize;
        let layer = |i: usize| -> Result<Layer, EncoderError> {
            Ok(Layer {
                qkv: matrix(on, file, &format!("{i}.qkv"), 3 * WIDTH, WIDTH)?,
                out: matrix(on, file, &format!("{i}.out"), WIDTH, WIDTH)?,
                after_attention: norm(file, &format!("{i}.after_attention"))?,
                up: matrix(on, file, &format!("{i}.up"), INNER, WIDTH)?,
                down: matrix(on, file, &format!("{i}.down"), WIDTH, INNER)?,
                after_inner: norm(file, &format!("{i}.after_inner"))?,
            })
        };
        use rayon::prelude::*;
        let layers = (0..count).into_par_iter().map(layer).collect::<Result<Vec<_>, _>>()?;
        if layers.is_empty() {
            return Err(EncoderError::Damaged("no layers".into()));
        }
        Ok(Model {
            on,
            words,
            word_scales,
            positions: file.floats("positions", POSITIONS * WIDTH)?,
            after_words: norm(file, "after_words")?,
            distances: file.floats("distances", HEADS * BUCKETS)?,
            layers,
            head: file.floats("head", WIDTH * WIDTH)?,
            head_bias: file.floats("head.bias", WIDTH)?,
            labels: file.floats("labels", 3 * WIDTH)?,
            label_bias: file.floats("labels.bias", 3)?,
        })
    }

    /// Returns the probabilities of repeat, contradict and neutral for each sequence.
    pub(super) fn judge(&self, sequences: &[Vec<u32>]) -> Vec<[f32; 3]> {
        let x = self.hidden(sequences, self.layers.len(), true);
        x.chunks_exact(WIDTH)
            .map(|first| {
                let mut h: Vec<f32> = self
                    .head
                    .chunks_exact(WIDTH)
                    .zip(&self.head_bias)
                    .map(|(row, bias)| row.iter().zip(first).map(|(w, v)| w * v).sum::<f32>() + bias)
                    .collect();
                tanh(&mut h);
                let logit = |l: usize| {
                    let row = &self.labels[l * WIDTH..(l + 1) * WIDTH];
                    row.iter().zip(&h).map(|(w, v)| w * v).sum::<f32>() + self.label_bias[l]
                };
                softmax3([logit(0), logit(1), logit(2)])
            })
            .collect()
    }

    /// Returns a unit vector for each sequence: the mean over its tokens after the first layers.
    pub(super) fn vectors(&self, sequences: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let x = self.hidden(sequences, VECTOR_LAYERS.min(self.layers.len()), false);
        let mut rest = x.as_slice();
        sequences
            .iter()
            .map(|s| {
                let (own, others) = rest.split_at(s.len() * WIDTH);
                rest = others;
                mean_unit(own, WIDTH)
            })
            .collect()
    }

    /// Takes sequences, one after the other without padding, through the first `depth` layers.
    ///
    /// With `first_only` the last of these layers is worked out for the first token of each sequence alone.
    fn hidden(&self, sequences: &[Vec<u32>], depth: usize, first_only: bool) -> Vec<f32> {
        let lengths: Vec<usize> = sequences.iter().map(Vec::len).collect();
        let mut x = self.embed(sequences);
        let biases: Vec<Vec<f32>> = lengths.iter().map(|n| self.distance_bias(*n)).collect();
        for (i, layer) in self.layers.iter().take(depth).enumerate() {
            let asked: Vec<usize> = if first_only && i + 1 == depth { vec![1; lengths.len()] } else { lengths.clone() };
            x = layer.forward(self.on, x, &lengths, &asked, &biases);
        }
        x
    }

    fn embed(&self, sequences: &[Vec<u32>]) -> Vec<f32> {
        let mut x = Vec::with_capacity(sequences.iter().map(Vec::len).sum::<usize>() * WIDTH);
        for s in sequences {
            for (position, piece) in s.iter().enumerate() {
                let row = *piece as usize;
                let scale = self.word_scales[row];
                let word = &self.words[row * WIDTH..(row + 1) * WIDTH];
                let place = &self.positions[position.min(POSITIONS - 1) * WIDTH..][..WIDTH];
                x.extend(word.iter().zip(place).map(|(w, p)| f32::from(*w) * scale + p));
            }
        }
        normalise(self.on, &mut x, &self.after_words.gain, &self.after_words.shift);
        x
    }

    /// Returns, for each head, the bias of every distance from `-(length - 1)` to `length - 1`.
    fn distance_bias(&self, length: usize) -> Vec<f32> {
        let reach = length as i32 - 1;
        let mut out = Vec::with_capacity(HEADS * (2 * length).saturating_sub(1));
        for head in 0..HEADS {
            out.extend((-reach..=reach).map(|d| self.distances[head * BUCKETS + bucket(d)]));
        }
        out
    }
}

/// Returns the bucket of a distance (key minus query), as MPNet was trained: exact up to seven, then ever coarser up to 128.
fn bucket(distance: i32) -> usize {
    /// Where the coarser buckets begin.
    const COARSE: [u32; 8] = [8, 12, 16, 23, 32, 46, 64, 91];
    let far = distance.unsigned_abs();
    let near = if far < 8 { far as usize } else { 7 + COARSE.iter().take_while(|start| **start <= far).count() };
    if distance > 0 { near + BUCKETS / 2 } else { near }
}

impl Layer {
    fn forward(
        &self,
        on: Instructions,
        mut x: Vec<f32>,
        lengths: &[usize],
        asked: &[usize],
        biases: &[Vec<f32>],
    ) -> Vec<f32> {
        let mut qkv = vec![0.0; x.len() * 3];
        self.qkv.apply(&Quantised::new(on, &x, WIDTH), &mut qkv);
        let mut context = vec![0.0; asked.iter().sum::<usize>() * WIDTH];
        let (mut from, mut to) = (0, 0);
        let mut kept = 0;
        for ((length, queries), bias) in lengths.iter().zip(asked).zip(biases) {
            let rows = &qkv[from * 3 * WIDTH..(from + length) * 3 * WIDTH];
            attend(on, rows, WIDTH, *queries, bias, &mut context[to * WIDTH..(to + queries) * WIDTH]);
            x.copy_within(from * WIDTH..(from + queries) * WIDTH, kept);
            kept += queries * WIDTH;
            (from, to) = (from + length, to + queries);
        }
        x.truncate(kept);
        let mut update = vec![0.0; x.len()];
        self.out.apply(&Quantised::new(on, &context, WIDTH), &mut update);
        absorb(on, &mut x, &update, &self.after_attention.gain, &self.after_attention.shift);
        let mut inner = vec![0.0; x.len() / WIDTH * INNER];
        self.up.apply(&Quantised::new(on, &x, WIDTH), &mut inner);
        gelu(on, &mut inner);
        self.down.apply(&Quantised::new(on, &inner, INNER), &mut update);
        absorb(on, &mut x, &update, &self.after_inner.gain, &self.after_inner.shift);
        x
    }
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn buckets_of_distances_are_those_of_the_training() {
        // Printed by relative_bucket of training/judge/model.py.
        let printed = [(0, 0), (-1, 1), (-7, 7), (-8, 8), (1, 17), (7, 23), (8, 24), (127, 31), (-127, 15), (500, 31)];
        for (distance, wanted) in printed {
            assert_eq!(bucket(distance), wanted, "distance {distance}");
        }
    }
}
