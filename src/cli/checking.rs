//! What articles that were just added repeat or contradict of what was on record before.

use std::collections::BTreeSet;
use std::io::Write;

use super::engine::Engine;
use super::filter::KindFilter;
use super::{CommandError, Format, Session, record, report};
use crate::claim::{ArticleId, SpeakerId};
use crate::consistency::{Finding, Findings};
use crate::report::findings;
use crate::report::json::ReportView;
use crate::store::Record;
use crate::verdict::FindingKind;

/// The findings of which new articles are one side.
pub struct Checked<'r> {
    found: Findings,
    record: &'r Record,
}

impl<'r> Checked<'r> {
    /// Judges the claims of some articles against all others of their speakers.
    pub fn new(
        record: &'r Record,
        articles: &BTreeSet<ArticleId>,
        engine: Option<Engine>,
        session: &Session,
    ) -> Result<Checked<'r>, CommandError> {
        let takes = KindFilter::default();
        let mut speakers: BTreeSet<SpeakerId> = BTreeSet::new();
        for article in articles {
            let spoken = record.article(*article, None)?.attributions.into_iter();
            speakers.extend(spoken.filter(|(.., a)| takes.takes(a)).filter_map(|(_, speaker, _)| speaker));
        }
        let mut claims = Vec::with_capacity(speakers.len());
        for speaker in speakers {
            claims.push(record::claims_of(record, speaker, |claim| takes.takes(&claim.attribution))?);
        }
        let counts = |edit: &Finding| articles.contains(&edit.b.article);
        let found = report::find(record, &claims, Some(articles), counts, engine, session)?;
        Ok(Checked { found, record })
    }

    /// Returns the findings as `report` gives them.
    pub fn view(&self) -> Result<ReportView, CommandError> {
        Ok(report::with_texts(self.record, |view| ReportView::new(&self.found, view))?)
    }

    /// Prints the findings, as a table or a line each.
    pub fn print(&self, format: Format, session: &mut Session) -> Result<(), CommandError> {
        let kinds: Vec<FindingKind> = findings::SECTIONS.iter().map(|(kind, ..)| *kind).collect();
        if format == Format::Table {
            writeln!(session.out())?;
        }
        report::print(format, "", &self.found, &[], &kinds, self.record, session).map(|_| ())
    }
}
