//! PDF: press releases, hearings, reports. Text is laid out again from where it stands on the page.

mod flatten;
mod layout;
mod mended;
mod paragraphs;
#[cfg(test)]
mod tests;
mod vetting;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Dictionary, Document, Object, ObjectId, OutputError, Stream, output_doc_page};

use super::error::{Failure, Place, ReadError};
use super::limits::Limits;
use super::open::Opened;
use super::{LeftOut, Reading, dateline, docx};

use layout::{Page, Pen};

/// How many pages are read.
const PAGES: usize = 3000;
/// How many operators a whole document may have.
const OPERATORS: usize = 40_000_000;
/// Stack for the parser, whose recursion is deep.
const STACK: usize = 64 << 20;

/// Tells whether bytes start like a PDF; some programs put blank lines before.
pub(crate) fn is_pdf(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"%PDF-")
}

/// Reads one PDF.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Result<Reading, ReadError> {
    let bytes = opened.all("the PDF", limits.document).map_err(|f| f.at(&opened.label, None))?;
    let limits = *limits;
    // Parsing recurses, and decoders of fonts give up by panicking: both stay in a thread of their own.
    let worker =
        std::thread::Builder::new().name("pdf".into()).stack_size(STACK).spawn(move || document(bytes, &limits));
    let read = match worker {
        Ok(worker) => {
            worker.join().unwrap_or_else(|_| Err((Failure::malformed("PDF", "its structure is broken"), None)))
        }
        Err(error) => Err((Failure::Io(error), None)),
    };
    let mut reading = read.map_err(|(failure, place)| failure.at(&opened.label, place))?;
    reading.article.name = opened.name;
    reading.article.url = opened.url;
    reading.with_turns_set().checked(&opened.label, None)
}

type PlacedFailure = (Failure, Option<Place>);

fn document(bytes: Vec<u8>, limits: &Limits) -> Result<Reading, PlacedFailure> {
    vetting::packed(&bytes, limits)?;
    let encrypted = vetting::is_encrypted(&bytes);
    let mut reading = Reading::default();
    let mut damage = None;
    let mut document = match Document::load_mem(&bytes) {
        Ok(document) => document,
        Err(error) => {
            let found = mended::mended(&bytes).and_then(|mended| Document::load_mem(&mended).ok());
            reading.left_out.push(LeftOut::new("parts of the file, perhaps", "its table of objects is damaged"));
            let failure = Failure::malformed("PDF", error);
            match found {
                Some(document) => {
                    damage = Some(failure);
                    document
                }
                None => return Err((failure, None)),
            }
        }
    };
    drop(bytes);
    if document.is_encrypted() && document.encryption_state.is_none() && document.decrypt("").is_err() {
        return Err((Failure::Unsupported("a PDF that asks for a password"), None));
    }
    vetting::unpacked(&mut document, limits)?;
    let title = information(&document, b"Title").filter(|t| !docx::is_file_name(t));
    let ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    if ids.len() > PAGES {
        reading
            .left_out
            .push(LeftOut::new(&format!("pages {} to {}", PAGES + 1, ids.len()), "a PDF is read up to that"));
    }
    let Some(root) = plant(&mut document) else {
        // The parser leaves everything out of a file that it has no key for.
        let locked = Failure::Unsupported("a PDF that asks for a password");
        return Err((if encrypted { locked } else { Failure::malformed("PDF", "no list of pages") }, None));
    };
    let mut pages = Vec::new();
    let (mut budget, mut glyphs, mut broken) = (OPERATORS, 0, 0);
    let mut marked = false;
    for (i, id) in ids.iter().take(PAGES).enumerate() {
        let read = page(&mut document, root, *id, &mut budget, glyphs);
        match read {
            Ok((page, has_marked)) => {
                glyphs += page.glyphs;
                marked |= has_marked;
                pages.push(page);
            }
            Err(why) => {
                broken += 1;
                reading.left_out.push(LeftOut::new(&format!("page {}", i + 1), why));
                pages.push(Page::default());
            }
        }
    }
    if broken > 0 && broken == pages.len() {
        return Err((Failure::malformed("PDF", "none of its pages can be decoded"), Some(Place::Page(1))));
    }
    if pages.iter().all(Page::is_empty) {
        // Of a damaged file, the text may be what is lost.
        return Err((damage.unwrap_or(Failure::Unsupported("a PDF of pictures without text (a scan?)")), None));
    }
    if marked {
        reading.left_out.push(LeftOut::new("headers and footers", "marked as such in the file"));
    }
    let laid_out = paragraphs::text(pages, &mut reading.left_out);
    reading.article.title = title.or(laid_out.headline);
    reading.article.date = dateline::of(&laid_out.text);
    reading.article.text = laid_out.text;
    Ok(reading)
}

