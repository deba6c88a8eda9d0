//! Article to attributions: wiring only.

use crate::article::Article;
use crate::attribution::{self, Attribution, coreference};
use crate::tagging::{CrfTagger, JoinedTagger, RuleTagger, Tagger};
use crate::text::Document;

/// An article and what was found in it.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The article as read.
    pub article: Article,
    /// Its attributions, in order of their content.
    pub attributions: Vec<Attribution>,
}

/// Extracts an article's attributions with the engine of today.
///
/// The same article always gives the same attributions.
pub fn extract(article: Article) -> Extraction {
    match CrfTagger::shipped() {
        Ok(trained) => extract_with(&JoinedTagger::new(trained), article),
        // The weights are part of the program and a test reads them; should they break, the rules still stand.
        Err(_) => extract_with(&RuleTagger, article),
    }
}

/// Extracts an article's attributions with a tagger of the caller's choice.
pub fn extract_with(tagger: &dyn Tagger, article: Article) -> Extraction {
    let document = Document::parse(&article.text, article.title.as_deref());
    let mut attributions = attribution::extract(&document, tagger);
    coreference::resolve(&document, article.title.as_deref(), article.byline.as_deref(), &mut attributions);
    Extraction { article, attributions }
}
