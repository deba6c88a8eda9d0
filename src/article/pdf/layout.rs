//! Characters to lines, in reading order: rows by height, columns by the gutter between them.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

/// Characters a whole document may have.
const GLYPHS: usize = 20_000_000;
/// How deep columns are looked for in columns.
const SPLITS: usize = 4;

/// A piece of a row as it was drawn.
#[derive(Clone, Debug, PartialEq)]
struct Fragment {
    left: f64,
    right: f64,
    height: f64,
    size: f64,
    text: String,
}

/// A line of text on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub left: f64,
    pub right: f64,
    /// Distance from the bottom, or from any other line all distances are counted from.
    pub height: f64,
    pub size: f64,
    pub text: String,
    /// Column or full-width region of the page, counted in reading order.
    pub region: usize,
    /// Its row from the top of the page, and from the bottom.
    pub from_top: usize,
    pub from_bottom: usize,
}

/// The lines of one page in reading order.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub lines: Vec<Line>,
    pub glyphs: usize,
}

impl Page {
    /// Tells whether the page has no text.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Takes the characters of one page.
pub(super) struct Pen {
    fragments: Vec<Fragment>,
    turned: i64,
    before: usize,
    glyphs: usize,
}

impl Pen {
    /// Starts a page that is shown turned by so many degrees, in a document that has had so many characters.
    pub(super) fn new(turned: f64, before: usize) -> Pen {
        Pen { fragments: Vec::new(), turned: (turned as i64).rem_euclid(360), before, glyphs: 0 }
    }

    /// Ends the page and puts its lines in reading order.
    pub(super) fn page(self) -> Page {
        Page { lines: lines(self.fragments), glyphs: self.glyphs }
    }

