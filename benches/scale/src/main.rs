//! Holds the record beside SQLite: the same articles, the same questions, in the same run, each step of each in a process of its own.

mod made;
mod ours;
mod sqlite;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use made::{CLAIMS, Dice, Made};
use onrecord::pipeline::Extraction;

pub type Failure = Box<dyn std::error::Error>;

/// A claim that was found.
pub struct Held {
    pub id: u64,
    pub text: String,
}

/// What is asked of both.
pub trait Store {
    /// Adds articles, durably when it returns.
    fn load(&mut self, articles: &[Extraction]) -> Result<(), Failure>;
    /// Lists a speaker's claims, oldest first.
    fn list(&mut self, speaker: &str) -> Result<Vec<Held>, Failure>;
    /// Finds claims with any of these words, best first.
    fn search(&mut self, words: &[String], limit: usize) -> Result<Vec<Held>, Failure>;
    /// Does the same by looking at every claim, where there is a way.
    fn scan(&mut self, _words: &[String], _limit: usize) -> Result<Option<Vec<Held>>, Failure> {
        Ok(None)
    }
}

const STORES: [&str; 2] = ["onrecord", "sqlite"];
const STEPS: [&str; 6] = ["load", "open", "add", "list", "search", "scan"];

/// Articles in one commit of `load`.
const BATCH: u64 = 64;
/// How often each question is asked.
const TIMES: u64 = 60;
/// How often by looking at everything.
const SCANS: u64 = 4;

