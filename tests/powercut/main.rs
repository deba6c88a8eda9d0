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
use onrecord::pipeline::{Extraction, extract_with};
use onrecord::store::{self, Access, Occasion, Record, StoreError};
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

/// Opens a record and reads all of it; the numbers of its articles.
fn held(path: &Path) -> Result<Option<(BTreeSet<u64>, usize)>, String> {
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
    Ok(Some((numbers, record.operations().map_err(|e| e.to_string())?.len())))
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
            if session == 1 {
                let speakers = record.speakers().unwrap();
                record.merge(speakers[0].id, speakers[1].id, Occasion { at: 99, why: None }).unwrap();
                acknowledge(100);
            }
        }
    });
    assert!(events.iter().any(|e| matches!(e, Event::SyncFile { .. })), "nothing was recorded");
    sweep("adding", &events, |path, acknowledged| {
        let articles: BTreeSet<u64> = acknowledged.iter().copied().filter(|n| *n < 100).collect();
        let Some((held, operations)) = held(path)? else {
            return if articles.is_empty() { Ok("none yet") } else { Err(format!("lost all of {articles:?}")) };
        };
        if !held.is_superset(&articles) || operations < usize::from(acknowledged.contains(&100)) {
            return Err(format!("holds {held:?} and {operations} operations; acknowledged were {acknowledged:?}"));
        }
        // It goes on where it was.
        let record = Record::open(path, Access::Write, WAIT).map_err(|e| e.to_string())?;
        record.add(&article(9), 500).map_err(|e| format!("cannot add: {e}"))?;
        record.add(&article(1), 501).map_err(|e| format!("cannot add: {e}"))?;
        Ok("whole")
    });
}

#[test]
fn a_restored_record_is_there_whole_or_not_at_all() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let original = tempfile::tempdir().unwrap();
    let mut backup = Vec::new();
    {
        let record = Record::open(&original.path().join("record"), Access::Write, WAIT).unwrap();
        for n in 1..=5 {
            record.add(&article(n), n as i64).unwrap();
        }
        record.backup(&mut backup).unwrap();
    }
    let restore = |path: &Path| store::restore(backup.as_slice(), "backup", None, path, WAIT);
    let folder = tempfile::tempdir().unwrap();
    let events = record(folder.path(), || {
        restore(&folder.path().join("record")).unwrap();
        acknowledge(1);
    });
    sweep("restoring", &events, |path, acknowledged| {
        let whole = Some(((1..=5).collect(), 0));
        match held(path)? {
            None if acknowledged.is_empty() => {
                restore(path).map_err(|e| format!("cannot be restored again: {e}"))?;
                if held(path)? == whole {
                    Ok("none, and restored again")
                } else {
                    Err("restored again it is not whole".into())
                }
            }
            held if held == whole => Ok("whole"),
            other => Err(format!("half of it is there: {other:?}")),
        }
    });
}
