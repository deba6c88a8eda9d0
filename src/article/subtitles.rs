//! SRT, WebVTT and SBV subtitles: what was spoken, as running text, with the speakers that the file names.

use super::encoding::decode_text;
use super::error::{Failure, ReadError};
use super::limits::Limits;
use super::open::Opened;
use super::{Article, LeftOut, Reading};

/// A silence this long starts a paragraph.
const PAUSE_MS: u64 = 4000;

/// Reads one subtitle file.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Result<Reading, ReadError> {
    let bytes = opened.all("the subtitles", limits.article).map_err(|f| f.at(&opened.label, None))?;
    let text = decode_text(bytes, None).map_err(|(f, place)| f.at(&opened.label, place))?;
    let mut reading = spoken(&text);
    if reading.article.text.trim().is_empty() {
        return Err(Failure::malformed("subtitles", "no cue with a time and words").at(&opened.label, None));
    }
    reading.article.name = opened.name;
    reading.checked(&opened.label, None)
}

/// Tells whether a text starts like subtitles: those of SBV have times without a number above them.
pub(crate) fn is_subtitles(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    first == "WEBVTT" || first.starts_with("WEBVTT ") || {
        times(first).is_some() || first.parse::<u32>().is_ok() && lines.next().is_some_and(|l| times(l).is_some())
    }
}

/// Reads `00:01:02,500 --> 00:01:04,000`, or `0:01:02.500,0:01:04.000` as SBV has it, as milliseconds.
fn times(line: &str) -> Option<(u64, u64)> {
    match line.split_once("-->") {
        Some((from, to)) => Some((time(from.trim())?, time(to.split_whitespace().next()?)?)),
        None => {
            let (from, to) = line.split_once(',').filter(|(from, to)| from.contains('.') && to.contains('.'))?;
            Some((time(from)?, time(to)?))
        }
    }
}

/// Reads `[hours:]minutes:seconds`, with or without thousandths.
fn time(text: &str) -> Option<u64> {
    let (clock, millis) = text.rsplit_once([',', '.']).unwrap_or((text, "0"));
    if !clock.contains(':') {
        return None;
    }
    let mut seconds = 0u64;
    for part in clock.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    seconds.checked_mul(1000)?.checked_add(millis.parse().ok()?)
}

/// Joins the cues into paragraphs: a new one at a named speaker, a `>>` or a pause.
fn spoken(text: &str) -> Reading {
    let mut out = String::new();
    let mut left_out = Vec::new();
    let mut last_end = 0u64;
    let mut last_line = String::new();
    let mut speaker: Option<String> = None;
    let mut in_cue = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some((from, to)) = times(line) {
            in_cue = true;
            if from > last_end.saturating_add(PAUSE_MS) && !out.is_empty() {
                paragraph(&mut out);
            }
            last_end = to;
            continue;
        }
        if line.is_empty() {
            in_cue = false;
            continue;
        }
        if !in_cue {
            continue;
        }
        let (voice, words) = untagged(line);
        let words = words.trim();
        // Live captions repeat the line above.
        if words.is_empty() || words == last_line {
            continue;
        }
        last_line = words.to_owned();
        if words.starts_with(['[', '(']) && words.ends_with([']', ')']) || words.chars().all(|c| "♪#- ".contains(c)) {
            left_out.push(LeftOut::new(words, "a sound, not words"));
            continue;
        }
        if voice.is_some() && voice != speaker {
            speaker = voice;
            paragraph(&mut out);
            out.push_str(speaker.as_deref().unwrap_or_default());
            out.push_str(": ");
        }
        let turn = words.trim_start_matches(">>").trim_start();
        if turn.len() != words.len() || labelled(turn) {
            paragraph(&mut out);
        }
        if !out.is_empty() && !out.ends_with(['\n', ' ']) {
            out.push(' ');
        }
        out.push_str(turn);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    Reading { article: Article { text: out, ..Article::default() }, left_out }
}

fn paragraph(out: &mut String) {
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.truncate(out.trim_end().len());
        out.push_str("\n\n");
    }
}

/// Tells whether a line starts with a speaker in capitals: `KERRY: …`.
fn labelled(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(label, _)| {
        label.len() <= 40
            && label.chars().any(char::is_alphabetic)
            && label.chars().all(|c| c.is_uppercase() || c.is_numeric() || " .,'’-".contains(c))
    })
}

/// Takes tags out of a line and returns the speaker of a `<v Name>` tag.
fn untagged(line: &str) -> (Option<String>, String) {
    let mut words = String::new();
    let mut voice = None;
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(before);
        let Some((tag, behind)) = after.split_once('>') else {
            words.push('<');
            rest = after;
            continue;
        };
        let name = tag.split_once(' ').filter(|(t, _)| *t == "v" || t.starts_with("v.")).map(|(_, n)| n.trim());
        voice = name.filter(|n| !n.is_empty()).map(str::to_owned).or(voice);
        rest = behind;
    }
    words.push_str(rest);
    let words = words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
    (voice, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cues_become_paragraphs() {
        let srt = "1\r\n00:00:01,000 --> 00:00:02,000\r\nWe will <i>not</i>\r\nclose the line\r\n\r\n2\r\n00:00:02,100 --> 00:00:04,000\r\nthis year.\r\n\r\n3\r\n00:00:20,000 --> 00:00:21,000\r\n[applause]\r\nMAYOR: Thank you.\r\n";
        assert!(is_subtitles(srt));
        let reading = spoken(srt);
        assert_eq!(reading.article.text, "We will not close the line this year.\n\nMAYOR: Thank you.\n");
        assert_eq!(reading.left_out[0].what, "[applause]");
    }

    #[test]
    fn voices_are_speakers() {
        let vtt = "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000 line:0\n<v Ana Bo>The dam is full.\n\n00:02.000 --> 00:03.000\n<v Ana Bo>It is &amp; was.\n\n00:03.000 --> 00:04.000\n<v.loud Cy Di>No.\n";
        assert!(is_subtitles(vtt));
        assert_eq!(spoken(vtt).article.text, "Ana Bo: The dam is full. It is & was.\n\nCy Di: No.\n");
    }

    #[test]
    fn times_in_other_forms() {
        let sbv = "0:00:00.500,0:00:02.000\nThe dam is full.\n\n0:00:09.000,0:00:10.000\nMAYOR: It is.\n";
        assert!(is_subtitles(sbv));
        assert_eq!(spoken(sbv).article.text, "The dam is full.\n\nMAYOR: It is.\n");
        let coarse = "1\n00:00:01 --> 00:00:10\nIt is 1,200.5 feet long.\n";
        assert!(is_subtitles(coarse));
        assert_eq!(spoken(coarse).article.text, "It is 1,200.5 feet long.\n");
        for line in ["1.5,2.5", "1 --> 2", "Psalm 1:2, 3:4", "0:00:01,500"] {
            assert_eq!(times(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_in_no_panic(text in "(00:0[0-9]:01[,.][0-9]{0,30} --> |[0-9:]{0,20}|<v?|>|\n|[a-z ]{0,5}){0,30}") {
            is_subtitles(&text);
            spoken(&text);
        }
    }
}
