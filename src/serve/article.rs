//! The page of an article: its text with the evidence marked where it stands.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::Site;
use super::frame::{Way, frame};
use super::pages::{Missing, facts, name_of};
use super::routes::{Asked, Trouble};
use super::shelf::Library;
use crate::claim::ids::Id;
use crate::claim::{ClaimId, SpeakerId};
use crate::report::findings::plural;
use crate::report::html::linked;
use crate::report::links::Pages;
use crate::report::text::sanitise;
use crate::span::Span;
use crate::store::StoredArticle;

/// What a stretch of an article is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Content,
    Source,
    Cue,
}

/// One span of evidence.
struct Evidence {
    span: Span,
    role: Role,
    claim: ClaimId,
    speaker: Option<SpeakerId>,
}

/// One article, in its latest version or the one asked for.
pub fn page(site: &Site, id: &str, asked: &Asked) -> Result<Markup, Trouble> {
    let Ok(Id::Article(prefix)) = id.parse() else { return Err(Missing(format!("{id} names no article.")).into()) };
    let version = asked.version.parse().ok();
    let stored = site.shelf.ask(|record| record.article(record.find_article(&prefix)?, version))?;
    let library = site.shelf.library()?;
    let article = &stored.article;
    let title = article.title.clone().unwrap_or_else(|| article.name.clone());
    let evidence = evidence(&stored);
    let address = article.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://"));
    let contents = html! {
        h1 { (sanitise(&title)) }
        p.place {
            @if let Some(date) = article.date { time datetime=(date) { (date) } " · " }
            @match address {
                Some(address) => a href=(address) rel="noreferrer noopener" { (sanitise(article.outlet.as_deref().unwrap_or(address))) },
                None => (sanitise(article.outlet.as_deref().unwrap_or("outlet unknown"))),
            }
        }
        (facts(&[("Byline", article.byline.clone().unwrap_or_default()), ("Article", stored.id.to_string())]))
        (versions(site, &stored))
        p.key { mark { "what was said" } " " b.source { "who" } " " span.cue { "the word that says so" } }
        div.article {
            @for paragraph in paragraphs(&article.text) { p { (marked(&article.text, paragraph, &evidence, &library, site)) } }
        }
        section aria-label="Claims" {
            @let claims = stored.attributions.len();
            h2 { (claims) " claim" (plural(claims)) }
            ol.claims {
                @for (id, speaker, attribution) in &stored.attributions {
                    @let said = attribution.content.iter().map(|s| s.of(&article.text)).collect::<Vec<_>>().join(" … ");
                    li {
                        p { (who(*speaker, &library, site)) }
                        p.said { a href={ "#" (id) } { (sanitise(&said)) } }
                        p.place { (linked(speaker.and_then(|_| Pages::under(&site.base).claim(*id)), html! { (id) }, "id")) }
                    }
                }
            }
        }
    };
    Ok(frame(site, &title, Way::Articles, "", contents))
}

fn who(speaker: Option<SpeakerId>, library: &Library, site: &Site) -> Markup {
    match speaker {
        Some(id) => {
            linked(Pages::under(&site.base).speaker(id), html! { (sanitise(&name_of(library, id))) }, "speaker")
        }
        None => html! { span.none { "(not known)" } },
    }
}

fn versions(site: &Site, stored: &StoredArticle) -> Markup {
    html! {
        @if stored.versions > 1 {
            nav.contents aria-label="Versions" {
                ul {
                    @for number in 1..=stored.versions {
                        li { a href={ (site.base) "/articles/" (format!("{:#}", stored.id)) "?version=" (number) }
                            aria-current=[(number == stored.version).then_some("page")] { "Version " (number) } }
                    }
                }
            }
        }
    }
}

fn evidence(stored: &StoredArticle) -> Vec<Evidence> {
    let mut all = Vec::new();
    for (claim, speaker, attribution) in &stored.attributions {
        let spans =
            [(Role::Content, &attribution.content), (Role::Source, &attribution.source), (Role::Cue, &attribution.cue)];
        for (role, spans) in spans {
            all.extend(spans.iter().map(|span| Evidence { span: *span, role, claim: *claim, speaker: *speaker }));
        }
    }
    all
}

/// The paragraphs of a text, as spans without the blank lines between them.
fn paragraphs(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if end > at {
            found.push(Span::new(at, end));
        }
        at += line.len();
    }
    found
}

/// A paragraph cut where evidence begins or ends; a claim's first piece bears its anchor, its last one its number.
fn marked(text: &str, paragraph: Span, evidence: &[Evidence], library: &Library, site: &Site) -> Markup {
    let inside: Vec<&Evidence> = evidence.iter().filter(|e| e.span.overlaps(paragraph)).collect();
    let mut edges: BTreeSet<u32> = [paragraph.start, paragraph.end].into();
    edges.extend(inside.iter().flat_map(|e| [e.span.start, e.span.end]));
    let edges: Vec<u32> = edges.into_iter().filter(|e| (paragraph.start..=paragraph.end).contains(e)).collect();
    let first = |claim: ClaimId| {
        let own = evidence.iter().filter(|e| e.claim == claim && e.role == Role::Content).map(|e| e.span.start);
        own.min()
    };
    let last = |claim: ClaimId| {
        let own = evidence.iter().filter(|e| e.claim == claim && e.role == Role::Content).map(|e| e.span.end);
        own.max()
    };
    let pages = Pages::under(&site.base);
    html! {
        @for edge in edges.windows(2) {
            @let piece = Span { start: edge[0], end: edge[1] };
            @let over: Vec<&&Evidence> = inside.iter().filter(|e| e.span.contains(piece)).collect();
            @let words = sanitise(piece.of(text));
            @let roles: BTreeSet<Role> = over.iter().map(|e| e.role).collect();
            @for begun in inside.iter().filter(|e| e.role == Role::Content && Some(piece.start) == first(e.claim) && e.span.start == piece.start) {
                span.anchor id=(begun.claim) {}
            }
            @if roles.contains(&Role::Content) {
                mark { @if roles.contains(&Role::Source) { b.source { (words) } } @else if roles.contains(&Role::Cue) { span.cue { (words) } } @else { (words) } }
            } @else if roles.contains(&Role::Source) { b.source { (words) } }
            @else if roles.contains(&Role::Cue) { span.cue { (words) } }
            @else { (words) }
            @for ended in inside.iter().filter(|e| e.role == Role::Content && Some(piece.end) == last(e.claim) && e.span.end == piece.end) {
                @if let Some(speaker) = ended.speaker {
                    @let name = name_of(library, speaker);
                    a.ref href=[pages.claim(ended.claim)] title=(sanitise(&name)) { (ended.claim) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_leave_out_blank_lines() {
        let text = "One.\n\n  Two.  \nThree.";
        assert_eq!(paragraphs(text).iter().map(|p| p.of(text)).collect::<Vec<_>>(), ["One.", "  Two.", "Three."]);
    }
}
