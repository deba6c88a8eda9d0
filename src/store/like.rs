//! Where claims like a text are looked for: in all articles of a small record; in a larger one in those that share its rarest words,
//! and in some of all, spread evenly, which tell how common its letters are.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::claim::{Claim, SpeakerId};

use super::codec::{self, VersionRow};
use super::words::{self, BUCKET};
use super::{Record, StoreError};

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// Up to so many articles all are.
    pub(super) whole: u32,
    /// Of more, so many for how common letters are.
    pub(super) sample: u32,
    /// And at most so many of those that share words with the text, best first.
    pub(super) near: usize,
}

const MEASURE: Measure = Measure { whole: 512, sample: 128, near: 400 };

/// Where claims like a text are looked for.
pub struct Likely<'r> {
    record: &'r Record,
    /// Numbers of articles, those that share most first.
    near: Vec<u32>,
    /// At most so many of them are read.
    most: usize,
    sample: Vec<u32>,
    /// How many articles stand for one of the sample.
    each: f64,
}

impl Record {
    /// Returns where to look for claims like a text.
    pub fn likely(&self, text: &str) -> Result<Likely<'_>, StoreError> {
        self.likely_within(text, MEASURE)
    }

    pub(super) fn likely_within(&self, text: &str, measure: Measure) -> Result<Likely<'_>, StoreError> {
        let counters = self.counters()?;
        let articles = counters.next_article;
        if articles <= measure.whole {
            let near: Vec<u32> = (0..articles).collect();
            return Ok(Likely { record: self, most: near.len(), near, sample: Vec::new(), each: 1.0 });
        }
        let indexed = u32::try_from(counters.indexed).unwrap_or(u32::MAX).min(articles);
        let mut near = self.sharing(text, indexed)?;
        // Articles of a record that was made without an index are all read, until the index has them.
        let most = measure.near.saturating_add((articles - indexed) as usize);
        near.splice(0..0, indexed..articles);
        let sample =
            (0..measure.sample).map(|n| (u64::from(n) * u64::from(articles) / u64::from(measure.sample)) as u32);
        let sample: Vec<u32> = sample.collect::<BTreeSet<_>>().into_iter().collect();
        let each = f64::from(articles) / sample.len().max(1) as f64;
        Ok(Likely { record: self, near, most, sample, each })
    }

    /// Returns the articles below a number that have a word with a key of one of the text's, those with most and rarest first.
    fn sharing(&self, text: &str, articles: u32) -> Result<Vec<u32>, StoreError> {
        let mut wanted: BTreeSet<Vec<u32>> = BTreeSet::new();
        words::each_word(text, |keys| {
            wanted.insert(keys.to_vec());
        });
        let keys: BTreeSet<u32> = wanted.iter().flatten().copied().collect();
        let holders = self.holders(&keys, articles)?;
        let rarity = |key: &u32| {
            let held = holders.get(key).map_or(0, Vec::len) as f32;
            (1.0 + (articles as f32 - held + 0.5) / (held + 0.5)).ln()
        };
        let mut shared = vec![0.0f32; articles as usize];
        let mut of_word = vec![0.0f32; articles as usize];
        for word in &wanted {
            for key in word {
                let rarity = rarity(key);
                for article in holders.get(key).into_iter().flatten() {
                    if let Some(most) = of_word.get_mut(*article as usize) {
                        *most = most.max(rarity);
                    }
                }
            }
            // A word counts once, by the rarest of its keys that is shared.
            for (sum, most) in shared.iter_mut().zip(&mut of_word) {
                *sum += std::mem::take(most);
            }
        }
        let mut near: Vec<(u32, f32)> = (0u32..).zip(shared).filter(|(_, sum)| *sum > 0.0).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(near.into_iter().map(|(article, _)| article).collect())
    }

    /// Returns the articles below a number that have each key.
    fn holders(&self, keys: &BTreeSet<u32>, articles: u32) -> Result<BTreeMap<u32, Vec<u32>>, StoreError> {
        let mut holders: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for bucket in 0..articles.div_ceil(BUCKET) {
            let (_, end) = words::packed(bucket).range();
            let mut read = 0;
            for key in keys.iter().filter(|key| **key != u32::MAX) {
                // The row at hand may hold this key too.
                if read > *key {
                    continue;
                }
                let from = words::packed(bucket).u32(*key).end();
                let Some(row) = self.engine.scan(&from, &end, false).next() else { break };
                let (row, value) = row?;
                let last = row.last_chunk::<4>().map_or(u32::MAX, |last| u32::from_be_bytes(*last));
                let body = self.readable("the word index", codec::open(&value))?;
                let entries = words::entries(body, |key, offsets| {
                    if keys.contains(&key) {
                        let held = holders.entry(key).or_default();
                        held.extend(offsets.iter().map(|offset| bucket * BUCKET + offset));
                    }
                });
                self.readable("the word index", entries)?;
                read = last.saturating_add(1);
            }
        }
        for (article, held) in self.loose_words(0, articles)? {
            for key in held.intersection(keys) {
                holders.entry(*key).or_default().insert(article);
            }
        }
        Ok(holders.into_iter().map(|(key, articles)| (key, articles.into_iter().collect())).collect())
    }
}

