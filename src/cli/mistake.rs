//! Panics: mistakes of ours, which are reported as errors and cost as little as they can.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;

use super::{CommandError, Session};
use crate::article::Article;
use crate::pipeline::{self, Extraction};

/// Where in the program the last panic arose, for the report of it.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Keeps panics from printing by themselves, and remembers where they arise.
pub fn watch() {
    panic::set_hook(Box::new(|panic| {
        // The lock is held for one assignment and no longer, so that it cannot be poisoned.
        if let Ok(mut place) = PLACE.lock() {
            *place = panic.location().map(ToString::to_string);
        }
    }));
}

/// Says what a caught panic said, and where it arose.
pub fn words(panic: &(dyn Any + Send)) -> String {
    let said = (panic.downcast_ref::<String>().map(String::as_str)).or(panic.downcast_ref::<&str>().copied());
    let said = said.unwrap_or("unknown");
    match PLACE.lock().ok().and_then(|mut place| place.take()) {
        Some(place) => format!("{said} ({place})"),
        None => said.to_string(),
    }
}

/// Extracts an article's attributions; a panic costs this article and no other.
pub fn extract(article: Article) -> Result<Extraction, CommandError> {
    guarded(article, pipeline::extract)
}

/// Returns what was read; where that was a mistake, names it among the failures.
pub fn or_named<'e, T>(read: &'e Result<T, CommandError>, session: &mut Session) -> Option<&'e T> {
    read.as_ref().map_err(|mistake| session.failed(mistake)).ok()
}

fn guarded(article: Article, engine: impl FnOnce(Article) -> Extraction) -> Result<Extraction, CommandError> {
    let name = article.name.clone();
    panic::catch_unwind(AssertUnwindSafe(|| engine(article))).map_err(|panic| {
        CommandError::new(format!("{name}: left out, onrecord ran into a mistake of its own in this article"))
            .cause(words(&*panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_one_article_is_an_error_that_names_it() {
        let article = Article { name: "odd.txt".to_string(), ..Article::default() };
        let error = guarded(article, |_| panic!("index out of bounds")).unwrap_err();
        assert_eq!(
            error.one_line().split(" (").next().unwrap(),
            "odd.txt: left out, onrecord ran into a mistake of its own in this article: index out of bounds"
        );
    }
}
