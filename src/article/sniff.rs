//! Tells formats apart by their content; a name only decides between what the content leaves open.

use super::encoding::unmarked_utf16;

/// A format that has a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, with or without header lines.
    Text,
    /// JSON Lines: one article a line.
    JsonLines,
    /// A JSON array of articles, or articles printed over several lines.
    Json,
    /// An HTML page.
    Html,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// SRT or WebVTT subtitles.
    Subtitles,
    /// A PDF.
    Pdf,
    /// A Word document.
    Document,
    /// A mail, or a page saved in the form of one.
    Mail,
    /// Mails one after the other.
    Mailbox,
    /// A WARC archive of the web.
    Warc,
    /// A table with named columns and this byte between them.
    Table(u8),
}

/// Returns the format of an input that starts with `head`, or the name of a known one that has no reader.
pub(crate) fn sniff(head: &[u8], extension: &str) -> Result<Format, &'static str> {
    if super::pdf::is_pdf(head) {
        return Ok(Format::Pdf);
    }
    if head.starts_with(ZIP) && super::docx::may_be(head, extension) {
        return Ok(Format::Document);
    }
    if let Some(name) = foreign(head) {
        return Err(name);
    }
    if super::warc::is_archive(head) {
        return Ok(Format::Warc);
    }
    let start = beginning(head);
    let text = start.trim_start();
    if matches!(extension, "jsonl" | "ndjson") {
        return Ok(Format::JsonLines);
    }
    if text.starts_with('{') && text.contains("jsonfeed.org/version") {
        return Ok(Format::Feed);
    }
    if let Some(format) = json(text) {
        return Ok(format);
    }
    if let Some(format) = markup(text, extension)? {
        return Ok(format);
    }
    if super::mail::is_mail(text) {
        return Ok(Format::Mail);
    }
    if super::mailbox::is_mailbox(text) {
        return Ok(Format::Mailbox);
    }
    if super::subtitles::is_subtitles(text) {
        return Ok(Format::Subtitles);
    }
    if text.starts_with("[Script Info]") {
        return Err("SubStation subtitles");
    }
    let named = super::table::delimiter(text.lines().next().unwrap_or_default());
    match (named, extension) {
        (Some(delimiter), _) => return Ok(Format::Table(delimiter)),
        (None, "csv") => return Ok(Format::Table(b',')),
        (None, "tsv") => return Ok(Format::Table(b'\t')),
        (None, "json") => return Ok(Format::Json),
        (None, "srt" | "vtt") => return Ok(Format::Subtitles),
        _ => {}
    }
    Ok(Format::Text)
}

/// Tells whether bytes are neither text nor of a format that has a reader.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    if super::warc::is_archive(head)
        || super::pdf::is_pdf(head)
        || head.starts_with(ZIP) && super::docx::may_be(head, "")
    {
        return false;
    }
    if foreign(head).is_some() {
        return true;
    }
    let packed = matches!(head, [0x1F, 0x8B, 8, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..]);
    let marked = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    !packed && !marked && head.contains(&0) && unmarked_utf16(head).is_none()
}

/// How a zip archive starts.
const ZIP: &[u8] = b"PK\x03\x04";

/// Names well-known formats that hold no article we can read.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 17] = [
        (ZIP, "a zip archive"),
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"RIFF", "a media file"),
        (b"\0\0\0\x18ftyp", "a video"),
        (b"\0\0\0\x20ftyp", "a video"),
        (b"ID3", "a sound file"),
        (b"OggS", "a sound file"),
        (b"\x7FELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"BZh", "a bzip2 archive"),
        (b"\xFD7zXZ\0", "an xz archive"),
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xD0\xCF\x11\xE0", "an old Office document"),
    ];
    MAGICS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// Decodes the head, as far as whole characters go.
pub(crate) fn beginning(head: &[u8]) -> String {
    super::encoding::decode(head.to_vec(), None)
}

