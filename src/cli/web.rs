//! The web as commands use it: options, proxies from the environment, errors with hints.

use std::time::Duration;

use clap::Args;

use super::CommandError;
use crate::article::{Limits, Origin};
use crate::fetch::{Client, FetchError, Fetched, Settings};

/// How servers are asked.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Addresses")]
pub struct WebOptions {
    /// Seconds that one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Seconds between two requests to one host
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pause: u64,
}

impl WebOptions {
    /// Returns the options together with what the environment says about proxies.
    pub fn settings(&self) -> Settings {
        Settings {
            timeout: Duration::from_secs(self.timeout),
            pause: Duration::from_secs(self.pause),
            ..default_settings()
        }
    }
}

/// Returns the settings of commands without such options.
pub fn default_settings() -> Settings {
    let first = |names: &[&str]| names.iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.trim().is_empty()));
    let without = first(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    Settings {
        size: Limits::default().document,
        proxy: first(&["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]),
        no_proxy: without.split(',').map(|h| h.trim().to_owned()).filter(|h| !h.is_empty()).collect(),
        ..Settings::default()
    }
}

/// A client that is made when it is first needed: most runs ask nobody.
pub struct Web {
    settings: Settings,
    client: Option<Client>,
}

impl Web {
    /// Asks nobody yet.
    pub fn new(settings: Settings) -> Web {
        Web { settings, client: None }
    }

    /// Returns the client.
    pub fn client(&mut self) -> Result<&mut Client, FetchError> {
        let client = match self.client.take() {
            Some(client) => client,
            None => Client::new(self.settings.clone())?,
        };
        Ok(self.client.insert(client))
    }
}

/// Returns what the reader of articles wants to know about fetched bytes.
pub fn origin(fetched: &Fetched) -> Origin {
    Origin { url: fetched.url.clone(), media_type: fetched.media_type.clone(), charset: fetched.charset.clone() }
}

/// Turns an error of the web into a command's.
pub fn fetch_error(error: &FetchError) -> CommandError {
    let made = CommandError::new(error.to_string()).because(&error.cause);
    match error.hint() {
        Some(hint) => made.hint(hint),
        None => made,
    }
}
