//! Scores attributions against span gold: each role exactly, by tokens and by spans, and who+what.
//!
//! Source: the strict, soft and partial measures of Pareti et al. (EMNLP 2013) and Citron's, but with predictions and
//! gold paired one to one. The text is split into words and marks; a span is the set of tokens it touches, so white
//! space never matters. `EXACT~` also ignores marks at the edges and a leading `that`. `who+what` counts a claim as
//! right when its content overlaps the gold's (intersection over union at least the threshold) and its source shares a
//! word with the gold's source.

mod constructions;
mod reliability;
mod sums;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::constructions::{Case, Part, State, Tally, Token, cases, tally};
pub use self::reliability::{Bin, Reliability, Sure, reliability};

use self::sums::{CONTENT, CUE, SOURCE, Scored, Sums};
use self::text::Text;
use super::Prf;

/// Spans of one attribution, in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Spans {
    /// Its name within the article, where the labels give one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Who.
    #[serde(default)]
    pub source: Vec<[usize; 2]>,
    /// The reporting words.
    #[serde(default)]
    pub cue: Vec<[usize; 2]>,
    /// What.
    #[serde(default)]
    pub content: Vec<[usize; 2]>,
    /// Whose name the claim belongs under, where the labels say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// One labelled article.
#[derive(Clone, Debug, Deserialize)]
pub struct Labelled {
    /// Its name.
    pub id: String,
    /// Its text; offsets refer to it.
    #[serde(default)]
    pub text: String,
    /// Its title, where the set gives one.
    #[serde(default)]
    pub title: Option<String>,
    /// Its attributions.
    pub attributions: Vec<Spans>,
}

/// Which attributions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// All.
    All,
    /// Direct and mixed.
    Quoted,
    /// Those whose content is quotations only.
    Direct,
    /// Those whose content holds a quotation among other words.
    Mixed,
    /// Those without a quotation.
    Indirect,
}

/// How to score.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which attributions count.
    pub restriction: Restriction,
    /// Only attributions whose cue has a speech word.
    pub speech: bool,
    /// Join predictions with the same source and the same (or no) cue before scoring.
    pub merge: bool,
    /// Least overlap for a content to count as found.
    pub iou: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options { restriction: Restriction::All, speech: false, merge: false, iou: 0.5 }
    }
}

/// Figures of one role, or of the whole attribution.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RoleScores {
    /// Same tokens.
    pub exact: Prf,
    /// Same words.
    #[serde(rename = "exact~")]
    pub exact_words: Prf,
    /// Over tokens.
    pub token: Prf,
    /// Over spans, macro.
    pub span: Prf,
}

/// Accuracy of speakers over the contents found.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SpeakerAccuracy {
    /// Share.
    pub acc: f64,
    /// Right ones.
    pub right: usize,
    /// Found contents whose gold names a source.
    pub of: usize,
}

/// All figures of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    /// Articles scored.
    pub articles: usize,
    /// Gold attributions that counted.
    pub n_gold: usize,
    /// Predictions that counted.
    pub n_pred: usize,
    /// Who.
    pub source: RoleScores,
    /// The reporting words.
    pub cue: RoleScores,
    /// What.
    pub content: RoleScores,
    /// All three at once.
    pub full: RoleScores,
    /// Contents found.
    #[serde(rename = "content@iou")]
    pub content_found: Prf,
    /// Speakers of the found contents.
    pub speaker_acc: SpeakerAccuracy,
    /// Contents found with the right source: the headline.
    #[serde(rename = "who+what")]
    pub who_and_what: Prf,
    /// How sure the engine was and how often it was right, where the caller says how sure it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    /// How many of each construction were found, where the caller asks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constructions: Vec<Tally>,
}

/// Joins predictions of one article that have the very same source and the same cue, or none.
///
/// The gold keeps `“A,” she said. “B.”` as one attribution of two pieces; one record a quotation would lose both.
pub fn merge(predictions: &[Spans]) -> Vec<Spans> {
    let mut merged: Vec<Spans> = Vec::new();
    for prediction in predictions {
        let earlier = merged.iter_mut().rev().find(|m| {
            !prediction.source.is_empty()
                && m.source == prediction.source
                && (m.cue == prediction.cue || m.cue.is_empty() || prediction.cue.is_empty())
        });
        match earlier {
            Some(earlier) => {
                earlier.content.extend(&prediction.content);
                earlier.content.sort_unstable();
                if earlier.cue.is_empty() {
                    earlier.cue.clone_from(&prediction.cue);
                }
            }
            None => merged.push(prediction.clone()),
        }
    }
    merged
}

