//! What a statement asserts: its words with their polarity, the reporting frame set aside, its quantities, times, hedges and conditions.

use jiff::civil::Date;

use super::quantity::{Quantity, quantities};
use super::time::{Time, times};
use super::vocabulary::{ENGLISH, Effect, Reach};
use super::words::{Class, Word, phrase_at, split};
use crate::span::Span;

/// Longest statement that is analysed, in words; what lies beyond counts as not said.
const MAX_WORDS: usize = 160;

/// A statement, analysed.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// Its words and marks.
    pub words: Vec<Word>,
    /// Its quantities.
    pub quantities: Vec<Quantity>,
    /// Its times.
    pub times: Vec<Time>,
    /// Words that negate, with their spans.
    pub negators: Vec<Span>,
    /// Quantifiers: span, the shares they allow, index of the first word after.
    pub quantifiers: Vec<(Span, (f32, f32), usize)>,
    /// Hedges with strength and clause.
    pub hedges: Vec<(Span, f32, u16)>,
    /// Conditions with clause.
    pub conditions: Vec<(Span, u16)>,
    /// Where a question mark stands.
    pub question: Option<Span>,
    /// What the cue makes of the content.
    pub effect: Effect,
    /// Whether reporting words that are no part of the text deny it: `she denied` and `that she had met him`.
    pub denied: bool,
    /// The reporting words where the text is only their object: `backed` and `a ban on rifles`.
    pub object_of: Option<Governing>,
    /// A phrase by which the speaker owns a change of view; `true` where it is enough alone.
    pub acknowledges: Option<(Span, bool)>,
    /// Whether it speaks of what is to come: `will`, `shall`, `going to`.
    pub future: bool,
    /// Indices of the words that tell something, in order.
    pub telling: Vec<usize>,
    /// Sum of their weights.
    pub weight: f32,
}

/// Reporting words that say something of their object.
#[derive(Clone, Debug)]
pub struct Governing {
    /// As published.
    pub cue: String,
    /// They and their object, as published.
    pub whole: String,
    lemmas: Vec<String>,
}

impl Governing {
    /// Tells whether both are forms of the same words.
    pub fn is_same_verb(&self, other: &Governing) -> bool {
        self.lemmas == other.lemmas
    }
}

