//! RSS of any version, RDF and Atom, read by the names of their elements: many feeds break a rule of their format or of XML,
//! and what stands before the break is as good as ever.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{Entry, Parsed};
use crate::article::address::resolve;
use crate::article::error::{Failure, Place};
use crate::article::limits::Limits;

/// Prefixes whose elements say the same as those of the feed itself; others (`media:title`, `itunes:summary`) are about
/// something else.
const PREFIXES: [&str; 7] = ["a10", "atom", "content", "dc", "dcterms", "rss", "xhtml"];
/// Elements that HTML closes by itself.
const VOID: [&str; 5] = ["br", "hr", "img", "input", "wbr"];

/// An element that is open.
struct Open {
    name: String,
    /// Whether its namespace is one whose names we know.
    known: bool,
    /// What relative addresses in it are relative to, where it says so.
    base: Option<String>,
}

/// What a child of an entry says about it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    FeedTitle,
    Title,
    Link,
    Id,
    Published,
    Updated,
    Author,
    Content,
    Summary,
}

/// A field being read.
struct Reading {
    field: Field,
    /// How many elements were open when it began, itself included.
    depth: usize,
    text: String,
    /// Whether markup in it is no markup.
    plain: bool,
    /// Whether it counts at all: a link of another kind does not.
    counts: bool,
}

#[derive(Default)]
struct State {
    parsed: Parsed,
    open: Vec<Open>,
    entry: Option<Entry>,
    /// How many elements were open when the entry began, itself included.
    entry_depth: usize,
    reading: Option<Reading>,
    /// The prefix of the first element, which its own children share.
    prefix: Option<String>,
    is_feed: bool,
}

/// Reads a feed; what cannot be read any further is noted beside what came before it.
pub(super) fn parse(markup: &str, limits: &Limits) -> Result<Parsed, Failure> {
    let mut reader = Reader::from_str(markup);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut state = State::default();
    let broken = loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Eof) if state.open.is_empty() => break None,
            Ok(Event::Eof) => break Some((Failure::Truncated("the feed"), Place::Byte(at))),
            Ok(Event::Start(tag)) => {
                if state.open.len() >= limits.depth * 4 {
                    break Some((Failure::TooDeep(limits.depth * 4), Place::Byte(at)));
                }
                state.start(&tag);
            }
            Ok(Event::End(tag)) => state.end(&tag.local_name().as_ref().to_ascii_lowercase()),
            Ok(Event::Text(text)) => state.words(&text.xml10_content()),
            Ok(Event::CData(text)) => state.words(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => state.reference(&reference),
            Ok(_) => {}
            Err(error) => break Some((Failure::malformed("feed", error), Place::Byte(at))),
        }
    };
    if !state.is_feed {
        let (failure, _) = broken.unwrap_or((Failure::malformed("feed", "neither RSS nor Atom"), Place::Byte(0)));
        return Err(failure);
    }
    state.parsed.broken = broken;
    Ok(state.parsed)
}

impl State {
    fn start(&mut self, tag: &BytesStart) {
        let name = tag.local_name().as_ref().to_ascii_lowercase();
        if let Some(reading) = &mut self.reading {
            // Markup that is not escaped (XHTML) is kept as markup; its attributes say nothing that we read.
            match reading.field {
                Field::Author if name == "name" => reading.text.clear(),
                Field::Author => {}
                _ => reading.text.push_str(&format!("<{name}>")),
            }
            self.open.push(Open { name, known: false, base: None });
            return;
        }
        let known = self.knows(tag);
        self.is_feed |= known && matches!(name.as_str(), "rss" | "feed" | "rdf" | "channel" | "entry");
        let starts_entry = self.entry.is_none() && known && matches!(name.as_str(), "item" | "entry");
        let field = match &self.entry {
            Some(_) if known && self.open.len() == self.entry_depth => field(&name, tag),
            None if known && name == "title" => {
                let of_feed =
                    self.open.last().is_some_and(|o| o.known && matches!(o.name.as_str(), "channel" | "feed"));
                of_feed.then_some(Field::FeedTitle)
            }
            _ => None,
        };
        self.open.push(Open { name, known, base: attribute(tag, "xml:base") });
        if starts_entry {
            self.entry = Some(Entry::default());
            self.entry_depth = self.open.len();
        }
        if let Some(field) = field {
            self.begin(field, tag);
        }
    }

    /// Tells whether an element's name means what it means in a feed.
    fn knows(&mut self, tag: &BytesStart) -> bool {
        let Some(prefix) = tag.name().prefix().map(|p| p.as_ref().to_ascii_lowercase()) else { return true };
        if self.open.is_empty() {
            self.prefix = Some(prefix);
            return true;
        }
        PREFIXES.contains(&prefix.as_str()) || self.prefix.as_ref() == Some(&prefix)
    }

