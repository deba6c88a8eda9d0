//! The pages: start, speakers, claims, articles, search.

use maud::{Markup, html};

use super::Site;
use super::finding_pages::{keys, reviewed, so_far, word};
use super::frame::{Way, frame, turning};
use super::review;
use super::routes::{Asked, Trouble};
use super::shelf::Library;
use crate::claim::ids::Id;
use crate::claim::{Claim, SpeakerId};
use crate::consistency::{Finding, Findings, Repeated};
use crate::findings;
use crate::matching::likeness::{Ranking, named_words, places_of};
use crate::report::findings::{SECTIONS, plural};
use crate::report::html::{self as shown, Setting, day_and_outlet, linked, looked_at, passage, place, quotation};
use crate::report::links::Pages;
use crate::report::passage::Passage;
use crate::report::text::sanitise;
use crate::span::Span;
use crate::store::SpeakerSummary;
use crate::verdict::FindingKind;

/// Rows on one page of a list.
const ROWS: usize = 100;
/// Claims that a search shows.
const HITS: usize = 30;

/// What was asked for and is not there.
pub struct Missing(pub String);

/// The setting of findings on a page of the server.
pub fn setting(site: &Site) -> Setting<'_> {
    Setting { pages: Pages::under(&site.base), controls: None, total: None }
}

/// Says what went wrong.
pub fn trouble(site: &Site, title: &str, words: &str, hint: Option<&str>) -> Markup {
    let contents = html! {
        h1 { (title) }
        p { (sanitise(words)) }
        @if let Some(hint) = hint { p { (sanitise(hint)) } }
    };
    frame(site, title, Way::Elsewhere, "", contents)
}

/// The first page: what is on record, and what to look at first.
pub fn home(site: &Site) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let known = site.lookout.known(&library, None);
    let stats = &library.stats;
    let contents = html! {
        h1 { "On record" }
        p.coverage {
            (stats.claims) " claim" (plural(stats.claims as usize)) " of " (library.speakers.len()) " speaker"
            (plural(library.speakers.len())) " in " (stats.articles) " article" (plural(stats.articles as usize)) "."
        }
        section aria-label="Findings" {
            h2 { "Findings" }
            (so_far(&known))
            ul.tally {
                @for (kind, heading, _) in SECTIONS {
                    @let count = match kind {
                        FindingKind::Repeat => known.findings.repeated.len(),
                        kind => known.findings.findings.iter().filter(|f| f.kind == kind).count(),
                    };
                    li { a href={ (site.base) "/findings?kind=" (word(kind)) } { (heading) ": " b { (count) } } }
                }
            }
        }
        section aria-label="Speakers" {
            h2 { "Speakers with most claims" }
            (speakers_table(site, library.speakers.iter().take(10)))
            @if library.speakers.len() > 10 { p { a href={ (site.base) "/speakers" } { "All " (library.speakers.len()) " speakers" } } }
        }
        section aria-label="Articles" {
            h2 { "Newest articles" }
            (articles_list(site, &library, 0, 10))
            @if library.articles.len() > 10 { p { a href={ (site.base) "/articles" } { "All " (library.articles.len()) " articles" } } }
        }
    };
    Ok(frame(site, "Record", Way::Start, "", contents))
}

/// All speakers, or those whose name, alias or role holds the words asked for.
pub fn speakers(site: &Site, asked: &Asked) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let words = asked.words().to_lowercase();
    let holds = |speaker: &&SpeakerSummary| {
        let mut named = std::iter::once(&speaker.name).chain(&speaker.aliases).chain(&speaker.roles);
        words.is_empty() || named.any(|name| name.to_lowercase().contains(&words))
    };
    let found: Vec<&SpeakerSummary> = library.speakers.iter().filter(holds).collect();
    let path = format!("{}/speakers", site.base);
    let contents = html! {
        h1 { "Speakers" }
        (narrowing(&path, asked, "Name, alias or role"))
        @if found.is_empty() { p.none { "No such speaker on record." } }
        (speakers_table(site, found.iter().copied().skip(asked.page() * ROWS).take(ROWS)))
        (turning(&path, &[("q", asked.words())], asked.page(), ROWS, found.len()))
    };
    Ok(frame(site, "Speakers", Way::Speakers, "", contents))
}

/// A form that narrows a list.
fn narrowing(path: &str, asked: &Asked, label: &str) -> Markup {
    html! {
        form.narrow action=(path) method="get" {
            label for="narrow" { (label) }
            input #narrow type="search" name="q" value=(asked.words());
            button { "Show" }
        }
    }
}

