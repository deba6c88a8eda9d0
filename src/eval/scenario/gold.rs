//! The gold of a scenario as its file has it.

use serde::Deserialize;

/// A scenario's gold.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// Who speaks.
    pub speakers: Vec<GoldSpeaker>,
    /// What stands in the articles.
    pub articles: Vec<GoldArticle>,
    /// Statements made again.
    #[serde(default)]
    pub repeats: Vec<GoldFinding>,
    /// Statements that cannot both be true.
    #[serde(default)]
    pub contradictions: Vec<GoldFinding>,
    /// Changes that the speaker admits.
    #[serde(default)]
    pub changed_position: Vec<GoldFinding>,
    /// One utterance, two incompatible reports.
    #[serde(default)]
    pub reports_differ: Vec<GoldFinding>,
    /// Pairs that must not be flagged.
    #[serde(default)]
    pub not_contradictions: Vec<GoldFinding>,
    /// Pairs on which either verdict is accepted.
    #[serde(default)]
    pub ungraded: Vec<GoldFinding>,
}

/// A speaker of the gold.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldSpeaker {
    /// Canonical name.
    pub name: String,
    /// Other names that count as right.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// An article of the gold.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldArticle {
    /// File name in the articles' folder.
    pub file: String,
    /// Who said what.
    pub attributions: Vec<GoldAttribution>,
    /// Texts that are no claims.
    #[serde(default)]
    pub non_claims: Vec<Aside>,
    /// Borderline speech acts, ignored in scoring.
    #[serde(default)]
    pub optional: Vec<Aside>,
}

/// A gold attribution.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldAttribution {
    /// Its name in the article.
    pub id: String,
    /// Who.
    pub speaker: String,
    /// What.
    pub content: Pieces,
    /// Direct, indirect or mixed.
    pub kind: String,
}

/// A content in one piece or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Pieces {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// A text beside the claims.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Aside {
    /// The bare text.
    Bare(String),
    /// The text with a note.
    Noted {
        /// Content of an optional claim.
        #[serde(default)]
        content: Option<Pieces>,
        /// Text of a non-claim.
        #[serde(default)]
        text: Option<Pieces>,
    },
}

/// A pair of gold claims.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldFinding {
    /// The earlier claim.
    pub a: ClaimRef,
    /// The later claim.
    pub b: ClaimRef,
    /// Other pairs that realise the same finding.
    #[serde(default)]
    pub also: Vec<GoldPair>,
}

/// Two gold claims.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldPair {
    /// The earlier claim.
    pub a: ClaimRef,
    /// The later claim.
    pub b: ClaimRef,
}

/// Names a gold claim.
#[derive(Clone, Debug, Deserialize)]
pub struct ClaimRef {
    /// Its article.
    pub file: String,
    /// Its name there; absent where the text is no attribution.
    #[serde(default)]
    pub id: Option<String>,
}

impl Pieces {
    /// Its text, a blank between its pieces.
    pub fn joined(&self) -> String {
        match self {
            Pieces::One(text) => text.clone(),
            Pieces::Several(pieces) => pieces.join(" "),
        }
    }
}
