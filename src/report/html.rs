//! A report as one page that needs nothing else: no network, no script.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::findings::{SECTIONS, UNEXPLAINED, counted, coverage, plural};
use super::links::{Pages, passage_link};
use super::passage::{Part, Passage};
use super::text::sanitise;
use super::timeline::timeline;
use crate::claim::{Claim, ClaimId};
use crate::consistency::{Finding, Findings, Repeated};
use crate::span::Span;
use crate::verdict::FindingKind;

/// The look of every page of ours.
pub const STYLE: &str = include_str!("page.css");

/// What a finding is, in words that every page repeats.
pub const CAUTION: &str = "A possible contradiction is a pair of statements to look at, not a judgement of the speaker: \
                           read both passages in their articles.";

/// Speakers that get a timeline on a page about many.
const MOST_TIMELINES: usize = 12;

/// Times of a repeated statement that are listed.
const MOST_TIMES: usize = 100;

/// More findings than this are laid out only as they come into view.
const MANY: usize = 100;

/// What surrounds the findings of a page.
#[derive(Clone, Copy, Default)]
pub struct Setting<'s> {
    /// Pages beside this one.
    pub pages: Pages<'s>,
    /// What a finding offers to do with it.
    pub controls: Option<&'s dyn Fn(&Finding) -> Markup>,
    /// How many findings of the kind there are, where the page shows a part of them.
    pub total: Option<usize>,
}

/// Returns the page of a report; `claims` are all that were looked at.
pub fn page(title: &str, findings: &Findings, claims: &[Claim], kinds: &[FindingKind]) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (about(title))
                meta name="referrer" content="no-referrer";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "To the findings" }
                header {
                    h1 { (sanitise(title)) }
                    (looked_at(findings))
                    (contents(findings, kinds))
                }
                main #findings { (body(findings, claims, kinds, &Setting::default())) }
                footer { p { "Made by onrecord. " (CAUTION) } }
            }
        }
    }
    .into_string()
}

/// Returns what every page says of itself in its head.
pub fn about(title: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        title { (sanitise(title)) }
    }
}

/// Returns the anchor of a kind's section.
fn anchor(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Contradiction => "contradictions",
        FindingKind::ChangedPosition => "changed-positions",
        FindingKind::ReportsDiffer => "reports-differ",
        FindingKind::Repeat => "repeats",
    }
}

/// How many findings of a kind there are; of repeats, how many statements.
fn count(findings: &Findings, kind: FindingKind) -> usize {
    match kind {
        FindingKind::Repeat => findings.repeated.len(),
        kind => findings.findings.iter().filter(|f| f.kind == kind).count(),
    }
}

/// Returns the counts of all kinds, each linked to its section.
pub fn contents(findings: &Findings, kinds: &[FindingKind]) -> Markup {
    html! {
        nav.contents aria-label="On this page" {
            ul {
                @for (kind, heading, _) in SECTIONS.iter().filter(|(kind, ..)| kinds.contains(kind)) {
                    li { a href={ "#" (anchor(*kind)) } { (heading) ": " b { (count(findings, *kind)) } } }
                }
            }
        }
    }
}

/// Returns the timelines and sections of a report, for a page that has a frame of its own.
pub fn body(findings: &Findings, claims: &[Claim], kinds: &[FindingKind], setting: &Setting) -> Markup {
    let drawn = timelines(findings, claims);
    // One speaker's timeline is the summary of the page; those of many are an appendix.
    let leads = findings.coverage.len() <= 1;
    html! {
        @if leads { (drawn) }
        (sections(findings, claims, kinds, setting))
        @if !leads { (drawn) }
    }
}

/// Returns a section for each kind.
pub fn sections(findings: &Findings, claims: &[Claim], kinds: &[FindingKind], setting: &Setting) -> Markup {
    let by_id: BTreeMap<ClaimId, &Claim> = claims.iter().map(|claim| (claim.id, claim)).collect();
    html! {
        @for (kind, heading, none) in SECTIONS.iter().filter(|(kind, ..)| kinds.contains(kind)) {
            @let shown = match kind { FindingKind::Repeat => findings.repeated.len(), _ => findings.findings.len() };
            section id=(anchor(*kind)) .many[shown > MANY] aria-label=(heading) {
                @let count = setting.total.unwrap_or_else(|| count(findings, *kind));
                h2 { (heading) @if count > 0 { " (" (count) ")" } }
                @if count == 0 { p.none { "No " (none) " found." } }
                @if *kind == FindingKind::Repeat {
                    @for repeated in &findings.repeated { (repeated_statement(repeated, &by_id, setting)) }
                } @else {
                    @for finding in findings.findings.iter().filter(|f| f.kind == *kind) { (self::finding(finding, setting)) }
                }
            }
        }
    }
}

/// Returns what was looked at.
pub fn looked_at(findings: &Findings) -> Markup {
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
        if order.len() < MOST_TIMELINES && !order.contains(&name) {
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
                p.key {
                    span { i.key-dot {} " claims" }
                    span { i.key-run {} " a statement repeated" }
                    span { i.key-arc {} " two statements that oppose each other" }
                    span { i.key-arc.changed {} " a changed position, or reports that differ" }
                }
                @for (name, svg) in drawn {
                    figure { figcaption { (sanitise(name)) } (svg) }
                }
            }
        }
    }
}

