//! Names taken out of the text, and whether the resolver finds them again.

use onrecord::attribution::coreference::{Reading, readings};
use onrecord::attribution::{Attribution, Gender};
use onrecord::lexicon::names;
use onrecord::span::Span;
use onrecord::text::Document;

use crate::labels::{Labelled, is_full_person};
use crate::random::Random;
use crate::{Articles, Example};

/// Most names masked in one article.
const MOST: usize = 12;
/// A pronoun or a role is put in only where the person was named this many characters before: writers do not go further.
const NEAR: usize = 500;

/// What is put in a name's place.
#[derive(Clone, Copy)]
enum Mask {
    Pronoun,
    Surname,
    Role,
}

/// Masks names all over the articles, one at a time.
pub fn examples(articles: &Articles, seed: u64) -> Vec<Example> {
    let mut random = Random(seed);
    let mut out = Vec::new();
    for article in articles {
        let mut places: Vec<usize> = (0..article.attributions.len()).filter(|n| is_mask(article, *n)).collect();
        for _ in 0..MOST.min(places.len()) {
            let place = places.swap_remove(random.below(places.len()));
            let mask = [Mask::Pronoun, Mask::Pronoun, Mask::Surname, Mask::Role][random.below(4)];
            out.extend(masked(article, place, mask));
        }
    }
    out
}

/// Tells whether a source is one name of a person who has a name in full, and nothing else.
fn is_mask(article: &Labelled, n: usize) -> bool {
    let Some(reading) = &article.readings[n] else { return false };
    let [source] = article.attributions[n].source[..] else { return false };
    let text = source.of(&article.text);
    let last = reading.referent.name.rsplit(' ').next().unwrap_or("");
    is_full_person(reading)
        && text.split(' ').count() <= 4
        && text.ends_with(last)
        && text.split(' ').all(|w| w.chars().next().is_some_and(char::is_uppercase))
}

fn masked(article: &Labelled, n: usize, mask: Mask) -> Option<Example> {
    let reading = article.readings[n].as_ref()?;
    let source = *article.attributions[n].source.first()?;
    let put = replacement(article, source, reading, mask)?;
    let text = format!("{}{put}{}", &article.text[..source.start as usize], &article.text[source.end as usize..]);
    let shift = put.len() as i64 - i64::from(source.end - source.start);
    let attributions: Vec<Attribution> = article.attributions.iter().map(|a| moved(a, source, shift)).collect();
    let document = Document::parse(&text, article.title.as_deref());
    let found = readings(&document, article.title.as_deref(), &attributions).swap_remove(n)?;
    let right = found.referent.name == reading.referent.name;
    Some(Example { way: found.way, sureness: found.sureness, right, masked: true })
}

fn replacement(article: &Labelled, source: Span, reading: &Reading, mask: Mask) -> Option<String> {
    let before = &article.text[..source.start as usize];
    let opens = before.trim_end_matches(['“', '"', ' ']).ends_with(['.', '\n', '!', '?', '”']) || before.is_empty();
    let surname = reading.referent.name.rsplit(' ').next()?;
    let near = before.char_indices().rev().nth(NEAR).map_or(before, |(at, _)| &before[at..]);
    let capital = |low: &str, high: &str| if opens { high.to_string() } else { low.to_string() };
    match mask {
        Mask::Pronoun if near.contains(surname) => match reading.referent.gender? {
            Gender::M => Some(capital("he", "He")),
            Gender::F => Some(capital("she", "She")),
        },
        Mask::Surname if source.of(&article.text).contains(' ') => {
            let elsewhere = article.text.matches(reading.referent.name.as_str()).count() > 1;
            elsewhere.then(|| surname.to_string())
        }
        Mask::Role if near.contains(surname) => {
            let noun = |role: &String| {
                let head = role.split(" of ").next()?.split(" for ").next()?.rsplit(' ').next()?.to_string();
                (names::role(&names::fold(&head)).is_some() && !role.contains(surname)).then_some(head)
            };
            let noun = reading.referent.roles.iter().find_map(noun)?.to_lowercase();
            Some(format!("{} {noun}", capital("the", "The")))
        }
        _ => None,
    }
}

/// Moves the spans of an attribution behind a change of the text; spans over the change end where it ends.
fn moved(attribution: &Attribution, changed: Span, shift: i64) -> Attribution {
    let place = |at: u32| if at >= changed.end { (i64::from(at) + shift) as u32 } else { at.min(changed.end) };
    let spans = |spans: &[Span]| {
        let inside = |at: u32| at > changed.start && at < changed.end;
        let clear = spans.iter().filter(|s| !inside(s.start) && !inside(s.end));
        clear.map(|s| Span { start: place(s.start), end: place(s.end) }).collect()
    };
    Attribution {
        source: spans(&attribution.source),
        cue: spans(&attribution.cue),
        content: spans(&attribution.content),
        ..attribution.clone()
    }
}
