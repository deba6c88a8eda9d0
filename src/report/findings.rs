//! A report as people read it at a terminal: findings one after the other, side by side where there is room.

use std::fmt::Write;

use anstyle::Style;

use super::links::passage_link;
use super::passage::{Part, Passage};
use super::styles::Styles;
use super::table::{link, paint};
use super::text::{columns, one_line, sanitise, wrap};
use crate::claim::Claim;
use crate::consistency::{Coverage, Finding, Findings, Repeated};
use crate::span::Span;
use crate::verdict::FindingKind;

/// The kinds of a report in the order in which they are shown, with their headings.
pub const SECTIONS: [(FindingKind, &str, &str); 4] = [
    (FindingKind::Contradiction, "Possible contradictions", "possible contradictions"),
    (FindingKind::ChangedPosition, "Changed positions", "changed positions"),
    (FindingKind::ReportsDiffer, "Reports that differ", "reports that differ"),
    (FindingKind::Repeat, "Repeats", "repeats"),
];

/// What is said where no rule gives a reason.
pub const UNEXPLAINED: &str = "The trained judge read both statements as a whole; no rule names single words.";

/// Two passages stand side by side from this width on.
const SIDE_BY_SIDE: usize = 100;

/// Returns a report in lines of at most `width` columns.
///
/// `kinds` are the sections that were asked for; an empty one says so.
pub fn render(findings: &Findings, kinds: &[FindingKind], width: usize, styles: &Styles) -> String {
    let mut out = String::new();
    for (kind, heading, none) in SECTIONS {
        if !kinds.contains(&kind) {
            continue;
        }
        if kind == FindingKind::Repeat {
            repeated(&findings.repeated, width, styles, &mut out);
            continue;
        }
        let of_kind: Vec<&Finding> = findings.findings.iter().filter(|f| f.kind == kind).collect();
        if of_kind.is_empty() {
            let _ = writeln!(out, "{}\n", paint(&format!("No {none} found."), styles.heading));
            continue;
        }
        let _ = writeln!(out, "{}\n", paint(&format!("{heading} ({})", of_kind.len()), styles.heading));
        for finding in of_kind {
            self::finding(finding, width, styles, &mut out);
            out.push('\n');
        }
    }
    let few = findings.coverage.len() <= 3;
    if !few {
        let claims: usize = findings.coverage.iter().map(|c| c.claims).sum();
        let words = format!("Looked at {claims} claim{} of {} speakers.", plural(claims), findings.coverage.len());
        let _ = writeln!(out, "{}", paint(&words, styles.faint));
    }
    for line in findings.coverage.iter().filter(|_| few) {
        for part in wrapped(&coverage(line), width, "", "  ") {
            let _ = writeln!(out, "{}", paint(&part, styles.faint));
        }
    }
    out
}

/// Appends one finding.
pub fn finding(finding: &Finding, width: usize, styles: &Styles, out: &mut String) {
    let marks = |side: fn(&crate::verdict::Reason) -> &Vec<Span>| {
        finding.reasons.iter().flat_map(|r| side(r).iter().copied()).collect::<Vec<Span>>()
    };
    let a = Passage::new(&finding.a, &marks(|r| &r.a));
    let b = Passage::new(&finding.b, &marks(|r| &r.b));
    let _ = writeln!(
        out,
        "{}  {}",
        paint(&one_line(&finding.a.speaker_name), styles.speaker),
        paint(&format!("{:.0} % sure · {}", finding.confidence * 100.0, one_line(&finding.id)), styles.faint)
    );
    if width >= SIDE_BY_SIDE {
        let room = (width - 2 - 3) / 2;
        let (left, right) = (side(&finding.a, &a, room, styles), side(&finding.b, &b, room, styles));
        for i in 0..left.len().max(right.len()) {
            let (text, wide) = left.get(i).cloned().unwrap_or_default();
            let (other, _) = right.get(i).cloned().unwrap_or_default();
            let line = format!("  {text}{}   {other}", " ".repeat(room.saturating_sub(wide)));
            let _ = writeln!(out, "{}", line.trim_end());
        }
    } else {
        for (claim, passage) in [(&finding.a, &a), (&finding.b, &b)] {
            for (line, _) in side(claim, passage, width - 2, styles) {
                let _ = writeln!(out, "{}", format!("  {line}").trim_end());
            }
        }
    }
    for reason in &finding.reasons {
        for line in wrapped(&format!("{} ({})", one_line(&reason.says), one_line(&reason.rule)), width, "  • ", "    ")
        {
            let _ = writeln!(out, "{line}");
        }
    }
    if finding.reasons.is_empty() {
        for line in wrapped(UNEXPLAINED, width, "  • ", "    ") {
            let _ = writeln!(out, "{}", paint(&line, styles.faint));
        }
    }
    if let Some(review) = &finding.review {
        let note = review.note.as_deref().map(|n| format!(": {}", one_line(n))).unwrap_or_default();
        let again = if review.reopened { "; the evidence has changed since" } else { "" };
        let words = format!("reviewed {}: {}{note}{again}", one_line(&review.at), one_line(&review.verdict));
        for line in wrapped(&words, width, "  ✎ ", "    ") {
            let _ = writeln!(out, "{}", paint(&line, styles.faint));
        }
    }
}

