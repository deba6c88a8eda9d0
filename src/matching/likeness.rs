//! Claims like a text, best first: BM25 over words and over pieces of words, which find inflected and misspelt forms.

use std::collections::BTreeMap;

use crate::claim::ClaimId;
use crate::span::Span;

/// Longest part of a word that is cut into pieces.
const LETTERS: usize = 40;

/// How many slots pieces fall into.
const SLOTS: usize = 4096;

/// Ranks claims by how like a query they are; every claim is shown to it once, and only what it shares is kept.
pub struct Ranking {
    /// Pieces of the query by their hash, with how often the query has each.
    wanted: BTreeMap<u64, f64>,
    /// Slots of the pieces that the query has: most others are told apart by these at once.
    slots: [u64; SLOTS / 64],
    /// How many claims hold each piece.
    holders: BTreeMap<u64, usize>,
    claims: usize,
    pieces: usize,
    /// Claims that share a piece with the query.
    found: Vec<Held>,
    /// How common pieces are among all claims, where only some of them were shown.
    whole: Option<Whole>,
}

/// What a sample tells of all claims.
struct Whole {
    claims: f64,
    /// Mean length in pieces.
    mean: f64,
    holders: BTreeMap<u64, f64>,
}

/// A claim, its length in pieces, and the pieces it shares with the query.
struct Held {
    id: ClaimId,
    length: usize,
    shared: Vec<(u64, usize)>,
}

impl Ranking {
    /// Makes a ranking for a query, without claims.
    pub fn new(query: &str) -> Ranking {
        let mut wanted = BTreeMap::new();
        let mut slots = [0; SLOTS / 64];
        pieces(query, |piece| {
            *wanted.entry(piece).or_insert(0.0) += 1.0;
            let (at, bit) = slot(piece);
            slots[at] |= bit;
        });
        Ranking { wanted, slots, holders: BTreeMap::new(), claims: 0, pieces: 0, found: Vec::new(), whole: None }
    }

    /// Tells whether the query has no word.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Takes a claim into account.
    pub fn take(&mut self, id: ClaimId, text: &str) {
        let mut shared: BTreeMap<u64, usize> = BTreeMap::new();
        let mut length = 0;
        pieces(text, |piece| {
            length += 1;
            let (at, bit) = slot(piece);
            if self.slots[at] & bit != 0 && self.wanted.contains_key(&piece) {
                *shared.entry(piece).or_default() += 1;
            }
        });
        self.claims += 1;
        self.pieces += length;
        if shared.is_empty() {
            return;
        }
        for piece in shared.keys() {
            *self.holders.entry(*piece).or_default() += 1;
        }
        self.found.push(Held { id, length, shared: shared.into_iter().collect() });
    }

    /// Takes from a sample how common things are among all claims, where only those were shown that promise something; each claim of
    /// the sample stands for `each`.
    pub fn weigh<'t>(&mut self, sample: impl Iterator<Item = &'t str>, each: f64) {
        let mut seen = Ranking { wanted: std::mem::take(&mut self.wanted), slots: self.slots, ..Ranking::new("") };
        for text in sample {
            seen.take(ClaimId(0), text);
        }
        self.wanted = seen.wanted;
        if seen.claims > 0 {
            self.whole = Some(Whole {
                claims: seen.claims as f64 * each,
                mean: seen.pieces as f64 / seen.claims as f64,
                holders: seen.holders.into_iter().map(|(piece, held)| (piece, held as f64 * each)).collect(),
            });
        }
    }

    /// Returns the claims most like the query, with a score up to 1.
    pub fn best(&self, limit: usize) -> Vec<(ClaimId, f64)> {
        const SATURATION: f64 = 1.2;
        const LENGTH: f64 = 0.5;
        let shown = self.claims as f64;
        let (claims, mean) = match &self.whole {
            Some(whole) => (whole.claims.max(shown), whole.mean),
            None => (shown, self.pieces as f64 / shown.max(1.0)),
        };
        let rarity = |piece: &u64| {
            // Of what is rare, those shown hold most; of what is common, the sample tells better.
            let shown = self.holders.get(piece).copied().unwrap_or(0) as f64;
            let sampled = self.whole.as_ref().and_then(|whole| whole.holders.get(piece)).copied().unwrap_or(0.0);
            let holders = shown.max(sampled).min(claims);
            (1.0 + (claims - holders + 0.5) / (holders + 0.5)).ln()
        };
        let weights: BTreeMap<u64, f64> = self.wanted.iter().map(|(piece, n)| (*piece, n * rarity(piece))).collect();
        let most: f64 = weights.values().sum();
        let mut scored: Vec<(ClaimId, f64)> = self
            .found
            .iter()
            .map(|held| {
                let norm = SATURATION * (1.0 - LENGTH + LENGTH * held.length as f64 / mean.max(1.0));
                let score: f64 = held
                    .shared
                    .iter()
                    .map(|(piece, n)| {
                        let n = *n as f64;
                        weights.get(piece).copied().unwrap_or(0.0) * n * (SATURATION + 1.0) / (n + norm)
                    })
                    .sum();
                (held.id, score / (most * (SATURATION + 1.0)).max(f64::MIN_POSITIVE))
            })
            // A few common letters in a row are no likeness.
            .filter(|(_, score)| *score > 0.05)
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scored.truncate(limit);
        scored
    }
}

