//! Power cuts: everything that a run does to its files is recorded, and for many moments of it the folder is made that a power cut
//! would have left there, with what was not synced gone, there or in part. Each must open and hold what was acknowledged.
//!
//! `ONRECORD_TEST_CUTS` says how many moments of each run are tried; without it a few, evenly spread.

#![cfg(target_os = "linux")]

mod replay;
mod shim;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use onrecord::article::Article;
use onrecord::claim::Claim;
use onrecord::pipeline::{Extraction, extract_with};
use onrecord::store::{
    self, Access, ExportRow, Import, Occasion, Operation, Record, ReviewEntry, ReviewedSide, StoreError,
};
use onrecord::tagging::rules::RuleTagger;

use replay::{Unsynced, replay};
use shim::{Event, acknowledge, record};

const WAIT: Duration = Duration::from_secs(2);

/// One recording at a time: the recorder is the process's.
static ONE: Mutex<()> = Mutex::new(());

fn article(n: u64) -> Extraction {
    let filler: String =
        (0..300 * n).map(|i| format!("{:x} ", (n * 31 + i).wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let text = format!(
        "“The bridge stays open for {n} days,” said Ada Quill, the mayor.\n\n“No,” said Bruno Tarn.\n\n{filler}\n"
    );
    let url = Some(format!("https://t.example/{n}"));
    extract_with(&RuleTagger, Article { name: n.to_string(), text, url, ..Article::default() })
}

/// The moments to try: all, or as many as asked for, and in any case just before and just after each acknowledgement.
fn moments(events: &[Event]) -> BTreeSet<usize> {
    let most = std::env::var("ONRECORD_TEST_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(40usize);
    let step = events.len().div_ceil(most).max(1);
    let mut moments: BTreeSet<usize> = (0..=events.len()).step_by(step).collect();
    for (i, event) in events.iter().enumerate() {
        if matches!(event, Event::Acknowledged(_)) {
            moments.extend([i, i + 1]);
        }
    }
    moments
}

/// Replays every moment in every way, and counts what `check` makes of it.
fn sweep(what: &str, events: &[Event], check: impl Fn(&Path, &BTreeSet<u64>) -> Result<&'static str, String>) {
    let mut outcomes = std::collections::BTreeMap::new();
    let mut failures = Vec::new();
    for cut in moments(events) {
        let acknowledged: BTreeSet<u64> =
            events[..cut].iter().filter_map(|e| if let Event::Acknowledged(n) = e { Some(*n) } else { None }).collect();
        for unsynced in [Unsynced::Gone, Unsynced::There, Unsynced::Some(cut as u64), Unsynced::Some(!(cut as u64))] {
            let folder = tempfile::tempdir().unwrap();
            replay(events, cut, unsynced, folder.path());
            match check(&folder.path().join("record"), &acknowledged) {
                Ok(outcome) => *outcomes.entry(outcome).or_insert(0u32) += 1,
                Err(failure) => {
                    failures.push(format!("after event {cut} of {}, unsynced {unsynced:?}: {failure}", events.len()))
                }
            }
        }
    }
    println!("power cuts, {what}: {} events, {outcomes:?}", events.len());
    assert!(failures.is_empty(), "{} of them:\n{}", failures.len(), failures.join("\n"));
}

/// What a record holds: the numbers of its articles, and what was done to it, in order.
type Held = (BTreeSet<u64>, Vec<&'static str>);

/// Opens a record and reads all of it.
fn held(path: &Path) -> Result<Option<Held>, String> {
    let record = match Record::open(path, Access::Read, WAIT) {
        Ok(record) => record,
        Err(StoreError::Missing(_)) => return Ok(None),
        Err(error) => return Err(format!("does not open: {error}")),
    };
    let problems = record.verify().map_err(|e| e.to_string())?;
    if !problems.is_empty() {
        return Err(format!("is not sound: {problems:?}"));
    }
    let mut numbers = BTreeSet::new();
    for id in record.articles() {
        let stored = id.and_then(|id| record.article(id, None)).map_err(|e| e.to_string())?;
        let number: u64 = stored.article.name.parse().map_err(|_| "a name is wrong")?;
        if stored.article.text != article(number).article.text {
            return Err(format!("the text of article {number} is wrong"));
        }
        numbers.insert(number);
    }
    let log = record.operations().map_err(|e| e.to_string())?;
    Ok(Some((numbers, log.iter().map(|entry| entry.what.name()).collect())))
}

/// When and why everything is done here.
const ON: Occasion<'_> = Occasion { at: 99, why: Some("a reason") };

/// What people do to the record, one after the other; each is acknowledged under a number above 100.
const CORRECTIONS: [&str; 6] = ["merge", "review", "undo", "undo", "undo", "review"];

/// Does one of them.
fn correct(record: &Record, n: usize) -> Operation {
    let review = |verdict: &str| {
        let speaker = record.speakers().unwrap()[0].id;
        let claims: Vec<Claim> = record.claims(speaker).map(Result::unwrap).collect();
        let sides = [ReviewedSide::of(&claims[0]), ReviewedSide::of(&claims[1])];
        let entry = ReviewEntry { finding: "f1".into(), repeat: false, verdict: verdict.into(), sides };
        record.review(entry, ON)
    };
    let entry = |n: usize| Some(record.operations().unwrap()[n].id);
    let done = match n {
        0 => {
            let speakers = record.speakers().unwrap();
            record.merge(speakers[0].id, speakers[1].id, ON)
        }
        1 => review("accepted"),
        // The review is taken back, and the merge, and that the merge was taken back.
        2 => record.undo(None, ON),
        3 => record.undo(entry(0), ON),
        4 => record.undo(entry(3), ON),
        _ => review("rejected"),
    };
    let done = done.unwrap();
    assert_eq!(done.what.name(), CORRECTIONS[n]);
    done
}

/// Tells whether as much was done as was acknowledged, and nothing else.
fn corrected(done: &[&str], acknowledged: &BTreeSet<u64>) -> Result<(), String> {
    let least = acknowledged.iter().filter(|n| **n > 100).count();
    if done.len() < least || !CORRECTIONS.starts_with(done) {
        return Err(format!("{done:?} were done, {least} of {CORRECTIONS:?} were acknowledged"));
    }
    Ok(())
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_while_adding_and_correcting() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let events = record(folder.path(), || {
        for session in 0..2 {
            // Opened twice: opening itself writes.
            let record = Record::open(&path, Access::Write, WAIT).unwrap();
            for n in session * 4 + 1..session * 4 + 5 {
                record.add(&article(n), n as i64).unwrap();
                acknowledge(n);
            }
            for n in session * 3..session * 3 + 3 {
                correct(&record, n as usize);
                acknowledge(101 + n);
            }
        }
    });
    assert!(events.iter().any(|e| matches!(e, Event::SyncFile { .. })), "nothing was recorded");
    sweep("adding", &events, |path, acknowledged| {
        let articles: BTreeSet<u64> = acknowledged.iter().copied().filter(|n| *n < 100).collect();
        let Some((held, done)) = held(path)? else {
            return if articles.is_empty() { Ok("none yet") } else { Err(format!("lost all of {articles:?}")) };
        };
        if !held.is_superset(&articles) {
            return Err(format!("holds {held:?}; acknowledged were {acknowledged:?}"));
        }
        corrected(&done, acknowledged)?;
        // It goes on where it was.
        let record = Record::open(path, Access::Write, WAIT).map_err(|e| e.to_string())?;
        record.add(&article(9), 500).map_err(|e| format!("cannot add: {e}"))?;
        record.add(&article(1), 501).map_err(|e| format!("cannot add: {e}"))?;
        Ok("whole")
    });
}

/// A record of five articles with half of the corrections.
fn original(path: &Path) -> Record {
    let record = Record::open(path, Access::Write, WAIT).unwrap();
    for n in 1..=5 {
        record.add(&article(n), n as i64).unwrap();
    }
    (0..3).for_each(|n| drop(correct(&record, n)));
    record
}

/// Power cuts while `bring` brings the original back, and while the other half of the corrections is made in it.
fn brought_back(what: &str, bring: impl Fn(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let events = record(folder.path(), || {
        let path = folder.path().join("record");
        bring(&path);
        acknowledge(1);
        let record = Record::open(&path, Access::Write, WAIT).unwrap();
        for n in 3..6 {
            correct(&record, n);
            acknowledge(101 + n as u64);
        }
    });
    let check = |path: &Path, least: usize| match held(path)? {
        None => Ok(false),
        Some((articles, done)) => {
            let as_acknowledged = done.len() >= least && CORRECTIONS.starts_with(&done);
            if articles == (1..=5).collect() && as_acknowledged {
                Ok(true)
            } else {
                Err(format!("{articles:?} {done:?}"))
            }
        }
    };
    sweep(what, &events, |path, acknowledged| {
        let least = 3 + acknowledged.iter().filter(|n| **n > 100).count();
        if check(path, least)? {
            return Ok("whole");
        }
        if !acknowledged.is_empty() {
            return Err("it was acknowledged, and there is none".into());
        }
        bring(path);
        if check(path, 3)? { Ok("none, and brought back again") } else { Err("a second time there is none".into()) }
    });
}

#[test]
fn a_restored_record_is_there_whole_or_not_at_all_and_can_be_corrected() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let mut backup = Vec::new();
    original(&folder.path().join("record")).backup(&mut backup).unwrap();
    brought_back("restoring", |path| {
        store::restore(backup.as_slice(), "backup", None, path, WAIT).unwrap();
    });
}

#[test]
fn an_imported_record_is_there_whole_or_not_at_all_and_can_be_corrected() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let original = original(&folder.path().join("record"));
    let rows: Vec<ExportRow> = original.export().unwrap().map(Result::unwrap).collect();
    brought_back("importing", |path| {
        let mut import = Import::begin(path, WAIT).unwrap();
        rows.iter().for_each(|row| import.take(row.clone()).unwrap());
        import.finish().unwrap();
    });
}
