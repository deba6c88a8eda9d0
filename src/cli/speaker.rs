//! `speaker`: corrects who is who. Each correction is an operation: logged, lasting, and taken back by `undo`.

use std::io::Write;

use clap::{Args, Subcommand};

use super::log::{self, OperationView};
use super::{CommandError, Exit, Format, Outcome, Session, record};
use crate::claim::ClaimId;
use crate::claim::ids::Id;
use crate::report::json::Row;
use crate::report::text::one_line;
use crate::store::{Occasion, Operation, Record};

/// Corrects who is who: merges, splits and names speakers, gives claims to others
#[derive(Debug, Args)]
#[command(
    after_help = "Every correction is kept in `onrecord log` and taken back by `onrecord undo`. It also holds for articles that are
added or read again later.

Examples:
  onrecord speaker merge \"J. Kerry\" \"John Kerry\" --why \"one man\"
  onrecord speaker split \"John Smith\" c12 c14 --name \"John Smith (mayor)\"
  onrecord speaker alias \"Theresa May\" \"Theresa Brasier\"
  onrecord speaker rename s3 \"Petra Vance\"
  onrecord speaker reattribute c12 \"Ada Quill\""
)]
pub struct SpeakerArgs {
    #[command(subcommand)]
    correction: Correction,
}

#[derive(Debug, Subcommand)]
enum Correction {
    /// Makes two speakers one; the first counts as the second from now on
    #[command(after_help = "Example:\n  onrecord speaker merge \"J. Kerry\" \"John Kerry\" --why \"one man\"")]
    Merge {
        /// The speaker who goes, by any form of the name or by id
        from: String,
        /// The speaker who stays
        into: String,
        #[command(flatten)]
        why: Why,
    },
    /// Makes a new speaker of some claims of another
    #[command(
        after_help = "Example:\n  onrecord speaker split \"John Smith\" c12 a1f3c2 --name \"John Smith (mayor)\""
    )]
    Split {
        /// The speaker, by any form of the name or by id
        speaker: String,
        /// Claims, or articles for all of the speaker's claims in them
        #[arg(required = true, value_name = "CLAIM|ARTICLE")]
        claims: Vec<String>,
        /// Name of the new speaker [default: as those claims name it]
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Adds a form of the name; later articles that use it mean this speaker
    #[command(after_help = "Example:\n  onrecord speaker alias \"Theresa May\" \"Theresa Brasier\"")]
    Alias {
        /// The speaker, by any form of the name or by id
        speaker: String,
        /// The other name
        name: String,
        #[command(flatten)]
        why: Why,
    },
    /// Changes the name that is shown; the old one still finds the speaker
    #[command(after_help = "Example:\n  onrecord speaker rename s3 \"Petra Vance\"")]
    Rename {
        /// The speaker, by any form of the name or by id
        speaker: String,
        /// The new name
        name: String,
        #[command(flatten)]
        why: Why,
    },
    /// Gives a claim to another speaker
    #[command(
        after_help = "Example:\n  onrecord speaker reattribute c12 \"Ada Quill\" --why \"the article names her further down\""
    )]
    Reattribute {
        /// The claim, by id
        claim: String,
        /// Whose it is, by any form of the name or by id
        speaker: String,
        #[command(flatten)]
        why: Why,
    },
}

/// Why something is done.
#[derive(Debug, Args)]
pub struct Why {
    /// Why, for the log
    #[arg(long, visible_alias = "note", value_name = "TEXT")]
    pub why: Option<String>,
}

/// Runs the command.
pub fn run(args: &SpeakerArgs, session: &mut Session) -> Outcome {
    let format = session.format("speaker", &[Format::Table, Format::Json, Format::Jsonl])?;
    let record = record::open_to_correct(session)?;
    let at = session.now();
    let find = |name: &str| record::speaker(&record, name).map(|speaker| speaker.id);
    let operation = match &args.correction {
        Correction::Merge { from, into, why } => record.merge(find(from)?, find(into)?, occasion(at, why))?,
        Correction::Split { speaker, claims, name, why } => {
            let speaker = find(speaker)?;
            let mut chosen = Vec::new();
            for given in claims {
                chosen.extend(named(&record, speaker, given)?);
            }
            record.split(speaker, &chosen, name.as_deref(), occasion(at, why))?.operation
        }
        Correction::Alias { speaker, name, why } => record.alias(find(speaker)?, name, occasion(at, why))?,
        Correction::Rename { speaker, name, why } => record.rename(find(speaker)?, name, occasion(at, why))?,
        Correction::Reattribute { claim, speaker, why } => {
            let Ok(Id::Claim(id)) = claim.parse() else {
                return Err(CommandError::new(format!("`{claim}` is no claim"))
                    .hint("claims look like c12; `onrecord claims SPEAKER` and `onrecord show ARTICLE` list them"));
            };
            record.reattribute(id, find(speaker)?, occasion(at, why))?
        }
    };
    done(&operation, format, session)
}

/// When and why, as the store takes it.
pub fn occasion(at: i64, why: &Why) -> Occasion<'_> {
    Occasion { at, why: why.why.as_deref() }
}

/// Prints what was done and how to take it back.
pub fn done(operation: &Operation, format: Format, session: &mut Session) -> Outcome {
    match format {
        Format::Json => session.print_json(&Row::new(OperationView::new(operation)))?,
        Format::Jsonl => session.print_json_line(&Row::new(OperationView::new(operation)))?,
        _ => {
            writeln!(session.out(), "{}  {}", operation.id, one_line(&log::sentence(&operation.says)))?;
            session.note(format!("`onrecord undo {}` takes it back", operation.id));
        }
    }
    Ok(Exit::Done)
}

/// The claims that an id names: itself, or all of the speaker's in an article.
fn named(record: &Record, speaker: crate::claim::SpeakerId, given: &str) -> Result<Vec<ClaimId>, CommandError> {
    match given.parse() {
        Ok(Id::Claim(id)) => Ok(vec![id]),
        Ok(Id::Article(prefix)) => {
            let article = record.find_article(&prefix)?;
            let version = record.article(article, None)?.version;
            let own: Vec<ClaimId> = record
                .claims_in(article, version)?
                .into_iter()
                .filter(|claim| claim.speaker == speaker)
                .map(|claim| claim.id)
                .collect();
            if own.is_empty() {
                return Err(CommandError::new(format!("{speaker} has no claim in article {article}")));
            }
            Ok(own)
        }
        _ => Err(CommandError::new(format!("`{given}` is neither a claim nor an article"))
            .hint("claims look like c12, articles like a1f3c2; `onrecord claims SPEAKER` lists them")),
    }
}