/// One side of a finding: where it stands, and the passage; each line with its width.
fn side(claim: &Claim, passage: &Passage, width: usize, styles: &Styles) -> Vec<(String, usize)> {
    let mut lines = Vec::new();
    let place = wrapped(&place(claim), width, "", "");
    let address = passage_link(claim);
    lines.extend(place.iter().map(|l| (link(&paint(l, styles.faint), address.as_deref(), styles), columns(l))));
    lines.extend(passage_lines(passage, width, styles));
    lines
}

/// Where a claim stands: day, outlet, id.
pub fn place(claim: &Claim) -> String {
    let date = claim.date.map_or("undated".to_string(), |d| d.to_string());
    let outlet = claim.outlet.as_deref().map(|o| format!("  {}", one_line(o))).unwrap_or_default();
    format!("{date}{outlet}  {}", claim.id)
}

/// Returns a passage in lines with their widths; marked words are styled, or underlined by carets where there is no style.
pub fn passage_lines(passage: &Passage, width: usize, styles: &Styles) -> Vec<(String, usize)> {
    // Made harmless piece by piece, so that the pieces still fit.
    let mut text = String::new();
    let mut parts: Vec<(std::ops::Range<usize>, Part)> = Vec::new();
    for (span, part) in &passage.pieces {
        let start = text.len();
        for c in sanitise(span.of(&passage.text)).chars() {
            if !c.is_whitespace() {
                text.push(c);
            } else if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        parts.push((start..text.len(), *part));
    }
    let plain = styles.marked == Style::new();
    let mut lines = Vec::new();
    for line in wrap(&text, width) {
        let mut shown = String::new();
        let mut carets = String::new();
        for (range, part) in &parts {
            let piece = &text[range.start.clamp(line.start, line.end)..range.end.clamp(line.start, line.end)];
            let style = match part {
                Part::Around => styles.faint,
                Part::Said => Style::new(),
                Part::Marked => styles.marked,
            };
            shown += &paint(piece, style);
            carets.extend(std::iter::repeat_n(if *part == Part::Marked { '^' } else { ' ' }, columns(piece)));
        }
        lines.push((shown, columns(&text[line])));
        let carets = carets.trim_end();
        if plain && !carets.is_empty() {
            lines.push((carets.to_string(), carets.len()));
        }
    }
    lines
}

/// Returns how a repeated statement is counted: `said 14 times, 2015-08-03 to 2016-10-02, 6 outlets`.
pub fn counted(repeated: &Repeated) -> String {
    let mut words = match repeated.count {
        2 => "said twice".to_string(),
        1 => "said once".to_string(),
        n => format!("said {n} times"),
    };
    match (repeated.statement.date, repeated.last) {
        (Some(from), Some(to)) if from != to => {
            let _ = write!(words, ", {from} to {to}");
        }
        (Some(day), _) | (None, Some(day)) => {
            let _ = write!(words, ", {day}");
        }
        (None, None) => {}
    }
    if repeated.outlets > 0 {
        let _ = write!(words, ", {} outlet{}", repeated.outlets, plural(repeated.outlets));
    }
    if repeated.wire_copies > 0 {
        let copies = if repeated.wire_copies == 1 { "copy" } else { "copies" };
        let _ = write!(words, " (and {} {copies} of one utterance)", repeated.wire_copies);
    }
    words
}

/// Returns the ids of a repeated statement's claims; of many only the first ones.
pub fn claims_named(repeated: &Repeated) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<String> = repeated.claims.iter().take(SHOWN).map(|id| id.to_string()).collect();
    if repeated.claims.len() > SHOWN {
        names.push(format!("and {} more", repeated.claims.len() - SHOWN));
    }
    names.join(" ")
}

