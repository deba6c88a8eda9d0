//! Quantities: numbers in digits or words, with unit, bound and what they count.

use super::vocabulary::{Bound, ENGLISH};
use super::words::{Class, Word, phrase_at};
use crate::span::Span;

/// A number as stated, with what it measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The value in base units of its kind.
    pub value: f64,
    /// `money`, `percent`, `time`, `count`, …
    pub kind: String,
    /// How it is meant.
    pub bound: Bound,
    /// Its words, as a range into the statement's words; bound and unit included.
    pub words: std::ops::Range<usize>,
    /// Where it stands, bound and unit included.
    pub span: Span,
    /// Keys of the content words just after it (or after `of the`): what is counted.
    pub counted: Vec<u32>,
    /// Whether the value is a share of one, from `half`, `one in five`, `%`.
    pub share: bool,
    /// Whether it says which one, not how many: `third`, `2nd`.
    pub ordinal: bool,
}

const SMALL: [(&str, f64); 33] = [
    ("zero", 0.0),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
    ("twice", 2.0),
    ("thrice", 3.0),
    ("single", 1.0),
    ("dozen", 12.0),
    ("score", 20.0),
];
const LARGE: [(&str, f64); 7] = [
    ("hundred", 100.0),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("dozen", 12.0),
    ("bn", 1e9),
];
const PARTS: [(&str, f64); 12] = [
    ("half", 2.0),
    ("third", 3.0),
    ("quarter", 4.0),
    ("fourth", 4.0),
    ("fifth", 5.0),
    ("sixth", 6.0),
    ("seventh", 7.0),
    ("eighth", 8.0),
    ("ninth", 9.0),
    ("tenth", 10.0),
    ("hundredth", 100.0),
    ("thousandth", 1000.0),
];

fn find(table: &[(&str, f64)], lemma: &str) -> Option<f64> {
    table.iter().find(|(w, _)| *w == lemma || w.strip_suffix('e') == Some(lemma) && w.len() > 3).map(|(_, v)| *v)
}

/// Tells whether a stem is a number word.
pub fn is_number_word(lemma: &str) -> bool {
    // `one` and `score` and `single` are more often something else.
    !matches!(lemma, "one" | "score" | "singl" | "single")
        && (find(&SMALL, lemma).is_some()
            || find(&LARGE, lemma).is_some()
            || hyphenated(lemma).is_some()
            || find(&PARTS, lemma).is_some())
}

fn hyphenated(lemma: &str) -> Option<f64> {
    let (a, b) = lemma.split_once('-')?;
    let b = if b == "on" { "one" } else { b };
    let tens = find(&SMALL, a)?;
    if let Some(small) = find(&SMALL, b) {
        return (tens >= 20.0 && small < 10.0).then_some(tens + small);
    }
    find(&PARTS, b).map(|part| tens / part)
}

fn digits(lemma: &str) -> Option<f64> {
    let end = lemma.bytes().position(|b| !(b.is_ascii_digit() || b == b',' || b == b'.')).unwrap_or(lemma.len());
    let (number, rest) = lemma.split_at(end);
    let value: f64 = number.replace(',', "").parse().ok()?;
    let factor = match rest {
        "" => 1.0,
        "m" | "mn" => 1e6,
        "bn" | "b" => 1e9,
        "k" => 1e3,
        "tn" | "t" => 1e12,
        _ => return None,
    };
    Some(value * factor)
}

