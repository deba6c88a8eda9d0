//! Lines to paragraphs: without page numbers, running heads and line numbers, with words put together that a line end divides.

use std::collections::{BTreeMap, BTreeSet};

use super::super::LeftOut;
use super::layout::{Line, Page};

/// The text of a document.
pub(super) struct LaidOut {
    pub text: String,
    /// The largest print on the first page, if it stands out.
    pub headline: Option<String>,
}

/// A paragraph, as the lines that make it.
struct Paragraph {
    lines: Vec<Line>,
    page: usize,
}

/// Puts the pages of a document together.
pub(super) fn text(mut pages: Vec<Page>, left_out: &mut Vec<LeftOut>) -> LaidOut {
    take_out_running_lines(&mut pages, left_out);
    for (i, page) in pages.iter_mut().enumerate() {
        take_off_line_numbers(page, i + 1, left_out);
    }
    let body = body_size(&pages);
    let headline = headline(&pages, body);
    let words = Words::of(&pages);
    let pitch = pitch(&pages);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for (number, page) in pages.into_iter().enumerate() {
        for (i, paragraph) in paragraphs_of(page.lines, pitch).into_iter().enumerate() {
            let continued =
                i == 0 && paragraphs.last().is_some_and(|last| last.page < number && goes_on(last, &paragraph));
            match paragraphs.last_mut() {
                Some(last) if continued => {
                    last.lines.extend(paragraph);
                    last.page = number;
                }
                _ => paragraphs.push(Paragraph { lines: paragraph, page: number }),
            }
        }
    }
    let mut text = String::new();
    for paragraph in paragraphs {
        let joined = words.joined(&paragraph.lines);
        if joined.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&joined);
        text.push('\n');
    }
    LaidOut { text, headline }
}

/// Takes out what stands at the top or bottom of a page and is its number, or stands there on most pages.
fn take_out_running_lines(pages: &mut [Page], left_out: &mut Vec<LeftOut>) {
    let at_edge = |line: &Line| line.from_top < 3 || line.from_bottom < 3;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages.iter() {
        let here: BTreeSet<String> = page.lines.iter().filter(|l| at_edge(l)).map(|l| pattern(&l.text)).collect();
        for line in here {
            *seen.entry(line).or_default() += 1;
        }
    }
    let with_text = pages.iter().filter(|p| !p.is_empty()).count();
    let most = (with_text / 2).max(3);
    let mut numbers = 0;
    let mut repeated = BTreeSet::new();
    for page in pages.iter_mut() {
        page.lines.retain(|line| {
            if !at_edge(line) {
                return true;
            }
            if is_page_number(&line.text) && (line.from_top == 0 || line.from_bottom == 0 || with_text > 1) {
                numbers += 1;
                return false;
            }
            let pattern = pattern(&line.text);
            let running = seen.get(&pattern).is_some_and(|n| *n >= most) && !pattern.is_empty();
            if running && repeated.insert(pattern) {
                left_out.push(LeftOut::new(&line.text, "repeated at the edge of the pages"));
            }
            !running
        });
    }
    if numbers > 0 {
        left_out.push(LeftOut::new(&format!("{numbers} lines"), "page numbers"));
    }
}

