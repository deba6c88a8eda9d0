//! The boundary between text and attributions: which words are cue, source and content.

pub mod chain;
pub mod crf_tagger;
pub mod cue_features;
mod elements;
mod frames;
pub mod hashing;
pub mod joined;
pub mod layers;
pub mod model;
mod overlaps;
mod rows;
pub mod rules;
pub mod span_features;
pub mod words;

pub use crf_tagger::CrfTagger;
pub use joined::JoinedTagger;
pub use rules::RuleTagger;

use crate::span::Span;
use crate::text::Document;

/// Cue, source and content that belong together, before anyone asks who the source is.
#[derive(Clone, Debug, PartialEq)]
pub struct TaggedAttribution {
    /// Words that name the source; empty where the sentence names none.
    pub source: Vec<Span>,
    /// Words that report: `said`, `according to`, `:`.
    pub cue: Vec<Span>,
    /// What was said, in one or more pieces, in order.
    pub content: Vec<Span>,
    /// How sure the tagger is that this is an attribution with these spans, 0 to 1.
    pub score: f32,
}

/// Finds attributions in a document.
pub trait Tagger: Send + Sync {
    /// Returns the document's attributions in order of their cues.
    fn tag(&self, document: &Document<'_>) -> Vec<TaggedAttribution>;
}
