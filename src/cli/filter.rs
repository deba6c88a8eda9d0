//! Options that several commands share: days, kinds.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::attribution::{Act, Attribution, Kind};
use crate::claim::Claim;
use crate::store::Record;

/// A word of `--kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindWord {
    /// Wholly in quotation marks
    Direct,
    /// In the reporter's words
    Indirect,
    /// Partly in quotation marks
    Mixed,
    /// Said or written (the default)
    Speech,
    /// Thought, believed, feared
    Belief,
    /// Wanted, planned
    Intention,
    /// Speech, beliefs and intentions
    All,
}

/// Which claims by their kind.
#[derive(Clone, Debug, Default, Args)]
pub struct KindFilter {
    /// Claims of this kind only; may be given several times. Beliefs and intentions that a reporter ascribes are shown only
    /// when asked for
    #[arg(long = "kind", value_enum, value_delimiter = ',', value_name = "KIND", hide_possible_values = false)]
    kinds: Vec<KindWord>,
}

impl KindFilter {
    /// Tells whether any kind was asked for.
    pub fn is_given(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// Tells whether an attribution is of the kinds asked for: speech in any form, where none was.
    pub fn takes(&self, attribution: &Attribution) -> bool {
        let has = |word: KindWord| self.kinds.contains(&word);
        let form_given = has(KindWord::Direct) || has(KindWord::Indirect) || has(KindWord::Mixed);
        let form = match attribution.kind {
            Kind::Direct => has(KindWord::Direct),
            Kind::Indirect => has(KindWord::Indirect),
            Kind::Mixed => has(KindWord::Mixed),
        };
        let act_given = has(KindWord::Speech) || has(KindWord::Belief) || has(KindWord::Intention);
        let act = has(KindWord::All)
            || match attribution.act {
                Act::Speech => has(KindWord::Speech) || !act_given,
                Act::Belief => has(KindWord::Belief),
                Act::Intention => has(KindWord::Intention),
            };
        (form || !form_given) && act
    }
}

/// Which claims by their day.
#[derive(Clone, Debug, Default, Args)]
pub struct Period {
    /// Claims published on this day or later (YYYY-MM-DD, YYYY-MM or YYYY)
    #[arg(long, value_name = "DATE", value_parser = first_day)]
    pub since: Option<Date>,
    /// Claims published on this day or earlier; a month or year counts whole
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    pub until: Option<Date>,
}

impl Period {
    /// Tells whether a claim lies in the period; one without a date does only when no day was given.
    pub fn takes(&self, claim: &Claim) -> bool {
        self.takes_day(claim.date)
    }

    /// Tells whether claims of this day are wanted.
    pub fn takes_day(&self, date: Option<Date>) -> bool {
        match date {
            Some(date) => self.since.is_none_or(|s| s <= date) && self.until.is_none_or(|u| date <= u),
            None => self.since.is_none() && self.until.is_none(),
        }
    }
}

/// Which moment of the record.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct AsOf {
    /// Shows what was on record then: a day or a time (YYYY-MM-DD, or as `onrecord log` prints it), in UTC and to its end
    #[arg(long, value_name = "DATE", value_parser = moment)]
    as_of: Option<i64>,
}

impl AsOf {
    /// Goes back to the moment, where one is given.
    pub fn of(self, record: Record) -> Record {
        match self.as_of {
            Some(at) => record.as_of(at),
            None => record,
        }
    }
}

/// Reads a day or a time as the last millisecond that belongs to it.
pub fn moment(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let utc = |time: jiff::civil::DateTime| time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    let in_zone = text.parse::<jiff::Timestamp>().ok();
    let read = in_zone.or_else(|| text.contains(['T', ' ', ':']).then(|| text.parse().ok().and_then(utc)).flatten());
    if let Some(time) = read {
        // What is written without a fraction means its whole second.
        let whole = time.subsec_nanosecond() == 0 && !text.contains('.');
        return Ok(time.as_millisecond() + if whole { 999 } else { 0 });
    }
    let end = last_day(text).ok().and_then(|day| day.tomorrow().ok()).and_then(|next| utc(next.at(0, 0, 0, 0)));
    end.map(|end| end.as_millisecond() - 1)
        .ok_or_else(|| "not a day or a time; write it as 2024-03-31 or 2024-03-31T18:00:00Z".to_string())
}

