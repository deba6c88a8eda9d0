//! Backup and restore, export and import, end to end, and what hostile files do to them.

use std::fs;
use std::path::Path;

use onrecord::store::{Access, Lookup, Occasion, Record};

use super::cli::{onrecord, run};

/// A record with several articles, two versions of one, and corrections.
fn record(folder: &Path) {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    assert_eq!(run(folder, &["add", "-q", articles.to_str().unwrap()]).0, 0);
    let one = fs::read_to_string(articles.join("16_dispatch_geneva-talks.txt")).unwrap();
    fs::write(folder.join("later.txt"), format!("{one}\n“Größe counts,” said Staffan de Mistura.\n")).unwrap();
    let (code, out, _) = run(folder, &["add", "later.txt"]);
    assert_eq!((code, out.as_str()), (0, "0 added, 1 updated, 0 unchanged, 0 failed\n"));
    let record = Record::open(&folder.join("claims_db"), Access::Write, std::time::Duration::ZERO).unwrap();
    let named = |name: &str| match record.find_speaker(name).unwrap() {
        Lookup::One(speaker) => speaker.id,
        other => panic!("{name}: {other:?}"),
    };
    let on = |at, why| Occasion { at, why };
    let delacourt = named("Rosa Delacourt");
    record.alias(delacourt, "Rosie of the Bank", on(7, Some("“so” her memoir"))).unwrap();
    let renamed = record.rename(named("Jonas Addai"), "J. Addai", on(8, None)).unwrap();
    record.undo(Some(renamed.id), on(9, None)).unwrap();
    let claim = record.claims(delacourt).next().unwrap().unwrap().id;
    record.reattribute(claim, named("Helena Tarvas"), on(10, None)).unwrap();
    record.merge(named("Jonas Addai"), delacourt, on(11, Some("a test"))).unwrap();
}

/// What the record in `db` says, in every way it can be asked.
fn all_of(folder: &Path, db: &str) -> Vec<String> {
    let asked: [&[&str]; 4] =
        [&["speakers", "--json"], &["claims", "Rosa Delacourt", "--json"], &["search", "water", "--json"], &["export"]];
    asked
        .iter()
        .map(|args| {
            let (code, out, err) = run(folder, &[*args, &["--db", db]].concat());
            assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
            out
        })
        .collect()
}

fn sound(folder: &Path, db: &str) {
    let (code, out, err) = run(folder, &["verify", "--db", db]);
    assert!(code == 0 && out.starts_with("Sound: 16 articles in 17 versions"), "{db}: {out}{err}");
}

#[test]
fn a_restored_backup_says_what_the_record_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    let (code, out, _) = run(folder, &["backup", "b.zst"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("b.zst: 16 articles in 17 versions, "), "{out}");
    let (code, _, err) = run(folder, &["backup", "b.zst"]);
    assert!(code == 2 && err.contains("is there already") && err.contains("--force"), "{err}");
    assert_eq!(run(folder, &["backup", "b.zst", "--force"]).0, 0);
    let (code, out, err) = run(folder, &["restore", "b.zst", "--db", "new/place"]);
    assert!(code == 0 && out.starts_with("new/place: 16 articles in 17 versions"), "{out}{err}");
    assert_eq!(all_of(folder, "new/place"), all_of(folder, "claims_db"));
    sound(folder, "new/place");
    let (code, _, err) = run(folder, &["restore", "b.zst", "--db", "new/place"]);
    assert!(code == 2 && err.starts_with("Error: there is a record in new/place already\nHint: "), "{err}");
    // Standard output and input, into the folder that the repository keeps for the record.
    let piped = onrecord(folder).args(["backup", "-"]).output().unwrap().stdout;
    fs::create_dir(folder.join("kept")).unwrap();
    fs::write(folder.join("kept/README.md"), "ours").unwrap();
    onrecord(folder).args(["restore", "-", "--db", "kept"]).write_stdin(piped).assert().success();
    sound(folder, "kept");
    assert!(folder.join("kept/README.md").exists());
    let (code, out, _) = run(folder, &["add", "later.txt", "--db", "kept"]);
    assert_eq!((code, out.as_str()), (0, "0 added, 0 updated, 1 unchanged, 0 failed\n"));
}

