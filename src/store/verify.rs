//! Looks through the whole record for what is not as it was written.

use std::collections::BTreeMap;
use std::fmt;

use super::codec::{self, ArticleRow};
use super::keys::{ARTICLES, Key};
use super::{Record, StoreError};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which article or speaker.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl Record {
    /// Reads everything and returns what is wrong: damaged rows, spans outside their text, counters and lists that are off.
    pub fn verify(&self) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let mut report = |place: String, what: String| problems.push(Problem { place, what });
        let mut claims_of: BTreeMap<u32, u32> = BTreeMap::new();
        let (mut articles, mut claims) = (0u64, 0u64);
        let (low, high) = Key::new(ARTICLES).range();
        for row in self.engine.scan(&low, &high, false) {
            let (key, value) = row?;
            articles += 1;
            let place = key.iter().skip(1).take(6).fold("a".to_string(), |id, byte| format!("{id}{byte:02x}"));
            let row: ArticleRow = match codec::decode(&value) {
                Ok(row) => row,
                Err(unreadable) => {
                    report(place, unreadable.to_string());
                    continue;
                }
            };
            for version in 1..=row.latest {
                let read = self.version_row(row.number, version).and_then(|state| {
                    Ok((state, self.text(row.number, version)?, self.reading_row(row.number, version)?))
                });
                let (state, text, reading) = match read {
                    Ok(read) => read,
                    Err(error) => {
                        report(place.clone(), format!("version {version}: {error}"));
                        continue;
                    }
                };
                if blake3::hash(text.as_bytes()).as_bytes()[..16] != state.text_hash {
                    report(place.clone(), format!("version {version}: the text is not the one that was added"));
                }
                for claim in &reading.claims {
                    let spans = claim.source.iter().chain(&claim.cue).chain(&claim.content);
                    if spans.clone().any(|&(s, e)| text.get(s as usize..e as usize).is_none()) {
                        report(place.clone(), format!("claim c{}: a span lies outside the text", claim.id));
                    }
                    if version == row.latest
                        && let Some(speaker) = claim.speaker
                    {
                        claims += 1;
                        *claims_of.entry(speaker).or_default() += 1;
                    }
                }
            }
        }
        let counters = self.counters()?;
        if (counters.articles, counters.claims) != (articles, claims) {
            let what = format!(
                "they say {} articles and {} claims, and there are {articles} and {claims}",
                counters.articles, counters.claims
            );
            report("the counters".into(), what);
        }
        for (speaker, counted) in claims_of {
            let place = format!("s{speaker}");
            match self.speaker_row(speaker) {
                Ok(row) if row.claims == counted => {}
                Ok(row) => report(place, format!("its count says {} claims, and there are {counted}", row.claims)),
                Err(error) => report(place, error.to_string()),
            }
        }
        problems.extend(self.damaged_visits()?);
        Ok(problems)
    }
}
