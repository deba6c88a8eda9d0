//! Tables for people: at a terminal's width, or as Markdown.

use anstyle::Style;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

use super::styles::Styles;
use super::text::{columns, one_line};

/// How a column lays out its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// As wide as its widest cell; never wrapped.
    Fixed,
    /// As [`Fit::Fixed`], set to the right.
    Number,
    /// Shares what room is left, and wraps.
    Flowing,
    /// As [`Fit::Flowing`], but never wider than a quarter of the table.
    Narrow,
}

/// A column: its heading, its layout, and the style of its cells.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    heading: &'static str,
    fit: Fit,
    style: Style,
    optional: bool,
}

/// A table: columns and rows of plain text.
#[derive(Clone, Debug)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// Two spaces between columns, and one line under the headings.
const LINES: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The least room a flowing column asks for.
const FLOWING_AT_LEAST: usize = 12;

impl Grid {
    /// Makes a table without columns.
    pub fn new() -> Grid {
        Grid { columns: Vec::new(), rows: Vec::new() }
    }

    /// Adds a column.
    pub fn column(mut self, heading: &'static str, fit: Fit, style: Style) -> Grid {
        self.columns.push(Column { heading, fit, style, optional: false });
        self
    }

    /// Adds a column that is left out, the last such one first, where the width is too small for all.
    pub fn column_if_room(mut self, heading: &'static str, fit: Fit, style: Style) -> Grid {
        self.columns.push(Column { heading, fit, style, optional: true });
        self
    }

    /// Adds a row of as many cells as there are columns; what cells hold is made harmless and put on one line.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut row: Vec<String> = cells.into_iter().map(|cell| one_line(cell.as_ref())).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Tells whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the table in lines of at most `width` columns.
    pub fn render(&self, width: usize, styles: &Styles) -> String {
        let mut narrowed = self.clone();
        while narrowed.least_width() > width {
            let Some(dropped) = narrowed.columns.iter().rposition(|c| c.optional) else { break };
            narrowed.columns.remove(dropped);
            narrowed.rows.iter_mut().for_each(|row| {
                row.remove(dropped);
            });
        }
        narrowed.lay_out(width, styles)
    }

    fn lay_out(&self, width: usize, styles: &Styles) -> String {
        let widths = self.widths(width);
        let mut table = Table::new();
        table
            .load_style(LINES)
            .force_no_tty()
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width + 2).unwrap_or(u16::MAX))
            .set_header(self.columns.iter().map(|c| paint(c.heading, styles.heading)));
        for row in &self.rows {
            table.add_row(row.iter().zip(&self.columns).map(|(cell, column)| paint(cell, column.style)));
        }
        for (i, column) in self.columns.iter().enumerate() {
            let Some(made) = table.column_mut(i) else { continue };
            made.set_padding((0, if i + 1 == self.columns.len() { 0 } else { 1 }));
            let padded = widths[i] + if i + 1 == self.columns.len() { 0 } else { 1 };
            made.set_constraint(ColumnConstraint::Absolute(Width::Fixed(u16::try_from(padded).unwrap_or(u16::MAX))));
            if column.fit == Fit::Number {
                made.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut out = String::new();
        for line in table.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The width below which something would stick out.
    fn least_width(&self) -> usize {
        let of = |i: usize, column: &Column| match column.fit {
            Fit::Flowing | Fit::Narrow => FLOWING_AT_LEAST,
            Fit::Fixed | Fit::Number => {
                let widest = self.rows.iter().map(|row| columns(&row[i])).max().unwrap_or(0);
                widest.max(columns(column.heading))
            }
        };
        let all: usize = self.columns.iter().enumerate().map(|(i, column)| of(i, column)).sum();
        all + 2 * self.columns.len().saturating_sub(1)
    }

    /// How wide each column is: the fixed ones as wide as they need, the flowing ones share the rest by need.
    fn widths(&self, width: usize) -> Vec<usize> {
        let need: Vec<usize> = (0..self.columns.len())
            .map(|i| {
                let widest = self.rows.iter().map(|row| columns(&row[i])).max().unwrap_or(0);
                let widest = widest.max(columns(self.columns[i].heading));
                if self.columns[i].fit == Fit::Narrow { widest.min(width / 4) } else { widest }
            })
            .collect();
        let gaps = 2 * self.columns.len().saturating_sub(1);
        let flowing: Vec<usize> =
            (0..need.len()).filter(|i| matches!(self.columns[*i].fit, Fit::Flowing | Fit::Narrow)).collect();
        let taken: usize = (0..need.len()).filter(|i| !flowing.contains(i)).map(|i| need[i]).sum();
        let mut room = width.saturating_sub(gaps + taken).max(FLOWING_AT_LEAST * flowing.len());
        let mut widths = need.clone();
        // The least demanding columns take what they need; the others share what then remains.
        let mut order = flowing.clone();
        order.sort_by_key(|i| need[*i]);
        for (served, i) in order.iter().enumerate() {
            let share = room / (order.len() - served);
            widths[*i] = need[*i].min(share).max(1);
            room -= widths[*i];
        }
        widths
    }

    /// Returns the table as Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(self.columns.iter().map(|c| c.heading.to_string()).collect());
        out +=
            &line(self.columns.iter().map(|c| if c.fit == Fit::Number { "--:" } else { "---" }.to_string()).collect());
        for row in &self.rows {
            out += &line(row.iter().map(|cell| super::markdown::escape(cell)).collect());
        }
        out
    }
}

impl Default for Grid {
    fn default() -> Grid {
        Grid::new()
    }
}

/// Puts a style around text; nothing where the style is empty.
pub fn paint(text: &str, style: Style) -> String {
    if style == Style::new() || text.is_empty() { text.to_string() } else { format!("{style}{text}{style:#}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new()
            .column("Date", Fit::Fixed, Style::new())
            .column("Claim", Fit::Flowing, Style::new())
            .column("Said", Fit::Number, Style::new());
        grid.row(["2024-05-01", "The bridge | tunnel will open\nin spring, whatever the river does to it", "3"]);
        grid.row(["2024-05-02", "日本語のテキストも正しく折り返される", "14"]);
        grid
    }

    #[test]
    fn long_cells_wrap_within_the_width() {
        let text = grid().render(44, &Styles::default());
        assert_eq!(
            text,
            "Date        Claim                       Said\n\
             ────────────────────────────────────────────\n\
             2024-05-01  The bridge | tunnel will       3\n            \
             open in spring, whatever\n            \
             the river does to it\n\
             2024-05-02  日本語のテキストも正しく折    14\n            \
             り返される\n"
        );
    }

    #[test]
    fn markdown_cells_cannot_break_out() {
        assert!(grid().markdown().contains("| 2024-05-01 | The bridge \\| tunnel will open in spring"));
    }
}