impl Likely<'_> {
    /// Shows each claim of the articles that share words with the text, of days that are asked for.
    pub fn near(&self, day: impl Fn(Option<Date>) -> bool, mut show: impl FnMut(Claim)) -> Result<(), StoreError> {
        let mut names = BTreeMap::new();
        let mut read = 0;
        for number in &self.near {
            if read >= self.most {
                break;
            }
            let wanted = |state: &VersionRow| day(state.date.and_then(super::rows::date));
            if let Some(claims) = self.standing(*number, wanted, &mut names)? {
                read += 1;
                claims.into_iter().for_each(&mut show);
            }
        }
        Ok(())
    }

    /// Shows each claim of the sample, and returns how many articles stand for one of it; `None` where all articles are near.
    pub fn sample(&self, mut show: impl FnMut(Claim)) -> Result<Option<f64>, StoreError> {
        if self.sample.is_empty() {
            return Ok(None);
        }
        let mut names = BTreeMap::new();
        for number in &self.sample {
            let claims = self.standing(*number, |_| true, &mut names)?;
            claims.into_iter().flatten().for_each(&mut show);
        }
        Ok(Some(self.each))
    }

    /// Returns the claims of an article as it stood at the moment that the record is read at, where it is one that is wanted.
    fn standing(
        &self,
        number: u32,
        wanted: impl FnOnce(&VersionRow) -> bool,
        names: &mut BTreeMap<SpeakerId, String>,
    ) -> Result<Option<Vec<Claim>>, StoreError> {
        let Some(version) = self.record.standing_version(number)? else { return Ok(None) };
        let Some(whole) = self.record.document_if(number, version, wanted)? else { return Ok(None) };
        self.record.claims_of_all(whole, version, names).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::engine::Batch;
    use super::super::keys::{Key, WORDS};
    use super::super::{Occasion, counters_key};
    use super::*;
    use crate::article::Article;
    use crate::attribution::{Act, Attribution, Kind, Referent, Sort};
    use crate::claim::ClaimId;
    use crate::matching::likeness::Ranking;
    use crate::pipeline::Extraction;
    use crate::span::Span;

    /// Everything is read, by way of the index.
    const ALL: Measure = Measure { whole: 0, sample: 1_000_000, near: usize::MAX };

    const WORDS_SAID: [&str; 24] = [
        "bridge",
        "bridges",
        "footbridge",
        "toll",
        "tolls",
        "tolled",
        "tax",
        "taxes",
        "war",
        "wars",
        "the",
        "no",
        "on",
        "will",
        "rise",
        "fall",
        "ministry",
        "minister",
        "ministers",
        "Öl",
        "straße",
        "2016",
        "closing",
        "closed",
    ];

    /// Numbers that look random and are the same in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % sides
        }

        fn words(&mut self, most: usize) -> String {
            let words: Vec<&str> = (0..=self.roll(most)).map(|_| WORDS_SAID[self.roll(WORDS_SAID.len())]).collect();
            words.join(" ")
        }
    }

    /// An article in which speakers say these things.
    fn article(url: usize, sayings: &[String]) -> Extraction {
        let mut text = String::new();
        let mut attributions = Vec::new();
        for (n, saying) in sayings.iter().enumerate() {
            let start = text.len();
            text.push_str(saying);
            attributions.push(Attribution {
                source: Vec::new(),
                cue: Vec::new(),
                content: vec![Span::new(start, text.len())],
                speaker: (n % 4 != 3).then(|| Referent {
                    name: ["Ada Quill", "Bruno Tarn", "Celia Voss"][n % 3].into(),
                    sort: Sort::Person,
                    gender: None,
                    roles: Vec::new(),
                    aliases: Vec::new(),
                    confidence: 1.0,
                }),
                kind: Kind::Direct,
                act: Act::Speech,
                confidence: 1.0,
            });
            text.push('\n');
        }
        let url = Some(format!("https://t.example/{url}"));
        Extraction { article: Article { name: "made".into(), text, url, ..Article::default() }, attributions }
    }

    fn sayings(dice: &mut Dice) -> Vec<String> {
        (0..=dice.roll(4)).map(|_| dice.words(7)).collect()
    }

    fn by_scan(record: &Record, query: &str) -> Vec<(ClaimId, f64)> {
        let mut ranking = Ranking::new(query);
        let shares = |text: &str| {
            let mut keys = BTreeSet::new();
            words::each_word(text, |word| keys.extend(word.to_vec()));
            keys
        };
        let wanted = shares(query);
        let mut sharing = BTreeSet::new();
        for claim in record.all_claims().unwrap().map(Result::unwrap) {
            ranking.take(claim.id, &claim.text);
            if !shares(&claim.text).is_disjoint(&wanted) {
                sharing.insert(claim.id);
            }
        }
        ranking.best(usize::MAX).into_iter().filter(|(id, _)| sharing.contains(id)).collect()
    }

    fn by_index(record: &Record, query: &str) -> Vec<(ClaimId, f64)> {
        let likely = record.likely_within(query, ALL).unwrap();
        let mut ranking = Ranking::new(query);
        let mut sample = Vec::new();
        likely.near(|_| true, |claim| ranking.take(claim.id, &claim.text)).unwrap();
        let each = likely.sample(|claim| sample.push(claim.text)).unwrap().unwrap();
        ranking.weigh(sample.iter().map(String::as_str), each);
        ranking.best(usize::MAX)
    }

    /// What the index finds in claims that share a word's key with the query.
    fn agrees(record: &Record, dice: &mut Dice) {
        for _ in 0..6 {
            let query = dice.words(4);
            let scanned = by_scan(record, &query);
            let found = by_index(record, &query);
            let of_scan: BTreeSet<ClaimId> = scanned.iter().map(|(id, _)| *id).collect();
            // An article is read whole, so other claims of it may be found beside.
            let shared: Vec<_> = found.into_iter().filter(|(id, _)| of_scan.contains(id)).collect();
            assert_eq!(shared, scanned, "{query}");
        }
    }

    #[test]
    fn the_index_finds_what_a_scan_finds_whatever_happened_before() {
        for seed in 0..12 {
            let mut dice = Dice(seed);
            let record = Record::in_memory();
            for at in 0..40 {
                let made = article(dice.roll(25), &sayings(&mut dice));
                let (id, _) = record.add(&made, at).unwrap();
                match dice.roll(6) {
                    0 => {
                        let mut fewer = made.clone();
                        fewer.attributions.pop();
                        record.reread_unsynced(id, &fewer, at).unwrap();
                    }
                    1 => record.pack(0).unwrap(),
                    2 => {
                        let speakers = record.speakers().unwrap();
                        if let [first, second, ..] = speakers.as_slice() {
                            record.merge(second.id, first.id, Occasion { at, why: None }).unwrap();
                        }
                    }
                    _ => {}
                }
            }
            agrees(&record, &mut dice);
            assert_eq!(record.verify().unwrap(), [], "seed {seed}");
            agrees(&record.as_of(20), &mut dice);
        }
    }

    #[test]
    fn a_record_without_an_index_is_searched_and_gets_one_step_by_step() {
        let mut dice = Dice(7);
        let record = Record::in_memory();
        for n in 0..60 {
            record.add(&article(n, &sayings(&mut dice)), n as i64).unwrap();
        }
        let mut batch = Batch::default();
        let (low, high) = Key::new(WORDS).range();
        for row in record.engine.scan(&low, &high, false) {
            batch.remove(row.unwrap().0);
        }
        let counters = codec::encode(&super::super::Counters { indexed: 0, ..record.counters().unwrap() });
        batch.put(counters_key(), counters);
        record.engine.commit(batch).unwrap();
        let mut steps = 0;
        while record.counters().unwrap().indexed < record.counters().unwrap().next_article.into() {
            agrees(&record, &mut dice);
            assert_eq!(record.verify().unwrap(), []);
            // New articles and new versions of old ones.
            let url = if steps % 2 == 0 { 100 + steps } else { dice.roll(60) };
            record.add(&article(url, &sayings(&mut dice)), 100 + steps as i64).unwrap();
            steps += 1;
        }
        assert!(steps > 1, "the index came in one step");
        agrees(&record, &mut dice);
        assert_eq!(record.verify().unwrap(), []);
    }

    #[test]
    fn full_buckets_are_packed_and_nothing_is_lost() {
        let mut dice = Dice(3);
        let record = Record::in_memory();
        for n in 0..BUCKET as usize + 200 {
            record.add_unsynced(&article(n, &sayings(&mut dice)[..1]), n as i64).unwrap();
        }
        assert_eq!(record.loose_words(0, BUCKET).unwrap().len(), 0);
        assert_eq!(record.loose_words(BUCKET, u32::MAX).unwrap().len(), 200);
        let (low, high) = words::packed(0).range();
        assert!(record.engine.scan(&low, &high, false).count() > 0);
        agrees(&record, &mut dice);
        // Changed articles lie beside their bucket until there are enough of them.
        for n in 0..300 {
            record.add_unsynced(&article(n, &["a postern".into()]), 5000).unwrap();
        }
        assert_eq!(record.loose_words(0, BUCKET).unwrap().len(), 44);
        agrees(&record, &mut dice);
        let likely = record.likely_within("postern", Measure { near: 12, ..ALL }).unwrap();
        let mut shown = 0;
        likely.near(|_| true, |claim| shown += usize::from(claim.text == "a postern")).unwrap();
        assert_eq!((likely.near.len(), shown), (300, 12));
        assert_eq!(record.verify().unwrap(), []);
    }
}
