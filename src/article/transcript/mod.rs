//! Transcripts in plain text: debates, hearings, interviews. Turns are set as `Name: words`, however the transcript marks them.

mod labels;
mod lines;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::LeftOut;
use labels::{Turn, is_remark, name, turn, without_time};

/// Turns that make a text a transcript.
const FEWEST_TURNS: usize = 3;

/// A transcript with its turns set alike.
pub(crate) struct Transcript {
    /// The text.
    pub text: String,
    /// Times, constituencies and remarks of the reporter that are no part of it.
    pub left_out: Vec<LeftOut>,
}

/// Sets the turns of a transcript alike; `None` for a text that is none, or whose turns are `Name: words` as they stand.
pub(crate) fn set(text: &str) -> Option<Transcript> {
    let (lines, changed) = lines::of(text);
    let marks: Vec<Option<Turn>> = (0..lines.len()).map(|at| turn(&lines, at)).collect();
    // Questions and answers alone are read as they stand, and so stored as they were published.
    let interview = |t: &Turn| matches!(t.label, "Q" | "A");
    let interviewed = marks.iter().flatten().all(interview);
    if !is_transcript(&lines, &marks) || !changed && (interviewed || as_it_stands(&lines, &marks)) {
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
        out.text.push(if interviewed { '.' } else { ':' });
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
fn is_transcript(lines: &[Cow<str>], marks: &[Option<Turn>]) -> bool {
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
fn as_it_stands(lines: &[Cow<str>], marks: &[Option<Turn>]) -> bool {
    lines.iter().zip(marks).all(|(line, mark)| match mark {
        Some(turn) => {
            turn.colon && name(turn.label) == turn.label && without_time(line) == &**line && !turn.words.is_empty()
        }
        None => !is_remark(line),
    })
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

    proptest::proptest! {
        #[test]
        fn any_text_in_no_panic(text in "(Mr|The|Bo|: |\\. |\\(|\\)|\\[|\\]|[0-9]{2}:|\n|é|“|[a-z ]{0,6}){0,40}") {
            let _ = set(&text);
        }
    }
}
