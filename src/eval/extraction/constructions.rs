//! By which construction an attribution is made, and how many of each were found.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::sums::{CONTENT, CUE, SOURCE, Scored, match_content};
use super::text::Text;
use super::{Labelled, Options, Restriction, Spans, merge};
use crate::attribution::{Act, act};
use crate::span::Span;

/// What kind of word a token is, as far as constructions ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A verb that can be the verb of a clause.
    Finite,
    /// Any other form of a verb.
    Verb,
    /// A noun that is no name.
    Noun,
    /// A name.
    Name,
    /// Any other word.
    Word,
    /// A mark.
    Mark,
}

/// A token as the engine reads it.
#[derive(Clone, Debug)]
pub struct Token {
    /// Where it stands, in code points.
    pub span: [usize; 2],
    /// Its word, in lower case.
    pub lower: String,
    /// What kind of word it is.
    pub part: Part,
    /// Its sentence.
    pub sentence: u32,
    /// Its block: paragraph, headline, line of a list.
    pub block: u32,
}

/// How a labelled attribution came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Content and source were found.
    Right,
    /// The content was found under another source.
    WrongSource,
    /// The content was found; the labels name no source.
    Unsourced,
    /// The content was not found.
    Missed,
}

/// One labelled attribution with what it is made of.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// Article.
    pub article: String,
    /// Its name in the article, where the labels give one.
    pub id: Option<String>,
    /// How it came out.
    pub state: State,
    /// Every construction that it is an example of.
    pub constructions: Vec<&'static str>,
    /// The labelled words of the source.
    pub source: String,
    /// The labelled words of the cue.
    pub cue: String,
    /// The labelled words of the content.
    pub content: String,
}

/// Names the constructions of every labelled attribution and tells how each came out.
///
/// `tokens` has the tokens of each article, by its id.
pub fn cases(
    gold: &[Labelled],
    predictions: &BTreeMap<String, Vec<Spans>>,
    tokens: &BTreeMap<String, Vec<Token>>,
    options: &Options,
) -> Vec<Case> {
    let mut out = Vec::new();
    for article in gold {
        let text = Text::new(&article.text);
        let predicted = predictions.get(&article.id).map(Vec::as_slice).unwrap_or_default();
        let predicted = if options.merge { merge(predicted) } else { predicted.to_vec() };
        let scored = |all: &[Spans]| all.iter().map(|s| Scored::new(s, &text)).collect::<Vec<_>>();
        let (predicted, wanted) = (scored(&predicted), scored(&article.attributions));
        let found: BTreeMap<usize, usize> =
            match_content(&predicted, &wanted, options.iou).into_iter().map(|(p, g)| (g, p)).collect();
        let tokens = tokens.get(&article.id).map(Vec::as_slice).unwrap_or_default();
        for (n, (spans, own)) in article.attributions.iter().zip(&wanted).enumerate() {
            let state = match found.get(&n) {
                None => State::Missed,
                Some(_) if own.roles[SOURCE].is_empty() => State::Unsourced,
                Some(p) if own.roles[SOURCE].is_disjoint(&predicted[*p].roles[SOURCE]) => State::WrongSource,
                Some(_) => State::Right,
            };
            let words = |role: usize| {
                let words: Vec<&str> = own.roles[role].iter().map(|t| text.words[*t].as_str()).collect();
                words.join(" ")
            };
            out.push(Case {
                article: article.id.clone(),
                id: spans.id.clone(),
                state,
                constructions: constructions(&article.text, spans, text.kind(&spans.content), tokens),
                source: words(SOURCE),
                cue: words(CUE),
                content: words(CONTENT),
            });
        }
    }
    out
}

/// One line of the table of constructions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tally {
    /// Its name.
    pub construction: String,
    /// How many came out right; those whose labels name no source are right where the content was found.
    pub right: usize,
    /// How many there are.
    pub of: usize,
}

/// Counts cases by construction, all of them first.
pub fn tally(cases: &[Case]) -> Vec<Tally> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in cases {
        let right = usize::from(matches!(case.state, State::Right | State::Unsourced));
        for name in std::iter::once(&"all").chain(&case.constructions) {
            let count = counts.entry(name).or_default();
            *count = (count.0 + right, count.1 + 1);
        }
    }
    let line = |(name, (right, of)): (&str, (usize, usize))| Tally { construction: name.to_string(), right, of };
    counts.into_iter().map(line).collect()
}

