//! Scores attributions against span gold: each role exactly, by tokens and by spans, and who+what.
//!
//! Source: the strict, soft and partial measures of Pareti et al. (EMNLP 2013) and Citron's, but with predictions and
//! gold paired one to one. The text is split into words and marks; a span is the set of tokens it touches, so white
//! space never matters. `EXACT~` also ignores marks at the edges and a leading `that`. `who+what` counts a claim as
//! right when its content overlaps the gold's (intersection over union at least the threshold) and its source shares a
//! word with the gold's source.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Prf, greedy, is_word_char, tokenize};

/// Spans of one attribution, in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Spans {
    /// Who.
    #[serde(default)]
    pub source: Vec<[usize; 2]>,
    /// The reporting words.
    #[serde(default)]
    pub cue: Vec<[usize; 2]>,
    /// What.
    #[serde(default)]
    pub content: Vec<[usize; 2]>,
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
}

const DOUBLE: &str = "\"“”„«»〝〞";
const SINGLE: &str = "'‘’`";

static SPEECH: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "say says said saying tell tells told telling ask asks asked asking add adds added adding according claim claims \
     claimed claiming argue argues argued arguing state states stated stating announce announces announced announcing \
     declare declares declared declaring insist insists insisted insisting report reports reported reporting reportedly \
     write writes wrote written writing tweet tweets tweeted tweeting explain explains explained explaining note notes \
     noted noting warn warns warned warning call calls called calling accuse accuses accused accusing suggest suggests \
     suggested suggesting deny denies denied denying promise promises promised promising vow vows vowed vowing pledge \
     pledges pledged pledging acknowledge acknowledges acknowledged acknowledging admit admits admitted admitting respond \
     responds responded responding reply replies replied replying allege alleges alleged alleging allegedly assert asserts \
     asserted asserting mention mentions mentioned quote quotes quoted statement statements comment comments commented \
     speak speaks spoke talk talks talked talking describe describes described describing criticize criticized criticizes \
     criticizing praise praised praises praising urge urges urged urging joke joked jokes joking boast boasted boasts \
     complain complained complains remark remarked remarks continue continued continues conclude concluded concludes point \
     pointed points charge charged charges contend contended contends maintain maintained maintains demand demanded demands \
     recall recalled recalls confirm confirmed confirms reveal revealed reveals mock mocked mocks question questioned shout \
     shouted exclaim exclaimed declined decline declines refuse refused"
        .split(' ')
        .collect()
});

type Tokens = BTreeSet<usize>;

struct Text {
    chars: Vec<char>,
    /// Token at each character; `usize::MAX` in white space.
    at: Vec<usize>,
    words: Vec<String>,
    is_word: Vec<bool>,
}

impl Text {
    fn new(text: &str) -> Text {
        let chars: Vec<char> = text.chars().collect();
        let tokens = tokenize(&chars, true);
        let mut at = vec![usize::MAX; chars.len()];
        for (i, &(start, end)) in tokens.iter().enumerate() {
            at[start..end].fill(i);
        }
        let words = tokens.iter().map(|&(s, e)| chars[s..e].iter().collect()).collect();
        let is_word = tokens.iter().map(|&(s, _)| is_word_char(chars[s])).collect();
        Text { chars, at, words, is_word }
    }

    fn tokens(&self, spans: &[[usize; 2]]) -> Tokens {
        let mut tokens = Tokens::new();
        for &[start, end] in spans {
            for &token in self.at.get(start..end.min(self.at.len())).unwrap_or(&[]) {
                if token != usize::MAX {
                    tokens.insert(token);
                }
            }
        }
        tokens
    }

