//! The record at size beside SQLite: load, add one article durably, list a speaker's claims, find by words, open, size, memory.
//!
//! Each engine runs in a process of its own, so that its memory is its own. Run it with
//! `cargo run --release -p onrecord-scale -- --claims 1000000 --speakers 20000`.

mod invent;
mod sqlite;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use onrecord::store::{Access, Lookup, Record};

use invent::{CLAIMS, Chance, article, speaker};
use sqlite::Sqlite;

/// Articles in one commit of the load, as `onrecord add` has them.
const BATCH: u64 = 256;

#[derive(Parser)]
struct Args {
    /// Claims to load
    #[arg(long, default_value_t = 100_000)]
    claims: u64,
    /// Speakers that make them
    #[arg(long, default_value_t = 2_000)]
    speakers: u64,
    /// Folder for the databases; they are removed afterwards
    #[arg(long, default_value = "target/scale")]
    dir: PathBuf,
    /// Does one engine's part in this process and prints its row
    #[arg(long, hide = true)]
    only: Option<Engine>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Engine {
    Onrecord,
    Sqlite,
}

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let args = Args::parse();
    if let Some(engine) = args.only {
        let path = args.dir.join(match engine {
            Engine::Onrecord => "onrecord",
            Engine::Sqlite => "sqlite",
        });
        std::fs::create_dir_all(&path)?;
        let row = match engine {
            Engine::Onrecord => onrecord(&args, &path)?,
            Engine::Sqlite => sqlite(&args, &path)?,
        };
        println!("{row}");
        return Ok(());
    }
    std::fs::create_dir_all(&args.dir)?;
    println!("{} claims of {} speakers in {} articles", args.claims, args.speakers, args.claims / CLAIMS);
    println!("| engine | load | add one, p50 / p99 | list a speaker, p50 / p99 (claims) | find words, p50 | open | on disk | peak memory |");
    println!("|---|---|---|---|---|---|---|---|");
    for engine in ["onrecord", "sqlite"] {
        let status = Command::new(std::env::current_exe()?)
            .args(["--only", engine, "--claims", &args.claims.to_string(), "--speakers", &args.speakers.to_string(), "--dir"])
            .arg(&args.dir)
            .status()?;
        std::fs::remove_dir_all(args.dir.join(engine))?;
        if !status.success() {
            return Err(format!("{engine} failed").into());
        }
    }
    Ok(())
}

fn onrecord(args: &Args, path: &Path) -> Result<String, Failure> {
    let path = &path.join("record");
    let wait = Duration::from_secs(5);
    let articles = args.claims / CLAIMS;
    let started = Instant::now();
    let record = Record::open(path, Access::Write, wait)?;
    for first in (0..articles).step_by(BATCH as usize) {
        for n in first..(first + BATCH).min(articles) {
            record.add_unsynced(&article(n, args.speakers), n as i64)?;
        }
        record.sync()?;
    }
    let load = started.elapsed();
    drop(record);
    let started = Instant::now();
    let record = Record::open(path, Access::Write, wait)?;
    let open = started.elapsed();
    assert_eq!(record.stats()?.claims, articles * CLAIMS);
    let mut n = articles;
    let add = times(60, || {
        let made = article(n, args.speakers);
        let started = Instant::now();
        record.add(&made, n as i64)?;
        n += 1;
        Ok(started.elapsed())
    })?;
    let mut claims = 0;
    let mut chance = Chance::new(7);
    let list = times(200, || {
        let name = speaker(chance.below(args.speakers / 4));
        let started = Instant::now();
        if let Lookup::One(found) = record.find_speaker(&name)? {
            claims += record.claims(found.id).collect::<Result<Vec<_>, _>>()?.len();
        }
        Ok(started.elapsed())
    })?;
    Ok(row("onrecord", load, &add, &list, claims / 200, None, open, path))
}

fn sqlite(args: &Args, path: &Path) -> Result<String, Failure> {
    let file = path.join("record.db");
    let articles = args.claims / CLAIMS;
    let started = Instant::now();
    let mut db = Sqlite::open(&file)?;
    for first in (0..articles).step_by(BATCH as usize) {
        let batch: Vec<_> = (first..(first + BATCH).min(articles)).map(|n| article(n, args.speakers)).collect();
        db.add(&batch)?;
    }
    let load = started.elapsed();
    drop(db);
    let started = Instant::now();
    let mut db = Sqlite::open(&file)?;
    let claims = db.claims()?;
    let open = started.elapsed();
    assert_eq!(claims, articles * CLAIMS);
    let mut n = articles;
    let add = times(60, || {
        let made = [article(n, args.speakers)];
        let started = Instant::now();
        db.add(&made)?;
        n += 1;
        Ok(started.elapsed())
    })?;
    let mut claims = 0;
    let mut chance = Chance::new(7);
    let list = times(200, || {
        let name = speaker(chance.below(args.speakers / 4));
        let started = Instant::now();
        claims += db.list(&name)?;
        Ok(started.elapsed())
    })?;
    let mut chance = Chance::new(9);
    let find = times(30, || {
        let day = chance.below(10_000);
        let started = Instant::now();
        db.find(&format!("harbour inquiry {day}"))?;
        Ok(started.elapsed())
    })?;
    Ok(row("SQLite", load, &add, &list, claims / 200, Some(&find), open, path))
}

fn times(count: usize, mut work: impl FnMut() -> Result<Duration, Failure>) -> Result<Vec<Duration>, Failure> {
    let mut times = (0..count).map(|_| work()).collect::<Result<Vec<_>, _>>()?;
    times.sort_unstable();
    Ok(times)
}

#[allow(clippy::too_many_arguments)]
fn row(
    name: &str,
    load: Duration,
    add: &[Duration],
    list: &[Duration],
    claims: usize,
    find: Option<&[Duration]>,
    open: Duration,
    path: &Path,
) -> String {
    let ms = |d: Duration| format!("{:.1}", d.as_secs_f64() * 1e3);
    let at = |times: &[Duration], percent: usize| ms(times[(times.len() - 1) * percent / 100]);
    let find = find.map_or("—".into(), |f| format!("{} ms", at(f, 50)));
    format!(
        "| {name} | {:.1} s | {} / {} ms | {} / {} ms ({claims}) | {find} | {} ms | {} MB | {} MB |",
        load.as_secs_f64(),
        at(add, 50),
        at(add, 99),
        at(list, 50),
        at(list, 99),
        ms(open),
        size(path) >> 20,
        peak() >> 10
    )
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return path.metadata().map_or(0, |m| m.len()) };
    entries.flatten().map(|e| size(&e.path())).sum()
}

/// The most memory this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