/// Gives out the hashes of a text's words and of the three- to five-letter pieces of words within their edges.
fn pieces(text: &str, mut take: impl FnMut(u64)) {
    let mut edged: Vec<char> = Vec::new();
    for word in folded(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        take(word.chars().fold(hashed(NOTHING, '='), hashed));
        edged.clear();
        edged.push(' ');
        edged.extend(word.chars().take(LETTERS));
        edged.push(' ');
        for start in 0..edged.len().saturating_sub(2) {
            let mut hash = NOTHING;
            for (letters, c) in (1..=5).zip(edged.iter().skip(start)) {
                hash = hashed(hash, *c);
                if letters >= 3 {
                    take(hash);
                }
            }
        }
    }
}

/// Where FNV-1a begins.
const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, a character further.
fn hashed(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
}

/// Slot of a piece: which number, and which bit of it.
fn slot(piece: u64) -> (usize, u64) {
    let slot = (piece ^ (piece >> 32)) as usize % SLOTS;
    (slot / 64, 1 << (slot % 64))
}

/// Returns a text for comparing: lower case, straight marks, single spaces.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            '–' | '—' | '‑' => out.push('-'),
            c if !c.is_whitespace() => out.push(c),
            _ if !out.is_empty() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns where a text holds another, whatever the case and the form of marks and spaces.
pub fn places_of(wanted: &str, text: &str) -> Vec<Span> {
    let wanted = folded(wanted);
    if wanted.is_empty() {
        return Vec::new();
    }
    // The folded text, and for each of its bytes the character it came from.
    let mut plain = String::with_capacity(text.len());
    let mut from: Vec<Span> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let one = folded(c.encode_utf8(&mut [0; 4]));
        let one = if one.is_empty() && !plain.is_empty() && !plain.ends_with(' ') { " ".to_string() } else { one };
        plain.push_str(&one);
        from.resize(plain.len(), Span::new(at, at + c.len_utf8()));
    }
    let mut found = Vec::new();
    for (at, _) in plain.match_indices(&wanted) {
        if let (Some(first), Some(last)) = (from.get(at), from.get(at + wanted.len() - 1)) {
            found.push(Span { start: first.start, end: last.end });
        }
    }
    found
}

/// Returns the words of a text that a query for it names, inflected or not; short words only where the query has no longer one.
pub fn named_words(query: &str, text: &str) -> Vec<Span> {
    let query = folded(query);
    let mut wanted: Vec<&str> = query.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let telling = |word: &str| word.chars().count() > 3 || word.chars().any(|c| c.is_ascii_digit());
    if wanted.iter().any(|word| telling(word)) {
        wanted.retain(|word| telling(word));
    }
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let letters = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let plain = folded(letters);
        if !plain.is_empty() && wanted.iter().any(|wanted| alike(wanted, &plain)) {
            found.push(Span::new(at, at + letters.len()));
        }
        at += word.len();
    }
    found
}

/// Whether two words are the same but for an ending.
fn alike(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let longer = a.chars().count().max(b.chars().count());
    a == b || (shared >= 4 && shared + 3 >= longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_claim_comes_first_and_unlike_ones_not_at_all() {
        let mut ranking = Ranking::new("no tolls on the bridge");
        for (i, text) in [
            "Taxes will fall",
            "Drivers will pay to cross the bridge",
            "There will be no tolls on this bridge",
            "a tolled bridge is a fair bridge",
            "Zzz",
        ]
        .iter()
        .enumerate()
        {
            ranking.take(ClaimId(i as u64), text);
        }
        let order: Vec<u64> = ranking.best(10).iter().map(|(id, _)| id.0).collect();
        assert_eq!(order[..2], [2, 3]);
        assert!(!order.contains(&4) && !order.contains(&0), "{order:?}");
    }

    #[test]
    fn what_was_asked_for_is_found_where_it_stands() {
        let words = |spans: Vec<Span>, text: &str| spans.iter().map(|s| s.of(text).to_string()).collect::<Vec<_>>();
        let text = "“It’s  a Toll — no TOLLS”, İ said";
        assert_eq!(words(places_of("it's a toll", text), text), ["It’s  a Toll"]);
        assert_eq!(words(places_of("tolls\", i", text), text), ["TOLLS”, İ"]);
        assert_eq!(words(places_of(" ", text), text), [""; 0]);
        assert_eq!(words(named_words("no tolls on the bridge", text), text), ["Toll", "TOLLS"]);
        assert_eq!(words(named_words("no", text), text), ["no"]);
    }

    #[test]
    fn folding_makes_marks_and_spaces_alike() {
        assert_eq!(folded("  “It’s\n fine” — He  SAID "), "\"it's fine\" - he said");
    }
}
