//! Random histories: articles, versions, readings and corrections in any order. After every step the record must say what a simple
//! model makes of its articles and its log, and what it said once it must say again: after an undo, at an earlier moment, after
//! reopening, and out of an export.
//!
//! `ONRECORD_TEST_HISTORIES` says how many histories are told; without it a few.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::{Date, date};
use onrecord::article::Article;
use onrecord::claim::ids::OperationId;
use onrecord::claim::{ArticleId, Claim, ClaimId, SpeakerId};
use onrecord::pipeline::{Extraction, extract_with};
use onrecord::store::{
    Access, ExportRow, Import, Lookup, Occasion, Record, ReviewEntry, ReviewedSide, SpeakerSummary, StoreError, What,
};
use onrecord::tagging::RuleTagger;

const WAIT: Duration = Duration::from_secs(5);

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    fn of<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        list.get(self.roll(list.len()))
    }
}

const NAMES: [(&str, &str); 6] = [
    ("Ada Quill", "the mayor of Tarrow"),
    ("Bruno Tarn", "the harbour master"),
    ("Celia Voss", "the minister"),
    ("Tarn", "a poet"),
    ("A. Quill", "the chairwoman"),
    ("The Harbour Board", "the owner of the port"),
];
const GIVEN: [&str; 6] = ["Ada Marrow", "Dame Ada Quill", "B. Tarn", "Celia Voss", "Someone Else", "Voss of Oldport"];
const SUBJECTS: [&str; 5] = ["bridge", "ferry", "tunnel", "market", "road"];
const STATES: [&str; 5] = ["stays open", "closes in May", "is safe", "is too dear", "was never ours"];

fn quotation(dice: &mut Dice) -> String {
    let &(name, role) = dice.of(&NAMES).unwrap();
    let (subject, state) = (dice.of(&SUBJECTS).unwrap(), dice.of(&STATES).unwrap());
    match dice.roll(6) {
        0 => format!("“The {subject} {state},” a spokesman said."),
        1 => format!("“The {subject} {state}.”"),
        2 => format!("{name} said that the {subject} {state}."),
        _ => format!("“The {subject} {state},” said {name}, {role}."),
    }
}

fn read(number: usize, paragraphs: &[String], day: Option<Date>) -> Extraction {
    extract_with(
        &RuleTagger,
        Article {
            name: format!("{number}"),
            text: paragraphs.join("\n\n") + "\n",
            url: Some(format!("https://tarrow.example/{number}")),
            outlet: Some(["The Gazette", "Courier"][number % 2].into()),
            date: day,
            ..Article::default()
        },
    )
}

/// The same article as another engine would read it: some claims missing, some shorter, some another's.
fn misread(extraction: &Extraction, dice: &mut Dice) -> Extraction {
    let mut other = extraction.clone();
    other.attributions.retain(|_| dice.roll(5) > 0);
    for attribution in &mut other.attributions {
        match dice.roll(4) {
            0 => attribution.content[0].end -= 2,
            1 => attribution.speaker = None,
            2 => {
                if let Some(speaker) = &mut attribution.speaker {
                    speaker.name = dice.of(&NAMES).unwrap().0.to_string();
                }
            }
            _ => {}
        }
    }
    other
}

/// Everything that the record says of its speakers.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    speakers: Vec<SpeakerSummary>,
    claims: BTreeMap<u32, Vec<Claim>>,
}

fn said(record: &Record) -> Said {
    let speakers = record.speakers().unwrap();
    let claims = speakers.iter().map(|s| (s.id.0, record.claims(s.id).map(Result::unwrap).collect())).collect();
    Said { speakers, claims }
}

/// What the model makes of one speaker: claims, articles, first and last day.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    claims: BTreeSet<u64>,
    articles: BTreeSet<String>,
    first: Option<String>,
    last: Option<String>,
}

/// The corrections that stand: whose each moved claim is, and whom each speaker counts as.
fn corrections(record: &Record) -> (BTreeMap<u64, u32>, BTreeMap<u32, u32>) {
    let log = record.operations().unwrap();
    let mut undone: BTreeSet<u64> = BTreeSet::new();
    for entry in log.iter().rev() {
        if let What::Undo { operation } = entry.what
            && !undone.contains(&entry.id.0)
        {
            undone.insert(operation);
        }
    }
    let (mut moved, mut merged) = (BTreeMap::new(), BTreeMap::new());
    for entry in log.iter().filter(|entry| !undone.contains(&entry.id.0)) {
        match &entry.what {
            What::Merge { from, into } if root(&merged, *from) != root(&merged, *into) => {
                merged.insert(root(&merged, *from), *into);
            }
            What::Split { new, claims, .. } => moved.extend(claims.iter().map(|claim| (*claim, *new))),
            What::Reattribute { claim, to, .. } => drop(moved.insert(*claim, *to)),
            _ => {}
        }
    }
    (moved, merged)
}

