//! Findings as the record knows them: their verdicts, the edits of articles, and finding one by its id.

use std::collections::BTreeMap;

use super::CommandError;
use super::filter::KindFilter;
use crate::claim::{ArticleId, Claim, SpeakerId};
use crate::consistency::{self, Finding, Findings, Review};
use crate::encoder::Encoder;
use crate::store::{Record, Standing, StoreError};
use crate::verdict::FindingKind;

/// The two claims of a finding.
pub struct Found {
    /// Its id in full.
    pub id: String,
    /// Whether it says that they are the same.
    pub repeat: bool,
    /// The earlier claim.
    pub a: Claim,
    /// The later one.
    pub b: Claim,
}

/// Gives findings the verdicts that people gave.
pub fn with_reviews(record: &Record, found: &mut Findings) -> Result<(), StoreError> {
    for finding in &mut found.findings {
        let repeat = finding.kind == FindingKind::Repeat;
        let review = record.review_of(&finding.id, repeat, [&finding.a, &finding.b])?;
        finding.review = review.map(|(review, standing)| Review {
            verdict: review.entry.verdict,
            note: review.note,
            at: super::record::time(review.at),
            reopened: standing == Standing::Reopened,
        });
    }
    Ok(())
}

/// Judges a pair that was found by its id, as a report would; a pair in which the judge sees nothing today has no reasons.
pub fn judged(record: &Record, found: Found, encoder: Option<&Encoder>) -> Result<Finding, StoreError> {
    let pair = [found.a, found.b];
    let mut all = if pair[0].article == pair[1].article {
        let text = |claim: &Claim| record.article(claim.article, Some(claim.version)).map(|stored| stored.article.text);
        let (before, after) = (text(&pair[0])?, text(&pair[1])?);
        let findings = consistency::edits(&pair[..1], &before, &pair[1..], &after);
        Findings { findings, ..Findings::default() }
    } else {
        consistency::findings(&pair, &consistency::Options { encoder, ..Default::default() })
    };
    all.findings.retain(|finding| finding.id == found.id);
    if all.findings.is_empty() {
        let [a, b] = pair;
        let kind = if found.repeat { FindingKind::Repeat } else { FindingKind::Contradiction };
        all.findings.push(Finding { id: found.id, kind, a, b, confidence: 0.0, reasons: Vec::new(), review: None });
    }
    with_reviews(record, &mut all)?;
    Ok(all.findings.swap_remove(0))
}

/// Finds the quotations of one speaker that outlets altered after publishing them; `own` are the speaker's claims.
pub fn edits(record: &Record, own: &[Claim]) -> Result<Vec<Finding>, StoreError> {
    let versions: BTreeMap<ArticleId, u32> =
        own.iter().filter(|claim| claim.version > 1).map(|claim| (claim.article, claim.version)).collect();
    let mut found = Vec::new();
    for (article, latest) in versions {
        let mut before = (record.claims_in(article, 1)?, record.article(article, Some(1))?.article.text);
        for version in 2..=latest {
            let after = (record.claims_in(article, version)?, record.article(article, Some(version))?.article.text);
            let edits = consistency::edits(&before.0, &before.1, &after.0, &after.1);
            let speaker = own.first().map(|claim| claim.speaker);
            found.extend(edits.into_iter().filter(|f| Some(f.b.speaker) == speaker));
            before = after;
        }
    }
    Ok(found)
}

/// Finds a finding by its id or the beginning of it, among one speaker's claims or everybody's.
///
/// Findings are not stored: their ids are made of the evidence, so every pair of claims is tried.
pub fn named(record: &Record, prefix: &str, speaker: Option<SpeakerId>) -> Result<Found, CommandError> {
    let speakers = match speaker {
        Some(speaker) => vec![speaker],
        None => record.speakers()?.into_iter().map(|speaker| speaker.id).collect(),
    };
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for speaker in speakers {
        let takes = |claim: &Claim| KindFilter::default().takes(&claim.attribution);
        let mut own = super::record::claims_of(record, speaker, takes)?;
        for edit in edits(record, &own)?.into_iter().filter(|edit| edit.id.starts_with(prefix)) {
            found.insert(edit.id.clone(), Found { id: edit.id, repeat: false, a: edit.a, b: edit.b });
        }
        // As findings have them: the earlier claim first.
        own.sort_by_key(|claim| (claim.date, claim.id));
        for pair in consistency::pairs_named(&own, prefix) {
            let (Some(a), Some(b)) = (own.get(pair.first), own.get(pair.second)) else { continue };
            let made = Found { id: pair.id.clone(), repeat: pair.repeat, a: a.clone(), b: b.clone() };
            found.entry(pair.id).or_insert(made);
        }
        if found.contains_key(prefix) {
            break;
        }
    }
    let exact = found.remove(prefix);
    let ids: Vec<String> = found.keys().take(6).cloned().collect();
    match (exact, ids.as_slice()) {
        (Some(exact), _) => Ok(exact),
        (None, [_]) => found.pop_first().map(|(_, one)| one).ok_or_else(|| CommandError::new("no finding")),
        (None, []) => Err(CommandError::new(format!("the record has no finding {prefix}"))
            .hint("`onrecord report` prints the ids; a finding is gone when one of its statements has changed")),
        (None, several) => {
            Err(CommandError::new(format!("{prefix} fits several: {}", several.join(", "))).hint("give more of it"))
        }
    }
}
