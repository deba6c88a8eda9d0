//! Which of many spans share a byte with a given one, without looking at all of them.

use crate::span::Span;

/// Spans with the numbers of whom they belong to, ordered for asking.
pub(super) struct Overlaps {
    /// In order of their starts.
    spans: Vec<(Span, usize)>,
    /// Where the farthest of a stretch of spans ends; kept at the middle of the stretch, halves of halves.
    farthest: Vec<u32>,
}

impl Overlaps {
    /// Orders the spans of each owner; owners are numbered as they come.
    pub fn of<'s>(owned: impl Iterator<Item = &'s [Span]>) -> Overlaps {
        let mut spans: Vec<(Span, usize)> =
            owned.enumerate().flat_map(|(owner, spans)| spans.iter().map(move |s| (*s, owner))).collect();
        spans.sort_unstable();
        let mut overlaps = Overlaps { farthest: vec![0; spans.len()], spans };
        overlaps.measure(0, overlaps.spans.len());
        overlaps
    }

    fn measure(&mut self, from: usize, to: usize) -> u32 {
        if from == to {
            return 0;
        }
        let middle = from.midpoint(to);
        let sides = self.measure(from, middle).max(self.measure(middle + 1, to));
        self.farthest[middle] = sides.max(self.spans[middle].0.end);
        self.farthest[middle]
    }

    /// Returns the owners of spans that share a byte with one of `asked`, in order, each once.
    pub fn owners(&self, asked: &[Span]) -> Vec<usize> {
        let mut found = Vec::new();
        for span in asked {
            self.visit(0, self.spans.len(), *span, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn visit(&self, from: usize, to: usize, asked: Span, found: &mut Vec<usize>) {
        let middle = from.midpoint(to);
        if from == to || self.farthest[middle] <= asked.start {
            return;
        }
        self.visit(from, middle, asked, found);
        let (span, owner) = self.spans[middle];
        if span.start < asked.end {
            if span.overlaps(asked) {
                found.push(owner);
            }
            self.visit(middle + 1, to, asked, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_looking_at_each_finds(
            owned in proptest::collection::vec(proptest::collection::vec((0usize..60, 1usize..30), 0..4), 0..20),
            asked in proptest::collection::vec((0usize..80, 1usize..9), 0..4),
        ) {
            let spans = |list: &[(usize, usize)]| -> Vec<Span> {
                list.iter().map(|(start, length)| Span::new(*start, start + length)).collect()
            };
            let owned: Vec<Vec<Span>> = owned.iter().map(|o| spans(o)).collect();
            let asked = spans(&asked);
            let overlaps = Overlaps::of(owned.iter().map(Vec::as_slice));
            let expected: Vec<usize> =
                (0..owned.len()).filter(|o| owned[*o].iter().any(|s| asked.iter().any(|a| a.overlaps(*s)))).collect();
            prop_assert_eq!(overlaps.owners(&asked), expected);
        }
    }
}
