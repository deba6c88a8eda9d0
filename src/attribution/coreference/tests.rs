//! Cases: an article with its sources marked, and who each one is.

use proptest::prelude::*;

use super::*;
use crate::attribution::{Act, Kind};
use crate::span::Span;

/// Resolves the sources marked `[…]` in `marked`, in order; `{}` marks an attribution that names none.
fn speakers(marked: &str, title: Option<&str>) -> Vec<Option<Referent>> {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), 0);
    for c in marked.chars() {
        match c {
            '[' => open = text.len(),
            ']' => spans.push((Span::new(open, text.len()), true)),
            '{' => open = text.len(),
            '}' => spans.push((Span::new(text.len(), text.len() + 1), false)),
            _ => text.push(c),
        }
    }
    let mut attributions: Vec<Attribution> = spans
        .iter()
        .map(|(span, named)| Attribution {
            source: if *named { vec![*span] } else { Vec::new() },
            cue: Vec::new(),
            content: if *named { Vec::new() } else { vec![*span] },
            speaker: None,
            kind: Kind::Direct,
            act: Act::Speech,
            confidence: 0.9,
        })
        .collect();
    resolve(&Document::read(&text), title, None, &mut attributions);
    attributions.into_iter().map(|a| a.speaker).collect()
}

fn names_of(marked: &str) -> Vec<String> {
    speakers(marked, None).into_iter().map(|s| s.map_or("-".to_string(), |s| s.name)).collect()
}

#[test]
fn a_short_name_finds_the_full_one_that_comes_last() {
    let text = "“We are near,” [Marlowe] said. [de Graaf] disagreed.\n\n“No,” [Ms Marlowe] told reporters.\n\n\
                Pieter de Graaf, the envoy, left early.\n\nForeign Secretary Martha Marlowe and the envoy in Oldport.";
    assert_eq!(names_of(text), ["Martha Marlowe", "Pieter de Graaf", "Martha Marlowe"]);
}

#[test]
fn two_people_of_one_surname_are_kept_apart_by_title() {
    let text = "Ellen Marlowe, the harbour minister, opened the quay. “It is done,” [Ms Marlowe] said.\n\n\
                Paul Marlowe, who chairs the Dockers’ Union and is no relation, grumbled. “It is not,” [Mr Marlowe] said.";
    assert_eq!(names_of(text), ["Ellen Marlowe", "Paul Marlowe"]);
}

#[test]
fn a_role_means_the_only_person_named_before_anybody_spoke() {
    let text = "Martha Marlowe startled the council on Monday.\n\n“No date was ever set,” [the harbour minister] said. \
                [She] told the council so.";
    assert_eq!(names_of(text), ["Martha Marlowe", "Martha Marlowe"]);
    let spoke = "[Martha Marlowe] stunned MPs by declaring that it had no date.\n\n“None was ever set,” [the harbour minister] said.";
    assert_eq!(names_of(spoke), ["Martha Marlowe", "Martha Marlowe"]);
    let two = "Martha Marlowe met Hugh Brand on Monday.\n\n“No date was ever set,” [the harbour minister] said.";
    assert_eq!(names_of(two), ["the harbour minister"]);
    let aide = "Martha Marlowe startled the council on Monday.\n\n“It was a slip,” [the spokeswoman] said.";
    assert_eq!(names_of(aide), ["the spokeswoman"]);
}

#[test]
fn a_role_means_the_person_of_whom_the_sentence_before_speaks() {
    let text = "“We are near,” said [Hugh Brand], the harbour chief.\n\nMartha Marlowe, at his side, struck a drier note. \
                “We have gone on with our work. It is not done,” [the trade minister] said.";
    assert_eq!(names_of(text), ["Hugh Brand", "Martha Marlowe"]);
    let two = "“We are near,” said [Hugh Brand], the harbour chief.\n\nMartha Marlowe met Paul Orr. “No,” [the trade minister] said.";
    assert_eq!(names_of(two), ["Hugh Brand", "the trade minister"]);
}