/// Finds the quantities of a statement; years, clock times and days of a month are left to `time`.
pub fn quantities(words: &[Word]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match read(words, at) {
            Some(quantity) => {
                at = quantity.words.end.max(at + 1);
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

fn lemma(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |w| w.lemma.as_str())
}

fn read(words: &[Word], at: usize) -> Option<Quantity> {
    let (mut value, mut end, mut share) = number(words, at)?;
    // `2 %`, `two in five`, `three out of four`.
    let of = match (lemma(words, end), lemma(words, end + 1)) {
        ("in", _) => Some(end + 1),
        ("out", "of") => Some(end + 2),
        _ => None,
    };
    if let Some(next) = of
        && let Some((whole, after, false)) = number(words, next)
        && whole > value
        && whole <= 1000.0
        && (value >= 1.0 && !plain_year(words, next))
    {
        value /= whole;
        end = after;
        share = true;
    }
    let mut kind = if share { "share".to_string() } else { "count".to_string() };
    if let Some((unit, length)) = phrase_at(words, end, &ENGLISH.units) {
        kind = unit.kind.clone();
        value *= unit.factor;
        end += length;
        if kind == "percent" {
            share = true;
            value /= 100.0;
            kind = "share".to_string();
        }
    } else if lemma(words, end) == "pound" || (at > 0 && matches!(lemma(words, at - 1), "$" | "€" | "£" | "¥")) {
        kind = "money".to_string();
    }
    let mut start = at;
    let mut bound = Bound::Exact;
    if start > 0 && matches!(lemma(words, start - 1), "$" | "€" | "£" | "¥" | "a" | "the" | "an") {
        start -= 1;
    }
    for back in (1..=4).rev() {
        if start >= back
            && let Some((meaning, length)) = phrase_at(words, start - back, &ENGLISH.bounds)
            && length == back
        {
            bound = *meaning;
            start -= back;
            break;
        }
    }
    if bound == Bound::Exact && lemma(words, end) == "or" {
        match lemma(words, end + 1) {
            "so" => bound = Bound::About,
            "more" => bound = Bound::Least,
            "less" | "fewer" => bound = Bound::Most,
            _ => {}
        }
    }
    let ordinal = words.get(at).is_some_and(|w| {
        w.lemma.ends_with("nd")
            || w.lemma.ends_with("rd")
            || w.lemma.ends_with("st")
            || w.lemma.ends_with("th") && w.lemma.starts_with(|c: char| c.is_ascii_digit())
    }) && w_is_digit(words, at);
    let counted = words[end.min(words.len())..]
        .iter()
        .take_while(|w| w.class != Class::Mark)
        .take(6)
        .filter(|w| w.class == Class::Content)
        .take(2)
        .map(|w| w.key)
        .collect();
    let span = Span::new(words.get(start)?.span.start as usize, words.get(end - 1)?.span.end as usize);
    Some(Quantity { value, kind, bound, words: start..end, span, counted, share, ordinal })
}

fn w_is_digit(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|w| w.lemma.starts_with(|c: char| c.is_ascii_digit()))
}

/// Tells whether the word is a bare number that reads as a year.
pub fn plain_year(words: &[Word], at: usize) -> bool {
    let text = lemma(words, at);
    text.len() == 4
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u32>().is_ok_and(|y| (1700..=2100).contains(&y))
        && phrase_at(words, at + 1, &ENGLISH.units).is_none()
        && !(at > 0 && matches!(lemma(words, at - 1), "$" | "€" | "£"))
}

/// Reads a number in digits or words: value, the word after it, whether it is a share.
fn number(words: &[Word], at: usize) -> Option<(f64, usize, bool)> {
    let first = words.get(at)?;
    if first.class == Class::Mark || plain_year(words, at) {
        return None;
    }
    let mut end = at;
    let mut total = 0.0;
    let mut part: Option<f64> = None;
    while let Some(word) = words.get(end) {
        let text = word.lemma.as_str();
        if let Some(value) = digits(text).or_else(|| {
            if text == "one" && end == at {
                one_counts(words, at)
            } else {
                find(&SMALL, text).filter(|_| !matches!(text, "score" | "singl" | "dozen" | "one") || end > at)
            }
        }) {
            match part {
                None => part = Some(value),
                Some(p) if (20.0..100.0).contains(&p) && value < 10.0 => part = Some(p + value),
                Some(p) if p >= 100.0 && value < 100.0 => part = Some(p + value),
                Some(_) => break,
            }
        } else if let Some(value) = hyphenated(text) {
            if value < 1.0 && part.is_none() {
                return Some((value, end + 1, true));
            }
            part = Some(part.unwrap_or(0.0) + value);
        } else if let Some(factor) = find(&LARGE, text) {
            let base = part.unwrap_or(1.0);
            if factor >= 1000.0 {
                total += base * factor;
                part = None;
            } else {
                part = Some(base * factor);
            }
        } else if text == "and"
            && end > at
            && words.get(end + 1).is_some_and(|w| find(&SMALL, &w.lemma).is_some() || hyphenated(&w.lemma).is_some())
            && words.get(end - 1).is_some_and(|w| find(&LARGE, &w.lemma).is_some())
        {
            // `two hundred and ten`.
        } else {
            break;
        }
        end += 1;
    }
    // `three quarters`, `two thirds`, `a fifth of`, `half`.
    if let Some(next) = words.get(end)
        && let Some(divisor) = find(&PARTS, &next.lemma)
    {
        let numerator = total + part.unwrap_or(1.0);
        let plural = end > at;
        let article = at > 0 && matches!(lemma(words, at - 1), "a" | "one");
        let of = lemma(words, end + 1) == "of" || next.lemma == "half";
        if plural && numerator < divisor
            || end == at && (article || next.lemma == "half") && (of || next.lemma != "third")
        {
            return Some((numerator / divisor, end + 1, true));
        }
    }
    (end > at).then(|| (total + part.unwrap_or(0.0), end, false))
}

/// `one` is a number before `in five`, `hundred`, or a unit, and elsewhere a pronoun.
fn one_counts(words: &[Word], at: usize) -> Option<f64> {
    let next = lemma(words, at + 1);
    let counts = find(&LARGE, next).is_some()
        || find(&PARTS, next).is_some()
        || phrase_at(words, at + 1, &ENGLISH.units).is_some()
        || next == "in" && words.get(at + 2).is_some_and(|w| w.class == Class::Number);
    counts.then_some(1.0)
}

impl Quantity {
    /// Returns the interval of values that the statement allows.
    pub fn interval(&self) -> (f64, f64) {
        let v = self.value;
        match self.bound {
            Bound::Exact => (v, v),
            Bound::About => (v * 0.85, v * 1.15),
            Bound::Least => (v, f64::INFINITY),
            Bound::More => (v * 1.000_001, f64::INFINITY),
            Bound::Most => (0.0, v),
            Bound::Less => (0.0, v * 0.999_999),
        }
    }

    /// Tells whether both can be true of one thing: the intervals meet, or one is a rounding of the other.
    pub fn compatible(&self, other: &Quantity) -> bool {
        let ((a, b), (c, d)) = (self.interval(), other.interval());
        a <= d && c <= b || self.rounds(other) || other.rounds(self)
    }

    /// Tells whether this is a round figure for `other`.
    pub fn rounds(&self, other: &Quantity) -> bool {
        let (v, w) = (self.value, other.value);
        if v == 0.0 || w == 0.0 || v == w {
            return false;
        }
        let digits = |x: f64| {
            let mut x = x.abs();
            while x >= 10.0 {
                x /= 10.0;
            }
            while x < 1.0 {
                x *= 10.0;
            }
            let mut n = 1;
            while n < 7 && (x - x.round()).abs() > 1e-6 {
                x *= 10.0;
                n += 1;
            }
            n
        };
        self.bound != Bound::Exact && (v - w).abs() / w.abs() < 0.12
            || digits(v) < digits(w) && digits(w) > 2 && (v - w).abs() / w.abs() < 0.05
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::words::split;

    fn read_all(text: &str) -> Vec<(f64, String)> {
        quantities(&split(text)).into_iter().map(|q| ((q.value * 1000.0).round() / 1000.0, q.kind)).collect()
    }

    #[test]
    fn words_and_digits_give_one_value() {
        for (text, value, kind) in [
            ("It cost 1.9 billion marks", 1.9e9, "money"),
            ("It cost €1.9bn", 1.9e9, "money"),
            ("two hundred and ten men", 210.0, "count"),
            ("a dozen boats", 12.0, "count"),
            ("three quarters of the voters", 0.75, "share"),
            ("two-thirds of the cost", 0.667, "share"),
            ("one in five voters", 0.2, "share"),
            ("20 per cent of voters", 0.2, "share"),
            ("half the boats", 0.5, "share"),
            ("twenty-one days", 21.0 * 86400.0, "time"),
            ("18,000 members", 18000.0, "count"),
        ] {
            assert_eq!(read_all(text), [(value, kind.to_string())], "{text}");
        }
    }

    #[test]
    fn bounds_decide_what_is_compatible() {
        let q = |text: &str| quantities(&split(text)).remove(0);
        assert!(q("at least 40 men").compatible(&q("52 men")));
        assert!(!q("fewer than 9,000 men").compatible(&q("about 16,000 men")));
        assert!(q("some 40 men").compatible(&q("42 men")));
        assert!(!q("13 men").compatible(&q("3 men")));
        assert!(q("almost 5,000 men").compatible(&q("4,870 men")));
    }

    #[test]
    fn a_year_is_no_quantity() {
        assert!(read_all("It opened in 2019").is_empty());
    }
}
