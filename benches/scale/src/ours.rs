//! The record.

use std::path::Path;
use std::time::Duration;

use onrecord::claim::{ClaimId, SpeakerId};
use onrecord::matching::likeness::Ranking;
use onrecord::pipeline::Extraction;
use onrecord::store::{Access, Lookup, Record};

use crate::{Failure, Held, Store};

pub struct Ours(Record);

impl Ours {
    pub fn open(path: &Path) -> Result<Ours, Failure> {
        Ok(Ours(Record::open(path, Access::Write, Duration::from_secs(5))?))
    }
}

impl Store for Ours {
    fn load(&mut self, articles: &[Extraction]) -> Result<(), Failure> {
        for (at, article) in (0i64..).zip(articles) {
            self.0.add_unsynced(article, at)?;
        }
        Ok(self.0.sync()?)
    }

    fn list(&mut self, speaker: &str) -> Result<Vec<Held>, Failure> {
        let id: SpeakerId = match self.0.find_speaker(speaker)? {
            Lookup::One(speaker) => speaker.id,
            // Who said nothing is nobody.
            Lookup::None { .. } => return Ok(Vec::new()),
            other => return Err(format!("{speaker}: {other:?}").into()),
        };
        let claims = self.0.claims(id).map(|claim| claim.map(|claim| Held { id: claim.id.0, text: claim.text }));
        Ok(claims.collect::<Result<_, _>>()?)
    }

    fn search(&mut self, words: &[String], limit: usize) -> Result<Vec<Held>, Failure> {
        let query = words.join(" ");
        let mut ranking = Ranking::new(&query);
        let likely = self.0.likely(&query)?;
        likely.near(|_| true, |claim| ranking.take(claim.id, &claim.text))?;
        let mut sample = Vec::new();
        if let Some(each) = likely.sample(|claim| sample.push(claim.text))? {
            ranking.weigh(sample.iter().map(String::as_str), each);
        }
        let held = |(id, _): &(ClaimId, f64)| Ok(Held { id: id.0, text: self.0.claim(*id)?.text });
        ranking.best(limit).iter().map(held).collect()
    }

    fn scan(&mut self, words: &[String], limit: usize) -> Result<Option<Vec<Held>>, Failure> {
        let mut ranking = Ranking::new(&words.join(" "));
        for claim in self.0.all_claims()? {
            let claim = claim?;
            ranking.take(claim.id, &claim.text);
        }
        let held = |(id, _): &(ClaimId, f64)| Ok(Held { id: id.0, text: self.0.claim(*id)?.text });
        ranking.best(limit).iter().map(held).collect::<Result<_, Failure>>().map(Some)
    }
}
