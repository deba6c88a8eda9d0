//! Variants of the training texts, so that the style of one country's newspapers carries no weight: other quotation marks,
//! marks lost or replaced by a dash, other names, no headline. Spans of gold and silver move with the text.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Value, json};

use crate::random::Random;

/// Writes an article and its silver layer anew; spans count characters, as in the corpus.
pub fn vary(article: &Value, silver: &Value, random: &mut Random) -> (Value, Value) {
    let text: Vec<char> = article["text"].as_str().unwrap_or("").chars().collect();
    let mut edits = marks(&text, random);
    if random.one_in(2) {
        edits.extend(names(&text, silver, random));
    }
    if random.one_in(3)
        && let Some(end) = headline(&text)
    {
        edits.retain(|edit| edit.at.start >= end);
        edits.push(Edit { at: 0..end, with: String::new() });
    }
    edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let moved = Moved::new(&text, &edits);
    let mut article = article.clone();
    article["text"] = Value::from(moved.text.as_str());
    for attribution in article["attributions"].as_array_mut().into_iter().flatten() {
        for part in ["source", "cue", "content"] {
            let spans = attribution[part].as_array().into_iter().flatten();
            attribution[part] =
                spans.filter_map(|span| moved.span(&span[0], &span[1])).map(|(s, e)| json!([s, e])).collect();
        }
    }
    let mut rows = Vec::new();
    for row in silver.as_array().into_iter().flatten() {
        if let Some((start, end)) = moved.span(&row[0], &row[1]) {
            let mut row = row.clone();
            (row[0], row[1]) = (json!(start), json!(end));
            rows.push(row);
        }
    }
    (article, Value::from(rows))
}

/// Characters and what stands in their place.
struct Edit {
    at: Range<usize>,
    with: String,
}

/// A text after its edits.
struct Moved {
    text: String,
    /// Where each character of the old text begins in the new one, and at last where that ends.
    starts: Vec<usize>,
}

impl Moved {
    fn new(old: &[char], edits: &[Edit]) -> Moved {
        let (mut text, mut starts, mut length) = (String::new(), Vec::with_capacity(old.len() + 1), 0);
        let mut edits = edits.iter().peekable();
        let mut at = 0;
        while at < old.len() {
            match edits.next_if(|edit| edit.at.start <= at) {
                Some(edit) if edit.at.start == at => {
                    // What stood in the middle of the old is at the end of the new.
                    starts.push(length);
                    text.push_str(&edit.with);
                    length += edit.with.chars().count();
                    starts.extend(edit.at.clone().skip(1).map(|_| length));
                    at = edit.at.end;
                }
                Some(_) => {}
                None => {
                    starts.push(length);
                    text.push(old[at]);
                    length += 1;
                    at += 1;
                }
            }
        }
        starts.push(length);
        Moved { text, starts }
    }

    /// Returns where a span lies now, `None` where nothing of it is left.
    fn span(&self, start: &Value, end: &Value) -> Option<(usize, usize)> {
        let at = |value: &Value| value.as_u64().and_then(|at| self.starts.get(at as usize).copied());
        Some((at(start)?, at(end)?)).filter(|(start, end)| start < end)
    }
}

/// How the quotation marks of a variant look.
#[derive(Clone, Copy)]
enum Style {
    Kept,
    Straight,
    British,
    Guillemets,
}

/// Of a variant's quotations, one in so many loses its closing mark, loses both, or is marked by a dash alone.
const LOSES_ONE: u64 = 16;
const LOSES_BOTH: u64 = 10;
const HAS_DASH: u64 = 2;

/// Writes the quotation marks in another style; some are lost.
fn marks(text: &[char], random: &mut Random) -> Vec<Edit> {
    let style = [Style::Kept, Style::Straight, Style::British, Style::Guillemets][random.below(4)];
    let (loses, dashes) = (random.one_in(3), random.one_in(8));
    let mut edits = Vec::new();
    let mut open: Option<usize> = None;
    for at in 0..text.len() {
        let starts =
            at.checked_sub(1).is_none_or(|before| text[before].is_whitespace() || "([—".contains(text[before]));
        match text[at] {
            '\n' => open = None,
            '“' => open = Some(at),
            '"' if starts => open = Some(at),
            '"' | '”' => {
                let Some(from) = open.take() else { continue };
                let whole = from.checked_sub(1).is_none_or(|before| text[before] == '\n');
                let (left, right) = match style {
                    _ if loses && random.one_in(LOSES_BOTH) => ("", ""),
                    _ if dashes && whole && random.one_in(HAS_DASH) => ("— ", ""),
                    Style::Kept => ("“", "”"),
                    Style::Straight => ("\"", "\""),
                    Style::British => ("‘", "’"),
                    Style::Guillemets => ("«", "»"),
                };
                let right = if loses && random.one_in(LOSES_ONE) { "" } else { right };
                edits.push(Edit { at: from..from + 1, with: left.to_string() });
                edits.push(Edit { at: at..at + 1, with: right.to_string() });
            }
            '’' if matches!(style, Style::Straight) => edits.push(Edit { at: at..at + 1, with: "'".to_string() }),
            _ => {}
        }
    }
    edits
}