    /// Drops marks and a leading `that`; a span of marks alone stays.
    fn trim(&self, tokens: &Tokens) -> Tokens {
        let words: Vec<usize> = tokens.iter().copied().collect();
        let mut rest: &[usize] = &words;
        let skip_marks = |mut rest: &'_ [usize]| -> usize {
            let mut skipped = 0;
            while let [first, tail @ ..] = rest
                && !self.is_word[*first]
            {
                rest = tail;
                skipped += 1;
            }
            skipped
        };
        rest = &rest[skip_marks(rest)..];
        if rest.len() > 1 && self.words[rest[0]].to_lowercase() == "that" {
            rest = &rest[1..];
        }
        let kept: Tokens = rest.iter().copied().filter(|&t| self.is_word[t]).collect();
        if kept.is_empty() { tokens.clone() } else { kept }
    }

    fn kind(&self, spans: &[[usize; 2]]) -> Restriction {
        let mut any_quoted = false;
        let mut all_quoted = !spans.is_empty();
        for &[start, end] in spans {
            let fragment = self.chars.get(start..end.min(self.chars.len())).unwrap_or(&[]);
            let is_double = |c: Option<&char>| c.is_some_and(|&c| DOUBLE.contains(c));
            let before = start.checked_sub(1).and_then(|i| self.chars.get(i));
            let after = self.chars.get(end);
            let framed = is_double(before) && is_double(after);
            let two_singles = fragment.windows(2).any(|w| w == ['\'', '\'']);
            let quoted =
                fragment.iter().any(|&c| DOUBLE.contains(c)) || has_paired_single(fragment) || two_singles || framed;
            any_quoted |= quoted;
            let blank = |c: &char| matches!(c, ' ' | '\n' | '\t');
            let first = fragment.iter().find(|c| !blank(c));
            let last = fragment.iter().rev().find(|c| !blank(c) && !".,;:?!".contains(**c));
            let is_mark = |c: Option<&char>| c.is_some_and(|&c| DOUBLE.contains(c) || SINGLE.contains(c));
            let opens = is_mark(first) || is_double(before);
            let closes = is_mark(last) || is_double(after);
            // A paragraph of a longer quotation opens and does not close.
            let whole = quoted && opens && (closes || spans.len() > 1);
            if !whole || (closes && !is_one_quotation(fragment)) {
                all_quoted = false;
            }
        }
        match (any_quoted, all_quoted) {
            (false, _) => Restriction::Indirect,
            (true, true) => Restriction::Direct,
            (true, false) => Restriction::Mixed,
        }
    }
}

/// Tells whether no words stand outside the marks: `"a" and "b"` is mixed.
fn is_one_quotation(fragment: &[char]) -> bool {
    let mut inside = false;
    let mut words_outside = false;
    for &c in fragment {
        match c {
            '“' | '«' => inside = true,
            '”' | '»' => inside = false,
            '"' => inside = !inside,
            _ => words_outside |= !inside && c.is_alphanumeric(),
        }
    }
    !fragment.iter().any(|&c| DOUBLE.contains(c)) || !words_outside
}

/// Finds a quotation in single marks that stand where quotation marks stand, not apostrophes.
fn has_paired_single(text: &[char]) -> bool {
    let edge = |c: char, extra: &str| c.is_whitespace() || "—–-".contains(c) || extra.contains(c);
    let closes_at = |from: usize| {
        (from..text.len()).any(|j| {
            let follows =
                |k: usize| text.get(k).is_none_or(|&c| edge(c, ").,;:?!]")) || (k + 1 == text.len() && text[k] == '\n');
            !text[j - 1].is_whitespace()
                && match text[j] {
                    '’' => follows(j + 1),
                    '\'' => follows(j + 1) || (text.get(j + 1) == Some(&'\'') && follows(j + 2)),
                    _ => false,
                }
        })
    };
    (0..text.len()).any(|i| {
        if i > 0 && !edge(text[i - 1], "([") {
            return false;
        }
        let opener = |length: usize| text.get(i + length).is_some_and(|c| !c.is_whitespace()) && closes_at(i + length);
        match text[i] {
            '‘' | '\'' => opener(1),
            '`' => (text.get(i + 1) == Some(&'`') && opener(2)) || opener(1),
            _ => false,
        }
    })
}

struct Scored {
    roles: [Tokens; 3],
    trimmed: [Tokens; 3],
    kind: Restriction,
    speech: bool,
}

const SOURCE: usize = 0;
const CUE: usize = 1;
const CONTENT: usize = 2;

impl Scored {
    fn new(spans: &Spans, text: &Text) -> Scored {
        let roles = [&spans.source, &spans.cue, &spans.content].map(|s| text.tokens(s));
        let trimmed = [0, 1, 2].map(|i| text.trim(&roles[i]));
        let speech = roles[CUE].iter().any(|&t| SPEECH.contains(text.words[t].to_lowercase().as_str()));
        Scored { trimmed, kind: text.kind(&spans.content), speech, roles }
    }
}

fn shared(a: &Tokens, b: &Tokens) -> usize {
    a.intersection(b).count()
}

fn iou(a: &Tokens, b: &Tokens) -> f64 {
    let both = shared(a, b);
    super::ratio(both as f64, (a.len() + b.len() - both) as f64)
}

