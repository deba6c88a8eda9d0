//! How often a speaker is right, from the way it was found and from how sure the rules are by their own measure.
//!
//! The rules' measure puts their answers in order; one logistic curve a way turns it into how often they are right.
//! `training/speakers` fits the curves. `onrecord eval extraction` prints how well it holds wherever the labels name speakers.

/// By what a speaker was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// The source has the name in full: `Jane Roe`.
    FullName,
    /// The source has a part of a name that stands in full elsewhere: `Ms. Roe`.
    ShortName,
    /// The article has but one word for the name: `Reuters`, `Roe`.
    OnlyName,
    /// `he`, `she`.
    Pronoun,
    /// `it`.
    It,
    /// `they`.
    They,
    /// `I`, `we` within a quotation.
    First,
    /// `who`, `which`.
    Relative,
    /// A noun for a person: `the mayor`, `the 54-year-old`.
    Role,
    /// A noun for a body: `the company`.
    Body,
    /// Somebody whom the article describes and does not name: `two officials`.
    Description,
    /// No source: the speaker of the attribution before or after.
    Carried,
}

/// Every way, with its curve: the offset, and the weight of the log odds of the rules' own measure. As
/// `train-speakers polnear_train.jsonl training/speakers/read.jsonl` prints them; nobody has read who `I` and `we` are.
const CURVES: [(Way, f32, f32); 12] = [
    (Way::FullName, 0.921, 1.019),
    (Way::ShortName, 0.386, 1.032),
    (Way::OnlyName, -1.287, 0.987),
    (Way::Pronoun, 0.310, 1.030),
    (Way::It, -2.578, 0.772),
    (Way::They, 0.132, 1.001),
    (Way::First, 0.0, 1.0),
    (Way::Relative, 1.113, 1.119),
    (Way::Role, -0.908, 1.089),
    (Way::Body, -0.839, 1.106),
    (Way::Description, -0.513, 0.505),
    (Way::Carried, -2.174, 1.395),
];

/// Returns the log odds of the rules' own measure, kept within bounds.
pub fn log_odds(sureness: f32) -> f32 {
    let p = sureness.clamp(0.02, 0.98);
    (p / (1.0 - p)).ln()
}

/// Returns how often such a speaker is right, 0 to 1.
pub fn confidence(way: Way, sureness: f32) -> f32 {
    let curve = CURVES.iter().find(|(w, _, _)| *w == way);
    let (_, offset, slope) = curve.copied().unwrap_or((way, 0.0, 1.0));
    1.0 / (1.0 + (-(offset + slope * log_odds(sureness))).exp())
}
