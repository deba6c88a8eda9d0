//! `watch`: what is new in feeds, into the record.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use jiff::Zoned;

use super::adding::Adding;
use super::inputs::read_error;
use super::web::{self, Web, WebOptions};
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::article::{self, Article, Limits, Origin, Overrides};
use crate::claim::ArticleId;
use crate::fetch::{Answer, Request, Validators};
use crate::store::{Access, Added, Purpose, Visit};

/// Adds what is new in feeds, once or every few minutes
///
/// An entry's text is that of the feed, where the feed has it in full; else the page that the entry links to is read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord watch https://example.org/feed.xml
  onrecord watch https://example.org/politics.rss https://example.com/atom.xml --every 30
  onrecord watch https://example.org/feed.xml --feed-only")]
pub struct WatchArgs {
    /// Addresses of RSS, Atom or JSON feeds
    #[arg(required = true, value_name = "FEED")]
    feeds: Vec<String>,
    /// Look again every so many minutes, until stopped
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=10_080))]
    every: Option<u64>,
    /// Read the linked page of every entry, also where the feed has the full text
    #[arg(long, conflicts_with = "feed_only")]
    full: bool,
    /// Read no pages: a summary in the feed is taken as it is, and marked as one
    #[arg(long)]
    feed_only: bool,
    #[command(flatten)]
    web: WebOptions,
}

/// Entries whose pages are fetched before they are put on record: what is lost at most when the power goes.
const PORTION: usize = 10;

/// Runs the command.
pub fn run(args: &WatchArgs, session: &mut Session) -> Outcome {
    let format = session.format("watch", &[Format::Table, Format::Json, Format::Jsonl])?;
    let mut watch = Watch { args, web: Web::new(args.web.settings()), limits: Limits::default(), format };
    let Some(minutes) = args.every else { return watch.round(session) };
    loop {
        match watch.round(session) {
            Err(error) if error.is_closed_pipe() => return Err(error),
            // Another process has the record, or the disk is full: that may be over by the next time.
            Err(error) => session.failed(&error),
            Ok(_) => {}
        }
        session.finish()?;
        // The rules of hosts, their addresses and open connections grow old.
        watch.web = Web::new(args.web.settings());
        let pause = Duration::from_secs(minutes * 60);
        if let Ok(next) = Zoned::now().checked_add(pause) {
            session.note(format!("looking again at {}", next.strftime("%H:%M")));
        }
        std::thread::sleep(pause);
    }
}

struct Watch<'a> {
    args: &'a WatchArgs,
    web: Web,
    limits: Limits,
    format: Format,
}

/// An entry of a feed that was not dealt with in this state.
struct Entry {
    id: ArticleId,
    state: [u8; 16],
    article: Article,
}

/// What an entry gave.
struct Taken {
    entry: (ArticleId, [u8; 16]),
    articles: Vec<Article>,
    /// The page that was visited for it, and what to ask with next time; `None` there where it had not changed.
    page: Option<(String, Option<Validators>)>,
}