fn align(predicted: &[Scored], gold: &[Scored]) -> BTreeMap<usize, usize> {
    let mut candidates = Vec::new();
    for (i, p) in predicted.iter().enumerate() {
        for (j, g) in gold.iter().enumerate() {
            let touch = |role: usize| !p.roles[role].is_disjoint(&g.roles[role]);
            if touch(CONTENT) || touch(CUE) {
                let weight = iou(&p.roles[CONTENT], &g.roles[CONTENT])
                    + if touch(CUE) { 0.5 } else { 0.0 }
                    + if touch(SOURCE) { 0.25 } else { 0.0 };
                candidates.push((weight, i, j));
            }
        }
    }
    greedy(candidates)
}

fn match_content(predicted: &[Scored], gold: &[Scored], threshold: f64) -> BTreeMap<usize, usize> {
    let mut candidates = Vec::new();
    for (i, p) in predicted.iter().enumerate() {
        for (j, g) in gold.iter().enumerate() {
            let weight = iou(&p.roles[CONTENT], &g.roles[CONTENT]);
            if weight >= threshold {
                candidates.push((weight, i, j));
            }
        }
    }
    greedy(candidates)
}

/// Sums for one role; index 3 of the arrays below is the whole attribution.
#[derive(Clone, Copy, Default)]
struct RoleSums {
    exact: f64,
    exact_words: f64,
    predicted: f64,
    gold: f64,
    tokens_both: f64,
    tokens_predicted: f64,
    tokens_gold: f64,
    span_predicted: f64,
    span_gold: f64,
}

#[derive(Default)]
struct Sums {
    roles: [RoleSums; 4],
    matched: usize,
    match_predicted: usize,
    match_gold: usize,
    without_gold_source: usize,
    speakers_right: usize,
    speakers_of: usize,
    gold_with_source: usize,
    articles: usize,
}

const FULL: usize = 3;

impl Sums {
    fn add(&mut self, predicted: &[Scored], gold: &[Scored], options: &Options, roles: &[usize]) {
        let keep_gold = |g: &Scored| restricts(options.restriction, g.kind) && (!options.speech || g.speech);
        let keep = |p: &Scored, g: Option<&usize>| match g {
            Some(&g) => keep_gold(&gold[g]),
            None => restricts(options.restriction, p.kind),
        };
        let aligned = align(predicted, gold);
        let back: BTreeMap<usize, usize> = aligned.iter().map(|(&p, &g)| (g, p)).collect();
        let kept_gold: BTreeSet<usize> = (0..gold.len()).filter(|&g| keep_gold(&gold[g])).collect();
        let kept: Vec<usize> = (0..predicted.len()).filter(|&p| keep(&predicted[p], aligned.get(&p))).collect();
        self.articles += 1;
        for &role in roles {
            let union = |all: &mut dyn Iterator<Item = &Scored>| -> Tokens {
                all.flat_map(|s| s.roles[role].iter().copied()).collect()
            };
            let of_predicted = union(&mut kept.iter().map(|&p| &predicted[p]));
            let of_gold = union(&mut kept_gold.iter().map(|&g| &gold[g]));
            self.roles[role].tokens_both += shared(&of_predicted, &of_gold) as f64;
            self.roles[role].tokens_predicted += of_predicted.len() as f64;
            self.roles[role].tokens_gold += of_gold.len() as f64;
            for &p in &kept {
                let tokens = &predicted[p].roles[role];
                if tokens.is_empty() {
                    continue;
                }
                self.roles[role].predicted += 1.0;
                if let Some(&g) = aligned.get(&p) {
                    let both = shared(tokens, &gold[g].roles[role]) as f64;
                    self.roles[role].span_predicted += both / tokens.len() as f64;
                    self.roles[FULL].tokens_both += both;
                    if kept_gold.contains(&g) {
                        let trimmed = &predicted[p].trimmed[role];
                        self.roles[role].exact += f64::from(*tokens == gold[g].roles[role]);
                        self.roles[role].exact_words +=
                            f64::from(!trimmed.is_empty() && *trimmed == gold[g].trimmed[role]);
                    }
                }
                self.roles[FULL].tokens_predicted += tokens.len() as f64;
            }
            for &g in &kept_gold {
                let tokens = &gold[g].roles[role];
                if tokens.is_empty() {
                    continue;
                }
                self.roles[role].gold += 1.0;
                self.roles[FULL].tokens_gold += tokens.len() as f64;
                if let Some(&p) = back.get(&g) {
                    self.roles[role].span_gold +=
                        shared(&predicted[p].roles[role], tokens) as f64 / tokens.len() as f64;
                }
            }
        }
        let both =
            |p: &Scored, g: &Scored| roles.iter().map(|&r| shared(&p.roles[r], &g.roles[r])).sum::<usize>() as f64;
        let size = |s: &Scored| roles.iter().map(|&r| s.roles[r].len()).sum::<usize>();
        for &p in &kept {
            self.roles[FULL].predicted += 1.0;
            let Some(&g) = aligned.get(&p) else { continue };
            if kept_gold.contains(&g) {
                let same = |left: &[Tokens; 3], right: &[Tokens; 3]| roles.iter().all(|&r| left[r] == right[r]);
                self.roles[FULL].exact += f64::from(same(&predicted[p].roles, &gold[g].roles));
                self.roles[FULL].exact_words += f64::from(same(&predicted[p].trimmed, &gold[g].trimmed));
            }
            self.roles[FULL].span_predicted += super::ratio(both(&predicted[p], &gold[g]), size(&predicted[p]) as f64);
        }
        for &g in &kept_gold {
            self.roles[FULL].gold += 1.0;
            if let Some(&p) = back.get(&g) {
                self.roles[FULL].span_gold += super::ratio(both(&predicted[p], &gold[g]), size(&gold[g]) as f64);
            }
        }
        self.add_speakers(predicted, gold, options, &aligned, &kept_gold, &keep);
    }

