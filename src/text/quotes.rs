//! Quotations: which marks open and close, in every style a newspaper uses.
//!
//! One block is read at a time. A first pass collects its marks and what each may do, judged by its glyph and by what
//! stands beside it. A second pass keeps a stack of open quotations; where a mark can be read in two ways it looks
//! ahead for the closing marks that either reading needs. A quotation that is still open at the end of a block goes on
//! in the next block if that one re-opens it, or closes it without an opening mark; else its closing mark is missing.

mod ahead;
mod marks;

use crate::span::Span;

use self::ahead::Ahead;
use self::marks::{Family, Mark, Role, marks, opening_family};
use super::{Block, Quotation};

/// Reads the quotations of all blocks, in order of their opening marks.
pub fn quotations(text: &str, blocks: &[Block]) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let mut carried: Vec<Family> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if !block.kind.holds_claims() {
            // A caption or an advertisement may stand in the middle of a long quotation; it has its own marks.
            read_block(text, block.span, &[], None, &mut found);
            continue;
        }
        let next =
            blocks[index + 1..].iter().find(|b| b.kind.holds_claims()).and_then(|b| opening_family(b.span.of(text)));
        carried = read_block(text, block.span, &carried, next, &mut found);
    }
    found
}

/// Quotations that lie in one another deeper than this are no quotations; newspapers go three or four deep.
const DEEPEST: usize = 16;

struct Open {
    family: Family,
    index: usize,
    doubtful: bool,
}

fn read_block(
    text: &str,
    span: Span,
    carried: &[Family],
    next_opens: Option<Family>,
    found: &mut Vec<Quotation>,
) -> Vec<Family> {
    let marks = marks(text, span);
    let ahead = Ahead::of(&marks);
    let last_end = span.start as usize;
    let mut reader = Reader { next_opens, text, span, marks: &marks, ahead, found, stack: Vec::new(), last_end };
    let mut next = reader.resume(carried);
    while let Some(&mark) = marks.get(next) {
        reader.take(next, mark);
        next += 1;
    }
    reader.finish()
}

struct Reader<'a> {
    text: &'a str,
    span: Span,
    marks: &'a [Mark],
    ahead: Ahead,
    found: &'a mut Vec<Quotation>,
    stack: Vec<Open>,
    /// Where the last quotation of depth 0 ended.
    last_end: usize,
    /// The family of the mark that the next block begins with.
    next_opens: Option<Family>,
}

