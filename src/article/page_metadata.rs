//! What a page says about itself: JSON-LD, OpenGraph, meta elements, `<time>`, the canonical link, the day in its address.

use dom_query::Document;
use jiff::civil::Date;
use serde_json::Value;

use super::LeftOut;
use super::address::{canonical_url, date_in, host, resolve};
use super::date::parse_date;

/// The metadata of a page.
#[derive(Debug, Default)]
pub(crate) struct PageMetadata {
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub date: Option<Date>,
    pub url: Option<String>,
    pub byline: Option<String>,
    /// Dates that could not be read.
    pub left_out: Vec<LeftOut>,
}

/// Reads a page's metadata; `address` is where it was fetched from.
pub(crate) fn of(document: &Document, address: Option<&str>) -> PageMetadata {
    let mut left_out = Vec::new();
    let linked = linked_article(document);
    let linked = linked.as_ref();
    let meta = |keys: &[&str]| keys.iter().find_map(|key| meta_content(document, key));
    let canonical = document.select("link[rel=canonical]").attr("href").map(|h| h.to_string());
    let given = [
        canonical,
        meta(&["og:url"]),
        linked.and_then(|a| text_of(&a["url"]).or_else(|| text_of(&a["mainEntityOfPage"]))),
        linked.and_then(|a| text_of(&a["mainEntityOfPage"]["@id"])),
    ];
    let url = given.into_iter().flatten().find_map(|link| {
        let url = resolve(address.unwrap_or_default(), &link)?;
        // A canonical link to the front page is a mistake of the site.
        let front = url.split("://").nth(1).is_some_and(|rest| rest.find('/').is_none_or(|at| at + 1 == rest.len()));
        (!front).then_some(url)
    });
    let url = url.or_else(|| address.and_then(canonical_url));
    let outlet = meta(&["og:site_name"])
        .or_else(|| linked.and_then(|a| text_of(&a["publisher"]["name"])))
        .or_else(|| meta(&["application-name", "publisher", "dc.publisher"]))
        .or_else(|| url.as_deref().and_then(host));
    let title = linked
        .and_then(|a| text_of(&a["headline"]))
        .or_else(|| meta(&["og:title", "twitter:title", "dc.title"]))
        .or_else(|| element_text(document, "h1"))
        .or_else(|| element_text(document, "title"))
        .map(|t| without_outlet(&t, outlet.as_deref()));
    let mut dates = vec![
        linked.and_then(|a| text_of(&a["datePublished"]).or_else(|| text_of(&a["dateCreated"]))),
        meta(&["article:published_time", "og:published_time", "datePublished", "parsely-pub-date", "sailthru.date"]),
        meta(&["pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.date", "date"]),
    ];
    for selector in ["[itemprop=datePublished]", "time[pubdate]", "article time", "main time", "time"] {
        let found = document.select_single(selector);
        let attribute = found.attr("datetime").or_else(|| found.attr("content")).map(|v| v.to_string());
        dates.push(attribute.or_else(|| Some(found.text().trim().to_owned()).filter(|t| !t.is_empty())));
    }
    let mut date = None;
    for given in dates.into_iter().flatten() {
        date = parse_date(&given);
        if date.is_some() {
            break;
        }
        left_out.push(LeftOut::date(&given));
    }
    let date = date.or_else(|| url.as_deref().and_then(date_in)).or_else(|| address.and_then(date_in));
    let byline = linked
        .map(|a| names(&a["author"]))
        .filter(|n| !n.is_empty())
        .map(|n| n.join(", "))
        .or_else(|| meta(&["author", "article:author", "dc.creator", "parsely-author"]).filter(|a| !a.contains("://")))
        .or_else(|| element_text(document, "[rel=author], [itemprop=author]"));
    PageMetadata { title, outlet, date, url, byline, left_out }
}

/// Returns the object of the page's linked data that describes an article, one with a headline first.
fn linked_article(document: &Document) -> Option<Value> {
    let mut found = Vec::new();
    for script in document.select("script[type='application/ld+json']").nodes().iter().take(50) {
        let text = script.text();
        let text =
            text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
        let text = text.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim();
        // The parser itself limits depth to 128.
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            articles_in(value, &mut found);
        }
    }
    let best = found.iter().position(|a| a["headline"].is_string()).unwrap_or(0);
    (best < found.len()).then(|| found.swap_remove(best))
}

fn articles_in(value: Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(list) => list.into_iter().for_each(|v| articles_in(v, found)),
        Value::Object(mut object) => {
            let is_article = |t: &Value| {
                t.as_str().is_some_and(|t| t.ends_with("Article") || t.ends_with("Posting") || t == "Report")
            };
            let kind = object.get("@type");
            let named =
                kind.is_some_and(|k| is_article(k) || k.as_array().is_some_and(|list| list.iter().any(is_article)));
            for key in ["@graph", "mainEntity"] {
                if let Some(inner) = object.remove(key) {
                    articles_in(inner, found);
                }
            }
            if named {
                found.push(Value::Object(object));
            }
        }
        _ => {}
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => clean(text),
        Value::Array(list) => list.iter().find_map(text_of),
        _ => None,
    }
}

/// Returns the names of authors, given as strings, objects or lists of them.
fn names(author: &Value) -> Vec<String> {
    match author {
        Value::String(name) => clean(name).filter(|n| !n.contains("://")).into_iter().collect(),
        Value::Array(list) => {
            list.iter().take(20).flat_map(|a| if a.is_array() { Vec::new() } else { names(a) }).collect()
        }
        Value::Object(object) => object.get("name").and_then(text_of).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn meta_content(document: &Document, key: &str) -> Option<String> {
    for attribute in ["property", "name", "itemprop"] {
        for node in document.select(&format!("meta[{attribute}='{key}' i]")).nodes() {
            if let Some(content) = node.attr("content").and_then(|c| clean(&c)) {
                return Some(content);
            }
        }
    }
    None
}

fn element_text(document: &Document, selector: &str) -> Option<String> {
    clean(&document.select_single(selector).text())
}

/// Runs white space together; `None` for nothing and for what is too long to be a name or headline.
fn clean(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && text.len() <= 2000).then_some(text)
}

/// Takes ` | Outlet` off the end of a title.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let mut title = title.to_owned();
    let Some(outlet) = outlet else { return title };
    for mark in [" | ", " - ", " – ", " — "] {
        if let Some(stem) = title.strip_suffix(outlet).and_then(|t| t.strip_suffix(mark)) {
            title = stem.trim().to_owned();
        }
    }
    title
}
