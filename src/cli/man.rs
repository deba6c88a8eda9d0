//! `man`: the manual, one page for the whole program and one a command.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{CommandError, Exit, Outcome, Session};

/// Prints the manual page, or writes one page a command into a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord man | man -l -                     read it
  onrecord man --dir ~/.local/share/man/man1  install one page a command")]
pub struct ManArgs {
    /// Writes onrecord.1, onrecord-add.1 … into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &ManArgs, session: &mut Session) -> Outcome {
    let mut command = super::command_line();
    command.build();
    let Some(dir) = &args.dir else {
        clap_mangen::Man::new(command).render(session.out())?;
        return Ok(Exit::Done);
    };
    let cannot = |error: std::io::Error| {
        CommandError::new(format!("cannot write manual pages into {}", dir.display())).because(&error)
    };
    std::fs::create_dir_all(dir).map_err(cannot)?;
    clap_mangen::generate_to(command, dir).map_err(cannot)?;
    session.note(format!("manual pages written to {}", dir.display()));
    session.out().flush()?;
    Ok(Exit::Done)
}
