//! DOCX: the paragraphs of a Word document as its author last saw them, without deletions, captions and hidden text.

use std::io::{Cursor, Read};

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use zip::ZipArchive;

use super::encoding::decode;
use super::error::{Failure, Place, ReadError};
use super::guard::guarded;
use super::limits::Limits;
use super::open::Opened;
use super::{LeftOut, Reading, dateline};

/// How many files an archive may list: a document has dozens.
const ENTRIES: usize = 20_000;

/// Tells whether a zip archive that starts like this may be a Word document: the first names of its list stand at its start.
pub(crate) fn may_be(head: &[u8], extension: &str) -> bool {
    matches!(extension, "docx" | "docm" | "dotx") || memchr::memmem::find(head, b"word/").is_some()
}

/// Reads one document.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Result<Reading, ReadError> {
    let bytes = opened.all("the document", limits.document).map_err(|f| f.at(&opened.label, None))?;
    let read = guarded("DOCX", || Ok(document(bytes, limits))).unwrap_or_else(|failure| Err((failure, None)));
    let mut reading = read.map_err(|(failure, place)| failure.at(&opened.label, place))?;
    reading.article.name = opened.name;
    reading.article.url = opened.url;
    reading.with_turns_set().checked(&opened.label, None)
}

fn document(bytes: Vec<u8>, limits: &Limits) -> Result<Reading, (Failure, Option<Place>)> {
    let whole = |failure: Failure| (failure, None);
    if memchr::memmem::find_iter(&bytes, b"PK\x01\x02").count() > ENTRIES {
        return Err(whole(Failure::malformed("DOCX", format!("a list of more than {ENTRIES} files"))));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| whole(Failure::malformed("DOCX", e)))?;
    let names: Vec<String> = archive.file_names().flatten().map(|n| n.into_owned()).collect();
    let holds = |start: &str| names.iter().any(|n| n.starts_with(start));
    let main =
        if holds("word/document.xml") { "word/document.xml".to_owned() } else { main_part(&mut archive, limits) };
    if !names.contains(&main) {
        return Err(whole(Failure::Unsupported(match () {
            () if holds("xl/") => "a spreadsheet",
            () if holds("ppt/") => "a slide show",
            () if holds("content.xml") => "an OpenDocument file",
            () if holds("META-INF/container.xml") => "an electronic book",
            () => "a zip archive",
        })));
    }
    let body = part(&mut archive, &main, limits).map_err(whole)?;
    let mut reading = paragraphs(&body, limits)?;
    if let Ok(about) = part(&mut archive, "docProps/core.xml", limits) {
        let (title, creator) = properties(&about, limits);
        let article = &mut reading.article;
        article.title = article.title.take().or(title.filter(|t| !is_file_name(t)));
        article.byline = creator;
    }
    reading.article.date = dateline::of(&reading.article.text);
    Ok(reading)
}

/// Returns the name of the main part, as the archive's own list of relations gives it.
fn main_part(archive: &mut ZipArchive<Cursor<Vec<u8>>>, limits: &Limits) -> String {
    let Ok(relations) = part(archive, "_rels/.rels", limits) else { return String::new() };
    let mut reader = NsReader::from_str(&relations);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let kind = attribute(&tag, "Type").unwrap_or_default();
                if kind.ends_with("/officeDocument")
                    && let Some(target) = attribute(&tag, "Target").filter(|t| t.contains("word"))
                {
                    return target.trim_start_matches('/').to_owned();
                }
            }
            _ => {}
        }
    }
    String::new()
}

