//! Prints sources with what stands around them, to be read by people.

use std::collections::BTreeMap;
use std::error::Error;

use crate::Articles;
use crate::random::Random;
use onrecord::attribution::coreference::certainty::Way;
use onrecord::span::CodePoints;

/// Characters shown before a source.
const BEFORE: usize = 700;
/// Characters shown after it.
const AFTER: usize = 80;

/// Prints `count` sources of every way that is no name, as JSON with a passage.
pub fn print(articles: &Articles, count: usize, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut by_way: BTreeMap<Way, Vec<(usize, usize)>> = BTreeMap::new();
    for (a, article) in articles.iter().enumerate() {
        for (n, reading) in article.readings.iter().enumerate() {
            if let Some(reading) = reading
                && !article.attributions[n].source.is_empty()
            {
                by_way.entry(reading.way).or_default().push((a, n));
            }
        }
    }
    let mut random = Random(seed);
    for (way, mut places) in by_way {
        for _ in 0..count.min(places.len()) {
            let (a, n) = places.swap_remove(random.below(places.len()));
            let article = &articles[a];
            let (Some(source), Some(reading)) = (article.attributions[n].source.first(), &article.readings[n]) else {
                continue;
            };
            let [start, end] = CodePoints::new(&article.text).spans(&[*source])[0];
            let characters: Vec<char> = article.text.chars().collect();
            let passage =
                |from: usize, to: usize| characters[from..to.min(characters.len())].iter().collect::<String>();
            println!(
                "{}",
                serde_json::json!({
                    "way": format!("{way:?}"), "id": article.id, "source": [start, end], "sureness": reading.sureness,
                    "answer": reading.referent.name, "title": article.title,
                    "passage": format!("{}[[{}]]{}", passage(start.saturating_sub(BEFORE), start), passage(start, end), passage(end, end + AFTER)),
                })
            );
        }
    }
    Ok(())
}
