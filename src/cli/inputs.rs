//! Inputs as commands take them: paths and addresses in, articles in bounded batches out, failures named on the way.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use super::web::{self, Web};
use super::{CommandError, Session};
use crate::article::{self, Article, Found, LeftOut, Limits, ReadError, Reading, Source};
use crate::fetch::{self, Answer, Request, Settings, Validators};

/// Articles held at once: enough to keep all cores busy, few enough to stay small.
const BATCH_ARTICLES: usize = 256;
/// Bytes of text held at once.
const BATCH_BYTES: usize = 16 << 20;

/// The articles of what the user named, read one after the other.
pub struct Inputs {
    /// Still to come.
    given: VecDeque<PathBuf>,
    /// The path that is being walked.
    walk: Option<article::Sources>,
    current: Option<Current>,
    limits: Limits,
    web: Web,
    known: BTreeMap<String, Validators>,
    /// The address whose articles the last batch holds; one batch never mixes addresses with other inputs.
    pub address: Option<String>,
    /// What was left out of each article of the last batch.
    pub left_out: Vec<Vec<LeftOut>>,
    /// Addresses that were read to their end since this was last taken.
    pub visited: Vec<Visited>,
    /// Inputs that could not be read.
    pub failed: usize,
    /// Inputs opened.
    pub opened: usize,
}

/// An address that was asked, and read to its end.
pub struct Visited {
    /// The address as given.
    pub address: String,
    /// What to ask with next time; `None` where it holds the same as last time.
    pub validators: Option<Validators>,
    /// Whether all that it holds could be read.
    pub whole: bool,
}

/// The input that is being read.
struct Current {
    articles: article::Readings,
    visit: Option<Visited>,
}

/// What comes next.
enum Next {
    Article(Reading),
    /// An address begins or ends, which ends a batch that has articles.
    Border,
    End,
}

impl Inputs {
    /// Starts reading; servers are asked in the usual way.
    pub fn new(given: &[PathBuf]) -> Inputs {
        Inputs::asking(given, web::default_settings(), BTreeMap::new())
    }

    /// Starts reading; servers are asked as `settings` says, and only for what is not in the state that is `known` of an address.
    pub fn asking(given: &[PathBuf], settings: Settings, known: BTreeMap<String, Validators>) -> Inputs {
        Inputs {
            given: given.iter().cloned().collect(),
            walk: None,
            current: None,
            limits: Limits::default(),
            web: Web::new(settings),
            known,
            address: None,
            left_out: Vec::new(),
            visited: Vec::new(),
            failed: 0,
            opened: 0,
        }
    }

    /// Returns the next articles, in order; none at the end.
    pub fn batch(&mut self, session: &mut Session) -> Vec<Article> {
        let mut batch = Vec::new();
        self.left_out.clear();
        let mut bytes = 0;
        while batch.len() < BATCH_ARTICLES && bytes < BATCH_BYTES {
            match self.next(!batch.is_empty(), session) {
                Next::Article(Reading { article, left_out }) => {
                    self.left_out.push(left_out);
                    bytes += article.text.len();
                    self.address = self.current.as_ref().and_then(|c| c.visit.as_ref()).map(|v| v.address.clone());
                    batch.push(article);
                }
                Next::Border if batch.is_empty() => {}
                Next::Border | Next::End => break,
            }
        }
        batch
    }