#[test]
fn an_export_imports_into_the_same_record_and_exports_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    assert_eq!(run(folder, &["export", "one.jsonl"]).0, 0);
    let (code, out, err) = run(folder, &["import", "one.jsonl", "--db", "copy"]);
    assert!(code == 0 && out.starts_with("copy: 16 articles in 17 versions"), "{out}{err}");
    sound(folder, "copy");
    assert_eq!(all_of(folder, "copy"), all_of(folder, "claims_db"));
    assert_eq!(fs::read_to_string(folder.join("one.jsonl")).unwrap(), all_of(folder, "copy")[3]);
    // Each offset fits the text it is exported with.
    for line in fs::read_to_string(folder.join("one.jsonl")).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(text) = row["text"].as_str() else { continue };
        let text: Vec<char> = text.chars().collect();
        for claim in row["readings"][0]["claims"].as_array().unwrap() {
            for span in claim["content"].as_array().unwrap() {
                let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
                assert!(from < to && to <= text.len());
                assert!(!text[from..to].iter().collect::<String>().trim().is_empty());
            }
        }
    }
    // What is added later goes on as it would have gone on there.
    let more = "“The bridge is safe,” said Ada Quill, the mayor. “It is not,” said Rosa Delacourt.\n";
    fs::write(folder.join("more.txt"), more).unwrap();
    for db in ["copy", "claims_db"] {
        run(folder, &["add", "-q", "more.txt", "--db", db]);
    }
    let claims = |db: &str| run(folder, &["claims", "Ada Quill", "--db", db, "--json"]).1;
    assert_eq!(claims("copy"), claims("claims_db"));
    assert!(claims("copy").contains("The bridge is safe"));
}

/// An export with each time replaced by its place among the times: what the clock showed is all that two runs may differ in.
fn without_clock(export: &str) -> String {
    let mut rows: Vec<serde_json::Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    fn times(value: &mut serde_json::Value, see: &mut dyn FnMut(&mut String)) {
        match value {
            serde_json::Value::Array(list) => list.iter_mut().for_each(|v| times(v, see)),
            serde_json::Value::Object(fields) => fields.iter_mut().for_each(|(key, v)| match v {
                serde_json::Value::String(time)
                    if ["added", "from", "until", "at", "last_at"].contains(&key.as_str()) =>
                {
                    see(time);
                }
                v => times(v, see),
            }),
            _ => {}
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let moment = |time: &str| time.parse::<jiff::Timestamp>().unwrap();
    rows.iter_mut().for_each(|row| {
        times(row, &mut |time| {
            seen.insert(moment(time));
        })
    });
    let place = |time: &str| seen.iter().position(|t| *t == moment(time)).unwrap();
    rows.iter_mut().for_each(|row| times(row, &mut |time| *time = format!("time {}", place(time))));
    rows.iter().map(|row| row.to_string() + "\n").collect()
}

#[test]
fn the_same_input_makes_the_same_record() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    // Many articles about few people: who a speaker was before is kept for each time that more is learnt of it.
    let more: String = (0..200)
        .map(|n| {
            let (title, subject) = (["mayor", "poet", "owner"][n % 3], ["bridge", "ferry"][n % 2]);
            let text = format!("“The {subject} is late on day {n},” said Ada Quill, the {title} of ward {}.", n / 7);
            serde_json::json!({"text": text, "url": format!("https://t.example/{n}")}).to_string() + "\n"
        })
        .collect();
    fs::write(folder.join("more.jsonl"), more).unwrap();
    let made = |db: &str, threads: &str| {
        let add = ["add", "-q", articles.to_str().unwrap(), "more.jsonl", "--db", db];
        let done = onrecord(folder).args(add).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(run(folder, &["refresh", "--db", db]).0, 0);
        without_clock(&run(folder, &["export", "--db", db]).1)
    };
    let one = made("one", "1");
    assert!(one.contains("\"until\":\"time ") && one.lines().count() > 216);
    for (n, (a, b)) in one.lines().zip(made("two", "2").lines()).enumerate() {
        assert_eq!(a, b, "row {n}");
    }
}

#[test]
fn a_backup_that_was_damaged_brings_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    run(folder, &["backup", "b.zst"]);
    let whole = fs::read(folder.join("b.zst")).unwrap();
    let mut cases: Vec<Vec<u8>> = vec![Vec::new(), b"{\"text\": \"x\"}".to_vec(), [&whole[..], b"x"].concat()];
    cases.extend((1..8).map(|n| whole[..whole.len() * n / 8].to_vec()));
    cases.push(whole[..whole.len() - 1].to_vec());
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x20;
        cases.push(flipped);
    }
    // A bomb: little on disk, far too much in memory.
    cases.push(
        zstd::encode_all([b"onrecord backup 1\n\0\0\0\x01", &vec![b'k'; 200 << 20][..]].concat().as_slice(), 1)
            .unwrap(),
    );
    for (n, case) in cases.iter().enumerate() {
        fs::write(folder.join("bad.zst"), case).unwrap();
        let (code, out, err) = run(folder, &["restore", "bad.zst", "--db", "none"]);
        assert_eq!((code, out.as_str()), (2, ""), "case {n}: {err}");
        assert!(err.starts_with("Error: ") && err.contains("bad.zst"), "case {n}: {err}");
        assert!(!folder.join("none").exists(), "case {n} left a folder");
    }
    let (_, _, err) = run(folder, &["restore", "missing.zst", "--db", "none"]);
    assert!(err.starts_with("Error: cannot read missing.zst"), "{err}");
}

