//! The tables of an exported file and what their columns hold, whichever the format: described in `docs/exchange.md`.

/// A table that rows go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// A version of an article.
    Articles,
    /// A speaker.
    Speakers,
    /// A claim that stands; its speaker and its article are in already.
    Claims,
    /// A pair of claims that says something about a speaker's consistency; the speaker is in already. Of a quotation altered after
    /// publishing, the earlier claim no longer stands.
    Findings,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// A list as JSON.
    Json,
    /// A count.
    Count,
    /// A number from 0 to 1.
    Share,
    /// Yes or no.
    Flag,
    /// A day, `2024-03-31`.
    Day,
    /// A moment, `2024-03-31T10:00:00Z`.
    Moment,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, the one of the field in the commands' JSON.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it may be empty.
    pub optional: bool,
}

const fn always(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, optional: false }
}

const fn maybe(name: &'static str, holds: Holds) -> Column {
    Column { name, holds, optional: true }
}

const ARTICLES: &[Column] = &[
    always("id", Holds::Text),
    always("version", Holds::Count),
    always("latest", Holds::Flag),
    maybe("title", Holds::Text),
    maybe("outlet", Holds::Text),
    maybe("date", Holds::Day),
    maybe("url", Holds::Text),
    maybe("byline", Holds::Text),
    always("added", Holds::Moment),
    always("text", Holds::Text),
];

const SPEAKERS: &[Column] = &[
    always("id", Holds::Text),
    always("name", Holds::Text),
    always("aliases", Holds::Json),
    always("roles", Holds::Json),
    always("claims", Holds::Count),
    always("articles", Holds::Count),
    maybe("first", Holds::Day),
    maybe("last", Holds::Day),
];

const CLAIMS: &[Column] = &[
    always("id", Holds::Text),
    always("speaker_id", Holds::Text),
    always("speaker", Holds::Text),
    always("text", Holds::Text),
    always("kind", Holds::Text),
    always("act", Holds::Text),
    always("confidence", Holds::Share),
    maybe("date", Holds::Day),
    maybe("outlet", Holds::Text),
    maybe("url", Holds::Text),
    always("article", Holds::Text),
    always("version", Holds::Count),
    always("content", Holds::Json),
    always("source", Holds::Json),
    always("cue", Holds::Json),
];

const FINDINGS: &[Column] = &[
    always("kind", Holds::Text),
    always("id", Holds::Text),
    always("speaker_id", Holds::Text),
    always("speaker", Holds::Text),
    always("confidence", Holds::Share),
    maybe("date_a", Holds::Day),
    maybe("outlet_a", Holds::Text),
    always("text_a", Holds::Text),
    maybe("link_a", Holds::Text),
    always("claim_a", Holds::Text),
    maybe("date_b", Holds::Day),
    maybe("outlet_b", Holds::Text),
    always("text_b", Holds::Text),
    maybe("link_b", Holds::Text),
    always("claim_b", Holds::Text),
    always("reasons", Holds::Json),
    maybe("verdict", Holds::Text),
    maybe("note", Holds::Text),
];

impl Table {
    /// All tables, each after those that it refers to.
    pub const ALL: [Table; 4] = [Table::Articles, Table::Speakers, Table::Claims, Table::Findings];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Table::Articles => "articles",
            Table::Speakers => "speakers",
            Table::Claims => "claims",
            Table::Findings => "findings",
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::Articles => ARTICLES,
            Table::Speakers => SPEAKERS,
            Table::Claims => CLAIMS,
            Table::Findings => FINDINGS,
        }
    }
}
