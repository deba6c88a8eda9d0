//! Transcripts in plain text: debates, hearings, interviews. Turns are set as `Name: words`, however the transcript marks them.

use std::collections::BTreeMap;

use super::LeftOut;

/// Turns that make a text a transcript.
const FEWEST_TURNS: usize = 3;

/// Words before a name in the styles that set the name in a line of its own or end it with a full stop. Sorted.
const TITLES: [&str; 27] = [
    "Baroness",
    "Chairman",
    "Chairwoman",
    "Congressman",
    "Congresswoman",
    "Dame",
    "Dr",
    "Hon",
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
    "Sir",
    "The",
];

/// Small words that stand in names and offices. Sorted.
const PARTICLES: [&str; 16] =
    ["al", "and", "da", "de", "del", "der", "di", "for", "la", "of", "on", "pro", "tempore", "the", "van", "von"];

/// A transcript with its turns set alike.
pub(crate) struct Transcript {
    /// The text.
    pub text: String,
    /// Times, constituencies and remarks of the reporter that are no part of it.
    pub left_out: Vec<LeftOut>,
}

/// How a line starts a turn.
struct Turn<'t> {
    /// The label as published.
    label: &'t str,
    /// What is said on the same line.
    words: &'t str,
    /// Whether the label ends with a colon, as the turns of the result do.
    colon: bool,
}

/// Sets the turns of a transcript alike; `None` for a text that is none, or whose turns are `Name: words` as they stand.
pub(crate) fn set(text: &str) -> Option<Transcript> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let marks: Vec<Option<Turn>> = lines.iter().enumerate().map(|(i, line)| turn(line, &lines, i)).collect();
    // Questions and answers are read as they stand, and so stored as they were published.
    let interview = |t: &Turn| matches!(t.label.trim_end_matches(['.', ':']), "Q" | "A");
    if !is_transcript(&lines, &marks) || as_it_stands(&lines, &marks) || marks.iter().flatten().all(interview) {
        return None;
    }
    let mut out = Transcript { text: String::with_capacity(text.len()), left_out: Vec::new() };
    let (mut times, mut places) = (0, 0);
    let mut at_start = true;
    let mut pending = false;
    for (line, mark) in lines.iter().zip(marks) {
        if line.is_empty() {
            at_start = true;
            continue;
        }
        if is_remark(line) {
            if out.left_out.len() < 100 {
                out.left_out.push(LeftOut::new(line, "a remark of the reporter"));
            }
            continue;
        }
        let Some(Turn { label, words, .. }) = mark else {
            // Words of a turn whose name stands in the line above follow the colon.
            let gap = match () {
                () if out.text.is_empty() => "",
                () if pending => " ",
                () if at_start => "\n\n",
                () => "\n",
            };
            out.text.push_str(gap);
            out.text.push_str(line);
            (at_start, pending) = (false, false);
            continue;
        };
        let name = name(label);
        times += usize::from(without_time(line).len() < line.len());
        places += usize::from(name.len() + 1 < label.len());
        if !out.text.is_empty() {
            out.text.push_str("\n\n");
        }
        out.text.push_str(name);
        out.text.push(':');
        if !words.is_empty() {
            out.text.push(' ');
            out.text.push_str(words);
        }
        pending = words.is_empty();
        at_start = false;
    }
    out.text.push('\n');
    for (count, what) in [(times, "the times of turns"), (places, "office, constituency or party beside a name")] {
        if count > 0 {
            out.left_out.push(LeftOut::new(&format!("{count} times"), what));
        }
    }
    Some(out)
}

/// Tells a transcript: several turns, most of the paragraphs are turns or belong to one, and somebody speaks twice.
fn is_transcript(lines: &[&str], marks: &[Option<Turn>]) -> bool {
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in marks.iter().flatten() {
        *labels.entry(name(mark.label)).or_default() += 1;
    }
    let turns: usize = labels.values().sum();
    let paragraphs = lines.iter().filter(|l| !l.is_empty()).count();
    // A colon follows many a word that is no name; the other marks are the reporters' own.
    let twice = labels.values().any(|n| *n > 1) || marks.iter().flatten().filter(|m| !m.colon).count() >= FEWEST_TURNS;
    turns >= FEWEST_TURNS && labels.len() > 1 && turns * 10 >= paragraphs * 3 && twice
}