impl Reader<'_> {
    /// Takes up quotations that the block before left open; returns the number of marks used.
    fn resume(&mut self, carried: &[Family]) -> usize {
        let mut at = self.span.start as usize;
        let mut used = 0;
        for &family in carried {
            let Some(mark) =
                self.marks.get(used).filter(|m| m.start == at && m.family == family && m.role != Role::Closes)
            else {
                break;
            };
            self.open(*mark, true);
            at = mark.end;
            used += 1;
        }
        if used == 0
            && let Some(&family) = carried.first()
        {
            let first = self.marks.iter().find(|m| m.family == family && !m.doubtful);
            if first.is_some_and(|m| m.role == Role::Closes) {
                let start = self.span.start as usize;
                self.open(Mark { start, end: start, family, role: Role::Opens, doubtful: false, strong: false }, true);
            }
        }
        used
    }

    fn take(&mut self, number: usize, mark: Mark) {
        let at = self.stack.iter().rposition(|o| o.family == mark.family);
        let later = number + 1;
        match (mark.role, at) {
            (Role::Opens, None) | (Role::Either, None) => {
                if !mark.doubtful || self.ahead.has_closer(later, mark.family) || self.is_reopened(mark) {
                    self.open(mark, false);
                }
            }
            (Role::Opens, Some(at)) => {
                let needed = self.stack.iter().filter(|o| o.family == mark.family).count() + 1;
                if self.ahead.closes_all(later, mark.family, needed) {
                    self.open(mark, false);
                } else if !mark.doubtful {
                    // The earlier one lost its closing mark.
                    self.abandon(at, mark.start);
                    self.open(mark, false);
                }
            }
            (Role::Closes, Some(at)) | (Role::Either, Some(at)) => {
                if !self.is_apostrophe(mark, at, later) {
                    self.close(at, mark);
                }
            }
            (Role::Closes, None) => self.lost_opener(mark),
        }
    }

    /// Tells whether a mark begins a block and the next block begins with its like.
    fn is_reopened(&self, mark: Mark) -> bool {
        mark.start == self.span.start as usize && self.next_opens == Some(mark.family)
    }

    /// Tells whether a single closing mark is rather a possessive or a dropped letter.
    fn is_apostrophe(&self, mark: Mark, at: usize, later: usize) -> bool {
        if mark.family != Family::Single {
            return false;
        }
        if let Some(inner) = self.stack[at + 1..].iter().find(|o| o.family != Family::Single)
            && !mark.strong
            && self.ahead.next(later, inner.family).is_some_and(|m| self.marks[m].role != Role::Opens)
        {
            return true;
        }
        if !mark.doubtful {
            return false;
        }
        // `the workers’ fault,’`: another, surer mark closes before anything opens anew.
        self.ahead.closes_single(later)
    }

    fn open(&mut self, mark: Mark, continues: bool) {
        if self.stack.len() == DEEPEST {
            return;
        }
        let end = self.span.end;
        let quotation = Quotation {
            span: Span { start: mark.start as u32, end },
            inner: Span { start: mark.end as u32, end },
            depth: u8::try_from(self.stack.len()).unwrap_or(u8::MAX),
            continues,
            closed: false,
        };
        let doubtful = mark.doubtful && !self.is_reopened(mark);
        self.stack.push(Open { family: mark.family, index: self.found.len(), doubtful });
        self.found.push(quotation);
    }

    fn close(&mut self, at: usize, mark: Mark) {
        self.abandon(at + 1, mark.start);
        let Some(open) = self.stack.pop() else { return };
        let quotation = &mut self.found[open.index];
        quotation.span.end = mark.end as u32;
        quotation.inner.end = mark.start as u32;
        quotation.closed = true;
        if self.stack.is_empty() {
            self.last_end = mark.end;
        }
    }

    /// Ends the quotations from `from` on at byte `end`, without closing marks.
    fn abandon(&mut self, from: usize, end: usize) {
        while self.stack.len() > from {
            let Some(open) = self.stack.pop() else { return };
            let quotation = &mut self.found[open.index];
            let inner = self.text.get(quotation.inner.start as usize..end).unwrap_or("");
            let end = quotation.inner.start + inner.trim_end().len() as u32;
            if open.doubtful && open.family == Family::Single || end == quotation.inner.start {
                // An apostrophe after all, or a mark with nothing behind it.
                self.drop_quotation(open.index);
            } else {
                quotation.inner.end = end;
                quotation.span.end = end;
                if self.stack.is_empty() {
                    self.last_end = end as usize;
                }
            }
        }
    }

    fn drop_quotation(&mut self, index: usize) {
        let dropped = self.found.remove(index);
        for nested in &mut self.found[index..] {
            if dropped.span.contains(nested.span) {
                nested.depth = nested.depth.saturating_sub(1);
            }
        }
        for open in &mut self.stack {
            if open.index > index {
                open.index -= 1;
            }
        }
    }

    /// A closing mark with no opening one: the quotation begins with its sentence.
    fn lost_opener(&mut self, mark: Mark) {
        if !mark.strong || !self.stack.is_empty() || mark.family == Family::Single {
            return;
        }
        let before = self.text.get(self.last_end..mark.start).unwrap_or("");
        let sentence = before
            .char_indices()
            .rev()
            .skip(2)
            .find(|(at, c)| matches!(c, '.' | '!' | '?') && before[at + 1..].starts_with(char::is_whitespace));
        let start = self.last_end + sentence.map_or(0, |(at, _)| at + 1);
        let start = start + (self.text[start..].len() - self.text[start..].trim_start().len());
        if start >= mark.start {
            return;
        }
        self.found.push(Quotation {
            span: Span::new(start, mark.end),
            inner: Span::new(start, mark.start),
            depth: 0,
            continues: false,
            closed: true,
        });
        self.last_end = mark.end;
    }

    /// Ends what is open; returns the families that the next block may take up.
    fn finish(mut self) -> Vec<Family> {
        let open: Vec<Family> = self.stack.iter().filter(|o| !o.doubtful).map(|o| o.family).collect();
        self.abandon(0, self.span.end as usize);
        open
    }
}

#[cfg(test)]
mod tests {
    use crate::text::Document;

