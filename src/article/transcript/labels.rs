//! How a line starts a turn: with a name and a colon, a name and a full stop, a name in a line of its own, `Q`.

/// Words before a name in the styles that set the name in a line of its own or end it with a full stop. Sorted.
const TITLES: [&str; 33] = [
    "Baroness",
    "CHAIR",
    "Chair",
    "Chairman",
    "Chairwoman",
    "Congressman",
    "Congresswoman",
    "Dame",
    "Dr",
    "Governor",
    "Hon",
    "Judge",
    "Justice",
    "Lady",
    "Lord",
    "MR",
    "MRS",
    "MS",
    "Madam",
    "Miss",
    "Mr",
    "Mrs",
    "Ms",
    "Professor",
    "Rep",
    "Representative",
    "Rev",
    "Secretary",
    "Sen",
    "Senator",
    "Sergeant",
    "Sir",
    "The",
];

/// Small words that stand in names and offices. Sorted.
const PARTICLES: [&str; 16] =
    ["al", "and", "da", "de", "del", "der", "di", "for", "la", "of", "on", "pro", "tempore", "the", "van", "von"];

/// Offices that speak without a name: `The Chairman. words`. Sorted.
const OFFICES: [&str; 9] =
    ["Chair", "Chairman", "Chairperson", "Chairwoman", "Clerk", "Court", "President", "Speaker", "Witness"];

/// Longest label, in words: `NAME, FORMER SECRETARY OF …:`.
const LONGEST: usize = 16;

/// How a line starts a turn.
pub(super) struct Turn<'t> {
    /// The label as published.
    pub(super) label: &'t str,
    /// What is said on the same line.
    pub(super) words: &'t str,
    /// Whether the label ends with a colon, as the turns of the result do.
    pub(super) colon: bool,
}

/// Reads the line `at` of `lines` as the start of a turn.
pub(super) fn turn<'t, L: AsRef<str>>(lines: &'t [L], at: usize) -> Option<Turn<'t>> {
    let line = without_time(lines.get(at)?.as_ref());
    if line.is_empty() || is_remark(line) {
        return None;
    }
    with_colon(line).or_else(|| asked(line)).or_else(|| with_full_stop(line)).or_else(|| {
        // A name in a line of its own: what follows is said.
        let next = lines.get(at + 1..)?.iter().take(2).map(AsRef::as_ref).find(|l| !l.is_empty())?;
        let spoken = next.split_whitespace().count() > 1 && next.ends_with(['.', '?', '!', '”', '"', '—', '–']);
        // A time says what a title or brackets say else: that the line is no heading.
        let untimed = without_time_after(line);
        let timed = untimed.len() < line.len() && is_label(untimed);
        (timed || is_name_line(line) && spoken).then_some(Turn { label: line, words: "", colon: false })
    })
}

/// `Tom Hale (Barchester) (Con): words`, `MS. ABEL: words`, `AL BO, MAYOR OF VALE: words`, `Al Bo: (01:20)`, `Q: words`.
fn with_colon(line: &str) -> Option<Turn<'_>> {
    // The first colons may stand in a time: `Al Bo (01:20): words`.
    line.match_indices(':').take(4).find_map(|(colon, _)| {
        let (label, words) = (&line[..colon], &line[colon + 1..]);
        let after = words.chars().next().is_none_or(char::is_whitespace);
        let words = without_time(words.trim());
        (after && is_label(label)).then_some(Turn { label, words, colon: true })
    })
}

/// `Q    words`: how briefings set the questions of those who are not named.
fn asked(line: &str) -> Option<Turn<'_>> {
    let words = ["Q  ", "A  ", "Q\t", "A\t"].iter().find_map(|mark| line.strip_prefix(mark))?;
    let words = words.trim_start();
    words.starts_with(|c: char| !c.is_lowercase()).then_some(Turn { label: &line[..1], words, colon: false })
}