fn root(merged: &BTreeMap<u32, u32>, speaker: u32) -> u32 {
    merged.get(&speaker).map_or(speaker, |next| root(merged, *next))
}

/// Holds what the record says against its articles and its log.
fn check(record: &Record, place: &str) {
    assert_eq!(record.verify().unwrap(), [], "{place}");
    let (moved, merged) = corrections(record);
    let mut expected: BTreeMap<u32, Expected> = BTreeMap::new();
    let (mut standing, mut versions) = (BTreeMap::new(), 0);
    for row in record.export().unwrap() {
        if let ExportRow::Article(version) = row.unwrap() {
            versions += 1;
            standing.insert(version.id.clone(), version);
        }
    }
    let mut nobodys = 0;
    for version in standing.values() {
        for claim in &version.readings.last().unwrap().claims {
            let Some(owner) = moved.get(&claim.id).copied().or(claim.speaker) else {
                nobodys += 1;
                continue;
            };
            let speaker = expected.entry(root(&merged, owner)).or_default();
            assert!(speaker.claims.insert(claim.id), "{place}: c{} stands twice", claim.id);
            speaker.articles.insert(version.id.clone());
            if let Some(day) = &version.date {
                speaker.first = Some(speaker.first.take().map_or(day.clone(), |first| first.min(day.clone())));
                speaker.last = Some(speaker.last.take().map_or(day.clone(), |last| last.max(day.clone())));
            }
        }
    }
    let said = said(record);
    let mut found = BTreeMap::new();
    for speaker in &said.speakers {
        let claims = &said.claims[&speaker.id.0];
        assert!(
            claims.iter().all(|c| c.speaker == speaker.id && c.speaker_name == speaker.name),
            "{place}: {speaker:?}"
        );
        assert!(claims.is_sorted_by_key(|c| c.date.unwrap_or(Date::MAX)), "{place}: {speaker:?}");
        let seen = Expected {
            claims: claims.iter().map(|c| c.id.0).collect(),
            articles: claims.iter().map(|c| format!("{:#}", c.article)).collect(),
            first: speaker.first.map(|d| d.to_string()),
            last: speaker.last.map(|d| d.to_string()),
        };
        let counts = (speaker.claims as usize, speaker.articles as usize);
        assert_eq!(counts, (claims.len(), seen.articles.len()), "{place}: the counts of {speaker:?}");
        found.insert(speaker.id.0, seen);
        for claim in claims {
            assert_eq!(&record.claim(claim.id).unwrap(), claim, "{place}");
        }
        // Whoever is listed is found under the name in the list.
        match record.find_speaker(&speaker.name).unwrap() {
            Lookup::One(one) => assert_eq!(&one, speaker, "{place}"),
            Lookup::Several(several) => assert!(several.contains(speaker), "{place}: {speaker:?} not in {several:?}"),
            Lookup::None { .. } => panic!("{place}: nobody is called {}", speaker.name),
        }
    }
    assert_eq!(found, expected, "{place}");
    let stats = record.stats().unwrap();
    let claims: usize = expected.values().map(|e| e.claims.len()).sum();
    assert_eq!(
        (stats.articles, stats.versions, stats.speakers, stats.claims, stats.unattributed),
        (standing.len() as u64, versions, expected.len() as u64, claims as u64, nobodys),
        "{place}"
    );
}

/// One article while its history goes on.
struct Told {
    number: usize,
    paragraphs: Vec<String>,
    day: Option<Date>,
}

struct History {
    dice: Dice,
    articles: Vec<Told>,
    /// The time, which sometimes stands still.
    at: i64,
    /// What was said at which moment.
    moments: BTreeMap<i64, Said>,
}

impl History {
    fn new(seed: u64) -> History {
        History { dice: Dice(seed), articles: Vec::new(), at: 1000, moments: BTreeMap::new() }
    }

