//! Averaged perceptrons for the greedy layers.

use onrecord::tagging::hashing::Features;
use onrecord::tagging::layers::{Layer, best, collect, seed};
use onrecord::tagging::model::LayerWeights;
use onrecord::tagging::words::Word;

use crate::corpus::UNKNOWN;
use crate::random::Random;

const BITS: u32 = 15;

/// One article for a layer: its words, the layers below, the labels to learn.
pub struct Example<'a> {
    pub words: &'a [Word],
    pub below: &'a [Vec<u8>],
    pub gold: &'a [u8],
}

/// Trains a layer.
pub fn train(examples: &[Example<'_>], labels: usize, rounds: usize) -> LayerWeights {
    let rows = labels << BITS;
    let (mut weights, mut sums, mut clock) = (vec![0f32; rows], vec![0f32; rows], 1f32);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random(42);
    for _ in 0..rounds {
        random.shuffle(&mut order);
        for &number in &order {
            let example = &examples[number];
            let mut features = Features::new(BITS, seed(example.below.len()));
            let mut own: Vec<u8> = Vec::new();
            for token in 0..example.words.len() {
                collect(example.words, example.below, &own, token, &mut features);
                let mut scores = [0f32; 40];
                for &bucket in features.buckets() {
                    let row = bucket as usize * labels;
                    for (score, weight) in scores.iter_mut().zip(&weights[row..row + labels]) {
                        *score += weight;
                    }
                }
                let guess = best(&scores[..labels]);
                let gold = example.gold[token];
                if gold != UNKNOWN && usize::from(gold) != guess {
                    for &bucket in features.buckets() {
                        let row = bucket as usize * labels;
                        for (label, by) in [(usize::from(gold), 1f32), (guess, -1f32)] {
                            weights[row + label] += by;
                            sums[row + label] += by * clock;
                        }
                    }
                }
                clock += 1.0;
                own.push(guess as u8);
            }
        }
    }
    let averaged: Vec<f32> = weights.iter().zip(&sums).map(|(w, s)| w - s / clock).collect();
    // A few weights stand far out; they are cut so that the others keep their grain.
    let top = averaged.iter().fold(0f32, |top, w| top.max(w.abs())) * 0.4;
    let step = 127.0 / top.max(1e-6);
    LayerWeights {
        labels: labels as u32,
        bits: BITS,
        weights: averaged.iter().map(|w| (w * step).round().clamp(-127.0, 127.0) as i8).collect(),
    }
}

/// Makes a trained layer ready for use.
pub fn ready(stored: &LayerWeights) -> Layer {
    Layer::new(stored.labels as usize, stored.bits, &stored.weights)
}