/// `Mr. HALE. words`, `The SPEAKER pro tempore. words`, `Senator Finch. words`, `CHAIR POWER.  words`, `The Chairman. words`, `Q. words`.
fn with_full_stop(line: &str) -> Option<Turn<'_>> {
    if let Some(words) = line.strip_prefix("Q. ").or(line.strip_prefix("A. ")) {
        return Some(Turn { label: &line[..1], words: words.trim(), colon: false });
    }
    let shouted = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_uppercase() || "-'’".contains(c));
    let initials =
        |word: &str| word.len() <= 4 && word.ends_with('.') && word.chars().all(|c| c.is_uppercase() || c == '.');
    let mut stops = line.match_indices(". ").map(|(at, _)| (&line[..at], line[at + 2..].trim_start()));
    let begins = |words: &str| words.starts_with(|c: char| c.is_uppercase() || "“\"[".contains(c));
    let first = line.split_whitespace().next()?;
    let title = first.trim_end_matches('.');
    let titled = TITLES.binary_search(&title).is_ok();
    stops.find_map(|(label, words)| {
        // The stop of `Mr.` is not the one looked for.
        let rest: Vec<&str> = label.strip_prefix(first).unwrap_or_default().split_whitespace().collect();
        let is_turn = match titled {
            true => {
                let any_shouted = rest.iter().any(|w| shouted(w));
                let short = rest.len() <= 2 && rest.iter().all(|w| w.starts_with(char::is_uppercase));
                let office = title == "The" && matches!(rest[..], [office] if OFFICES.binary_search(&office).is_ok());
                !rest.is_empty() && (any_shouted || short && title != "The" || office)
            }
            // A name that nothing but capitals shows has two words at the least.
            false => {
                let mut words = label.split_whitespace();
                (2..=5).contains(&words.clone().count())
                    && words.clone().any(shouted)
                    && words.all(|w| shouted(w) || initials(w))
            }
        };
        (is_turn && begins(words) && is_label(label)).then_some(Turn { label, words, colon: false })
    })
}

/// Tells whether a label is a name, with title, office or party: capitals and small words only. What stands in brackets, or behind
/// the comma after a name in capitals, is a description, whatever its words.
fn is_label(label: &str) -> bool {
    let fits = |word: &str| {
        let word = word.trim_matches(['(', ')', ',', '.', '-', '/']);
        word.is_empty()
            || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            || PARTICLES.binary_search(&word).is_ok()
    };
    let words = label.split_whitespace().count();
    let name = label.split(['(', '[']).next().unwrap_or(label);
    let (bare, described) = name.split_once(", ").map_or((name, false), |(bare, _)| (bare, true));
    // `Before that, it said:` and `Ida Roe, the mayor, put it so:` have a comma too.
    let shouted = bare.chars().all(|c| !c.is_lowercase());
    let full = bare.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count() > 1;
    words > 0
        && words <= LONGEST
        && label.len() <= 120
        && label.starts_with(char::is_uppercase)
        && bare.split_whitespace().all(fits)
        && (!described || shouted || full && name.split_whitespace().all(fits))
}

/// `Mr Tom Hale (Barchester) (Con)`, `Dame Orla Finch`, `The Minister for Harbours (Dame Orla Finch)`.
fn is_name_line(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let titled = TITLES.binary_search(&first.trim_end_matches('.')).is_ok();
    let more = line.split_whitespace().count() > 1;
    more && is_label(line) && (line.ends_with(')') || titled && !line.ends_with(['.', '?', '!']))
}

/// Returns the name in a label: without time, description, constituency and party, and the person rather than the office.
pub(super) fn name(label: &str) -> &str {
    let label = without_time_after(label.trim());
    let Some((before, inside)) = label.split_once('(') else { return undescribed(label) };
    let before = before.trim();
    let inside = inside.split(')').next().unwrap_or_default().trim();
    let person = before.starts_with("The ") && inside.split_whitespace().count() > 1 && is_label(inside);
    if person || before.is_empty() { inside } else { undescribed(before) }
}

/// Takes `, FORMER MAYOR OF VALE` off a name; `Jr.` belongs to it.
fn undescribed(name: &str) -> &str {
    let describes = |(at, _): &(usize, &str)| {
        let next = name[at + 2..].split([' ', ',']).next().unwrap_or_default();
        !matches!(next.trim_end_matches('.'), "Jr" | "JR" | "Sr" | "SR" | "II" | "III")
    };
    name.match_indices(", ").find(describes).map_or(name, |(at, _)| &name[..at]).trim_end()
}