/// Gives the people of an article other names; a name stays one name throughout.
fn names(text: &[char], silver: &Value, random: &mut Random) -> Vec<Edit> {
    let mut given: HashMap<String, String> = HashMap::new();
    let mut edits = Vec::new();
    for row in silver.as_array().into_iter().flatten() {
        let at = |n: usize| row[n].as_u64().unwrap_or(0) as usize;
        let person = row[3].as_str().is_some_and(|kind| kind.ends_with("-PERSON"));
        let Some(word) = text.get(at(0)..at(1)).filter(|_| person && row[2] == "NNP") else { continue };
        // Initials and titles stay.
        if word.len() > 2 && word.iter().all(|c| c.is_alphabetic()) && word[0].is_uppercase() {
            let name = given.entry(word.iter().collect()).or_insert_with(|| made_up(random)).clone();
            edits.push(Edit { at: at(0)..at(1), with: name });
        }
    }
    edits
}

/// Makes up a name of two or three syllables.
fn made_up(random: &mut Random) -> String {
    const BEGIN: [&str; 24] = [
        "b", "br", "ch", "d", "dr", "f", "g", "h", "j", "k", "kr", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "th",
        "v", "w", "z",
    ];
    const MIDDLE: [&str; 10] = ["a", "e", "i", "o", "u", "ai", "ei", "oo", "ia", "au"];
    const END: [&str; 14] = ["", "", "n", "r", "l", "s", "k", "nd", "rt", "m", "th", "ck", "ng", "v"];
    let mut name = String::new();
    for _ in 0..2 + random.below(2) {
        name += BEGIN[random.below(BEGIN.len())];
        name += MIDDLE[random.below(MIDDLE.len())];
        name += END[random.below(END.len())];
    }
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Finds where the first line ends if it looks like a headline: short, and no end of a sentence.
fn headline(text: &[char]) -> Option<usize> {
    const LONGEST: usize = 120;
    let end = text.iter().position(|c| *c == '\n').filter(|end| (1..=LONGEST).contains(end))?;
    let ends = ".!?”\"".contains(text[end - 1]);
    let next = text[end..].iter().position(|c| !c.is_whitespace())?;
    (!ends).then_some(end + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_move_with_the_text() {
        let text = "A headline\n\n“We closed it,” Ada Fenwick said.";
        let at = |part: &str| {
            let start = text[..text.find(part).unwrap()].chars().count();
            json!([[start, start + part.chars().count()]])
        };
        let article = json!({"text": text, "attributions": [
            {"source": at("Ada Fenwick"), "cue": at("said"), "content": at("“We closed it,”")}]});
        let name = at("Fenwick");
        let silver = json!([[name[0][0], name[0][1], "NNP", "I-PERSON", 0, "nsubj"]]);
        let mut seen = std::collections::BTreeSet::new();
        for seed in 1..200 {
            let (article, silver) = vary(&article, &silver, &mut Random(seed * 7_919));
            let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
            let words = |spans: &Value| -> String {
                spans
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|s| {
                        text[s[0].as_u64().unwrap() as usize..s[1].as_u64().unwrap() as usize]
                            .iter()
                            .collect::<String>()
                    })
                    .collect()
            };
            let attribution = &article["attributions"][0];
            assert_eq!(words(&attribution["cue"]), "said");
            assert!(words(&attribution["source"]).starts_with("Ada "), "{article}");
            assert!(words(&attribution["content"]).contains("We closed it,"), "{article}");
            let (source, name) = (words(&attribution["source"]), words(&json!([silver[0]])));
            assert_eq!(source, format!("Ada {name}"));
            seen.insert(words(&attribution["content"]));
        }
        for content in [
            "“We closed it,”",
            "\"We closed it,\"",
            "‘We closed it,’",
            "«We closed it,»",
            "— We closed it,",
            "We closed it,",
            "“We closed it,",
        ] {
            assert!(seen.contains(content), "{content} in {seen:?}");
        }
    }
}
