//! Logistic curves, and tables of how often what was said held.

use crate::Example;
use onrecord::attribution::coreference::certainty::log_odds;

/// What holds a curve to the rules' own measure where there are few examples: a slope of one is worth this many.
const PRIOR: f64 = 4.0;
/// Masked names count for less than sources as published: they teach the slope.
const MASKED_WEIGHT: f64 = 0.25;
/// What holds a curve's height to the mean.
const HEIGHT_PRIOR: f64 = 0.02;

/// The chance of being right at a sureness.
pub fn at((offset, slope): (f64, f64), sureness: f32) -> f32 {
    (1.0 / (1.0 + (-(offset + slope * f64::from(log_odds(sureness)))).exp())) as f32
}

/// Fits offset and slope; masked examples have an offset of their own, which is left out where there are others.
pub fn fit(examples: &[&Example]) -> (f64, f64) {
    let published = examples.iter().filter(|e| !e.masked).count();
    let mut weights = [0.0f64, 1.0, 0.0];
    let rows: Vec<([f64; 3], f64, f64)> = examples
        .iter()
        .map(|e| {
            let masked = f64::from(u8::from(e.masked && published > 0));
            let weight = if masked > 0.0 { MASKED_WEIGHT } else { 1.0 };
            ([1.0, f64::from(log_odds(e.sureness)), masked], f64::from(u8::from(e.right)), weight)
        })
        .collect();
    let n: f64 = rows.iter().map(|r| r.2).sum();
    for _ in 0..20_000 {
        let mut gradient = [HEIGHT_PRIOR * weights[0], PRIOR * (weights[1] - 1.0), HEIGHT_PRIOR * weights[2]];
        for (features, right, weight) in &rows {
            let sum: f64 = weights.iter().zip(features).map(|(w, f)| w * f).sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - right;
            for (g, f) in gradient.iter_mut().zip(features) {
                *g += weight * error * f;
            }
        }
        for (weight, g) in weights.iter_mut().zip(gradient) {
            *weight -= 0.5 * g / (n + PRIOR);
        }
        // A surer answer is never less often right.
        weights[1] = weights[1].max(0.0);
    }
    (weights[0], weights[1])
}

/// Prints claimed against observed, a tenth a line.
pub fn print_bins(scores: impl Iterator<Item = (f32, bool)>) {
    let mut bins = [(0usize, 0f64, 0usize); 10];
    for (said, right) in scores {
        let bin = &mut bins[((said * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + f64::from(said), bin.2 + usize::from(right));
    }
    println!("  claimed     n  mean  right");
    for (number, (n, said, right)) in bins.into_iter().enumerate().filter(|(_, b)| b.0 > 0) {
        let share = |x: f64| x / n as f64;
        println!("  .{number}–.{}  {n:6}  {:.3} {:.3}", number + 1, share(said), share(right as f64));
    }
}
