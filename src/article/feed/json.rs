//! JSON Feed, versions 1 and 1.1.

use serde_json::Value;

use super::xml::escaped;
use super::{Entry, Parsed};
use crate::article::error::Failure;

/// Reads a feed.
pub(super) fn parse(text: &str) -> Result<Parsed, Failure> {
    let feed: Value = serde_json::from_str(text).map_err(|e| Failure::malformed("feed", e))?;
    let Some(items) = feed.get("items").and_then(Value::as_array) else {
        return Err(Failure::malformed("feed", "no items"));
    };
    let entries = items.iter().map(entry).collect();
    Ok(Parsed { title: words(&feed, "title"), entries, broken: None })
}

fn entry(item: &Value) -> Entry {
    let number = item.get("id").filter(|id| id.is_number()).map(Value::to_string);
    let plain = |key| words(item, key).map(|text| escaped(&text));
    let authors = item.get("authors").and_then(Value::as_array).into_iter().flatten().chain(item.get("author"));
    Entry {
        id: words(item, "id").or(number),
        title: plain("title"),
        link: words(item, "url").or_else(|| words(item, "external_url")),
        published: words(item, "date_published"),
        updated: words(item, "date_modified"),
        authors: authors.filter_map(|author| words(author, "name")).collect(),
        content: words(item, "content_html").or_else(|| plain("content_text")),
        summary: plain("summary"),
    }
}

/// Returns the words under a key, where there are any.
fn words(of: &Value, key: &str) -> Option<String> {
    of.get(key).and_then(Value::as_str).filter(|s| !s.trim().is_empty()).map(str::to_owned)
}