fn main() -> ExitCode {
    let done = Asked::read().and_then(|asked| match &asked.step {
        Some((store, step)) => asked.run(store, step),
        None => asked.all(),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments.
struct Asked {
    claims: u64,
    speakers: u64,
    folder: PathBuf,
    step: Option<(String, String)>,
}

impl Asked {
    fn read() -> Result<Asked, Failure> {
        let mut asked = Asked { claims: 100_000, speakers: 2000, folder: std::env::temp_dir(), step: None };
        let mut given = std::env::args().skip(1);
        while let Some(name) = given.next() {
            let mut value = || given.next().ok_or(format!("{name} wants a value"));
            match name.as_str() {
                "--claims" => asked.claims = value()?.parse()?,
                "--speakers" => asked.speakers = value()?.parse()?,
                "--folder" => asked.folder = value()?.into(),
                "--step" => asked.step = Some((value()?, value()?)),
                _ => return Err("scale [--claims N] [--speakers N] [--folder DIR]".into()),
            }
        }
        Ok(asked)
    }

    fn place(&self, store: &str) -> PathBuf {
        self.folder.join(format!("onrecord-scale-{}-{store}", self.claims))
    }

    /// Runs every step of both and prints the table.
    fn all(&self) -> Result<(), Failure> {
        for store in STORES {
            let place = self.place(store);
            if place.exists() {
                std::fs::remove_dir_all(&place)?;
            }
        }
        println!("| {} claims, {} speakers | {} |", self.claims, self.speakers, STORES.join(" | "));
        println!("|---|---|---|");
        let mut most = [0u64; 2];
        for step in STEPS.into_iter().filter(|step| *step != "scan" || self.claims <= 200_000) {
            let mut answers = Vec::new();
            for (store, most) in STORES.iter().zip(&mut most) {
                let output = Command::new(std::env::current_exe()?)
                    .args(["--claims", &self.claims.to_string(), "--speakers", &self.speakers.to_string()])
                    .arg("--folder")
                    .arg(&self.folder)
                    .args(["--step", store, step])
                    .output()?;
                if !output.status.success() {
                    return Err(format!("{store} {step}: {}", String::from_utf8_lossy(&output.stderr)).into());
                }
                let text = String::from_utf8(output.stdout)?;
                let (answer, peak) = text.trim().rsplit_once('\t').ok_or("a step says nothing")?;
                let peak: u64 = peak.parse()?;
                *most = peak.max(*most);
                answers.push(format!("{answer}; peak {} MiB", peak >> 10));
            }
            println!("| {step} | {} |", answers.join(" | "));
        }
        let sizes: Vec<String> = STORES
            .iter()
            .map(|s| Ok(format!("{} MiB", size(&self.place(s))? >> 20)))
            .collect::<Result<_, Failure>>()?;
        println!("| on disk | {} |", sizes.join(" | "));
        println!("| largest peak | {} |", most.map(|kib| format!("{} MiB", kib >> 10)).join(" | "));
        Ok(())
    }

    /// Runs one step of one and prints how long it took and what memory.
    fn run(&self, store: &str, step: &str) -> Result<(), Failure> {
        let made = Made { seed: 1, speakers: self.speakers };
        let place = self.place(store);
        let mut dice = Dice(step.bytes().map(u64::from).sum());
        let since = Instant::now();
        let mut held: Box<dyn Store> = match store {
            "onrecord" => Box::new(ours::Ours::open(&place)?),
            _ => Box::new(sqlite::Sqlite::open(&place)?),
        };
        let opened = since.elapsed();
        let articles = self.claims / CLAIMS;
        let answer = match step {
            "load" => {
                let mut spent = Duration::ZERO;
                let mut first = 0;
                while first < articles {
                    let batch: Vec<Extraction> =
                        (first..articles.min(first + BATCH)).map(|n| made.article(n)).collect();
                    let since = Instant::now();
                    held.load(&batch)?;
                    spent += since.elapsed();
                    first += BATCH;
                }
                format!("{:.1} s", spent.as_secs_f64())
            }
            "open" => {
                let claims = held.list(&made::name(1))?;
                let first = since.elapsed();
                format!("{} and {} to the first {} claims", shown(opened), shown(first), claims.len())
            }
            "add" => timed(
                (0..TIMES).map(|n| {
                    let article = made.article(articles + n);
                    (article, String::new())
                }),
                |(article, _)| held.load(&[article]).map(|()| 1),
            )?,
            // Half of them quoted often, half anyone.
            "list" => timed((0..TIMES).map(|_| made::name(made.speaker(&mut dice))), |name| {
                held.list(&name).map(|claims| claims.len())
            })?,
            "scan" => {
                let (mut both, mut of) = (0, 0);
                for _ in 0..SCANS {
                    let words = Made::query(&mut dice);
                    let Some(scanned) = held.scan(&words, 10)? else { break };
                    let found = held.search(&words, 10)?;
                    both += scanned.iter().filter(|claim| found.iter().any(|f| f.id == claim.id)).count();
                    of += scanned.len();
                }
                if of > 0 { format!("{both} of {of} best claims are found by the index") } else { "—".into() }
            }
            _ => timed((0..TIMES).map(|_| Made::query(&mut dice)), |words| {
                let found = held.search(&words, 20)?;
                Ok(found.iter().filter(|claim| words.iter().any(|w| claim.text.to_lowercase().contains(w))).count())
            })?,
        };
        drop(held);
        println!("{answer}; {:.1} s of CPU\t{}", spent()?, peak()?);
        Ok(())
    }
}

/// Asks many times and says how long it took: the median, the worst of twenty, and how many answers there were.
fn timed<T>(
    asked: impl Iterator<Item = T>,
    mut ask: impl FnMut(T) -> Result<usize, Failure>,
) -> Result<String, Failure> {
    let mut times = Vec::new();
    let mut found = 0;
    for question in asked {
        let since = Instant::now();
        found += ask(question)?;
        times.push(since.elapsed());
    }
    times.sort();
    let at = |part: f64| times.get(((times.len() - 1) as f64 * part) as usize).copied().unwrap_or_default();
    Ok(format!("{} (95 %: {}), {found} in all", shown(at(0.5)), shown(at(0.95))))
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// How long all processors worked for this process, in seconds.
fn spent() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/stat")?;
    // After the name, which may hold spaces: user and system time are fields 14 and 15, in hundredths.
    let fields: Vec<&str> = status.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    Ok((ticks(11) + ticks(12)) as f64 / 100.0)
}

/// The most memory that this process had, in KiB.
fn peak() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn size(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        bytes += if path.is_dir() { size(&path)? } else { path.metadata()?.len() };
    }
    Ok(bytes)
}
