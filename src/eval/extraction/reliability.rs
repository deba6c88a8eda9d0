//! How sure the engine was, and how often it was right.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sums::{CONTENT, SOURCE, Scored, iou, shared};
use super::text::Text;
use super::{Labelled, Spans};
use crate::eval::ratio;
use crate::eval::scenario::bare_name;

/// An attribution that the engine found, and how sure it was.
#[derive(Clone, Debug, Default)]
pub struct Sure {
    /// Its spans.
    pub spans: Spans,
    /// How sure of who and what, 0 to 1.
    pub confidence: f64,
    /// Whom the engine took for the speaker: every form of the name, and how sure it was.
    pub speaker: Option<(Vec<String>, f64)>,
}

/// One bin of a reliability table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// How many fall into it.
    pub found: usize,
    /// Mean confidence.
    pub said: f64,
    /// Share that was right.
    pub was: f64,
}

/// Reliability of both confidences.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// Of the attributions: right is a content that overlaps the gold's or lies in it, with the right source.
    pub attributions: Vec<Bin>,
    /// Of the speakers of contents that were found, where the gold names them.
    pub speakers: Vec<Bin>,
}

/// Makes the reliability tables; `threshold` is the least overlap of contents.
pub fn reliability(gold: &[Labelled], found: &BTreeMap<String, Vec<Sure>>, threshold: f64) -> Reliability {
    let (mut attributions, mut speakers) = (Vec::new(), Vec::new());
    for article in gold {
        let text = Text::new(&article.text);
        let wanted: Vec<Scored> = article.attributions.iter().map(|s| Scored::new(s, &text)).collect();
        for sure in found.get(&article.id).map(Vec::as_slice).unwrap_or_default() {
            let own = Scored::new(&sure.spans, &text);
            let holds = |g: &&(&Scored, &Spans)| {
                let within = shared(&own.roles[CONTENT], &g.0.roles[CONTENT]) as f64;
                iou(&own.roles[CONTENT], &g.0.roles[CONTENT]) >= threshold
                    || ratio(within, own.roles[CONTENT].len() as f64) >= MOSTLY
            };
            let pairs: Vec<(&Scored, &Spans)> = wanted.iter().zip(&article.attributions).collect();
            let same: Vec<&(&Scored, &Spans)> = pairs.iter().filter(holds).collect();
            let by_source = |g: &&&(&Scored, &Spans)| {
                g.0.roles[SOURCE].is_empty() || !g.0.roles[SOURCE].is_disjoint(&own.roles[SOURCE])
            };
            attributions.push((sure.confidence, same.iter().any(|g| by_source(&g))));
            let named = same.iter().find(by_source).or(same.first()).and_then(|g| g.1.speaker.as_deref());
            if let (Some(named), Some((names, confidence))) = (named, &sure.speaker) {
                let named = bare_name(named);
                speakers.push((*confidence, names.iter().any(|n| bare_name(n) == named)));
            }
        }
    }
    Reliability { attributions: bins(&attributions), speakers: bins(&speakers) }
}

/// Share of a found content that must lie in the gold's for it to be a piece of it.
const MOSTLY: f64 = 0.8;

fn bins(scores: &[(f64, bool)]) -> Vec<Bin> {
    const BINS: usize = 10;
    let bin_of = |confidence: f64| ((confidence * BINS as f64) as usize).min(BINS - 1);
    (0..BINS)
        .filter_map(|bin| {
            let inside: Vec<_> = scores.iter().filter(|s| bin_of(s.0) == bin).collect();
            let count = inside.len() as f64;
            (!inside.is_empty()).then(|| Bin {
                from: bin as f64 / BINS as f64,
                to: (bin + 1) as f64 / BINS as f64,
                found: inside.len(),
                said: ratio(inside.iter().map(|s| s.0).sum(), count),
                was: ratio(inside.iter().filter(|s| s.1).count() as f64, count),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled() -> Labelled {
        let text = "Ann Orr said rents fell. She added tolls rose.";
        let spans = |source, content| Spans {
            source: vec![source],
            content: vec![content],
            speaker: Some("Ann Orr".to_string()),
            ..Spans::default()
        };
        let attributions = vec![spans([0, 7], [13, 23]), spans([25, 28], [35, 45])];
        Labelled { id: "x".to_string(), text: text.to_string(), title: None, attributions }
    }

    #[test]
    fn a_bin_says_how_many_were_right() {
        let gold = labelled();
        let sure = |n: usize, confidence, name: &str, by: f64| Sure {
            spans: Spans { speaker: None, ..gold.attributions[n].clone() },
            confidence,
            speaker: Some((vec![name.to_string()], by)),
        };
        let mut wrong = sure(1, 0.94, "Ned Doe", 0.92);
        wrong.spans.source = vec![[0, 3]];
        let found = BTreeMap::from([("x".to_string(), vec![sure(0, 0.96, "Ms Ann Orr", 0.98), wrong])]);
        let tables = reliability(std::slice::from_ref(&gold), &found, 0.5);
        let [bin] = tables.attributions[..] else { panic!("{tables:?}") };
        assert_eq!((bin.from, bin.found, bin.was), (0.9, 2, 0.5));
        assert!((bin.said - 0.95).abs() < 1e-9);
        let [bin] = tables.speakers[..] else { panic!("{tables:?}") };
        assert_eq!((bin.found, bin.was), (2, 0.5));
    }
}