impl Watch<'_> {
    /// Looks at every feed once.
    fn round(&mut self, session: &mut Session) -> Outcome {
        let mut adding = Adding::new(session, self.format, Overrides::default(), false);
        let mut failed = 0;
        for feed in &self.args.feeds {
            match self.feed(feed, &mut adding, session)? {
                Ok(failures) => failed += failures,
                Err(error) => {
                    failed += 1;
                    session.failed(&error);
                }
            }
        }
        adding.finish(failed, None, session)?;
        let all = adding.counts.failed >= self.args.feeds.len() && adding.counts.done() == 0;
        Ok(match adding.counts.failed {
            0 => Exit::Done,
            _ if all => Exit::Failed,
            _ => Exit::SomeFailed,
        })
    }

    /// Adds what is new in a feed and returns how many entries failed; the inner error is that of the feed as a whole.
    ///
    /// The record is closed while servers are asked, so that other commands can use it.
    fn feed(
        &mut self,
        feed: &str,
        adding: &mut Adding,
        session: &mut Session,
    ) -> Result<Result<usize, CommandError>, CommandError> {
        let known = match record::open_if_any(session)? {
            Some(record) => record.visit(feed, Purpose::Feed)?,
            None => None,
        };
        let known = known.map(|v| Validators { etag: v.etag, last_modified: v.last_modified });
        let request = Request { address: feed, unless: known.as_ref(), named_by: None };
        let fetched = match self.web.client().and_then(|client| client.get(&request)) {
            Ok(Answer::Fetched(fetched)) => fetched,
            Ok(Answer::NotModified) => {
                session.note(format!("{feed} has not changed"));
                return Ok(Ok(0));
            }
            Err(error) => return Ok(Err(web::fetch_error(&error))),
        };
        let origin = web::origin(&fetched);
        if !article::is_feed(&fetched.body) {
            return Ok(Err(no_feed(feed, &article::feeds_named(&origin, &fetched.body, &self.limits))));
        }
        let refused = adding.counts.failed;
        let mut failed = 0;
        let mut entries = Vec::new();
        for entry in article::feed_entries(&origin, fetched.body, &self.limits) {
            match entry {
                Ok(article) => {
                    let (id, state) = (ArticleId(article.identity()), self.state(&article));
                    entries.push(Entry { id, state, article });
                }
                Err(error) => {
                    failed += 1;
                    session.failed(&read_error(&error));
                }
            }
        }
        let mut visits = BTreeMap::new();
        if let Some(record) = record::open_if_any(session)? {
            let mut new = Vec::new();
            for entry in entries {
                if record.has_seen(entry.id, entry.state)? {
                    adding.counts.unchanged += 1;
                    continue;
                }
                if let Some(url) = &entry.article.url
                    && let Some(visit) = record.visit(url, Purpose::Page)?
                {
                    visits.insert(url.clone(), visit);
                }
                new.push(entry);
            }
            entries = new;
        }
        let mut entries = entries.into_iter().peekable();
        while entries.peek().is_some() {
            let mut portion = Vec::new();
            for entry in entries.by_ref().take(PORTION) {
                match self.take(entry, &visits, &origin, session) {
                    Some(taken) => portion.push(taken),
                    None => failed += 1,
                }
            }
            if !portion.is_empty() {
                store(portion, &visits, adding, session)?;
            }
        }
        if failed == 0 && adding.counts.failed == refused && !fetched.validators.is_empty() {
            let Validators { etag, last_modified } = fetched.validators;
            let visit = Visit { etag, last_modified, articles: Vec::new() };
            record::open(session, Access::Write)?.note_visit(feed, Purpose::Feed, &visit)?;
        }
        Ok(Ok(failed))
    }

    /// A fingerprint of all that a feed says about an entry, and of what is wanted of it.
    fn state(&self, article: &Article) -> [u8; 16] {
        let Article { name, text, title, outlet: _, date, url, byline, summary } = article;
        let mut hasher = blake3::Hasher::new();
        let date = date.map(|d| d.to_string());
        for part in [Some(name), Some(text), title.as_ref(), date.as_ref(), url.as_ref(), byline.as_ref()] {
            hasher.update(part.map_or(&[0xff], |p| p.as_bytes())).update(&[0]);
        }
        hasher.update(&[*summary, self.args.full, self.args.feed_only].map(u8::from));
        let mut state = [0; 16];
        state.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        state
    }

    /// Returns the articles of an entry: its own text, or those of its page; `None` where that failed.
    fn take(
        &mut self,
        entry: Entry,
        visits: &BTreeMap<String, Visit>,
        feed: &Origin,
        session: &mut Session,
    ) -> Option<Taken> {
        let Entry { id, state, article } = entry;
        let in_full = !article.summary && !article.text.trim().is_empty();
        let with_page = !self.args.feed_only && (self.args.full || !in_full);
        let Some(url) = article.url.clone().filter(|_| with_page) else {
            if article.text.trim().is_empty() {
                let name = article.title.as_deref().unwrap_or(&article.name);
                session.note(format!("left out “{name}” of {}: the feed has no text of it", feed.url));
                return Some(Taken { entry: (id, state), articles: Vec::new(), page: None });
            }
            return Some(Taken { entry: (id, state), articles: vec![article], page: None });
        };
        let known =
            visits.get(&url).map(|v| Validators { etag: v.etag.clone(), last_modified: v.last_modified.clone() });
        let request = Request { address: &url, unless: known.as_ref(), named_by: Some(&feed.url) };
        match self.web.client().and_then(|client| client.get(&request)) {
            Ok(Answer::NotModified) => {
                Some(Taken { entry: (id, state), articles: Vec::new(), page: Some((url, None)) })
            }
            Ok(Answer::Fetched(fetched)) => {
                let mut articles = Vec::new();
                for reading in article::inspect_fetched(&web::origin(&fetched), fetched.body, &self.limits) {
                    match reading {
                        Ok(reading) => articles.push(completed(reading.article, &article)),
                        Err(error) => {
                            session.failed(&read_error(&error));
                            return None;
                        }
                    }
                }
                Some(Taken { entry: (id, state), articles, page: Some((url, Some(fetched.validators))) })
            }
            Err(error) => {
                session.failed(&web::fetch_error(&error));
                None
            }
        }
    }
}

/// Puts on record what entries gave, and then that they were dealt with.
fn store(
    portion: Vec<Taken>,
    visits: &BTreeMap<String, Visit>,
    adding: &mut Adding,
    session: &mut Session,
) -> Result<(), CommandError> {
    let record = record::open(session, Access::Write)?;
    let mut seen = Vec::new();
    for Taken { entry, articles, page } in portion {
        let count = articles.len();
        let ids = adding.add(articles, Some(&record), session)?;
        // One that the record does not take was counted and named; it is tried again next time.
        if ids.len() < count {
            continue;
        }
        match page {
            Some((url, Some(Validators { etag, last_modified }))) => {
                record.note_visit(&url, Purpose::Page, &Visit { etag, last_modified, articles: ids })?;
            }
            Some((url, None)) => {
                for id in visits.get(&url).map(|v| v.articles.as_slice()).unwrap_or_default() {
                    let stored = record.article(*id, None)?;
                    adding.note(&stored.article, stored.attributions.len(), Added::Unchanged, session)?;
                }
            }
            None => {}
        }
        seen.push(entry);
    }
    record.note_seen(&seen)?;
    Ok(())
}

/// Gives an article what its page does not say and the feed does.
fn completed(mut article: Article, entry: &Article) -> Article {
    for (has, says) in [
        (&mut article.title, &entry.title),
        (&mut article.outlet, &entry.outlet),
        (&mut article.byline, &entry.byline),
        (&mut article.url, &entry.url),
    ] {
        if has.is_none() {
            has.clone_from(says);
        }
    }
    article.date = article.date.or(entry.date);
    article
}

fn no_feed(address: &str, named: &[String]) -> CommandError {
    let error = CommandError::new(format!("cannot watch {address}")).cause("it is no RSS, Atom or JSON feed");
    match named {
        [] => error.hint("`onrecord add` reads a page once"),
        feeds => error.cause(format!("the page names these feeds: {}", feeds.join(", "))),
    }
}
