//! Predictions paired with gold, and what is counted of the pairs.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use super::text::{Text, Tokens};
use super::{Options, Restriction, RoleScores, Scores, Spans, SpeakerAccuracy};
use crate::eval::{Prf, greedy, ratio};

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

pub(super) const SOURCE: usize = 0;

pub(super) const CUE: usize = 1;

pub(super) const CONTENT: usize = 2;

pub(super) struct Scored {
    pub roles: [Tokens; 3],
    trimmed: [Tokens; 3],
    kind: Restriction,
    speech: bool,
}

impl Scored {
    pub fn new(spans: &Spans, text: &Text) -> Scored {
        let roles = [&spans.source, &spans.cue, &spans.content].map(|s| text.tokens(s));
        let trimmed = [0, 1, 2].map(|i| text.trim(&roles[i]));
        let speech = roles[CUE].iter().any(|&t| SPEECH.contains(text.words[t].to_lowercase().as_str()));
        Scored { trimmed, kind: text.kind(&spans.content), speech, roles }
    }
}

pub(super) fn shared(a: &Tokens, b: &Tokens) -> usize {
    a.intersection(b).count()
}

pub(super) fn iou(a: &Tokens, b: &Tokens) -> f64 {
    let both = shared(a, b);
    ratio(both as f64, (a.len() + b.len() - both) as f64)
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

pub(super) fn match_content(predicted: &[Scored], gold: &[Scored], threshold: f64) -> BTreeMap<usize, usize> {
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

const FULL: usize = 3;

#[derive(Default)]
pub(super) struct Sums {
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

impl Sums {
    pub fn add(&mut self, predicted: &[Scored], gold: &[Scored], options: &Options, roles: &[usize]) {
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
            self.roles[FULL].span_predicted += ratio(both(&predicted[p], &gold[g]), size(&predicted[p]) as f64);
        }
        for &g in &kept_gold {
            self.roles[FULL].gold += 1.0;
            if let Some(&p) = back.get(&g) {
                self.roles[FULL].span_gold += ratio(both(&predicted[p], &gold[g]), size(&gold[g]) as f64);
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

    pub fn scores(&self) -> Scores {
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
                acc: ratio(right, count(self.speakers_of)),
                right: self.speakers_right,
                of: self.speakers_of,
            },
            who_and_what: Prf::new(
                right,
                count(self.match_predicted - self.without_gold_source),
                right,
                count(self.gold_with_source),
            ),
            reliability: None,
            constructions: Vec::new(),
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
