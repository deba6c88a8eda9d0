//! What came over the net: bytes with an address and a declared type, which is a hint like a file's name.

use std::io::Cursor;

use super::address::resolve;
use super::encoding::decode;
use super::error::{Failure, ReadError};
use super::guard::guarded;
use super::limits::Limits;
use super::open::Opened;
use super::sniff::{Format, sniff};
use super::{Article, Readings, failed, feed, html, readings};

/// Where bytes came from, and what was declared about them there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address, after all redirects.
    pub url: String,
    /// The declared media type, without parameters.
    pub media_type: Option<String>,
    /// The declared character encoding.
    pub charset: Option<String>,
}

/// Endings of the names that files of a media type have; what the list does not hold is told by the address. Sorted.
const ENDINGS: [(&str, &str); 20] = [
    ("application/atom+xml", "xml"),
    ("application/feed+json", "json"),
    ("application/gzip", "gz"),
    ("application/json", "json"),
    ("application/jsonl", "jsonl"),
    ("application/ld+json", "json"),
    ("application/msword", "doc"),
    ("application/pdf", "pdf"),
    ("application/rss+xml", "xml"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/warc", "warc"),
    ("application/x-ndjson", "jsonl"),
    ("application/x-subrip", "srt"),
    ("application/xhtml+xml", "html"),
    ("message/rfc822", "eml"),
    ("multipart/related", "mhtml"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/tab-separated-values", "tsv"),
    ("text/vtt", "vtt"),
];

/// Reads the entries of a fetched feed, in its order. What an entry lacks stays empty, the text too: its page may have it.
pub fn feed_entries(origin: &Origin, body: Vec<u8>, limits: &Limits) -> Vec<Result<Article, ReadError>> {
    let entries = match open(origin, body, limits) {
        Ok(opened) => feed::entries(opened, limits),
        Err(failure) => vec![Err(failure.at(&origin.url, None))],
    };
    entries.into_iter().map(|entry| entry.map(|reading| reading.article)).collect()
}

fn open(origin: &Origin, body: Vec<u8>, limits: &Limits) -> Result<Opened, Failure> {
    let mut opened = Opened::stream(&origin.url, &name(origin), Box::new(Cursor::new(body)), limits)?;
    opened.url = Some(origin.url.clone());
    opened.charset.clone_from(&origin.charset);
    Ok(opened)
}

/// Reads the articles of fetched bytes, like [`super::inspect`] those of a file. The address is that of the articles, unless they
/// name their own.
pub fn inspect_fetched(origin: &Origin, body: Vec<u8>, limits: &Limits) -> Readings {
    match open(origin, body, limits) {
        Ok(opened) => readings(opened, limits),
        Err(failure) => failed(failure.at(&origin.url, None)),
    }
}

/// Tells whether fetched bytes are a feed.
pub fn is_feed(body: &[u8]) -> bool {
    let head = body.get(..super::open::HEAD).unwrap_or(body);
    sniff(head, "") == Ok(Format::Feed)
}

/// Returns the addresses of the feeds that a page names.
pub fn feeds_named(origin: &Origin, body: &[u8], limits: &Limits) -> Vec<String> {
    let page = decode(body.to_vec(), origin.charset.as_deref());
    if body.len() as u64 > limits.article || html::nesting(&page, limits.depth * 4).is_err() {
        return Vec::new();
    }
    guarded("HTML", || Ok(links_to_feeds(origin, page))).unwrap_or_default()
}

/// Most feeds that a page is believed to have.
const FEEDS: usize = 50;

fn links_to_feeds(origin: &Origin, page: String) -> Vec<String> {
    let document = dom_query::Document::from(page);
    let mut feeds = Vec::new();
    for node in document.select("link[rel~=alternate i][href]").nodes() {
        let kind = node.attr("type").unwrap_or_default().to_ascii_lowercase();
        if !matches!(kind.trim(), "application/rss+xml" | "application/atom+xml" | "application/feed+json") {
            continue;
        }
        if let Some(feed) = node.attr("href").and_then(|href| resolve(&origin.url, &href))
            && feeds.len() < FEEDS
            && !feeds.contains(&feed)
        {
            feeds.push(feed);
        }
    }
    feeds
}

/// Makes a file's name of an address and a declared type.
fn name(origin: &Origin) -> String {
    let path = origin.url.split(['?', '#']).next().unwrap_or_default();
    let last = path.split("://").nth(1).unwrap_or(path).trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let declared = origin.media_type.as_deref().and_then(|t| ENDINGS.binary_search_by_key(&t, |(kind, _)| kind).ok());
    match declared.and_then(|at| ENDINGS.get(at)) {
        Some((_, ending)) if !last.to_ascii_lowercase().ends_with(&format!(".{ending}")) => format!("{last}.{ending}"),
        _ => last.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str, media_type: &str) -> Origin {
        Origin { url: url.into(), media_type: Some(media_type.into()), charset: None }
    }

    #[test]
    fn the_declared_type_names_what_the_address_does_not() {
        for (url, media_type, expected) in [
            ("https://x.example/story?id=7", "text/html", "story.html"),
            ("https://x.example/a/story.HTML", "text/html", "story.HTML"),
            ("https://x.example/", "text/html", "x.example.html"),
            ("https://x.example/rows.php", "text/csv", "rows.php.csv"),
            ("https://x.example/rows.csv", "application/octet-stream", "rows.csv"),
        ] {
            assert_eq!(name(&origin(url, media_type)), expected);
        }
        assert!(ENDINGS.is_sorted());
    }

    #[test]
    fn the_address_and_the_declared_encoding_count() {
        let body = b"Caf\xe9 owners said \x93no\x94.\r\n".to_vec();
        let from = Origin {
            charset: Some("windows-1252".into()),
            ..origin("https://x.example/a.txt?utm_source=b", "text/plain")
        };
        let article = inspect_fetched(&from, body, &Limits::default()).next().unwrap().unwrap().article;
        assert_eq!(article.text, "Café owners said “no”.\r\n");
        assert_eq!(article.url.as_deref(), Some("https://x.example/a.txt?utm_source=b"));
        let error = inspect_fetched(&from, Vec::new(), &Limits::default()).next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "cannot read https://x.example/a.txt?utm_source=b");
    }

    #[test]
    fn a_page_names_its_feeds() {
        let page = br#"<html><head><link rel="alternate" type="application/rss+xml" href="/feed"><link rel="ALTERNATE nofollow" type="application/atom+xml" href="https://y.example/atom"><link rel="alternate" hreflang="de" href="/de"></head><body>x</body></html>"#;
        assert!(!is_feed(page));
        let feeds = feeds_named(&origin("https://x.example/news/", "text/html"), page, &Limits::default());
        assert_eq!(feeds, ["https://x.example/feed", "https://y.example/atom"]);
        assert!(is_feed(b"<?xml version='1.0'?><rss version='2.0'><channel></channel></rss>"));
    }
}