#[test]
fn nouns_find_the_person_in_that_role() {
    let text = "Harbour minister Ellen Marlowe met Oldport coach Hugh Brand on Monday.\n\n“We lost,” [the Oldport coach] said. \
                “They did,” [the minister] said. “[a spokeswoman for the port] declined.”";
    assert_eq!(names_of(text), ["Hugh Brand", "Ellen Marlowe", "a spokeswoman for the port"]);
}

#[test]
fn a_role_before_or_behind_the_name_is_the_named_person() {
    let text = "[The chairman of the Dockers’ Union, Paul Marlowe,] said so. [Kestrel's foreign minister, Anna Velling,] agreed. \
                [Greta Holm of the charity] did not. [The operator, Ferryline,] was silent.";
    assert_eq!(names_of(text), ["Paul Marlowe", "Anna Velling", "Greta Holm", "Ferryline"]);
}

#[test]
fn pronouns_follow_gender_and_the_last_speaker() {
    let text = "Paul Marlowe met Anna Velling. “No,” [Marlowe] said. “Never,” [he] added.\n\n“Perhaps,” [Velling] said. \
                [She] smiled. “Good,” [he] replied.";
    assert_eq!(names_of(text), ["Paul Marlowe", "Paul Marlowe", "Anna Velling", "Anna Velling", "Paul Marlowe"]);
}

#[test]
fn bodies_their_initials_and_it() {
    let text = "The Northern Dockers’ Union (NDU) will strike. “We must,” the [NDU] said. Pay was low, [it] said. \
                “Soon,” [the union] said.";
    let name = "Northern Dockers’ Union";
    assert_eq!(names_of(text), [name, name, name]);
}

#[test]
fn several_together_keep_the_words_of_the_text() {
    let text = "[The U.S. and Russian Federation] said they made progress. [USA officials] say they agree. \
                [Dockers] said no.";
    assert_eq!(names_of(text), ["The U.S. and Russian Federation", "USA officials", "Dockers"]);
    assert!(speakers(text, None).iter().all(|s| s.as_ref().is_some_and(|s| s.sort == Sort::Group)));
}

#[test]
fn whose_husband_is_meant() {
    let text = "Mara Holm’s husband was the cook. “[He] rang me.”";
    assert_eq!(names_of(text), ["Mara Holm’s husband"]);
}

#[test]
fn a_source_that_stops_before_the_name_and_a_name_behind_the() {
    let text = "Paul Marlowe lost. “We erred,” said [Marlowe’s deputy manager], Rich Holm, who left. \
                [Holm’s father, the Rev. Anton Holm,] wept. [Senior Adviser Ellen Brand] did not. [Republicans] were glad.";
    assert_eq!(names_of(text), ["Rich Holm", "Anton Holm", "Ellen Brand", "Republicans"]);
}

#[test]
fn a_transcript_names_in_capitals() {
    let text =
        "Paul Marlowe was asked by Anna Velling.\n\n[MARLOWE]: We will go.\n\n[VELLING]: When?\n\n[MARLOWE]: Soon.";
    let found = speakers(text, None);
    assert_eq!(names_of(text), ["Paul Marlowe", "Anna Velling", "Paul Marlowe"]);
    assert!(found.iter().all(|s| s.as_ref().is_some_and(|s| s.sort == Sort::Person)));
}

#[test]
fn a_title_gives_the_full_name() {
    let found = speakers("“We will see,” [Marlowe] said.", Some("Martha Marlowe: ‘We will see’"));
    assert_eq!(found[0].as_ref().map(|s| s.name.as_str()), Some("Martha Marlowe"));
}

#[test]
fn a_place_is_nobody_that_he_or_she_could_mean() {
    let text = "Ellen Marlowe often stays at home.\n\nAt a rally in Oxmouth in spring, [she] praised the fleet.";
    assert_eq!(names_of(text), ["Ellen Marlowe"]);
    assert_eq!(names_of("The crowd gathered in Oxmouth. Later [he] asked for calm."), ["-"]);
}

#[test]
fn whose_governor_it_is_must_be_known() {
    let text = "The Bank of Estria cut its rate. “It was time,” [its governor] said. “[their deputies] are glad.”";
    assert_eq!(names_of(text), ["Bank of Estria’s governor", "-"]);
    let text = "Paul Quell, governor of the Bank of Estria, cut the rate. “It was time,” [its governor] said.";
    assert_eq!(names_of(text), ["Paul Quell"]);
}