/// Unpacks one file of the archive, within the limits.
fn part(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str, limits: &Limits) -> Result<String, Failure> {
    let file = archive.by_name(name).map_err(|e| Failure::malformed("DOCX", e))?;
    let packed = file.compressed_size();
    let allowed = packed.saturating_mul(limits.ratio).max(limits.article).min(limits.document);
    let mut bytes = Vec::new();
    file.take(allowed.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > allowed {
        return Err(if allowed < limits.document {
            Failure::Bomb(limits.ratio)
        } else {
            Failure::TooLarge { what: "the document's text", limit: limits.document }
        });
    }
    Ok(decode(bytes, None))
}

/// Elements whose text is no part of what the document says now, and why.
fn passed_over(name: &str) -> Option<&'static str> {
    match name {
        "del" | "moveFrom" => Some("deleted in the tracked changes"),
        "Fallback" | "instrText" | "delText" | "rt" | "delInstrText" => Some(""),
        _ => None,
    }
}

/// A paragraph on its way.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: String,
}

/// Reads the paragraphs of the main part; what it may nest is limited.
fn paragraphs(markup: &str, limits: &Limits) -> Result<Reading, (Failure, Option<Place>)> {
    let mut reader = NsReader::from_str(markup);
    reader.config_mut().expand_empty_elements = true;
    let mut out = Reading::default();
    let mut title = Vec::new();
    let mut open: Vec<Paragraph> = Vec::new();
    let (mut depth, mut hidden, mut in_text) = (0usize, false, false);
    // The depth at which something passed over began, why, and its words.
    let mut passing: Option<(usize, &str, String)> = None;
    loop {
        let at = reader.buffer_position();
        let failed = |found: String| (Failure::Malformed { format: "DOCX", found }, Some(Place::Byte(at)));
        let (space, event) = reader.read_resolved_event().map_err(|e| failed(format!("{e} in its text")))?;
        let in_word = matches!(space, ResolveResult::Bound(s) if s.as_ref().ends_with("wordprocessingml/main"))
            || matches!(space, ResolveResult::Bound(s) if s.as_ref().contains("wordprocessingml/2006/main"));
        match event {
            Event::Eof if depth > 0 => return Err((Failure::Truncated("the document's text"), Some(Place::Byte(at)))),
            Event::Eof => break,
            Event::Start(tag) => {
                depth += 1;
                if depth > limits.depth {
                    return Err((Failure::TooDeep(limits.depth), Some(Place::Byte(at))));
                }
                let name = tag.local_name();
                let name = name.as_ref();
                if passing.is_none()
                    && let Some(why) = passed_over(name)
                {
                    passing = Some((depth, why, String::new()));
                }
                if !in_word {
                    continue;
                }
                let paragraph = open.last_mut();
                match (name, paragraph) {
                    ("p", _) => open.push(Paragraph::default()),
                    ("pStyle", Some(p)) => p.style = attribute(&tag, "val").unwrap_or_default().to_lowercase(),
                    ("r", _) => hidden = false,
                    ("vanish", _) => hidden = attribute(&tag, "val").is_none_or(|v| v != "0" && v != "false"),
                    ("t" | "delText", _) => in_text = true,
                    (_, None) => {}
                    ("tab" | "ptab", Some(p)) if !p.text.is_empty() => p.text.push('\t'),
                    ("br" | "cr", Some(p)) => p.text.push('\n'),
                    ("noBreakHyphen", Some(p)) => p.text.push('\u{2011}'),
                    _ => {}
                }
            }
            Event::End(tag) => {
                let name = tag.local_name();
                if in_word && name.as_ref() == "t" || name.as_ref() == "delText" {
                    in_text = false;
                }
                if in_word
                    && name.as_ref() == "p"
                    && let Some(paragraph) = open.pop()
                {
                    close(paragraph, &mut out, &mut title);
                }
                if passing.as_ref().is_some_and(|(began, ..)| *began == depth)
                    && let Some((_, why, words)) = passing.take()
                    && !why.is_empty()
                    && !words.trim().is_empty()
                    && out.left_out.len() < 200
                {
                    out.left_out.push(LeftOut::new(&words, why));
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if in_text => {
                let words = match &event {
                    Event::Text(text) => text.xml10_content().into_owned(),
                    Event::CData(text) => text.xml10_content().into_owned(),
                    Event::GeneralRef(reference) => entity(reference),
                    _ => String::new(),
                };
                match (&mut passing, open.last_mut()) {
                    (Some((_, _, passed)), _) => passed.push_str(&words),
                    (None, Some(paragraph)) if !hidden => paragraph.text.push_str(&words),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    out.article.title = title.into_iter().next();
    Ok(out)
}

/// Adds a finished paragraph to the text.
fn close(paragraph: Paragraph, out: &mut Reading, title: &mut Vec<String>) {
    let text = paragraph.text.trim();
    if text.is_empty() {
        return;
    }
    match paragraph.style.as_str() {
        "caption" => {
            if out.left_out.len() < 200 {
                out.left_out.push(LeftOut::new(text, "a caption"));
            }
            return;
        }
        "title" => title.insert(0, one_line(text)),
        "heading1" if title.is_empty() => title.push(one_line(text)),
        _ => {}
    }
    let article = &mut out.article;
    if !article.text.is_empty() {
        article.text.push('\n');
    }
    article.text.push_str(text);
    article.text.push('\n');
}

fn entity(reference: &quick_xml::events::BytesRef) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match reference.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        // Entities of the document's own are never expanded.
        _ => "",
    }
    .to_owned()
}

fn attribute(tag: &BytesStart, wanted: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == wanted)?;
    Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// Returns title and author from the document's properties.
fn properties(markup: &str, limits: &Limits) -> (Option<String>, Option<String>) {
    let mut reader = NsReader::from_str(markup);
    let (mut title, mut creator) = (String::new(), String::new());
    let mut inside = Vec::new();
    while let Ok(event) = reader.read_event() {
        let words = match &event {
            Event::Eof => break,
            Event::Start(tag) if inside.len() < limits.depth => {
                inside.push(tag.local_name().as_ref().to_owned());
                continue;
            }
            Event::Start(_) => break,
            Event::End(_) => {
                inside.pop();
                continue;
            }
            Event::Text(text) => text.xml10_content().into_owned(),
            Event::GeneralRef(reference) => entity(reference),
            _ => continue,
        };
        match inside.last().map(String::as_str) {
            Some("title") => title.push_str(&words),
            Some("creator") => creator.push_str(&words),
            _ => {}
        }
    }
    let present = |text: &str| Some(one_line(text)).filter(|t| !t.is_empty() && t.len() <= 2000);
    (present(&title), present(&creator))
}

/// Tells a title that a program made from a file's name.
pub(crate) fn is_file_name(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.starts_with("microsoft word")
        || lower.starts_with("untitled")
        || lower == "document"
        || !lower.contains(' ') && (lower.contains('_') || lower.contains('.'))
        || [".doc", ".docx", ".pdf", ".indd", ".rtf", ".odt", ".pub"].iter().any(|ending| lower.ends_with(ending))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    const SPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn word(body: &str) -> Vec<u8> {
        let main = format!(
            "<?xml version=\"1.0\"?><w:document xmlns:w=\"{SPACE}\" xmlns:m=\"urn:math\" xmlns:mc=\"urn:mc\"><w:body>{body}</w:body></w:document>"
        );
        let core = "<cp:coreProperties xmlns:cp=\"urn:c\" xmlns:dc=\"urn:d\"><dc:title>Microsoft Word - dam.doc</dc:title><dc:creator>Ana Bo &amp; Cy</dc:creator></cp:coreProperties>";
        archive(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", main.as_bytes()),
            ("docProps/core.xml", core.as_bytes()),
        ])
    }

    fn from(bytes: Vec<u8>, limits: &Limits) -> Result<Reading, ReadError> {
        let name = "d.docx";
        super::super::readings(Opened::stream(name, name, Box::new(Cursor::new(bytes)), limits).unwrap(), limits)
            .next()
            .unwrap()
    }

    fn refused(bytes: Vec<u8>, limits: &Limits) -> String {
        let error = from(bytes, limits).unwrap_err();
        format!("{error}: {}", error.failure)
    }

    #[test]
    fn paragraphs_as_last_seen() {
        let body = r#"<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Dam is full</w:t></w:r></w:p>
<w:p><w:r><w:t>6 March 2023</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">“The dam is </w:t></w:r><w:del><w:r><w:delText>nearly </w:delText></w:r></w:del><w:ins><w:r><w:t>full</w:t></w:r></w:ins><w:r><w:t>,” said Bo &amp; Co&#8217;s keeper.</w:t><w:br/><w:t>Line two</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t><w:tab/><w:t>one</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:pPr><w:pStyle w:val="Caption"/></w:pPr><w:r><w:t>The dam, says the caption</w:t></w:r></w:p>
<w:p><m:t>x=1</m:t><mc:Fallback><w:r><w:t>again</w:t></w:r></mc:Fallback></w:p>"#;
        let reading = from(word(body), &Limits::default()).unwrap();
        let article = reading.article;
        assert_eq!(
            article.text,
            "Dam is full\n\n6 March 2023\n\n“The dam is full,” said Bo & Co’s keeper.\nLine two.\n\nCell\tone\n"
        );
        assert_eq!(article.title.as_deref(), Some("Dam is full"));
        assert_eq!(article.byline.as_deref(), Some("Ana Bo & Cy"));
        assert_eq!(article.date, Some(jiff::civil::date(2023, 3, 6)));
        let why: Vec<(&str, &str)> = reading.left_out.iter().map(|l| (l.what.as_str(), l.why.as_str())).collect();
        assert_eq!(why, [("nearly", "deleted in the tracked changes"), ("The dam, says the caption", "a caption")]);
    }

    #[test]
    fn hostile_and_broken_documents_are_refused_with_the_place() {
        let limits = Limits { article: 1 << 20, document: 16 << 20, ..Limits::default() };
        let bomb = archive(&[("word/document.xml", &vec![b' '; 10 << 20])]);
        assert_eq!(
            refused(bomb, &limits),
            "cannot read d.docx: unpacks to more than 200 times its size: taken for a decompression bomb"
        );
        let deep = "<w:p>".repeat(100_000);
        assert!(refused(word(&deep), &limits).ends_with(": nested more than 256 levels deep"));
        let whole = word("<w:p><w:r><w:t>One.</w:t></w:r></w:p>");
        assert!(
            refused(whole[..whole.len() / 2].to_vec(), &limits).starts_with("cannot read d.docx: not valid DOCX: ")
        );
        let cut = archive(&[("word/document.xml", format!("<w:document xmlns:w=\"{SPACE}\"><w:p>").as_bytes())]);
        assert_eq!(
            refused(cut, &limits),
            "cannot read d.docx, byte 88: the input ends in the middle of the document's text"
        );
        let laughs = format!(
            "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><w:document xmlns:w=\"{SPACE}\"><w:p><w:r><w:t>So &b;.</w:t></w:r></w:p></w:document>"
        );
        let laughs = archive(&[("word/document.xml", laughs.as_bytes())]);
        assert_eq!(from(laughs, &limits).unwrap().article.text, "So .\n");
        assert_eq!(
            refused(archive(&[("xl/workbook.xml", b"x")]), &limits),
            "cannot read d.docx: a spreadsheet cannot be read as an article"
        );
        assert_eq!(refused(word(""), &limits), "cannot read d.docx: no text in it");
    }

    #[test]
    fn the_content_tells_a_document_whatever_its_name() {
        let bytes = word("<w:p><w:r><w:t>One.</w:t></w:r></w:p>");
        let read =
            super::super::read_from("paper.txt", Box::new(Cursor::new(bytes.clone())), &Limits::default()).next();
        assert_eq!(read.unwrap().unwrap().text, "One.\n");
        assert!(!may_be(&archive(&[("xl/workbook.xml", b"x")]), "zip"));
    }

    proptest::proptest! {
        #[test]
        fn any_markup_in_no_panic(body in "(</?w:(p|r|t|del|vanish)/?>|[a-z&<;]{0,6}){0,20}") {
            let _ = from(word(&body), &Limits::default());
        }
    }
}
