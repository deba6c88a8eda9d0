//! Days of publication, as outlets write them. What could be read in two ways is unknown, not guessed.

use jiff::civil::Date;

/// Reads a day: ISO 8601 and RFC 3339, RFC 2822, `March 6, 2023`, `6 March 2023`, `Aug. 26, 2016`, `Mon 6th Mar 2023, 10:15 GMT`,
/// `26.08.2016`. The day is the one written, in the article's own zone. `None` for anything else, for a two-digit year and for
/// `03/04/2016`, where day and month cannot be told apart.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    // Longer strings are prose, not a date.
    if text.len() > 120 {
        return None;
    }
    iso(text).or_else(|| worded(text)).or_else(|| slashed(text)).filter(plausible)
}

/// No newspaper is older than that, and no year has five digits.
fn plausible(date: &Date) -> bool {
    (1600..=2999).contains(&date.year())
}

fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th")
}

/// `2016-08-26`, `2016-08-26T10:00:00+02:00`, `20160826`, `20160826T100000Z`, `2016/08/26`, `2016-08-26 10:00`.
fn iso(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i16> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (date, rest) = match bytes.get(4)? {
        separator @ (b'-' | b'/' | b'.') if bytes.get(7) == Some(separator) => {
            (Date::new(number(0, 4)?, number(5, 7)? as i8, number(8, 10)? as i8).ok()?, text.get(10..)?)
        }
        _ => (Date::new(number(0, 4)?, number(4, 6)? as i8, number(6, 8)? as i8).ok()?, text.get(8..)?),
    };
    // What follows must be a time, not more digits of something else.
    let follows = rest.trim_start();
    let time = follows.is_empty()
        || matches!(rest.as_bytes().first(), Some(b'T' | b't' | b' ' | b',' | b'Z' | b'+'))
            && follows
                .trim_start_matches(['T', 't', ',', ' '])
                .starts_with(|c: char| c.is_ascii_digit() || "Z+".contains(c));
    time.then_some(date)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
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

/// Returns 1 to 12 for a month's name or its common shortenings.
pub(crate) fn month(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let full = MONTHS.iter().position(|m| *m == word || m[..3] == *word);
    let index = full.or_else(|| (word == "sept").then_some(8))?;
    i8::try_from(index + 1).ok()
}

/// A date with its month in letters: one month, one day, one year of four digits, the day next to the month.
fn worded(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut months = words.iter().enumerate().filter_map(|(i, w)| Some((i, month(w)?)));
    let (at, month) = months.next()?;
    // "May" may be a verb and "Mar" a name; a second month makes it a range or prose.
    if months.next().is_some() {
        return None;
    }
    let day_of = |i: Option<usize>| -> Option<i8> {
        let word = *words.get(i?)?;
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = word.get(digits.len()..)?;
        if digits.len() > 2 || !(suffix.is_empty() || is_ordinal(&suffix.to_lowercase())) {
            return None;
        }
        digits.parse().ok().filter(|d| (1..=31).contains(d))
    };
    let year_of = |i: usize| -> Option<i16> {
        let word = *words.get(i)?;
        (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
    };
    // `6 March 2023`, `6th of March 2023`, `26-Aug-2016`.
    let before = at.checked_sub(1);
    let before = if before.and_then(|i| words.get(i)) == Some(&"of") { at.checked_sub(2) } else { before };
    if let (Some(day), Some(year)) = (day_of(before), year_of(at + 1)) {
        return Date::new(year, month, day).ok();
    }
    // `March 6, 2023`, `Mon Mar 6 12:00:00 2023`: the year follows, a time may stand between.
    let day = day_of(Some(at + 1))?;
    let year = year_of(at + 2).or_else(|| {
        let years: Vec<i16> = (at + 3..words.len()).filter_map(year_of).collect();
        (years.len() == 1).then(|| years[0])
    })?;
    Date::new(year, month, day).ok()
}

/// `26/08/2016`, `8/26/2016`, `26.08.2016`: only where one number can be no month, or both are the same.
fn slashed(text: &str) -> Option<Date> {
    let first = text.split([' ', ',', 'T']).next()?;
    let parts: Vec<&str> = first.split(['/', '.', '-']).collect();
    let [a, b, year] = parts[..] else { return None };
    if year.len() != 4 || a.len() > 2 || b.len() > 2 {
        return None;
    }
    let (a, b, year): (i8, i8, i16) = (a.parse().ok()?, b.parse().ok()?, year.parse().ok()?);
    match (a > 12, b > 12) {
        (true, false) => Date::new(year, b, a).ok(),
        (false, true) => Date::new(year, a, b).ok(),
        (false, false) if a == b => Date::new(year, a, b).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn forms_that_outlets_use() {
        for (text, y, m, d) in [
            ("2016-08-26", 2016, 8, 26),
            ("2023-03-21T07:12:00+01:00", 2023, 3, 21),
            ("2023-03-21T23:40:00-05:00", 2023, 3, 21),
            ("2023-09-12 06.00", 2023, 9, 12),
            ("20160826T100000Z", 2016, 8, 26),
            ("2016/08/26", 2016, 8, 26),
            ("March 6, 2023", 2023, 3, 6),
            ("6 March 2023", 2023, 3, 6),
            ("6th of March 2023", 2023, 3, 6),
            ("Aug. 26, 2016", 2016, 8, 26),
            ("Sept. 1, 2016 at 4:30 p.m. EDT", 2016, 9, 1),
            ("Monday, 6 March 2023, 10:15 GMT", 2023, 3, 6),
            ("Mon, 06 Mar 2023 10:15:00 +0100", 2023, 3, 6),
            ("Mon Mar 06 10:15:00 CET 2023", 2023, 3, 6),
            ("MAY 2ND, 2021", 2021, 5, 2),
            ("26.08.2016", 2016, 8, 26),
            ("8/26/2016 10:00", 2016, 8, 26),
            ("04/04/2016", 2016, 4, 4),
        ] {
            assert_eq!(parse_date(text), Some(date(y, m, d)), "{text}");
        }
    }

    #[test]
    fn unclear_is_unknown() {
        for text in [
            "03/04/2016",
            "3.4.2016",
            "6 March 23",
            "March 2023",
            "2023-02-30",
            "yesterday",
            "",
            "2016-08-267",
            "9999999999",
            "from 3 May 2020 to 6 June 2020",
            "31 June 2020",
            "1234-56-78",
            "May 2023 was warm",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_in_no_panic(text in "\\PC{0,60}") {
            parse_date(&text);
        }

        #[test]
        fn every_day_reads_back_in_each_form(y in 1900i16..2100, m in 1i8..=12, d in 1i8..=28) {
            let day = date(y, m, d);
            let name = MONTHS[m as usize - 1];
            prop_assert_eq!(parse_date(&day.to_string()), Some(day));
            prop_assert_eq!(parse_date(&format!("{d} {name} {y}")), Some(day));
            prop_assert_eq!(parse_date(&format!("{}. {d}, {y}", &name[..3])), Some(day));
        }
    }
}
