//! Which articles are on record, and what one says.

use crate::article::Article;
use crate::attribution::Attribution;
use crate::claim::ids::ArticlePrefix;
use crate::claim::{ArticleId, ClaimId, SpeakerId};

use super::codec::{self, ArticleRow};
use super::keys::{ARTICLES, Key};
use super::read::Document;
use super::rows::{attribution, date};
use super::{Record, StoreError};

/// A version of an article as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredArticle {
    /// Identity.
    pub id: ArticleId,
    /// Version, from 1.
    pub version: u32,
    /// How many versions there are.
    pub versions: u32,
    /// When this version was added, milliseconds since 1970.
    pub added: i64,
    /// The article.
    pub article: Article,
    /// Its attributions, each with its number and the speaker it is kept under.
    pub attributions: Vec<(ClaimId, Option<SpeakerId>, Attribution)>,
}

/// Key of the row that says under which number an article is kept.
pub(super) fn article_key(id: ArticleId) -> Vec<u8> {
    Key::new(ARTICLES).bytes(&id.0).end()
}

impl Record {
    /// Returns the number of an article and its latest version, whenever it was added.
    pub(super) fn kept_article(&self, id: ArticleId) -> Result<Option<ArticleRow>, StoreError> {
        let row = self.engine.get(&article_key(id))?;
        row.map(|row| self.readable("an article", codec::decode(&row))).transpose()
    }

    /// Returns an article's number and how many versions of it there are at the moment that the record is read at.
    pub(super) fn article_row(&self, id: ArticleId) -> Result<(u32, u32), StoreError> {
        let unknown = || StoreError::Unknown(format!("article {id}"));
        let row = self.kept_article(id)?.ok_or_else(unknown)?;
        let standing = self.standing_of(row.number, row.latest)?.ok_or_else(unknown)?;
        Ok((row.number, standing))
    }

    /// Returns the identities of all articles, in order.
    pub fn articles(&self) -> impl Iterator<Item = Result<ArticleId, StoreError>> + '_ {
        let (low, high) = Key::new(ARTICLES).range();
        self.engine.scan(&low, &high, false).map(|row| {
            let (key, _) = row?;
            key.last_chunk::<16>().map(|id| ArticleId(*id)).ok_or_else(|| self.damaged("an article's key"))
        })
    }

    /// Finds the one article whose identity starts with these digits.
    pub fn find_article(&self, prefix: &ArticlePrefix) -> Result<ArticleId, StoreError> {
        let (first, last) = prefix.range();
        let low = Key::new(ARTICLES).bytes(&first.0).end();
        let (_, high) = Key::new(ARTICLES).bytes(&last.0).range();
        let mut found = Vec::new();
        for row in self.engine.scan(&low, &high, false).take(6) {
            found.extend(row?.0.last_chunk::<16>().map(|id| ArticleId(*id)));
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(StoreError::Unknown(format!("article a{}", prefix.0))),
            several => Err(StoreError::Ambiguous {
                given: format!("a{}", prefix.0),
                candidates: several.iter().map(|id| id.to_string()).collect(),
            }),
        }
    }

    /// Returns a version of an article, the latest where none is named.
    pub fn article(&self, id: ArticleId, version: Option<u32>) -> Result<StoredArticle, StoreError> {
        let (number, latest) = self.article_row(id)?;
        let version = version.unwrap_or(latest);
        if version == 0 || version > latest {
            return Err(StoreError::Unknown(format!("version {version} of article {id}; it has {latest}")));
        }
        let view = self.view()?;
        let Document { state, text, reading } = self.document(number, version)?;
        Ok(StoredArticle {
            id,
            version,
            versions: latest,
            added: state.added,
            article: Article {
                name: state.name,
                text,
                title: state.title,
                outlet: state.outlet,
                date: state.date.and_then(date),
                url: state.url,
                byline: state.byline,
                summary: state.summary,
            },
            attributions: reading
                .claims
                .into_iter()
                .map(|c| (ClaimId(c.id), view.overlay.owner(c.id, c.speaker), attribution(c)))
                .collect(),
        })
    }
}