    /// Takes one step, and says which.
    fn step(&mut self, record: &Record) -> String {
        let dice = &mut self.dice;
        // Two things of one moment make one state of the record: only what comes after it can be told apart from it.
        self.at += dice.roll(3) as i64;
        let at = self.at;
        if self.articles.is_empty() || dice.roll(4) == 0 {
            let number = self.articles.len();
            let paragraphs: Vec<String> = (0..1 + dice.roll(4)).map(|_| quotation(dice)).collect();
            let day = (dice.roll(5) > 0).then(|| date(2024, 1 + dice.roll(12) as i8, 1 + dice.roll(28) as i8));
            let extraction = read(number, &paragraphs, day);
            record.add(&extraction, at).unwrap();
            self.articles.push(Told { number, paragraphs, day });
            return format!("add {number}");
        }
        if dice.roll(4) == 0 {
            let which = dice.roll(self.articles.len());
            let told = &mut self.articles[which];
            if dice.roll(2) == 0 {
                let extraction = read(told.number, &told.paragraphs, told.day);
                let other = if dice.roll(3) == 0 { extraction.clone() } else { misread(&extraction, dice) };
                record.reread_unsynced(ArticleId(extraction.article.identity()), &other, at).unwrap();
                record.sync().unwrap();
                return format!("read {which} again");
            }
            let paragraph = dice.roll(told.paragraphs.len());
            match dice.roll(4) {
                0 => told.paragraphs.push(quotation(dice)),
                1 if told.paragraphs.len() > 1 => drop(told.paragraphs.remove(paragraph)),
                2 => told.paragraphs.reverse(),
                _ => told.paragraphs[paragraph] = quotation(dice),
            }
            if dice.roll(4) == 0 {
                told.day = Some(date(2023, 1 + dice.roll(12) as i8, 1));
            }
            record.add(&read(told.number, &told.paragraphs, told.day), at).unwrap();
            return format!("a version of {which}");
        }
        self.correct(record)
    }

    /// Does one thing that people do, and sometimes takes it back and does it again.
    fn correct(&mut self, record: &Record) -> String {
        let dice = &mut self.dice;
        let on = Occasion { at: self.at, why: None };
        let before = said(record);
        let speakers: Vec<SpeakerId> = before.speakers.iter().map(|s| s.id).collect();
        // Any speaker and any claim that ever was, whether or not it stands.
        let most = speakers.iter().map(|s| s.0).max().unwrap_or(0) as usize;
        let anyone = |dice: &mut Dice| match dice.roll(5) {
            0 => SpeakerId(1 + dice.roll(most + 2) as u32),
            _ => dice.of(&speakers).copied().unwrap_or(SpeakerId(1)),
        };
        let known: Vec<ClaimId> = before.claims.values().flatten().map(|c| c.id).collect();
        let last = known.iter().map(|c| c.0).max().unwrap_or(0) as usize;
        let claim = |dice: &mut Dice| match dice.roll(4) {
            0 => ClaimId(1 + dice.roll(last + 2) as u64),
            _ => dice.of(&known).copied().unwrap_or(ClaimId(1)),
        };
        let (what, done) = match dice.roll(9) {
            0 | 1 => {
                let (from, into) = (anyone(dice), anyone(dice));
                (format!("merge {from} into {into}"), record.merge(from, into, on))
            }
            2 => {
                let from = anyone(dice);
                let own: Vec<ClaimId> = record.claims(from).filter_map(Result::ok).map(|c| c.id).collect();
                let some: Vec<ClaimId> = own.into_iter().filter(|_| dice.roll(2) == 0).collect();
                let name = (dice.roll(2) == 0).then(|| *dice.of(&GIVEN).unwrap());
                (
                    format!("split {some:?} off {from} as {name:?}"),
                    record.split(from, &some, name, on).map(|s| s.operation),
                )
            }
            3 => {
                let (whose, name) = (anyone(dice), *dice.of(&GIVEN).unwrap());
                (format!("alias {whose} {name}"), record.alias(whose, name, on))
            }
            4 => {
                let (whose, name) = (anyone(dice), *dice.of(&GIVEN).unwrap());
                (format!("rename {whose} {name}"), record.rename(whose, name, on))
            }
            5 | 6 => {
                let (which, to) = (claim(dice), anyone(dice));
                (format!("{which} is {to}'s"), record.reattribute(which, to, on))
            }
            7 => {
                let log = record.operations().unwrap();
                let which =
                    if dice.roll(2) == 0 { None } else { Some(OperationId(1 + dice.roll(log.len() + 1) as u64)) };
                (format!("undo {which:?}"), record.undo(which, on))
            }
            _ => {
                let all: Vec<&Claim> = before.claims.values().flatten().collect();
                let (Some(a), Some(b)) = (dice.of(&all), dice.of(&all)) else { return "nothing to review".into() };
                let entry = ReviewEntry {
                    finding: format!("f{}", dice.roll(9)),
                    repeat: dice.roll(2) == 0,
                    verdict: "accepted".into(),
                    sides: [ReviewedSide::of(a), ReviewedSide::of(b)],
                };
                (format!("review {} against {}", a.id, b.id), record.review(entry, on))
            }
        };
        let done = match done {
            Ok(done) => done,
            Err(error @ (StoreError::Invalid(_) | StoreError::Unknown(_) | StoreError::Taken { .. })) => {
                assert_eq!(said(record), before, "{what} was refused and changed something");
                return format!("{what}: {error}");
            }
            Err(error) => panic!("{what}: {error}"),
        };
        let after = said(record);
        if dice.roll(3) == 0 {
            let undo = record.undo(Some(done.id), on).unwrap();
            assert_eq!(said(record), before, "{what}, taken back");
            assert!(record.undo(Some(done.id), on).is_err(), "{what} was taken back twice");
            if dice.roll(2) == 0 {
                record.undo(Some(undo.id), on).unwrap();
                assert_eq!(said(record), after, "{what}, taken back and done again");
                return format!("{what}, taken back and done again");
            }
            return format!("{what}, taken back");
        }
        what
    }

