//! Scores both ends of the chain against a scenario: articles with who said what and what repeats or contradicts what.
//!
//! The gold gives contents as text, so predictions are compared by their bags of words: a content is found where the
//! bags' intersection over union is at least one half. Speakers are right when they equal the gold name or an alias,
//! titles and case aside. A finding is found when its two claims are the two of a gold finding, in either order.

mod gold;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use gold::{Aside, ClaimRef, GoldArticle, GoldAttribution, GoldFinding, GoldPair, GoldSpeaker, Pieces, Scenario};

use super::matching::{LabelScores, per_cent};
use super::tokenize;

/// A predicted attribution.
#[derive(Clone, Debug)]
pub struct PredictedAttribution {
    /// Who.
    pub speaker: Option<String>,
    /// What, its pieces joined by a blank.
    pub content: String,
    /// Direct, indirect or mixed.
    pub kind: String,
}

/// A predicted finding: the texts of its claims and the files they stand in (several where they share an address).
#[derive(Clone, Debug)]
pub struct PredictedFinding {
    /// `contradictions`, `changed_positions`, `reports_differ` or `repeats`.
    pub kind: String,
    /// The earlier claim: files and text.
    pub a: (Vec<String>, String),
    /// The later claim.
    pub b: (Vec<String>, String),
}

/// Figures on attributions.
#[derive(Clone, Debug, Serialize)]
pub struct AttributionScores {
    /// Contents found.
    pub content: LabelScores,
    /// Contents found with the right speaker.
    pub who_and_what: LabelScores,
    /// Right speakers among the found, in per cent.
    pub speaker_accuracy: f64,
    /// Right kinds among the found, in per cent.
    pub kind_accuracy: f64,
    /// Predictions that lie in a text that is no claim.
    pub non_claims_taken: usize,
    /// What was missed, wrong or extra, one line each.
    #[serde(skip)]
    pub misses: Vec<String>,
}

/// Figures on findings of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct FindingScores {
    /// Distinct gold findings hit.
    pub found: usize,
    /// Gold findings.
    pub of: usize,
    /// Precision in per cent.
    #[serde(rename = "P")]
    pub precision: f64,
    /// Recall in per cent.
    #[serde(rename = "R")]
    pub recall: f64,
    /// Their harmonic mean.
    #[serde(rename = "F1")]
    pub f1: f64,
    /// Predictions in no gold finding of the kind.
    pub false_alarms: usize,
    /// Those of them that are a finding of another kind.
    pub of_which_wrong_kind: usize,
    /// Predictions on which either verdict is accepted.
    pub skipped_ungraded: usize,
    /// Pairs flagged that must not be, of all such pairs; for contradictions alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traps_taken: Option<String>,
}

type Bag = BTreeMap<String, usize>;

fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let word = |&(s, e): &(usize, usize)| chars[s..e].iter().collect::<String>().to_lowercase().replace('’', "'");
    tokenize(&chars, false).iter().map(word).collect()
}

fn bag(text: &str) -> Bag {
    let mut bag = Bag::new();
    for word in words(text) {
        *bag.entry(word).or_default() += 1;
    }
    bag
}

fn size(bag: &Bag) -> usize {
    bag.values().sum()
}

fn shared(a: &Bag, b: &Bag) -> usize {
    a.iter().map(|(word, n)| (*n).min(b.get(word).copied().unwrap_or(0))).sum()
}

fn iou(a: &Bag, b: &Bag) -> f64 {
    let both = shared(a, b);
    super::ratio(both as f64, (size(a) + size(b) - both) as f64)
}

/// Tells whether nearly all of the shorter lies in the longer.
fn lies_inside(a: &Bag, b: &Bag) -> bool {
    let shorter = size(a).min(size(b));
    shorter >= 3 && shared(a, b) as f64 / shorter as f64 >= 0.85
}

