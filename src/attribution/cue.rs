//! What kind of act a cue reports.

use super::Act;
use crate::lexicon::cues::CueLexicon;
use crate::span::Span;

/// Names the act that the cue's words report; the last word that is a cue decides, and speech is the rule.
pub(super) fn act(text: &str, cue: &[Span]) -> Act {
    let cues = CueLexicon::english();
    let mut found = Act::Speech;
    for word in cue.iter().flat_map(|s| s.of(text).split_whitespace()) {
        let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let named = cues.verbs(&lower).first().or_else(|| cues.noun(&lower));
        if let Some(named) = named {
            found = match named.act.as_str() {
                "belief" => Act::Belief,
                "intention" => Act::Intention,
                _ => Act::Speech,
            };
        }
    }
    found
}
