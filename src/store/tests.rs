use std::time::Duration;

use super::*;
use crate::article::Article;
use crate::claim::ClaimId;
use crate::pipeline::{Extraction, extract};

const WAIT: Duration = Duration::ZERO;

fn article(url: &str, text: &str) -> Extraction {
    extract(Article {
        name: url.into(),
        text: text.into(),
        url: Some(url.into()),
        outlet: Some("The Tarrow Gazette".into()),
        date: Some(jiff::civil::date(2024, 3, 6)),
        ..Article::default()
    })
}

fn first() -> Extraction {
    article("https://t.example/1", "The mayor, Ada Quill, met the drivers. “The bridge stays open,” Quill said.\n")
}

fn claims(record: &Record, name: &str) -> Vec<String> {
    let Ok(Lookup::One(speaker)) = record.find_speaker(name) else { panic!("{name} is not one speaker") };
    record.claims(speaker.id).map(|c| c.unwrap().text).collect()
}

#[test]
fn adding_twice_equals_adding_once() {
    let record = Record::in_memory();
    assert_eq!(record.add(&first(), 1).unwrap().1, Added::New);
    let once = (record.stats().unwrap(), claims(&record, "Quill"));
    assert_eq!(record.add(&first(), 2).unwrap().1, Added::Unchanged);
    assert_eq!((record.stats().unwrap(), claims(&record, "ada quill")), once);
    assert_eq!(once.1, ["The bridge stays open"]);
    assert_eq!(record.verify().unwrap(), []);
}

#[test]
fn a_changed_text_becomes_a_new_version_and_the_old_one_stays() {
    let record = Record::in_memory();
    let (id, _) = record.add(&first(), 1).unwrap();
    let changed = article("https://t.example/1", "“The bridge closes in May,” said the mayor, Ada Quill.\n");
    assert_eq!(record.add(&changed, 2).unwrap().1, Added::Updated { version: 2 });
    assert_eq!(claims(&record, "Ada Quill"), ["The bridge closes in May"]);
    let old = record.article(id, Some(1)).unwrap();
    assert_eq!((old.versions, old.article.text.contains("stays open")), (2, true));
    let old_claim = record.claim(old.attributions[0].0).unwrap();
    assert_eq!((old_claim.version, old_claim.text.as_str()), (1, "The bridge stays open"));
    assert_eq!(record.verify().unwrap(), []);
}

#[test]
fn one_speaker_in_two_articles_is_one_and_an_unknown_name_gets_near_ones() {
    let record = Record::in_memory();
    record.add(&first(), 1).unwrap();
    record.add(&article("https://t.example/2", "“It is safe,” said Ada Quill, the mayor of Tarrow.\n"), 2).unwrap();
    assert_eq!(claims(&record, "Quill").len(), 2);
    let Lookup::None { near } = record.find_speaker("Quil").unwrap() else { panic!("found") };
    assert_eq!(near, ["Ada Quill"]);
}

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let record = Record::open(&path, Access::Write, WAIT).unwrap();
    record.add(&first(), 1).unwrap();
    let busy = Record::open(&path, Access::Read, WAIT).err().map(|e| e.to_string());
    assert!(busy.is_some_and(|e| e.contains("is in use")));
    drop(record);
    let record = Record::open(&path, Access::Read, WAIT).unwrap();
    assert_eq!(claims(&record, "Quill"), ["The bridge stays open"]);
    assert!(matches!(record.add(&first(), 3), Err(StoreError::ReadOnly)));
}

#[test]
fn a_folder_that_is_no_record_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |access| Record::open(folder.path(), access, WAIT).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(open(Access::Read).contains("there is no record"));
    std::fs::write(folder.path().join("thesis.docx"), "x").unwrap();
    assert!(open(Access::Write).contains("thesis.docx"));
    std::fs::write(folder.path().join("format"), "onrecord store 99").unwrap();
    assert!(open(Access::Write).contains("has format 99"));
    std::fs::write(folder.path().join("format"), "\0\0").unwrap();
    assert!(open(Access::Read).contains("damaged"));
}

#[test]
fn a_damaged_database_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let record = Record::open(&path, Access::Write, WAIT).unwrap();
    record.add(&first(), 1).unwrap();
    drop(record);
    let file = path.join("sled").join("db");
    let length = std::fs::metadata(&file).unwrap().len();
    for cut in [0, 10, 64, length / 2, length - 1] {
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..cut.min(length) as usize]).unwrap();
        // Whatever is left: an answer or an error that names the folder, and never a panic.
        if let Ok(record) = Record::open(&path, Access::Read, Duration::from_secs(1)) {
            let _ = record.verify();
        }
        std::fs::write(&file, &bytes).unwrap();
    }
}

#[test]
fn an_address_with_tracking_parameters_is_the_same_article() {
    let record = Record::in_memory();
    let (id, _) = record.add(&first(), 1).unwrap();
    let text = first().article.text;
    assert_eq!(
        record.add(&article("https://T.example/1?utm_source=mail#top", &text), 2).unwrap(),
        (id, Added::Unchanged)
    );
    assert_eq!(record.stats().unwrap().articles, 1);
}

