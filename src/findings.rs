//! What the record knows of findings: the verdicts of people, the edits of articles,
//! what the encoder said earlier, and which pair an id names. Wiring only.

use std::collections::BTreeMap;

use crate::attribution::Act;
use crate::claim::{Claim, SpeakerId};
use crate::consistency::{self, Finding, Findings, Kept, Review};
use crate::encoder::{ENGINE_VERSION, Encoder, PairScores};
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
            at: time(review.at),
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
        let kept = encoder.map(|_| KeptScores::of(record));
        let kept = kept.as_ref().map(|kept| kept as &dyn Kept);
        consistency::findings(&pair, &consistency::Options { encoder, kept, ..Default::default() })
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

/// Finds the quotations of one speaker that outlets altered after publishing them, also where the altered one is gone by now.
pub fn edits(record: &Record, speaker: SpeakerId) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for (article, latest) in record.republished(speaker)? {
        let mut before = (record.claims_in(article, 1)?, record.article(article, Some(1))?.article.text);
        for version in 2..=latest {
            let after = (record.claims_in(article, version)?, record.article(article, Some(version))?.article.text);
            let edits = consistency::edits(&before.0, &before.1, &after.0, &after.1);
            found.extend(edits.into_iter().filter(|f| f.b.speaker == speaker));
            before = after;
        }
    }
    Ok(found)
}

/// Finds a finding by its id or the beginning of it, among one speaker's claims or everybody's.
///
/// Findings are not stored: their ids are made of the evidence, so every pair of claims is tried.
pub fn named(record: &Record, prefix: &str, speaker: Option<SpeakerId>) -> Result<Found, StoreError> {
    let speakers = match speaker {
        Some(speaker) => vec![speaker],
        None => record.speakers()?.into_iter().map(|speaker| speaker.id).collect(),
    };
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for speaker in speakers {
        let spoken = |claim: &Result<Claim, StoreError>| {
            claim.as_ref().map_or(true, |claim| claim.attribution.act == Act::Speech)
        };
        let mut own = record.claims(speaker).filter(spoken).collect::<Result<Vec<Claim>, StoreError>>()?;
        for edit in edits(record, speaker)?.into_iter().filter(|edit| edit.id.starts_with(prefix)) {
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
    if let Some(exact) = found.remove(prefix) {
        return Ok(exact);
    }
    if found.len() > 1 {
        let candidates = found.into_keys().take(6).collect();
        return Err(StoreError::Ambiguous { given: prefix.to_string(), candidates });
    }
    found.pop_first().map(|(_, one)| one).ok_or_else(|| StoreError::Unknown(format!("finding {prefix}")))
}

/// Milliseconds since 1970 as people read them, in UTC.
pub fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// The encoder's scores in a record.
pub struct KeptScores<'r>(&'r Record);

impl<'r> KeptScores<'r> {
    /// Takes those of this encoder, and lets go of what others said.
    pub fn of(record: &'r Record) -> KeptScores<'r> {
        // Scores are a convenience: a record that cannot take or drop them (a full disk, a folder to read only) still
        // gives its report, at the price of asking the encoder again.
        let _ = record.forget_judged_by_others(ENGINE_VERSION);
        KeptScores(record)
    }
}

impl Kept for KeptScores<'_> {
    fn scores(&self, a: &str, b: &str) -> Option<PairScores> {
        let [repeat, contradict, neutral] = self.0.judged(ENGINE_VERSION, a, b).ok()??;
        Some(PairScores { repeat, contradict, neutral })
    }

    fn keep(&self, judged: &[(&str, &str, PairScores)]) {
        let rows: Vec<_> = judged.iter().map(|&(a, b, s)| (a, b, [s.repeat, s.contradict, s.neutral])).collect();
        let _ = self.0.keep_judged(ENGINE_VERSION, &rows);
    }
}