    fn next(&mut self, within_batch: bool, session: &mut Session) -> Next {
        loop {
            if let Some(current) = &mut self.current {
                match current.articles.next() {
                    Some(Ok(reading)) => return Next::Article(reading),
                    Some(Err(error)) => {
                        if let Some(visit) = &mut current.visit {
                            visit.whole = false;
                        }
                        self.fail(&error, session);
                    }
                    None => {
                        let visit = self.current.take().and_then(|c| c.visit);
                        if let Some(visit) = visit {
                            self.visited.push(visit);
                            return Next::Border;
                        }
                    }
                }
                continue;
            }
            match self.walk.as_mut().and_then(Iterator::next) {
                Some(found) => self.open(found, session),
                None => {
                    self.walk = None;
                    let Some(next) = self.given.front() else { return Next::End };
                    let is_address = next.to_str().is_some_and(fetch::is_address);
                    if is_address && within_batch {
                        return Next::Border;
                    }
                    let Some(next) = self.given.pop_front() else { return Next::End };
                    match next.to_str().filter(|_| is_address) {
                        Some(address) => self.ask(address, session),
                        None => self.walk = Some(article::sources(&[next])),
                    }
                }
            }
        }
    }

    fn open(&mut self, found: Result<Found, ReadError>, session: &mut Session) {
        match found {
            Ok(Found::Source(source)) => {
                self.opened += 1;
                let articles = article::inspect(&source, &self.limits);
                self.current = Some(Current { articles, visit: None });
            }
            // A file that calls itself text and is none was meant to be read: that is a failure, not a choice.
            Ok(Found::Skipped { path, why })
                if path.extension().is_some_and(|e| {
                    ["txt", "text", "jsonl", "html", "htm"].iter().any(|t| e.eq_ignore_ascii_case(t))
                }) && path.is_file()
                    && !path.is_symlink()
                    && why != "hidden" =>
            {
                self.failed += 1;
                session.failed(&CommandError::new(format!("cannot read {}", path.display())).cause(why));
            }
            Ok(Found::Skipped { path, why }) => session.note(format!("left out {}: {why}", path.display())),
            Err(error) => self.fail(&error, session),
        }
    }

    /// Asks for what an address holds.
    fn ask(&mut self, address: &str, session: &mut Session) {
        self.opened += 1;
        let request = Request { address, unless: self.known.get(address), named_by: None };
        let visit = |validators| Visited { address: address.to_owned(), validators, whole: true };
        match self.web.client().and_then(|client| client.get(&request)) {
            Ok(Answer::NotModified) => self.visited.push(visit(None)),
            Ok(Answer::Fetched(fetched)) => {
                let origin = web::origin(&fetched);
                let articles = article::inspect_fetched(&origin, fetched.body, &self.limits);
                self.current = Some(Current { articles, visit: Some(visit(Some(fetched.validators))) });
            }
            Err(error) => {
                self.failed += 1;
                session.failed(&web::fetch_error(&error));
            }
        }
    }

    fn fail(&mut self, error: &ReadError, session: &mut Session) {
        self.failed += 1;
        session.failed(&read_error(error));
    }
}

/// Turns a reader's error into a command's.
pub fn read_error(error: &ReadError) -> CommandError {
    let made = CommandError::new(error.to_string()).because(&error.failure);
    match error.hint() {
        Some(hint) => made.hint(hint),
        None => made,
    }
}

/// Reads a whole text, of a file or standard input, within the limit for articles.
pub fn text(path: &std::path::Path) -> Result<String, CommandError> {
    use std::io::Read;
    let source = if path.as_os_str() == "-" { Source::Stdin } else { Source::File(path.to_path_buf()) };
    let cannot = |error: std::io::Error| {
        CommandError::new(format!(
            "cannot read {}",
            if source == Source::Stdin { "standard input".into() } else { source.to_string() }
        ))
        .because(&error)
    };
    let stream: Box<dyn Read> = match &source {
        Source::Stdin => Box::new(std::io::stdin()),
        Source::File(path) => Box::new(std::fs::File::open(path).map_err(cannot)?),
        #[allow(unreachable_patterns)]
        other => return Err(CommandError::new(format!("cannot read {other} here")).hint("give a file, or `-`")),
    };
    let mut text = String::new();
    let limit = Limits::default().document;
    stream.take(limit + 1).read_to_string(&mut text).map_err(cannot)?;
    if text.len() as u64 > limit {
        return Err(CommandError::new(format!("{source} is larger than {limit} bytes")));
    }
    Ok(text)
}
