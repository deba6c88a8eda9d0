//! The trained tagger: one chain finds the cues of a block; a second runs once per cue and finds its source and content.

use std::ops::Range;
use std::sync::OnceLock;

use crate::span::Span;
use crate::text::Document;

use super::chain::{probabilities, viterbi};
use super::cue_features::{self, Context, UNSEEN};
use super::layers::{LAYERS, Labels};
use super::model::{Model, ModelError};
use super::span_features;
use super::words::{Word, distinct, words};
use super::{TaggedAttribution, Tagger};

/// Labels of the first stage: outside, then begin and inside of source, cue and content.
pub const CUE_LABELS: usize = 7;
/// Labels of the second stage: outside, then begin and inside of source and content.
pub const SPAN_LABELS: usize = 5;

const BEGIN_SOURCE: u8 = 1;
const BEGIN_CUE: u8 = 3;
const BEGIN_CONTENT: u8 = 3;

/// Blocks longer than this are read in pieces, cut between sentences.
const LONGEST: usize = 300;

/// Most cues of one stretch that are asked for their source and content.
const MOST_CUES: usize = 64;

/// The two-stage tagger.
pub struct CrfTagger {
    model: Model,
}

/// A document with the lower layers computed.
pub struct Prepared {
    /// What the models see of each token.
    pub words: Vec<Word>,
    /// Parts of speech, entities, roles.
    pub labels: Labels,
    /// How often each word is a cue.
    pub strength: Vec<u8>,
}

impl Prepared {
    /// Returns what the features read, for one segment.
    pub fn context(&self, document: &Document<'_>, segment: &Range<usize>) -> Context<'_> {
        Context {
            words: &self.words,
            labels: &self.labels,
            strength: &self.strength,
            opening: opening(document, segment),
        }
    }
}

static SHIPPED: OnceLock<Result<CrfTagger, ModelError>> = OnceLock::new();

impl CrfTagger {
    /// Returns the tagger whose weights are part of the program.
    pub fn shipped() -> Result<&'static CrfTagger, &'static ModelError> {
        SHIPPED.get_or_init(|| CrfTagger::read(include_bytes!("model/weights.zst"))).as_ref()
    }

    /// Reads a tagger from packed weights.
    pub fn read(packed: &[u8]) -> Result<CrfTagger, ModelError> {
        Ok(CrfTagger { model: Model::read(packed)? })
    }

    /// Makes a tagger of a model.
    pub fn new(model: Model) -> CrfTagger {
        CrfTagger { model }
    }

    /// Computes the lower layers of a document.
    pub fn prepare(&self, document: &Document<'_>) -> Prepared {
        let words = words(document, &self.model.clusters);
        let mut layers: Vec<Vec<u8>> = Vec::with_capacity(LAYERS);
        for layer in &self.model.layers {
            let labels = layer.label(&words, &layers);
            layers.push(labels);
        }
        let known = |word: &Word| self.model.strengths.get(&word.lower).copied().unwrap_or(UNSEEN);
        let known: Vec<u8> = distinct(&words).map(known).collect();
        let strength = words.iter().map(|word| known[word.distinct as usize]).collect();
        Prepared { words, labels: Labels(layers.try_into().unwrap_or_default()), strength }
    }

    /// Returns each attribution with how sure the chains are of its cue, content and source; calibration is learned from these.
    pub fn tag_with_sureness(&self, document: &Document<'_>) -> Vec<(TaggedAttribution, [f32; 3])> {
        self.tag_prepared(document, &self.prepare(document))
    }

    /// Does the same where the lower layers are computed already.
    pub fn tag_prepared(&self, document: &Document<'_>, prepared: &Prepared) -> Vec<(TaggedAttribution, [f32; 3])> {
        let mut found = Vec::new();
        for segment in segments(document) {
            let context = prepared.context(document, &segment);
            self.read_segment(document, &context, &segment, &mut found);
        }
        found
    }

    /// Finds the attributions of one segment.
    fn read_segment(
        &self,
        document: &Document<'_>,
        context: &Context<'_>,
        segment: &Range<usize>,
        out: &mut Vec<(TaggedAttribution, [f32; 3])>,
    ) {
        let model = &self.model;
        let mut scoring = model.cues.scoring();
        cue_features::collect(context, segment.clone(), model.cues.bits, |_, buckets| scoring.add(buckets));
        let mut emissions = scoring.finish();
        emissions.iter_mut().for_each(|scores| scores[BEGIN_CUE as usize] += model.cue_bias);
        let cues = spans_of(&viterbi(&emissions, &model.cues.transitions), BEGIN_CUE, segment.start);
        if cues.is_empty() {
            return;
        }
        let cue_nodes = probabilities(&emissions, &model.cues.transitions);
        for cue in cues.iter().take(MOST_CUES) {
            let mut scoring = model.spans.scoring();
            span_features::collect(context, segment.clone(), cue, &cues, model.spans.bits, |_, buckets| {
                scoring.add(buckets);
            });
            let emissions = scoring.finish();
            let path = viterbi(&emissions, &model.spans.transitions);
            let content = spans_of(&path, BEGIN_CONTENT, segment.start);
            if content.is_empty() {
                continue;
            }
            let source = spans_of(&path, BEGIN_SOURCE, segment.start);
            let nodes = probabilities(&emissions, &model.spans.transitions);
            let sureness = |spans: &[Range<usize>], begin: u8| {
                let tokens = spans.iter().flat_map(|s| s.clone());
                tokens
                    .map(|t| nodes[t - segment.start][begin as usize] + nodes[t - segment.start][begin as usize + 1])
                    .sum::<f32>()
                    / spans.iter().map(Range::len).sum::<usize>().max(1) as f32
            };
            let raw = [
                cue_nodes[cue.start - segment.start][BEGIN_CUE as usize],
                sureness(&content, BEGIN_CONTENT),
                if source.is_empty() { 0.0 } else { sureness(&source, BEGIN_SOURCE) },
            ];
            let text = |spans: &[Range<usize>]| spans.iter().map(|s| span_of(document, s)).collect();
            let attribution = TaggedAttribution {
                source: text(&source),
                cue: vec![span_of(document, cue)],
                content: text(&content),
                score: calibrated(&model.calibration, raw),
            };
            out.push((attribution, raw));
        }
    }
}

impl Tagger for CrfTagger {
    fn tag(&self, document: &Document<'_>) -> Vec<TaggedAttribution> {
        self.tag_with_sureness(document).into_iter().map(|(found, _)| found).collect()
    }
}

/// Returns the logarithm of the odds, kept within bounds.
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-3, 1.0 - 1e-3);
    (p / (1.0 - p)).ln()
}