impl Assertion {
    /// Analyses a statement; `cue` is the reporting words where they are known apart from the text.
    pub fn of(text: &str, cue: Option<&str>, published: Option<Date>) -> Assertion {
        let mut words = split(text);
        words.truncate(MAX_WORDS);
        let mut effect = Effect::Assert;
        if let Some(cue) = cue {
            effect = effect_of(&split(cue));
        }
        let mut denied = effect == Effect::Deny;
        if let Some(found) = frame(&mut words) {
            (effect, denied) = (found, false);
        }
        clauses(&mut words);
        let negators = negate(&mut words, effect == Effect::Deny);
        let found_times = times(text, &words, published);
        let mut found = quantities(&words);
        found.retain(|q| !found_times.iter().any(|t| t.words.start < q.words.end && q.words.start < t.words.end));
        let scan = |mut each: Box<dyn FnMut(usize) -> Option<usize> + '_>| {
            let mut at = 0;
            while at < words.len() {
                at += if words[at].frame { 1 } else { each(at).unwrap_or(1) };
            }
        };
        let over = |at: usize, length: usize| {
            Span::new(words[at].span.start as usize, words[at + length - 1].span.end as usize)
        };
        let (mut hedges, mut conditions, mut quantifiers) = (Vec::new(), Vec::new(), Vec::new());
        scan(Box::new(|at| {
            phrase_at(&words, at, &ENGLISH.hedges).map(|(s, n)| {
                // `in May` is no `may`.
                if !found_times.iter().any(|t| t.words.contains(&at)) {
                    hedges.push((over(at, n), *s, words[at].clause));
                }
                n
            })
        }));
        scan(Box::new(|at| {
            phrase_at(&words, at, &ENGLISH.conditions).map(|(_, n)| {
                conditions.push((over(at, n), words[at].clause));
                n
            })
        }));
        scan(Box::new(|at| {
            phrase_at(&words, at, &ENGLISH.quantifiers).map(|(s, n)| {
                quantifiers.push((over(at, n), *s, at + n));
                n
            })
        }));
        let question = words
            .iter()
            .rev()
            .find(|w| !matches!(w.lemma.as_str(), "\"" | "'"))
            .filter(|w| w.lemma == "?")
            .map(|w| w.span);
        let low = text.to_lowercase().replace('’', "'");
        let acknowledges = (low.len() == text.len() || !text.contains('’'))
            .then(|| {
                ENGLISH
                    .acknowledgements
                    .iter()
                    .find_map(|(p, sure)| low.find(p.as_str()).map(|i| (Span::new(i, i + p.len()), *sure)))
            })
            .flatten()
            .or_else(|| {
                ENGLISH
                    .acknowledgements
                    .iter()
                    .find(|(p, _)| low.contains(p.as_str()))
                    .map(|(_, sure)| (Span::new(0, text.len()), *sure))
            });
        let future = words.iter().enumerate().any(|(i, w)| {
            !w.frame
                && (matches!(w.lemma.as_str(), "will" | "shall")
                    || w.lemma == "go" && words.get(i + 1).is_some_and(|n| n.lemma == "to"))
        });
        let telling: Vec<usize> = (0..words.len()).filter(|&i| words[i].tells()).collect();
        let weight = telling.iter().map(|&i| words[i].weight).sum();
        Assertion {
            quantities: found,
            times: found_times,
            negators,
            quantifiers,
            hedges,
            conditions,
            question,
            effect,
            denied,
            object_of: None,
            acknowledges,
            future,
            telling,
            weight,
            words,
        }
    }

    /// Notes that the text is only an object of the reporting words; `whole` is both.
    pub fn as_object_of(mut self, cue: String, whole: &str) -> Assertion {
        let helps = |lemma: &str| matches!(lemma, "have" | "be" | "do" | "will" | "would" | "also" | "again");
        let lemmas = split(&cue).into_iter().map(|word| word.lemma).filter(|lemma| !helps(lemma)).collect();
        self.object_of = Some(Governing { cue, whole: whole.to_string(), lemmas });
        self
    }

    /// Tells whether it hedges, and how much at most.
    pub fn hedged(&self) -> f32 {
        let cue: f32 = if self.effect == Effect::Hedge { 0.5 } else { 0.0 };
        self.hedges.iter().map(|h| h.1).fold(cue, f32::max)
    }
}

fn effect_of(words: &[Word]) -> Effect {
    let mut effect = Effect::Assert;
    let mut negated = false;
    for at in 0..words.len() {
        negated |= matches!(words[at].lemma.as_str(), "not" | "never" | "refus");
        if let Some((found, _)) = phrase_at(words, at, &ENGLISH.reporting)
            && effect == Effect::Assert
        {
            effect = *found;
        }
    }
    match (negated, effect) {
        (true, Effect::Deny) => Effect::Assert,
        (true, Effect::Hedge) => Effect::Deny,
        (_, other) => other,
    }
}

/// Marks the words that only report (`he told the court that`, `, said the minister`) and returns what they do to the content.
fn frame(words: &mut [Word]) -> Option<Effect> {
    let open = |w: &Word| w.lemma == "\"";
    let has_quotes = words.iter().any(open);
    let mut effect = None;
    let total = words.len();
    let mut at = 0;
    while at < total {
        let Some((found, length)) = phrase_at(words, at, &ENGLISH.reporting).filter(|_| !words[at].quoted) else {
            at += 1;
            continue;
        };
        let found = *found;
        let stop = |w: &Word| matches!(w.lemma.as_str(), "\"" | "." | "?" | "!" | ";" | ":");
        let left = (0..at).rev().take_while(|&i| !stop(&words[i])).last().unwrap_or(at);
        let comma = (left..at).rev().find(|&i| words[i].lemma == ",");
        let right = (at + length..total).find(|&i| stop(&words[i])).unwrap_or(total);
        let content_before = words[..left].iter().any(|w| w.tells() || w.class == Class::Function)
            || comma.is_some_and(|c| c > left + 2);
        let start = match comma {
            Some(c) if at - c <= 9 && content_before => c,
            _ => left,
        };
        let subject = at - start;
        let closes_after = (at + length..total)
            .find(|&i| matches!(words[i].lemma.as_str(), "," | "\"" | "." | ":" | ";"))
            .unwrap_or(total);
        let trailing = content_before && closes_after >= total.saturating_sub(2) && closes_after - (at + length) <= 12;
        let middle = content_before
            && !trailing
            && subject <= 8
            && closes_after - (at + length) <= 6
            && (has_quotes || comma.is_some());
        if trailing || middle {
            for word in &mut words[start..closes_after] {
                word.frame = true;
            }
            effect = effect.or(Some(found));
            at = closes_after.max(at + 1);
            continue;
        }
        let that =
            (at + length..right.min(at + length + 9)).find(|&i| matches!(words[i].lemma.as_str(), "that" | ":" | "\""));
        let ahead = words.get(at + length).map_or("", |w| w.lemma.as_str());
        let leading = (1..=12).contains(&subject)
            && (that.is_some()
                || right < total && words[right].lemma == "\""
                || matches!(found, Effect::Assert | Effect::Deny | Effect::Promise)
                    && right > at + 3
                    && ahead != "to"
                    && ahead != "by");
        if leading {
            let end = that.map_or(at + length, |i| i + 1).min(total);
            let negated = words[start..at].iter().any(|w| matches!(w.lemma.as_str(), "not" | "never"));
            for word in &mut words[start..end] {
                word.frame = true;
            }
            let found = if negated && found == Effect::Deny { Effect::Assert } else { found };
            effect = effect.or(Some(found));
            at = end;
            continue;
        }
        at += length;
    }
    effect
}

