//! What articles that were just added repeat or contradict of what was on record before.

use std::collections::BTreeSet;
use std::io::Write;

use super::engine::Engine;
use super::filter::KindFilter;
use super::report::{KindedFinding, look, with_texts};
use super::{CommandError, Format, Session, record};
use crate::claim::{ArticleId, SpeakerId};
use crate::consistency::{Finding, Findings, Kept, Options};
use crate::report::findings;
use crate::report::json::{FindingView, ReportView, Row};
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
            let version = record.article(*article, None)?.version;
            let claims = record.claims_in(*article, version)?;
            speakers.extend(claims.iter().filter(|c| takes.takes(&c.attribution)).map(|claim| claim.speaker));
        }
        let mut claims = Vec::with_capacity(speakers.len());
        let mut edits = Findings::default();
        for speaker in speakers {
            claims.push(record::claims_of(record, speaker, |claim| takes.takes(&claim.attribution))?);
            let own = crate::findings::edits(record, speaker)?;
            edits.findings.extend(own.into_iter().filter(|edit| articles.contains(&edit.b.article)));
        }
        let encoder = session.engine(engine).encoder()?;
        let kept = encoder.map(|_| crate::findings::KeptScores::of(record));
        let kept = kept.as_ref().map(|kept| kept as &dyn Kept);
        let options = Options { encoder, kept, about: Some(articles), ..Options::default() };
        let mut found = Findings::joined([look(&claims, options, session), edits]);
        crate::findings::with_reviews(record, &mut found)?;
        Ok(Checked { found, record })
    }

    /// Returns the findings as `report` gives them.
    pub fn view(&self) -> Result<ReportView, CommandError> {
        Ok(with_texts(self.record, |view| ReportView::new(&self.found, view))?)
    }

    /// Prints the findings, as a table or a line each.
    pub fn print(&self, format: Format, session: &mut Session) -> Result<(), CommandError> {
        if format == Format::Jsonl {
            let rows = with_texts(self.record, |view| {
                let each =
                    |f: &Finding| Row::new(KindedFinding { kind: f.kind, finding: FindingView::new(f, &mut *view) });
                self.found.findings.iter().map(each).collect::<Vec<_>>()
            })?;
            return rows.iter().try_for_each(|row| session.print_json_line(row));
        }
        let kinds: Vec<FindingKind> = findings::SECTIONS.iter().map(|(kind, ..)| *kind).collect();
        let text = findings::render(&self.found, &kinds, session.terminal.width, &session.terminal.styles());
        writeln!(session.out())?;
        session.out().write_all(text.as_bytes())?;
        Ok(())
    }
}