fn on(at: i64) -> Occasion<'static> {
    Occasion { at, why: Some("because") }
}

fn one(record: &Record, name: &str) -> SpeakerSummary {
    match record.find_speaker(name).unwrap() {
        Lookup::One(speaker) => speaker,
        other => panic!("{name}: {other:?}"),
    }
}

/// Two articles, with Ada Quill in the first and Bruno Tarn in the second.
fn two_speakers() -> Record {
    let record = Record::in_memory();
    record.add(&first(), 1).unwrap();
    let second = article("https://t.example/2", "“The bridge closes in May,” said Bruno Tarn, the harbour master.\n");
    record.add(&second, 2).unwrap();
    record
}

#[test]
fn a_merge_holds_for_later_articles_and_is_taken_back() {
    let record = two_speakers();
    let (quill, tarn) = (one(&record, "Ada Quill"), one(&record, "Bruno Tarn"));
    let merge = record.merge(tarn.id, quill.id, on(3)).unwrap();
    assert_eq!(claims(&record, "Bruno Tarn"), ["The bridge stays open", "The bridge closes in May"]);
    let whole = one(&record, "Tarn");
    assert_eq!((whole.id, whole.name.as_str(), whole.claims, whole.articles), (quill.id, "Ada Quill", 2, 2));
    assert!(whole.aliases.contains(&"Bruno Tarn".to_string()) && whole.roles.iter().any(|r| r.contains("harbour")));
    let third = article("https://t.example/3", "“It is late,” said Bruno Tarn, the harbour master.\n");
    record.add(&third, 4).unwrap();
    assert_eq!(claims(&record, "Ada Quill").len(), 3);
    assert_eq!(record.speakers().unwrap().len(), 1);
    assert!(record.merge(quill.id, tarn.id, on(5)).is_err());
    record.undo(Some(merge.id), on(6)).unwrap();
    assert_eq!(claims(&record, "Bruno Tarn"), ["The bridge closes in May", "It is late"]);
    assert_eq!(claims(&record, "Ada Quill"), ["The bridge stays open"]);
    let log = record.operations().unwrap();
    assert_eq!(log[0].says, "Bruno Tarn (s2, 1 claim) is Ada Quill (s1, 1 claim)");
    assert_eq!(log[0].undone_by, Some(log[1].id));
    assert!(record.undo(Some(merge.id), on(7)).is_err());
    assert_eq!(record.verify().unwrap(), []);
}

#[test]
fn claims_are_split_off_and_given_to_others_and_counted_where_they_are() {
    let record = two_speakers();
    record.add(&article("https://t.example/3", "“It is late,” said Ada Quill, the mayor.\n"), 3).unwrap();
    let (quill, tarn) = (one(&record, "Ada Quill"), one(&record, "Bruno Tarn"));
    let late = record.claims(quill.id).map(Result::unwrap).find(|c| c.text == "It is late").unwrap();
    assert!(record.split(quill.id, &[ClaimId(999)], None, on(4)).is_err());
    let split = record.split(quill.id, &[late.id], Some("Ada Quill of Oldport"), on(4)).unwrap();
    assert_eq!(claims(&record, "Ada Quill of Oldport"), ["It is late"]);
    assert_eq!(
        (claims(&record, "Ada Quill"), one(&record, "Ada Quill").claims),
        (vec!["The bridge stays open".into()], 1)
    );
    record.reattribute(late.id, tarn.id, on(5)).unwrap();
    assert_eq!(claims(&record, "Bruno Tarn").len(), 2);
    assert_eq!(record.speaker(split.speaker).unwrap().claims, 0);
    assert_eq!(record.claim(late.id).unwrap().speaker_name, "Bruno Tarn");
    record.undo(None, on(6)).unwrap();
    record.undo(None, on(7)).unwrap();
    assert_eq!(claims(&record, "Ada Quill").len(), 2);
    assert!(record.undo(None, on(8)).is_err());
    assert_eq!(record.verify().unwrap(), []);
}

#[test]
fn a_given_name_finds_the_speaker_in_later_articles() {
    let record = two_speakers();
    let quill = one(&record, "Ada Quill");
    record.alias(quill.id, "Ada Marrow", on(3)).unwrap();
    record.rename(quill.id, "Dame Ada Quill", on(3)).unwrap();
    record.add(&article("https://t.example/3", "“It is late,” said Ada Marrow.\n"), 4).unwrap();
    assert_eq!(claims(&record, "Ada Marrow"), ["The bridge stays open", "It is late"]);
    let named = one(&record, "Dame Ada Quill");
    assert_eq!((named.id, named.aliases.contains(&"Ada Quill".to_string())), (quill.id, true));
    assert!(record.alias(quill.id, "Ada Marrow", on(5)).is_err());
    assert!(record.rename(quill.id, " \u{7} ", on(5)).is_err());
}

