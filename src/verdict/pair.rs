//! Two assertions side by side: which words of one answer which words of the other, and how much of each is answered.

use crate::claim::assertion::Assertion;
use crate::claim::vocabulary::{ENGLISH, opposed_by_prefix};
use crate::claim::words::Class;
use crate::span::Span;

/// How two words answer each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// The same stem.
    Same,
    /// Stems that begin alike: `invest`, `investment`.
    Kin,
    /// Words used for one another.
    Synonym,
    /// Opposites.
    Opposite,
}

/// One word of the first statement tied to one of the second.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Index into the first statement's words.
    pub a: usize,
    /// Index into the second's.
    pub b: usize,
    /// How.
    pub tie: Tie,
    /// What the tie is worth: the words' weight, less for looser ties.
    pub worth: f32,
}

/// Two statements, aligned.
pub struct Pair<'p> {
    /// The first.
    pub a: &'p Assertion,
    /// The second.
    pub b: &'p Assertion,
    /// The first as published.
    pub text_a: &'p str,
    /// The second as published.
    pub text_b: &'p str,
    /// The ties between them, one a word of the first at most.
    pub links: Vec<Link>,
    /// Share of the first's weight that the second answers.
    pub cover_a: f32,
    /// Share of the second's weight that the first answers.
    pub cover_b: f32,
    /// Share of the answered weight that has the other polarity in the second.
    pub turned: f32,
}

impl<'p> Pair<'p> {
    /// Aligns two assertions.
    pub fn new(a: &'p Assertion, text_a: &'p str, b: &'p Assertion, text_b: &'p str) -> Pair<'p> {
        let mut taken = vec![false; b.words.len()];
        let mut links: Vec<Link> = Vec::new();
        for tie in [Tie::Same, Tie::Kin, Tie::Opposite, Tie::Synonym] {
            for &i in &a.telling {
                if links.iter().any(|l| l.a == i) {
                    continue;
                }
                let word = &a.words[i];
                let listed = match tie {
                    Tie::Opposite => ENGLISH.antonyms.get(&word.lemma),
                    Tie::Synonym => ENGLISH.synonyms.get(&word.lemma),
                    Tie::Same | Tie::Kin => None,
                };
                let listed = |lemma: &str| listed.is_some_and(|others| others.contains(lemma));
                let found = b.telling.iter().copied().find(|&j| {
                    let other = &b.words[j];
                    !taken[j]
                        && match tie {
                            Tie::Same => other.key == word.key,
                            Tie::Kin => {
                                kin(&word.lemma, &other.lemma)
                                    && word.class == Class::Content
                                    && other.class == Class::Content
                            }
                            Tie::Opposite => listed(&other.lemma) || opposed_by_prefix(&word.lemma, &other.lemma),
                            Tie::Synonym => listed(&other.lemma),
                        }
                });
                if let Some(j) = found {
                    taken[j] = true;
                    let full = word.weight.min(b.words[j].weight);
                    let worth = match tie {
                        Tie::Same => full,
                        Tie::Kin => 0.85 * full,
                        Tie::Synonym => 0.7 * full,
                        Tie::Opposite => 0.6 * full,
                    };
                    links.push(Link { a: i, b: j, tie, worth });
                }
            }
        }
        let answered: f32 = links.iter().map(|l| l.worth).sum();
        let part = |whole: f32| if whole > 0.0 { (answered / whole).min(1.0) } else { 0.0 };
        let turned: f32 = links.iter().filter(|l| a.words[l.a].negated != b.words[l.b].negated).map(|l| l.worth).sum();
        // `open` beside `not closed`: the opposite and the negator undo each other.
        let undone = links.iter().any(|l| l.tie == Tie::Opposite && a.words[l.a].negated != b.words[l.b].negated);
        let turned = if answered > 0.0 && !undone { turned / answered } else { 0.0 };
        Pair { cover_a: part(a.weight), cover_b: part(b.weight), turned, links, a, b, text_a, text_b }
    }

    /// Returns the share of the shorter statement that the longer answers.
    pub fn contained(&self) -> f32 {
        self.cover_a.max(self.cover_b)
    }

    /// Returns the share of both statements together that is answered.
    pub fn alike(&self) -> f32 {
        let (a, b) = (self.cover_a, self.cover_b);
        if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
    }

    /// Returns the tied content words as spans into both statements, the most telling first, at most `most`.
    pub fn subject(&self, most: usize) -> (Vec<Span>, Vec<Span>) {
        let mut links: Vec<&Link> = self.links.iter().filter(|l| l.tie != Tie::Opposite).collect();
        links.sort_by(|x, y| y.worth.total_cmp(&x.worth).then(x.a.cmp(&y.a)));
        links.truncate(most);
        links.sort_by_key(|l| l.a);
        (links.iter().map(|l| self.a.words[l.a].span).collect(), links.iter().map(|l| self.b.words[l.b].span).collect())
    }

    /// Names what both statements are about, as the first words it: `“tunnel”, “toll”`.
    pub fn topic(&self) -> String {
        let (a, _) = self.subject(3);
        a.iter().map(|s| format!("“{}”", s.of(self.text_a))).collect::<Vec<_>>().join(", ")
    }

    /// Returns the names in one statement that the other does not have: (only in the first, only in the second).
    pub fn lone_names(&self) -> (Vec<usize>, Vec<usize>) {
        let lone = |x: &Assertion, y: &Assertion| {
            x.telling
                .iter()
                .copied()
                .filter(|&i| x.words[i].name && !y.words.iter().any(|w| w.key == x.words[i].key))
                .collect::<Vec<_>>()
        };
        (lone(self.a, self.b), lone(self.b, self.a))
    }
}

fn kin(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    common >= 5 && a.len().max(b.len()) <= common + 5 && a.is_char_boundary(common)
}
