//! Errors as a person reads them (`Error:`, `Caused by:`, `Hint:`), and exit codes.

use std::any::Any;
use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use super::mistake;
use super::terminal::{Terminal, sanitise};

/// What a command gives back.
pub type Outcome = Result<Exit, CommandError>;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: done, and a finding was asked to fail.
    Found,
    /// 2: usage or failure.
    Failed,
    /// 3: some inputs failed, the rest were stored.
    SomeFailed,
}

impl Exit {
    /// Returns the exit code of the process.
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
            Exit::SomeFailed => 3,
        })
    }
}

/// An error of a command: what failed on which input, why, and what to do.
#[derive(Debug)]
pub struct CommandError {
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    closed_pipe: bool,
}

impl CommandError {
    /// Says what failed and names the input.
    pub fn new(message: impl Into<String>) -> Self {
        CommandError { message: message.into(), causes: Vec::new(), hints: Vec::new(), closed_pipe: false }
    }

    /// Adds why: the error and everything under it.
    pub fn because(mut self, cause: &dyn Error) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            let words = error.to_string();
            // Many errors repeat what they wrap; saying it once is enough.
            if !self.causes.last().is_some_and(|last| last.contains(&words)) {
                self.causes.push(words);
            }
            next = error.source();
        }
        self
    }

    /// Adds why, in words.
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Turns a usage error of clap into ours.
    pub fn from_clap(error: clap::Error) -> Self {
        let rendered = error.render().to_string();
        let mut lines = rendered.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or("wrong usage");
        let mut made = CommandError::new(first.strip_prefix("error: ").unwrap_or(first));
        for line in lines {
            let line = line.trim();
            if let Some(tip) = line.strip_prefix("tip: ") {
                made.hints.push(tip.to_string());
            } else if let Some(usage) = line.strip_prefix("Usage: ") {
                made.hints.push(format!("usage: {usage}"));
            } else if line.starts_with("For more information") {
                made.hints.push("`--help` says more".to_string());
            } else {
                made.causes.push(line.to_string());
            }
        }
        made
    }

    /// Turns a caught panic into an error.
    pub fn from_panic(panic: &(dyn Any + Send)) -> Self {
        CommandError::new("onrecord ran into a mistake of its own; the record is as it was before the last article")
            .cause(mistake::words(panic))
            .hint("`onrecord verify` checks the record; please report the command and the input")
    }

    /// Returns the sentence that names what failed.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns message and causes on one line, for lists of failures.
    pub fn one_line(&self) -> String {
        let mut line = self.message.clone();
        for cause in &self.causes {
            let _ = write!(line, ": {cause}");
        }
        sanitise(&line).replace('\n', " ")
    }

    /// Tells whether nobody reads the results any more.
    pub fn is_closed_pipe(&self) -> bool {
        self.closed_pipe
    }

    /// Returns the exit that goes with it; a closed pipe is no failure.
    pub fn exit(&self) -> Exit {
        if self.closed_pipe { Exit::Done } else { Exit::Failed }
    }

    /// Returns the error as printed; nothing for a closed pipe.
    pub fn render(&self, terminal: &Terminal) -> String {
        if self.closed_pipe {
            return String::new();
        }
        let style = terminal.err_styles();
        let mut out = String::new();
        let _ = writeln!(out, "{}Error:{:#} {}", style.error, style.error, sanitise(&self.message));
        if !self.causes.is_empty() {
            let _ = writeln!(out, "Caused by:");
            for cause in &self.causes {
                let _ = writeln!(out, "    {}", sanitise(cause).replace('\n', "\n    "));
            }
        }
        for hint in &self.hints {
            let _ = writeln!(out, "{}Hint:{:#} {}", style.hint, style.hint, sanitise(hint));
        }
        out
    }
}

/// Results could not be written.
impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        let mut made = CommandError::new("cannot write the results").because(&error);
        made.closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        made
    }
}

/// Prints help and version, and makes an error of everything else that clap returns.
pub(super) fn usage(error: clap::Error) -> Outcome {
    use clap::error::ErrorKind;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            error.print()?;
            Ok(Exit::Done)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            error.print()?;
            Ok(Exit::Failed)
        }
        _ => Err(CommandError::from_clap(error)),
    }
}
