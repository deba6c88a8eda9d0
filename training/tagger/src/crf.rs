//! Training of a linear chain with AdaGrad; features are dropped at random so that none is leaned on alone.

#![allow(clippy::needless_range_loop, reason = "labels are numbers that index several tables at once")]

use onrecord::tagging::chain::{MOST, Scores, Transitions, marginals};
use onrecord::tagging::model::ChainWeights;

use crate::random::Random;

/// One sequence: the features of its tokens, end to end, and the labels.
#[derive(Default)]
pub struct Sequence {
    pub buckets: Vec<u32>,
    pub ends: Vec<u32>,
    pub labels: Vec<u8>,
}

pub struct Settings {
    pub bits: u32,
    pub labels: usize,
    pub rounds: usize,
    pub rate: f32,
    pub dropped: f32,
    pub least: u8,
    /// How many runs are averaged.
    pub runs: u64,
}

#[repr(align(64))]
#[derive(Clone, Copy, Default)]
struct Row {
    weights: [f32; MOST],
    squares: [f32; MOST],
}

/// Trains a chain whose labels are `O`, then begin and inside of each role: the mean of several runs, each of which sees
/// the sequences in another order and drops other features, since one run alone is the better or worse for its luck.
pub fn train(sequences: &[Sequence], settings: &Settings) -> ChainWeights {
    let mut weights = vec![0f32; settings.labels << settings.bits];
    let mut transitions = vec![0f32; (settings.labels + 1) * settings.labels];
    for run in 0..settings.runs {
        let (of_features, of_steps) = train_once(sequences, settings, 99 + run);
        let add = |sums: &mut [f32], values: &[f32]| {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value / settings.runs as f32);
        };
        add(&mut weights, &of_features);
        add(&mut transitions, &of_steps);
    }
    // A few weights stand far out; they are cut so that the others keep their grain.
    let top = weights.iter().fold(0f32, |top, w| top.max(w.abs())) * 0.6;
    let scale = (top / 127.0).max(1e-6);
    let weights = weights.iter().map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8).collect();
    ChainWeights { labels: settings.labels as u32, bits: settings.bits, scale, weights, transitions }
}

/// Returns the weights, row after row, and the transitions.
fn train_once(sequences: &[Sequence], settings: &Settings, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let labels = settings.labels;
    let allowed =
        |from: Option<usize>, to: usize| to == 0 || to % 2 == 1 || from.is_some_and(|f| f == to || f + 1 == to);
    let mut transitions = Transitions::new(labels, Vec::new(), allowed);
    let mut squares = vec![0f32; transitions.scores.len()];
    let mut rows = vec![Row::default(); 1 << settings.bits];
    let mut seen = vec![0u8; 1 << settings.bits];
    for &bucket in sequences.iter().flat_map(|s| &s.buckets) {
        seen[bucket as usize] = seen[bucket as usize].saturating_add(1);
    }
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    let mut random = Random(seed);
    let limit = (settings.dropped * 1024.0) as u64;
    for round in 0..settings.rounds {
        random.shuffle(&mut order);
        let (mut loss, mut tokens) = (0f64, 0usize);
        let mut kept: Vec<u32> = Vec::new();
        let mut ends: Vec<usize> = Vec::new();
        for &number in &order {
            let sequence = &sequences[number];
            let n = sequence.labels.len();
            kept.clear();
            ends.clear();
            let mut emissions: Vec<Scores> = Vec::with_capacity(n);
            let mut start = 0;
            for &end in &sequence.ends {
                let mut scores = [0f32; MOST];
                for &bucket in &sequence.buckets[start..end as usize] {
                    if seen[bucket as usize] >= settings.least && random.next() % 1024 >= limit {
                        kept.push(bucket);
                        for (score, weight) in scores.iter_mut().zip(&rows[bucket as usize].weights) {
                            *score += weight;
                        }
                    }
                }
                start = end as usize;
                ends.push(kept.len());
                emissions.push(scores);
            }
            let found = marginals(&emissions, &transitions);
            let mut edges = found.edges;
            let mut gold = 0f64;
            let mut previous = labels;
            for (at, &label) in sequence.labels.iter().enumerate() {
                let label = usize::from(label);
                gold += f64::from(emissions[at][label] + transitions.at(previous, label));
                edges[previous * labels + label] -= 1.0;
                previous = label;
            }
            loss += found.log_total - gold;
            tokens += n;
            for (at, gradient) in edges.iter().enumerate().filter(|(_, g)| g.abs() > 1e-6) {
                if transitions.scores[at] > -1e3 {
                    squares[at] += gradient * gradient;
                    transitions.scores[at] -= settings.rate * gradient / (squares[at].sqrt() + 1e-6);
                }
            }
            let mut start = 0;
            for at in 0..n {
                let mut gradient = found.nodes[at];
                gradient[usize::from(sequence.labels[at])] -= 1.0;
                let end = ends[at];
                if gradient.iter().any(|g| g.abs() >= 5e-3) {
                    for &bucket in &kept[start..end] {
                        let row = &mut rows[bucket as usize];
                        for k in 0..MOST {
                            row.squares[k] += gradient[k] * gradient[k];
                            row.weights[k] -= settings.rate * gradient[k] / (row.squares[k].sqrt() + 1e-6);
                        }
                    }
                }
                start = end;
            }
        }
        eprintln!("  round {round}: loss a token {:.4}", loss / tokens as f64);
    }
    let keep = 1.0 - settings.dropped;
    let weights = rows.iter().flat_map(|r| r.weights[..labels].iter().map(|w| w * keep).collect::<Vec<_>>()).collect();
    (weights, transitions.scores)
}
