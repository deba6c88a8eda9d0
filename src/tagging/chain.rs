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

    /// Returns `of` each score in rows of the greatest width, so that all labels are reckoned with at once; what no label
    /// stands for is zero.
    fn padded(&self, of: impl Fn(f32) -> f32) -> [Scores; MOST + 1] {
        let mut rows = [[0f32; MOST]; MOST + 1];
        for from in 0..=self.labels {
            for to in 0..self.labels {
                rows[from][to] = of(self.at(from, to));
            }
        }
        rows
    }
}

/// Returns the best labelling.
pub fn viterbi(emissions: &[Scores], transitions: &Transitions) -> Vec<u8> {
    let labels = transitions.labels;
    let Some(first) = emissions.first() else { return Vec::new() };
    let steps = transitions.padded(|score| score);
    let mut scores = [NEVER; MOST];
    for label in 0..labels {
        scores[label] = first[label] + steps[labels][label];
    }
    let mut back: Vec<[u8; MOST]> = Vec::with_capacity(emissions.len());
    back.push([0; MOST]);
    for emission in &emissions[1..] {
        let mut top = [f32::MIN; MOST];
        let mut from = [0u32; MOST];
        for previous in 0..labels {
            for to in 0..MOST {
                let score = scores[previous] + steps[previous][to];
                let better = score > top[to];
                top[to] = if better { score } else { top[to] };
                from[to] = if better { previous as u32 } else { from[to] };
            }
        }
        back.push(from.map(|label| label as u8));
        for to in 0..MOST {
            scores[to] = top[to] + emission[to];
        }
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

/// Computes the probability of every label at every token, and what training asks besides.
pub fn marginals(emissions: &[Scores], transitions: &Transitions) -> Marginals {
    let labels = transitions.labels;
    let mut edges = vec![0f32; (labels + 1) * labels];
    let (nodes, log_total) = passes(emissions, transitions, |forward, step, weights| {
        for from in 0..labels {
            for to in 0..labels {
                edges[from * labels + to] += forward[from] * step[from][to] * weights[to];
            }
        }
    });
    if let Some(first) = nodes.first() {
        edges[labels * labels..].copy_from_slice(&first[..labels]);
    }
    Marginals { nodes, edges, log_total }
}

/// Computes the probability of every label at every token.
pub fn probabilities(emissions: &[Scores], transitions: &Transitions) -> Vec<Scores> {
    passes(emissions, transitions, |_, _, _| {}).0
}

/// Runs forward and backward. `at_step` gets, for each token but the first, the forward scores before it, how well labels
/// follow each other, and the weight of each label at the token in view of what comes after.
fn passes(
    emissions: &[Scores],
    transitions: &Transitions,
    mut at_step: impl FnMut(&Scores, &[Scores; MOST + 1], &Scores),
) -> (Vec<Scores>, f64) {
    let (labels, n) = (transitions.labels, emissions.len());
    let step = transitions.padded(f32::exp);
    let mut back_step = [[0f32; MOST]; MOST];
    for from in 0..labels {
        for to in 0..labels {
            back_step[to][from] = step[from][to];
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
    let mut nodes = vec![[0f32; MOST]; n];
    let mut scale = vec![1f32; n];
    let mut forward = [0f32; MOST];
    for at in 0..n {
        let mut reached = [0f32; MOST];
        if at == 0 {
            reached = step[labels];
        } else {
            for from in 0..labels {
                for to in 0..MOST {
                    reached[to] += forward[from] * step[from][to];
                }
            }
        }
        let mut sum = 0f32;
        for to in 0..MOST {
            forward[to] = reached[to] * emitted[at][to];
            sum += forward[to];
        }
        scale[at] = sum.max(1e-30);
        for to in 0..MOST {
            forward[to] /= scale[at];
        }
        log_total += f64::from(scale[at].ln());
        nodes[at] = forward;
    }
    let mut backward = [1f32; MOST];
    for at in (0..n).rev() {
        let mut weights = [0f32; MOST];
        for label in 0..MOST {
            nodes[at][label] *= backward[label];
            weights[label] = emitted[at][label] * backward[label] / scale[at];
        }
        if at == 0 {
            break;
        }
        backward = [0f32; MOST];
        for to in 0..labels {
            for from in 0..MOST {
                backward[from] += back_step[to][from] * weights[to];
            }
        }
        at_step(&nodes[at - 1], &step, &weights);
    }
    (nodes, log_total)
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
