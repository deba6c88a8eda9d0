//! Which pairs of a speaker's claims are judged, and by whom.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Options;
use crate::claim::Claim;
use crate::claim::assertion::Assertion;
use crate::encoder::PairScores;
use crate::matching::{self, Candidate};
use crate::verdict::{self, Scores, Verdict};
use rayon::prelude::*;

/// What the encoder said in earlier runs; the record offers one.
pub trait Kept: Sync {
    /// Returns the scores kept for two statements, in this order.
    fn scores(&self, a: &str, b: &str) -> Option<PairScores>;
    /// Takes the scores of statements that were judged now.
    fn keep(&self, judged: &[(&str, &str, PairScores)]);
}

/// Most candidates a claim, where a speaker has many claims.
const CANDIDATES: usize = 20;

/// Most pairs a claim, on the mean, that the encoder is asked about. Of what it would call a repeat or a contradiction in the
/// candidates of PolNeAR's speakers, three quarters are among the two a claim that come first, six sevenths among four.
const PER_CLAIM: usize = 2;

/// Pairs of a speaker that the encoder is asked about in any case: of few claims every pair can be afforded.
const IN_ANY_CASE: usize = 200;

/// Pairs that the encoder is given at once: enough to keep all cores busy, few enough to lose little of when stopped.
const AT_ONCE: usize = 128;

/// The cheap judge drops a pair that it holds for neutral above this, where an encoder is asked next.
const CLEARLY_NEUTRAL: f32 = 0.97;

/// A pair of claims with its verdict.
pub(super) struct Judged {
    pub first: usize,
    pub second: usize,
    /// As [`Candidate::likeness`].
    pub likeness: f32,
    pub verdict: Verdict,
}

/// Judges a speaker's candidates; the encoder is asked about those that the cheap judge does not drop.
pub(super) fn judge_all(own: &[Claim], assertions: &[Assertion], options: &Options) -> Vec<Judged> {
    let mut candidates = matching::candidates(own, assertions, CANDIDATES);
    let names: Vec<bool> = own.iter().map(|claim| is_name(&claim.text)).collect();
    candidates.retain(|c| !names[c.first] && !names[c.second]);
    if let Some(articles) = options.about {
        candidates.retain(|c| [c.first, c.second].iter().any(|n| articles.contains(&own[*n].article)));
    }
    let statement = |n: usize| (&assertions[n], own[n].text.as_str());
    let judged_as = |c: &Candidate, verdict| Judged { first: c.first, second: c.second, likeness: c.likeness, verdict };
    let Some(encoder) = options.encoder else {
        let by_rules = |c: &Candidate| {
            let ((a, text_a), (b, text_b)) = (statement(c.first), statement(c.second));
            judged_as(c, verdict::judge_analysed(a, text_a, b, text_b, None))
        };
        return candidates.par_iter().map(by_rules).collect();
    };
    let glance = |c: &Candidate| {
        let ((a, text_a), (b, text_b)) = (statement(c.first), statement(c.second));
        verdict::glance(a, text_a, b, text_b)
    };
    let glances: Vec<Scores> = candidates.par_iter().map(glance).collect();
    let verdict = |n: usize, scores| {
        let c = &candidates[n];
        judged_as(c, verdict::judge_glanced(statement(c.first), statement(c.second), glances[n], scores))
    };
    // Candidates come in the order of their claims, and so do their numbers.
    let glanced = candidates.iter().zip(&glances).enumerate();
    let glanced = glanced.map(|(n, (c, g))| Glanced { neutral: g.neutral, likeness: c.likeness, pair: n }).collect();
    let asked = worth_reading(glanced, (own.len() * PER_CLAIM).max(IN_ANY_CASE));
    let read: Vec<Cow<str>> =
        own.iter().zip(assertions).map(|(claim, assertion)| verdict::as_read(assertion, &claim.text)).collect();
    let mut judged: Vec<Judged> = Vec::new();
    let total = asked.len();
    for batch in asked.chunks(AT_ONCE) {
        let texts = |n: usize| (&*read[candidates[n].first], &*read[candidates[n].second]);
        // Copies of one statement are read once.
        let mut known: BTreeMap<(&str, &str), Option<PairScores>> =
            batch.iter().map(|&n| texts(n)).map(|(a, b)| ((a, b), options.kept.and_then(|k| k.scores(a, b)))).collect();
        let new: Vec<(&str, &str)> = known.iter().filter(|(_, s)| s.is_none()).map(|(texts, _)| *texts).collect();
        if !new.is_empty() {
            let fresh = encoder.score_pairs(&new);
            if let Some(kept) = options.kept {
                let judged: Vec<_> = new.iter().zip(&fresh).map(|(&(a, b), &s)| (a, b, s)).collect();
                kept.keep(&judged);
            }
            known.extend(new.into_iter().zip(fresh.into_iter().map(Some)));
        }
        let scores: Vec<Option<PairScores>> = batch.iter().map(|&n| known[&texts(n)]).collect();
        judged.par_extend(batch.par_iter().zip(scores).map(|(&n, scores)| verdict(n, scores)));
        if let Some(progress) = options.progress {
            progress(judged.len(), total);
        }
    }
    judged
}

