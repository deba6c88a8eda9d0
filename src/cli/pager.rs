//! Long output on a terminal goes through a pager.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

/// Which pager is used and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    program: String,
    arguments: Vec<String>,
    /// Sets the options that `less` needs, where nothing else has.
    less_options: bool,
}

impl Pager {
    /// Reads `$PAGER` (`less` where it is not set) and `$LESS`; no pager where it is empty or `cat`.
    pub fn choose(pager: Option<OsString>, less: Option<OsString>) -> Option<Pager> {
        let words = pager.map_or("less".to_string(), |words| words.to_string_lossy().into_owned());
        let mut words = words.split_whitespace().map(str::to_string);
        let program = words.next().filter(|program| program != "cat")?;
        Some(Pager { program, arguments: words.collect(), less_options: less.is_none() })
    }

    /// Tells whether it shows colours and links as they are meant.
    pub fn shows_escapes(&self) -> bool {
        let name = std::path::Path::new(&self.program).file_stem().map(|name| name.to_string_lossy().into_owned());
        matches!(name.as_deref(), Some("less" | "bat" | "most" | "ov" | "moar" | "delta"))
    }

    fn start(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::piped());
        if self.less_options {
            // Colours as they are; the screen is left as it was read.
            command.env("LESS", "RX");
        }
        command.spawn()
    }
}

/// Holds output back while it fits the screen, and starts the pager once it does not.
pub struct Paged {
    pager: Pager,
    /// Lines of the screen.
    height: usize,
    held: Vec<u8>,
    lines: usize,
    state: State,
}

enum State {
    Holding,
    Paging(Child),
    /// There is no such pager: straight to stdout.
    Straight,
}

impl Paged {
    /// Makes output for a screen of `height` lines.
    pub fn new(pager: Pager, height: usize) -> Paged {
        Paged { pager, height, held: Vec::new(), lines: 0, state: State::Holding }
    }

    fn release(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        match &mut self.state {
            State::Paging(child) => match &mut child.stdin {
                Some(stdin) => stdin.write_all(&held),
                None => Ok(()),
            },
            State::Holding | State::Straight => io::stdout().write_all(&held),
        }
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        if matches!(self.state, State::Holding) {
            // The prompt of the shell needs a line too.
            if self.lines + 1 < self.height {
                return Ok(bytes.len());
            }
            self.state = self.pager.start().map_or(State::Straight, State::Paging);
        }
        self.release()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Holding => Ok(()),
            State::Paging(child) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
            State::Straight => io::stdout().flush(),
        }
    }
}

impl Drop for Paged {
    /// Shows what is still held, and waits until the reader has closed the pager.
    fn drop(&mut self) {
        // Nothing is left to tell a failure to: stdout is closed.
        let _ = self.release();
        let _ = io::stdout().flush();
        if let State::Paging(child) = &mut self.state {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_pager() {
        let choose = |pager: Option<&str>| Pager::choose(pager.map(OsString::from), None);
        assert_eq!(choose(Some("")), None);
        assert_eq!(choose(Some("cat")), None);
        let more = choose(Some("more -d")).unwrap();
        assert_eq!((more.program.as_str(), more.arguments.as_slice()), ("more", &["-d".to_string()][..]));
        assert!(!more.shows_escapes() && choose(None).unwrap().shows_escapes());
    }

    #[cfg(unix)]
    #[test]
    fn short_output_is_held_and_long_output_is_paged() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paged");
        let pager = Pager::choose(Some(format!("tee {}", file.display()).into()), None).unwrap();
        let mut short = Paged::new(pager.clone(), 5);
        short.write_all(b"1\n2\n").unwrap();
        assert!(matches!(short.state, State::Holding));
        short.held.clear();
        drop(short);
        assert!(!file.exists());
        let mut long = Paged::new(pager, 5);
        long.write_all(b"1\n2\n3\n4\n").unwrap();
        long.write_all(b"5\n").unwrap();
        drop(long);
        assert_eq!(std::fs::read_to_string(file).unwrap(), "1\n2\n3\n4\n5\n");
    }
}
