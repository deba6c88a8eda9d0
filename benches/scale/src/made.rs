//! Articles that nobody wrote: as many as asked for, the same for the same seed, with the shape of news. A few speakers say most;
//! words are as unevenly common as those of a language; an article quotes three or four speakers in about 3 KB.

use jiff::civil::Date;
use onrecord::article::Article;
use onrecord::attribution::{Act, Attribution, Kind, Referent, Sort};
use onrecord::pipeline::Extraction;
use onrecord::span::Span;

/// Claims in one article.
pub const CLAIMS: u64 = 10;

const FIRST: [&str; 40] = [
    "Ada", "Bruno", "Celia", "Dario", "Elsa", "Falk", "Greta", "Hanno", "Ines", "Jonas", "Klara", "Lars", "Mina",
    "Nils", "Olga", "Piet", "Quentin", "Rosa", "Sven", "Tilda", "Ugo", "Vera", "Wim", "Xenia", "Yusra", "Zeno",
    "Anton", "Berta", "Carl", "Dora", "Emil", "Frida", "Georg", "Helena", "Ivo", "Jana", "Kurt", "Lena", "Milo",
    "Nora",
];
const ROLES: [&str; 12] = [
    "the mayor",
    "the finance minister",
    "a spokeswoman",
    "the head of the union",
    "a farmer",
    "the chief engineer",
    "the leader of the opposition",
    "a doctor",
    "the bank's governor",
    "a witness",
    "the coach",
    "the author",
];
const SYLLABLES: [&str; 32] = [
    "ta", "ri", "mon", "vel", "so", "ker", "an", "lis", "du", "pra", "gen", "or", "be", "sti", "cal", "fo", "ne",
    "wil", "ha", "tru", "es", "mi", "dor", "qua", "ly", "bri", "un", "pel", "chi", "ast", "jo", "ren",
];

/// Numbers that look random (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides.max(1)
    }

    /// A rank below `n`; low ranks are common as in Zipf's law.
    pub fn rank(&mut self, n: u64) -> u64 {
        let part = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((n as f64).powf(part) - 1.0) as u64
    }
}

fn capital(word: String) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn syllables(mut number: u64, least: usize) -> String {
    let mut word = String::new();
    let mut parts = 0;
    while number > 0 || parts < least {
        word.push_str(SYLLABLES[(number % 32) as usize]);
        number /= 32;
        parts += 1;
    }
    word
}

/// The word of a rank: common ones are short.
pub fn word(rank: u64) -> String {
    syllables(rank, 1)
}

/// Who has a number.
pub fn name(speaker: u64) -> String {
    let first = FIRST[(speaker % 40) as usize];
    // Some twenty share a surname where there are many speakers.
    format!("{first} {}", capital(syllables(1024 + speaker / 20, 2)))
}

/// The articles of one run.
pub struct Made {
    pub seed: u64,
    pub speakers: u64,
}

impl Made {
    /// Who says something.
    pub fn speaker(&self, dice: &mut Dice) -> u64 {
        // Half of all is said by those who are quoted often, half by anyone.
        if dice.roll(2) == 0 { dice.rank(self.speakers) } else { dice.roll(self.speakers) }
    }

    /// A statement of 8 to 25 words.
    pub fn saying(dice: &mut Dice) -> String {
        let words: Vec<String> = (0..8 + dice.roll(18)).map(|_| word(dice.rank(30_000))).collect();
        capital(words.join(" "))
    }

    /// The words that a search asks for: two or three that are not too common.
    pub fn query(dice: &mut Dice) -> Vec<String> {
        (0..2 + dice.roll(2)).map(|_| word(50 + dice.rank(10_000))).collect()
    }

    /// The article of a number.
    pub fn article(&self, number: u64) -> Extraction {
        let mut dice = Dice(self.seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let cast: Vec<u64> = (0..3 + dice.roll(2)).map(|_| self.speaker(&mut dice)).collect();
        let mut text = String::new();
        let mut attributions = Vec::new();
        for n in 0..CLAIMS {
            let filler = Made::saying(&mut dice);
            text.push_str(&filler);
            text.push_str(". ");
            let speaker = cast[dice.roll(cast.len() as u64) as usize];
            let (name, role) = (name(speaker), ROLES[(speaker % 12) as usize]);
            text.push('“');
            let start = text.len();
            text.push_str(&Made::saying(&mut dice));
            let content = Span::new(start, text.len());
            text.push_str(",” ");
            let start = text.len();
            text.push_str("said");
            let cue = Span::new(start, text.len());
            text.push(' ');
            let start = text.len();
            text.push_str(&name);
            let source = Span::new(start, text.len());
            text.push_str(&format!(", {role}.{}", if n % 2 == 1 { "\n\n" } else { " " }));
            let surname = name.rsplit(' ').next().unwrap_or_default().to_string();
            attributions.push(Attribution {
                source: vec![source],
                cue: vec![cue],
                content: vec![content],
                speaker: Some(Referent {
                    name,
                    sort: Sort::Person,
                    gender: None,
                    roles: vec![role.into()],
                    aliases: vec![surname],
                    confidence: 0.9,
                }),
                kind: Kind::Direct,
                act: Act::Speech,
                confidence: 0.9,
            });
        }
        let day = Date::new(2014 + dice.roll(12) as i16, 1 + dice.roll(12) as i8, 1 + dice.roll(28) as i8);
        let article = Article {
            name: format!("{number}"),
            text,
            title: Some(Made::saying(&mut dice)),
            outlet: Some(format!("The {} Gazette", capital(word(200 + dice.roll(40))))),
            date: day.ok(),
            url: Some(format!("https://news.example/{number}")),
            ..Article::default()
        };
        Extraction { article, attributions }
    }
}
