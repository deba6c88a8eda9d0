//! Scores judgements of pairs: precision, recall and F1 per label, ranking, and what a flag is worth at a low rate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One labelled pair.
#[derive(Clone, Debug, Deserialize)]
pub struct LabelledPair {
    /// Its name.
    pub id: String,
    /// First statement.
    pub a: String,
    /// Second statement.
    pub b: String,
    /// `repeat`, `contradict` or `neutral`.
    pub label: String,
    /// What makes it so, where the set says.
    #[serde(default, rename = "type")]
    pub sort: Option<String>,
}

/// One judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The label given.
    pub label: String,
    /// Score of a contradiction; higher is surer.
    pub contradict: f64,
    /// Score of a repeat.
    pub repeat: f64,
}

/// The three labels, in the order of the tables.
pub const LABELS: [&str; 3] = ["contradict", "repeat", "neutral"];

/// Precision, recall and F1 of one label in per cent, with counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LabelScores {
    /// Precision.
    #[serde(rename = "P")]
    pub precision: f64,
    /// Recall.
    #[serde(rename = "R")]
    pub recall: f64,
    /// Their harmonic mean.
    #[serde(rename = "F1")]
    pub f1: f64,
    /// Right ones.
    pub tp: usize,
    /// Given.
    pub pred: usize,
    /// In the gold.
    pub gold: usize,
}

impl LabelScores {
    /// Makes the figures from counts.
    pub fn new(tp: usize, pred: usize, gold: usize) -> LabelScores {
        let prf = super::Prf::new(tp as f64, pred as f64, tp as f64, gold as f64);
        LabelScores { precision: per_cent(prf.p), recall: per_cent(prf.r), f1: per_cent(prf.f1), tp, pred, gold }
    }
}

/// One bin of the reliability table: how sure the engine was, and how often it was right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// Lower edge of the bin.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// Pairs in it.
    pub pairs: usize,
    /// Mean score of a contradiction.
    pub said: f64,
    /// Share of contradictions.
    pub was: f64,
}

/// All figures of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    /// Pairs scored.
    pub pairs: usize,
    /// Labels right, in per cent.
    pub accuracy: f64,
    /// Per label.
    pub labels: BTreeMap<String, LabelScores>,
    /// Mean F1 of the three labels, in per cent.
    pub macro_f1: f64,
    /// How well contradiction scores rank, 0 to 1.
    pub contradict_auc: Option<f64>,
    /// How well repeat scores rank, 0 to 1.
    pub repeat_auc: Option<f64>,
    /// Right of all, per label and type.
    pub by_type: BTreeMap<String, (usize, usize)>,
    /// Share of contradictions among the pairs labelled so, were one in 200 pairs a contradiction, in per cent.
    pub precision_at_1_in_200: f64,
    /// Recall at the score where that precision would reach one half, in per cent; absent where none does.
    pub recall_at_half: Option<f64>,
    /// Best macro F1 that thresholds chosen on these very pairs would give: a bound, not a result.
    pub oracle_macro_f1: f64,
    /// Reliability of the contradiction score.
    pub reliability: Vec<Reliability>,
}

/// A share in per cent with one decimal.
pub(super) fn per_cent(share: f64) -> f64 {
    round(100.0 * share, 1)
}

/// Rounds half to even on the decimal expansion, as the reference scorers do.
fn round(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}

/// Share of (positive, negative) couples in which the positive scores higher; ties count half.
fn auc(scores: &[(f64, bool)]) -> Option<f64> {
    let positive: Vec<f64> = scores.iter().filter(|s| s.1).map(|s| s.0).collect();
    let mut negative: Vec<f64> = scores.iter().filter(|s| !s.1).map(|s| s.0).collect();
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    negative.sort_by(f64::total_cmp);
    let wins: f64 = positive
        .iter()
        .map(|&x| {
            let below = negative.partition_point(|&n| n < x);
            let ties = negative.partition_point(|&n| n <= x) - below;
            below as f64 + 0.5 * ties as f64
        })
        .sum();
    Some(wins / (positive.len() * negative.len()) as f64)
}

