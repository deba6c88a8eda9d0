//! Markdown for notes.

use std::fmt::Write;

use super::findings::{SECTIONS, claims_named, counted, coverage};
use super::links::passage_link;
use super::passage::{Part, Passage};
use super::text::one_line;
use crate::claim::Claim;
use crate::consistency::{Finding, Findings};
use crate::span::Span;
use crate::verdict::FindingKind;

/// Returns text on one line with everything escaped that Markdown or HTML would read as markup.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Returns a report as Markdown.
pub fn report(title: &str, findings: &Findings, kinds: &[FindingKind]) -> String {
    let mut out = format!("# {}\n\n", escape(title));
    for line in &findings.coverage {
        let _ = writeln!(out, "- {}", escape(&coverage(line)));
    }
    for (kind, heading, none) in SECTIONS.iter().filter(|(kind, ..)| kinds.contains(kind)) {
        let _ = writeln!(out, "\n## {heading}\n");
        let mut any = false;
        if *kind == FindingKind::Repeat {
            for repeated in &findings.repeated {
                any = true;
                let _ = writeln!(out, "### {}\n", escape(&repeated.statement.speaker_name));
                let _ = writeln!(out, "{} ({})\n", escape(&counted(repeated)), claims_named(repeated));
                quote(&repeated.statement, &[], &mut out);
            }
        } else {
            for finding in findings.findings.iter().filter(|f| f.kind == *kind) {
                any = true;
                self::finding(finding, &mut out);
            }
        }
        if !any {
            let _ = writeln!(out, "No {none} found.");
        }
    }
    out
}

fn finding(finding: &Finding, out: &mut String) {
    let sure = finding.confidence * 100.0;
    let _ = writeln!(out, "### {} ({sure:.0} % sure, {})\n", escape(&finding.a.speaker_name), finding.id);
    let marks = |side: fn(&crate::verdict::Reason) -> &Vec<Span>| {
        finding.reasons.iter().flat_map(|r| side(r).iter().copied()).collect::<Vec<Span>>()
    };
    quote(&finding.a, &marks(|r| &r.a), out);
    quote(&finding.b, &marks(|r| &r.b), out);
    for reason in &finding.reasons {
        let _ = writeln!(out, "- {} (`{}`)", escape(&reason.says), reason.rule);
    }
    if let Some(review) = &finding.review {
        let note = review.note.as_deref().map(|n| format!(": {}", escape(n))).unwrap_or_default();
        let _ = writeln!(out, "- reviewed {}: {}{note}", escape(&review.at), escape(&review.verdict));
    }
    out.push('\n');
}

fn quote(claim: &Claim, marks: &[Span], out: &mut String) {
    let date = claim.date.map_or("undated".to_string(), |d| d.to_string());
    let outlet = escape(claim.outlet.as_deref().unwrap_or("outlet unknown"));
    let place = match passage_link(claim) {
        // Parentheses and blanks would end the address.
        Some(link) => {
            let link = link.replace('(', "%28").replace(')', "%29").replace(' ', "%20").replace(['<', '>', '\n'], "");
            format!("[{outlet}]({link})")
        }
        None => outlet,
    };
    let passage = Passage::new(claim, marks);
    let mut words = String::new();
    for (span, part) in &passage.pieces {
        let raw = span.of(&passage.text);
        let piece = escape(raw);
        // The blanks at the edges go outside the stars, or they would not count as markup.
        if raw.starts_with(char::is_whitespace) && !words.ends_with(' ') {
            words.push(' ');
        }
        match part {
            Part::Marked if !piece.is_empty() => {
                let _ = write!(words, "**{piece}**");
            }
            _ => words.push_str(&piece),
        }
        if raw.ends_with(char::is_whitespace) && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    let _ = writeln!(out, "> {}\n>\n> {date}, {place}, {}\n", words.trim(), claim.id);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_not_obeyed() {
        assert_eq!(escape("a *b* <script>\n[x](y) | z"), r"a \*b\* &lt;script&gt; \[x\](y) \| z");
    }
}
