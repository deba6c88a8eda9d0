//! Small documents made here, and what they must say.

use std::io::Cursor;

use pdf_extract::{Dictionary, Document, Object, Stream};

use super::super::error::ReadError;
use super::super::limits::Limits;
use super::super::{Reading, readings};
use super::Opened;

fn dictionary(entries: &[(&str, Object)]) -> Dictionary {
    let mut made = Dictionary::new();
    for (key, value) in entries {
        made.set(*key, value.clone());
    }
    made
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A document with these contents as pages; `more` may add to it, given the resources' number.
fn pdf(pages: &[String], more: impl FnOnce(&mut Document, pdf_extract::ObjectId)) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let root = document.new_object_id();
    let font = dictionary(&[
        ("Type", name("Font")),
        ("Subtype", name("Type1")),
        ("BaseFont", name("Helvetica")),
        ("Encoding", name("WinAnsiEncoding")),
    ]);
    let font = document.add_object(font);
    let fonts = dictionary(&[("F1", Object::Reference(font))]);
    let resources = document.add_object(dictionary(&[("Font", Object::Dictionary(fonts))]));
    let mut kids = Vec::new();
    for content in pages {
        let content = document.add_object(Stream::new(Dictionary::new(), content.clone().into_bytes()));
        let page = dictionary(&[
            ("Type", name("Page")),
            ("Parent", Object::Reference(root)),
            ("Contents", Object::Reference(content)),
            ("Resources", Object::Reference(resources)),
        ]);
        kids.push(Object::Reference(document.add_object(page)));
    }
    let count = Object::Integer(kids.len() as i64);
    let list = dictionary(&[("Type", name("Pages")), ("Kids", Object::Array(kids)), ("Count", count)]);
    document.objects.insert(root, Object::Dictionary(list));
    let catalog = document.add_object(dictionary(&[("Type", name("Catalog")), ("Pages", Object::Reference(root))]));
    document.trailer.set("Root", Object::Reference(catalog));
    more(&mut document, resources);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// Operators that write a line at a place.
fn line(x: u32, y: u32, size: u32, text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| {
            if c == '“' {
                "\\223".into()
            } else if c == '”' {
                "\\224".into()
            } else {
                c.to_string()
            }
        })
        .collect();
    format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

fn read(bytes: Vec<u8>) -> Result<Reading, ReadError> {
    let limits = Limits { document: 4 << 20, ..Limits::default() };
    readings(Opened::stream("r.pdf", "r.pdf", Box::new(Cursor::new(bytes)), &limits).unwrap(), &limits).next().unwrap()
}

fn refused(bytes: Vec<u8>) -> String {
    let error = read(bytes).unwrap_err();
    format!("{error}: {}", error.failure)
}

fn text(pages: &[String]) -> String {
    read(pdf(pages, |_, _| {})).unwrap().article.text
}

#[test]
fn a_release_with_head_hyphens_and_page_numbers() {
    let page = |body: String, number: u32| {
        line(72, 760, 9, "Ministry of Dams - press office") + &body + &line(300, 40, 9, &format!("Page {number} of 3"))
    };
    let first = line(72, 720, 18, "Dam is full")
        + &line(72, 690, 11, "6 March 2023")
        + &line(72, 660, 11, "“The dam is full,” said the minister of dams, who is res-")
        + &line(72, 646, 11, "ponsible for it. Her well-")
        + &line(72, 632, 11, "known deputy, responsible for sluices, said that a well-known")
        + &line(72, 618, 11, "song would be sung in the");
    let second = line(72, 720, 11, "evening by all who had come.") + &line(72, 690, 11, "It was sung.");
    let third = line(72, 720, 11, "Contact: the press office.");
    let reading = read(pdf(&[page(first, 1), page(second, 2), page(third, 3)], |_, _| {})).unwrap();
    assert_eq!(
        reading.article.text,
        "Dam is full\n\n6 March 2023\n\n“The dam is full,” said the minister of dams, who is responsible for it. Her well-known deputy, \
         responsible for sluices, said that a well-known song would be sung in the evening by all who had come.\n\nIt was sung.\n\n\
         Contact: the press office.\n"
    );
    assert_eq!(reading.article.title.as_deref(), Some("Dam is full"));
    assert_eq!(reading.article.date, Some(jiff::civil::date(2023, 3, 6)));
    let why: Vec<(&str, &str)> = reading.left_out.iter().map(|l| (l.what.as_str(), l.why.as_str())).collect();
    assert_eq!(
        why,
        [("Ministry of Dams - press office", "repeated at the edge of the pages"), ("3 lines", "page numbers")]
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let mut page = line(72, 740, 16, "One headline over the width of two columns");
    for i in 0..8 {
        let y = 700 - i * 13;
        // Drawn row by row, as some programs do.
        page += &line(72, y, 10, &format!("left {i} has words that fill the column,"));
        page += &line(320, y, 10, &format!("right {i} has words that fill the column,"));
    }
    let text = text(&[page]);
    let left: String = (0..8).map(|i| format!("left {i} has words that fill the column, ")).collect();
    let right: String = (0..8).map(|i| format!("right {i} has words that fill the column, ")).collect();
    assert_eq!(text, format!("One headline over the width of two columns\n\n{} {}\n", left.trim(), right.trim()));
}

#[test]
fn a_hearing_keeps_its_speakers_and_loses_its_line_numbers() {
    let mut page = String::new();
    let lines = [
        "Q. Was the dam full?",
        "A. It was, and I said so",
        "at the time.",
        "MR. BO: Objection.",
        "THE COURT: Overruled.",
    ];
    for (i, words) in lines.iter().cycle().take(15).enumerate() {
        let y = 700 - 20 * i as u32;
        page += &line(60, y, 10, &format!("{}", i + 1));
        page += &line(100, y, 10, words);
    }
    let reading = read(pdf(&[page], |_, _| {})).unwrap();
    let once = "Q: Was the dam full?\n\nA: It was, and I said so at the time.\n\nMR. BO: Objection.\n\nTHE COURT: Overruled.\n";
    assert_eq!(reading.article.text, [once; 3].join("\n"));
    assert_eq!(reading.left_out[0].why, "the numbers of its lines");
}

#[test]
fn forms_are_drawn_in_place_and_rings_of_them_end() {
    let content = "q 1 0 0 1 0 -100 cm /X Do Q\n".to_owned() + &line(72, 700, 11, "Above.");
    let bytes = pdf(&[content], |document, resources| {
        let form = document.new_object_id();
        let inner = dictionary(&[("X", Object::Reference(form))]);
        let fonts = document.get_dictionary(resources).unwrap().get(b"Font").unwrap().clone();
        let dict = dictionary(&[
            ("Type", name("XObject")),
            ("Subtype", name("Form")),
            (
                "Resources",
                Object::Dictionary(dictionary(&[("Font", fonts), ("XObject", Object::Dictionary(inner.clone()))])),
            ),
        ]);
        let content = line(72, 700, 11, "Below.") + "/X Do /X Do\n";
        document.objects.insert(form, Object::Stream(Stream::new(dict, content.into_bytes())));
        document.get_object_mut(resources).unwrap().as_dict_mut().unwrap().set("XObject", Object::Dictionary(inner));
    });
    assert_eq!(read(bytes).unwrap().article.text, "Above.\n\nBelow.\n");
}

#[test]
fn marked_headers_askew_text_and_bad_operators_are_passed_over() {
    let page = "BT (no font yet) Tj ET /Artifact << /Type /Pagination >> BDC\n".to_owned()
        + &line(72, 760, 9, "Confidential")
        + "EMC\n5 cs /Nothing gs 1 2 Td [1] cm Q Q Q ET\n"
        + "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET\n"
        + "BT /Missing 9 Tf (x) Tj ET BT /F1 11 Tf 14 TL 1 0 0 1 72 700 Tm (It) Tj ( is) Tj ( full,) ' ET\n";
    let reading = read(pdf(&[page], |_, _| {})).unwrap();
    assert_eq!(reading.article.text, "It is full,\n");
    assert_eq!(reading.left_out[0].why, "marked as such in the file");
}

#[test]
fn a_file_without_its_table_is_put_together_again() {
    let whole = pdf(&[line(72, 700, 12, "It is full.")], |_, _| {});
    let table = memchr::memmem::rfind(&whole, b"startxref").unwrap();
    let reading = read(whole[..table].to_vec()).unwrap();
    assert_eq!(reading.article.text, "It is full.\n");
    assert_eq!(reading.left_out[0].why, "its table of objects is damaged");
    let shifted = [&whole[..9], b"%%%%%%%%%%%%%%\n", &whole[9..]].concat();
    assert_eq!(read(shifted).unwrap().article.text, "It is full.\n");
}

#[test]
fn hostile_and_broken_files_are_refused() {
    let whole = pdf(&[line(72, 700, 11, "It is full.")], |_, _| {});
    assert!(read(whole.clone()).is_ok());
    for cut in [20, whole.len() / 2] {
        assert!(refused(whole[..cut].to_vec()).starts_with("cannot read r.pdf: not valid PDF: "), "{cut}");
    }
    let bomb = pdf(&["q Q".into()], |document, _| {
        let mut stream = Stream::new(Dictionary::new(), vec![b' '; 8 << 20]);
        stream.compress().unwrap();
        document.add_object(stream);
    });
    assert!(refused(bomb).ends_with(": an unpacked stream is larger than the limit of 4194304 bytes"));
    let empty = pdf(&["q Q".into()], |_, _| {});
    assert_eq!(
        refused(empty),
        "cannot read r.pdf: a PDF of pictures without text (a scan?) cannot be read as an article"
    );
    let deep = format!("%PDF-1.5\n1 0 obj\n{}\nendobj\nstartxref\n0\n%%EOF", "[".repeat(1_000_000));
    assert!(refused(deep.into_bytes()).starts_with("cannot read r.pdf: not valid PDF: "));
    let ring = pdf(&[line(72, 700, 11, "It is full.")], |document, _| {
        let ids: Vec<_> = document.objects.keys().copied().collect();
        for id in ids {
            if let Ok(node) = document.get_object_mut(id).and_then(Object::as_dict_mut)
                && node.get(b"Type").is_ok_and(|t| t.as_name().is_ok_and(|n| n == b"Pages"))
            {
                node.set("Parent", Object::Reference(id));
            }
        }
    });
    assert_eq!(read(ring).unwrap().article.text, "It is full.\n");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn any_damage_no_panic(at in 0usize..900, byte: u8, operators in "(\\(a\\)|/F1|[0-9]{1,2}|Tj|TJ|Tf|Td|Tm|\\[|\\]|q|Q|BT|ET|Do| ){0,20}") {
        let mut bytes = pdf(&[operators + &line(72, 700, 11, "It is full.")], |_, _| {});
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        let _ = read(bytes);
    }
}
