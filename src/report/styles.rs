//! The few styles that results are printed in.

use anstyle::{AnsiColor, Effects, Style};

/// The styles of a stream; all empty where it has no colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Styles {
    /// `Error:`.
    pub error: Style,
    /// `Warning:`.
    pub warning: Style,
    /// `Hint:`.
    pub hint: Style,
    /// Headings of tables and sections.
    pub heading: Style,
    /// A speaker's name.
    pub speaker: Style,
    /// The words that matter.
    pub marked: Style,
    /// Dates, ids and surroundings.
    pub faint: Style,
    /// A command line that is quoted.
    pub command: Style,
    /// Whether text may lead to addresses.
    pub links: bool,
}

impl Styles {
    /// Returns the styles of a stream that shows colours.
    pub fn colored() -> Styles {
        let plain = Style::new();
        let fg = |color: AnsiColor| plain.fg_color(Some(color.into()));
        Styles {
            error: fg(AnsiColor::Red).effects(Effects::BOLD),
            warning: fg(AnsiColor::Yellow).effects(Effects::BOLD),
            hint: fg(AnsiColor::Cyan).effects(Effects::BOLD),
            heading: plain.effects(Effects::BOLD),
            speaker: fg(AnsiColor::Green).effects(Effects::BOLD),
            marked: fg(AnsiColor::Yellow).effects(Effects::BOLD | Effects::UNDERLINE),
            faint: plain.effects(Effects::DIMMED),
            command: fg(AnsiColor::Cyan),
            links: false,
        }
    }
}