/// Reads a day; a month or a year means its first day.
pub fn first_day(text: &str) -> Result<Date, String> {
    day(text, |date| date, |date| date)
}

/// Reads a day; a month or a year means its last day.
pub fn last_day(text: &str) -> Result<Date, String> {
    day(text, Date::last_of_month, Date::last_of_year)
}

fn day(text: &str, month: fn(Date) -> Date, year: fn(Date) -> Date) -> Result<Date, String> {
    let number = |part: &str| part.parse::<i16>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    let parts: Vec<&str> = text.trim().split('-').collect();
    let read = match parts[..] {
        [y] if y.len() == 4 => number(y).and_then(|y| Date::new(y, 1, 1).ok()).map(year),
        [y, m] if y.len() == 4 && m.len() == 2 => number(y)
            .zip(number(m).and_then(|m| i8::try_from(m).ok()))
            .and_then(|(y, m)| Date::new(y, m, 1).ok())
            .map(month),
        _ => text.trim().parse().ok(),
    };
    read.ok_or_else(|| "not a day; write it as 2024-03-31, 2024-03 or 2024".to_string())
}

/// Reads a probability.
pub fn confidence(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("not a number from 0 to 1".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribution(kind: Kind, act: Act) -> Attribution {
        Attribution { source: vec![], cue: vec![], content: vec![], speaker: None, kind, act, confidence: 1.0 }
    }

    #[test]
    fn beliefs_come_only_when_asked_for() {
        let belief = attribution(Kind::Indirect, Act::Belief);
        let speech = attribution(Kind::Direct, Act::Speech);
        let filter = |kinds: &[KindWord]| KindFilter { kinds: kinds.to_vec() };
        assert!(filter(&[]).takes(&speech) && !filter(&[]).takes(&belief));
        assert!(filter(&[KindWord::Belief]).takes(&belief) && !filter(&[KindWord::Belief]).takes(&speech));
        assert!(!filter(&[KindWord::Indirect]).takes(&belief) && !filter(&[KindWord::Indirect]).takes(&speech));
        assert!(filter(&[KindWord::All]).takes(&belief) && filter(&[KindWord::All]).takes(&speech));
        assert!(filter(&[KindWord::Direct, KindWord::All]).takes(&speech));
    }

    #[test]
    fn a_moment_lasts_to_its_end() {
        let at = |text: &str| moment(text).map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap().to_string());
        assert_eq!(at("2024-03-31").unwrap(), "2024-03-31T23:59:59.999Z");
        assert_eq!(at("2024-02").unwrap(), "2024-02-29T23:59:59.999Z");
        assert_eq!(at("2024-03-31T18:00:00Z").unwrap(), "2024-03-31T18:00:00.999Z");
        assert_eq!(at("2024-03-31T18:00").unwrap(), "2024-03-31T18:00:00.999Z");
        assert_eq!(at("2024-03-31T18:00:00+02:00").unwrap(), "2024-03-31T16:00:00.999Z");
        assert_eq!(at("2024-03-31T18:00:00.250Z").unwrap(), "2024-03-31T18:00:00.25Z");
        assert!(moment("yesterday").is_err() && moment("18:00").is_err());
    }

    #[test]
    fn months_and_years_are_whole() {
        assert_eq!(first_day("2024-02").unwrap().to_string(), "2024-02-01");
        assert_eq!(last_day("2024-02").unwrap().to_string(), "2024-02-29");
        assert_eq!(last_day("2024").unwrap().to_string(), "2024-12-31");
        assert_eq!(last_day("2024-03-05").unwrap().to_string(), "2024-03-05");
        assert!(first_day("03/04/2024").is_err() && first_day("2024-13").is_err() && first_day("+024").is_err());
    }
}
