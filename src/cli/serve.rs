//! `serve`: a local page over the record.

use std::io::Write;

use clap::Args;

use super::engine::Engine;
use super::{CommandError, Exit, Outcome, Session, record};
use crate::serve::{Options, ServeError, Server};
use crate::store::Access;

/// Bytes of a token that nobody can guess.
const TOKEN: usize = 16;

/// Shows the record as a local page: speakers, claims, articles, findings, search
#[derive(Debug, Args)]
#[command(
    after_help = "The page is served to this machine only, under an address with a random token that is good until the command ends
(Ctrl-C). Other commands can use the record meanwhile, within a second or two of the last click.

Examples:
  onrecord serve
  onrecord serve --port 8400 --db records/election"
)]
pub struct ServeArgs {
    /// Port of this machine to listen on [default: any free one]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Which judge is asked
    #[arg(long, value_enum)]
    engine: Option<Engine>,
}

impl From<ServeError> for CommandError {
    fn from(error: ServeError) -> Self {
        let made = CommandError::new(error.to_string());
        let made = match std::error::Error::source(&error) {
            Some(source) => made.because(source),
            None => made,
        };
        match error {
            ServeError::Listen { .. } => made.hint("`--port` names another one; without it any free port is taken"),
            ServeError::Stopped(_) => made,
        }
    }
}

/// Runs the command.
pub fn run(args: &ServeArgs, session: &mut Session) -> Outcome {
    // Whatever keeps the record from being read is said here and not on a page.
    drop(record::open(session, Access::Read)?);
    let encoder = session.engine(args.engine).encoder()?;
    let token = token()?;
    let server = Server::bind(args.port)?;
    let address = server.address(&token);
    writeln!(session.out(), "{address}")?;
    session.finish()?;
    session.note(format!("Serving {} to this machine; Ctrl-C ends it.", session.db().display()));
    let options = Options {
        record: session.db(),
        wait: session.wait,
        token,
        encoder,
        now: || jiff::Timestamp::now().as_millisecond(),
    };
    let stopped = async {
        // Where the signal cannot be listened for, it ends the process as it always does.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    server.run(options, stopped)?;
    Ok(Exit::Done)
}

fn token() -> Result<String, CommandError> {
    let mut bytes = [0u8; TOKEN];
    getrandom::fill(&mut bytes)
        .map_err(|error| CommandError::new("the system gives no random numbers").cause(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