fn speakers_table<'s>(site: &Site, speakers: impl Iterator<Item = &'s SpeakerSummary>) -> Markup {
    let pages = Pages::under(&site.base);
    html! {
        table {
            thead { tr { th scope="col" { "Speaker" } th scope="col" { "Role" } th.number scope="col" { "Claims" } th.wide.number scope="col" { "Articles" } th.wide scope="col" { "First" } th.wide scope="col" { "Last" } } }
            tbody {
                @for speaker in speakers {
                    tr {
                        th scope="row" { (linked(pages.speaker(speaker.id), html! { (sanitise(&speaker.name)) }, "speaker")) }
                        td { (sanitise(speaker.roles.first().map_or("", String::as_str))) }
                        td.number { (speaker.claims) }
                        td.wide.number { (speaker.articles) }
                        td.wide { @if let Some(day) = speaker.first { (day) } }
                        td.wide { @if let Some(day) = speaker.last { (day) } }
                    }
                }
            }
        }
    }
}

/// One speaker: findings, and claims, oldest first.
pub fn speaker(site: &Site, id: &str, asked: &Asked) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let speaker = match id.parse() {
        Ok(Id::Speaker(id)) => library.speaker(id),
        _ => None,
    };
    let speaker = speaker.ok_or_else(|| Missing(format!("There is no speaker {id} with claims.")))?;
    let known = site.lookout.known(&library, Some(speaker.id));
    let claims = library.claims(speaker.id);
    let kinds: Vec<FindingKind> = SECTIONS.iter().map(|(kind, ..)| *kind).collect();
    let path = format!("{}/speakers/{}", site.base, speaker.id);
    let whole_page = asked.words().is_empty() && asked.page() == 0;
    let mut found = (*known.findings).clone();
    site.shelf.ask(|record| findings::with_reviews(record, &mut found))?;
    let controls = |finding: &Finding| review::controls(site, finding);
    let setting = Setting { controls: Some(&controls), ..setting(site) };
    let contents = html! {
        h1 { (sanitise(&speaker.name)) }
        (facts(&[("Also", speaker.aliases.join(" · ")), ("Roles", speaker.roles.join(" · "))]))
        @if whole_page {
            (looked_at(&known.findings))
            (so_far(&known))
            @if known.is_whole() {
                (shown::contents(&found, &kinds))
                @if !found.findings.is_empty() { (keys()) }
                (shown::body(&found, &claims, &kinds, &setting))
            }
        }
        (claims_of(site, &path, &claims, asked))
    };
    Ok(frame(site, &speaker.name, Way::Speakers, "", contents))
}

/// A speaker's claims, those that hold the words asked for.
fn claims_of(site: &Site, path: &str, claims: &[Claim], asked: &Asked) -> Markup {
    let found: Vec<(&Claim, Vec<Span>)> = claims
        .iter()
        .map(|claim| (claim, places_of(asked.words(), &claim.text)))
        .filter(|(_, places)| asked.words().is_empty() || !places.is_empty())
        .collect();
    html! {
        section #claims aria-label="Claims" {
            h2 { "Claims (" (found.len()) ")" }
            (narrowing(&format!("{path}#claims"), asked, "Claims that hold"))
            @if found.is_empty() { p.none { "No such claim." } }
            ol.claims {
                @for (claim, places) in found.iter().skip(asked.page() * ROWS).take(ROWS) { (claim_line(site, claim, places, false)) }
            }
            (turning(path, &[("q", asked.words())], asked.page(), ROWS, found.len()))
        }
    }
}

fn claim_line(site: &Site, claim: &Claim, marks: &[Span], with_speaker: bool) -> Markup {
    let setting = setting(site);
    html! {
        li {
            @if with_speaker { p { (linked(setting.pages.speaker(claim.speaker), html! { (sanitise(&claim.speaker_name)) }, "speaker")) } }
            p.said { (passage(&Passage::of_statement(&claim.text, marks))) }
            p.place { (place(claim, &setting.pages)) }
        }
    }
}

/// Names and values, those that have one.
pub fn facts(facts: &[(&str, String)]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
                div { dt { (name) } dd { (sanitise(value)) } }
            }
        }
    }
}