    fn turn(&self, x: f64, y: f64) -> (f64, f64) {
        match self.turned {
            90 => (y, -x),
            180 => (-x, -y),
            270 => (-y, x),
            _ => (x, y),
        }
    }
}

impl OutputDev for Pen {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.glyphs += 1;
        if self.before + self.glyphs > GLYPHS {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        let (x, y) = self.turn(at.m31, at.m32);
        let along = self.turn(at.m11 * font_size, at.m12 * font_size);
        let up = self.turn(at.m21 * font_size, at.m22 * font_size);
        let size = up.0.hypot(up.1);
        // Text that stands askew is a watermark or a label of a drawing.
        let upright = along.0 > 0.0 && along.1.abs() < along.0 * 0.1;
        let placed = x.is_finite() && y.is_finite() && size.is_finite() && size > 0.1;
        if !upright || !placed {
            return Ok(());
        }
        let right = x + if width.is_finite() { width.clamp(0.0, 10.0) * along.0 } else { 0.0 };
        let mut word = String::new();
        text.chars().for_each(|c| add(c, &mut word));
        if word.is_empty() {
            return Ok(());
        }
        if let Some(last) = self.fragments.last_mut() {
            let gap = x - last.right;
            let level = (y - last.height).abs() < 0.3 * size.max(last.size);
            if level && gap > -0.4 * size && gap < 0.9 * size {
                if gap > 0.15 * size && !last.text.ends_with(' ') && !word.starts_with(' ') {
                    last.text.push(' ');
                }
                last.text.push_str(&word);
                last.right = last.right.max(right);
                return Ok(());
            }
        }
        self.fragments.push(Fragment { left: x, right, height: y, size, text: word });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Adds a character; ligatures are letters, for they are a matter of the font and not of the word.
fn add(character: char, word: &mut String) {
    match character {
        '\u{fb00}' => word.push_str("ff"),
        '\u{fb01}' => word.push_str("fi"),
        '\u{fb02}' => word.push_str("fl"),
        '\u{fb03}' => word.push_str("ffi"),
        '\u{fb04}' => word.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => word.push_str("st"),
        '\u{f0b7}' | '\u{f0a7}' => word.push('•'),
        '\u{a0}' | '\t' | '\n' | '\r' => word.push(' '),
        c if c.is_control() => {}
        c => word.push(c),
    }
}

/// Puts the fragments of a page into lines in reading order.
fn lines(fragments: Vec<Fragment>) -> Vec<Line> {
    let rows = rows(fragments);
    let count = rows.len();
    let mut out = Vec::new();
    let rows: Vec<(usize, Vec<Fragment>)> = rows.into_iter().enumerate().collect();
    let mut region = 0;
    order(rows, SPLITS, &mut region, &mut |row, fragment, region| {
        out.push(Line {
            left: fragment.left,
            right: fragment.right,
            height: fragment.height,
            size: fragment.size,
            text: fragment.text,
            region,
            from_top: row,
            from_bottom: count - 1 - row,
        });
    });
    out
}

/// Groups fragments by height, from the top; those in a row stand from left to right, and near ones are one.
fn rows(mut fragments: Vec<Fragment>) -> Vec<Vec<Fragment>> {
    fragments.retain(|f| !f.text.trim().is_empty());
    fragments.sort_by(|a, b| b.height.total_cmp(&a.height));
    let mut rows: Vec<Vec<Fragment>> = Vec::new();
    for fragment in fragments {
        match rows.last_mut() {
            Some(row)
                if row
                    .first()
                    .is_some_and(|f| (f.height - fragment.height).abs() < 0.4 * f.size.min(fragment.size)) =>
            {
                row.push(fragment);
            }
            _ => rows.push(vec![fragment]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut joined: Vec<Fragment> = Vec::with_capacity(row.len());
        for fragment in row.drain(..) {
            match joined.last_mut() {
                // Bold print that is made by drawing twice.
                Some(last) if last.text == fragment.text && fragment.left - last.left < 0.2 * last.size => {}
                Some(last) if fragment.left - last.right < 1.2 * last.size.max(fragment.size) => {
                    let gap = fragment.left - last.right;
                    if gap > 0.15 * last.size && !last.text.ends_with(' ') && !fragment.text.starts_with(' ') {
                        last.text.push(' ');
                    }
                    last.text.push_str(&fragment.text);
                    last.right = last.right.max(fragment.right);
                    last.size = last.size.max(fragment.size);
                }
                _ => joined.push(fragment),
            }
        }
        *row = joined;
    }
    rows
}

type Row = (usize, Vec<Fragment>);

/// Gives rows in reading order: what stands beside a gutter column by column, the rest row by row.
fn order(rows: Vec<Row>, splits: usize, region: &mut usize, give: &mut impl FnMut(usize, Fragment, usize)) {
    let Some(gutter) = (splits > 0).then(|| gutter(&rows)).flatten() else {
        for (row, fragments) in rows {
            give_row(row, fragments, *region, give);
        }
        *region += 1;
        return;
    };
    let crosses = |row: &Row| row.1.iter().any(|f| f.left < gutter && f.right > gutter);
    let two_sided = |row: &Row| row.1.iter().any(|f| f.right <= gutter) && row.1.iter().any(|f| f.left >= gutter);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let (mut full, mut beside) = (Vec::new(), Vec::new());
        // A row that crosses, and what stands on one side only above the first row with both.
        while let Some(row) = rows.next_if(|row| crosses(row) || !two_sided(row)) {
            full.push(row);
        }
        while let Some(row) = rows.next_if(|row| !crosses(row)) {
            beside.push(row);
        }
        if !full.is_empty() {
            order(full, 0, region, give);
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (row, fragments) in beside {
            let (l, r): (Vec<_>, Vec<_>) = fragments.into_iter().partition(|f| f.left < gutter);
            for (side, part) in [(&mut left, l), (&mut right, r)] {
                if !part.is_empty() {
                    side.push((row, part));
                }
            }
        }
        for side in [left, right] {
            if !side.is_empty() {
                order(side, splits - 1, region, give);
            }
        }
    }
}

/// Gives a row as one line; its parts stand far apart.
fn give_row(row: usize, fragments: Vec<Fragment>, region: usize, give: &mut impl FnMut(usize, Fragment, usize)) {
    let whole = fragments.into_iter().reduce(|mut line, part| {
        line.text.push(' ');
        line.text.push_str(&part.text);
        line.right = line.right.max(part.right);
        line.size = line.size.max(part.size);
        line
    });
    if let Some(line) = whole {
        give(row, line, region);
    }
}

/// Finds the gutter between two columns of running text: enough rows stand on both sides of it and fill them.
fn gutter(rows: &[Row]) -> Option<f64> {
    let all = || rows.iter().flat_map(|(_, fragments)| fragments);
    let left = all().map(|f| f.left).min_by(f64::total_cmp)?;
    let right = all().map(|f| f.right).max_by(f64::total_cmp)?;
    let width = right - left;
    let mut best: Option<(usize, f64)> = None;
    for step in 20..=80 {
        let x = left + width * f64::from(step) / 100.0;
        let (mut beside, mut crossing) = (0usize, 0usize);
        let (mut filled_left, mut filled_right) = (0.0, 0.0);
        for (_, fragments) in rows {
            if fragments.iter().any(|f| f.left < x && f.right > x) {
                crossing += 1;
                continue;
            }
            let extent = |side: &mut dyn Iterator<Item = &Fragment>| side.map(|f| f.right - f.left).sum::<f64>();
            let (l, r) = (
                extent(&mut fragments.iter().filter(|f| f.right <= x)),
                extent(&mut fragments.iter().filter(|f| f.left >= x)),
            );
            if l > 0.0 && r > 0.0 {
                beside += 1;
                filled_left += l / (x - left);
                filled_right += r / (right - x);
            }
        }
        let mean = |filled: f64| filled / beside as f64;
        // A table has gaps as well, but its cells do not fill their columns.
        let columns = beside >= 5 && beside * 2 > crossing && mean(filled_left) > 0.6 && mean(filled_right) > 0.6;
        if columns && best.is_none_or(|(most, _)| beside > most) {
            best = Some((beside, x));
        }
    }
    best.map(|(_, x)| x)
}
