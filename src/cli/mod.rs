//! The command line: arguments, one file per command, errors, terminal.
//!
//! A command is a struct of arguments and a function `run(&Args, &mut Session) -> Outcome`. The [`Session`] holds what the
//! outside passes in: where results and notes go, how wide and colourful they may be, and where the record lies.

pub mod error;
pub mod session;
pub mod terminal;

mod add;
mod adding;
mod backup;
mod check_draft;
mod checking;
mod claims;
mod compare;
mod completions;
pub mod config;
mod demo;
mod diff;
mod engine;
mod eval;
mod export;
mod extract;
pub mod filter;
mod finding_row;
mod given;
mod import;
pub mod inputs;
mod log;
mod man;
mod mistake;
mod namings;
mod pager;
mod progress;
pub mod record;
mod refresh;
mod report;
mod restore;
mod review;
mod search;
mod serve;
mod show;
mod speaker;
mod speakers;
mod stats;
mod verify;
mod watch;
mod web;

use std::ffi::OsString;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

pub use error::{CommandError, Exit, Outcome};
pub use session::{Format, Session};
use terminal::{ColorChoice, LinkChoice, Terminal};

/// Reads news articles, keeps who said what per speaker, and shows what was repeated or contradicted, with the evidence.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  onrecord add articles/                    read a folder of articles into the record
  onrecord claims \"John Kerry\"              what one speaker said, oldest first
  onrecord report \"John Kerry\"              what the speaker repeated or contradicted
  onrecord demo                             see it work on the articles that come with it")]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
struct Global {
    /// Folder of the record [default: $ONRECORD_DB, else claims_db]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    db: Option<PathBuf>,
    /// How results are printed [default: table]
    #[arg(long, global = true, value_enum, value_name = "FORMAT", help_heading = "Global options")]
    format: Option<Format>,
    /// Short for --format json
    #[arg(long, global = true, conflicts_with = "format", help_heading = "Global options")]
    json: bool,
    /// Whether to print colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto, help_heading = "Global options")]
    color: ColorChoice,
    /// Whether outlets lead to their passages: OSC 8 links, which many terminals open
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = LinkChoice::Auto, help_heading = "Global options")]
    hyperlinks: LinkChoice,
    /// Print long results to the terminal as they are, without $PAGER
    #[arg(long, global = true, help_heading = "Global options")]
    no_pager: bool,
    /// Seconds to wait while another process uses the record
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 5, help_heading = "Global options")]
    wait: u64,
    /// Print results and errors only: no progress, notes or totals
    #[arg(short, long, global = true, help_heading = "Global options")]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::AddArgs),
    Watch(watch::WatchArgs),
    Extract(extract::ExtractArgs),
    Speakers(speakers::SpeakersArgs),
    Claims(claims::ClaimsArgs),
    Search(search::SearchArgs),
    Stats(stats::StatsArgs),
    Verify(verify::VerifyArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Export(export::ExportArgs),
    Import(import::ImportArgs),
    Report(report::ReportArgs),
    Show(show::ShowArgs),
    Review(review::ReviewArgs),
    Speaker(speaker::SpeakerArgs),
    Diff(diff::DiffArgs),
    Refresh(refresh::RefreshArgs),
    Log(log::LogArgs),
    Undo(log::UndoArgs),
    Serve(serve::ServeArgs),
    CheckDraft(check_draft::CheckDraftArgs),
    Demo(demo::DemoArgs),
    Compare(compare::CompareArgs),
    Eval(eval::EvalArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    Config(config::ConfigArgs),
}

impl Command {
    /// Tells whether its results are to be read through, so that a pager helps where they are long.
    fn is_for_reading(&self) -> bool {
        // Named one by one: output of a command that goes on for long must not be held back.
        matches!(
            self,
            Command::Extract(_)
                | Command::Speakers(_)
                | Command::Claims(_)
                | Command::Search(_)
                | Command::Report(_)
                | Command::Show(_)
                | Command::Diff(_)
                | Command::Log(_)
                | Command::CheckDraft(_)
        )
    }

    fn run(&self, session: &mut Session) -> Outcome {
        match self {
            Command::Add(args) => add::run(args, session),
            Command::Watch(args) => watch::run(args, session),
            Command::Speakers(args) => speakers::run(args, session),
            Command::Claims(args) => claims::run(args, session),
            Command::Report(args) => report::run(args, session),
            Command::CheckDraft(args) => check_draft::run(args, session),
            Command::Demo(args) => demo::run(args, session),
            Command::Show(args) => show::run(args, session),
            Command::Review(args) => review::run(args, session),
            Command::Speaker(args) => speaker::run(args, session),
            Command::Diff(args) => diff::run(args, session),
            Command::Refresh(args) => refresh::run(args, session),
            Command::Log(args) => log::run(args, session),
            Command::Undo(args) => log::undo(args, session),
            Command::Serve(args) => serve::run(args, session),
            Command::Compare(args) => compare::run(args, session),
            Command::Search(args) => search::run(args, session),
            Command::Extract(args) => extract::run(args, session),
            Command::Stats(args) => stats::run(args, session),
            Command::Verify(args) => verify::run(args, session),
            Command::Backup(args) => backup::run(args, session),
            Command::Restore(args) => restore::run(args, session),
            Command::Export(args) => export::run(args, session),
            Command::Import(args) => import::run(args, session),
            Command::Eval(args) => eval::run(args, session),
            Command::Completions(args) => completions::run(args, session),
            Command::Man(args) => man::run(args, session),
            Command::Config(args) => config::run(args, session),
        }
    }
}

/// Runs the command line given as arguments, and returns the exit code of the process.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let terminal = Terminal::detect(ColorChoice::in_arguments(&args));
    // A panic is a mistake of ours: it is reported as an error with exit code 2, never as a backtrace.
    mistake::watch();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| parse_and_run(args, &terminal)))
        .unwrap_or_else(|panic| Err(CommandError::from_panic(&*panic)));
    match outcome {
        Ok(exit) => exit.code(),
        Err(error) => {
            // Nothing can be done about an error stream that is closed.
            let _ = std::io::stderr().write_all(error.render(&terminal).as_bytes());
            error.exit().code()
        }
    }
}

fn parse_and_run(args: Vec<OsString>, terminal: &Terminal) -> Outcome {
    let mut command = command_line().color(terminal.clap_color()).term_width(terminal.width.min(100));
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => return error::usage(error),
    };
    let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches).map_err(CommandError::from_clap)?;
    let format = if cli.global.json { Some(Format::Json) } else { cli.global.format };
    let (terminal, pager) = terminal.clone().with_links_and_pager(cli.global.hyperlinks, cli.global.no_pager);
    let mut session = Session::new(terminal, cli.global.db, format, cli.global.quiet);
    session.config = config::Config::load()?;
    session.wait = std::time::Duration::from_secs(cli.global.wait);
    if let Some(pager) = pager.filter(|_| cli.command.is_for_reading()) {
        session.page(pager);
    }
    let outcome = cli.command.run(&mut session);
    // Notes that waited for the pager belong to a failure too.
    let finished = session.finish();
    let exit = outcome?;
    finished?;
    Ok(exit)
}

/// The whole command line as clap sees it; completions and manual pages are made from it.
pub(crate) fn command_line() -> clap::Command {
    Cli::command()
}