const TITLES: [&str; 14] =
    ["mr", "ms", "mrs", "miss", "dr", "sir", "dame", "lord", "lady", "the", "prof", "professor", "judge", "justice"];

pub(super) fn bare_name(name: &str) -> String {
    words(name).into_iter().filter(|w| !TITLES.contains(&w.as_str())).collect::<Vec<_>>().join(" ")
}

impl Aside {
    fn bag(&self) -> Bag {
        match self {
            Aside::Bare(text) => bag(text),
            Aside::Noted { content, text } => {
                content.as_ref().or(text.as_ref()).map(|p| bag(&p.joined())).unwrap_or_default()
            }
        }
    }
}

fn matches_any(words: &Bag, asides: &[Aside]) -> bool {
    asides.iter().map(Aside::bag).any(|aside| iou(words, &aside) >= 0.4 || lies_inside(words, &aside))
}

/// Scores attributions by file name; an article without predictions counts as empty.
pub fn score_attributions(
    gold: &Scenario,
    predictions: &BTreeMap<String, Vec<PredictedAttribution>>,
) -> AttributionScores {
    let aliases: BTreeMap<&str, BTreeSet<String>> = gold
        .speakers
        .iter()
        .map(|s| (s.name.as_str(), s.aliases.iter().chain([&s.name]).map(|n| bare_name(n)).collect()))
        .collect();
    let (mut found, mut predicted, mut wanted, mut right, mut kinds, mut non_claims) = (0, 0, 0, 0, 0, 0);
    let mut misses = Vec::new();
    for article in &gold.articles {
        let golds: Vec<Bag> = article.attributions.iter().map(|g| bag(&g.content.joined())).collect();
        wanted += golds.len();
        let Some(given) = predictions.get(&article.file) else {
            misses.push(format!("{}: no prediction for this article", article.file));
            continue;
        };
        let bags: Vec<Bag> = given.iter().map(|p| bag(&p.content)).collect();
        let mut candidates = Vec::new();
        for (i, g) in golds.iter().enumerate() {
            for (j, p) in bags.iter().enumerate() {
                candidates.push((iou(g, p), i, j));
            }
        }
        // Heaviest first, ties to the higher numbers, as the reference scorer has it.
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2)));
        let (mut of_gold, mut of_given) = (BTreeMap::new(), BTreeSet::new());
        for (overlap, i, j) in candidates {
            if overlap >= 0.5 && !of_gold.contains_key(&i) && of_given.insert(j) {
                of_gold.insert(i, j);
            }
        }
        for (i, g) in article.attributions.iter().enumerate() {
            let Some(&j) = of_gold.get(&i) else {
                misses.push(format!("{} missed [{}] {}: {}", article.file, g.kind, g.speaker, g.content.joined()));
                continue;
            };
            found += 1;
            kinds += usize::from(given[j].kind == g.kind);
            let name = bare_name(given[j].speaker.as_deref().unwrap_or(""));
            let is_right = match aliases.get(g.speaker.as_str()) {
                Some(names) => names.contains(&name),
                None => bare_name(&g.speaker) == name,
            };
            if is_right {
                right += 1;
            } else {
                let said = given[j].speaker.as_deref().unwrap_or("nobody");
                misses.push(format!("{} wrong speaker {said} for {}: {}", article.file, g.speaker, g.content.joined()));
            }
        }
        for (j, words) in bags.iter().enumerate() {
            if of_given.contains(&j) {
                predicted += 1;
                continue;
            }
            if matches_any(words, &article.optional) {
                continue;
            }
            predicted += 1;
            non_claims += usize::from(matches_any(words, &article.non_claims));
            let said = given[j].speaker.as_deref().unwrap_or("nobody");
            misses.push(format!("{} extra: {said}: {}", article.file, given[j].content));
        }
    }
    let share = |n: usize| per_cent(super::ratio(n as f64, found as f64));
    AttributionScores {
        content: LabelScores::new(found, predicted, wanted),
        who_and_what: LabelScores::new(right, predicted, wanted),
        speaker_accuracy: share(right),
        kind_accuracy: share(kinds),
        non_claims_taken: non_claims,
        misses,
    }
}

