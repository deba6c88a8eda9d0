use std::time::Duration;

use super::*;
use crate::article::Article;
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