/// Tells whether all turns are `Name: words` already: such a text stays byte for byte.
fn as_it_stands(lines: &[&str], marks: &[Option<Turn>]) -> bool {
    lines.iter().zip(marks).all(|(line, mark)| match mark {
        Some(turn) => {
            turn.colon && name(turn.label) == turn.label && without_time(line) == *line && !turn.words.is_empty()
        }
        None => !is_remark(line),
    })
}

fn turn<'t>(line: &'t str, lines: &[&'t str], at: usize) -> Option<Turn<'t>> {
    let line = without_time(line);
    if line.is_empty() || is_remark(line) {
        return None;
    }
    with_colon(line).or_else(|| with_full_stop(line)).or_else(|| {
        // A name in a line of its own: what follows is said.
        let next = lines.get(at + 1..)?.iter().take(2).find(|l| !l.is_empty())?;
        let spoken = next.split_whitespace().count() > 1 && next.ends_with(['.', '?', '!', '”', '"', '—', '–']);
        (is_name_line(line) && spoken).then_some(Turn { label: line, words: "", colon: false })
    })
}

/// `Tom Hale (Barchester) (Con): words`, `MS. ABEL: words`, `Q: words`.
fn with_colon(line: &str) -> Option<Turn<'_>> {
    let (label, words) = line.split_once(':')?;
    let after = words.chars().next().is_none_or(char::is_whitespace);
    (after && is_label(label)).then(|| Turn { label, words: words.trim(), colon: true })
}

/// `Mr. HALE. words`, `The SPEAKER pro tempore. words`, `Senator Finch. words`, `Q. words`.
fn with_full_stop(line: &str) -> Option<Turn<'_>> {
    if let Some(words) = line.strip_prefix("Q. ").or(line.strip_prefix("A. ")) {
        return Some(Turn { label: &line[..1], words: words.trim(), colon: false });
    }
    let first = line.split_whitespace().next()?;
    let title = first.trim_end_matches('.');
    if TITLES.binary_search(&title).is_err() {
        return None;
    }
    let from = first.len();
    let (name, words) = line.get(from..)?.split_once(". ")?;
    let label = line.get(..from + name.len())?;
    let mut parts = name.split_whitespace();
    let shouted = parts.clone().any(|w| w.len() > 1 && w.chars().all(|c| c.is_uppercase() || "-'’".contains(c)));
    let short =
        name.split_whitespace().count() <= 2 && parts.all(|w| w.starts_with(char::is_uppercase)) && title != "The";
    let begins = words.trim_start().starts_with(|c: char| c.is_uppercase() || "“\"[".contains(c));
    (begins && !name.is_empty() && is_label(label) && (shouted || short)).then(|| Turn {
        label,
        words: words.trim(),
        colon: false,
    })
}

/// Tells whether a label is a name, with title, office or party: capitals and small words only.
fn is_label(label: &str) -> bool {
    let words: Vec<&str> = label.split_whitespace().collect();
    let fits = |word: &&str| {
        let word = word.trim_matches(['(', ')', ',', '.', '-', '/']);
        word.is_empty()
            || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            || PARTICLES.binary_search(&word).is_ok()
    };
    !words.is_empty()
        && words.len() <= 12
        && label.len() <= 100
        && label.starts_with(char::is_uppercase)
        && words.iter().all(fits)
}

/// `Mr Tom Hale (Barchester) (Con)`, `Dame Orla Finch`, `The Minister for Harbours (Dame Orla Finch)`.
fn is_name_line(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let titled = TITLES.binary_search(&first.trim_end_matches('.')).is_ok();
    let more = line.split_whitespace().count() > 1;
    more && is_label(line) && (line.ends_with(')') || titled && !line.ends_with(['.', '?', '!']))
}