/// What stands within one role.
struct Role<'t> {
    tokens: Vec<&'t Token>,
}

impl<'t> Role<'t> {
    fn new(tokens: &'t [Token], spans: &[[usize; 2]]) -> Role<'t> {
        let under = |t: &&Token| spans.iter().any(|s| t.span[0] < s[1] && s[0] < t.span[1]);
        Role { tokens: tokens.iter().filter(under).collect() }
    }

    fn words(&self) -> impl Iterator<Item = &&'t Token> {
        self.tokens.iter().filter(|t| t.part != Part::Mark)
    }

    fn has(&self, part: Part) -> bool {
        self.tokens.iter().any(|t| t.part == part)
    }

    fn start(&self) -> Option<usize> {
        self.tokens.first().map(|t| t.span[0])
    }

    fn sentences(&self) -> BTreeSet<u32> {
        self.words().map(|t| t.sentence).collect()
    }
}

fn constructions(text: &str, spans: &Spans, kind: Restriction, tokens: &[Token]) -> Vec<&'static str> {
    let [source, cue, content] = [&spans.source, &spans.cue, &spans.content].map(|s| Role::new(tokens, s));
    let mut out = vec![match kind {
        Restriction::Direct => "marks: direct",
        Restriction::Mixed => "marks: mixed",
        _ => "marks: indirect",
    }];
    out.push(order(&source, &cue, &content));
    out.push(of_cue(&cue));
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> =
        spans.cue.iter().map(|s| characters.get(s[0]..s[1]).unwrap_or_default().iter().collect()).collect();
    let joined = words.join(" ");
    out.push(match act(&joined, &[Span::new(0, joined.len())]) {
        Act::Speech => "meaning: speech",
        Act::Belief => "meaning: belief",
        Act::Intention => "meaning: intention",
    });
    if cue.words().any(|t| matches!(t.lower.as_str(), "say" | "says" | "said" | "saying")) {
        out.push("cue: say");
    }
    out.push(of_source(&source));
    if !source.tokens.is_empty() && !cue.tokens.is_empty() && source.sentences().is_disjoint(&cue.sentences()) {
        out.push("source: not in the cue's sentence");
    }
    if kind != Restriction::Direct {
        out.push(form(&content));
    }
    out.extend(extent(spans, &cue, &content));
    out.extend(chained(&source, &cue, tokens));
    if cue.tokens.first().or(content.tokens.first()).is_some_and(|t| t.block == 0) {
        out.push("headline (first line)");
    }
    out
}

