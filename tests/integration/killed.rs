//! The command itself, killed (-9) at random moments of everything that writes much: adding, reading again, bringing back.
//!
//! `ONRECORD_TEST_KILLS` says how many times each is killed; without it a few. Corrections are killed in `durability`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onrecord::article::Article;
use onrecord::pipeline::extract_with;
use onrecord::store::{Access, ExportRow, Occasion, Record, StoreError};
use onrecord::tagging::RuleTagger;
use serde_json::Value;

/// What a killed process leaves locked is free at once, or after sled's own lock has gone.
const WAIT: Duration = Duration::from_secs(5);

fn kills() -> u64 {
    std::env::var("ONRECORD_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("onrecord"));
    command.current_dir(folder).args(args).env_remove("ONRECORD_DB").stderr(Stdio::null());
    command
}

/// Runs a command to its end, and returns how long it took.
fn whole(folder: &Path, args: &[&str]) -> Duration {
    let since = Instant::now();
    let output = command(folder, args).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    since.elapsed()
}

/// Starts a command and kills it at some moment of the time that it takes, or just after; tells whether it was done.
fn killed(folder: &Path, args: &[&str], takes: Duration, kill: u64) -> bool {
    let out = fs::File::create(folder.join("out")).unwrap();
    let mut child = command(folder, args).stdout(out).spawn().unwrap();
    // The golden ratio spreads the moments evenly however many there are.
    let part = kill.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    std::thread::sleep(takes.mul_f64(part as f64 / f64::from(u32::MAX) * 1.1));
    let done = child.try_wait().unwrap().is_some_and(|status| status.success());
    child.kill().unwrap();
    child.wait().unwrap();
    done
}

/// The record, unless there is none.
fn opened(path: &Path, place: &str) -> Option<Record> {
    let record = match Record::open(path, Access::Read, WAIT) {
        Ok(record) => record,
        Err(StoreError::Missing(_)) => return None,
        Err(error) => panic!("{place}: {error}"),
    };
    assert_eq!(record.verify().unwrap(), [], "{place}");
    Some(record)
}

fn rows(record: &Record) -> Vec<ExportRow> {
    record.export().unwrap().map(Result::unwrap).collect()
}

fn story(n: u64, round: u64) -> String {
    let name = ["Ada Quill", "Bruno Tarn", "Celia Voss"][n as usize % 3];
    format!("“The bridge stays open for {n} days, and {round} more,” said {name}, the mayor of ward {n}.\n")
}

/// A record of many articles and a few corrections, read by the rules alone.
fn filled(path: &Path, articles: u64) {
    let record = Record::open(path, Access::Write, WAIT).unwrap();
    for n in 0..articles {
        let filler: String =
            (0..200).map(|i| format!("{:x} ", (n * 7919 + i).wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        let article = Article {
            name: n.to_string(),
            text: format!("{}\nIt may rain, the mayor of ward {n} thinks.\n\n{filler}\n", story(n, 0)),
            url: Some(format!("https://t.example/{n}")),
            ..Article::default()
        };
        let mut extraction = extract_with(&RuleTagger, article);
        for attribution in &mut extraction.attributions {
            // A beginner among engines: it hears the beginning only, so that reading again has something to do.
            attribution.content[0].end = attribution.content[0].start + "The bridge".len() as u32;
        }
        record.add_unsynced(&extraction, n as i64).unwrap();
    }
    record.sync().unwrap();
    let on = Occasion { at: articles as i64, why: Some("a reason") };
    let speakers = record.speakers().unwrap();
    let merge = record.merge(speakers[1].id, speakers[0].id, on).unwrap();
    record.undo(Some(merge.id), on).unwrap();
    record.rename(speakers[2].id, "The Third", on).unwrap();
}

/// Number of an article, by the name of its file.
fn number(name: &str) -> u64 {
    let digits = name.strip_suffix(".txt");
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("a strange name: {name}"))
}

/// Returns the round of each article's text, all of which is there.
fn rounds(record: &Record, place: &str) -> BTreeMap<u64, u64> {
    let read = |id| {
        let stored = record.article(id, None).unwrap();
        let (n, text) = (number(&stored.article.name), stored.article.text);
        let round = (0..=kills()).find(|round| story(n, *round).trim() == text.trim());
        (n, round.unwrap_or_else(|| panic!("{place}: this is no text of article {n}: {text}")))
    };
    record.articles().map(|id| read(id.unwrap())).collect()
}

#[test]
fn adding_that_is_killed_loses_nothing_that_was_acknowledged_and_goes_on_where_it_was() {
    // More than are read together, so that some are acknowledged while others are read.
    const ARTICLES: u64 = 600;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("in")).unwrap();
    let mut written: BTreeMap<u64, u64> = BTreeMap::new();
    let write = |n: u64, round: u64| {
        let text = format!("URL: https://t.example/{n}\n\n{}", story(n, round));
        fs::write(at.join(format!("in/{n:04}.txt")), text).unwrap();
    };
    for n in 0..ARTICLES {
        write(n, 0);
        written.insert(n, 0);
    }
    let add = ["add", "in", "--db", "record", "--format", "jsonl"];
    let takes = whole(at, &["add", "in", "--db", "trial", "--format", "jsonl"]);
    let mut acknowledged: BTreeMap<u64, u64> = BTreeMap::new();
    let (mut done, mut none, mut lines) = (0, 0, 0);
    for kill in 0..kills() {
        // Some articles are published anew, so that versions are added too.
        for n in (0..ARTICLES).filter(|n| n % 7 == kill % 7) {
            write(n, kill);
            written.insert(n, kill);
        }
        done += u64::from(killed(at, &add, takes, kill));
        let printed = fs::read_to_string(at.join("out")).unwrap();
        for line in printed.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let line: Value = serde_json::from_str(line).unwrap();
            let n = number(line["name"].as_str().unwrap());
            acknowledged.insert(n, written[&n]);
            lines += 1;
        }
        let place = format!("add, kill {kill}");
        let Some(record) = opened(&at.join("record"), &place) else {
            assert!(acknowledged.is_empty(), "{place} lost all");
            none += 1;
            continue;
        };
        let held = rounds(&record, &place);
        for (n, round) in &acknowledged {
            assert!(held.get(n).is_some_and(|held| held >= round), "{place} lost article {n} of round {round}");
        }
    }
    println!("add: {} kills, {done} after its end, {none} before there was a record", kills());
    println!("add: {lines} acknowledgements of {} articles, none lost", acknowledged.len());
    whole(at, &add);
    assert_eq!(rounds(&opened(&at.join("record"), "at last").unwrap(), "at last"), written);
}

