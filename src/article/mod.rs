//! Articles and their metadata, and one reader per input format.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One article as it was published: its text, and what is known about it.
///
/// Every span in the program points into `text`, which is stored byte for byte as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Name the input gave the article (the `id` of a JSONL row, else the file's name); not its identity in the record.
    pub name: String,
    /// The published text.
    pub text: String,
    /// Headline, where the input names it apart from the text.
    pub title: Option<String>,
    /// Newspaper, agency or site.
    pub outlet: Option<String>,
    /// Day of publication.
    pub date: Option<Date>,
    /// Canonical address.
    pub url: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
}

/// An article's row in JSON Lines input.
#[derive(Debug, Deserialize, Serialize)]
pub struct ArticleRow {
    /// Any name the sender uses.
    #[serde(default)]
    pub id: Option<String>,
    /// The text, used as it is.
    pub text: String,
    /// Headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Outlet.
    #[serde(default)]
    pub outlet: Option<String>,
    /// Day of publication, ISO 8601 or a common form.
    #[serde(default)]
    pub date: Option<String>,
    /// Address.
    #[serde(default)]
    pub url: Option<String>,
    /// Byline.
    #[serde(default)]
    pub byline: Option<String>,
}