    /// Each quotation as `depth:inner`, with `>` where it continues and `…` where no mark closes it.
    fn quotes(text: &str) -> Vec<String> {
        Document::read(text)
            .quotations
            .iter()
            .map(|q| {
                format!(
                    "{}{}:{}{}",
                    if q.continues { ">" } else { "" },
                    q.depth,
                    q.inner.of(text),
                    if q.closed { "" } else { "…" }
                )
            })
            .collect()
    }

    #[test]
    fn straight_and_curly_double_marks() {
        assert_eq!(quotes("\"We go,\" she said. \"Now.\""), ["0:We go,", "0:Now."]);
        assert_eq!(quotes("“We go”, she said, “now”."), ["0:We go", "0:now"]);
        assert_eq!(quotes("''We go,'' she said."), ["0:We go,"]);
        assert_eq!(quotes("He said:\"We go.\""), ["0:We go."]);
        assert_eq!(quotes("She said—\"We go\"—and left."), ["0:We go"]);
    }

    #[test]
    fn british_single_marks_and_apostrophes() {
        assert_eq!(
            quotes("‘It’s the miners’ fault,’ he said. ‘Don’t ask.’"),
            ["0:It’s the miners’ fault,", "0:Don’t ask."]
        );
        assert_eq!(
            quotes("'It's the miners' fault,' he said. 'Don't ask.'"),
            ["0:It's the miners' fault,", "0:Don't ask."]
        );
        assert_eq!(quotes("Both sides ‘closing gaps’ in talks"), ["0:closing gaps"]);
        assert_eq!(quotes("the ‘closing gaps’ plan was the workers’ idea"), ["0:closing gaps"]);
        assert_eq!(quotes("The dogs' owners and the '90s were rock 'n' roll."), Vec::<String>::new());
        assert_eq!(quotes("’Tis the workers’ hour, and ’twas ever so."), Vec::<String>::new());
        assert_eq!(quotes("‘There’s nothin’ to see here,’ he said."), ["0:There’s nothin’ to see here,"]);
    }

    #[test]
    fn nested_marks_of_other_and_of_the_same_style() {
        assert_eq!(quotes("“He said ‘no’ to me,” she said."), ["0:He said ‘no’ to me,", "1:no"]);
        assert_eq!(quotes("‘He called it “a mess”,’ she said."), ["0:He called it “a mess”,", "1:a mess"]);
        assert_eq!(quotes("\"He said, 'No way.'\" She left."), ["0:He said, 'No way.'", "1:No way."]);
        assert_eq!(
            quotes("“They moved to “he must go” in a day”, she said."),
            ["0:They moved to “he must go” in a day", "1:he must go"]
        );
        assert_eq!(quotes("'''No,' he told me,'' she said."), ["0:'No,' he told me,", "1:No,"]);
    }

    #[test]
    fn guillemets_and_low_marks() {
        assert_eq!(quotes("«We go», she said. « Now »"), ["0:We go", "0: Now "]);
        assert_eq!(quotes("»We go«, she said, »now«."), ["0:We go", "0:now"]);
        assert_eq!(quotes("„We go“, she said. „Now.”"), ["0:We go", "0:Now."]);
    }

    #[test]
    fn quotations_go_on_over_paragraphs() {
        assert_eq!(quotes("“One.\n\n“Two.\n\n“Three,” he said."), ["0:One.…", ">0:Two.…", ">0:Three,"]);
        assert_eq!(quotes("'One.\n\n'Two,' he said."), ["0:One.…", ">0:Two,"]);
        assert_eq!(quotes("\"One.\n\nTwo,\" he said. \"Three.\""), ["0:One.…", ">0:Two,", "0:Three."]);
        assert_eq!(quotes("“One.”\n\n“Two.”"), ["0:One.", "0:Two."]);
    }

    #[test]
    fn a_missing_mark_spoils_no_more_than_its_neighbourhood() {
        assert_eq!(
            quotes("“We go, he said. “It is late,” she said.\n\nThey left."),
            ["0:We go, he said.…", "0:It is late,"]
        );
        assert_eq!(quotes("It rained. We go,” he said. “It is late.”"), ["0:We go,", "0:It is late."]);
        assert_eq!(quotes("“We go, he said.\n\nThey left. “Bye,” she said."), ["0:We go, he said.…", "0:Bye,"]);
        assert_eq!(quotes("He is 6'2\" tall."), Vec::<String>::new());
    }
}
