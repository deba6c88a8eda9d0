//! A report as one page that needs nothing else: no network, no script.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::findings::{SECTIONS, UNEXPLAINED, claims_named, counted, coverage, plural};
use super::links::passage_link;
use super::passage::{Part, Passage};
use super::text::sanitise;
use super::timeline::timeline;
use crate::claim::Claim;
use crate::consistency::{Finding, Findings, Repeated};
use crate::span::Span;
use crate::verdict::FindingKind;

/// The look of every page of ours.
pub const STYLE: &str = include_str!("page.css");

/// Speakers that get a timeline on a page about many.
const MOST_TIMELINES: usize = 12;

/// Returns the page of a report; `claims` are all that were looked at.
pub fn page(title: &str, findings: &Findings, claims: &[Claim], kinds: &[FindingKind]) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (sanitise(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "To the findings" }
                header {
                    h1 { (sanitise(title)) }
                    (looked_at(findings))
                }
                main #findings { (body(findings, claims, kinds)) }
                footer {
                    p { "Made by onrecord. A possible contradiction is a pair of statements to look at, not a judgement of the speaker: "
                        "read both passages in their articles." }
                }
            }
        }
    }
    .into_string()
}

/// Returns the report's sections, for a page that has a frame of its own.
pub fn body(findings: &Findings, claims: &[Claim], kinds: &[FindingKind]) -> Markup {
    let sections = SECTIONS.iter().filter(|(kind, ..)| kinds.contains(kind));
    let drawn = timelines(findings, claims);
    // One speaker's timeline is the summary of the page; those of many are an appendix.
    let leads = findings.coverage.len() <= 1;
    html! {
        @if leads { (drawn) }
        @for (kind, heading, none) in sections {
            section aria-label=(heading) {
                @if *kind == FindingKind::Repeat {
                    h2 { (heading) @if !findings.repeated.is_empty() { " (" (findings.repeated.len()) ")" } }
                    @if findings.repeated.is_empty() { p.none { "No " (none) " found." } }
                    @for repeated in &findings.repeated { (repeated_statement(repeated)) }
                } @else {
                    @let of_kind: Vec<&Finding> = findings.findings.iter().filter(|f| f.kind == *kind).collect();
                    h2 { (heading) @if !of_kind.is_empty() { " (" (of_kind.len()) ")" } }
                    @if of_kind.is_empty() { p.none { "No " (none) " found." } }
                    @for finding in of_kind { (finding_article(finding)) }
                }
            }
        }
        @if !leads { (drawn) }
    }
}

fn looked_at(findings: &Findings) -> Markup {
    match findings.coverage.as_slice() {
        [] => html! { p { "Nothing was looked at." } },
        few if few.len() <= 3 => html! { @for line in few { p.coverage { (coverage(line)) } } },
        many => {
            let claims: usize = many.iter().map(|c| c.claims).sum();
            html! {
                p.coverage { (claims) " claim" (plural(claims)) " of " (many.len()) " speakers were looked at." }
                details {
                    summary { "All speakers" }
                    ul { @for line in many { li { (coverage(line)) } } }
                }
            }
        }
    }
}

fn timelines(findings: &Findings, claims: &[Claim]) -> Markup {
    let mut by_speaker: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        by_speaker.entry(&claim.speaker_name).or_default().push(claim);
    }
    // Those with findings first, in the order of the findings.
    let mut order: Vec<&str> = Vec::new();
    let named = findings.findings.iter().map(|f| f.a.speaker_name.as_str());
    for name in named.chain(findings.repeated.iter().map(|r| r.statement.speaker_name.as_str())) {
        if !order.contains(&name) && order.len() < MOST_TIMELINES {
            order.push(name);
        }
    }
    if order.is_empty() && by_speaker.len() == 1 {
        order.extend(by_speaker.keys());
    }
    let drawn: Vec<(&str, Markup)> =
        order.into_iter().filter_map(|name| Some((name, timeline(name, by_speaker.get(name)?, findings)?))).collect();
    html! {
        @if !drawn.is_empty() {
            section aria-label="Timeline" {
                h2 { "Over time" }
                p.key { span.key-dot {} " claims  " span.key-run {} " a statement repeated  " span.key-arc {} " two statements that oppose each other" }
                @for (name, svg) in drawn {
                    figure { figcaption { (sanitise(name)) } (svg) }
                }
            }
        }
    }
}

