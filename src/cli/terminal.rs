//! What the outside can show: width, colours, and text that cannot harm it.

use std::ffi::OsString;
use std::io::IsTerminal;

use clap::ValueEnum;

use super::pager::Pager;

/// Width of output that goes to no terminal, where `COLUMNS` does not say.
const PIPED_WIDTH: usize = 100;

/// When to print colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Looks for `--color` before the arguments are parsed, so that usage errors obey it too.
    pub fn in_arguments(args: &[OsString]) -> ColorChoice {
        let mut found = ColorChoice::Auto;
        let mut words = args.iter().skip(1).map(|a| a.to_string_lossy()).take_while(|a| a != "--");
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--color=") {
                Some(value) => Some(value.to_string()),
                None if word == "--color" => words.next().map(|w| w.to_string()),
                None => None,
            };
            if let Some(choice) = value.and_then(|v| ColorChoice::from_str(&v, false).ok()) {
                found = choice;
            }
        }
        found
    }
}

/// When to print links that a terminal can open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LinkChoice {
    /// On a terminal that is known to show them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Tells whether a terminal with this environment shows OSC 8 links.
fn shows_links(get: impl Fn(&str) -> Option<String>) -> bool {
    let version = |name: &str| get(name).and_then(|v| v.split('.').next().and_then(|v| v.parse::<u32>().ok()));
    let term = get("TERM").unwrap_or_default();
    if term == "dumb" {
        return false;
    }
    let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"];
    get("TERM_PROGRAM").is_some_and(|program| programs.contains(&program.as_str()))
        || ["kitty", "alacritty", "foot", "contour", "ghostty", "wezterm"].iter().any(|name| term.contains(name))
        || ["WT_SESSION", "DOMTERM", "KONSOLE_VERSION", "KITTY_WINDOW_ID"].iter().any(|name| get(name).is_some())
        // VTE shows them from 0.50 on, and crashed on them in 0.50.0.
        || version("VTE_VERSION").is_some_and(|v| v > 5000)
}

/// What stdout and stderr are, and how to print to them.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Columns to fill.
    pub width: usize,
    /// Whether stdout is a terminal.
    pub out_is_terminal: bool,
    /// Whether stderr is a terminal.
    pub err_is_terminal: bool,
    /// Whether results are coloured.
    pub color: bool,
    /// Whether notes and errors are coloured.
    pub err_color: bool,
    /// Whether results have links.
    pub links: bool,
    /// Lines of the screen, where stdout is one.
    pub height: Option<usize>,
}

impl Terminal {
    /// Looks at the process's streams and environment.
    pub fn detect(choice: ColorChoice) -> Terminal {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let forced = set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0");
        let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        let colors = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto => forced || (is_terminal && !dumb),
        };
        let (out_is_terminal, err_is_terminal) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.trim().parse::<usize>().ok()).filter(|c| *c > 0);
        let measured = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        let width = if out_is_terminal { measured().or(columns).unwrap_or(80) } else { columns.unwrap_or(PIPED_WIDTH) };
        Terminal {
            width: width.clamp(40, 400),
            out_is_terminal,
            err_is_terminal,
            color: colors(out_is_terminal),
            err_color: colors(err_is_terminal),
            links: false,
            height: terminal_size::terminal_size_of(std::io::stdout()).map(|(_, height)| usize::from(height.0)),
        }
    }

    /// Decides on links and a pager, which are chosen by options that are parsed only now.
    pub fn with_links_and_pager(mut self, links: LinkChoice, no_pager: bool) -> (Terminal, Option<Pager>) {
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let wanted =
            self.out_is_terminal && self.height.is_some() && !no_pager && get("TERM").is_none_or(|t| t != "dumb");
        let pager = if wanted { Pager::choose(std::env::var_os("PAGER"), std::env::var_os("LESS")) } else { None };
        self.links = match links {
            LinkChoice::Always => true,
            LinkChoice::Never => false,
            LinkChoice::Auto => {
                self.out_is_terminal
                    && self.color
                    && pager.as_ref().is_none_or(Pager::shows_escapes)
                    && shows_links(get)
            }
        };
        (self, pager)
    }

    /// Returns the styles for results.
    pub fn styles(&self) -> Styles {
        let styles = if self.color { Styles::colored() } else { Styles::default() };
        Styles { links: self.links, ..styles }
    }

    /// Returns the styles for notes and errors.
    pub fn err_styles(&self) -> Styles {
        if self.err_color { Styles::colored() } else { Styles::default() }
    }

    /// Returns the choice in clap's words.
    pub fn clap_color(&self) -> clap::ColorChoice {
        if self.color { clap::ColorChoice::Always } else { clap::ColorChoice::Never }
    }
}

pub use crate::report::styles::Styles;
pub use crate::report::text::{one_line, sanitise};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_for_terminals_that_show_them() {
        let env = |pairs: &'static [(&'static str, &'static str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| value.to_string())
        };
        assert!(shows_links(env(&[("TERM", "xterm-kitty")])));
        assert!(shows_links(env(&[("TERM", "xterm-256color"), ("VTE_VERSION", "6800")])));
        assert!(!shows_links(env(&[("TERM", "xterm-256color"), ("VTE_VERSION", "4800")])));
        assert!(!shows_links(env(&[("TERM", "xterm-256color")])));
        assert!(!shows_links(env(&[("TERM", "dumb"), ("TERM_PROGRAM", "vscode")])));
    }

    #[test]
    fn color_is_found_wherever_it_stands() {
        let args = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(ColorChoice::in_arguments(&args(&["onrecord", "stats", "--color", "never"])), ColorChoice::Never);
        assert_eq!(ColorChoice::in_arguments(&args(&["onrecord", "--color=always", "x"])), ColorChoice::Always);
        assert_eq!(ColorChoice::in_arguments(&args(&["onrecord", "add", "--", "--color=always"])), ColorChoice::Auto);
    }
}
