//! Properties of the whole chain that hold for any text.

use onrecord::article::Article;
use onrecord::pipeline::{Extraction, extract};
use onrecord::span::CodePoints;
use proptest::prelude::*;

fn read(text: &str) -> Extraction {
    extract(Article { name: "any".into(), text: text.into(), ..Article::default() })
}

/// Text with what the engine looks for: marks, cues, names, in any order.
fn newsy() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("“"),
        Just("”"),
        Just("\""),
        Just("‘"),
        Just("’"),
        Just("'"),
        Just("said"),
        Just("Ada Quill"),
        Just("Ms Orr"),
        Just("according to"),
        Just("she"),
        Just("that"),
        Just("told reporters"),
        Just(","),
        Just("."),
        Just("?"),
        Just("\n\n"),
        Just("QUILL:"),
        Just("Share"),
        Just("won’t"),
        Just("the bridge is safe"),
        Just("–"),
        Just("«"),
        Just("»"),
        Just("é́"),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "))
}

fn spans_reproduce_the_text(text: &str) -> Result<(), TestCaseError> {
    let extraction = read(text);
    prop_assert_eq!(&extraction.article.text, text);
    let points = CodePoints::new(text);
    let chars: Vec<char> = text.chars().collect();
    for attribution in &extraction.attributions {
        prop_assert!(!attribution.content.is_empty());
        prop_assert!((0.0..=1.0).contains(&attribution.confidence));
        for span in attribution.source.iter().chain(&attribution.cue).chain(&attribution.content) {
            let words = text.get(span.start as usize..span.end as usize);
            prop_assert!(words.is_some_and(|w| !w.is_empty()), "{:?} in {:?}", span, text);
            let [start, end] = points.span(*span);
            prop_assert_eq!(words.unwrap_or(""), chars[start..end].iter().collect::<String>());
        }
        if let Some(speaker) = &attribution.speaker {
            let lower = text.to_lowercase();
            for word in speaker.name.split_whitespace() {
                prop_assert!(lower.contains(&word.to_lowercase()), "{} is not in {:?}", word, text);
            }
        }
    }
    prop_assert_eq!(read(text).attributions, extraction.attributions);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_gives_spans_that_reproduce_it(text in "(?s).{0,300}") {
        spans_reproduce_the_text(&text)?;
    }

    #[test]
    fn newsy_text_gives_spans_that_reproduce_it(text in newsy()) {
        spans_reproduce_the_text(&text)?;
    }
}