/// Returns the name in a label: without constituency and party, and the person rather than the office.
fn name(label: &str) -> &str {
    let label = label.trim();
    let Some((before, inside)) = label.split_once('(') else { return label };
    let before = before.trim();
    let inside = inside.split(')').next().unwrap_or_default().trim();
    let person = before.starts_with("The ") && inside.split_whitespace().count() > 1 && is_label(inside);
    if person || before.is_empty() { inside } else { before }
}

/// Takes `[00:12:01]`, `(12:01)`, `00:12:01` and `12:01 -` off the start of a line.
fn without_time(line: &str) -> &str {
    let bare = line.trim_start_matches(['[', '(', '<']);
    let length = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit() || ":.,".contains(c)).len();
    let (time, rest) = bare.split_at(length);
    if !time.contains(':') || !time.starts_with(|c: char| c.is_ascii_digit()) || length < 4 {
        return line;
    }
    rest.trim_start_matches([']', ')', '>', ' ', '-', '–', '\t'])
}

/// Tells a line that is in brackets as a whole, and `Several Members rose—`.
fn is_remark(line: &str) -> bool {
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

    fn shown(text: &str) -> (String, Vec<String>) {
        let set = set(text).expect("a transcript");
        (set.text, set.left_out.iter().map(|l| format!("{}: {}", l.why, l.what)).collect())
    }

    #[test]
    fn a_debate_with_names_in_lines_of_their_own() {
        let (text, left_out) = shown(
            "Sluices Bill\n\nThe Minister for Dams (Dame Ida Roe)\nI beg to move that the Bill be read.\n\nIt is short.\n\n\
             Mr Al Bo (Westmere) (Ind)\nWill she give way?\n\n[Interruption]\n\nSeveral hon. Members rose—\n\nDame Ida Roe\n\nI will not.\n",
        );
        assert_eq!(
            text,
            "Sluices Bill\n\nDame Ida Roe: I beg to move that the Bill be read.\n\nIt is short.\n\n\
             Mr Al Bo: Will she give way?\n\nDame Ida Roe: I will not.\n"
        );
        assert_eq!(
            left_out,
            [
                "a remark of the reporter: [Interruption]",
                "a remark of the reporter: Several hon. Members rose—",
                "office, constituency or party beside a name: 2 times"
            ]
        );
    }

    #[test]
    fn a_hearing_with_full_stops_and_one_with_times() {
        let (text, _) = shown(
            "    Mr. BO. The dam is unsafe, Mr. Chair.\n    The SPEAKER pro tempore. The time has expired.\n    Ms. ROE of Ohio. It is safe.\n    Mr. BO. It is not.\n",
        );
        assert_eq!(
            text,
            "Mr. BO: The dam is unsafe, Mr. Chair.\n\nThe SPEAKER pro tempore: The time has expired.\n\nMs. ROE of Ohio: It is safe.\n\nMr. BO: It is not.\n"
        );
        let (text, left_out) =
            shown("[00:00:12] IDA ROE: It is full.\n[00:00:20] AL BO: It is 5:30 now.\n[00:01:31] IDA ROE: Yes.\n");
        assert_eq!(text, "IDA ROE: It is full.\n\nAL BO: It is 5:30 now.\n\nIDA ROE: Yes.\n");
        assert_eq!(left_out, ["the times of turns: 3 times"]);
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "Q. Is it full?\n\nA. It is.\nIt was before.\n\nQ. When?\n\nA. In May.\n",
            "Ida Roe: It is full.\n\nAl Bo: It is not.\n\nIda Roe: It is.\n",
            "The dam is full, the minister said.\n\nMr. Bo. said no.\n\nUpdate: it is not.\n\nIt rained.\n",
            "Mr Bo went home. Mrs Roe stayed.\nThe Dam\nwas full.\n",
            "Ingredients:\n\nMilk: one litre\nEggs: two\nFlour: 200 g\n",
            "",
        ] {
            assert!(set(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(TITLES.is_sorted() && PARTICLES.is_sorted());
    }

    proptest::proptest! {
        #[test]
        fn any_text_in_no_panic(text in "(Mr|The|Bo|: |\\. |\\(|\\)|\\[|\\]|[0-9]{2}:|\n|é|“|[a-z ]{0,6}){0,40}") {
            let _ = set(&text);
        }
    }
}
