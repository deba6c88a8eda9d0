//! Texts made to take quadratic time, at a size where quadratic work would take the tests minutes instead of a moment.

use crate::mutation::fuzzed;

/// Length of each text in bytes.
const SIZE: usize = 60_000;

/// Repeats what `piece` makes of a number until the text is long enough.
fn many(mut piece: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for n in 0.. {
        text.push_str(&piece(n));
        if text.len() >= SIZE {
            break;
        }
    }
    text
}

fn same(piece: &str) -> String {
    many(|_| piece.to_owned())
}

/// A name of its own for every number.
fn name(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    format!("Bel{} Dor{}{}{}", letter(n / 17_576), letter(n), letter(n / 26), letter(n / 676))
}

fn texts() -> Vec<(&'static str, String)> {
    vec![
        ("one endless word", same("a")),
        ("one endless line", same("the port is full of grain and ")),
        ("numbers and hyphens", same("1-")),
        ("numbers and apostrophes", same("1’")),
        ("straight marks", same("\"")),
        ("single marks", same("' ")),
        ("opening marks", same("“")),
        ("elided words", same("'a ")),
        ("marks in guillemets", same("«»")),
        ("openers, then closers", format!("{}{}", same("“a "), same("b” "))),
        ("single openers in double ones", same("“the 'port “is ")),
        ("closing marks", same("it is full.” ")),
        ("brackets", same("( ")),
        ("deep brackets", format!("{}{}", same("(a "), same(") "))),
        ("capitals", same("THE PORT IS FULL ")),
        ("cues", same("said ")),
        ("cues in a clause", same("he said, ")),
        ("full stops", same("he said . ")),
        ("auxiliaries", same("has been quietly ")),
        ("one sentence", same("and she said that the port is full, and he told reporters ")),
        ("one sentence of quotations", same("“it is full,” she said, “and ‘so’ it was,” ")),
        ("one quotation", format!("“{}” she said.", same("He said ‘no’ to me. They told us ‘yes’, she said. "))),
        ("short paragraphs", same("He said no.\n\n")),
        ("quotations that go on", same("“It is full.\n\n")),
        ("quotations of another style each", format!("He said: {}", same("“it is full\n\n«it is not\n\n"))),
        ("labels", many(|n| format!("{}: It is full.\n\n", name(n)))),
        ("names", many(|n| format!("{} said it is full. ", name(n)))),
        ("one surname", many(|n| format!("{} Roe said it is full. ", name(n)))),
        ("one name", same("Ida Roe said it is full. Roe said no. ")),
        ("roles", many(|n| format!("{}, the mayor of Vale, left. The mayor said no. ", name(n)))),
        ("one speaker", format!("Ida Roe said no. {}", same("The minister said it is full. "))),
        ("bodies", many(|n| format!("The {} Union left. The union said no. ", name(n)))),
        ("pronouns", same("She said it is full. He said no. It said yes. ")),
        ("sources", same("according to Ida Roe, the mayor of the town of ")),
    ]
}

#[test]
fn hostile_texts_are_read_and_their_spans_reproduce_them() {
    for (what, text) in texts() {
        let read = fuzzed::read("a.txt", text.as_bytes());
        assert_eq!(read, [text.as_str()], "{what}: a text is taken as it is");
        fuzzed::extract(&text);
    }
}

#[test]
fn what_stands_beside_hostile_text_is_still_found() {
    let line = "“The bridge is safe,” said Ada Quill, the engineer.";
    for (what, text) in texts() {
        let text = format!("{line}\n\n{text}\n\n{line}\n");
        let extraction = onrecord::pipeline::extract(onrecord::article::Article { text, ..Default::default() });
        let text = &extraction.article.text;
        let first = extraction.attributions.iter().find(|a| a.content.first().is_some_and(|c| c.start < 10));
        let first = first.unwrap_or_else(|| panic!("{what}: nothing is found"));
        assert!(first.content[0].of(text).contains("The bridge is safe"), "{what}: {:?}", first.content[0].of(text));
        assert_eq!(first.speaker.as_ref().map(|s| s.name.as_str()), Some("Ada Quill"), "{what}");
    }
}
