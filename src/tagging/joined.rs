//! The trained tagger with the rules that people can read on top.
//!
//! The rules decide what is quoted, what is a transcript and what is no claim. The trained tagger is better at where an
//! unquoted content begins and ends, and finds cues that no list has: where both see one unquoted report, its spans are
//! taken, and what it is sure of is added where the rules see nothing.

use crate::span::Span;
use crate::text::{Document, TokenKind};

use super::layers::Labels;
use super::overlaps::Overlaps;
use super::rules::RuleTagger;
use super::{CrfTagger, TaggedAttribution, Tagger};

/// The trained tagger's attributions below this score are left out; chosen on dev.
const LEAST_SCORE: f32 = 0.55;

/// Contents of fewer words say nothing that could be kept as a claim: `Ms. Roe wants a move`.
const FEWEST_WORDS: usize = 3;

/// The rules' score of reports by verbs that do other things more often; three in ten of those that the trained tagger
/// does not see were right on training articles that it had not seen.
const SELDOM: f32 = 0.6;

/// The rules, joined with the trained tagger.
pub struct JoinedTagger<'m> {
    trained: &'m CrfTagger,
    least_score: f32,
}

impl<'m> JoinedTagger<'m> {
    /// Puts the rules on top of a trained tagger.
    pub fn new(trained: &'m CrfTagger) -> JoinedTagger<'m> {
        JoinedTagger { trained, least_score: LEAST_SCORE }
    }

    /// Sets the score below which the trained tagger is not believed.
    pub fn with_least_score(self, least_score: f32) -> JoinedTagger<'m> {
        JoinedTagger { least_score, ..self }
    }
}

impl Tagger for JoinedTagger<'_> {
    fn tag(&self, document: &Document<'_>) -> Vec<TaggedAttribution> {
        let ruled = RuleTagger.tag(document);
        let prepared = self.trained.prepare(document);
        let suspected = self.trained.tag_prepared(document, &prepared).into_iter().map(|(found, _)| found);
        let suspected: Vec<TaggedAttribution> = suspected.collect();
        let trained: Vec<&TaggedAttribution> = suspected.iter().filter(|t| t.score >= self.least_score).collect();
        let outer: Vec<Span> = document.quotations.iter().filter(|q| q.depth == 0).map(|q| q.span).collect();
        let quotations = Overlaps::of(outer.chunks(1));
        let is_quoted = |content: &[Span]| !quotations.owners(content).is_empty();
        let trained_contents = Overlaps::of(trained.iter().map(|t| t.content.as_slice()));
        let suspected_cues = Overlaps::of(suspected.iter().map(|t| t.cue.as_slice()));
        let ruled_contents = Overlaps::of(ruled.iter().map(|r| r.content.as_slice()));
        let ruled_cues = Overlaps::of(ruled.iter().map(|r| r.cue.as_slice()));
        let mut found = Vec::with_capacity(ruled.len() + trained.len());
        for rule in &ruled {
            if is_turn(document, rule) {
                found.push(rule.clone());
                continue;
            }
            let mut near = trained_contents.owners(&rule.content).into_iter().map(|t| trained[t]);
            match near.find(|t| are_one(t, rule)) {
                Some(same)
                    if !is_quoted(&rule.content)
                        && !is_quoted(&same.content)
                        && ruled_contents.owners(&same.content).len() == 1 =>
                {
                    found.push(without_that(document, &prepared.labels, same));
                }
                None if !is_quoted(&rule.content)
                    && (is_no_report(document, &prepared.labels, &rule.cue)
                        || rule.score <= SELDOM && suspected_cues.owners(&rule.cue).is_empty()) => {}
                _ => found.push(rule.clone()),
            }
        }
        let claims_something =
            |t: &TaggedAttribution| !is_refusal(document, t) && words(document, &t.content) >= FEWEST_WORDS;
        let is_new = |t: &TaggedAttribution| {
            ruled_contents.owners(&t.content).is_empty() && ruled_cues.owners(&t.cue).is_empty()
        };
        found.extend(
            trained
                .iter()
                .filter(|t| is_new(t) && claims_something(t))
                .map(|t| without_that(document, &prepared.labels, t)),
        );
        found.sort_by(|a, b| (&a.cue, &a.content).cmp(&(&b.cue, &b.content)));
        found.dedup_by(|a, b| a.cue == b.cue && a.content == b.content);
        found
    }
}

/// Tells whether a rule's attribution is a turn of a transcript: all of it is said by whom the label names.
fn is_turn(document: &Document<'_>, rule: &TaggedAttribution) -> bool {
    let colon = |cue: &Span| cue.of(document.text) == ":";
    rule.cue.first().is_some_and(|cue| colon(cue) && rule.source.first().is_some_and(|source| source.end <= cue.start))
}

