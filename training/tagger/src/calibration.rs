//! Learns how the chains' sureness turns into the probability of being right.

use std::collections::BTreeSet;
use std::ops::Range;

use onrecord::span::Span;
use onrecord::tagging::CrfTagger;
use onrecord::tagging::crf_tagger::logit;

use crate::corpus::Article;

/// Fits a logistic regression on articles that the chains have not seen: right is who and what, as the scorer counts it.
pub fn fit<'a>(tagger: &CrfTagger, articles: impl Iterator<Item = &'a Article>) -> [f32; 4] {
    let mut examples: Vec<([f32; 4], f32)> = Vec::new();
    for article in articles {
        for (found, raw) in tagger.tag_with_sureness(&article.document) {
            let tokens = |spans: &[Span]| -> BTreeSet<usize> {
                spans.iter().flat_map(|s| article.document.tokens_in(*s)).collect()
            };
            let (source, content) = (tokens(&found.source), tokens(&found.content));
            let right = article.gold.iter().any(|gold| {
                let gold_content = flat(&gold.content);
                let common = content.intersection(&gold_content).count();
                let gold_source = flat(&gold.source);
                2 * common >= content.union(&gold_content).count()
                    && (gold_source.is_empty() || !source.is_disjoint(&gold_source))
            });
            let [cue, content, source] = raw.map(logit);
            examples.push(([1.0, cue, content, source], f32::from(u8::from(right))));
        }
    }
    let mut weights = [0f32; 4];
    for _ in 0..3000 {
        let mut gradient = [0f32; 4];
        for (features, right) in &examples {
            let sum: f32 = weights.iter().zip(features).map(|(w, f)| w * f).sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - right;
            for (g, f) in gradient.iter_mut().zip(features) {
                *g += error * f;
            }
        }
        for (weight, g) in weights.iter_mut().zip(gradient) {
            *weight -= 0.05 * g / examples.len().max(1) as f32;
        }
    }
    weights
}

fn flat(spans: &[Range<usize>]) -> BTreeSet<usize> {
    spans.iter().cloned().flatten().collect()
}
