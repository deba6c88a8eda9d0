//! Claims: the content of an attribution with a resolved speaker, and what it asserts.

pub mod assertion;
pub mod ids;
pub mod quantity;
pub mod reported;
pub mod revision;
pub mod time;
pub mod vocabulary;
pub mod words;

use jiff::civil::Date;

use crate::attribution::Attribution;
use crate::span::Span;

/// Identity of an article in the record: the first 16 bytes of the BLAKE3 hash of its canonical URL, else of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub [u8; 16]);

/// Number of a claim in the record; an article's claims have consecutive numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(pub u64);

/// Number of a speaker in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpeakerId(pub u32);

/// One statement of one speaker in one article, with everything needed to print or judge it.
///
/// This is what the store gives out and what matching, verdict and report work on.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Number in the record.
    pub id: ClaimId,
    /// Whose it is.
    pub speaker: SpeakerId,
    /// The speaker's name as the record has it today.
    pub speaker_name: String,
    /// Where it stands.
    pub article: ArticleId,
    /// Version of the article, from 1.
    pub version: u32,
    /// Outlet of the article.
    pub outlet: Option<String>,
    /// Address of the article.
    pub url: Option<String>,
    /// Headline of the article.
    pub title: Option<String>,
    /// Day of publication.
    pub date: Option<Date>,
    /// Its evidence: spans into the article's text.
    pub attribution: Attribution,
    /// The content as published; pieces joined by ` … ` where the text between them is left out.
    pub text: String,
    /// The words just before and after in the article, for showing and for judging what the claim is about.
    pub context: Context,
}

/// The surroundings of a claim, as published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Up to two sentences before the claim, in the same article.
    pub before: String,
    /// The sentence or sentences that hold the claim.
    pub sentence: String,
    /// Where `sentence` starts in the article's text.
    pub sentence_span: Option<Span>,
}
