use super::*;
use crate::article::Article;
use crate::pipeline::extract;
use crate::store::Occasion;
use crate::store::keys::{BY_SPEAKER, CLAIMS, DOCUMENTS, NAMES, WORDS};

const WAIT: Duration = Duration::from_secs(2);

/// A record with two versions of an article, several speakers and a log.
fn filled(path: &Path) {
    let record = Record::open(path, Access::Write, WAIT).unwrap();
    for (n, url, text) in [
        (1, "a", "“The bridge stays open,” said Ada Quill, the mayor. “It is old,” said Bruno Tarn.\n"),
        (2, "b", "“Tolls will rise,” said Ms Quill, 51, the mayor of Tarrow. Ada Quill said that she was tired.\n"),
        (3, "a", "“The bridge closes in May,” said Ada Quill, the mayor. “It is old,” said Bruno Tarn.\n"),
    ] {
        let article = Article {
            name: url.into(),
            text: text.into(),
            url: Some(format!("https://t.example/{url}")),
            date: Some(jiff::civil::date(2024, 3, n)),
            ..Article::default()
        };
        record.add(&extract(article), i64::from(n)).unwrap();
    }
    let all: Vec<_> = record.speakers().unwrap();
    record.merge(all[0].id, all[1].id, Occasion { at: 9, why: Some("a test") }).unwrap();
}

fn exported(path: &Path) -> Vec<String> {
    let record = Record::open(path, Access::Read, WAIT).unwrap();
    record.export().unwrap().map(|row| serde_json::to_string(&row.unwrap()).unwrap()).collect()
}

/// Changes rows behind the record's back.
fn spoil(path: &Path, table: u8, change: impl Fn(usize, &[u8], Vec<u8>) -> Option<Vec<u8>>) {
    let record = Record::open(path, Access::Write, WAIT).unwrap();
    let (low, high) = Key::new(table).range();
    let rows: Vec<_> = record.engine.scan(&low, &high, false).map(Result::unwrap).collect();
    let mut batch = Batch::default();
    for (n, (key, value)) in rows.into_iter().enumerate() {
        let changed = change(n, &key, value);
        batch.writes.insert(key, changed);
    }
    record.engine.commit(batch).unwrap();
    record.engine.sync().unwrap();
}

fn problems(path: &Path) -> Vec<Problem> {
    let (record, mut problems) = Record::inspect(path, WAIT).unwrap();
    problems.extend(record.verify().unwrap());
    problems
}

#[test]
fn what_follows_from_the_articles_is_named_and_comes_back_exactly() {
    for table in [ARTICLES, BY_SPEAKER, CLAIMS, NAMES, SPEAKERS, WORDS] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        filled(&path);
        assert_eq!(problems(&path), []);
        let before = exported(&path);
        spoil(&path, table, |n, _, value| match (table, n) {
            // Counts and days that are off, in a row that can be read.
            (SPEAKERS, 0) => {
                let mut row: SpeakerRow = codec::decode(&value).unwrap();
                row.claims += 7;
                Some(codec::encode(&row))
            }
            (SPEAKERS, _) => Some(value),
            (_, n) => (n % 2 == 1).then_some(value),
        });
        assert!(!problems(&path).is_empty(), "table {}", char::from(table));
        let repair = repair(&path, WAIT).unwrap();
        assert!(!repair.problems.is_empty() && repair.lost.is_empty(), "{repair:?}");
        assert!(repair.kept.unwrap().join("db").exists());
        assert_eq!(problems(&path), [], "table {}", char::from(table));
        assert_eq!(exported(&path), before, "table {}", char::from(table));
    }
}

#[test]
fn rows_that_fit_nothing_are_named_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    filled(&path);
    let record = Record::open(&path, Access::Write, WAIT).unwrap();
    let mut batch = Batch::default();
    batch.put(keys::by_speaker(1, keys::day(None), 77, 1), codec::seal(keys::LIVE));
    batch.put(Key::new(NAMES).bytes(b"nobody").u8(0).u8(0).u32(1).end(), codec::seal(&[]));
    batch.put(Key::new(CLAIMS).u64(900).end(), codec::encode(&(77u32, 1u32)));
    record.engine.commit(batch).unwrap();
    drop(record);
    let named: BTreeSet<String> = problems(&path).into_iter().map(|p| p.place).collect();
    let lists = ["the list of claims", "the list of names", "the lists of speakers' claims"];
    assert_eq!(named, lists.map(str::to_string).into());
    repair(&path, WAIT).unwrap();
    assert_eq!(problems(&path), []);
    assert_eq!(repair(&path, WAIT).unwrap(), Repair::default());
}

#[test]
fn what_cannot_be_derived_is_said_to_be_lost_and_the_rest_stays() {
    // What is spoiled: state, text, reading of the first version, with what the list of losses says.
    for (spoiled, says, articles) in [
        (part::STATE, "its headline, outlet, date and address", 2),
        (part::TEXT, "its checksum does not hold", 2),
        (part::READING, "its claims; `onrecord refresh` reads them again", 2),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        filled(&path);
        let texts = |path: &Path| {
            let record = Record::open(path, Access::Read, WAIT).unwrap();
            let ids: Vec<_> = record.articles().map(Result::unwrap).collect();
            ids.iter().map(|id| record.article(*id, None).unwrap().article.text).collect::<BTreeSet<_>>()
        };
        let before = texts(&path);
        spoil(&path, DOCUMENTS, |_, key, mut value| {
            if key[1..9] == [0, 0, 0, 0, 0, 0, 0, 1] && key[9] == spoiled {
                value[6] ^= 1;
            }
            Some(value)
        });
        assert!(!problems(&path).is_empty());
        let repair = repair(&path, WAIT).unwrap();
        let lost: Vec<String> = repair.lost.iter().map(|p| p.what.clone()).collect();
        assert!(lost.iter().any(|what| what.contains(says)), "{lost:?}");
        assert_eq!(problems(&path), [], "part {spoiled}");
        assert_eq!(texts(&path), before);
        let record = Record::open(&path, Access::Read, WAIT).unwrap();
        assert_eq!(record.stats().unwrap().articles, articles);
    }
}

#[test]
fn a_record_that_lost_acknowledged_articles_says_so_and_can_be_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    filled(&path);
    let counters = Record::open(&path, Access::Read, WAIT).unwrap().counters().unwrap();
    witness::note(&path, &crate::store::Counters { versions: 9, ..counters }).unwrap();
    assert!(Record::open(&path, Access::Read, WAIT).is_err());
    assert_eq!(problems(&path)[0].place, "the record");
    let lost = repair(&path, WAIT).unwrap().lost;
    assert!(lost[0].what.starts_with("9 articles and versions were acknowledged and 3 are left"), "{lost:?}");
    assert_eq!(problems(&path), []);
}
