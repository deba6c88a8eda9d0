//! Float loops: layer norms, activation, attention. Sums run over sixteen lanes in a fixed order; nothing is fused.

use super::versions;

const LANES: usize = 16;

/// Sums sixteen lanes in a fixed order.
#[inline(always)]
fn total(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// e to the power of x for x ≤ 88, within a few units in the last place.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    // The sum rounds x / ln 2 to a whole number, which then stands in the low bits.
    let shifted = x * std::f32::consts::LOG2_E + 12_582_912.0;
    let whole = shifted - 12_582_912.0;
    let f = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let p = 1.987_569_2e-4 * f + 1.398_2e-3;
    let p = p * f + 8.333_452e-3;
    let p = p * f + 4.166_579_6e-2;
    let p = p * f + 1.666_666_5e-1;
    let p = p * f + 0.5;
    let p = p * f * f + f + 1.0;
    let power = f32::from_bits(shifted.to_bits().wrapping_sub(0x4b40_0000).wrapping_add(127) << 23);
    p * power
}

#[inline(always)]
fn gelu_body(x: &mut [f32]) {
    for v in x {
        // Abramowitz and Stegun 7.1.26 for the error function, wrong by at most 1.5e-7.
        let z = v.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * z);
        let p = 1.061_405_4 * t - 1.453_152_1;
        let p = p * t + 1.421_413_8;
        let p = p * t - 0.284_496_74;
        let p = (p * t + 0.254_829_6) * t;
        let tail = 0.5 * p * exp(-(z * z));
        let below = if *v < 0.0 { tail } else { 1.0 - tail };
        *v *= below;
    }
}

versions! {
    /// Applies the Gaussian error linear unit to every number.
    pub(in crate::encoder) fn gelu(x: &mut [f32]) = gelu_body
}

#[inline(always)]
fn norm_row(row: &mut [f32], gain: &[f32], shift: &[f32]) {
    let n = row.len() as f32;
    let mut lanes = [0.0; LANES];
    for c in row.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            lanes[i] += c[i];
        }
    }
    let mean = total(lanes) / n;
    let mut lanes = [0.0; LANES];
    for c in row.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            let d = c[i] - mean;
            lanes[i] += d * d;
        }
    }
    let scale = 1.0 / (total(lanes) / n + 1e-5).sqrt();
    for ((v, g), s) in row.iter_mut().zip(gain).zip(shift) {
        *v = (*v - mean) * scale * g + s;
    }
}

#[inline(always)]
fn normalise_body(x: &mut [f32], gain: &[f32], shift: &[f32]) {
    for row in x.chunks_exact_mut(gain.len()) {
        norm_row(row, gain, shift);
    }
}

versions! {
    /// Normalises every row to mean nought and variance one, then scales and shifts it.
    pub(in crate::encoder) fn normalise(x: &mut [f32], gain: &[f32], shift: &[f32]) = normalise_body
}

#[inline(always)]
fn absorb_body(x: &mut [f32], update: &[f32], gain: &[f32], shift: &[f32]) {
    for (v, u) in x.iter_mut().zip(update) {
        *v += u;
    }
    normalise_body(x, gain, shift);
}

versions! {
    /// Adds an update to every row and normalises the sum.
    pub(in crate::encoder) fn absorb(x: &mut [f32], update: &[f32], gain: &[f32], shift: &[f32]) = absorb_body
}

/// Width of one attention head.
const HEAD: usize = 64;

#[inline(always)]
fn attend_body(qkv: &[f32], width: usize, queries: usize, bias: &[f32], out: &mut [f32]) {
    let length = qkv.len() / (3 * width);
    let padded = length.next_multiple_of(LANES);
    let mut keys = vec![0.0f32; HEAD * padded];
    let mut scores = vec![0.0f32; padded];
    for head in 0..width / HEAD {
        let column = head * HEAD;
        for (j, row) in qkv.chunks_exact(3 * width).enumerate() {
            for (d, k) in row[width + column..width + column + HEAD].iter().enumerate() {
                keys[d * padded + j] = *k;
            }
        }
        // Distances run from -(length - 1) to length - 1; the bias of a head is one row over them.
        let bias = &bias[head * (2 * length - 1)..(head + 1) * (2 * length - 1)];
        for i in 0..queries {
            let query = &qkv[i * 3 * width + column..i * 3 * width + column + HEAD];
            scores.fill(0.0);
            for (q, keys) in query.iter().zip(keys.chunks_exact(padded)) {
                let q = q * 0.125;
                for (s, k) in scores.iter_mut().zip(keys) {
                    *s += q * k;
                }
            }
            let mut highest = f32::MIN;
            for (s, b) in scores[..length].iter_mut().zip(&bias[length - 1 - i..]) {
                *s += b;
                if *s > highest {
                    highest = *s;
                }
            }
            scores[length..].fill(-1e30);
            let mut lanes = [0.0; LANES];
            for c in scores.as_chunks_mut::<LANES>().0 {
                for k in 0..LANES {
                    c[k] = exp(c[k] - highest);
                    lanes[k] += c[k];
                }
            }
            // What lies behind the end came out as e^-87 and weighs nothing.
            let share = 1.0 / total(lanes);
            let mut sum = [0.0f32; HEAD];
            for (s, row) in scores[..length].iter().zip(qkv.chunks_exact(3 * width)) {
                let value = &row[2 * width + column..2 * width + column + HEAD];
                let s = s * share;
                for (o, v) in sum.iter_mut().zip(value) {
                    *o += s * v;
                }
            }
            out[i * width + column..i * width + column + HEAD].copy_from_slice(&sum);
        }
    }
}

