//! Tables for people: at a terminal's width, or as Markdown.

use std::ops::Range;

use anstyle::Style;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

use super::styles::Styles;
use super::text::{columns, one_line, one_line_spans, wrap};
use crate::span::Span;

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

/// What stands in a row and a column: text on one line, words of it that matter, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    text: String,
    marks: Vec<Span>,
    link: Option<String>,
}

impl Cell {
    /// Makes a cell of text, made harmless and put on one line.
    pub fn new(text: &str) -> Cell {
        Cell { text: one_line(text), ..Cell::default() }
    }

    /// Makes a cell of text with words that matter; `marks` are spans into the text as given.
    pub fn marked(text: &str, marks: &[Span]) -> Cell {
        let (text, marks) = one_line_spans(text, marks);
        Cell { text, marks, link: None }
    }

    /// Lets the cell lead to an address.
    pub fn leading_to(self, address: Option<String>) -> Cell {
        Cell { link: address, ..self }
    }

    /// Paints a line of the cell's text.
    fn paint(&self, line: Range<usize>, style: Style, styles: &Styles) -> String {
        let mut painted = String::new();
        let mut at = line.start;
        for mark in &self.marks {
            let (start, end) = ((mark.start as usize).clamp(at, line.end), (mark.end as usize).clamp(at, line.end));
            painted += &paint(&self.text[at..start], style);
            painted += &paint(&self.text[start..end], styles.marked);
            at = end;
        }
        painted += &paint(&self.text[at..line.end], style);
        link(&painted, self.link.as_deref(), styles)
    }
}

/// A table: columns and rows of cells.
#[derive(Clone, Debug)]
pub struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// Columns of space between columns.
const GAP: usize = 2;

