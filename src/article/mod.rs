//! Articles and their metadata, and one reader per input format.
//!
//! [`sources`] walks over what the user named, [`read`] gives the articles of one input, one after the other and in bounded memory.

mod address;
mod date;
mod dateline;
mod docx;
mod encoding;
mod error;
mod feed;
mod fetched;
mod guard;
mod html;
mod http_message;
mod json;
mod limits;
mod mail;
mod mailbox;
mod members;
mod open;
mod page_metadata;
mod pdf;
mod plain;
mod sniff;
mod source;
mod subtitles;
mod table;
mod transcript;
mod warc;

use std::io::Read;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

pub use address::canonical_url;
pub use date::parse_date;
pub use error::{Failure, Place, ReadError};
pub use fetched::{Origin, feed_entries, feeds_named, inspect_fetched, is_feed};
pub use limits::Limits;
pub use source::{Found, Source, Sources, sources};

use open::Opened;
use sniff::Format;

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
    /// Whether the text is only a summary: a feed that gives no more.
    pub summary: bool,
}

impl Article {
    /// Returns the identity of the article in the record: the first 16 bytes of the BLAKE3 hash of its canonical address, else of its
    /// text (line ends and blank space at the ends aside, so that a copy saved on another system is the same article).
    pub fn identity(&self) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        match self.url.as_deref().map(|url| canonical_url(url).unwrap_or_else(|| url.to_owned())) {
            Some(url) => hasher.update(b"url\0").update(url.as_bytes()),
            None => {
                hasher.update(b"text\0");
                for part in self.text.trim().split("\r\n") {
                    hasher.update(part.as_bytes()).update(b"\n");
                }
                &mut hasher
            }
        };
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        id
    }
}

/// An article's row in JSON Lines input.
#[derive(Debug, Deserialize, Serialize)]
pub struct ArticleRow {
    /// Any name the sender uses; a number is taken as its digits.
    #[serde(default, deserialize_with = "name_or_number")]
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

fn name_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(name) => Some(name),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// An article and what its reader left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The article.
    pub article: Article,
    /// What was there and was not taken.
    pub left_out: Vec<LeftOut>,
}

/// Something an input has that is no part of its article, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its first words.
    pub what: String,
    /// The reason, in a few words.
    pub why: String,
}

impl LeftOut {
    /// Keeps the first 80 characters of what was left out, white space run together.
    pub(crate) fn new(what: &str, why: impl Into<String>) -> LeftOut {
        let mut words = String::new();
        for word in what.split_whitespace() {
            if words.chars().count() + word.chars().count() > 80 {
                words.push('…');
                break;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        LeftOut { what: words, why: why.into() }
    }

    /// A date that could not be read or has two readings.
    pub(crate) fn date(given: &str) -> LeftOut {
        LeftOut::new(given, "a date that cannot be read, or read in one way only: taken as unknown")
    }
}

impl Reading {
    /// Sets the turns of a transcript alike.
    pub(crate) fn with_turns_set(mut self) -> Reading {
        if let Some(set) = transcript::set(&self.article.text) {
            self.article.text = set.text;
            self.left_out.extend(set.left_out);
        }
        self
    }

    /// Refuses an article without text or with NULs in it.
    pub(crate) fn checked(self, label: &str, place: Option<Place>) -> Result<Reading, ReadError> {
        if self.article.text.trim().is_empty() {
            return Err(Failure::NoText.at(label, place));
        }
        if self.article.text.contains('\0') {
            return Err(Failure::Binary.at(label, place));
        }
        Ok(self)
    }
}

/// Metadata that the user gives and that overrides what the input says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Outlet.
    pub outlet: Option<String>,
    /// Day of publication.
    pub date: Option<Date>,
    /// Address.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
}

impl Overrides {
    /// Puts what is given in place of what the article has.
    pub fn apply(&self, article: &mut Article) {
        for (given, has) in
            [(&self.outlet, &mut article.outlet), (&self.url, &mut article.url), (&self.title, &mut article.title)]
        {
            if given.is_some() {
                has.clone_from(given);
            }
        }
        if let Some(url) = article.url.as_deref().and_then(canonical_url) {
            article.url = Some(url);
        }
        article.date = self.date.or(article.date);
    }
}

/// The articles of one input, with what was left out of each.
pub struct Readings(Box<dyn Iterator<Item = Result<Reading, ReadError>> + Send>);

impl Iterator for Readings {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The articles of one input.
pub struct Articles(Readings);

impl Iterator for Articles {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|reading| reading.map(|r| r.article))
    }
}

/// Reads the articles of one input, of whatever format its content shows.
///
/// An error concerns one article or the rest of this input; the iterator goes on where it can.
pub fn read(source: &Source, limits: &Limits) -> Articles {
    Articles(inspect(source, limits))
}

/// Reads like [`read`] and also tells what was left out of each article.
pub fn inspect(source: &Source, limits: &Limits) -> Readings {
    match Opened::source(source, limits) {
        Ok(opened) => readings(opened, limits),
        Err(failure) => failed(failure.at(source.to_string(), None)),
    }
}