/// Takes `[00:12:01]`, `(12:01)`, `00:12:01` and `12:01 -` off the start of a line.
pub(super) fn without_time(line: &str) -> &str {
    let bare = line.trim_start_matches(['[', '(', '<']);
    let length = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit() || ":.,".contains(c)).len();
    let (time, rest) = bare.split_at(length);
    if !time.contains(':') || !time.starts_with(|c: char| c.is_ascii_digit()) || length < 4 {
        return line;
    }
    rest.trim_start_matches([']', ')', '>', ' ', '-', '–', '\t'])
}

/// Takes `(01:20)`, `0:41` and `[00:12:01]` off the end of a label.
fn without_time_after(label: &str) -> &str {
    let bare = label.trim_end_matches([']', ')', '>', ' ']);
    let name = bare.trim_end_matches(|c: char| c.is_ascii_digit() || ":.".contains(c));
    let time = &bare[name.len()..];
    let separate = name.ends_with([' ', '(', '[', '<', '\t']);
    if !separate || !time.contains(':') || !time.starts_with(|c: char| c.is_ascii_digit()) {
        return label;
    }
    name.trim_end_matches(['(', '[', '<', ' ', '-', '–', '\t'])
}

/// Tells a line that is in brackets as a whole, and `Several Members rose—`.
pub(super) fn is_remark(line: &str) -> bool {
    if line.starts_with("Several ") && line.trim_end_matches(['—', '–', '-']).ends_with(" rose") {
        return true;
    }
    let line = line.trim_end_matches('.');
    line.len() > 2
        && line.len() <= 200
        && (line.starts_with('[') && line.ends_with(']') || line.starts_with('(') && line.ends_with(')'))
        && without_time(line) == line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(TITLES.is_sorted() && PARTICLES.is_sorted() && OFFICES.is_sorted());
    }

    #[test]
    fn labels_of_many_makes() {
        for (line, who, words) in [
            ("AL BO, FORMER MAYOR OF WESTMERE AND CANDIDATE FOR THE SENATE: No.", "AL BO", "No."),
            ("IDA ROE JR., VALE TIMES PUBLISHER: Welcome.", "IDA ROE JR.", "Welcome."),
            ("Ida Roe, Mayor of Westmere: Yes.", "Ida Roe", "Yes."),
            ("MARTIN LUTHER, JR.: Yes.", "MARTIN LUTHER, JR.", "Yes."),
            ("MILA O'NEAL (voice-over): It rained.", "MILA O'NEAL", "It rained."),
            ("Al Bo: (01:20)", "Al Bo", ""),
            ("Al Bo (01:20): It is 5:30 now.", "Al Bo", "It is 5:30 now."),
            ("CHAIR POWER.  Good afternoon.", "CHAIR POWER", "Good afternoon."),
            ("T. J. HALE. No.", "T. J. HALE", "No."),
            ("TOM HALE.  Tom Hale, the Courier.", "TOM HALE", "Tom Hale, the Courier."),
            ("The Chairman. It is so ordered.", "The Chairman", "It is so ordered."),
            ("Chair Power. It is so ordered.", "Chair Power", "It is so ordered."),
            ("Mr. HALE. I object.", "Mr. HALE", "I object."),
            ("Q    Can you explain that?", "Q", "Can you explain that?"),
            ("The Prime Minister: No.", "The Prime Minister", "No."),
        ] {
            let lines = [line];
            let turn = turn(&lines, 0).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((name(turn.label), turn.words), (who, words), "{line}");
        }
        for line in [
            "Before that, it said: no.",
            "Ida Roe, the mayor of Westmere, put it so: no.",
            "The U.S. Senate voted.",
            "The President. of all people",
            "A  small dam",
            "It was 5:30 then.",
        ] {
            assert!(turn(&[line], 0).is_none(), "{line}");
        }
        let lines = ["Ida Roe 0:41", "", "It is full"];
        assert_eq!(turn(&lines, 0).map(|turn| name(turn.label)), Some("Ida Roe"));
    }
}