/// Turns sureness of cue, content and source into one probability.
fn calibrated(weights: &[f32; 4], raw: [f32; 3]) -> f32 {
    let [cue, content, source] = raw.map(logit);
    let sum = weights[0] + weights[1] * cue + weights[2] * content + weights[3] * source;
    1.0 / (1.0 + (-sum).exp())
}

/// Cuts a document into the stretches that the chains read: blocks, or pieces of very long ones.
pub fn segments(document: &Document<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for block in document.blocks.iter().filter(|b| b.kind.holds_claims()) {
        let mut start = block.tokens.start;
        for sentence in &document.sentences[block.sentences.clone()] {
            if sentence.tokens.end - start > LONGEST && sentence.tokens.start > start {
                cut(start..sentence.tokens.start, &mut out);
                start = sentence.tokens.start;
            }
        }
        cut(start..block.tokens.end, &mut out);
    }
    out
}

/// A single sentence beyond all measure is cut where it falls.
fn cut(stretch: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = stretch.start;
    while stretch.end - start > 4 * LONGEST {
        out.push(start..start + LONGEST);
        start += LONGEST;
    }
    if start < stretch.end {
        out.push(start..stretch.end);
    }
}

/// How a segment opens: with a name and a colon, a dash, a quotation that continues, as the first of the text.
fn opening(document: &Document<'_>, segment: &Range<usize>) -> u64 {
    let colon = segment.clone().take(7).any(|t| document.word(t) == ":");
    let dash = matches!(document.word(segment.start), "—" | "–" | "―" | "-" | "--");
    let start = document.tokens.get(segment.start).map_or(0, |t| t.span.start);
    let at = document.quotations.partition_point(|q| q.span.start < start);
    let continues = document.quotations.get(at).is_some_and(|q| q.span.start == start && q.continues);
    1 + u64::from(colon) + 2 * u64::from(dash) + 4 * u64::from(continues) + 8 * u64::from(segment.start == 0)
}

/// Returns the spans whose first token has label `begin` and whose further ones have the next label.
pub fn spans_of(path: &[u8], begin: u8, offset: usize) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, label) in path.iter().enumerate() {
        if *label == begin {
            out.push(offset + at..offset + at + 1);
        } else if *label == begin + 1
            && let Some(last) = out.last_mut()
        {
            last.end = offset + at + 1;
        }
    }
    out
}

fn span_of(document: &Document<'_>, tokens: &Range<usize>) -> Span {
    let start = document.tokens.get(tokens.start).map_or(0, |t| t.span.start);
    let end = document.tokens.get(tokens.end.saturating_sub(1)).map_or(start, |t| t.span.end);
    Span { start, end: end.max(start) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tagged(text: &str) -> Vec<(String, String, String)> {
        let found = CrfTagger::shipped().unwrap().tag(&Document::read(text));
        let join = |spans: &[Span]| spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" | ");
        found.iter().map(|a| (join(&a.source), join(&a.cue), join(&a.content))).collect()
    }

    #[test]
    fn quoted_and_unquoted_speech_is_found() {
        let found = tagged("The harbour master said that the ferry would sail on Sunday.");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("The harbour master", "said"));
        assert!(found[0].2.ends_with("the ferry would sail on Sunday"));
    }

    #[test]
    fn the_style_of_the_marks_carries_no_weight() {
        for (open, close) in [("\"", "\""), ("“", "”"), ("‘", "’"), ("''", "''")] {
            let found = tagged(&format!("{open}We will sail on Sunday,{close} Ms. Holm told reporters."));
            assert_eq!(found.len(), 1, "with {open}");
            assert_eq!(found[0].0, "Ms. Holm");
            assert_eq!(found[0].2, format!("{open}We will sail on Sunday,{close}"));
        }
    }

    #[test]
    fn broken_weights_are_an_error() {
        assert!(matches!(CrfTagger::read(b"no weights"), Err(ModelError::Unpack(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_text_is_tagged_without_panic(text in "(\\PC|[ \n'\"“”]| said | told ){0,80}") {
            for found in CrfTagger::shipped().unwrap().tag(&Document::read(&text)) {
                prop_assert!(found.content.iter().chain(&found.source).chain(&found.cue).all(|s| !s.of(&text).is_empty()));
                prop_assert!((0.0..=1.0).contains(&found.score));
            }
        }
    }
}