/// One claim: its evidence, and the findings that it stands in.
pub fn claim(site: &Site, id: &str) -> Result<Markup, Trouble> {
    let Ok(Id::Claim(id)) = id.parse() else { return Err(Missing(format!("{id} names no claim.")).into()) };
    let library = site.shelf.library()?;
    // A claim of an earlier version of its article stands no more, but is on record.
    let claim = match library.claim(id) {
        Some(claim) => claim.clone(),
        None => site.shelf.ask(|record| record.claim(id))?,
    };
    let text = site.shelf.ask(|record| record.article(claim.article, Some(claim.version)))?.article.text;
    let words = |spans: &[Span]| spans.iter().map(|s| s.of(&text)).collect::<Vec<_>>().join(" … ");
    let known = site.lookout.known(&library, Some(claim.speaker));
    let mine = known.findings.findings.iter().filter(|f| f.a.id == id || f.b.id == id).cloned().collect();
    let mine = reviewed(site, mine)?;
    let controls = |finding: &Finding| review::controls(site, finding);
    let setting = Setting { controls: Some(&controls), ..setting(site) };
    let repeated: Vec<Repeated> = known.findings.repeated.iter().filter(|r| r.claims.contains(&id)).cloned().collect();
    let claims = library.claims(claim.speaker);
    let pages = Pages::under(&site.base);
    let title = format!("{}: {}", claim.speaker_name, claim.id);
    let contents = html! {
        h1 { (linked(pages.speaker(claim.speaker), html! { (sanitise(&claim.speaker_name)) }, "speaker")) " " span.id { (claim.id) } }
        p.place { (place(&claim, &pages)) }
        (quotation(&claim, &[]))
        (facts(&[
            ("Claim", claim.text.clone()),
            ("Kind", kind(&claim).to_string()),
            ("Source", words(&claim.attribution.source)),
            ("Cue", words(&claim.attribution.cue)),
            ("Sure", format!("{:.0} %", claim.attribution.confidence * 100.0)),
            ("Version", if claim.version > 1 { claim.version.to_string() } else { String::new() }),
        ]))
        section aria-label="Findings" {
            h2 { "Findings with this claim (" (mine.len()) ")" }
            (so_far(&known))
            @if !mine.is_empty() { (keys()) }
            @for finding in &mine { (shown::finding(finding, &setting)) }
        }
        @if !repeated.is_empty() {
            (shown::sections(&Findings { repeated, ..Findings::default() }, &claims, &[FindingKind::Repeat], &setting))
        }
    };
    Ok(frame(site, &title, Way::Speakers, "", contents))
}

/// What a claim is, in a word or two.
fn kind(claim: &Claim) -> &'static str {
    use crate::attribution::{Act, Kind};
    match (claim.attribution.act, claim.attribution.kind) {
        (Act::Speech, Kind::Direct) => "direct speech",
        (Act::Speech, Kind::Indirect) => "indirect speech",
        (Act::Speech, Kind::Mixed) => "partly in quotation marks",
        (Act::Belief, _) => "belief",
        (Act::Intention, _) => "intention",
    }
}

/// Articles with claims, newest first.
pub fn articles(site: &Site, asked: &Asked) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let path = format!("{}/articles", site.base);
    let contents = html! {
        h1 { "Articles" }
        (articles_list(site, &library, asked.page() * ROWS, ROWS))
        (turning(&path, &[], asked.page(), ROWS, library.articles.len()))
    };
    Ok(frame(site, "Articles", Way::Articles, "", contents))
}

fn articles_list(site: &Site, library: &Library, from: usize, count: usize) -> Markup {
    let pages = Pages::under(&site.base);
    html! {
        ol.claims {
            @for line in library.articles.iter().skip(from).take(count) {
                @if let Some(claim) = library.claim(line.of) {
                    li {
                        p.said { (linked(pages.article(line.id), html! { (sanitise(claim.title.as_deref().unwrap_or("Without a title"))) }, "title")) }
                        p.place { (day_and_outlet(claim)) " · " (line.claims) " claim" (plural(line.claims)) }
                    }
                }
            }
        }
    }
}

/// Claims like the words asked for, best first.
pub fn search(site: &Site, asked: &Asked) -> Result<Markup, Trouble> {
    let library = site.shelf.library()?;
    let words = asked.words();
    let mut ranking = Ranking::new(words);
    if !ranking.is_empty() {
        library.all().for_each(|claim| ranking.take(claim.id, &claim.text));
    }
    let best = ranking.best(HITS);
    let hits: Vec<&Claim> = best.iter().filter_map(|(id, _)| library.claim(*id)).collect();
    let results = html! {
        @if hits.is_empty() && !words.is_empty() { p.none { "No claim like that on record." } }
        ol.claims { @for claim in &hits { (claim_line(site, claim, &named_words(words, &claim.text), true)) } }
    };
    if !asked.part.is_empty() {
        return Ok(html! { h2 { "Claims like “" (sanitise(words)) "”" } (results) });
    }
    let contents = html! {
        h1 { @if words.is_empty() { "Search" } @else { "Claims like “" (sanitise(words)) "”" } }
        (results)
    };
    Ok(frame(site, "Search", Way::Elsewhere, words, contents))
}

/// Whose claims a page is about, for pages that know only the number.
pub fn name_of(library: &Library, speaker: SpeakerId) -> String {
    library.speaker(speaker).map_or_else(|| speaker.to_string(), |s| s.name.clone())
}
