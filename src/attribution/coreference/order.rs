//! The order in which attributions are read, and which lies within which.

use super::words::Words;
use crate::attribution::Attribution;

/// Where an attribution stands: its first token, how deep inside other attributions' content, and in whose.
pub(super) struct Place {
    pub index: usize,
    pub token: usize,
    pub depth: u32,
    pub parent: Option<usize>,
}

/// Puts attributions in reading order, outer ones first.
pub(super) fn reading_order(words: &Words<'_>, attributions: &[Attribution]) -> Vec<Place> {
    let anchor = |a: &Attribution| {
        let first = a.source.first().or(a.cue.first()).or(a.content.first());
        first.map_or(0, |s| s.start)
    };
    // Every content span opens and closes; an attribution lies in those that are open where its source or cue stands.
    let mut contents: Vec<(u32, u32, usize)> =
        attributions.iter().enumerate().flat_map(|(i, a)| a.content.iter().map(move |s| (s.start, s.end, i))).collect();
    contents.sort_by_key(|(start, end, i)| (*start, std::cmp::Reverse(*end), *i));
    let mut anchors: Vec<(u32, usize)> = attributions.iter().enumerate().map(|(i, a)| (anchor(a), i)).collect();
    anchors.sort_unstable();
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut next = 0;
    let mut parents: Vec<Option<usize>> = vec![None; attributions.len()];
    for (at, i) in &anchors {
        while let Some((start, end, k)) = contents.get(next).filter(|(start, _, _)| start <= at) {
            let _ = start;
            open.retain(|(close, _)| close > at);
            open.push((*end, *k));
            next += 1;
        }
        open.retain(|(close, _)| close > at);
        let own_source = attributions[*i].source.is_empty() && attributions[*i].cue.is_empty();
        parents[*i] = open.iter().rev().find(|(_, k)| k != i && !own_source).map(|(_, k)| *k);
    }
    let depth_of = |i: usize| {
        let (mut depth, mut at) = (0u32, i);
        while let Some(parent) = parents[at] {
            depth += 1;
            at = parent;
            if depth > 8 {
                break;
            }
        }
        depth
    };
    let mut places: Vec<Place> = attributions
        .iter()
        .enumerate()
        .map(|(index, a)| Place {
            index,
            token: words.list.partition_point(|w| w.span.end <= anchor(a)),
            depth: depth_of(index),
            parent: parents[index],
        })
        .collect();
    places.sort_by_key(|p| (p.depth, p.token, p.index));
    places
}