/// Reads articles from an open stream; `name` stands for the file's name.
pub fn read_from(name: &str, stream: Box<dyn Read + Send>, limits: &Limits) -> Articles {
    Articles(match Opened::stream(name, name, stream, limits) {
        Ok(opened) => readings(opened, limits),
        Err(failure) => failed(failure.at(name, None)),
    })
}

fn failed(error: ReadError) -> Readings {
    Readings(Box::new(std::iter::once(Err(error))))
}

fn readings(mut opened: Opened, limits: &Limits) -> Readings {
    let extension = opened.extension.clone();
    let format = match opened.head() {
        Ok(head) => {
            let marked = encoding_rs::Encoding::for_bom(head).map(|(e, _)| e).filter(|e| *e != encoding_rs::UTF_8);
            let wide = marked.or_else(|| encoding::unmarked_utf16(head));
            (sniff::sniff(head, &extension), wide)
        }
        Err(failure) => return failed(failure.at(opened.label, None)),
    };
    let (format, wide) = match format {
        (Ok(format), wide) => (format, wide),
        (Err(name), _) => return failed(Failure::Unsupported(name).at(opened.label, None)),
    };
    if let Some(encoding) = wide.filter(|_| matches!(format, Format::JsonLines | Format::Json | Format::Table(_))) {
        let decoded = encoding::Transcoding::new(opened.stream, encoding);
        opened.stream = Box::new(std::io::BufReader::with_capacity(open::HEAD, decoded));
    }
    let limits = *limits;
    Readings(Box::new(guard::Guarded::start(opened.label.clone(), move || reader(format, opened, &limits))))
}

fn reader(
    format: Format,
    opened: Opened,
    limits: &Limits,
) -> Box<dyn Iterator<Item = Result<Reading, ReadError>> + Send> {
    match format {
        Format::Text => Box::new(std::iter::once(plain::read(opened, limits))),
        Format::JsonLines => Box::new(json::Lines::new(opened, limits)),
        Format::Json => Box::new(json::Objects::new(opened, limits)),
        Format::Html => Box::new(std::iter::once(html::read(opened, limits))),
        Format::Feed => Box::new(feed::read(opened, limits).into_iter()),
        Format::Mail => Box::new(mail::read(opened, limits).into_iter()),
        Format::Mailbox => Box::new(mailbox::Mails::new(opened, limits)),
        Format::Document => Box::new(std::iter::once(docx::read(opened, limits))),
        Format::Pdf => Box::new(std::iter::once(pdf::read(opened, limits))),
        Format::Subtitles => Box::new(std::iter::once(subtitles::read(opened, limits))),
        Format::Warc => Box::new(warc::Records::new(opened, limits)),
        Format::Table(delimiter) => Box::new(table::Rows::new(opened, delimiter, limits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn from(bytes: &[u8]) -> Vec<Result<Article, ReadError>> {
        read_from("a.txt", Box::new(std::io::Cursor::new(bytes.to_vec())), &Limits::default()).collect()
    }

    #[test]
    fn utf16_rows_as_a_windows_shell_writes_them() {
        let rows = "\u{feff}{\"text\": \"“Größe”\"}\r\n{\"text\": \"zwei\"}\r\n";
        let bytes: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let texts: Vec<String> = from(&bytes).into_iter().map(|a| a.unwrap().text).collect();
        assert_eq!(texts, ["“Größe”", "zwei"]);
    }

    #[test]
    fn refusals_say_what_and_where() {
        for (bytes, says) in [
            (&b"ab\0cd"[..], "cannot read a.txt, byte 2: not text: a NUL byte"),
            (b"", "cannot read a.txt: no text in it"),
            (b" \r\n", "cannot read a.txt: no text in it"),
            (b"\x89PNG\r\n\x1a\n", "cannot read a.txt: a PNG image cannot be read as an article"),
            (b"{\"text\": \"a\\u0000b\"}", "cannot read a.txt, line 1: not text: a NUL byte"),
        ] {
            let error = from(bytes).remove(0).unwrap_err();
            assert_eq!(format!("{error}: {}", error.failure), says);
        }
    }

    #[test]
    fn one_article_however_it_comes() {
        let text = Article { text: "One.\r\nTwo.\r\n".into(), ..Article::default() };
        let copy = Article { text: "One.\nTwo.".into(), title: Some("T".into()), ..Article::default() };
        assert_eq!(text.identity(), copy.identity());
        let page = |url: &str| Article { text: url.into(), url: Some(url.into()), ..Article::default() };
        assert_eq!(page("https://x.example/a?utm_source=b#c").identity(), page("HTTPS://X.EXAMPLE/a").identity());
        assert_ne!(page("https://x.example/a").identity(), page("https://x.example/b").identity());
        assert_ne!(text.identity(), page("https://x.example/a").identity());
    }

    proptest! {
        #[test]
        fn any_bytes_in_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for article in from(&bytes).into_iter().flatten() {
                prop_assert!(!article.text.is_empty());
            }
        }

        #[test]
        fn rows_read_back(text in "\\PC{1,80}", title in "\\PC{0,20}") {
            prop_assume!(!text.trim().is_empty());
            let row = serde_json::json!({"text": text, "title": title, "id": "n"}).to_string();
            let article = from(row.as_bytes()).remove(0).unwrap();
            prop_assert_eq!(article.text, text);
            prop_assert_eq!(article.name, "n");
        }
    }
}