/// Precision at one contradiction in `base` other pairs, with recall and false-alarm rate, at a threshold.
fn at_base(scores: &[(f64, bool)], threshold: f64, base: f64) -> (f64, f64) {
    let share = |positive: bool| {
        let all = scores.iter().filter(|s| s.1 == positive).count().max(1);
        scores.iter().filter(|s| s.1 == positive && s.0 >= threshold).count() as f64 / all as f64
    };
    precision_at(share(true), share(false), base)
}

fn precision_at(recall: f64, false_alarms: f64, base: f64) -> (f64, f64) {
    let rate = 1.0 / (base + 1.0);
    let right = recall * rate;
    let flagged = right + (1.0 - rate) * false_alarms;
    (if right > 0.0 { right / flagged } else { 0.0 }, recall)
}

fn macro_f1(gold: &[&str], given: &[&str]) -> f64 {
    LABELS.iter().map(|label| label_counts(gold, given, label)).map(|(tp, p, g)| f1(tp, p, g)).sum::<f64>() / 3.0
}

fn label_counts(gold: &[&str], given: &[&str], label: &str) -> (usize, usize, usize) {
    let tp = gold.iter().zip(given).filter(|(g, p)| **g == label && **p == label).count();
    let count = |labels: &[&str]| labels.iter().filter(|l| **l == label).count();
    (tp, count(given), count(gold))
}

fn f1(tp: usize, predicted: usize, gold: usize) -> f64 {
    super::Prf::new(tp as f64, predicted as f64, tp as f64, gold as f64).f1
}

/// Thins out the distinct scores to about 60 thresholds, and one above them all.
fn grid(scores: impl Iterator<Item = f64>) -> Vec<f64> {
    const STEPS: usize = 60;
    let mut all: Vec<f64> = scores.collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let Some(&highest) = all.last() else { return Vec::new() };
    let mut thresholds: Vec<f64> = if all.len() <= STEPS {
        all.clone()
    } else {
        (0..=STEPS).map(|i| all[(i as f64 * (all.len() - 1) as f64 / STEPS as f64) as usize]).collect()
    };
    thresholds.push(highest + 1e9);
    thresholds
}

fn oracle(gold: &[&str], judgements: &[&Judgement]) -> f64 {
    let mut best = 0.0f64;
    for contradict in grid(judgements.iter().map(|j| j.contradict)) {
        for repeat in grid(judgements.iter().map(|j| j.repeat)) {
            let given: Vec<&str> = judgements
                .iter()
                .map(|j| match () {
                    () if j.contradict >= contradict => "contradict",
                    () if j.repeat >= repeat => "repeat",
                    () => "neutral",
                })
                .collect();
            best = best.max(macro_f1(gold, &given));
        }
    }
    best
}

fn reliability(scores: &[(f64, bool)]) -> Vec<Reliability> {
    const BINS: usize = 10;
    (0..BINS)
        .filter_map(|bin| {
            let (from, to) = (bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64);
            let inside: Vec<_> =
                scores.iter().filter(|s| s.0 >= from && (s.0 < to || (bin + 1 == BINS && s.0 <= to))).collect();
            let pairs = inside.len();
            (pairs > 0).then(|| Reliability {
                from,
                to,
                pairs,
                said: round(inside.iter().map(|s| s.0).sum::<f64>() / pairs as f64, 3),
                was: round(inside.iter().filter(|s| s.1).count() as f64 / pairs as f64, 3),
            })
        })
        .collect()
}

