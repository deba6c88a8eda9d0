//! What surrounds every page: head, ways through the record, the box to search in.

use maud::{DOCTYPE, Markup, html};

use super::Site;
use crate::report::html::{CAUTION, about};

/// Which of the ways through the record a page lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The first page.
    Start,
    /// Findings.
    Findings,
    /// Speakers and their claims.
    Speakers,
    /// Articles.
    Articles,
    /// Somewhere else.
    Elsewhere,
}

/// Puts a page around its contents; `words` are what was searched for.
pub fn frame(site: &Site, title: &str, way: Way, words: &str, contents: Markup) -> Markup {
    let base = &site.base;
    let ways = [
        (Way::Start, "/", "Record"),
        (Way::Findings, "/findings", "Findings"),
        (Way::Speakers, "/speakers", "Speakers"),
        (Way::Articles, "/articles", "Articles"),
    ];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (about(&format!("{title} · onrecord")))
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ (base) "/style.css" };
                script src={ (base) "/page.js" } defer {}
            }
            body.served {
                a.skip href="#main" { "To the contents" }
                header.top {
                    nav aria-label="Record" {
                        ul {
                            @for (to, path, name) in ways {
                                li { a href={ (base) (path) } aria-current=[(to == way).then_some("page")] { (name) } }
                            }
                        }
                    }
                    form.search role="search" action={ (base) "/search" } method="get" {
                        label for="q" { "Search claims" }
                        input #q type="search" name="q" value=(words) autocomplete="off" maxlength="400" aria-keyshortcuts="/";
                        button { "Search" }
                    }
                }
                div #results aria-live="polite" {}
                p #said.unseen role="status" {}
                main #main tabindex="-1" { (contents) }
                footer { p { (CAUTION) } }
            }
        }
    }
}

/// Returns the way from one page of a long list to the next.
pub fn turning(path: &str, query: &[(&str, &str)], page: usize, shown: usize, all: usize) -> Markup {
    let pages = all.div_ceil(shown.max(1));
    let to = |page: usize| {
        let mut address = format!("{path}?page={}", page + 1);
        for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
            address.push_str(&format!("&{name}={}", crate::report::links::encode(value)));
        }
        address
    };
    html! {
        @if pages > 1 {
            nav.turning aria-label="Pages" {
                @if page > 0 { a rel="prev" href=(to(page - 1)) { "← Earlier in the list" } }
                span { "Page " (page + 1) " of " (pages) }
                @if page + 1 < pages { a rel="next" href=(to(page + 1)) { "Further →" } }
            }
        }
    }
}