versions! {
    /// Attends over one sequence: rows of queries, keys and values side by side; only the first `queries` rows are asked.
    pub(in crate::encoder) fn attend(qkv: &[f32], width: usize, queries: usize, bias: &[f32], out: &mut [f32]) = attend_body
}

/// The hyperbolic tangent.
pub(in crate::encoder) fn tanh(x: &mut [f32]) {
    for v in x {
        let e = exp(-2.0 * v.abs());
        *v = ((1.0 - e) / (1.0 + e)).copysign(*v);
    }
}

/// Turns three logits into probabilities.
pub(in crate::encoder) fn softmax3(logits: [f32; 3]) -> [f32; 3] {
    let highest = logits[0].max(logits[1]).max(logits[2]);
    let e = logits.map(|l| exp(l - highest));
    let sum = e[0] + e[1] + e[2];
    e.map(|v| v / sum)
}

/// Returns the mean of the rows, scaled to unit length.
pub(in crate::encoder) fn mean_unit(rows: &[f32], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0f32; width];
    for row in rows.chunks_exact(width) {
        for (m, v) in mean.iter_mut().zip(row) {
            *m += v;
        }
    }
    let mut lanes = [0.0; LANES];
    for c in mean.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            lanes[i] += c[i] * c[i];
        }
    }
    let length = total(lanes).sqrt();
    if length > 0.0 {
        for m in &mut mean {
            *m /= length;
        }
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::{HEAD, attend, exp, gelu, normalise};
    use crate::encoder::kernel::Instructions;

    /// Numbers that look random and are the same every time.
    fn noise(n: usize, seed: u32) -> Vec<f32> {
        let mut s = seed;
        (0..n)
            .map(|_| {
                s = s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (s >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect()
    }

    #[test]
    fn exp_and_gelu_are_close_to_the_true_functions() {
        for i in -800..800 {
            let x = i as f32 / 10.0;
            let right = f64::from(x).exp();
            assert!((f64::from(exp(x)) - right).abs() <= right * 4e-7, "exp {x}");
        }
        // Values by mpmath.
        let mut x = [-3.0, -1.0, 0.0, 0.5, 2.0, 10.0];
        gelu(Instructions::Plain, &mut x);
        let right = [-0.004_049_69, -0.158_655_25, 0.0, 0.345_731_23, 1.954_499_7, 10.0];
        assert!(x.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-6), "{x:?}");
    }

    #[test]
    fn every_set_of_instructions_gives_the_same_bits() {
        let qkv = noise(19 * 3 * 2 * HEAD, 5);
        let bias = noise(2 * 37, 6);
        let run = |on| {
            let mut x = noise(4 * 768, 1).iter().map(|v| v * 5.0).collect::<Vec<_>>();
            gelu(on, &mut x);
            normalise(on, &mut x, &noise(768, 2), &noise(768, 3));
            let mut out = vec![0.0; 19 * 2 * HEAD];
            attend(on, &qkv, 2 * HEAD, 19, &bias, &mut out);
            x.extend(out);
            x.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        };
        let plain = run(Instructions::Plain);
        for on in Instructions::all() {
            assert_eq!(run(on), plain, "{on:?}");
        }
    }

    #[test]
    fn attention_takes_the_value_of_the_key_that_fits() {
        let mut qkv = vec![0.0; 2 * 3 * HEAD];
        qkv[0] = 40.0; // query of row 0
        qkv[3 * HEAD + HEAD] = 20.0; // key of row 1
        qkv[3 * HEAD + 2 * HEAD + 7] = 3.0; // value of row 1
        let mut out = vec![0.0; HEAD];
        attend(Instructions::Plain, &qkv, HEAD, 1, &[0.0; 3], &mut out);
        assert!((out[7] - 3.0).abs() < 1e-5, "{}", out[7]);
        // A bias against the distance of one step takes it away again.
        attend(Instructions::Plain, &qkv, HEAD, 1, &[0.0, 0.0, -200.0], &mut out);
        assert!(out[7].abs() < 1e-5, "{}", out[7]);
    }
}
