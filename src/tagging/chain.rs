//! Linear chains: the best labelling of a sequence, and how sure each label is.

#![allow(clippy::needless_range_loop, reason = "labels are numbers that index several tables at once")]

/// Most labels that a chain may have.
pub const MOST: usize = 8;

/// The score of each label at one token.
pub type Scores = [f32; MOST];

const NEVER: f32 = -1e4;

/// How well one label follows another.
#[derive(Clone, Debug)]
pub struct Transitions {
    /// Number of labels.
    pub labels: usize,
    /// Score of `to` after `from`, in row `from`; the last row is the start.
    pub scores: Vec<f32>,
}

impl Transitions {
    /// Makes transitions where `allowed(from, to)` says what may follow what; `from` is `None` at the start.
    pub fn new(labels: usize, scores: Vec<f32>, allowed: impl Fn(Option<usize>, usize) -> bool) -> Transitions {
        let mut transitions = Transitions { labels, scores };
        transitions.scores.resize((labels + 1) * labels, 0.0);
        for from in 0..=labels {
            for to in 0..labels {
                if !allowed((from < labels).then_some(from), to) {
                    transitions.scores[from * labels + to] = NEVER;
                }
            }
        }
        transitions
    }

    /// Returns the score of `to` after `from`; `labels` stands for the start.
    #[inline]
    pub fn at(&self, from: usize, to: usize) -> f32 {
        self.scores[from * self.labels + to]
    }
}

/// Returns the best labelling.
pub fn viterbi(emissions: &[Scores], transitions: &Transitions) -> Vec<u8> {
    let labels = transitions.labels;
    let Some(first) = emissions.first() else { return Vec::new() };
    let mut scores = [NEVER; MOST];
    for label in 0..labels {
        scores[label] = first[label] + transitions.at(labels, label);
    }
    let mut back: Vec<[u8; MOST]> = Vec::with_capacity(emissions.len());
    back.push([0; MOST]);
    for emission in &emissions[1..] {
        let mut next = [NEVER; MOST];
        let mut from = [0u8; MOST];
        for to in 0..labels {
            let mut top = f32::MIN;
            for previous in 0..labels {
                let score = scores[previous] + transitions.at(previous, to);
                if score > top {
                    top = score;
                    from[to] = previous as u8;
                }
            }
            next[to] = top + emission[to];
        }
        back.push(from);
        scores = next;
    }
    let mut path = vec![0u8; emissions.len()];
    let mut label = super::layers::best(&scores[..labels]) as u8;
    for at in (0..emissions.len()).rev() {
        path[at] = label;
        label = back[at][label as usize];
    }
    path
}

/// What forward and backward passes find.
pub struct Marginals {
    /// The probability of each label at each token.
    pub nodes: Vec<Scores>,
    /// Expected number of each transition, laid out as in [`Transitions`].
    pub edges: Vec<f32>,
    /// Logarithm of the sum over all labellings.
    pub log_total: f64,
}

/// Computes the probability of every label at every token.
pub fn marginals(emissions: &[Scores], transitions: &Transitions) -> Marginals {
    let (labels, n) = (transitions.labels, emissions.len());
    let mut step = [[0f32; MOST]; MOST + 1];
    for from in 0..=labels {
        for to in 0..labels {
            step[from][to] = transitions.at(from, to).exp();
        }
    }
    let mut log_total = 0f64;
    let mut emitted = vec![[0f32; MOST]; n];
    for (out, scores) in emitted.iter_mut().zip(emissions) {
        let top = scores[..labels].iter().copied().fold(f32::MIN, f32::max);
        log_total += f64::from(top);
        for label in 0..labels {
            out[label] = (scores[label] - top).exp();
        }
    }
    let mut forward = vec![[0f32; MOST]; n];
    let mut scale = vec![1f32; n];
    for at in 0..n {
        let mut sum = 0f32;
        for to in 0..labels {
            let reached: f32 = if at == 0 {
                step[labels][to]
            } else {
                (0..labels).map(|from| forward[at - 1][from] * step[from][to]).sum()
            };
            forward[at][to] = reached * emitted[at][to];
            sum += forward[at][to];
        }
        scale[at] = sum.max(1e-30);
        for to in 0..labels {
            forward[at][to] /= scale[at];
        }
        log_total += f64::from(scale[at].ln());
    }
    let mut nodes = vec![[0f32; MOST]; n];
    let mut edges = vec![0f32; (labels + 1) * labels];
    let mut backward = [1f32; MOST];
    for at in (0..n).rev() {
        for label in 0..labels {
            nodes[at][label] = forward[at][label] * backward[label];
        }
        if at == 0 {
            for label in 0..labels {
                edges[labels * labels + label] += nodes[0][label];
            }
            break;
        }
        let mut earlier = [0f32; MOST];
        for from in 0..labels {
            for to in 0..labels {
                let flow = step[from][to] * emitted[at][to] * backward[to] / scale[at];
                earlier[from] += flow;
                edges[from * labels + to] += forward[at - 1][from] * flow;
            }
        }
        backward = earlier;
    }
    Marginals { nodes, edges, log_total }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin_inside() -> Transitions {
        // O, B, I: an I only after B or I.
        Transitions::new(3, vec![0.0; 12], |from, to| to != 2 || matches!(from, Some(1 | 2)))
    }

    #[test]
    fn a_span_begins_before_it_goes_on() {
        let emission = |o: f32, b: f32, i: f32| [o, b, i, 0.0, 0.0, 0.0, 0.0, 0.0];
        let emissions = [emission(0.0, 0.5, 9.0), emission(0.0, 0.0, 2.0), emission(3.0, 0.0, 0.0)];
        assert_eq!(viterbi(&emissions, &begin_inside()), [1, 2, 0]);
        let nodes = marginals(&emissions, &begin_inside()).nodes;
        assert!(nodes[0][2] < 1e-6, "the first token cannot go on with a span");
        for node in nodes {
            assert!((node.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