/// Numbers the clauses: a sentence's end, a semicolon, `but`, `because`, `if`, `while`, `, and` open a new one.
fn clauses(words: &mut [Word]) {
    let mut clause = 0u16;
    for at in 0..words.len() {
        let lemma = words[at].lemma.as_str();
        let after_comma = at > 0 && words[at - 1].lemma == ",";
        let opens = matches!(
            lemma,
            "but"
                | "because"
                | "if"
                | "unless"
                | "although"
                | "though"
                | "while"
                | "whereas"
                | "until"
                | "which"
                | "who"
        ) || after_comma
            && matches!(
                lemma,
                "and" | "so" | "or" | "not" | "as" | "with" | "he" | "she" | "they" | "it" | "we" | "i" | "that"
            )
            || at > 0 && matches!(words[at - 1].lemma.as_str(), "." | "?" | "!" | ";" | ":" | "-");
        if opens {
            clause += 1;
        }
        words[at].clause = clause;
    }
}

/// Sets the polarity of the words and returns the negators' spans.
fn negate(words: &mut [Word], denied: bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((reach, length)) = phrase_at(words, at, &ENGLISH.negators).filter(|_| !words[at].frame) else {
            at += 1;
            continue;
        };
        let clause = words[at].clause;
        spans.push(Span::new(words[at].span.start as usize, words[at + length - 1].span.end as usize));
        let from = match reach {
            Reach::Clause => (0..at).rev().take_while(|&i| words[i].clause == clause).last().unwrap_or(at),
            Reach::Ahead => at + length,
        };
        for (i, word) in words.iter_mut().enumerate().skip(from) {
            if word.clause != clause || i > at + 14 {
                break;
            }
            if i < at || i >= at + length {
                word.negated = !word.negated;
            }
        }
        at += length;
    }
    if denied {
        for word in words.iter_mut().filter(|w| !w.frame) {
            word.negated = !word.negated;
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polarity(text: &str, stem: &str) -> bool {
        let a = Assertion::of(text, None, None);
        a.words.iter().find(|w| w.lemma == stem).map(|w| w.negated).unwrap()
    }

    #[test]
    fn negation_has_its_scope() {
        assert!(polarity("We will not pay.", "pay"));
        assert!(polarity("The harbour will not be sold by the council.", "sel"));
        assert!(polarity("Nobody was hurt in the crash.", "hurt"));
        assert!(polarity("He denied taking money.", "money"));
        assert!(!polarity("I have never failed to pay.", "pay"));
        assert!(!polarity("We will not leave, but they will pay.", "pay"));
    }

    #[test]
    fn the_reporting_frame_is_set_aside() {
        let telling = |text: &str| {
            let a = Assertion::of(text, None, None);
            a.telling.iter().map(|&i| a.words[i].span.of(text).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(telling("The bridge is safe, the minister told parliament."), ["bridge", "safe"]);
        assert_eq!(telling("The minister said that the bridge was safe."), ["bridge", "safe"]);
        assert_eq!(telling("“The bridge is safe,” said the minister."), ["bridge", "safe"]);
    }
}