#[test]
fn a_phrase_with_a_preposition_in_front_is_no_speaker() {
    assert_eq!(names_of("[By contrast] the fee fell. [When asked] the owner laughed."), ["-", "-"]);
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,120}", a in 0usize..120, b in 0usize..120) {
        let mut text = text;
        text.push_str(" Mr Roe said. He, the U.S. and “Jane Roe of” said.");
        let cut = |n: usize| (0..=n.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let (a, b) = (cut(a.min(b)), cut(a.max(b)));
        let mut attributions = vec![Attribution {
            source: vec![Span::new(a, b)],
            cue: vec![],
            content: vec![],
            speaker: None,
            kind: Kind::Direct,
            act: Act::Speech,
            confidence: 0.5,
        }];
        resolve(&Document::read(&text), None, None, &mut attributions);
        if let Some(speaker) = &attributions[0].speaker {
            for word in speaker.name.split(|c: char| c.is_whitespace() || c == '’') {
                // A name in capitals is written as names are.
                let found = text.contains(word) || text.to_lowercase().contains(&word.to_lowercase());
                prop_assert!(found, "{word} is not in the text");
            }
        }
    }
}

#[test]
fn a_role_means_the_one_person_who_has_spoken_where_nobody_else_can_be_meant() {
    let names = names_of(
        "[Oda Marchand] told the chamber that the bridge was never promised. “No day was ever named,” [the transport \
         minister] said.",
    );
    assert_eq!(names, ["Oda Marchand", "Oda Marchand"]);
    // Somebody else was named in between, or the noun tells for whom one works: another person.
    for other in [
        "[Oda Marchand] said the bridge was never promised. Paul Verne laughed. “No day was named,” [the mayor] said.",
        "[Oda Marchand] said the bridge was never promised. “She is right,” [the spokesman] said.",
    ] {
        assert_ne!(names_of(other)[1], "Oda Marchand", "{other}");
    }
}

#[test]
fn the_end_of_a_byline_is_no_role_of_whom_the_article_names_first() {
    let names = names_of(
        "By Paula Verne, Transport Correspondent\n\n[Oda Marchand] told the chamber that the bridge was never \
         promised.\n\n“No day was ever named,” [the transport minister] said.",
    );
    assert_eq!(names, ["Oda Marchand", "Oda Marchand"]);
}

#[test]
fn who_answers_is_the_one_person_of_the_headline() {
    let text = "Q. Is the horse going home?\n\nA. Yes. We were wrong.\n\nQ. Can it travel?\n\nA. It can.\n\nDario Menin laughed.";
    let speakers = |title| {
        let document = Document::read(text);
        let answer = |words: &str| {
            let start = text.find(words).unwrap();
            Attribution {
                source: vec![],
                cue: vec![],
                content: vec![Span::new(start, start + words.len())],
                speaker: None,
                kind: Kind::Direct,
                act: Act::Speech,
                confidence: 0.5,
            }
        };
        let mut found = vec![answer("Yes. We were wrong."), answer("It can.")];
        resolve(&document, Some(title), None, &mut found);
        found.into_iter().map(|a| a.speaker.map_or("-".to_string(), |s| s.name)).collect::<Vec<_>>()
    };
    assert_eq!(speakers("Five questions for Paula Verne"), ["Paula Verne", "Paula Verne"]);
    assert_eq!(speakers("Paula Verne and Peter Quell on the horse"), ["-", "-"]);
}

#[test]
fn a_lone_word_that_may_be_a_place_is_no_rival_for_a_role() {
    let text =
        "Paula Verne turned on the referee last night after Oldport were beaten. “It was theft,” [the coach] said.";
    assert_eq!(names_of(text), ["Paula Verne"]);
}

#[test]
fn who_opens_the_paragraph_of_a_pronoun_goes_before_who_spoke_in_the_one_above() {
    let text = "[Karel Sint] said that Paul Verne had not been told.\n\nVerne himself was at the hearing. “I knew it,” [he] \
                said.";
    assert_eq!(names_of(text), ["Karel Sint", "Paul Verne"]);
}
