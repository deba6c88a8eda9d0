//! What happens to laptops: processes killed, files damaged, folders that are something else.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use onrecord::article::Article;
use onrecord::consistency::finding_id;
use onrecord::pipeline::{Extraction, extract};
use onrecord::store::{Access, Added, Record, StoreError};
use onrecord::verdict::FindingKind;

/// A child that another test starts holds the lock for an instant, between its fork and its exec.
const AN_INSTANT: Duration = Duration::from_secs(5);

/// Names the folder that a child process adds to; set only by the test that kills it.
const CHILD: &str = "ONRECORD_TEST_ADDS_TO";

fn article(n: u32) -> Extraction {
    let names = ["Ada Quill", "Bruno Tarn", "Celia Voss"];
    let name = names[n as usize % names.len()];
    extract(Article {
        name: format!("{n}"),
        text: format!(
            "{name}, the mayor, met the drivers on day {n}. “The bridge stays open for {n} days,” {name} said.\n"
        ),
        url: Some(format!("https://tarrow.example/{n}")),
        ..Article::default()
    })
}

fn open(path: &Path, access: Access) -> Result<Record, StoreError> {
    Record::open(path, access, AN_INSTANT)
}

fn filled(path: &Path, articles: u32) {
    let record = open(path, Access::Write).unwrap();
    for n in 0..articles {
        assert_eq!(record.add(&article(n), i64::from(n)).unwrap().1, Added::New);
    }
}

/// Numbers of the articles on record, each read in full.
fn held(record: &Record) -> BTreeSet<u32> {
    let ids: Vec<_> = record.articles().map(Result::unwrap).collect();
    ids.into_iter().map(|id| record.article(id, None).unwrap().article.name.parse().unwrap()).collect()
}

/// Does nothing unless the test below runs it in a process of its own: then it adds articles until it is killed.
#[test]
fn adds_until_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    // The engine reads its weights at its first article; that is no part of what is tested.
    drop(article(0));
    println!("ready");
    let record = Record::open(Path::new(&path), Access::Write, Duration::from_secs(5)).unwrap();
    let start = record.articles().count() as u32;
    for n in start.. {
        record.add(&article(n), i64::from(n)).unwrap();
        println!("acknowledged {n}");
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    let kills = std::env::var("ONRECORD_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut acknowledged = BTreeSet::new();
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["durability::adds_until_killed", "--exact", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.ends_with("ready")), "the process ended before it began");
        // The harness prints on the same stream, so the word may stand behind its own.
        let number = |line: String| line.rsplit_once("acknowledged ").and_then(|(_, n)| n.parse::<u32>().ok());
        if kill % 3 > 0 {
            // In the middle of adding, however slow the machine is: the moment is counted from an article that was acknowledged.
            let first = lines.find_map(number).expect("the process ended before it added an article");
            acknowledged.insert(first);
        }
        // Else while it opens, or a little later.
        std::thread::sleep(Duration::from_micros(kill * 7_919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(number));
        if !path.exists() {
            continue;
        }
        let record = match Record::open(&path, Access::Read, Duration::from_secs(5)) {
            Ok(record) => record,
            Err(StoreError::Missing(_)) if acknowledged.is_empty() => continue,
            Err(error) => panic!("kill {kill}: {error}"),
        };
        let held = held(&record);
        assert!(held.is_superset(&acknowledged), "kill {kill} lost {:?}", acknowledged.difference(&held));
        assert_eq!(record.verify().unwrap(), [], "kill {kill}");
    }
    assert!(acknowledged.len() as u64 >= kills * 2 / 3, "{acknowledged:?}");
}

#[test]
fn a_killed_correction_is_whole_or_not_there_and_an_acknowledged_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    filled(&path, 9);
    let finding = {
        let record = open(&path, Access::Read).unwrap();
        let own = record.speakers().unwrap()[0].id;
        let claims: Vec<_> = record.claims(own).map(Result::unwrap).collect();
        finding_id(FindingKind::Contradiction, &claims[0], &claims[1])
    };
    let start = |n: u64| {
        let why = format!("try {n}");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("onrecord"));
        command.arg("--db").arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
        match n % 6 {
            0 => command.args(["speaker", "merge", "Bruno Tarn", "Ada Quill", "--why", &why]),
            1 => command.args(["review", &finding, "accepted", "--note", &why]),
            2 => command.args(["speaker", "split", "Celia Voss", "c3", "--name", "C. Voss", "--why", &why]),
            3 => command.args([
                "speaker",
                "reattribute",
                "c1",
                if n % 4 == 1 { "Celia Voss" } else { "Ada Quill" },
                "--why",
                &why,
            ]),
            4 => command.args(["speaker", "rename", "Celia Voss", &format!("Celia Voss {n}"), "--why", &why]),
            _ => command.args(["undo", "--why", &why]),
        };
        command.spawn().unwrap()
    };
    // How long one takes tells between which moments to kill.
    let clock = std::time::Instant::now();
    assert!(start(1).wait().unwrap().success());
    let whole = clock.elapsed().as_micros() as u64;
    let kills: u64 = std::env::var("ONRECORD_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut known = 1;
    let (mut kept, mut lost) = (0, 0);
    for n in 0..kills {
        let mut child = start(n);
        std::thread::sleep(Duration::from_micros(whole * (n * 7_919 % 120) / 100));
        let done = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let record =
            Record::open(&path, Access::Read, Duration::from_secs(5)).unwrap_or_else(|e| panic!("kill {n}: {e}"));
        let log = record.operations().unwrap();
        let fresh = log.len() - known;
        assert!(fresh <= 1, "kill {n}");
        if fresh == 1 {
            assert_eq!(log[known].why.as_deref(), Some(format!("try {n}").as_str()));
        }
        assert!(fresh == 1 || done.is_none_or(|status| !status.success()), "kill {n} lost what was acknowledged");
        // Whatever holds today, every claim is somebody's, once.
        let claims: u32 = record.speakers().unwrap().iter().map(|s| s.claims).sum();
        assert_eq!((claims, record.verify().unwrap()), (9, vec![]), "kill {n}");
        known = log.len();
        if fresh == 1 { kept += 1 } else { lost += 1 }
    }
    println!("corrections killed: {kept} were whole, {lost} not there");
}

