//! Progress on stderr, shown where a terminal is there and the work is long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Session;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A count that grows while one waits.
pub struct Waiting {
    bar: Option<ProgressBar>,
    started: Instant,
    what: &'static str,
}

impl Waiting {
    /// Starts counting; `what` says what is counted.
    pub fn new(session: &Session, what: &'static str) -> Waiting {
        let shown = session.terminal.err_is_terminal && !session.quiet;
        Waiting { bar: shown.then(ProgressBar::hidden), started: Instant::now(), what }
    }

    /// Shows how many there are by now.
    pub fn at(&self, count: usize) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && self.started.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
            let template = format!("{{spinner}} {{pos}} {}, {{per_sec}}, {{elapsed}}", self.what);
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style);
            }
        }
        bar.set_position(count as u64);
    }

    /// Takes the count away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
