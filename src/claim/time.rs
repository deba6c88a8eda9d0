//! When: years, months, days, clock times and words such as `yesterday`, resolved from the article's date where it helps.

use jiff::civil::Date;

use super::quantity::plain_year;
use super::words::Word;
use crate::span::Span;

/// How a time stands to what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `in`, `on`, `at`, or nothing.
    At,
    /// `by`, `before`, `until`.
    Before,
    /// `after`, `since`, `from`.
    After,
}

/// A point or stretch of time named in a statement; what is not named is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Year, named or resolved.
    pub year: Option<i16>,
    /// Month, 1 to 12.
    pub month: Option<i8>,
    /// Day of the month.
    pub day: Option<i8>,
    /// Day of the week, 1 = Monday.
    pub weekday: Option<i8>,
    /// Minutes after midnight.
    pub clock: Option<i32>,
    /// How it stands to the event.
    pub edge: Edge,
    /// Where it stands.
    pub span: Span,
    /// Its words.
    pub words: std::ops::Range<usize>,
}

const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn month_of(word: &Word, text: &str) -> Option<i8> {
    let raw = word.span.of(text);
    if !raw.starts_with(char::is_uppercase) {
        return None;
    }
    let low = raw.to_lowercase();
    let low = low.trim_end_matches('.');
    // `May` and `March` at the head of a sentence are told apart by what stands around them, elsewhere.
    MONTHS
        .iter()
        .position(|m| low == *m || low.strip_suffix('y') == Some(m) || (low.len() == 3 && m.starts_with(low)))
        .map(|i| i as i8 + 1)
}

/// Finds the times of a statement.
pub fn times(text: &str, words: &[Word], published: Option<Date>) -> Vec<Time> {
    let mut found: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(mut time) = read(text, words, at, published) {
            time.edge = edge(words, at);
            at = time.words.end.max(at + 1);
            found.push(time);
        } else {
            at += 1;
        }
    }
    found
}

fn edge(words: &[Word], at: usize) -> Edge {
    let before = |n: usize| at.checked_sub(n).and_then(|i| words.get(i)).map_or("", |w| w.lemma.as_str());
    for n in 1..=3 {
        match before(n) {
            "by" | "before" | "until" | "till" => return Edge::Before,
            "after" | "since" | "from" => return Edge::After,
            "the" | "of" | "end" | "early" | "late" | "last" | "next" | "mid" => {}
            _ => return Edge::At,
        }
    }
    Edge::At
}

fn blank(words: &[Word], at: usize, end: usize) -> Option<Time> {
    let span = Span::new(words.get(at)?.span.start as usize, words.get(end - 1)?.span.end as usize);
    Some(Time { year: None, month: None, day: None, weekday: None, clock: None, edge: Edge::At, span, words: at..end })
}

fn small_number(word: Option<&Word>, max: i32) -> Option<i32> {
    let text = word?.lemma.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (text.len() <= 2).then_some(())?;
    text.parse::<i32>().ok().filter(|n| (1..=max).contains(n))
}

fn read(text: &str, words: &[Word], at: usize, published: Option<Date>) -> Option<Time> {
    let word = words.get(at)?;
    let lemma = word.lemma.as_str();
    let get = |i: usize| words.get(i);
    let name = |i: usize| words.get(i).map_or("", |w| w.lemma.as_str());
    if plain_year(words, at) {
        let mut time = blank(words, at, at + 1)?;
        time.year = lemma.parse().ok();
        return Some(time);
    }
    // `4 May 2019`, `May 4`, `May 2019`, `in May`.
    if let Some(day) = small_number(Some(word), 31)
        && let Some(month) = get(at + 1)
            .and_then(|w| month_of(w, text))
            .or_else(|| (name(at + 1) == "of").then(|| get(at + 2).and_then(|w| month_of(w, text))).flatten())
    {
        let after = if name(at + 1) == "of" { at + 3 } else { at + 2 };
        let year = plain_year(words, after).then(|| name(after).parse().ok()).flatten();
        let mut time = blank(words, at, after + usize::from(year.is_some()))?;
        (time.day, time.month, time.year) = (Some(day as i8), Some(month), year);
        return Some(time);
    }
    if let Some(month) = month_of(word, text)
        && (month != 5 && month != 3
            || small_number(get(at + 1), 31).is_some()
            || plain_year(words, at + 1)
            || at > 0
                && matches!(
                    name(at - 1),
                    "in" | "by"
                        | "since"
                        | "before"
                        | "after"
                        | "last"
                        | "next"
                        | "until"
                        | "of"
                        | "early"
                        | "late"
                        | "from"
                        | "this"
                ))
    {
        let mut end = at + 1;
        let day = small_number(get(end), 31).filter(|_| get(end).is_some_and(|w| w.lemma.len() <= 4));
        end += usize::from(day.is_some());
        if day.is_some() && name(end) == "," && plain_year(words, end + 1) {
            end += 1;
        }
        let year = plain_year(words, end).then(|| name(end).parse().ok()).flatten();
        end += usize::from(year.is_some());
        let mut time = blank(words, at, end)?;
        (time.day, time.month, time.year) = (day.map(|d| d as i8), Some(month), year);
        if year.is_none()
            && let (Some(published), Some("last")) = (published, at.checked_sub(1).map(name))
        {
            time.year = Some(if month < published.month() { published.year() } else { published.year() - 1 });
        }
        return Some(time);
    }
    if let Some(day) = WEEKDAYS.iter().position(|d| *d == lemma) {
        let mut time = blank(words, at, at + 1)?;
        time.weekday = Some(day as i8 + 1);
        return Some(time);
    }
    // `6.10am`, `eight o'clock`, `at eight`, `ten past four`, `noon`, `midnight`.
    if let Some(clock) = clock(words, at) {
        let mut time = blank(words, at, at + clock.1)?;
        time.clock = Some(clock.0);
        return Some(time);
    }
    let published = published?;
    let year = match (lemma, name(at + 1)) {
        ("last", "year") => published.year() - 1,
        ("next", "year") => published.year() + 1,
        ("this", "year") => published.year(),
        _ => return None,
    };
    let mut time = blank(words, at, at + 2)?;
    time.year = Some(year);
    Some(time)
}

