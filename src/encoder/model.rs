//! The encoder's layers: MPNet with relative positions, twelve layers, 768 wide, and a small head over three labels.

use super::kernel::{Instructions, Matrix, Quantised, absorb, attend, gelu, mean_unit, normalise, softmax3, tanh};
use super::weights::{EncoderError, Packed, WeightsFile};
use std::sync::OnceLock;

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

/// A matrix as it lies in the file, with its bias; unpacked when it is first used.
struct Weights {
    packed: Packed<'static>,
    bias: Vec<f32>,
    unpacked: OnceLock<Matrix>,
}

struct Layer {
    qkv: Weights,
    out: Weights,
    after_attention: Norm,
    up: Weights,
    down: Weights,
    after_inner: Norm,
}

/// The weights.
pub(super) struct Model {
    on: Instructions,
    /// One row for each word piece.
    words: Packed<'static>,
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

impl Weights {
    fn read(file: &WeightsFile<'static>, name: &str, outputs: usize, width: usize) -> Result<Weights, EncoderError> {
        let packed = sized(file.packed(name, width)?, name, outputs)?;
        let bias = file.floats(&format!("{name}.bias"), outputs)?;
        Ok(Weights { packed, bias, unpacked: OnceLock::new() })
    }

    /// Multiplies rows with the matrix and adds the bias.
    fn apply(&self, on: Instructions, rows: &Quantised, out: &mut [f32]) {
        let unpack = || Matrix::new(on, self.packed.columns, self.bias.clone(), |row, out| self.packed.row(row, out));
        self.unpacked.get_or_init(unpack).apply(rows, out);
    }
}

fn sized<'b>(packed: Packed<'b>, name: &str, rows: usize) -> Result<Packed<'b>, EncoderError> {
    if packed.rows == rows {
        Ok(packed)
    } else {
        Err(EncoderError::Damaged(format!("{name} has {} rows instead of {rows}", packed.rows)))
    }
}

impl Model {
    /// Checks the weights and takes them as they lie there, for the instructions of this processor.
    pub(super) fn read(file: &WeightsFile<'static>) -> Result<Model, EncoderError> {
        Model::read_for(Instructions::detect(), file)
    }

    /// As `read`, for a given set of instructions.
    pub(super) fn read_for(on: Instructions, file: &WeightsFile<'static>) -> Result<Model, EncoderError> {
        let count = file.floats("layers", 1)?[0] as usize;
        let layer = |i: usize| -> Result<Layer, EncoderError> {
            Ok(Layer {
                qkv: Weights::read(file, &format!("{i}.qkv"), 3 * WIDTH, WIDTH)?,
                out: Weights::read(file, &format!("{i}.out"), WIDTH, WIDTH)?,
                after_attention: norm(file, &format!("{i}.after_attention"))?,
                up: Weights::read(file, &format!("{i}.up"), INNER, WIDTH)?,
                down: Weights::read(file, &format!("{i}.down"), WIDTH, INNER)?,
                after_inner: norm(file, &format!("{i}.after_inner"))?,
            })
        };
        let layers = (0..count).map(layer).collect::<Result<Vec<_>, _>>()?;
        if layers.is_empty() {
            return Err(EncoderError::Damaged("no layers".into()));
        }
        Ok(Model {
            on,
            words: sized(file.packed("words", WIDTH)?, "words", file.pieces()?.len())?,
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
        let mut between = Between::default();
        for (i, layer) in self.layers.iter().take(depth).enumerate() {
            let asked: Vec<usize> = if first_only && i + 1 == depth { vec![1; lengths.len()] } else { lengths.clone() };
            layer.forward(self.on, &mut x, &lengths, &asked, &biases, &mut between);
        }
        x
    }

    fn embed(&self, sequences: &[Vec<u32>]) -> Vec<f32> {
        let mut x = Vec::with_capacity(sequences.iter().map(Vec::len).sum::<usize>() * WIDTH);
        let mut word = [0i8; WIDTH];
        for s in sequences {
            for (position, piece) in s.iter().enumerate() {
                let scale = self.words.row(*piece as usize, &mut word);
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

/// What lies between the products of a layer; the next layer takes the same memory.
#[derive(Default)]
struct Between {
    bytes: Quantised,
    qkv: Vec<f32>,
    context: Vec<f32>,
    update: Vec<f32>,
    inner: Vec<f32>,
}

impl Layer {
    /// Takes the rows of `x` through the layer; of each sequence only the first `asked` rows are left.
    fn forward(
        &self,
        on: Instructions,
        x: &mut Vec<f32>,
        lengths: &[usize],
        asked: &[usize],
        biases: &[Vec<f32>],
        between: &mut Between,
    ) {
        let Between { bytes, qkv, context, update, inner } = between;
        qkv.resize(x.len() * 3, 0.0);
        bytes.take(on, x, WIDTH);
        self.qkv.apply(on, bytes, qkv);
        context.resize(asked.iter().sum::<usize>() * WIDTH, 0.0);
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
        update.resize(kept, 0.0);
        bytes.take(on, context, WIDTH);
        self.out.apply(on, bytes, update);
        absorb(on, x, update, &self.after_attention.gain, &self.after_attention.shift);
        inner.resize(kept / WIDTH * INNER, 0.0);
        bytes.take(on, x, WIDTH);
        self.up.apply(on, bytes, inner);
        gelu(on, inner);
        bytes.take(on, inner, INNER);
        self.down.apply(on, bytes, update);
        absorb(on, x, update, &self.after_inner.gain, &self.after_inner.shift);
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