/// Leaves the `that` which opens a content out of it: it belongs to the report and not to what was said.
fn without_that(document: &Document<'_>, labels: &Labels, attribution: &TaggedAttribution) -> TaggedAttribution {
    let mut clean = attribution.clone();
    if let Some(first) = clean.content.first_mut() {
        let mut tokens = document.tokens_in(*first);
        if let (Some(that), Some(next)) = (tokens.next(), tokens.next())
            && document.word(that).eq_ignore_ascii_case("that")
            // `said that was wrong`: here it is what was spoken of.
            && !labels.is_verb(next)
            && let Some(next) = document.tokens.get(next)
        {
            first.start = next.span.start;
        }
    }
    clean
}

/// Tells whether two attributions are one: they share their cue or most of their content.
fn are_one(a: &TaggedAttribution, b: &TaggedAttribution) -> bool {
    let longest = length(&a.content).max(length(&b.content));
    common(&a.cue, &b.cue) > 0 || common(&a.content, &b.content) * 2 >= longest
}

fn length(spans: &[Span]) -> usize {
    spans.iter().map(Span::len).sum()
}

/// The number of bytes that both cover.
fn common(a: &[Span], b: &[Span]) -> usize {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    pairs.map(|(x, y)| x.end.min(y.end).saturating_sub(x.start.max(y.start)) as usize).sum()
}

fn words(document: &Document<'_>, spans: &[Span]) -> usize {
    spans.iter().map(|s| s.of(document.text).split_whitespace().count()).sum()
}

/// Tells whether a rule's cue is no verb, as in `raised new questions`, and nothing else shows that it reports.
fn is_no_report(document: &Document<'_>, labels: &Labels, cue: &[Span]) -> bool {
    let is_word = |t: &usize| document.tokens.get(*t).is_some_and(|t| t.kind == TokenKind::Word);
    let words: Vec<usize> = cue.iter().flat_map(|s| document.tokens_in(*s)).filter(is_word).collect();
    let before_that = words.last().is_some_and(|t| document.word(t + 1).eq_ignore_ascii_case("that"));
    let according = words.first().is_some_and(|t| document.word(*t).eq_ignore_ascii_case("according"));
    let is_verb = words.iter().any(|t| labels.is_verb(*t));
    !(words.is_empty() || is_verb || before_that || according)
}

/// `declined to comment`, `did not respond to a request for comment`, `would not say whether …`, `asked if …`: nothing is claimed.
fn is_refusal(document: &Document<'_>, attribution: &TaggedAttribution) -> bool {
    let of = |spans: &[Span]| spans.iter().map(|s| s.of(document.text).to_lowercase()).collect::<Vec<_>>().join(" ");
    let (cue, content) = (of(&attribution.cue), of(&attribution.content));
    let opens = |words: &[&str]| words.iter().any(|w| content.split_whitespace().next() == Some(w));
    let refuses =
        ["declin", "refus", "not "].iter().any(|w| cue.contains(w)) || cue.contains("n't") || cue.contains("n’t");
    let asked_for = ["request for comment", "requests for comment", "request for an interview", "seeking comment"];
    content.starts_with("to comment")
        || asked_for.iter().any(|words| content.ends_with(words))
        || content.starts_with("comment")
        || (refuses && opens(&["whether", "if", "how", "what", "when", "where", "who", "why", "to"]))
        || (cue.contains("ask") && opens(&["whether", "if", "how", "what", "when", "where", "who", "why", "about"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<String> {
        let joined = JoinedTagger::new(CrfTagger::shipped().unwrap());
        let found = joined.tag(&Document::read(text));
        found.iter().map(|a| a.content.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" | ")).collect()
    }

    #[test]
    fn a_report_that_both_find_comes_once() {
        assert_eq!(
            contents("The harbour master said the ferry would sail on Sunday."),
            ["the ferry would sail on Sunday"]
        );
    }

    #[test]
    fn that_is_no_part_of_what_was_said() {
        assert_eq!(
            contents("The harbour master said that the ferry would sail and that nobody had warned him."),
            ["the ferry would sail", "nobody had warned him"]
        );
        assert_eq!(contents("The harbour master said that was wrong."), ["that was wrong"]);
    }

    #[test]
    fn a_refusal_is_no_claim() {
        assert_eq!(contents("The ministry declined to comment on the sale."), Vec::<String>::new());
        assert_eq!(contents("The ministry declined to say how many firms had bid."), Vec::<String>::new());
        assert_eq!(contents("The ministry did not respond to a request for comment."), Vec::<String>::new());
    }

    #[test]
    fn a_turn_is_said_whole() {
        let text = "MR. BO: Yes, Your Honor. I think that there are going to be many.\n\nMS. ROE: Well, I assure you that none is.\n\nMR. BO: Thank you.";
        assert_eq!(
            contents(text),
            [
                "Yes, Your Honor. I think that there are going to be many",
                "Well, I assure you that none is",
                "Thank you"
            ]
        );
    }

    #[test]
    fn a_noun_that_looks_like_a_cue_reports_nothing() {
        assert_eq!(contents("The blast raised new questions about the safety of the mine."), Vec::<String>::new());
    }

    #[test]
    fn a_rule_stands_where_the_trained_tagger_only_suspects() {
        assert_eq!(
            contents(
                "The ministry gave its blessing, but Orr on Thursday accused other unnamed parties of dragging their feet."
            ),
            ["other unnamed parties of dragging their feet"]
        );
    }
}