/// Tells pages and feeds apart; other XML has no reader.
fn markup(text: &str, extension: &str) -> Result<Option<Format>, &'static str> {
    if !text.starts_with('<') {
        // A page may start with stray text; its name and its tags together decide.
        let named = matches!(extension, "html" | "htm" | "xhtml");
        return Ok((named && text.contains('<')).then_some(Format::Html));
    }
    let lower = text.to_ascii_lowercase();
    match root(&lower) {
        // Their heads look like a page's, and their words would be lost.
        "tt" => return Err("TTML subtitles"),
        "rss" | "feed" | "rdf" => return Ok(Some(Format::Feed)),
        _ => {}
    }
    let first = |tag: &str| lower.find(tag).unwrap_or(usize::MAX);
    let feed = first("<rss").min(first("<feed")).min(first("<rdf:rdf"));
    let page = first("<html").min(first("<!doctype html"));
    if feed < page {
        return Ok(Some(Format::Feed));
    }
    const TAGS: [&str; 12] =
        ["<head", "<body", "<article", "<main", "<div", "<p>", "<p ", "<meta", "<section", "<h1", "<script", "<title"];
    if page < usize::MAX || TAGS.iter().any(|t| first(t) < usize::MAX) || extension.starts_with("htm") {
        return Ok(Some(Format::Html));
    }
    if lower.starts_with("<?xml") {
        return Err("XML that is neither a page nor a feed");
    }
    Ok(None)
}

/// Returns the name of the first element, without its prefix, after declarations and comments.
fn root(lower: &str) -> &str {
    let mut rest = lower;
    while let Some(end) = [("<?", "?>"), ("<!--", "-->"), ("<!", ">")].iter().find_map(|(start, end)| {
        rest.starts_with(start).then(|| rest.find(end).map_or(rest.len(), |at| at + end.len()))
    }) {
        rest = rest[end..].trim_start();
    }
    let name = rest.strip_prefix('<').unwrap_or_default();
    let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Tells JSON from prose that starts with a bracket, and one object a line from other layouts.
fn json(text: &str) -> Option<Format> {
    let after = text.get(1..)?.trim_start();
    match text.as_bytes().first()? {
        b'[' => (after.starts_with(['{', ']'])).then_some(Format::Json),
        b'{' => {
            if !after.starts_with(['"', '}']) {
                return None;
            }
            // A line longer than the head is one object.
            let line = text.split_once('\n').map_or("", |(line, _)| line.trim_end());
            // A line that stops after an opening bracket or a comma goes on below.
            Some(if line.ends_with(['{', ',', '[']) { Format::Json } else { Format::JsonLines })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_decides() {
        for (head, extension, format) in [
            ("{\"text\": \"x\"}\n{\"text\": \"y\"}", "txt", Format::JsonLines),
            ("{\n  \"text\": \"x\"\n}", "", Format::Json),
            ("[{\"text\": \"x\"}]", "", Format::Json),
            ("[Editor’s note] He said so.", "", Format::Text),
            ("{sic} he said", "", Format::Text),
            ("not json\n{\"text\": \"x\"}", "jsonl", Format::JsonLines),
            ("The minister said no.", "md", Format::Text),
        ] {
            assert_eq!(sniff(head.as_bytes(), extension), Ok(format), "{head}");
        }
        let ttml =
            "<?xml version=\"1.0\"?>\n<!-- <p> -->\n<tt xmlns=\"urn:x\"><head/><body><div><p>No.</p></div></body></tt>";
        assert_eq!(sniff(ttml.as_bytes(), "ttml"), Err("TTML subtitles"));
        assert_eq!(sniff(b"<ttl><p>No.</p></ttl>", ""), Ok(Format::Html));
        assert_eq!(sniff(b"[Script Info]\nTitle: x\n", "ass"), Err("SubStation subtitles"));
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n", "txt"), Err("a PNG image"));
    }

    proptest! {
        #[test]
        fn any_bytes_in_no_panic(head in proptest::collection::vec(any::<u8>(), 0..200), extension in "[a-z]{0,5}") {
            let _ = sniff(&head, &extension);
            is_binary(&head);
        }
    }
}