/// Returns an entry of the document's information.
fn information(document: &Document, key: &[u8]) -> Option<String> {
    let information = document.trailer.get(b"Info").ok()?;
    let (_, information) = document.dereference(information).ok()?;
    let (_, value) = document.dereference(information.as_dict().ok()?.get(key).ok()?).ok()?;
    let words = pdf_extract::decode_text_string(value).ok()?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty() && words.len() <= 500 && !words.contains('\u{fffd}')).then_some(words)
}

/// Puts a list of one page in place of the document's: pages are read one by one.
fn plant(document: &mut Document) -> Option<ObjectId> {
    let mut pages = Dictionary::new();
    pages.set("Type", Object::Name(b"Pages".to_vec()));
    let root = document.add_object(pages);
    document.catalog_mut().ok()?.set("Pages", Object::Reference(root));
    Some(root)
}

/// Reads one page, or says why it cannot be read.
fn page(
    document: &mut Document,
    root: ObjectId,
    id: ObjectId,
    budget: &mut usize,
    glyphs: usize,
) -> Result<(Page, bool), &'static str> {
    const UNREADABLE: &str = "its text cannot be decoded";
    let flat = match catch_unwind(AssertUnwindSafe(|| flatten::page(document, id, budget))) {
        Ok(Ok(flat)) => flat,
        Ok(Err(flatten::Refused::TooLarge)) => return Err("a drawing with more parts than a page of text has"),
        Ok(Err(flatten::Refused::Malformed)) | Err(_) => return Err(UNREADABLE),
    };
    let turned = document.get_dictionary(id).ok().and_then(|page| flatten::inherited(document, page, b"Rotate"));
    let turned = turned.and_then(flatten::number).unwrap_or(0.0);
    let content = document.add_object(Stream::new(Dictionary::new(), flat.content));
    let mut resources = Dictionary::new();
    resources.set("Font", flat.fonts);
    let mut flat_page = Dictionary::new();
    flat_page.set("Type", Object::Name(b"Page".to_vec()));
    flat_page.set("Parent", Object::Reference(root));
    flat_page.set("Contents", Object::Reference(content));
    flat_page.set("Resources", resources);
    // Places are only compared with each other: any box will do.
    flat_page.set("MediaBox", vec![Object::Integer(0), 0.into(), 612.into(), 792.into()]);
    let flat_id = document.add_object(flat_page);
    if let Ok(list) = document.get_object_mut(root).and_then(Object::as_dict_mut) {
        list.set("Kids", vec![Object::Reference(flat_id)]);
        list.set("Count", 1);
    }
    let mut pen = Pen::new(turned, glyphs);
    let drawn = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut pen, 1)));
    document.objects.remove(&content);
    document.objects.remove(&flat_id);
    match drawn {
        Ok(Ok(())) => Ok((pen.page(), flat.has_marked_furniture)),
        Ok(Err(OutputError::FormatError(_))) => Err("more characters than the limit for a document"),
        Ok(Err(_)) | Err(_) => Err(UNREADABLE),
    }
}