#[test]
fn an_earlier_moment_is_seen_as_it_was() {
    let record = two_speakers();
    let changed = article("https://t.example/1", "“The bridge closes in June,” said the mayor, Ada Quill-Marsh.\n");
    let seen = |record: &Record, name: &str| {
        let speaker = one(record, name);
        (speaker.clone(), record.claims(speaker.id).map(Result::unwrap).collect::<Vec<_>>(), record.speakers().unwrap())
    };
    let before = seen(&record, "Ada Quill");
    record.add(&changed, 10).unwrap();
    record.merge(one(&record, "Bruno Tarn").id, before.0.id, on(11)).unwrap();
    record.rename(before.0.id, "The mayor", on(12)).unwrap();
    record
        .add(&article("https://t.example/4", "“No,” said Bruno Tarn, the poet. “It is late,” Tarn said.\n"), 13)
        .unwrap();
    let then = record.as_of(9);
    assert_eq!(seen(&then, "Ada Quill"), before);
    assert!(then.operations().unwrap().is_empty());
    assert!(matches!(then.rename(before.0.id, "X", on(14)), Err(StoreError::ReadOnly)));
    assert!(matches!(then.as_of(0).find_speaker("Ada Quill"), Ok(Lookup::None { .. })));
}

/// The second article as an engine that stops early and takes two speakers for others would read it.
fn misread(extraction: &Extraction) -> Extraction {
    let mut misread = extraction.clone();
    for attribution in &mut misread.attributions {
        attribution.content[0].end -= 4;
        if let Some(speaker) = attribution.speaker.as_mut().filter(|s| s.name.contains("Tarn")) {
            speaker.name = "Tarn Harbour".into();
            speaker.roles = vec!["the poet".into()];
        }
    }
    misread
}

#[test]
fn what_people_said_outlives_a_better_engine() {
    let second = article(
        "https://t.example/2",
        "“The bridge closes in May,” said Bruno Tarn, the harbour master. “The bridge is old,” said Ada Quill, the mayor.\n",
    );
    let record = Record::in_memory();
    record.add(&first(), 1).unwrap();
    let (id, _) = record.add(&misread(&second), 2).unwrap();
    let (quill, tarn) = (one(&record, "Ada Quill"), one(&record, "Tarn Harbour"));
    let closes = record.claims(tarn.id).next().unwrap().unwrap();
    assert_eq!(closes.text, "The bridge closes in");
    record.reattribute(closes.id, quill.id, on(3)).unwrap();
    let sides = [record.claims(quill.id).next().unwrap().unwrap(), closes.clone()];
    let entry = ReviewEntry {
        finding: "f1".into(),
        repeat: false,
        verdict: "accepted".into(),
        sides: [ReviewedSide::of(&sides[0]), ReviewedSide::of(&sides[1])],
    };
    record.review(entry, on(4)).unwrap();
    assert!(record.reread_unsynced(id, &second, 10).unwrap());
    assert!(!record.reread_unsynced(id, &second, 11).unwrap());
    // The claim reads in full now, under its number, and is still whose a person said.
    let read = record.claim(closes.id).unwrap();
    assert_eq!((read.text.as_str(), read.speaker), ("The bridge closes in May", quill.id));
    assert_eq!(claims(&record, "Ada Quill").len(), 3);
    assert_eq!(one(&record, "Ada Quill").claims, 3);
    let (_, standing) = record.review_of("f2", false, [&sides[0], &read]).unwrap().unwrap();
    assert_eq!(standing, Standing::Holds);
    record.undo(Some(crate::claim::ids::OperationId(1)), on(12)).unwrap();
    assert_eq!(claims(&record, "Bruno Tarn"), ["The bridge closes in May"]);
    assert!(matches!(record.find_speaker("Tarn Harbour"), Ok(Lookup::None { .. })));
    assert_eq!(record.verify().unwrap(), []);
    let then = record.as_of(9);
    assert_eq!(then.claim(closes.id).unwrap().text, "The bridge closes in");
    assert_eq!(one(&then, "Ada Quill").claims, 3);
}

#[test]
fn the_first_and_last_day_are_those_of_claims_that_stand() {
    let record = Record::in_memory();
    let dated = |url: &str, day: i8, text: &str| {
        let mut made = article(url, text);
        made.article.date = Some(jiff::civil::date(2024, 3, day));
        made
    };
    for (url, day) in [("https://t.example/1", 1), ("https://t.example/2", 2), ("https://t.example/3", 3)] {
        record.add(&dated(url, day, "“The bridge stays open,” said Ada Quill, the mayor.\n"), i64::from(day)).unwrap();
    }
    record.add(&dated("https://t.example/1", 1, "It rained in Tarrow.\n"), 4).unwrap();
    record.add(&dated("https://t.example/3", 3, "It rained in Tarrow again.\n"), 5).unwrap();
    let quill = one(&record, "Ada Quill");
    let day = Some(jiff::civil::date(2024, 3, 2));
    assert_eq!((quill.claims, quill.first, quill.last), (1, day, day));
    assert_eq!(record.verify().unwrap(), []);
}