    /// Notes what is said now; what was said at this very moment before was not the end of the moment.
    fn note(&mut self, record: &Record) {
        self.moments.insert(self.at, said(record));
    }
}

/// Every earlier moment is seen as it was.
fn look_back(mut record: Record, moments: &BTreeMap<i64, Said>, place: &str) {
    for (at, was) in moments {
        record = record.as_of(*at);
        assert_eq!(&said(&record), was, "{place}, as of {at}");
    }
}

/// An export, imported: the same bytes, the same answers.
fn exchange(record: &Record, place: &str) {
    let rows: Vec<ExportRow> = record.export().unwrap().map(Result::unwrap).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy");
    let mut import = Import::begin(&path, WAIT).unwrap();
    for row in &rows {
        import.take(row.clone()).unwrap_or_else(|e| panic!("{place}: {e:?}"));
    }
    import.finish().unwrap_or_else(|e| panic!("{place}: {e:?}"));
    let copy = Record::open(&path, Access::Read, WAIT).unwrap();
    check(&copy, place);
    assert_eq!(said(&copy), said(record), "{place}");
    assert_eq!(copy.export().unwrap().map(Result::unwrap).collect::<Vec<_>>(), rows, "{place}");
}

fn histories(least: u64) -> u64 {
    std::env::var("ONRECORD_TEST_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(least)
}

#[test]
fn a_record_says_what_its_articles_and_its_log_make_of_it() {
    for seed in 0..histories(12) {
        let record = Record::in_memory();
        let mut history = History::new(seed);
        let mut told = Vec::new();
        for step in 0..50 {
            told.push(history.step(&record));
            check(&record, &format!("seed {seed}, step {step}: {}", told.join("; ")));
            history.note(&record);
        }
        let place = format!("seed {seed}: {}", told.join("; "));
        exchange(&record, &place);
        look_back(record, &history.moments, &place);
    }
}

#[test]
fn a_record_that_is_opened_anew_says_the_same() {
    for seed in 1000..1000 + histories(12).div_ceil(4) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        let open = || Record::open(&path, Access::Write, WAIT).unwrap();
        let mut history = History::new(seed);
        let mut told = Vec::new();
        for session in 0..5 {
            let record = open();
            for _ in 0..8 {
                told.push(history.step(&record));
                history.note(&record);
            }
            let place = format!("seed {seed}, session {session}: {}", told.join("; "));
            check(&record, &place);
            let before = said(&record);
            drop(record);
            assert_eq!(said(&open()), before, "{place}");
        }
        look_back(open(), &history.moments, &format!("seed {seed}: {}", told.join("; ")));
    }
}

#[test]
fn a_speaker_with_many_undated_articles_loses_claims_like_any_other() {
    // On disk: it is the engine that stumbled over the keys of undated articles.
    let folder = tempfile::tempdir().unwrap();
    let record = Record::open(&folder.path().join("record"), Access::Write, WAIT).unwrap();
    let numbered = |n: usize, speaker: usize, said: &str| {
        let name = ["Ada Quill", "Bruno Tarn", "Celia Voss"][speaker % 3];
        read(n, &[format!("“The bridge {said},” said {name}, the mayor, on day {n:06}.")], None)
    };
    for n in 0..900 {
        record.add_unsynced(&numbered(n, n, "stays open"), 1).unwrap();
    }
    for n in (0..900).step_by(7) {
        record.add_unsynced(&numbered(n, n + 1, "closes in May"), 2).unwrap();
    }
    let speakers = record.speakers().unwrap();
    let counts: Vec<_> = speakers.iter().map(|s| (s.claims, s.articles, s.first, s.last)).collect();
    assert_eq!(counts, [(300, 300, None, None); 3]);
    assert_eq!(record.verify().unwrap(), []);
}
