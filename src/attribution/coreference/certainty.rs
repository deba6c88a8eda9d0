//! How often a speaker is right, from the way it was found and from how sure the rules are by their own measure.
//!
//! The rules' measure puts their answers in order; one logistic curve a way turns it into how often they are right.
//! `training/speakers` fits the curves. Those below are not fitted yet: with an offset of 0 and a weight of 1 they leave
//! the measure as it is. `onrecord eval extraction` prints how well it holds wherever the labels name speakers.

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

/// Every way, with its curve: the offset, and the weight of the log odds of the rules' own measure.
const CURVES: [(Way, f32, f32); 12] = [
    (Way::FullName, 0.0, 1.0),
    (Way::ShortName, 0.0, 1.0),
    (Way::OnlyName, 0.0, 1.0),
    (Way::Pronoun, 0.0, 1.0),
    (Way::It, 0.0, 1.0),
    (Way::They, 0.0, 1.0),
    (Way::First, 0.0, 1.0),
    (Way::Relative, 0.0, 1.0),
    (Way::Role, 0.0, 1.0),
    (Way::Body, 0.0, 1.0),
    (Way::Description, 0.0, 1.0),
    (Way::Carried, 0.0, 1.0),
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