/// Scores predictions, by article id, against labelled articles; an article without predictions counts as empty.
pub fn score(gold: &[Labelled], predictions: &BTreeMap<String, Vec<Spans>>, options: &Options) -> Scores {
    let has_cues = predictions.values().flatten().any(|p| !p.cue.is_empty());
    let roles: &[usize] = if has_cues { &[SOURCE, CUE, CONTENT] } else { &[SOURCE, CONTENT] };
    let mut sums = Sums::default();
    for article in gold {
        let text = Text::new(&article.text);
        let predicted = predictions.get(&article.id).map(Vec::as_slice).unwrap_or_default();
        let predicted = if options.merge { merge(predicted) } else { predicted.to_vec() };
        let scored = |all: &[Spans]| all.iter().map(|s| Scored::new(s, &text)).collect::<Vec<_>>();
        sums.add(&scored(&predicted), &scored(&article.attributions), options, roles);
    }
    sums.scores()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ms. Orr said that rents fell. “We did it,” she added. “All of us.” Ned wants calm.";

    fn at(words: &str, nth: usize) -> [usize; 2] {
        let byte = TEXT.match_indices(words).nth(nth).unwrap().0;
        let start = TEXT[..byte].chars().count();
        [start, start + words.chars().count()]
    }

    fn spans(source: [usize; 2], cue: &[[usize; 2]], content: &[[usize; 2]]) -> Spans {
        Spans { source: vec![source], cue: cue.to_vec(), content: content.to_vec(), ..Spans::default() }
    }

    fn gold() -> Vec<Labelled> {
        let attributions = vec![
            spans(at("Ms. Orr", 0), &[at("said", 0)], &[at("that rents fell", 0)]),
            spans(at("she", 0), &[at("added", 0)], &[at("“We did it,”", 0), at("“All of us.”", 0)]),
            spans(at("Ned", 0), &[at("wants", 0)], &[at("calm", 0)]),
        ];
        vec![Labelled { id: "x".into(), text: TEXT.into(), title: None, attributions }]
    }

    fn predictions() -> BTreeMap<String, Vec<Spans>> {
        let all = vec![
            spans(at("Orr", 0), &[at("said", 0)], &[at("rents fell", 0)]),
            spans(at("she", 0), &[at("added", 0)], &[at("“We did it,”", 0)]),
            spans(at("she", 0), &[at("added", 0)], &[at("“All of us.”", 0)]),
            spans(at("Ms. Orr", 0), &[], &[at("wants calm", 0)]),
        ];
        BTreeMap::from([("x".to_string(), all)])
    }

    #[test]
    fn counts_by_hand_without_merging() {
        let scores = score(&gold(), &predictions(), &Options::default());
        let counts = |p: Prf| (p.p_num, p.p_den, p.r_num, p.r_den);
        assert_eq!(counts(scores.content.exact), (0.0, 4.0, 0.0, 3.0));
        // `that` does not count.
        assert_eq!(counts(scores.content.exact_words), (1.0, 4.0, 1.0, 3.0));
        assert_eq!((scores.speaker_acc.right, scores.speaker_acc.of), (2, 3));
        assert_eq!(counts(scores.who_and_what), (2.0, 4.0, 2.0, 3.0));
    }

    #[test]
    fn merging_joins_the_pieces_of_one_turn() {
        let options = Options { merge: true, ..Options::default() };
        let scores = score(&gold(), &predictions(), &options);
        assert_eq!(scores.n_pred, 3);
        assert_eq!(scores.content.exact.p_num, 1.0);
        assert_eq!(scores.content_found.f1, 1.0);
    }

    #[test]
    fn kinds_follow_the_marks() {
        let kind = |text: &str| Text::new(text).kind(&[[0, text.chars().count()]]);
        assert_eq!(kind("“All of us.”"), Restriction::Direct);
        assert_eq!(kind("the plan was “dead” by noon"), Restriction::Mixed);
        assert_eq!(kind("“dead” and “buried”"), Restriction::Mixed);
        assert_eq!(kind("it's the workers' plan"), Restriction::Indirect);
        assert_eq!(kind("a ‘dead’ plan"), Restriction::Mixed);
    }

    #[test]
    fn speech_keeps_what_has_a_speech_cue() {
        let options = Options { speech: true, ..Options::default() };
        assert_eq!(score(&gold(), &predictions(), &options).n_gold, 2);
    }
}