fn order(source: &Role<'_>, cue: &Role<'_>, content: &Role<'_>) -> &'static str {
    let (Some(cue_at), Some(first), Some(last)) = (cue.start(), content.start(), content.tokens.last()) else {
        return "order: no cue";
    };
    match source.start() {
        _ if first > cue_at => "order: cue first",
        _ if last.span[0] > cue_at => "order: around the cue",
        Some(source) if source < cue_at => "order: content first, source then verb",
        Some(_) => "order: content first, verb then source",
        None => "order: content first, no source",
    }
}

fn of_cue(cue: &Role<'_>) -> &'static str {
    let verb = cue.has(Part::Finite) || cue.has(Part::Verb);
    match cue.words().count() {
        0 => "cue: marks only",
        _ if cue.words().next().is_some_and(|t| t.lower == "according") => "cue: according to",
        _ if verb && cue.has(Part::Noun) => "cue: noun with a verb",
        1 if verb => "cue: one verb",
        _ if verb => "cue: several words with a verb",
        _ if cue.has(Part::Noun) => "cue: noun, no verb",
        _ => "cue: other",
    }
}

fn of_source(source: &Role<'_>) -> &'static str {
    let words: Vec<&str> = source.words().map(|t| t.lower.as_str()).collect();
    match words[..] {
        [] => "source: none",
        ["he" | "she" | "it" | "they" | "i" | "we" | "you" | "him" | "them"] => "source: personal pronoun",
        ["his" | "her" | "its" | "their" | "my" | "our"] => "source: possessive pronoun",
        ["who" | "which" | "that" | "whom"] => "source: relative pronoun",
        [_] if source.has(Part::Name) => "source: name of one word",
        _ if words.len() >= 8 => "source: eight words or more",
        _ if source.has(Part::Name) => "source: name of several words",
        _ => "source: noun",
    }
}

fn form(content: &Role<'_>) -> &'static str {
    let first = content.words().next().map_or("", |t| t.lower.as_str());
    match first {
        _ if content.words().count() <= 1 => "form: one word",
        "that" => "form: that-clause",
        "to" => "form: infinitive",
        "whether" | "if" | "what" | "how" | "why" | "who" | "when" | "where" | "which" => "form: wh, whether",
        _ if content.has(Part::Finite) => "form: other clause",
        _ => "form: phrase without a finite verb",
    }
}

/// How far the content reaches.
fn extent(spans: &Spans, cue: &Role<'_>, content: &Role<'_>) -> Vec<&'static str> {
    let mut out = Vec::new();
    let sentences = content.sentences();
    let beside: BTreeSet<u32> = cue.tokens.iter().map(|t| t.sentence).collect();
    let blocks: BTreeSet<u32> = content.words().map(|t| t.block).collect();
    let tests = [
        (spans.content.len() > 1, "content: several fragments"),
        (sentences.len() > 1, "content: several sentences"),
        (blocks.len() > 1, "content: several paragraphs"),
        (sentences.is_disjoint(&beside), "content: no cue in its sentences"),
        (sentences.iter().any(|s| !beside.contains(s)), "content: some sentence without the cue"),
    ];
    out.extend(tests.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name));
    out
}

/// `, adding …` and `and said …`.
fn chained(source: &Role<'_>, cue: &Role<'_>, tokens: &[Token]) -> Option<&'static str> {
    let first = cue.tokens.first()?;
    let before = tokens.iter().rev().find(|t| t.span[1] <= first.span[0])?;
    if first.lower.ends_with("ing") && matches!(before.lower.as_str(), "," | "by" | "and" | "while") {
        return Some("chained: participle (, adding …)");
    }
    (source.tokens.is_empty() && before.lower == "and").then_some("chained: and said … (no source)")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ann Orr said that rents fell.\n“We did it,” she added.";

    fn tokens() -> Vec<Token> {
        let parts = [
            ("Ann", Part::Name, 0, 0),
            ("Orr", Part::Name, 0, 0),
            ("said", Part::Finite, 0, 0),
            ("that", Part::Word, 0, 0),
            ("rents", Part::Noun, 0, 0),
            ("fell", Part::Finite, 0, 0),
            ("We", Part::Word, 1, 1),
            ("did", Part::Finite, 1, 1),
            ("it", Part::Word, 1, 1),
            ("she", Part::Word, 1, 1),
            ("added", Part::Finite, 1, 1),
        ];
        let mut from = 0;
        let token = |(word, part, sentence, block): (&str, Part, u32, u32)| {
            let byte = from + TEXT[from..].find(word).unwrap();
            from = byte + word.len();
            let start = TEXT[..byte].chars().count();
            let span = [start, start + word.chars().count()];
            Token { span, lower: word.to_lowercase(), part, sentence, block }
        };
        parts.into_iter().map(token).collect()
    }

    #[test]
    fn every_labelled_attribution_is_named_and_counted() {
        let spans = |source, cue, content| Spans {
            source: vec![source],
            cue: vec![cue],
            content: vec![content],
            ..Spans::default()
        };
        let attributions = vec![spans([0, 7], [8, 12], [13, 28]), spans([44, 47], [48, 53], [30, 43])];
        let gold = Labelled { id: "x".into(), text: TEXT.into(), title: None, attributions };
        let wrong = Spans { source: vec![[0, 7]], ..gold.attributions[1].clone() };
        let predictions = BTreeMap::from([("x".to_string(), vec![gold.attributions[0].clone(), wrong])]);
        let all = BTreeMap::from([("x".to_string(), tokens())]);
        let cases = cases(std::slice::from_ref(&gold), &predictions, &all, &Options::default());
        assert_eq!(cases.iter().map(|c| c.state).collect::<Vec<_>>(), [State::Right, State::WrongSource]);
        for name in ["marks: indirect", "order: cue first", "cue: one verb", "form: that-clause", "cue: say"] {
            assert!(cases[0].constructions.contains(&name), "{name}: {:?}", cases[0].constructions);
        }
        for name in ["marks: direct", "order: content first, source then verb", "source: personal pronoun"] {
            assert!(cases[1].constructions.contains(&name), "{name}: {:?}", cases[1].constructions);
        }
        let table = tally(&cases);
        assert_eq!((table[0].construction.as_str(), table[0].right, table[0].of), ("all", 1, 2));
    }
}
