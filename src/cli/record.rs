//! The record as commands use it: opened with an error that helps, speakers found by any name, texts at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{CommandError, Session};
use crate::claim::ids::Id;
use crate::claim::{ArticleId, Claim, SpeakerId};
use crate::report::json::ClaimView;
use crate::span::CodePoints;
use crate::store::{Access, Lookup, Record, SpeakerSummary, StoreError};

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let mut made = CommandError::new(error.to_string());
        if let Some(source) = std::error::Error::source(&error) {
            made = made.because(source);
        }
        match error.hint() {
            Some(hint) => made.hint(hint),
            None => made,
        }
    }
}

/// Opens the record of the session: waits where another process has it, and says so, and reads a copy where the folder cannot be
/// written.
pub fn open(session: &Session, access: Access) -> Result<Record, CommandError> {
    let path = session.db();
    let opened = match Record::open(&path, access, Duration::ZERO) {
        Err(StoreError::InUse { by, .. }) if !session.wait.is_zero() => {
            // Most commands are done in a moment; only a longer wait is worth a word.
            let moment = session.wait.min(Duration::from_millis(300));
            match Record::open(&path, access, moment) {
                Err(StoreError::InUse { .. }) => {
                    let by = by.unwrap_or_else(|| "another process".into());
                    let (shown, most) = (path.display(), session.wait.as_secs());
                    session.remark(&format!("Waiting for {by}, which has {shown} open (at most {most} s)…"));
                    Record::open(&path, access, session.wait)
                }
                opened => opened,
            }
        }
        opened => opened,
    };
    match opened {
        Err(StoreError::Unwritable(_)) if access == Access::Read => {
            session.remark(&format!("{} cannot be written: reading a temporary copy of it.", path.display()));
            Ok(Record::open_copy(&path, &scratch()?, session.wait)?)
        }
        opened => Ok(opened?),
    }
}

/// Makes a folder of one's own for a copy.
fn scratch() -> Result<PathBuf, CommandError> {
    let root = std::env::temp_dir();
    for attempt in 0u32.. {
        let path = root.join(format!("onrecord-read-{}-{attempt}", std::process::id()));
        let mut folder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        match folder.create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && attempt < 100 => {}
            Err(error) => {
                return Err(CommandError::new(format!("cannot make the folder {}", path.display()))
                    .because(&error)
                    .hint("set TMPDIR to a folder that can be written and has room for a copy of the record"));
            }
        }
    }
    Err(CommandError::new("cannot make a temporary folder"))
}

/// Opens the record of the session for reading, if there is one.
pub fn open_if_any(session: &Session) -> Result<Option<Record>, CommandError> {
    match Record::open(&session.db(), Access::Read, session.wait) {
        Err(StoreError::Missing(_)) => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

/// Opens the record of the session to correct it; unlike adding, this makes none.
pub fn open_to_correct(session: &Session) -> Result<Record, CommandError> {
    // A folder without a record is the same error as in reading.
    let access = if session.db().join("format").is_file() { Access::Write } else { Access::Read };
    open(session, access)
}

/// Finds a speaker by any form of the name, or by id; else says which names are near or which several fit.
pub fn speaker(record: &Record, name: &str) -> Result<SpeakerSummary, CommandError> {
    if let Ok(Id::Speaker(id)) = name.parse() {
        return Ok(record.speaker(id)?);
    }
    match record.find_speaker(name)? {
        Lookup::One(speaker) => Ok(speaker),
        Lookup::Several(speakers) => {
            let mut error = CommandError::new(format!("`{name}` fits several speakers"));
            for speaker in speakers.iter().take(10) {
                error = error.cause(format!(
                    "{}  {}{} · {} claims",
                    speaker.id,
                    speaker.name,
                    speaker.roles.first().map(|r| format!(", {r}")).unwrap_or_default(),
                    speaker.claims
                ));
            }
            Err(error.hint("give the name in full, or the id"))
        }
        Lookup::None { near } => {
            let error = CommandError::new(format!("no speaker `{name}` is on record"));
            Err(match near.as_slice() {
                [] => error.hint("`onrecord speakers` lists them"),
                near => error.hint(format!("Did you mean {}?", alternatives(near))),
            })
        }
    }
}

/// `A`, `A or B`, `A, B or C`.
fn alternatives(names: &[String]) -> String {
    let names: Vec<String> = names.iter().take(5).map(|n| format!("“{n}”")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The texts of articles, to give claims their offsets.
pub struct Texts<'r> {
    record: &'r Record,
    held: BTreeMap<(ArticleId, u32), String>,
}

/// Texts held at once.
const HELD: usize = 64;

impl<'r> Texts<'r> {
    /// Makes an empty cache over a record.
    pub fn new(record: &'r Record) -> Self {
        Texts { record, held: BTreeMap::new() }
    }

    /// Returns the text of a claim's article, in the claim's version.
    pub fn text(&mut self, claim: &Claim) -> Result<&str, StoreError> {
        let key = (claim.article, claim.version);
        if !self.held.contains_key(&key) {
            if self.held.len() >= HELD {
                self.held.clear();
            }
            let text = self.record.article(claim.article, Some(claim.version))?.article.text;
            self.held.insert(key, text);
        }
        Ok(self.held.get(&key).map_or("", String::as_str))
    }

    /// Makes the view of a claim.
    pub fn view(&mut self, claim: &Claim) -> Result<ClaimView, StoreError> {
        let text = self.text(claim)?;
        Ok(ClaimView::new(claim, &CodePoints::new(text)))
    }

    /// Makes the views of claims.
    pub fn views(&mut self, claims: &[Claim]) -> Result<Vec<ClaimView>, StoreError> {
        claims.iter().map(|claim| self.view(claim)).collect()
    }
}

/// Returns a speaker's claims that a filter takes, oldest first.
pub fn claims_of(
    record: &Record,
    speaker: SpeakerId,
    mut takes: impl FnMut(&Claim) -> bool,
) -> Result<Vec<Claim>, CommandError> {
    let mut claims = Vec::new();
    for claim in record.claims(speaker) {
        let claim = claim?;
        if takes(&claim) {
            claims.push(claim);
        }
    }
    Ok(claims)
}
