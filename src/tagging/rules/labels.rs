//! Names that stand apart: `KERRY: …`, `Q.`, `“…” ― Ann Poe`.

use std::collections::{BTreeMap, HashSet};

use super::pieces::{span_of, trimmed_end};
use super::{ASKERS, Reader, Turn};
use crate::span::Span;
use crate::tagging::elements::Element;
use crate::text::{Block, BlockKind, Document};

impl Reader<'_, '_> {
    /// Reads `KERRY: …`, `Ms Stott: “…”` and `Pence: …` at the start of a block.
    pub(super) fn label(&mut self, block: &Block, all: &[Element]) -> bool {
        if self.answer(all) {
            return true;
        }
        let Some(colon) = all.iter().take(8).position(|e| e.is(&[":"])) else { return false };
        let name = &all[..colon];
        if colon == 0
            || !name
                .iter()
                .all(|e| e.word && (e.capital || e.is(&["de", "van", "der", "von", "al", "la", "of", "the"])))
            || all.len() < colon + 2
        {
            return false;
        }
        if self.transcript && name[0].is(&["by"]) && colon > 1 {
            // `BY MR. BO:` names who asks from here on; who answers is named elsewhere.
            (self.asking, self.asked, self.turn, self.spoke) = (true, false, None, None);
            return true;
        }
        let span = Span { start: name[0].span.start, end: name[colon - 1].span.end };
        let shouted = span.of(self.document.text).chars().all(|c| !c.is_lowercase()) && span.len() > 1;
        let quoted = all[colon + 1].is_quotation();
        let short = matches!(name[0].lower.as_str(), "q" | "q." | "a" | "a.") && colon == 1;
        let headline = block.kind == BlockKind::Headline
            && colon <= 3
            && !name.iter().any(|e| {
                e.is(&[
                    "update",
                    "report",
                    "watch",
                    "exclusive",
                    "analysis",
                    "breaking",
                    "interview",
                    "transcript",
                    "podcast",
                ])
            });
        if !(shouted || quoted || headline || short || self.transcript) {
            return false;
        }
        self.asked = false;
        self.asking = ASKERS.contains(&name[colon - 1].lower.as_str())
            || name[0].is(&["q", "q."])
            || self.askers.contains(span.of(self.document.text));
        if self.asking {
            return true;
        }
        let cue = vec![all[colon].span];
        let source = if short { self.answerer().map_or(Vec::new(), |t| t.source) } else { vec![span] };
        let content = if quoted && all[colon + 2..].iter().all(Element::is_mark) {
            self.quoted(&all[colon + 1])
        } else {
            let end = trimmed_end(all, colon + 1, all.len());
            span_of(all, colon + 1..end)
        };
        if let Some(content) = content {
            self.push(&source, &cue, vec![content], 0.9);
        }
        self.turn = (block.kind != BlockKind::Headline).then_some(Turn { source, cue });
        self.spoke = None;
        true
    }

    /// Reads `Q. Is it closed?` and `A. Yes. It is.` where the text is made of them; the answers name no source.
    fn answer(&mut self, all: &[Element]) -> bool {
        let [mark, rest @ ..] = all else { return false };
        let rest = if rest.first().is_some_and(|e| e.is(&["."])) { &rest[1..] } else { rest };
        let question = mark.is(&["q", "q."]);
        if !self.answers || rest.is_empty() || !question && !mark.is(&["a", "a."]) {
            return false;
        }
        (self.asking, self.asked) = (question, false);
        if !question && let Some(content) = span_of(rest, 0..trimmed_end(rest, 0, rest.len())) {
            let (source, cue) = self.answerer().map_or((Vec::new(), Vec::new()), |t| (t.source, t.cue));
            self.push(&source, &cue, vec![content], 0.8);
        }
        self.turn = None;
        self.spoke = None;
        true
    }

    /// Returns whose turn it was before a question, where whoever answers can be meant.
    fn answerer(&mut self) -> Option<Turn> {
        self.turn.take().filter(|_| self.one_named)
    }