/// A line with all its numbers alike.
fn pattern(line: &str) -> String {
    let mut out = String::new();
    for c in line.trim().chars() {
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// `3`, `- 3 -`, `Page 3 of 10`, `3 | Page`, `iv`.
fn is_page_number(line: &str) -> bool {
    let words: Vec<String> =
        line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let number = |w: &str| w.len() <= 4 && w.bytes().all(|b| b.is_ascii_digit());
    let roman = |w: &str| w.len() <= 6 && w.bytes().all(|b| b"ivxl".contains(&b));
    let numbers = words.iter().filter(|w| number(w)).count();
    match words.as_slice() {
        [] => false,
        [one] => number(one) || roman(one),
        more => {
            more.len() <= 4
                && (1..=2).contains(&numbers)
                && more.iter().all(|w| number(w) || matches!(w.as_str(), "page" | "of" | "p" | "pg"))
        }
    }
}

/// Takes off the numbers that count the lines of a transcript's page.
fn take_off_line_numbers(page: &mut Page, number: usize, left_out: &mut Vec<LeftOut>) {
    let counted =
        |line: &Line| -> Option<u32> { line.text.split_whitespace().next()?.parse().ok().filter(|n| *n <= 60) };
    let numbers: Vec<u32> = page.lines.iter().filter_map(counted).collect();
    let rising = numbers.windows(2).filter(|w| w[1] == w[0] + 1).count();
    if numbers.len() < 10 || rising * 10 < (numbers.len() - 1) * 9 || numbers.len() * 10 < page.lines.len() * 7 {
        return;
    }
    for line in &mut page.lines {
        if counted(line).is_some() {
            let trimmed = line.text.trim_start();
            let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            line.text = trimmed[digits..].trim_start().to_owned();
            // Where the words start is not known; the number stood in the margin.
            line.left = 0.0;
        }
    }
    page.lines.retain(|line| !line.text.is_empty());
    left_out.push(LeftOut::new(&format!("{} numbers on page {number}", numbers.len()), "the numbers of its lines"));
}

/// Returns the size of most of the print.
fn body_size(pages: &[Page]) -> f64 {
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|p| &p.lines) {
        *sizes.entry((line.size * 4.0) as i64).or_default() += line.text.len();
    }
    sizes.into_iter().max_by_key(|(_, n)| *n).map_or(0.0, |(size, _)| size as f64 / 4.0)
}

/// Returns the largest print in the upper half of the first page that has text.
fn headline(pages: &[Page], body: f64) -> Option<String> {
    let page = pages.iter().find(|p| !p.is_empty())?;
    let largest = page.lines.iter().filter(|l| l.text.chars().filter(|c| c.is_alphabetic()).count() > 3);
    let size = largest.map(|l| l.size).max_by(f64::total_cmp)?;
    let lines: Vec<&str> = page
        .lines
        .iter()
        .skip_while(|l| l.size < size * 0.98)
        .take_while(|l| l.size >= size * 0.98)
        .map(|l| l.text.trim())
        .collect();
    let words = lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    (size > body * 1.15 && words.len() <= 300 && words.contains(' ')).then_some(words)
}

/// Splits the lines of a page where a paragraph starts.
fn paragraphs_of(lines: Vec<Line>, pitch: f64) -> Vec<Vec<Line>> {
    let mut edges: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for line in &lines {
        let edge = edges.entry(line.region).or_insert((line.left, line.right));
        *edge = (edge.0.min(line.left), edge.1.max(line.right));
    }
    let mut paragraphs: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let (left, right) = edges.get(&line.region).copied().unwrap_or_default();
        let starts = match paragraphs.last().and_then(|p| Some((p.len(), p.last()?))) {
            None => true,
            Some((length, last)) => starts_paragraph(&line, last, length, (left, right), pitch),
        };
        match paragraphs.last_mut() {
            Some(paragraph) if !starts => paragraph.push(line),
            _ => paragraphs.push(vec![line]),
        }
    }
    paragraphs
}

/// Returns the usual distance between lines, in sizes of their print.
fn pitch(pages: &[Page]) -> f64 {
    let mut distances: Vec<f64> = pages
        .iter()
        .flat_map(|page| page.lines.windows(2))
        .filter(|w| w[0].region == w[1].region)
        .map(|w| (w[0].height - w[1].height) / w[1].size)
        .filter(|d| (0.8..4.0).contains(d))
        .collect();
    distances.sort_by(f64::total_cmp);
    // The smaller ones are those within paragraphs.
    distances.get(distances.len() / 3).copied().unwrap_or(1.2)
}

fn starts_paragraph(line: &Line, last: &Line, length: usize, (left, right): (f64, f64), pitch: f64) -> bool {
    if names_speaker(&line.text) || line.text.trim_start().starts_with(['•', '▪', '●']) {
        return true;
    }
    if (line.size - last.size).abs() > 0.12 * last.size {
        return true;
    }
    if line.region != last.region {
        return !lower_start(&line.text) || ends_sentence(&last.text);
    }
    if last.height - line.height > pitch * line.size * 1.3 {
        return true;
    }
    let indent = line.left - last.left;
    // The first line of a paragraph is further in than the one above; the second of it is further out.
    if indent > 0.8 * line.size && (line.left - left) > 0.8 * line.size || indent < -0.8 * line.size && length > 1 {
        return true;
    }
    last.right < right - 0.2 * (right - left) && ends_sentence(&last.text)
}

