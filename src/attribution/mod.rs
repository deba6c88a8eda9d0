//! Attributions: who (source) says (cue) what (content), and whom the source means.

pub mod coreference;

use serde::{Deserialize, Serialize};

mod bounds;
mod content;
mod cue;

pub use self::cue::act;

use crate::span::Span;
use crate::tagging::Tagger;
use crate::text::Document;

/// One attribution in an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Words that name the source; empty where the text names none.
    pub source: Vec<Span>,
    /// Words that report.
    pub cue: Vec<Span>,
    /// What was said, as published, in order.
    pub content: Vec<Span>,
    /// Whom the source means, where that is clear enough to say.
    pub speaker: Option<Referent>,
    /// How much of the content stands in quotation marks.
    pub kind: Kind,
    /// What kind of act is reported.
    pub act: Act,
    /// How sure we are of the whole, 0 to 1.
    pub confidence: f32,
}

/// How the content is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// All of it in quotation marks.
    Direct,
    /// None of it.
    Indirect,
    /// Some of it.
    Mixed,
}

/// What the source is said to have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Said, wrote, told.
    Speech,
    /// Thinks, believes, fears.
    Belief,
    /// Wants, plans, intends.
    Intention,
}

/// The person, body or group that a source means, within one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Referent {
    /// The fullest form of the name that the article gives, without titles: `Staffan de Mistura`; a description where there is no name.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// `f` or `m`, where the article shows it.
    pub gender: Option<Gender>,
    /// Titles, roles and appositions as the article words them.
    pub roles: Vec<String>,
    /// Other forms of the name that the article uses for it.
    pub aliases: Vec<String>,
    /// How sure we are that the source means this one, 0 to 1.
    pub confidence: f32,
}

/// What kind of speaker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A named person.
    Person,
    /// A named body: company, party, ministry, newspaper, country.
    Organisation,
    /// Several people or bodies taken together: `USA officials`, `The U.S. and Russian Federation`.
    Group,
    /// Someone the article does not name: `a spokeswoman`, `a senior official`.
    Unnamed,
}

/// A person's grammatical gender in the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// `she`, `Ms`.
    F,
    /// `he`, `Mr`.
    M,
}

/// Reads the attributions of a document, in order of their content; whom a source means is left open.
pub fn extract(document: &Document<'_>, tagger: &dyn Tagger) -> Vec<Attribution> {
    let quoted = content::Quoted::of(document);
    let mut out: Vec<Attribution> = tagger
        .tag(document)
        .into_iter()
        .map(|mut tagged| {
            bounds::mend(document, &mut tagged.source, &mut tagged.content);
            tagged
        })
        .filter(|tagged| !tagged.content.is_empty())
        .map(|tagged| Attribution {
            kind: quoted.kind(&tagged.content),
            act: cue::act(document.text, &tagged.cue),
            confidence: tagged.score.clamp(0.0, 1.0),
            source: tagged.source,
            cue: tagged.cue,
            content: tagged.content,
            speaker: None,
        })
        .collect();
    out.sort_by(|a, b| (&a.content, &a.cue, &a.source).cmp(&(&b.content, &b.cue, &b.source)));
    out.dedup_by(|a, b| a.content == b.content && a.source == b.source && a.cue == b.cue);
    out
}