/// Returns one finding: both passages side by side, the reasons, the review.
pub fn finding(finding: &Finding, setting: &Setting) -> Markup {
    let marks = |side: fn(&crate::verdict::Reason) -> &Vec<Span>| {
        finding.reasons.iter().flat_map(|r| side(r).iter().copied()).collect::<Vec<Span>>()
    };
    html! {
        article.finding id=(finding.id) aria-label={ (sanitise(&finding.a.speaker_name)) ", " (finding.id) } {
            header {
                h3 { (speaker(&finding.a, setting)) }
                p.sure { (format!("{:.0} % sure", finding.confidence * 100.0)) }
            }
            div.sides {
                (side("Earlier", &finding.a, &marks(|r| &r.a), setting))
                (side("Later", &finding.b, &marks(|r| &r.b), setting))
            }
            @if finding.reasons.is_empty() { p.state { (UNEXPLAINED) } } @else {
                ul.reasons { @for reason in &finding.reasons { li { (sanitise(&reason.says)) " " span.rule { (reason.rule) } } } }
            }
            p.state {
                @match &finding.review {
                    None => "Not reviewed.",
                    Some(review) => {
                        "Reviewed " (sanitise(&review.at)) ": " strong { (sanitise(&review.verdict)) }
                        @if let Some(note) = &review.note { " – " (sanitise(note)) }
                        @if review.reopened { " (the evidence has changed since)" }
                    }
                }
                " " (linked(setting.pages.finding(&finding.id), html! { (finding.id) }, "id"))
            }
            @if let Some(controls) = setting.controls { (controls(finding)) }
        }
    }
}

/// Returns a link with a class; the words alone where there is no address.
pub fn linked(address: Option<String>, words: Markup, class: &str) -> Markup {
    html! {
        @match address {
            Some(address) => a class=(class) href=(address) { (words) },
            None => span class=(class) { (words) },
        }
    }
}

fn speaker(claim: &Claim, setting: &Setting) -> Markup {
    linked(setting.pages.speaker(claim.speaker), html! { (sanitise(&claim.speaker_name)) }, "speaker")
}

fn side(label: &str, claim: &Claim, marks: &[Span], setting: &Setting) -> Markup {
    html! {
        div.side {
            p.place { span.label { (label) } " " (place(claim, &setting.pages)) }
            (quotation(claim, marks))
        }
    }
}

/// Returns a claim in its context as published, the words that matter marked.
pub fn quotation(claim: &Claim, marks: &[Span]) -> Markup {
    let before = sanitise(claim.context.before.trim());
    html! {
        blockquote cite=[web_address(claim)] {
            p {
                @if !before.is_empty() { span.around { (before) " " } }
                (passage(&Passage::new(claim, marks)))
            }
        }
    }
}

/// The address of a claim's article, where it is one of the web.
fn web_address(claim: &Claim) -> Option<&str> {
    claim.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

/// Returns where a claim stands, linked to its passage.
pub fn place(claim: &Claim, pages: &Pages) -> Markup {
    html! {
        (day_and_outlet(claim))
        @if let Some(title) = &claim.title {
            " · " cite { @match pages.article(claim.article) {
                Some(address) => a href={ (address) "#" (claim.id) } { (sanitise(title)) },
                None => (sanitise(title)),
            } }
        }
        " " (linked(pages.claim(claim.id), html! { (claim.id) }, "id"))
    }
}

/// Returns the day and the outlet of a claim, the outlet linked to the passage.
pub fn day_and_outlet(claim: &Claim) -> Markup {
    let outlet = sanitise(claim.outlet.as_deref().unwrap_or("outlet unknown"));
    html! {
        @match claim.date {
            Some(date) => time datetime=(date) { (date) },
            None => "undated",
        }
        " · "
        @match passage_link(claim) {
            Some(link) => a href=(link) rel="noreferrer noopener" { (outlet) },
            None => (outlet),
        }
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

fn repeated_statement(repeated: &Repeated, claims: &BTreeMap<ClaimId, &Claim>, setting: &Setting) -> Markup {
    let times: Vec<&Claim> = repeated.claims.iter().filter_map(|id| claims.get(id).copied()).collect();
    html! {
        article.repeated aria-label={ (sanitise(&repeated.statement.speaker_name)) ", " (repeated.statement.id) } {
            h3 { (speaker(&repeated.statement, setting)) }
            p.count { (counted(repeated)) }
            p.place { span.label { "First" } " " (place(&repeated.statement, &setting.pages)) }
            (quotation(&repeated.statement, &[]))
            @if times.len() > 1 {
                details {
                    summary { "All " (times.len()) " passages" }
                    ol.times {
                        @for claim in times.iter().take(MOST_TIMES) {
                            li { (day_and_outlet(claim)) ": " q { (sanitise(&claim.text)) } " "
                                (linked(setting.pages.claim(claim.id), html! { (claim.id) }, "id")) }
                        }
                    }
                    @if times.len() > MOST_TIMES { p.state { "and " (times.len() - MOST_TIMES) " more" } }
                }
            }
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
