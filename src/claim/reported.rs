//! What a claim says where its content alone says too little: `backed | a ban on rifles`, `refused | to resign`.

use super::Claim;
use crate::attribution::Kind;
use crate::lexicon::cues::CueLexicon;

/// Most words between the cue and the content: `called | the agreement of last year | a disaster`.
const BETWEEN: usize = 6;

/// Returns the words from the cue to the end of the content, as published, where the cue is a part of what is said: it takes an
/// object or an infinitive, and whoever backed a ban said no more than who opposed one if the verb is left out.
pub fn with_cue(claim: &Claim) -> Option<&str> {
    let attribution = &claim.attribution;
    let ([cue], [content]) = (attribution.cue.as_slice(), attribution.content.as_slice()) else { return None };
    let sentence = claim.context.sentence_span?;
    let cut = |from: u32, to: u32| {
        let [from, to] = [from, to].map(|at| at.checked_sub(sentence.start));
        claim.context.sentence.get(from? as usize..to? as usize)
    };
    let between = cut(cue.end, content.start)?;
    let joins = |c: char| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '"' | '“' | '‘');
    let names_source = attribution.source.iter().any(|source| source.start >= cue.end && source.end <= content.start);
    if names_source || !between.chars().all(joins) || between.split_whitespace().count() > BETWEEN {
        return None;
    }
    let content_words = cut(content.start, content.end)?;
    let belongs = content_words.starts_with("to ") || takes_an_object(cut(cue.start, cue.end)?, attribution.kind);
    if belongs { cut(cue.start, content.end) } else { None }
}

/// Tells whether a cue reports by an object rather than by a clause.
fn takes_an_object(cue: &str, kind: Kind) -> bool {
    let lexicon = CueLexicon::english();
    let words: Vec<String> = cue.split_whitespace().map(str::to_lowercase).collect();
    let verbs: Vec<_> = words.iter().flat_map(|word| lexicon.verbs(word)).collect();
    let of = |letters: &[char]| verbs.iter().any(|verb| letters.iter().any(|&letter| verb.takes(letter)));
    match verbs.is_empty() {
        // Before a whole quotation an unknown verb is one that says (`deadpanned`), before other contents one that does something.
        true => kind != Kind::Direct && words.iter().any(|word| word.chars().all(char::is_alphabetic)),
        false => !of(&['s', 't', 'q', 'w']),
    }
}
