//! Multi-class gradient boosting with histograms: softmax loss, second-order splits, depth 4.

use std::fmt::Write;

use onrecord::verdict::features::COUNT;

const BINS: usize = 48;
const DEPTH: usize = 4;
const RATE: f32 = 0.1;
const LAMBDA: f32 = 4.0;
const LEAST: f32 = 12.0;

struct Node {
    feature: usize,
    threshold: f32,
    left: usize,
    right: usize,
    value: f32,
}

/// Trains and returns the trees as text.
pub fn train(rows: &[([f32; COUNT], usize, f32)], rounds: usize) -> String {
    let cuts: Vec<Vec<f32>> = (0..COUNT)
        .map(|f| {
            let mut values: Vec<f32> = rows.iter().map(|r| r.0[f]).collect();
            values.sort_by(f32::total_cmp);
            values.dedup();
            if values.len() <= BINS {
                values.windows(2).map(|w| (w[0] + w[1]) / 2.0).collect()
            } else {
                let mut c: Vec<f32> = (1..BINS).map(|i| values[i * values.len() / BINS]).collect();
                c.dedup();
                c
            }
        })
        .collect();
    let bins: Vec<[u8; COUNT]> =
        rows.iter().map(|r| std::array::from_fn(|f| cuts[f].partition_point(|c| *c < r.0[f]) as u8)).collect();
    let total: f32 = rows.iter().map(|r| r.2).sum();
    let mut base = [0f32; 3];
    for r in rows {
        base[r.1] += r.2 / total;
    }
    let base = base.map(|p| p.max(1e-6).ln());
    let mut scores = vec![base; rows.len()];
    let mut out = String::from(
        "# The cheap judge of pairs: boosted trees made by training/pairs; its data are those of training/judge/README.md.\n",
    );
    let _ = writeln!(out, "base\t{}\t{}\t{}", base[0], base[1], base[2]);
    for _ in 0..rounds {
        let probabilities: Vec<[f32; 3]> = scores
            .iter()
            .map(|s| {
                let e = s.map(f32::exp);
                let sum: f32 = e.iter().sum();
                e.map(|x| x / sum)
            })
            .collect();
        for class in 0..3 {
            let gradients: Vec<(f32, f32)> = rows
                .iter()
                .zip(&probabilities)
                .map(|(r, p)| {
                    let y = f32::from(r.1 == class);
                    ((y - p[class]) * r.2, (p[class] * (1.0 - p[class])).max(1e-4) * r.2)
                })
                .collect();
            let mut nodes = Vec::new();
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            grow(&mut nodes, all, 0, &bins, &cuts, &gradients, &mut scores, class);
            let _ = writeln!(out, "tree\t{class}");
            for n in &nodes {
                if n.feature == usize::MAX {
                    let _ = writeln!(out, "-\t0\t0\t0\t{:.5}", n.value);
                } else {
                    let _ = writeln!(out, "{}\t{}\t{}\t{}\t0", n.feature, n.threshold, n.left, n.right);
                }
            }
        }
    }
    out
}

#[allow(clippy::too_many_arguments)]
fn grow(
    nodes: &mut Vec<Node>,
    rows: Vec<u32>,
    depth: usize,
    bins: &[[u8; COUNT]],
    cuts: &[Vec<f32>],
    g: &[(f32, f32)],
    scores: &mut [[f32; 3]],
    class: usize,
) -> usize {
    let at = nodes.len();
    let (sum_g, sum_h) = rows.iter().fold((0f32, 0f32), |s, &i| (s.0 + g[i as usize].0, s.1 + g[i as usize].1));
    let gain = |g: f32, h: f32| g * g / (h + LAMBDA);
    let mut best: Option<(f32, usize, usize)> = None;
    if depth < DEPTH {
        for f in 0..COUNT {
            let mut hist = [(0f32, 0f32, 0f32); 256];
            for &i in &rows {
                let slot = &mut hist[bins[i as usize][f] as usize];
                slot.0 += g[i as usize].0;
                slot.1 += g[i as usize].1;
                slot.2 += 1.0;
            }
            let (mut lg, mut lh, mut n) = (0f32, 0f32, 0f32);
            for (b, slot) in hist.iter().enumerate().take(cuts[f].len()) {
                lg += slot.0;
                lh += slot.1;
                n += slot.2;
                if n < LEAST || rows.len() as f32 - n < LEAST {
                    continue;
                }
                let score = gain(lg, lh) + gain(sum_g - lg, sum_h - lh) - gain(sum_g, sum_h);
                if best.is_none_or(|x| score > x.0 + 1e-7) {
                    best = Some((score, f, b));
                }
            }
        }
    }
    match best.filter(|b| b.0 > 0.05) {
        None => {
            let value = RATE * sum_g / (sum_h + LAMBDA);
            for &i in &rows {
                scores[i as usize][class] += value;
            }
            nodes.push(Node { feature: usize::MAX, threshold: 0.0, left: 0, right: 0, value });
        }
        Some((_, feature, bin)) => {
            nodes.push(Node { feature, threshold: cuts[feature][bin], left: 0, right: 0, value: 0.0 });
            let (l, r): (Vec<u32>, Vec<u32>) =
                rows.into_iter().partition(|&i| bins[i as usize][feature] as usize <= bin);
            let left = grow(nodes, l, depth + 1, bins, cuts, g, scores, class);
            let right = grow(nodes, r, depth + 1, bins, cuts, g, scores, class);
            nodes[at].left = left;
            nodes[at].right = right;
        }
    }
    at
}