#[test]
fn a_hostile_export_is_refused_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    let whole = run(folder, &["export"]).1;
    let lines: Vec<&str> = whole.lines().collect();
    let article = lines.iter().position(|l| l.contains("Delacourt") && l.contains("\"article\"")).unwrap();
    let operation = lines.iter().position(|l| l.contains("\"Merge\"")).unwrap();
    let speaker = lines.iter().position(|l| l.contains("\"row\":\"speaker\"")).unwrap();
    let with = |at: usize, from: &str, to: &str| {
        assert!(lines[at].contains(from), "{from} is not in {}", lines[at]);
        let mut changed: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
        changed[at] = changed[at].replacen(from, to, 1);
        (at + 1, changed.join("\n"))
    };
    let cases = [
        ((1, "{\"text\": \"an article\"}".to_string()), "no schema"),
        ((1, "not JSON".to_string()), "expected ident"),
        ((1, lines[1].to_string()), "the row of the record comes first"),
        (with(0, "\"format\":1", "\"format\":77"), "format 77"),
        (with(0, "onrecord/1", "onrecord/9"), "onrecord/9"),
        (with(0, "T", "Q"), "is no time"),
        (with(article, "\"id\":\"a", "\"id\":\"b"), "is no article's id"),
        (with(article, "\"version\":1", "\"version\":2"), "the first version of an article is 1"),
        (with(article, "\"version\":1", "\"colour\":1,\"version\":1"), "unknown field `colour`"),
        (with(article, "\"version\":1", "\"version\":-1"), "expected u32"),
        (with(article, "\"content\":[[", "\"content\":[[99999999,"), "trailing"),
        (with(article, "\"content\":[[", "\"content\":[[5,4],["), "lies outside the text"),
        (with(article, "\"content\":[[", "\"content\":[[0,99999999],["), "lies outside the text"),
        (with(article, "\"kind\":\"", "\"kind\":\"un"), "unknown variant"),
        (with(article, "\"confidence\":0", "\"confidence\":7"), "confidence: not between 0 and 1"),
        (with(article, "\"date\":\"20", "\"date\":\"2o"), "is no day"),
        (with(speaker, "\"id\":", "\"id\":4"), "speaker"),
        (with(speaker, "\"sort\":\"", "\"sort\":\"x"), "unknown variant"),
        (with(operation, "\"from\":", "\"from\":9999"), "is not in the file"),
        (with(operation, "\"id\":5", "\"id\":4"), "operation 4 follows operation 4"),
        (with(operation, "\"Merge\"", "\"Erase\""), "unknown variant `Erase`"),
    ];
    for ((line, text), says) in cases {
        fs::write(folder.join("bad.jsonl"), text).unwrap();
        let (code, out, err) = run(folder, &["import", "bad.jsonl", "--db", "none"]);
        assert_eq!((code, out.as_str()), (2, ""), "{says}: {err}");
        let place =
            err.strip_prefix("Error: cannot import bad.jsonl, line ").unwrap_or_else(|| panic!("{says}: {err}"));
        let named: usize = place.split('\n').next().unwrap().parse().unwrap();
        assert!(err.contains(says), "{says}: {err}");
        // A speaker that is missing is found at the end of the file.
        assert!(named == line || says == "speaker", "{says} at {line}: {err}");
        assert!(!folder.join("none").exists(), "{says} left a folder");
    }
    let twice: Vec<&str> = lines[..speaker].iter().chain(&lines[1..speaker]).copied().collect();
    fs::write(folder.join("bad.jsonl"), twice.join("\n")).unwrap();
    let (_, _, err) = run(folder, &["import", "bad.jsonl", "--db", "none"]);
    assert!(err.contains("stands in the file twice"), "{err}");
    fs::write(folder.join("bad.jsonl"), "").unwrap();
    assert_eq!(run(folder, &["import", "bad.jsonl", "--db", "none"]).0, 2);
    assert_eq!(run(folder, &["import", "bad.jsonl"]).0, 2);
    sound(folder, "claims_db");
}