fn finding_article(finding: &Finding) -> Markup {
    let marks = |side: fn(&crate::verdict::Reason) -> &Vec<Span>| {
        finding.reasons.iter().flat_map(|r| side(r).iter().copied()).collect::<Vec<Span>>()
    };
    html! {
        article.finding id=(finding.id) {
            h3 { (sanitise(&finding.a.speaker_name)) " " span.sure { (format!("{:.0} % sure", finding.confidence * 100.0)) } }
            div.sides {
                (side("Earlier", &finding.a, &marks(|r| &r.a)))
                (side("Later", &finding.b, &marks(|r| &r.b)))
            }
            @if !finding.reasons.is_empty() {
                ul.reasons { @for reason in &finding.reasons { li { (sanitise(&reason.says)) " " span.rule { (reason.rule) } } } }
            }
            @if finding.reasons.is_empty() { p.state { (UNEXPLAINED) } }
            p.state {
                @match &finding.review {
                    None => "Not reviewed.",
                    Some(review) => {
                        "Reviewed " (sanitise(&review.at)) ": " strong { (sanitise(&review.verdict)) }
                        @if let Some(note) = &review.note { " – " (sanitise(note)) }
                        @if review.reopened { " (the evidence has changed since)" }
                    }
                }
                " " span.id { (finding.id) }
            }
        }
    }
}

fn side(label: &str, claim: &Claim, marks: &[Span]) -> Markup {
    html! {
        div.side {
            p.place { span.label { (label) } " " (place(claim)) }
            @if !claim.context.before.trim().is_empty() { p.before { (sanitise(&claim.context.before)) } }
            blockquote cite=[claim.url.as_deref()] { p { (passage(&Passage::new(claim, marks))) } }
        }
    }
}

/// Returns where a claim stands, linked to its passage.
pub fn place(claim: &Claim) -> Markup {
    let date = claim.date.map(|d| d.to_string());
    let outlet = sanitise(claim.outlet.as_deref().unwrap_or("outlet unknown"));
    html! {
        @match &date {
            Some(date) => time datetime=(date) { (date) },
            None => "undated",
        }
        " · "
        @match passage_link(claim) {
            Some(link) => a href=(link) rel="noreferrer" { (outlet) },
            None => (outlet),
        }
        @if let Some(title) = &claim.title { " · " cite { (sanitise(title)) } }
        " " span.id { (claim.id.to_string()) }
    }
}

/// Returns a passage with the claim set apart and the words that matter marked.
pub fn passage(passage: &Passage) -> Markup {
    html! {
        @for (span, part) in &passage.pieces {
            @let words = sanitise(span.of(&passage.text));
            @match part {
                Part::Around => span.around { (words) },
                Part::Said => (words),
                Part::Marked => mark { (words) },
            }
        }
    }
}

fn repeated_statement(repeated: &Repeated) -> Markup {
    html! {
        article.repeated {
            h3 { (sanitise(&repeated.statement.speaker_name)) }
            p.count { (counted(repeated)) }
            p.place { span.label { "First" } " " (place(&repeated.statement)) }
            blockquote cite=[repeated.statement.url.as_deref()] { p { (passage(&Passage::new(&repeated.statement, &[]))) } }
            p.state { span.id { (claims_named(repeated)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::tests::sample;
    use super::super::passage::tests::claim;
    use super::*;

    #[test]
    fn the_page_is_whole_and_escaped() {
        let mut findings = sample();
        findings.findings[0].a.speaker_name = "Petra <script>alert(1)</script> Vance".into();
        let claims = vec![
            claim(1, "2024-01-02", "Mail", "“[There will be no tolls on this bridge, ever],” she said."),
            claim(7, "2025-03-09", "Courier", "Vance said [drivers would pay four marks each way]."),
        ];
        let kinds = [FindingKind::Contradiction, FindingKind::Repeat];
        let page = page("Report", &findings, &claims, &kinds);
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("Petra &lt;script&gt;"));
        assert!(page.contains("<mark>no tolls</mark>") && page.contains("<mark>would pay</mark>"));
        assert!(
            page.contains(
                "https://mail.example/1#:~:text=There%20will%20be%20no%20tolls%20on%20this%20bridge%2C%20ever"
            )
        );
        assert!(page.contains("said 14 times, 2024-01-02 to 2025-10-02, 6 outlets"));
        assert!(!page.contains("src=") && !page.contains("url("), "nothing is loaded");
    }

    #[test]
    fn the_timeline_draws_an_arc_for_a_contradiction_and_a_run_for_a_repeat() {
        let mut findings = sample();
        findings.repeated[0].claims = vec![crate::claim::ClaimId(1), crate::claim::ClaimId(7)];
        let claims = [
            claim(1, "2024-01-02", "Mail", "“[There will be no tolls on this bridge, ever],” she said."),
            claim(7, "2025-03-09", "Courier", "Vance said [drivers would pay four marks each way]."),
        ];
        let all: Vec<&Claim> = claims.iter().collect();
        let svg = timeline("Petra Vance", &all, &findings).unwrap().into_string();
        assert!(
            svg.contains("class=\"arc\"") && svg.contains("href=\"#f0a1\"") && svg.contains("class=\"run\""),
            "{svg}"
        );
    }
}
