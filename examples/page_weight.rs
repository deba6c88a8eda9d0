//! Measures the HTML report on a made-up record: `page_weight [CLAIMS] [OUT.html]` (10000 claims unless told).
//!
//! Articles are written from a few patterns, read as any article is, kept in memory, judged by the rules, and printed as one page.
//! It prints what was made, the page's bytes, plain and gzipped, and how long each step took.

use std::io::Write;
use std::time::Instant;

use onrecord::article::Article;
use onrecord::attribution::Act;
use onrecord::claim::Claim;
use onrecord::consistency::{Findings, Options, findings};
use onrecord::report::{findings::SECTIONS, html};
use onrecord::store::Record;

const FIRST: [&str; 10] = ["Ada", "Bruno", "Carla", "Denis", "Elsa", "Felix", "Greta", "Hugo", "Ines", "Jonas"];
const LAST: [&str; 5] = ["Lund", "Morel", "Novak", "Okafor", "Petri"];
const OUTLETS: [&str; 8] = ["Mail", "Courier", "Herald", "Gazette", "Post", "Chronicle", "Observer", "Tribune"];
const THINGS: [&str; 12] = [
    "bridge",
    "harbour",
    "school",
    "clinic",
    "airport",
    "stadium",
    "library",
    "tunnel",
    "market",
    "theatre",
    "canal",
    "tram line",
];

/// A sequence of numbers that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn statement(dice: &mut Dice) -> String {
    let thing = THINGS[dice.roll(THINGS.len())];
    let year = 2018 + dice.roll(8);
    match dice.roll(6) {
        0 => format!("There will be no charge for the {thing}"),
        1 => format!("The {thing} will open in {year}"),
        2 => format!("The {thing} will not open in {year}"),
        3 => format!("We have spent {} million on the {thing}", 2 + dice.roll(90)),
        4 => format!("Nobody will lose a job at the {thing}"),
        _ => format!("{} people used the {thing} last year", 1000 * (1 + dice.roll(400))),
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let wanted: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let file = args.next();
    let mut dice = Dice(7);
    let record = Record::in_memory();
    let began = Instant::now();
    let (mut claims, mut articles) = (0, 0);
    while claims < wanted {
        let (first, last) = (FIRST[dice.roll(FIRST.len())], LAST[dice.roll(LAST.len())]);
        let outlet = OUTLETS[dice.roll(OUTLETS.len())];
        let (year, month, day) = (2015 + dice.roll(10), 1 + dice.roll(12), 1 + dice.roll(28));
        let mut text = String::new();
        text += &format!("“{},” said {first} {last}, the mayor of Sommerath.\n\n", statement(&mut dice));
        for verb in ["said", "told reporters", "added", "told the council"] {
            text += &format!("“{},” {last} {verb}.\n\n", statement(&mut dice));
        }
        let article = Article {
            name: format!("{articles}.txt"),
            text,
            title: Some(format!("The {} and more", THINGS[dice.roll(THINGS.len())])),
            outlet: Some(outlet.into()),
            date: format!("{year}-{month:02}-{day:02}").parse().ok(),
            url: Some(format!("https://{}.example/{articles}", outlet.to_lowercase())),
            ..Article::default()
        };
        let extraction = onrecord::pipeline::extract(article);
        claims += extraction.attributions.len();
        record.add_unsynced(&extraction, articles).expect("articles can be added");
        articles += 1;
    }
    let read = began.elapsed();
    let began = Instant::now();
    let all: Vec<Claim> = record.all_claims().expect("speakers").map(|c| c.expect("a claim")).collect();
    let spoken: Vec<Claim> = all.into_iter().filter(|c| c.attribution.act == Act::Speech).collect();
    let gathered = began.elapsed();
    let began = Instant::now();
    let found: Findings = findings(&spoken, &Options::default());
    let judged = began.elapsed();
    let began = Instant::now();
    let kinds: Vec<_> = SECTIONS.iter().map(|(kind, ..)| *kind).collect();
    let page = html::page("All speakers: on record", &found, &spoken, &kinds);
    let printed = began.elapsed();
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(page.as_bytes()).expect("memory takes it");
    let zipped = zipped.finish().expect("memory takes it").len();
    println!("{articles} articles, {} claims of {} speakers", spoken.len(), found.coverage.len());
    println!("{} findings, {} repeated statements", found.findings.len(), found.repeated.len());
    println!("page: {} bytes, {zipped} gzipped", page.len());
    println!("reading articles {read:.1?}, reading claims {gathered:.1?}, judging {judged:.1?}, page {printed:.1?}");
    if let Some(file) = file {
        std::fs::write(&file, page).expect("the file can be written");
    }
}
