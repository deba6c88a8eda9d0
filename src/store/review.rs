//! Verdicts of people on findings: they stick to the two statements, and are open again when one of these has changed.

use crate::claim::revision::likeness;
use crate::claim::{ArticleId, Claim};

use super::operation::{ReviewEntry, ReviewedSide};
use super::{Record, StoreError};

/// Least likeness at which a statement is taken for a changed form of one that was reviewed.
const SAME_STATEMENT: f32 = 0.5;

/// A verdict that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// The words that came with it.
    pub note: Option<String>,
    /// The verdict, and on what.
    pub entry: ReviewEntry,
}

/// Where a verdict stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Both statements stand as they were.
    Holds,
    /// One of them is gone or has changed.
    Reopened,
}

impl ReviewedSide {
    /// Makes the side of a claim.
    pub fn of(claim: &Claim) -> ReviewedSide {
        ReviewedSide { article: claim.article.0, claim: claim.id.0, text: claim.text.clone() }
    }

    /// Tells whether the statement is this claim: numbers are kept only where the same words stand.
    fn is(&self, claim: &Claim) -> bool {
        self.claim == claim.id.0 || self.text == claim.text
    }
}

impl Record {
    /// Returns the verdicts that hold, oldest first; of several on one finding the last.
    pub fn reviews(&self) -> Result<Vec<Reviewed>, StoreError> {
        let view = self.view()?;
        let mut reviews: Vec<Reviewed> = Vec::new();
        for (at, note, entry) in view.overlay.reviews.iter().rev() {
            if reviews.iter().all(|later| later.entry.finding != entry.finding) {
                reviews.push(Reviewed { at: *at, note: note.clone(), entry: entry.clone() });
            }
        }
        reviews.reverse();
        Ok(reviews)
    }

    /// Returns the verdict that a finding has, and whether it has to be looked at again: one that was given on an earlier form of
    /// a statement, which does not stand any more, is open again.
    pub fn review_of(
        &self,
        finding: &str,
        repeat: bool,
        sides: [&Claim; 2],
    ) -> Result<Option<(Reviewed, Standing)>, StoreError> {
        let view = self.view()?;
        let made = |(at, note, entry): &(i64, Option<String>, ReviewEntry)| Reviewed {
            at: *at,
            note: note.clone(),
            entry: entry.clone(),
        };
        if let Some(review) = view.overlay.reviews.iter().rev().find(|(_, _, entry)| entry.finding == finding) {
            return Ok(Some((made(review), Standing::Holds)));
        }
        for review in view.overlay.reviews.iter().rev().filter(|(_, _, entry)| entry.repeat == repeat) {
            let [a, b] = &review.2.sides;
            // An edit goes one way: taking it back is another edit.
            let edit = sides[0].article == sides[1].article && sides[0].version != sides[1].version;
            for [x, y] in [sides, [sides[1], sides[0]]].into_iter().take(if edit { 1 } else { 2 }) {
                let Some(first) = self.became(a, x)? else { continue };
                let Some(second) = self.became(b, y)? else { continue };
                let holds = first == Standing::Holds && second == Standing::Holds;
                let standing = if holds { Standing::Holds } else { Standing::Reopened };
                return Ok(Some((made(review), standing)));
            }
        }
        Ok(None)
    }

    /// Tells whether a reviewed statement is this claim, or was, before its article changed.
    fn became(&self, side: &ReviewedSide, claim: &Claim) -> Result<Option<Standing>, StoreError> {
        if side.article != claim.article.0 {
            return Ok(None);
        }
        if side.is(claim) {
            return Ok(Some(Standing::Holds));
        }
        let like = likeness(&side.text, &claim.text) >= SAME_STATEMENT;
        Ok(if like && !self.still_said(side)? { Some(Standing::Reopened) } else { None })
    }

    /// Tells whether a reviewed statement stands as it was, in the version of its article that stands.
    fn still_said(&self, side: &ReviewedSide) -> Result<bool, StoreError> {
        let id = ArticleId(side.article);
        let (_, version) = match self.article_row(id) {
            Err(StoreError::Unknown(_)) => return Ok(false),
            row => row?,
        };
        Ok(self.claims_in(id, version)?.iter().any(|claim| side.is(claim)))
    }

    /// Tells where a verdict stands today, whether or not the finding is still made.
    pub fn standing(&self, review: &ReviewEntry) -> Result<Standing, StoreError> {
        let [a, b] = &review.sides;
        let hold = self.still_said(a)? && self.still_said(b)? || a.article == b.article && self.is_edit(a, b)?;
        Ok(if hold { Standing::Holds } else { Standing::Reopened })
    }

    /// Tells whether two statements are of two versions of one article, and never of one: both versions are kept, whatever the
    /// article says today.
    fn is_edit(&self, a: &ReviewedSide, b: &ReviewedSide) -> Result<bool, StoreError> {
        let id = ArticleId(a.article);
        let (_, standing) = match self.article_row(id) {
            Err(StoreError::Unknown(_)) => return Ok(false),
            row => row?,
        };
        let (mut first, mut second) = (false, false);
        for version in 1..=standing {
            let claims = self.claims_in(id, version)?;
            let said = |side: &ReviewedSide| claims.iter().any(|claim| side.is(claim));
            let (a, b) = (said(a), said(b));
            if a && b {
                return Ok(false);
            }
            (first, second) = (first || a, second || first && b);
        }
        Ok(first && second)
    }
}
