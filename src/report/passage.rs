//! A claim in its surroundings, cut into pieces that are plain, said or marked.

use crate::claim::Claim;
use crate::span::Span;

/// What a piece of a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The reporter's words around the claim.
    Around,
    /// The claim.
    Said,
    /// Words of the claim that a reason points at.
    Marked,
}

/// A claim's passage as pieces that concatenate to its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The text shown.
    pub text: String,
    /// The pieces in order, without gaps; none is empty.
    pub pieces: Vec<(Span, Part)>,
}

/// Longer surroundings are left out, and the claim stands alone.
const LONGEST: usize = 1200;

impl Passage {
    /// Makes the passage of a claim; `marks` are spans into the claim's text.
    ///
    /// It is the sentence that holds the claim, where all of the claim lies in it; else the claim alone.
    pub fn new(claim: &Claim, marks: &[Span]) -> Passage {
        let said = claim.context.sentence_span.and_then(|sentence| {
            let fits = sentence.len() == claim.context.sentence.len() && sentence.len() <= LONGEST;
            let inside = !claim.attribution.content.is_empty()
                && claim.attribution.content.iter().all(|piece| sentence.contains(*piece));
            (fits && inside).then(|| {
                let place = |span: &Span| {
                    Span::new((span.start - sentence.start) as usize, (span.end - sentence.start) as usize)
                };
                claim.attribution.content.iter().map(place).collect::<Vec<Span>>()
            })
        });
        match said {
            Some(said) => {
                let marked = marks.iter().flat_map(|mark| through_pieces(*mark, &said, claim)).collect::<Vec<_>>();
                Passage::cut(claim.context.sentence.clone(), &said, &marked)
            }
            None => Passage::of_statement(&claim.text, marks),
        }
    }

    /// Makes the passage of a statement that stands alone.
    pub fn of_statement(text: &str, marks: &[Span]) -> Passage {
        Passage::cut(text.to_string(), &[Span::new(0, text.len())], marks)
    }

    fn cut(text: String, said: &[Span], marked: &[Span]) -> Passage {
        let mut edges: Vec<usize> = vec![0, text.len()];
        for span in said.iter().chain(marked) {
            edges.extend([span.start as usize, span.end as usize]);
        }
        edges.retain(|edge| text.is_char_boundary(*edge));
        edges.sort_unstable();
        edges.dedup();
        let within = |spans: &[Span], piece: Span| spans.iter().any(|span| span.contains(piece));
        let mut pieces: Vec<(Span, Part)> = Vec::new();
        for edge in edges.windows(2) {
            let piece = Span::new(edge[0], edge[1]);
            let part = if within(marked, piece) {
                Part::Marked
            } else if within(said, piece) {
                Part::Said
            } else {
                Part::Around
            };
            match pieces.last_mut() {
                Some((last, same)) if *same == part => last.end = piece.end,
                _ => pieces.push((piece, part)),
            }
        }
        Passage { text, pieces }
    }
}

/// Where a span of a claim's text lies in the sentence, whose pieces make up that text with ` … ` between them.
fn through_pieces(mark: Span, said: &[Span], claim: &Claim) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    for piece in said {
        let words = piece.of(&claim.context.sentence);
        // The claim's text is built from these pieces; where one cannot be found again, nothing is marked.
        let Some(at) = claim.text.get(from..).and_then(|rest| rest.find(words)).map(|at| from + at) else { break };
        from = at + words.len();
        let (start, end) = ((mark.start as usize).max(at), (mark.end as usize).min(from));
        if start < end {
            let shift = piece.start as usize;
            found.push(Span::new(shift + start - at, shift + end - at));
        }
    }
    found
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::attribution::{Act, Attribution, Kind, Referent, Sort};
    use crate::claim::{ArticleId, ClaimId, Context, SpeakerId};

    /// A claim of a made-up speaker: `sentence` with the claim's pieces between `[` and `]`.
    pub(crate) fn claim(id: u64, date: &str, outlet: &str, sentence: &str) -> Claim {
        let mut text = String::new();
        let mut content = Vec::new();
        for c in sentence.chars() {
            match c {
                '[' => content.push(Span::new(text.len(), text.len())),
                ']' => content.last_mut().unwrap().end = text.len() as u32,
                c => text.push(c),
            }
        }
        let start = 40;
        let said: Vec<&str> = content.iter().map(|s| s.of(&text)).collect();
        Claim {
            id: ClaimId(id),
            speaker: SpeakerId(1),
            speaker_name: "Petra Vance".into(),
            article: ArticleId([id as u8; 16]),
            version: 1,
            outlet: Some(outlet.into()),
            url: Some(format!("https://{}.example/{id}", outlet.to_lowercase())),
            title: Some("A title".into()),
            date: date.parse().ok(),
            attribution: Attribution {
                source: vec![],
                cue: vec![],
                content: content.iter().map(|s| Span::new(s.start as usize + start, s.end as usize + start)).collect(),
                speaker: Some(Referent {
                    name: "Petra Vance".into(),
                    sort: Sort::Person,
                    gender: None,
                    roles: vec![],
                    aliases: vec![],
                    confidence: 0.9,
                }),
                kind: Kind::Direct,
                act: Act::Speech,
                confidence: 0.9,
            },
            text: said.join(" … "),
            context: Context {
                before: String::new(),
                sentence_span: Some(Span::new(start, start + text.len())),
                sentence: text,
            },
        }
    }

    fn shown(passage: &Passage) -> Vec<(&str, Part)> {
        passage.pieces.iter().map(|(span, part)| (span.of(&passage.text), *part)).collect()
    }

    #[test]
    fn marks_follow_a_claim_through_its_pieces() {
        let claim = claim(1, "2024-01-02", "Mail", "“[There will be no tolls],” she said, “[not ever].”");
        assert_eq!(claim.text, "There will be no tolls … not ever");
        let at = claim.text.find("no tolls").unwrap();
        let never = claim.text.find("not").unwrap();
        let passage = Passage::new(&claim, &[Span::new(at, at + 8), Span::new(never, never + 3)]);
        assert_eq!(
            shown(&passage),
            [
                ("“", Part::Around),
                ("There will be ", Part::Said),
                ("no tolls", Part::Marked),
                (",” she said, “", Part::Around),
                ("not", Part::Marked),
                (" ever", Part::Said),
                (".”", Part::Around),
            ]
        );
    }

    #[test]
    fn a_claim_that_leaves_its_sentence_stands_alone() {
        let mut claim = claim(1, "2024-01-02", "Mail", "“[No tolls].”");
        claim.attribution.content[0].end += 300;
        assert_eq!(shown(&Passage::new(&claim, &[])), [("No tolls", Part::Said)]);
    }
}
