//! Export: the record as rows, in the order in which importing needs them.

use jiff::Timestamp;

use crate::claim::ArticleId;
use crate::span::{CodePoints, Span};

use super::codec::{self, ClaimRow, ReadingRow, ReferentRow, SpeakerRow, VersionRow, WasRow};
use super::exchange::{
    ExportRow, LogEntry, ReadClaim, ReadReferent, Reading, RecordRow, SCHEMA, Speaker, VersionOfArticle, Was,
};
use super::keys::{self, DOCUMENTS, IDENTITIES, Key, Parts, SPEAKERS};
use super::operation::Operation;
use super::rows::{act, date, gender, kind, sort};
use super::{FORMAT, Record, StoreError};

impl Record {
    /// Returns everything on record as rows: the record, its articles in order of their first adding, its speakers, its log.
    ///
    /// What cannot be read ends it with an error: an export that looks whole is whole.
    pub fn export(&self) -> Result<impl Iterator<Item = Result<ExportRow, StoreError>> + '_, StoreError> {
        let counters = self.counters()?;
        let head = RecordRow {
            schema: SCHEMA.into(),
            row: "record".into(),
            format: FORMAT,
            last_at: time(counters.last_at)?,
            next_claim: counters.next_claim,
            next_speaker: counters.next_speaker,
            next_operation: counters.next_operation,
        };
        let rows = std::iter::once(Ok(ExportRow::Record(head)))
            .chain(self.versions_in_order().map(|place| place.and_then(|place| self.exported(place))))
            .chain(self.exported_speakers())
            .chain(self.operations()?.into_iter().map(exported_operation));
        Ok(rows)
    }

    /// Returns the number and version of each version of each article, in order.
    pub(super) fn versions_in_order(&self) -> impl Iterator<Item = Result<(u32, u32), StoreError>> + '_ {
        let (mut low, high) = Key::new(DOCUMENTS).range();
        std::iter::from_fn(move || {
            // Chunks of text lie between the states: a jump to the next version is cheaper than walking over them.
            let (key, _) = match self.engine.scan(&low, &high, false).next()? {
                Ok(row) => row,
                Err(error) => {
                    low = high.clone();
                    return Some(Err(error));
                }
            };
            let mut parts = Parts(key.get(1..).unwrap_or(&[]));
            let Some(place) = parts.u32().zip(parts.u32()) else {
                low = high.clone();
                return Some(Err(self.damaged("an article's key")));
            };
            let next = Key::new(DOCUMENTS).u32(place.0).u32(place.1).u8(u8::MAX).end();
            low.clone_from(&next);
            Some(Ok(place))
        })
    }

    fn exported(&self, (number, version): (u32, u32)) -> Result<ExportRow, StoreError> {
        let state = self.version_row(number, version)?;
        let text = self.text(number, version)?;
        let points = CodePoints::new(&text);
        let mut readings = Vec::new();
        for (head, reading) in state.readings.iter().zip(self.readings(number, version, &state)?) {
            readings.push(Reading {
                engine: head.engine.clone(),
                from: time(head.from)?,
                claims: reading.claims.into_iter().map(|c| claim(c, &points)).collect(),
            });
        }
        Ok(ExportRow::Article(Box::new(VersionOfArticle {
            schema: SCHEMA.into(),
            row: "article".into(),
            id: format!("{:#}", ArticleId(state.article)),
            version,
            added: time(state.added)?,
            name: state.name,
            title: state.title,
            outlet: state.outlet,
            date: state.date.and_then(date).map(|d| d.to_string()),
            url: state.url,
            byline: state.byline,
            summary: state.summary,
            readings,
            text,
        })))
    }

    /// Returns all readings of a version, oldest first.
    pub(super) fn readings(
        &self,
        number: u32,
        version: u32,
        state: &VersionRow,
    ) -> Result<Vec<ReadingRow>, StoreError> {
        let reading = |n| {
            let (low, high) = keys::reading(number, version, n).range();
            self.readable("an article's claims", codec::decode_chunks(&self.values(&low, &high)?))
        };
        (0..state.readings.len() as u32).map(reading).collect()
    }

    fn exported_speakers(&self) -> impl Iterator<Item = Result<ExportRow, StoreError>> + '_ {
        let (low, high) = Key::new(SPEAKERS).range();
        self.engine.scan(&low, &high, false).map(|row| {
            let (key, value) = row?;
            let number = Parts(key.get(1..).unwrap_or(&[])).u32().ok_or_else(|| self.damaged("a speaker's key"))?;
            let SpeakerRow { identity, .. } = self.readable("a speaker", codec::decode(&value))?;
            let mut was = Vec::new();
            let (low, high) = Key::new(IDENTITIES).u32(number).range();
            for row in self.engine.scan(&low, &high, false) {
                let (key, value) = row?;
                let until = Parts(key.get(5..).unwrap_or(&[])).u64().ok_or_else(|| self.damaged("a speaker's key"))?;
                let row: WasRow = self.readable("who a speaker was", codec::decode(&value))?;
                was.push(Was {
                    until: time(keys::moment(until))?,
                    name: row.name,
                    gender: gender(row.gender),
                    aliases: row.aliases,
                    roles: row.roles,
                });
            }
            Ok(ExportRow::Speaker(Speaker {
                schema: SCHEMA.into(),
                row: "speaker".into(),
                id: number,
                name: identity.name,
                sort: sort(identity.sort),
                gender: gender(identity.gender),
                aliases: identity.aliases,
                roles: identity.roles,
                was,
            }))
        })
    }
}

fn exported_operation(operation: Operation) -> Result<ExportRow, StoreError> {
    let Operation { id, at, what, says, why, .. } = operation;
    let (schema, row) = (SCHEMA.into(), "operation".into());
    Ok(ExportRow::Operation(LogEntry { schema, row, id: id.0, at: time(at)?, what, says, why }))
}

fn claim(row: ClaimRow, points: &CodePoints<'_>) -> ReadClaim {
    let spans = |pairs: Vec<(u32, u32)>| {
        pairs.into_iter().map(|(start, end)| points.span(Span { start, end })).collect::<Vec<_>>()
    };
    ReadClaim {
        id: row.id,
        speaker: row.speaker,
        source: spans(row.source),
        cue: spans(row.cue),
        content: spans(row.content),
        kind: kind(row.kind),
        act: act(row.act),
        confidence: row.confidence,
        referent: row.referent.map(referent),
        before: points.from_byte(row.before as usize),
        sentence: points.span(Span { start: row.sentence.0, end: row.sentence.1 }),
    }
}

fn referent(row: ReferentRow) -> ReadReferent {
    ReadReferent {
        name: row.name,
        sort: sort(row.sort),
        gender: gender(row.gender),
        roles: row.roles,
        aliases: row.aliases,
        confidence: row.confidence,
    }
}

/// A time as people read it, to the millisecond.
fn time(at: i64) -> Result<String, StoreError> {
    let time = Timestamp::from_millisecond(at);
    time.map(|t| t.to_string()).map_err(|_| StoreError::Invalid(format!("{at} milliseconds is no time")))
}