/// Kills a command that brings a record back; there is all of it or none, and none is no hindrance to trying again.
fn brings_back(what: &str, file: &str, folder: &Path, original: &[ExportRow]) {
    let takes = whole(folder, &[what, file, "--db", "trial"]);
    fs::remove_dir_all(folder.join("trial")).unwrap();
    let (mut done, mut there, mut none) = (0, 0, 0);
    for kill in 0..kills() {
        let place = format!("{what}, kill {kill}");
        let ended = killed(folder, &[what, file, "--db", "copy"], takes, kill);
        done += u64::from(ended);
        match opened(&folder.join("copy"), &place) {
            Some(record) => {
                assert!(rows(&record) == original, "{place}: the record is another one");
                there += 1;
            }
            None => {
                assert!(!ended, "{place}: it was done, and nothing is there");
                none += 1;
                whole(folder, &[what, file, "--db", "copy"]);
                let record = opened(&folder.join("copy"), &place).unwrap();
                assert!(rows(&record) == original, "{place}: a second time it is another one");
            }
        }
        fs::remove_dir_all(folder.join("copy")).unwrap();
    }
    println!("{what}: {} kills, {done} after its end; {there} whole, {none} not there", kills());
}

#[test]
fn a_killed_restore_or_import_leaves_a_whole_record_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    filled(&at.join("original"), 300);
    whole(at, &["backup", "b.zst", "--db", "original"]);
    whole(at, &["export", "e.jsonl", "--db", "original"]);
    let original = rows(&opened(&at.join("original"), "the original").unwrap());
    brings_back("restore", "b.zst", at, &original);
    brings_back("import", "e.jsonl", at, &original);
}

/// What a reading found: numbers of claims and their spans.
type Found = Vec<(u64, Vec<[usize; 2]>)>;

/// What the latest reading of each article found.
fn readings(rows: &[ExportRow]) -> BTreeMap<String, Found> {
    let article = |row: &ExportRow| match row {
        ExportRow::Article(version) => {
            let claims = version.readings.last().unwrap().claims.iter();
            Some((version.id.clone(), claims.map(|c| (c.id, c.content.clone())).collect()))
        }
        _ => None,
    };
    rows.iter().filter_map(article).collect()
}

#[test]
fn a_killed_refresh_leaves_every_article_with_one_reading_or_the_other_and_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    filled(&at.join("original"), 200);
    whole(at, &["export", "e.jsonl", "--db", "original"]);
    let copy = |to: &str| {
        whole(at, &["import", "e.jsonl", "--db", to]);
    };
    copy("fresh");
    let takes = whole(at, &["refresh", "--db", "fresh"]);
    let old = rows(&opened(&at.join("original"), "the original").unwrap());
    let new = readings(&rows(&opened(&at.join("fresh"), "the fresh one").unwrap()));
    let before = readings(&old);
    assert_ne!(before, new, "the engine of today reads nothing differently: the test tests nothing");
    let log = |rows: &[ExportRow]| rows.iter().filter(|row| matches!(row, ExportRow::Operation(_))).count();
    let (mut done, mut begun) = (0, 0);
    for kill in 0..kills() {
        copy("killed");
        let ended = killed(at, &["refresh", "--db", "killed"], takes, kill);
        let place = format!("refresh, kill {kill}");
        let now = rows(&opened(&at.join("killed"), &place).unwrap());
        let read = readings(&now);
        for (id, claims) in &read {
            assert!(claims == &new[id] || claims == &before[id], "{place}: {id} is half read");
        }
        assert!(!ended || (read == new && log(&now) == log(&old) + 1), "{place}: it was done, and is not");
        done += u64::from(ended);
        begun += u64::from(read != new && read != before);
        whole(at, &["refresh", "--db", "killed"]);
        let again = rows(&opened(&at.join("killed"), &place).unwrap());
        assert!(readings(&again) == new, "{place}: a second time it reads otherwise");
        assert!(now.iter().filter(|r| matches!(r, ExportRow::Operation(_))).all(|r| again.contains(r)), "{place}");
        fs::remove_dir_all(at.join("killed")).unwrap();
    }
    println!("refresh: {} kills, {done} after its end, {begun} in the middle of the articles", kills());
}
