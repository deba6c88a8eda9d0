//! Which address gives which page.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use serde::Deserialize;

use super::finding_pages;
use super::pages::{self, Missing};
use super::review::{self, Given};
use super::{Site, article, guard};
use crate::report::html::STYLE;
use crate::store::StoreError;

/// Longest question that is read, in bytes.
const LONGEST: usize = 500;

/// Largest form that is read, in bytes.
const LARGEST: usize = 16 << 10;

/// What a page is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Words to look for.
    pub q: String,
    /// Which page of a long list, from 1.
    pub page: String,
    /// Findings of one kind.
    pub kind: String,
    /// Findings that nobody has reviewed, where it is `open`.
    pub review: String,
    /// Version of an article.
    pub version: String,
    /// Whether only the results are wanted, without a page around them.
    pub part: String,
}

impl Asked {
    /// Returns the words looked for, within limits.
    pub fn words(&self) -> &str {
        let end = (0..=self.q.len().min(LONGEST)).rev().find(|end| self.q.is_char_boundary(*end)).unwrap_or(0);
        self.q[..end].trim()
    }

    /// Returns the page of a long list, from 0.
    pub fn page(&self) -> usize {
        self.page.parse::<usize>().unwrap_or(1).saturating_sub(1)
    }
}

/// Why there is no page.
pub enum Trouble {
    /// The record cannot be read.
    Store(StoreError),
    /// What was asked for is not there.
    Missing(Missing),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        match error {
            StoreError::Unknown(_) | StoreError::Ambiguous { .. } | StoreError::Invalid(_) => {
                Trouble::Missing(Missing(error.to_string()))
            }
            error => Trouble::Store(error),
        }
    }
}

impl From<Missing> for Trouble {
    fn from(missing: Missing) -> Trouble {
        Trouble::Missing(missing)
    }
}

/// Returns the server's routes behind their guard.
pub fn router(site: Site) -> Router {
    let at = |path: &str| format!("{}{path}", site.base);
    let first = at("/");
    Router::new()
        .route(&at(""), get(|| async move { Redirect::permanent(&first) }))
        .route(&at("/"), get(home))
        .route(&at("/style.css"), get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }))
        .route(&at("/page.js"), get(|| async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT) }))
        .route(&at("/search"), get(search))
        .route(&at("/findings"), get(findings))
        .route(&at("/findings/{id}"), get(finding))
        .route(&at("/findings/{id}/review"), post(give))
        .route(&at("/findings/{id}/undo"), post(take_back))
        .route(&at("/speakers"), get(speakers))
        .route(&at("/speakers/{id}"), get(speaker))
        .route(&at("/claims/{id}"), get(claim))
        .route(&at("/articles"), get(articles))
        .route(&at("/articles/{id}"), get(article))
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(site.clone(), guard::guard))
        .with_state(site)
}

/// The script that makes searching and reviewing quicker; every page works without it.
const SCRIPT: &str = include_str!("page.js");

async fn home(State(site): State<Site>) -> Response {
    answer(site, pages::home).await
}

async fn search(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| pages::search(site, &asked)).await
}

async fn findings(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| finding_pages::findings(site, &asked)).await
}

async fn finding(State(site): State<Site>, Path(id): Path<String>) -> Response {
    answer(site, move |site| finding_pages::finding(site, &id)).await
}

/// Answers a form: with the finding as it is now, or by leading to its page.
async fn give(State(site): State<Site>, Path(id): Path<String>, Form(given): Form<Given>) -> Response {
    let page = (given.part.is_empty()).then(|| format!("{}/findings/{}", site.base, crate::report::links::encode(&id)));
    then_to(page, answer(site, move |site| review::give(site, &id, &given)).await)
}

async fn take_back(State(site): State<Site>, Path(id): Path<String>, Form(given): Form<Given>) -> Response {
    let page = (given.part.is_empty()).then(|| format!("{}/findings/{}", site.base, crate::report::links::encode(&id)));
    then_to(page, answer(site, move |site| review::take_back(site, &id)).await)
}

/// Leads to a page after what was done well; a failure is shown as it is.
fn then_to(page: Option<String>, done: Response) -> Response {
    match page.filter(|_| done.status().is_success()) {
        Some(page) => Redirect::to(&page).into_response(),
        None => done,
    }
}

async fn speakers(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| pages::speakers(site, &asked)).await
}

async fn speaker(State(site): State<Site>, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| pages::speaker(site, &id, &asked)).await
}

async fn claim(State(site): State<Site>, Path(id): Path<String>) -> Response {
    answer(site, move |site| pages::claim(site, &id)).await
}

async fn articles(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| pages::articles(site, &asked)).await
}

async fn article(State(site): State<Site>, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    answer(site, move |site| article::page(site, &id, &asked)).await
}

async fn nothing(State(site): State<Site>) -> Response {
    answer(site, |_| Err(Missing("There is no such page.".into()).into())).await
}

/// Makes a page on a thread that may wait for the disk.
async fn answer(site: Site, make: impl FnOnce(&Site) -> Result<Markup, Trouble> + Send + 'static) -> Response {
    let made = tokio::task::spawn_blocking(move || match make(&site) {
        Ok(page) => (StatusCode::OK, page),
        Err(Trouble::Missing(missing)) => {
            (StatusCode::NOT_FOUND, pages::trouble(&site, "Not on record", &missing.0, None))
        }
        Err(Trouble::Store(error)) => {
            let words = error.to_string();
            let page = pages::trouble(&site, "The record cannot be read", &words, error.hint().as_deref());
            (StatusCode::SERVICE_UNAVAILABLE, page)
        }
    });
    match made.await {
        Ok((status, page)) => {
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string()).into_response()
        }
        // A page that panicked: a mistake of ours, which must not end the server.
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "onrecord ran into a mistake of its own.\n").into_response(),
    }
}