    /// Reads a further paragraph of a turn in a transcript.
    pub(super) fn continues_turn(&mut self, block: &Block, all: &[Element]) -> bool {
        let Some(turn) = self.turn.clone().filter(|_| self.transcript && block.kind == BlockKind::Prose) else {
            return false;
        };
        if self.asking {
            return true;
        }
        if let Some(content) = span_of(all, 0..trimmed_end(all, 0, all.len())) {
            self.push(&turn.source, &turn.cue, vec![content], 0.8);
        }
        true
    }

    /// `“…” ― Ann Poe`.
    pub(super) fn dash(&mut self, unit: &[Element], lone: Option<usize>) -> bool {
        let (first, mark, name) = match unit {
            [first, mark, name @ ..] if first.is_quotation() => (Some(first), mark, name),
            [mark, name @ ..] if lone.is_some() => (None, mark, name),
            _ => return false,
        };
        if !mark.is(&["―", "—", "–", "--", "-"]) || name.is_empty() || name.len() > 10 {
            return false;
        }
        let named = name.iter().take_while(|e| e.word && e.capital).count();
        if named == 0 || named > 5 || name.get(named).is_some_and(|e| e.word) {
            return false;
        }
        let source = vec![Span { start: name[0].span.start, end: name[named - 1].span.end }];
        if let Some(content) = first.and_then(|f| self.quoted(f)) {
            self.push(&source, &[mark.span], vec![content], 0.9);
        } else if let Some(waiting) = lone.and_then(|index| self.out.get_mut(index)) {
            waiting.source = source;
            waiting.cue = vec![mark.span];
            waiting.score = 0.9;
        }
        self.turn = None;
        true
    }
}

/// Returns the names with which blocks open, before a colon.
pub(super) fn labels<'t>(document: &Document<'t>) -> Vec<&'t str> {
    let label = |block: &Block| {
        let (label, rest) = block.span.of(document.text).split_once(':')?;
        let named = label.len() <= 60
            && label.split_whitespace().count() <= 8
            && label.split_whitespace().all(|w| w.starts_with(char::is_uppercase) || matches!(w, "of" | "the"));
        (named && rest.starts_with(' ')).then_some(label)
    };
    document.blocks.iter().filter_map(label).collect()
}

/// Tells whether one person at most is named by labels: whoever answers as `A.` among several is not told by them.
pub(super) fn one_named(labels: &[&str]) -> bool {
    let named: HashSet<&str> = labels.iter().copied().filter(|label| !matches!(*label, "Q" | "A")).collect();
    named.len() <= 1
}

/// Tells a transcript by its blocks: three or more open with a name and a colon, three in ten or more, and one name comes twice.
pub(super) fn is_transcript(document: &Document<'_>, labels: &[&str]) -> bool {
    let mut seen = HashSet::new();
    let twice = labels.iter().any(|label| !seen.insert(*label));
    let distinct = labels.iter().any(|label| Some(label) != labels.first());
    labels.len() >= 3 && labels.len() * 10 >= document.blocks.len() * 3 && twice && distinct
}

/// Finds the names in a transcript of those who do nothing but ask: they have several turns, and all of these but a last one
/// end with a question.
pub(super) fn askers<'d>(document: &Document<'d>) -> HashSet<&'d str> {
    let mut turns: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for block in &document.blocks {
        let Some((label, said)) = block.span.of(document.text).split_once(':') else { continue };
        let (all, questions) = turns.entry(label).or_default();
        *all += 1;
        *questions += usize::from(said.trim_end().ends_with('?'));
    }
    let only_asks = |(all, questions): &(usize, usize)| *questions >= 2 && questions + 1 >= *all;
    turns.into_iter().filter(|(_, counts)| only_asks(counts)).map(|(label, _)| label).collect()
}

/// Tells whether paragraphs open with `Q.` and with `A.`, two of each or more.
pub(super) fn has_answers(document: &Document<'_>) -> bool {
    let opened_by = |mark: &str| document.blocks.iter().filter(|b| b.span.of(document.text).starts_with(mark)).count();
    opened_by("Q. ") >= 2 && opened_by("A. ") >= 2
}
