//! Plain text, with or without header lines.

use super::address::canonical_url;
use super::date::parse_date;
use super::encoding::decode_text;
use super::error::ReadError;
use super::limits::Limits;
use super::open::Opened;
use super::{Article, LeftOut, Reading};

/// Reads one article from a text file.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Result<Reading, ReadError> {
    let bytes = opened.all("an article", limits.article).map_err(|f| f.at(&opened.label, None))?;
    let charset = opened.charset.take();
    let text = decode_text(bytes, charset.as_deref()).map_err(|(f, place)| f.at(&opened.label, place))?;
    let mut reading = article(text);
    reading.article.name = opened.name;
    if reading.article.url.is_none() {
        reading.article.url = opened.url;
    }
    reading.with_turns_set().checked(&opened.label, None)
}

/// Takes header lines off a text, if it starts with some and a blank line follows them; the body stays byte for byte.
pub(crate) fn article(text: String) -> Reading {
    let mut reading = Reading::default();
    let Some(body) = front_matter(&text, &mut reading).or_else(|| header(&text, &mut reading)) else {
        return Reading { article: Article { text, ..Article::default() }, left_out: Vec::new() };
    };
    reading.article.text = text.get(body..).unwrap_or_default().to_owned();
    reading
}

/// Longest front matter, in lines.
const FRONT_MATTER: usize = 60;

/// Reads what notes and static sites put before a text, `key: value` between two lines of three dashes, and returns where the body
/// starts. Keys that say nothing of the article are passed over.
fn front_matter(text: &str, reading: &mut Reading) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut at = first.len();
    let mut found = Reading::default();
    for line in lines.take(FRONT_MATTER) {
        at += line.len();
        if line.trim_end() == "---" {
            *reading = found;
            return Some(at);
        }
        // Lists and what belongs to the line above are indented or have a dash.
        if let Some((key, value)) = line.split_once(':').filter(|_| line.starts_with(char::is_alphabetic)) {
            let key = match key.trim().to_ascii_lowercase().as_str() {
                "author" => "byline".to_owned(),
                "source" | "publication" => "outlet".to_owned(),
                "link" | "canonical_url" => "url".to_owned(),
                other => other.to_owned(),
            };
            take(&key, value.trim().trim_matches(['"', '\'']), &mut found);
        }
    }
    None
}

/// Takes a field of a header; returns whether it is one.
fn take(key: &str, value: &str, reading: &mut Reading) -> bool {
    let value = Some(value).filter(|v| !v.is_empty());
    let article = &mut reading.article;
    // A field that stands twice keeps its first value.
    match key.to_ascii_lowercase().as_str() {
        "outlet" => article.outlet = article.outlet.take().or(value.map(str::to_owned)),
        "title" => article.title = article.title.take().or(value.map(str::to_owned)),
        "byline" => article.byline = article.byline.take().or(value.map(str::to_owned)),
        "date" => {
            let date = value.and_then(parse_date);
            if let (Some(value), None) = (value, date) {
                reading.left_out.push(LeftOut::date(value));
            }
            article.date = article.date.or(date);
        }
        "url" => {
            let url = value.and_then(canonical_url);
            if let (Some(value), None) = (value, &url) {
                reading.left_out.push(LeftOut::new(value, "not an http address"));
            }
            article.url = article.url.take().or(url);
        }
        _ => return false,
    }
    true
}

/// Reads the header into `reading` and returns where the body starts; `None` where the text has no header.
fn header(text: &str, reading: &mut Reading) -> Option<usize> {
    let mut at = 0;
    let mut fields = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let line = line.trim();
        if line.is_empty() {
            if fields == 0 {
                // Blank lines before the header.
                continue;
            }
            return Some(at);
        }
        let (key, value) = line.split_once(':')?;
        if !take(key, value.trim(), reading) {
            return None;
        }
        fields += 1;
        if fields > 20 {
            return None;
        }
    }
    // Header lines up to the end: no blank line follows, so they are the text.
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn any_order_and_any_subset() {
        let reading = article("\u{a0}\nDate: 6 March 2023\r\nURL: HTTPS://X.example/a#b\r\nOutlet: The Daily\r\n\r\nBody: one.\r\n\r\nTwo.\r\n".into());
        let article = reading.article;
        assert_eq!(article.text, "Body: one.\r\n\r\nTwo.\r\n");
        assert_eq!(article.date, Some(date(2023, 3, 6)));
        assert_eq!(article.url.as_deref(), Some("https://x.example/a"));
        assert_eq!(article.outlet.as_deref(), Some("The Daily"));
        assert_eq!((article.title, article.byline), (None, None));
    }

    #[test]
    fn front_matter_is_a_header() {
        let text = "---\ntitle: \"The dam: a talk\"\ndate: 2014-10-08 12:00:00\ntags:\n  - url: no\nlayout: post\nlink: https://x.example/a\nauthor: Ana Bo\n---\n\nAna Bo: It is full.\n";
        let reading = article(text.into());
        let article = reading.article;
        assert_eq!(article.text, "\nAna Bo: It is full.\n");
        assert_eq!(article.title.as_deref(), Some("The dam: a talk"));
        assert_eq!((article.date, article.byline.as_deref()), (Some(date(2014, 10, 8)), Some("Ana Bo")));
        assert_eq!(article.url.as_deref(), Some("https://x.example/a"));
        let open = "---\ntitle: x\n\nNothing ends it.\n";
        assert_eq!(super::article(open.into()).article.text, open);
    }

    #[test]
    fn text_that_only_looks_like_a_header_stays_whole() {
        for text in [
            "Title: a film\nThe critics said so.\n\nMore.",
            "MINISTER: No.\n\nREPORTER: Why?",
            "Date: 2020-01-01\nOutlet: X",
            "He said: no.",
            "",
        ] {
            let reading = article(text.into());
            assert_eq!(reading.article.text, text);
            assert_eq!(reading.article.date, None);
        }
    }

    #[test]
    fn an_unclear_date_is_reported_not_guessed() {
        let reading = article("Date: 03/04/2016\n\nBody.".into());
        assert_eq!(reading.article.date, None);
        assert_eq!(reading.left_out, [LeftOut::date("03/04/2016")]);
    }

    proptest! {
        #[test]
        fn the_body_is_the_end_of_the_input(text in "((Outlet|Date|x): ?[a-z0-9-]{0,8}\r?\n){0,3}\n?\\PC{0,40}") {
            prop_assert!(text.ends_with(&article(text.clone()).article.text));
        }
    }
}