#[test]
fn the_sqlite_file_says_what_the_record_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    let (code, _, err) = run(folder, &["export", "--format", "sqlite"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot go to standard output") && err.contains("record.sqlite"), "{err}");
    assert_eq!(run(folder, &["export", "--format", "sqlite", "r.sqlite"]).0, 0);
    assert_eq!(run(folder, &["export", "--format", "sqlite", "r.sqlite"]).0, 2, "a file that is there stays");
    assert!(!folder.join("r.sqlite.partial").exists());
    let database = rusqlite::Connection::open(folder.join("r.sqlite")).unwrap();
    let count = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM articles"), 17);
    assert_eq!(count("SELECT count(*) FROM articles WHERE latest"), 16);
    assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let (_, out, _) = run(folder, &["claims", "Rosa Delacourt", "--kind", "all", "--json"]);
    let claims: serde_json::Value = serde_json::from_str(&out).unwrap();
    let claims = claims["claims"].as_array().or(claims.as_array()).unwrap();
    assert!(!claims.is_empty());
    for claim in claims {
        let (text, content, article): (String, String, String) = database
            .query_row(
                "SELECT c.text, c.content, a.text FROM claims c
                 JOIN articles a ON a.id = c.article AND a.version = c.version WHERE c.id = ?1",
                [claim["id"].as_str().unwrap()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(claim["text"], text);
        let points: Vec<char> = article.chars().collect();
        let spans: Vec<[usize; 2]> = serde_json::from_str(&content).unwrap();
        for [start, end] in spans {
            let words: String = points[start..end].iter().collect();
            assert!(text.contains(&words), "{words} in {text}");
        }
    }
    let found: String = database
        .query_row(
            "SELECT c.speaker FROM claims_fts f JOIN claims c ON c.rowid = f.rowid WHERE claims_fts MATCH 'größe'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, "Staffan de Mistura");
}

#[test]
fn exported_findings_are_those_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    let (code, _, err) = run(folder, &["export", "--findings"]);
    assert!(code == 2 && err.contains("no part of what `import` reads"), "{err}");
    let sqlite = ["export", "--format", "sqlite", "--findings", "--engine", "rules", "r.sqlite"];
    assert_eq!(run(folder, &sqlite).0, 0);
    let database = rusqlite::Connection::open(folder.join("r.sqlite")).unwrap();
    let mut rows = database
        .prepare("SELECT f.kind, f.id, f.speaker, text_b FROM findings f JOIN claims ON claim_b = claims.id")
        .unwrap();
    let found: Vec<[String; 4]> = rows
        .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let (_, out, _) = run(folder, &["report", "--engine", "rules", "--format", "jsonl"]);
    let told: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(told.len() > 5 && told.len() == found.len(), "{} in the report, {} in the file", told.len(), found.len());
    for finding in &told {
        let row = [&finding["kind"], &finding["id"], &finding["speaker"], &finding["b"]["text"]];
        let row = row.map(|cell| cell.as_str().unwrap().to_string());
        assert!(found.contains(&row), "{row:?}");
    }
}

#[test]
fn parquet_files_hold_every_row_and_keep_what_is_there() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    record(folder);
    let (code, _, err) = run(folder, &["export", "--format", "parquet"]);
    assert!(code == 2 && err.contains("name a folder"), "{err}");
    assert_eq!(run(folder, &["export", "--format", "parquet", "out"]).0, 0);
    let (code, _, err) = run(folder, &["export", "--format", "parquet", "out"]);
    assert!(code == 2 && err.contains("articles.parquet is there already"), "{err}");
    assert_eq!(run(folder, &["export", "--format", "parquet", "--force", "out"]).0, 0);
    let mut files: Vec<String> =
        fs::read_dir(folder.join("out")).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["articles.parquet", "claims.parquet", "speakers.parquet"], "nothing is left over");
    let rows = |name: &str| {
        let file = fs::File::open(folder.join("out").join(name)).unwrap();
        SerializedFileReader::new(file).unwrap().metadata().file_metadata().num_rows()
    };
    let (_, out, _) = run(folder, &["stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows("articles.parquet"), 17);
    assert_eq!(Some(rows("claims.parquet")), stats["claims"].as_i64(), "{stats}");
    assert_eq!(Some(rows("speakers.parquet")), stats["speakers"].as_i64(), "{stats}");
}
