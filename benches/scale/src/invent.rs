//! Invents articles: the same number always gives the same article, and each has the shape of a news story.

use jiff::civil::{Date, date};
use onrecord::article::Article;
use onrecord::attribution::{Act, Attribution, Kind, Referent, Sort};
use onrecord::pipeline::Extraction;
use onrecord::span::Span;

/// Claims in one article.
pub const CLAIMS: u64 = 8;

const FIRST: [&str; 24] = [
    "Ada", "Bruno", "Celia", "Dario", "Edda", "Falk", "Gerda", "Hanno", "Ilse", "Jonas", "Klara", "Ludo", "Mira", "Nils", "Oda", "Pavel",
    "Quirin", "Rosa", "Sven", "Tilda", "Ulla", "Vito", "Wanda", "Xaver",
];
const LAST: [&str; 24] = [
    "Quill", "Tarn", "Voss", "Lind", "Marek", "Oster", "Brandt", "Sorel", "Keller", "Addai", "Delacour", "Vance", "Holm", "Pryce",
    "Rooke", "Stahl", "Tarvas", "Ulm", "Weir", "Yarrow", "Zeller", "Amund", "Bode", "Crane",
];
const WORDS: [&str; 48] = [
    "bridge", "water", "budget", "harbour", "school", "train", "winter", "tax", "police", "council", "hospital", "energy", "housing",
    "tram", "farmers", "election", "minister", "strike", "wages", "river", "border", "budget", "contract", "forest", "airport", "court",
    "teachers", "prices", "supply", "repair", "tunnel", "ferry", "grain", "festival", "museum", "garden", "prison", "mine", "coast",
    "factory", "library", "market", "station", "power", "reform", "inquiry", "vaccine", "drought",
];
const VERBS: [&str; 16] = [
    "will open", "will close", "needs repair", "is safe", "cannot wait", "costs too much", "must be rebuilt", "was never planned",
    "will be cheaper", "stays as it is", "comes first", "is finished", "was a mistake", "will grow", "has failed", "works well",
];

/// A small generator of numbers; the bench must not change from one run to the next.
pub struct Chance(u64);

impl Chance {
    /// Starts from a number.
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// Returns a number below `of`.
    pub fn below(&mut self, of: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % of
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// The name of a speaker; all are different.
pub fn speaker(number: u64) -> String {
    let (first, rest) = (number % 24, number / 24);
    let (last, rest) = (rest % 24, rest / 24);
    let (first, last) = (FIRST[first as usize], LAST[last as usize]);
    match rest {
        0 => format!("{first} {last}"),
        n => format!("{first} {}{}", last, LAST[(n % 24) as usize].to_lowercase()) + &if n < 24 { String::new() } else { format!("-{}", FIRST[(n / 24 % 24) as usize]) },
    }
}

/// Who speaks: a few speak in most articles, most in few.
fn speaks(chance: &mut Chance, speakers: u64) -> u64 {
    let (a, b) = (chance.below(speakers), chance.below(speakers));
    a * b / speakers
}

/// The day of an article.
pub fn day(number: u64) -> Date {
    date(2004 + (number % 20) as i16, 1 + (number / 20 % 12) as i8, 1 + (number / 240 % 28) as i8)
}

/// One article with its attributions, as the extraction would give them.
pub fn article(number: u64, speakers: u64) -> Extraction {
    let mut chance = Chance::new(number);
    let mut text = String::new();
    let mut attributions = Vec::new();
    let mut current = speaker(speaks(&mut chance, speakers));
    for claim in 0..CLAIMS {
        if claim % 3 == 0 {
            current = speaker(speaks(&mut chance, speakers));
        }
        // Two sentences of other matter for each quotation.
        for _ in 0..2 {
            for _ in 0..14 {
                text.push_str(chance.of(&WORDS));
                text.push(' ');
            }
            text.push_str("was in the report.\n");
        }
        let content = text.len() + '“'.len_utf8();
        let said = format!(
            "The {} of the {} {} and the {} {} by day {}",
            chance.of(&WORDS),
            chance.of(&WORDS),
            chance.of(&VERBS),
            chance.of(&WORDS),
            chance.of(&VERBS),
            chance.below(10_000)
        );
        text.push('“');
        text.push_str(&said);
        let end = text.len();
        text.push_str(",” ");
        let source = text.len();
        text.push_str(&current);
        let cue = text.len() + 1;
        text.push_str(" said.\n\n");
        attributions.push(Attribution {
            source: vec![Span::new(source, cue - 1)],
            cue: vec![Span::new(cue, cue + 4)],
            content: vec![Span::new(content, end)],
            speaker: Some(Referent {
                name: current.clone(),
                sort: Sort::Person,
                gender: None,
                roles: Vec::new(),
                aliases: Vec::new(),
                confidence: 0.9,
            }),
            kind: Kind::Direct,
            act: Act::Speech,
            confidence: 0.9,
        });
    }
    let outlet = format!("Outlet {}", number % 40);
    let article = Article {
        name: number.to_string(),
        text,
        title: Some(format!("Story {number}")),
        outlet: Some(outlet),
        date: Some(day(number)),
        url: Some(format!("https://news{}.example/{number}", number % 40)),
        ..Article::default()
    };
    Extraction { article, attributions }
}
