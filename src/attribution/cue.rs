//! What kind of act a cue reports.

use super::Act;
use crate::lexicon::cues::CueLexicon;
use crate::span::Span;

/// Words that join a subject with a state of mind: `is wary of`, `feels ready`.
const LINKING: [&str; 10] = ["am", "are", "be", "been", "is", "remain", "remained", "remains", "was", "were"];

/// Names the act that the cue's words report; the last word that names one decides.
///
/// Where no word does, a state (`was wary of`) is a belief, and all else is speech.
pub fn act(text: &str, cue: &[Span]) -> Act {
    let cues = CueLexicon::english();
    let mut found = None;
    let mut state = false;
    for word in cue.iter().flat_map(|s| s.of(text).split_whitespace()) {
        let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        state |= LINKING.contains(&lower.as_str());
        found = match cues.act(&lower) {
            Some("belief") => Some(Act::Belief),
            Some("intention") => Some(Act::Intention),
            Some(_) => Some(Act::Speech),
            None => found,
        };
    }
    found.unwrap_or(if state { Act::Belief } else { Act::Speech })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cue: &str) -> Act {
        act(cue, &[Span::new(0, cue.len())])
    }

    #[test]
    fn speech_belief_and_intention_are_told_apart() {
        for cue in ["said", "according to", ":", "has repeatedly denied", "slammed"] {
            assert_eq!(of(cue), Act::Speech, "{cue}");
        }
        for cue in ["believes", "seems", "is wary of", "remembers", "are concerned"] {
            assert_eq!(of(cue), Act::Belief, "{cue}");
        }
        for cue in ["plans", "is eager", "would like to try"] {
            assert_eq!(of(cue), Act::Intention, "{cue}");
        }
    }
}
