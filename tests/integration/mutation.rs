//! Damaged inputs: every reader, and the engine behind them, on seeds that a fixed generator mutates.
//!
//! The same seeds and checks serve the coverage-guided targets under `fuzz/`. `ONRECORD_MUTATIONS` sets how many mutations of each
//! seed are tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code, reason = "the hook for panics is the fuzzer's alone")]
pub(crate) mod fuzzed;

/// Mutations of each seed in the usual run of the tests.
const MUTATIONS: u64 = 60;
/// Longest input that mutations make.
const LONGEST: usize = 16 << 10;

/// Bytes that mean something to one reader or another.
const WORDS: [&[u8]; 40] = [
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x80",
    b"\xe2\x80",
    b"\r\n\r\n",
    b"\n\n",
    b"\r",
    b"\t",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<script>",
    b"<div>",
    b"<p hidden>",
    b"&#0;",
    b"&#x202e;",
    b"&lt;",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"-1",
    b"99999999999999999999",
    b"--b1",
    b"Content-Length: 9\r\n",
    b"WARC/1.0\r\n",
    b"stream",
    b"endobj",
    b"00:00:00,000 --> ",
    "“".as_bytes(),
    "” she said, ‘".as_bytes(),
    "\u{202e}".as_bytes(),
];

/// A small generator of numbers (SplitMix64): the same seed gives the same mutations everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// A stretch of bytes, mostly short.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { 24 };
        start..(start + self.below(most + 1)).min(length)
    }
}

fn mutated(seed: &[u8], others: &[Seed], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.next() as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(random.stretch(bytes.len()))),
            4 => {
                let copied = bytes[random.stretch(bytes.len())].to_vec();
                let times = 1 + random.below(if copied.len() < 40 { 400 } else { 4 });
                bytes.splice(at..at, copied.repeat(times));
            }
            5 => {
                let other = &others[random.below(others.len())].bytes;
                let part = random.stretch(other.len());
                bytes.splice(random.stretch(bytes.len()), other[part].iter().copied());
            }
            _ => drop(bytes.splice(at..at, WORDS[random.below(WORDS.len())].iter().copied())),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

struct Seed {
    name: String,
    bytes: Vec<u8>,
}

fn seeds() -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let seed = |path: &std::path::PathBuf| Seed {
        name: path.file_name().unwrap().to_str().unwrap().into(),
        bytes: std::fs::read(path).unwrap(),
    };
    paths.iter().map(seed).collect()
}

/// Reads as the name says, and returns the texts.
fn read(name: &str, bytes: &[u8]) -> Vec<String> {
    if name.ends_with(".http") { fuzzed::fetched(bytes) } else { fuzzed::read(name, bytes) }
}

/// Runs a check; a panic fails with the input, so that it can be kept as a case.
fn survives(what: &str, bytes: &[u8], check: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(check)).is_err() {
        panic!("{what}: {}", bytes.escape_ascii());
    }
}

#[test]
fn seeds_are_read() {
    for seed in seeds() {
        assert!(!read(&seed.name, &seed.bytes).is_empty(), "{} gives no article", seed.name);
    }
}

#[test]
fn damaged_inputs_end_in_articles_or_errors() {
    let count = std::env::var("ONRECORD_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(MUTATIONS);
    let seeds = seeds();
    let (mut inputs, mut read_texts, mut extracted) = (0u64, 0u64, 0u64);
    for (i, seed) in seeds.iter().enumerate() {
        let mut random = Random(i as u64);
        for round in 0..count {
            let bytes = mutated(&seed.bytes, &seeds, &mut random);
            let mut texts = Vec::new();
            survives(&format!("{}, mutation {round}", seed.name), &bytes, || texts = read(&seed.name, &bytes));
            inputs += 1;
            read_texts += texts.len() as u64;
            // The engine takes most of the time, and one text of an input shows what the others would.
            if round % 4 == 0
                && let Some(text) = texts.first()
            {
                survives(&format!("{}, mutation {round}, its text", seed.name), text.as_bytes(), || {
                    fuzzed::extract(text)
                });
                extracted += 1;
            }
        }
    }
    println!("{inputs} inputs read, {read_texts} texts in them, {extracted} extracted");
    assert!(
        extracted > 0 && read_texts > inputs / 4,
        "mutations mostly leave something to read: {read_texts} of {inputs}"
    );
}