fn clock(words: &[Word], at: usize) -> Option<(i32, usize)> {
    let name = |i: usize| words.get(i).map_or("", |w| w.lemma.as_str());
    let lemma = name(at);
    match lemma {
        "noon" | "midday" => return Some((720, 1)),
        "midnight" => return Some((0, 1)),
        _ => {}
    }
    let (digits, suffix) = lemma.split_at(lemma.bytes().position(|b| b.is_ascii_alphabetic()).unwrap_or(lemma.len()));
    if !digits.is_empty() {
        let suffix = if suffix.is_empty() { name(at + 1) } else { suffix };
        let afternoon = match suffix {
            "am" | "a.m" => 0,
            "pm" | "p.m" => 720,
            _ => return None,
        };
        let (hour, minute) = digits.split_once('.').unwrap_or((digits, "0"));
        let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
        let length = if lemma.ends_with('m') { 1 } else { 2 };
        return (hour <= 12 && minute < 60).then_some((hour % 12 * 60 + minute + afternoon, length));
    }
    None
}

impl Time {
    /// Tells whether two times name parts of the calendar that cannot be the same.
    pub fn differs(&self, other: &Time) -> bool {
        let ne = |a: Option<i32>, b: Option<i32>| a.is_some() && b.is_some() && a != b;
        ne(self.year.map(i32::from), other.year.map(i32::from))
            || (self.year == other.year || self.year.is_none() || other.year.is_none())
                && (ne(self.month.map(i32::from), other.month.map(i32::from))
                    || self.month == other.month && ne(self.day.map(i32::from), other.day.map(i32::from)))
            || ne(self.weekday.map(i32::from), other.weekday.map(i32::from))
            || ne(self.clock, other.clock)
    }

    /// Orders two times as far as both name the same parts; `None` where they cannot be ordered.
    pub fn order(&self, other: &Time) -> Option<std::cmp::Ordering> {
        let key = |t: &Time| (t.year, t.month, t.day);
        match (key(self), key(other)) {
            ((Some(a), _, _), (Some(b), _, _)) if a != b => Some(a.cmp(&b)),
            ((_, Some(a), _), (_, Some(b), _)) if a != b => Some(a.cmp(&b)),
            ((_, _, Some(a)), (_, _, Some(b))) if a != b => Some(a.cmp(&b)),
            _ => match (self.clock, other.clock) {
                (Some(a), Some(b)) if a != b => Some(a.cmp(&b)),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::words::split;

    #[test]
    fn dates_are_read_in_their_usual_forms() {
        let published = "2023-04-10".parse().ok();
        for (text, year, month, day) in [
            ("It opened on 4 May 2019.", Some(2019), Some(5), Some(4)),
            ("It opened in August 2021.", Some(2021), Some(8), None),
            ("It opened on May 4, 2019.", Some(2019), Some(5), Some(4)),
            ("It opened last year.", Some(2022), None, None),
            ("The ninth of June and then the 9th of June.", None, Some(6), None),
        ] {
            let words = split(text);
            let time = times(text, &words, published).remove(0);
            assert_eq!((time.year, time.month), (year, month), "{text}");
            if text.contains("on") {
                assert_eq!(time.day, day, "{text}");
            }
        }
    }

    #[test]
    fn a_verb_is_no_month() {
        let text = "They may march again.";
        assert_eq!(times(text, &split(text), None), []);
    }
}