fn repeated(groups: &[Repeated], width: usize, styles: &Styles, out: &mut String) {
    if groups.is_empty() {
        let _ = writeln!(out, "{}\n", paint("No repeats found.", styles.heading));
        return;
    }
    let _ = writeln!(out, "{}\n", paint(&format!("Repeated statements ({})", groups.len()), styles.heading));
    for group in groups {
        let words = counted(group);
        let name = one_line(&group.statement.speaker_name);
        if columns(&name) + 2 + columns(&words) <= width {
            let _ = writeln!(out, "{}  {}", paint(&name, styles.speaker), paint(&words, styles.faint));
        } else {
            let _ = writeln!(out, "{}", paint(&name, styles.speaker));
            for line in wrapped(&words, width, "  ", "  ") {
                let _ = writeln!(out, "{}", paint(&line, styles.faint));
            }
        }
        let passage = Passage::new(&group.statement, &[]);
        for (line, _) in passage_lines(&passage, width - 2, styles) {
            let _ = writeln!(out, "  {line}");
        }
        for line in wrapped(&claims_named(group), width, "  ", "  ") {
            let _ = writeln!(out, "{}\n", paint(&line, styles.faint));
        }
    }
}

/// Returns one sentence on what was looked at.
pub fn coverage(coverage: &Coverage) -> String {
    let mut words = format!(
        "{}: {} claim{} in {} article{}",
        one_line(&coverage.speaker),
        coverage.claims,
        plural(coverage.claims),
        coverage.articles,
        plural(coverage.articles),
    );
    if coverage.outlets > 0 {
        let _ = write!(words, " of {} outlet{}", coverage.outlets, plural(coverage.outlets));
    }
    if let (Some(from), Some(to)) = (coverage.from, coverage.to) {
        let _ = if from == to { write!(words, ", {from}") } else { write!(words, ", {from} to {to}") };
    }
    words
}

/// Returns `s` for all counts but one.
pub fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn wrapped(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    let room = width.saturating_sub(columns(first).max(columns(rest)));
    let lead = |i: usize| if i == 0 { first } else { rest };
    wrap(text, room).into_iter().enumerate().map(|(i, line)| format!("{}{}", lead(i), &text[line])).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::passage::tests::claim;
    use super::*;
    use crate::claim::ClaimId;
    use crate::verdict::Reason;

    pub(crate) fn sample() -> Findings {
        let a = claim(1, "2024-01-02", "Mail", "“[There will be no tolls on this bridge, ever],” she said.");
        let b = claim(7, "2025-03-09", "Courier", "Vance said [drivers would pay four marks each way].");
        let reason = Reason {
            rule: "opposed".into(),
            a: vec![Span::new(14, 22)],
            b: vec![Span::new(8, 17)],
            says: "“no tolls” cannot stand beside “would pay”.".into(),
        };
        let mut repeat = Repeated {
            statement: a.clone(),
            count: 14,
            outlets: 6,
            claims: (1..=14).map(ClaimId).collect(),
            last: "2025-10-02".parse().ok(),
            wire_copies: 2,
        };
        repeat.statement.text = "There will be no tolls on this bridge, ever".into();
        Findings {
            findings: vec![Finding {
                id: "f0a1".into(),
                kind: FindingKind::Contradiction,
                a,
                b,
                confidence: 0.874,
                reasons: vec![reason],
                review: None,
            }],
            repeated: vec![repeat],
            coverage: vec![Coverage {
                speaker: "Petra Vance".into(),
                claims: 21,
                articles: 9,
                outlets: 6,
                from: "2024-01-02".parse().ok(),
                to: "2025-10-02".parse().ok(),
            }],
        }
    }

    #[test]
    fn narrow_output_marks_the_words_that_oppose() {
        let text = render(&sample(), &[FindingKind::Contradiction, FindingKind::Repeat], 60, &Styles::default());
        assert_eq!(
            text,
            "Possible contradictions (1)

Petra Vance  87 % sure · f0a1
  2024-01-02  Mail  c1
  “There will be no tolls on this bridge, ever,” she said.
                 ^^^^^^^^
  2025-03-09  Courier  c7
  Vance said drivers would pay four marks each way.
                     ^^^^^^^^^
  • “no tolls” cannot stand beside “would pay”. (opposed)

Repeated statements (1)

Petra Vance
  said 14 times, 2024-01-02 to 2025-10-02, 6 outlets (and 2
  copies of one utterance)
  “There will be no tolls on this bridge, ever,” she said.
  c1 c2 c3 c4 c5 c6 c7 c8 and 6 more

Petra Vance: 21 claims in 9 articles of 6 outlets,
  2024-01-02 to 2025-10-02
"
        );
    }

    #[test]
    fn wide_output_stands_side_by_side() {
        let text = render(&sample(), &[FindingKind::Contradiction], 110, &Styles::default());
        assert!(
            text.contains("  2024-01-02  Mail  c1                                   2025-03-09  Courier  c7\n"),
            "{text}"
        );
        assert!(text.lines().all(|l| columns(l) <= 110), "{text}");
    }

    #[test]
    fn nothing_found_is_said() {
        let text = render(&Findings::default(), &[FindingKind::Contradiction], 80, &Styles::default());
        assert_eq!(text, "No possible contradictions found.\n\n");
    }
}