    fn begin(&mut self, field: Field, tag: &BytesStart) {
        let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let mut counts = true;
        if matches!(field, Field::Content | Field::Summary) {
            let text = !kind.contains('/') || kind.starts_with("text/") || kind.contains("html");
            counts = text && attribute(tag, "mode").as_deref() != Some("base64");
        }
        if field == Field::Link {
            counts = attribute(tag, "rel").is_none_or(|rel| rel.is_empty() || rel.eq_ignore_ascii_case("alternate"));
            if let Some(address) = attribute(tag, "href").filter(|_| counts) {
                let address = self.based(address);
                if let Some(entry) = &mut self.entry {
                    entry.link.get_or_insert(address);
                }
            }
        }
        let plain = matches!(kind.as_str(), "text" | "text/plain");
        self.reading = Some(Reading { field, depth: self.open.len(), text: String::new(), plain, counts });
    }

    /// Resolves an address against what the nearest element around it says.
    fn based(&self, address: String) -> String {
        let base = self.open.iter().rev().find_map(|o| o.base.as_deref());
        base.and_then(|base| resolve(base, &address)).unwrap_or(address)
    }

    /// Closes the last open element of a name, and what was left open inside it.
    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|o| o.name == name) else { return };
        while self.open.len() > at {
            let depth = self.open.len();
            let Some(closed) = self.open.pop() else { return };
            if let Some(reading) = self.reading.as_mut().filter(|reading| depth > reading.depth) {
                if reading.field != Field::Author && !VOID.contains(&closed.name.as_str()) {
                    reading.text.push_str(&format!("</{}>", closed.name));
                }
            } else if let Some(reading) = self.reading.take() {
                self.keep(reading);
            }
            if self.entry.is_some() && depth == self.entry_depth {
                self.parsed.entries.extend(self.entry.take());
            }
        }
    }

    fn words(&mut self, words: &str) {
        let inner = self.open.last().is_none_or(|o| o.name != "name");
        let Some(reading) = &mut self.reading else { return };
        let nested = self.open.len() > reading.depth;
        match (reading.field, nested) {
            // Of an author in parts, the address is not the name.
            (Field::Author, true) if inner => {}
            (Field::Author, _) | (_, false) => reading.text.push_str(words),
            (_, true) => reading.text.push_str(&escaped(words)),
        }
    }

    fn reference(&mut self, reference: &BytesRef) {
        let nested = self.reading.as_ref().is_some_and(|r| self.open.len() > r.depth && r.field != Field::Author);
        let name = reference.xml10_content();
        let character = match name.as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        match (character, nested) {
            (Some(character), false) => self.words(character.encode_utf8(&mut [0; 4])),
            // Named characters are HTML's, which knows them; entities of the document's own are never expanded.
            _ => {
                if let Some(reading) = &mut self.reading {
                    reading.text.push_str(&format!("&{name};"));
                }
            }
        }
    }

    fn keep(&mut self, reading: Reading) {
        let Reading { field, text, plain, counts, .. } = reading;
        if !counts || text.trim().is_empty() {
            return;
        }
        let text = if plain { escaped(&text) } else { text };
        if field == Field::FeedTitle {
            self.parsed.title.get_or_insert(text);
            return;
        }
        let based = (field == Field::Link).then(|| self.based(text.trim().to_owned()));
        let Some(entry) = &mut self.entry else { return };
        let kept = match field {
            Field::Author => {
                entry.authors.extend(author(&text));
                return;
            }
            Field::Title => &mut entry.title,
            Field::Link => &mut entry.link,
            Field::Id => &mut entry.id,
            Field::Published => &mut entry.published,
            Field::Updated => &mut entry.updated,
            Field::Content => &mut entry.content,
            Field::Summary | Field::FeedTitle => &mut entry.summary,
        };
        kept.get_or_insert(based.unwrap_or(text));
    }
}

/// Returns what a child of an entry says, by its name.
fn field(name: &str, tag: &BytesStart) -> Option<Field> {
    Some(match name {
        "title" => Field::Title,
        "link" => Field::Link,
        "guid" | "id" | "identifier" => Field::Id,
        "pubdate" | "published" | "issued" => Field::Published,
        "updated" | "modified" | "date" | "created" => Field::Updated,
        "author" | "creator" => Field::Author,
        "encoded" | "body" | "fullitem" => Field::Content,
        "content" => {
            // A content that stands elsewhere has its words there.
            return attribute(tag, "src").is_none().then_some(Field::Content);
        }
        "description" | "summary" | "abstract" => Field::Summary,
        _ => return None,
    })
}

/// Returns the name in an author of RSS, `ida@vale.example (Ida Roe)`; an address alone names nobody.
fn author(text: &str) -> Option<String> {
    let text = text.trim();
    let in_brackets = text.strip_suffix(')').and_then(|t| t.split_once('(')).map(|(_, name)| name.trim());
    let name = if text.contains('@') { in_brackets? } else { text };
    (!name.is_empty()).then(|| name.to_owned())
}

/// Writes plain text as HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn attribute(tag: &BytesStart, wanted: &str) -> Option<String> {
    let found = tag.html_attributes().flatten().find(|a| a.key.as_ref().eq_ignore_ascii_case(wanted))?;
    Some(
        found.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_or_else(|_| found.value.to_string(), Into::into),
    )
}