    fn add_speakers(
        &mut self,
        predicted: &[Scored],
        gold: &[Scored],
        options: &Options,
        aligned: &BTreeMap<usize, usize>,
        kept_gold: &BTreeSet<usize>,
        keep: &dyn Fn(&Scored, Option<&usize>) -> bool,
    ) {
        let found = match_content(predicted, gold, options.iou);
        self.match_gold += kept_gold.len();
        self.gold_with_source += kept_gold.iter().filter(|&&g| !gold[g].roles[SOURCE].is_empty()).count();
        for (p, prediction) in predicted.iter().enumerate() {
            if !keep(prediction, found.get(&p).or_else(|| aligned.get(&p))) {
                continue;
            }
            self.match_predicted += 1;
            let Some(g) = found.get(&p).filter(|g| kept_gold.contains(g)) else { continue };
            self.matched += 1;
            let source = &gold[*g].roles[SOURCE];
            if source.is_empty() {
                self.without_gold_source += 1;
            } else {
                self.speakers_of += 1;
                self.speakers_right += usize::from(!source.is_disjoint(&prediction.roles[SOURCE]));
            }
        }
    }

    fn scores(&self) -> Scores {
        let role = |i: usize| {
            let s = &self.roles[i];
            RoleScores {
                exact: Prf::new(s.exact, s.predicted, s.exact, s.gold),
                exact_words: Prf::new(s.exact_words, s.predicted, s.exact_words, s.gold),
                token: Prf::new(s.tokens_both, s.tokens_predicted, s.tokens_both, s.tokens_gold),
                span: Prf::new(s.span_predicted, s.predicted, s.span_gold, s.gold),
            }
        };
        let count = |n: usize| n as f64;
        let matched = count(self.matched);
        let right = count(self.speakers_right);
        Scores {
            articles: self.articles,
            n_gold: self.roles[FULL].gold as usize,
            n_pred: self.roles[FULL].predicted as usize,
            source: role(SOURCE),
            cue: role(CUE),
            content: role(CONTENT),
            full: role(FULL),
            content_found: Prf::new(matched, count(self.match_predicted), matched, count(self.match_gold)),
            speaker_acc: SpeakerAccuracy {
                acc: super::ratio(right, count(self.speakers_of)),
                right: self.speakers_right,
                of: self.speakers_of,
            },
            who_and_what: Prf::new(
                right,
                count(self.match_predicted - self.without_gold_source),
                right,
                count(self.gold_with_source),
            ),
        }
    }
}

fn restricts(restriction: Restriction, kind: Restriction) -> bool {
    match restriction {
        Restriction::All => true,
        Restriction::Quoted => kind != Restriction::Indirect,
        other => kind == other,
    }
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
        Spans { source: vec![source], cue: cue.to_vec(), content: content.to_vec() }
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