/// `Q.`, `A:`, `MR. BO:`, `The CHAIRMAN.`, `Senator BO.`: a hearing or transcript goes to another speaker.
fn names_speaker(line: &str) -> bool {
    let line = line.trim_start();
    if ["Q.", "A.", "Q:", "A:", "Q ", "A "].iter().any(|m| {
        line.strip_prefix(m).is_some_and(|r| r.starts_with([' ', '“', '"']) || m.ends_with(' ') && r.starts_with(' '))
    }) {
        return true;
    }
    let Some((label, _)) = line.split_once([':', '.']).filter(|(l, _)| l.len() <= 60) else { return false };
    let label = match label {
        "Mr" | "Mrs" | "Ms" | "Dr" | "MR" | "MRS" | "MS" | "DR" | "Sen" | "Rep" => {
            let rest = line.get(label.len() + 1..).unwrap_or_default();
            rest.split_once([':', '.']).map_or("", |(name, _)| name)
        }
        label => label,
    };
    let last = label.split_whitespace().last().unwrap_or_default();
    label.len() <= 60 && last.len() > 2 && last.chars().all(|c| c.is_uppercase() || "-'’".contains(c))
}

fn lower_start(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(char::is_lowercase)
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().trim_end_matches(['"', '”', '’', '\'', ')', ']']).ends_with(['.', '!', '?', ':'])
}

/// Tells whether a page starts in the middle of the last paragraph of the one before.
fn goes_on(last: &Paragraph, next: &[Line]) -> bool {
    let (Some(last), Some(next)) = (last.lines.last(), next.first()) else { return false };
    lower_start(&next.text) && !ends_sentence(&last.text) && (next.size - last.size).abs() < 0.12 * last.size
}

/// The words of a document: they tell whether a hyphen at a line end is part of the word.
struct Words {
    whole: BTreeSet<String>,
    /// Whether this document divides words at line ends.
    divides: bool,
}

impl Words {
    fn of(pages: &[Page]) -> Words {
        let lines = || pages.iter().flat_map(|p| &p.lines);
        let mut whole = BTreeSet::new();
        for line in lines() {
            for word in line.text.split_whitespace() {
                let word = bare(word);
                if !word.is_empty() && !word.ends_with('-') && whole.len() < 500_000 {
                    whole.insert(word);
                }
            }
        }
        let mut proven = 0;
        for page in pages {
            for pair in page.lines.windows(2) {
                proven +=
                    usize::from(divided(&pair[0].text, &pair[1].text).is_some_and(|(a, b)| whole.contains(&(a + &b))));
            }
        }
        Words { whole, divides: proven > 0 }
    }

    /// Joins the lines of a paragraph.
    fn joined(&self, lines: &[Line]) -> String {
        let mut out = String::new();
        for line in lines {
            let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if out.ends_with('\u{ad}') {
                out.pop();
            } else if let Some((first, second)) = divided(&out, &text) {
                let hyphenated = self.whole.contains(&format!("{first}-{second}"));
                let plain = self.whole.contains(&format!("{first}{second}"));
                if !hyphenated && (plain || self.divides) {
                    out.pop();
                }
            } else if !out.is_empty() && !text.is_empty() {
                out.push(' ');
            }
            out.push_str(&text);
        }
        out.retain(|c| c != '\u{ad}');
        out
    }
}

/// Returns the two parts of a word that a line end divides, in lower case, without the hyphen.
fn divided(line: &str, next: &str) -> Option<(String, String)> {
    let stem = line.trim_end().strip_suffix(['-', '\u{2010}'])?;
    let first = bare(stem.split_whitespace().last()?);
    let second = bare(next.split_whitespace().next()?);
    let letters = stem.ends_with(char::is_alphabetic) && next.trim_start().starts_with(char::is_lowercase);
    (letters && !first.is_empty() && !second.is_empty()).then_some((first, second))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').trim_start_matches('-').to_lowercase()
}