type ClaimKey = (String, String);
type PairKey = (ClaimKey, ClaimKey);

fn unordered(a: ClaimKey, b: ClaimKey) -> PairKey {
    if a <= b { (a, b) } else { (b, a) }
}

fn pair_keys(finding: &GoldFinding) -> BTreeSet<PairKey> {
    let key = |c: &ClaimRef| c.id.as_ref().map(|id| (c.file.clone(), id.clone()));
    [(&finding.a, &finding.b)]
        .into_iter()
        .chain(finding.also.iter().map(|p| (&p.a, &p.b)))
        .filter_map(|(a, b)| Some(unordered(key(a)?, key(b)?)))
        .collect()
}

/// Scores findings; the result is by kind, with the misses and false alarms as lines.
pub fn score_findings(
    gold: &Scenario,
    predictions: &[PredictedFinding],
) -> (BTreeMap<String, FindingScores>, Vec<String>) {
    let claims: BTreeMap<ClaimKey, Bag> = gold
        .articles
        .iter()
        .flat_map(|a| a.attributions.iter().map(|g| ((a.file.clone(), g.id.clone()), bag(&g.content.joined()))))
        .collect();
    let locate = |(files, text): &(Vec<String>, String)| -> Vec<ClaimKey> {
        let words = bag(text);
        let same = |bag: &Bag| iou(&words, bag) >= 0.5 || lies_inside(&words, bag);
        claims.iter().filter(|(k, bag)| files.contains(&k.0) && same(bag)).map(|(k, _)| k.clone()).collect()
    };
    let sets = |findings: &[GoldFinding]| -> Vec<BTreeSet<PairKey>> { findings.iter().map(pair_keys).collect() };
    let by_kind = [
        ("contradictions", sets(&gold.contradictions)),
        ("changed_positions", sets(&gold.changed_position)),
        ("reports_differ", sets(&gold.reports_differ)),
        ("repeats", sets(&gold.repeats)),
    ];
    let (traps, ungraded) = (sets(&gold.not_contradictions), sets(&gold.ungraded));
    let mut misses = Vec::new();
    let mut scores = BTreeMap::new();
    for (kind, wanted) in &by_kind {
        let mut hit = BTreeSet::new();
        let (mut right, mut false_alarms, mut wrong_kind, mut taken, mut skipped) = (0, 0, 0, 0, 0);
        for finding in predictions.iter().filter(|f| f.kind == *kind) {
            let (a, b) = (locate(&finding.a), locate(&finding.b));
            let pairs: BTreeSet<PairKey> =
                a.iter().flat_map(|x| b.iter().map(|y| unordered(x.clone(), y.clone()))).collect();
            let meets = |set: &BTreeSet<PairKey>| !set.is_disjoint(&pairs);
            let which: Vec<usize> = (0..wanted.len()).filter(|&i| meets(&wanted[i])).collect();
            if !which.is_empty() {
                hit.extend(which);
                right += 1;
            } else if ungraded.iter().any(meets) {
                skipped += 1;
            } else {
                taken += usize::from(*kind == "contradictions" && traps.iter().any(meets));
                let others = by_kind.iter().filter(|(other, _)| other != kind);
                wrong_kind += usize::from(others.flat_map(|(_, sets)| sets).any(meets));
                false_alarms += 1;
                misses.push(format!("{kind} false alarm: {} || {}", finding.a.1, finding.b.1));
            }
        }
        for (i, _) in wanted.iter().enumerate().filter(|(i, _)| !hit.contains(i)) {
            let all = match *kind {
                "contradictions" => &gold.contradictions,
                "changed_positions" => &gold.changed_position,
                "reports_differ" => &gold.reports_differ,
                _ => &gold.repeats,
            };
            let name = |c: &ClaimRef| format!("{} {}", c.file, c.id.as_deref().unwrap_or("-"));
            misses.push(format!("{kind} missed: {} || {}", name(&all[i].a), name(&all[i].b)));
        }
        let prf = super::Prf::new(right as f64, (right + false_alarms) as f64, hit.len() as f64, wanted.len() as f64);
        scores.insert(
            kind.to_string(),
            FindingScores {
                found: hit.len(),
                of: wanted.len(),
                precision: per_cent(prf.p),
                recall: per_cent(prf.r),
                f1: per_cent(prf.f1),
                false_alarms,
                of_which_wrong_kind: wrong_kind,
                skipped_ungraded: skipped,
                traps_taken: (*kind == "contradictions").then(|| format!("{taken}/{}", traps.len())),
            },
        );
    }
    (scores, misses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold() -> Scenario {
        serde_json::from_value(serde_json::json!({
            "speakers": [{"name": "Ada Quill", "aliases": ["Ms Quill"]}],
            "articles": [
                {"file": "1.txt", "attributions": [
                    {"id": "a1", "speaker": "Ada Quill", "content": "The bridge will stay open all summer", "kind": "direct"},
                    {"id": "a2", "speaker": "a driver", "content": ["Nobody told us", "not a word"], "kind": "direct"}],
                 "non_claims": [{"text": "Will the bridge close?", "why": "question"}],
                 "optional": ["She waved at the crowd outside"]},
                {"file": "2.txt", "attributions": [
                    {"id": "a1", "speaker": "Ada Quill", "content": "the bridge would close in July", "kind": "indirect"}]}],
            "contradictions": [{"a": {"file": "1.txt", "id": "a1"}, "b": {"file": "2.txt", "id": "a1"}}],
            "not_contradictions": [{"a": {"file": "1.txt", "id": "a2"}, "b": {"file": "2.txt", "id": "a1"}}]
        }))
        .unwrap()
    }

    fn said(speaker: Option<&str>, content: &str) -> PredictedAttribution {
        PredictedAttribution { speaker: speaker.map(String::from), content: content.into(), kind: "direct".into() }
    }

    #[test]
    fn attributions_are_counted_by_hand() {
        let predictions = BTreeMap::from([(
            "1.txt".to_string(),
            vec![
                said(Some("Ada"), "‘The bridge will stay open all summer,’"),
                said(Some("A driver"), "Nobody told us not a word"),
                said(None, "Will the bridge close?"),
                said(None, "waved at the crowd outside"),
            ],
        )]);
        let scores = score_attributions(&gold(), &predictions);
        assert_eq!((scores.content.tp, scores.content.pred, scores.content.gold), (2, 3, 3));
        // `Ada` alone is neither the name nor an alias.
        assert_eq!(scores.who_and_what.tp, 1);
        assert_eq!(scores.non_claims_taken, 1);
        assert!(scores.misses.iter().any(|m| m.starts_with("2.txt: no prediction")));
    }

    #[test]
    fn findings_and_traps_are_told_apart() {
        let claim = |file: &str, text: &str| (vec![file.to_string()], text.to_string());
        let finding = |a, b| PredictedFinding { kind: "contradictions".into(), a, b };
        let later = || claim("2.txt", "that the bridge would close in July");
        let (scores, _) = score_findings(
            &gold(),
            &[
                finding(claim("1.txt", "The bridge will stay open all summer"), later()),
                finding(claim("1.txt", "Nobody told us, not a word"), later()),
            ],
        );
        let contradictions = &scores["contradictions"];
        assert_eq!((contradictions.found, contradictions.of, contradictions.false_alarms), (1, 1, 1));
        assert_eq!(contradictions.traps_taken.as_deref(), Some("1/1"));
    }
}