/// Scores judgements, in the order of the pairs.
pub fn score(pairs: &[LabelledPair], judgements: &[Judgement]) -> Scores {
    let joined: Vec<(&LabelledPair, &Judgement)> = pairs.iter().zip(judgements).collect();
    let gold: Vec<&str> = joined.iter().map(|(p, _)| p.label.as_str()).collect();
    let given: Vec<&str> = joined.iter().map(|(_, j)| j.label.as_str()).collect();
    let right = gold.iter().zip(&given).filter(|(g, p)| g == p).count();
    let mut by_type: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (pair, judgement) in &joined {
        let sort = pair.sort.as_deref().unwrap_or("-");
        let counts = by_type.entry(format!("{}/{sort}", pair.label)).or_default();
        counts.0 += usize::from(pair.label == judgement.label);
        counts.1 += 1;
    }
    let labels: BTreeMap<String, LabelScores> = LABELS
        .iter()
        .map(|label| {
            let (tp, predicted, gold) = label_counts(&gold, &given, label);
            (label.to_string(), LabelScores::new(tp, predicted, gold))
        })
        .collect();
    let contradict: Vec<(f64, bool)> = joined.iter().map(|(p, j)| (j.contradict, p.label == "contradict")).collect();
    let repeat: Vec<(f64, bool)> = joined.iter().map(|(p, j)| (j.repeat, p.label == "repeat")).collect();
    let flagged = &labels["contradict"];
    let others = gold.len() - flagged.gold;
    let recall = super::ratio(flagged.tp as f64, flagged.gold as f64);
    let false_alarms = super::ratio((flagged.pred - flagged.tp) as f64, others as f64);
    let mut thresholds: Vec<f64> = contradict.iter().map(|s| s.0).collect();
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    let recall_at_half = thresholds
        .iter()
        .map(|&t| at_base(&contradict, t, 200.0))
        .find(|(precision, recall)| *precision >= 0.5 && *recall > 0.0)
        .map(|(_, recall)| per_cent(recall));
    let judged: Vec<&Judgement> = joined.iter().map(|(_, j)| *j).collect();
    Scores {
        pairs: joined.len(),
        accuracy: per_cent(super::ratio(right as f64, joined.len() as f64)),
        macro_f1: round(LABELS.iter().map(|l| labels[*l].f1).sum::<f64>() / 3.0, 1),
        labels,
        contradict_auc: auc(&contradict).map(|a| round(a, 3)),
        repeat_auc: auc(&repeat).map(|a| round(a, 3)),
        by_type,
        precision_at_1_in_200: round(100.0 * precision_at(recall, false_alarms, 200.0).0, 2),
        recall_at_half,
        oracle_macro_f1: per_cent(oracle(&gold, &judged)),
        reliability: reliability(&contradict),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Scores {
        let pair = |label: &str, sort: &str| LabelledPair {
            id: String::new(),
            a: String::new(),
            b: String::new(),
            label: label.into(),
            sort: Some(sort.into()),
        };
        let judged = |label: &str, contradict: f64, repeat: f64| Judgement { label: label.into(), contradict, repeat };
        let pairs = [
            pair("contradict", "number"),
            pair("contradict", "number"),
            pair("repeat", "voice"),
            pair("neutral", "topic"),
        ];
        let judgements = [
            judged("contradict", 0.9, 0.0),
            judged("neutral", 0.3, 0.1),
            judged("repeat", 0.1, 0.8),
            judged("contradict", 0.6, 0.2),
        ];
        score(&pairs, &judgements)
    }

    #[test]
    fn counts_by_hand() {
        let scores = run();
        assert_eq!(
            scores.labels["contradict"],
            LabelScores { precision: 50.0, recall: 50.0, f1: 50.0, tp: 1, pred: 2, gold: 2 }
        );
        assert_eq!(scores.labels["repeat"].f1, 100.0);
        assert_eq!(scores.macro_f1, 50.0);
        assert_eq!(scores.by_type["contradict/number"], (1, 2));
        // 0.9 beats 0.1 and 0.6; 0.3 beats 0.1 alone.
        assert_eq!(scores.contradict_auc, Some(0.75));
        // Half are found, half of the others are flagged: 0.5/201 of 0.5/201 + 0.5*200/201.
        assert_eq!(scores.precision_at_1_in_200, 0.5);
    }

    #[test]
    fn the_reliability_table_holds_what_was_said_and_what_was() {
        let bins = run().reliability;
        assert_eq!(bins.len(), 4);
        assert_eq!((bins[3].from, bins[3].said, bins[3].was), (0.9, 0.9, 1.0));
    }
}