/// All files of the record that hold data, with their paths.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path if entry.file_name() != "lock" => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, &target).unwrap();
    }
}

#[test]
fn damage_is_an_error_or_found_and_never_wrong_data_or_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    filled(&whole, 30);
    let texts: BTreeSet<String> = (0..30).map(|n| article(n).article.text).collect();
    let mut outcomes = std::collections::BTreeMap::new();
    for (f, file) in files(&whole).into_iter().enumerate() {
        let bytes = fs::read(&file).unwrap();
        // sled leaves the rest of a segment as zeros: damage goes where something was written.
        let used = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
        for step in 0..12usize {
            let damaged = folder.path().join(format!("damaged-{f}-{step}"));
            copy(&whole, &damaged);
            let target = damaged.join(file.strip_prefix(&whole).unwrap());
            let at = used * (step / 2) / 6;
            let mut changed = bytes.clone();
            match step % 2 {
                0 => changed.truncate(at),
                _ => changed.iter_mut().skip(at).take(1).for_each(|b| *b ^= 0x10),
            }
            fs::write(&target, &changed).unwrap();
            let outcome = match open(&damaged, Access::Read) {
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    match onrecord::store::repair(&damaged, AN_INSTANT) {
                        Ok(_) => {
                            mends(&damaged, &texts, &target);
                            "refused and mended"
                        }
                        Err(error) => {
                            assert!(error.hint().is_some_and(|h| h.contains("restore")), "{error}");
                            "refused"
                        }
                    }
                }
                Ok(record) => {
                    let mut lost = false;
                    for id in record.articles() {
                        match id.and_then(|id| record.article(id, None)) {
                            Ok(stored) => assert!(texts.contains(&stored.article.text), "wrong text: {target:?}"),
                            Err(_) => lost = true,
                        }
                    }
                    let problems = record.verify();
                    let count = record.articles().count();
                    drop(record);
                    match problems {
                        Err(_) => "named",
                        Ok(problems) if !problems.is_empty() => {
                            mends(&damaged, &texts, &target);
                            "named and mended"
                        }
                        Ok(_) if lost => {
                            panic!("{target:?} step {step}: verify finds nothing, and an article cannot be read")
                        }
                        Ok(_) if count == 30 => "unharmed",
                        Ok(_) => panic!("{target:?} step {step}: articles are gone, and nobody says so"),
                    }
                }
            };
            *outcomes.entry(outcome).or_insert(0) += 1;
            fs::remove_dir_all(&damaged).unwrap();
        }
    }
    println!("damage: {outcomes:?}");
    assert!(outcomes.keys().any(|outcome| outcome.starts_with("refused")), "{outcomes:?}");
    assert!(outcomes.keys().any(|outcome| outcome.ends_with("mended")), "{outcomes:?}");
}

/// Mends a record; afterwards it is sound, says nothing that was not there before, and the old database is kept.
fn mends(damaged: &Path, texts: &BTreeSet<String>, target: &Path) {
    onrecord::store::repair(damaged, AN_INSTANT).unwrap_or_else(|e| panic!("{target:?}: {e}"));
    let record = open(damaged, Access::Read).unwrap_or_else(|e| panic!("{target:?}: {e}"));
    assert_eq!(record.verify().unwrap(), [], "{target:?}");
    for id in record.articles() {
        let stored = record.article(id.unwrap(), None).unwrap();
        assert!(texts.contains(&stored.article.text), "wrong text: {target:?}");
    }
    assert!(damaged.join("sled.damaged-1").is_dir());
}

#[test]
fn a_second_process_gets_a_clear_answer_and_may_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record");
    filled(&path, 1);
    let first = open(&path, Access::Write).unwrap();
    for access in [Access::Read, Access::Write] {
        let Err(StoreError::InUse { by, .. }) = open(&path, access) else { panic!("two have it open") };
        assert!(by.is_some_and(|by| by.contains(&std::process::id().to_string())));
    }
    std::thread::scope(|threads| {
        threads.spawn(|| {
            std::thread::sleep(Duration::from_millis(150));
            drop(first);
        });
        let second = Record::open(&path, Access::Write, Duration::from_secs(10)).unwrap();
        assert_eq!(held(&second), BTreeSet::from([0]));
    });
}

#[test]
fn reading_never_makes_a_record_and_a_foreign_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none");
    assert!(matches!(open(&path, Access::Read), Err(StoreError::Missing(_))));
    assert!(!path.exists());
    let foreign = folder.path().join("photos");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("beach.jpg"), "x").unwrap();
    let error = open(&foreign, Access::Write).err().expect("a foreign folder was taken");
    assert!(error.hint().is_some(), "{error}");
    let left: Vec<_> = fs::read_dir(&foreign).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["beach.jpg"]);
}