/// A pair that the cheap judge has glanced at.
pub struct Glanced<T> {
    /// How probable it is that neither says anything of the other.
    pub neutral: f32,
    /// How much they and what stands around them share, 0 to 1; 0 where that is not known.
    pub likeness: f32,
    /// The pair.
    pub pair: T,
}

/// What likeness counts beside the cheap judge, which knows little of subjects: of pairs that the encoder would call a repeat or a
/// contradiction, this finds most early (0, 1, 2 and likeness alone were tried).
const LIKENESS: f32 = 2.0;

/// Returns what the encoder is asked about, at most `most` pairs. It costs a twentieth of a second a pair: it gets those that are
/// least likely to be nothing.
pub fn worth_reading<T: Ord>(mut glanced: Vec<Glanced<T>>, most: usize) -> Vec<T> {
    let promise = |g: &Glanced<T>| LIKENESS * g.likeness - g.neutral;
    glanced.retain(|g| g.neutral <= CLEARLY_NEUTRAL);
    glanced.sort_by(|x, y| promise(y).total_cmp(&promise(x)).then_with(|| x.pair.cmp(&y.pair)));
    glanced.truncate(most);
    glanced.into_iter().map(|g| g.pair).collect()
}

/// Tells whether a content is no more than a name, which asserts nothing: `Morning Joe`.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 4;
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| word.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase);
    (2..=LONGEST).contains(&words.len())
        && words.iter().all(capital)
        && words.iter().any(|w| w.chars().any(char::is_lowercase))
        && !text.contains(['!', '?', '.'])
}

#[cfg(test)]
mod tests {
    use super::{Glanced, is_name, worth_reading};

    #[test]
    fn what_shares_its_subject_is_read_before_what_only_looks_like_something() {
        let pair = |neutral, likeness, pair| Glanced { neutral, likeness, pair };
        let glanced = vec![
            pair(0.60, 0.40, "a register / a register"),
            pair(0.30, 0.01, "no problem / a problem"),
            pair(0.98, 0.90, "nothing, whatever they share"),
            pair(0.30, 0.01, "no answer / the answer"),
        ];
        assert_eq!(worth_reading(glanced, 2), ["a register / a register", "no answer / the answer"]);
    }

    #[test]
    fn a_name_asserts_nothing() {
        for (text, name) in [
            ("Morning Joe", true),
            ("Donald Trump", true),
            ("Never", false),
            ("NO TOLLS EVER", false),
            ("Stop Them!", false),
            ("We won", false),
        ] {
            assert_eq!(is_name(text), name, "{text}");
        }
    }
}
