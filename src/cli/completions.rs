//! `completions`: what a shell needs to complete our commands.

use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use super::{CommandError, Exit, Outcome, Session};

/// Prints a shell's completion script
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  onrecord completions bash > ~/.local/share/bash-completion/completions/onrecord
  onrecord completions zsh > ~/.zfunc/_onrecord")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &CompletionsArgs, session: &mut Session) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command_line(), "onrecord", &mut script);
    session.out().write_all(&script).map_err(CommandError::from)?;
    Ok(Exit::Done)
}