/// Nothing but space between columns, and one line under the headings.
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
        self.row_of(cells.into_iter().map(|cell| Cell::new(cell.as_ref())));
    }

    /// Adds a row of cells that are more than text.
    pub fn row_of(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut row: Vec<Cell> = cells.into_iter().collect();
        row.resize(self.columns.len(), Cell::default());
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

    /// Lets comfy-table set the cells, as plain text in lines that are broken already, and paints what it has set: marks and
    /// links have to know which part of a cell stands in which line.
    fn lay_out(&self, width: usize, styles: &Styles) -> String {
        let widths = self.widths(width);
        let broken: Vec<Vec<Vec<Range<usize>>>> = self
            .rows
            .iter()
            .map(|row| row.iter().zip(&widths).map(|(cell, width)| wrap(&cell.text, *width)).collect())
            .collect();
        let mut table = Table::new();
        table
            .load_style(LINES)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width + GAP).unwrap_or(u16::MAX))
            .set_header(self.columns.iter().map(|column| column.heading));
        for (row, broken) in self.rows.iter().zip(&broken) {
            let set = |(cell, lines): (&Cell, &Vec<Range<usize>>)| {
                lines.iter().map(|line| &cell.text[line.clone()]).collect::<Vec<_>>().join("\n")
            };
            table.add_row(row.iter().zip(broken).map(set));
        }
        for (i, column) in self.columns.iter().enumerate() {
            let Some(made) = table.column_mut(i) else { continue };
            // comfy-table puts one column of space between columns by itself.
            let padding = if i + 1 == self.columns.len() { 0 } else { GAP as u16 - 1 };
            let room = u16::try_from(widths[i]).unwrap_or(u16::MAX).saturating_add(padding);
            made.set_padding((0, padding)).set_constraint(ColumnConstraint::Absolute(Width::Fixed(room)));
            if column.fit == Fit::Number {
                made.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut lines = table.lines();
        let mut out = String::new();
        let headings: Vec<Cell> = self.columns.iter().map(|column| Cell::new(column.heading)).collect();
        let whole = headings.iter().map(|heading| wrap(&heading.text, usize::MAX)).collect::<Vec<_>>();
        self.paint_row(&mut lines, &headings, &whole, Some(styles.heading), styles, &mut out);
        out.push_str(lines.next().unwrap_or_default().trim_end());
        out.push('\n');
        for (row, broken) in self.rows.iter().zip(&broken) {
            self.paint_row(&mut lines, row, broken, None, styles, &mut out);
        }
        out
    }

    /// Takes the lines of a row and appends them painted; `style` wins over those of the columns.
    fn paint_row(
        &self,
        lines: &mut impl Iterator<Item = String>,
        row: &[Cell],
        broken: &[Vec<Range<usize>>],
        style: Option<Style>,
        styles: &Styles,
        out: &mut String,
    ) {
        for n in 0..broken.iter().map(Vec::len).max().unwrap_or(0) {
            let plain = lines.next().unwrap_or_default();
            let mut rest = plain.trim_end();
            for ((cell, broken), column) in row.iter().zip(broken).zip(&self.columns) {
                let Some(range) = broken.get(n).filter(|range| !range.is_empty()) else { continue };
                // Between cells is nothing but space, and no line of a cell begins with one.
                let Some((space, after)) = rest.split_once(&cell.text[range.clone()]) else { continue };
                out.push_str(space);
                out.push_str(&cell.paint(range.clone(), style.unwrap_or(column.style), styles));
                rest = after;
            }
            out.push_str(rest);
            out.push('\n');
        }
    }

    /// The width below which something would stick out.
    fn least_width(&self) -> usize {
        let of = |i: usize, column: &Column| match column.fit {
            Fit::Flowing | Fit::Narrow => FLOWING_AT_LEAST,
            Fit::Fixed | Fit::Number => {
                let widest = self.rows.iter().map(|row| columns(&row[i].text)).max().unwrap_or(0);
                widest.max(columns(column.heading))
            }
        };
        let all: usize = self.columns.iter().enumerate().map(|(i, column)| of(i, column)).sum();
        all + GAP * self.columns.len().saturating_sub(1)
    }

    /// How wide each column is: the fixed ones as wide as they need, the flowing ones share the rest by need.
    fn widths(&self, width: usize) -> Vec<usize> {
        let need: Vec<usize> = (0..self.columns.len())
            .map(|i| {
                let widest = self.rows.iter().map(|row| columns(&row[i].text)).max().unwrap_or(0);
                let widest = widest.max(columns(self.columns[i].heading));
                if self.columns[i].fit == Fit::Narrow { widest.min(width / 4) } else { widest }
            })
            .collect();
        let gaps = GAP * self.columns.len().saturating_sub(1);
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
            widths[*i] = need[*i].min(share).max(2);
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
            out += &line(row.iter().map(|cell| super::markdown::escape(&cell.text)).collect());
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

/// Makes text lead to an address, where the terminal shows links; an address that could end the sequence leads nowhere.
pub fn link(text: &str, address: Option<&str>, styles: &Styles) -> String {
    match address.filter(|a| styles.links && !text.is_empty() && a.bytes().all(|b| (b'!'..=b'~').contains(&b))) {
        Some(address) => format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"),
        None => text.to_string(),
    }
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
    fn marked_words_and_links_take_no_room() {
        let styles = Styles { links: true, marked: Style::new().bold(), ..Styles::default() };
        let mut grid =
            Grid::new().column("Outlet", Fit::Fixed, Style::new()).column("Claim", Fit::Flowing, Style::new());
        let outlet = |address: &str| Cell::new("Mail").leading_to(Some(address.to_string()));
        let text = "There\tare  no tolls\u{202e} here";
        let tolls = text.find("tolls").unwrap();
        grid.row_of([outlet("https://mail.example/1"), Cell::marked(text, &[Span::new(tolls - 3, tolls + 5)])]);
        grid.row_of([outlet("https://mail.example/\x1b]2;x"), Cell::new("x")]);
        assert_eq!(
            grid.render(22, &styles),
            "Outlet  Claim\n\
             ──────────────────────\n\
             \x1b]8;;https://mail.example/1\x1b\\Mail\x1b]8;;\x1b\\    There are \x1b[1mno\x1b[0m\n        \
             \x1b[1mtolls\x1b[0m here\n\
             Mail    x\n"
        );
    }

    #[test]
    fn markdown_cells_cannot_break_out() {
        assert!(grid().markdown().contains("| 2024-05-01 | The bridge \\| tunnel will open in spring"));
    }
}
