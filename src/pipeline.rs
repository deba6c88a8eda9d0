//! Article to attributions: wiring only.

use crate::article::Article;
use crate::attribution::Attribution;

/// An article and what was found in it.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// The article as read.
    pub article: Article,
    /// Its attributions, in order of their content.
    pub attributions: Vec<Attribution>,
}
