//! Inputs as commands take them: paths in, articles in bounded batches out, failures named on the way.

use std::path::PathBuf;

use super::{CommandError, Session};
use crate::article::{self, Article, Found, Limits, ReadError, Source};

/// Articles held at once: enough to keep all cores busy, few enough to stay small.
const BATCH_ARTICLES: usize = 256;
/// Bytes of text held at once.
const BATCH_BYTES: usize = 16 << 20;

/// The articles of what the user named, read one after the other.
pub struct Inputs {
    sources: article::Sources,
    current: Option<article::Articles>,
    limits: Limits,
    /// Inputs that could not be read.
    pub failed: usize,
    /// Inputs opened.
    pub opened: usize,
}

impl Inputs {
    /// Starts reading.
    pub fn new(paths: &[PathBuf]) -> Inputs {
        let limits = Limits::default();
        Inputs { sources: article::sources(paths), current: None, limits, failed: 0, opened: 0 }
    }

    /// Returns the next articles, in order; none at the end.
    pub fn batch(&mut self, session: &mut Session) -> Vec<Article> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_ARTICLES && bytes < BATCH_BYTES {
            match self.next(session) {
                Some(article) => {
                    bytes += article.text.len();
                    batch.push(article);
                }
                None => break,
            }
        }
        batch
    }

    fn next(&mut self, session: &mut Session) -> Option<Article> {
        loop {
            if let Some(articles) = &mut self.current {
                match articles.next() {
                    Some(Ok(article)) => return Some(article),
                    Some(Err(error)) => self.fail(&error, session),
                    None => self.current = None,
                }
                continue;
            }
            match self.sources.next()? {
                Ok(Found::Source(source)) => {
                    self.opened += 1;
                    self.current = Some(article::read(&source, &self.limits));
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
