//! Single marks: what each may do, judged by its glyph and by what stands beside it.

use crate::span::Span;

/// Words that begin with an apostrophe: `’tis`, `’em`; compared in lower case.
const ELIDED: &[&str] = &["bout", "cause", "em", "fraid", "im", "n", "round", "til", "tis", "twas", "twere", "twill"];

/// Marks that can close one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Double,
    Single,
    Guillemet,
    SingleGuillemet,
}

impl Family {
    /// How many families there are.
    pub const COUNT: usize = 4;
}

/// What a mark can be, by its glyph and its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Opens,
    Closes,
    /// It opens if nothing of its family is open, else it closes.
    Either,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub start: usize,
    pub end: usize,
    pub family: Family,
    pub role: Role,
    /// Whether it may be an apostrophe: an end of a word with nothing but letters before it, or a start of one.
    pub doubtful: bool,
    /// Whether it is a closing mark with a comma, point or the like before it.
    pub strong: bool,
}

/// Returns the family of the mark that a block begins with.
pub(super) fn opening_family(block: &str) -> Option<Family> {
    let first = block.chars().next().filter(|c| is_quote_char(*c))?;
    let (start, end, family) = *glyphs(block, 0, first).first()?;
    judge(block, start, end, family, points_inward(block)).filter(|m| m.role != Role::Closes).map(|m| m.family)
}

/// Collects a block's quotation marks; apostrophes within words and before elided words are no marks.
pub(super) fn marks(text: &str, span: Span) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    let Some(block) = text.get(span.start as usize..span.end as usize) else { return out };
    let base = span.start as usize;
    let inward = points_inward(block);
    let mut skip = 0;
    for (at, c) in block.char_indices() {
        if at < skip || !is_quote_char(c) {
            continue;
        }
        for (start, end, family) in glyphs(block, at, c) {
            skip = end;
            if let Some(mark) = judge(block, start, end, family, inward) {
                out.push(Mark { start: base + start, end: base + end, ..mark });
            }
        }
    }
    out
}

fn is_quote_char(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '〝'
            | '〞'
            | '＂'
            | '«'
            | '»'
            | '\''
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '`'
            | '‹'
            | '›'
    )
}

/// Returns the marks that begin at `at`: two single marks side by side are one double mark, three are a double and a single.
fn glyphs(block: &str, at: usize, c: char) -> Vec<(usize, usize, Family)> {
    let width = c.len_utf8();
    let family = match c {
        '«' | '»' => Family::Guillemet,
        '‹' | '›' => Family::SingleGuillemet,
        '\'' | '‘' | '’' | '‚' | '‛' | '`' => Family::Single,
        _ => Family::Double,
    };
    if !matches!(c, '\'' | '`' | '‘' | '’') {
        return vec![(at, at + width, family)];
    }
    match block[at..].chars().take(4).take_while(|&d| d == c).count() {
        2 => vec![(at, at + 2 * width, Family::Double)],
        3 if opens_by_place(block, at, at + 3 * width) => {
            vec![(at, at + 2 * width, Family::Double), (at + 2 * width, at + 3 * width, Family::Single)]
        }
        3 => vec![(at, at + width, Family::Single), (at + width, at + 3 * width, Family::Double)],
        _ => vec![(at, at + width, Family::Single)],
    }
}

/// Most marks in a row that are looked past.
const RUN: usize = 16;

/// The nearest character before `at` that is no quotation mark; none where there are marks only.
fn before(block: &str, at: usize) -> Option<char> {
    block[..at].chars().rev().take(RUN).find(|c| !is_quote_char(*c))
}

/// The nearest character from `at` on that is no quotation mark; none where there are marks only.
fn after(block: &str, at: usize) -> Option<char> {
    block[at..].chars().take(RUN).find(|c| !is_quote_char(*c))
}

fn is_left_edge(c: Option<char>) -> bool {
    c.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '{' | '/' | '—' | '–' | '―' | '-' | '…'))
}

fn is_right_edge(c: Option<char>) -> bool {
    c.is_none_or(|c| {
        c.is_whitespace()
            || matches!(c, ')' | ']' | '}' | '/' | '—' | '–' | '―' | '-' | '…' | '.' | ',' | ';' | ':' | '?' | '!')
    })
}

fn opens_by_place(block: &str, start: usize, end: usize) -> bool {
    is_left_edge(before(block, start)) && !after(block, end).is_none_or(char::is_whitespace)
}

fn closes_by_place(block: &str, start: usize, end: usize) -> bool {
    is_right_edge(after(block, end)) && !before(block, start).is_none_or(char::is_whitespace)
}

fn judge(block: &str, start: usize, end: usize, family: Family, inward: bool) -> Option<Mark> {
    let glyph = block[start..end].chars().next()?;
    let (previous, next) = (block[..start].chars().next_back(), block[end..].chars().next());
    if family == Family::Single
        && previous.is_some_and(char::is_alphanumeric)
        && next.is_some_and(char::is_alphanumeric)
    {
        return None;
    }
    let (can_open, can_close) = (opens_by_place(block, start, end), closes_by_place(block, start, end));
    let by_place = match (can_open, can_close) {
        (true, false) => Role::Opens,
        (false, true) => Role::Closes,
        _ => Role::Either,
    };
    let role = match glyph {
        '‘' if family == Family::Single && can_close && !can_open => Role::Closes,
        '“' | '‘' | '‛' | '〝' if !(glyph == '“' && can_close && has_low_opener(block, start)) => Role::Opens,
        '„' | '‚' | '‟' => Role::Opens,
        '”' | '〞' if can_open && !can_close => by_place,
        '”' | '〞' => Role::Closes,
        '’' if family == Family::Double => Role::Closes,
        '`' => Role::Opens,
        '«' | '‹' | '»' | '›' => {
            if matches!(glyph, '«' | '‹') != inward {
                Role::Opens
            } else {
                Role::Closes
            }
        }
        _ => by_place,
    };
    let letter_before = previous.is_some_and(char::is_alphanumeric);
    let doubtful = family == Family::Single
        && match role {
            Role::Opens => {
                if is_elided(&block[end..]) {
                    return None;
                }
                matches!(glyph, '\'' | '’')
            }
            // Only an end in s (possessive) or in (dropped g) is in doubt, and only where more words follow.
            Role::Closes => {
                letter_before
                    && next.is_some_and(|c| c == ' ')
                    && (previous.is_some_and(|c| matches!(c, 's' | 'S' | 'z' | 'x')) || block[..start].ends_with("in"))
            }
            Role::Either => letter_before || next.is_none_or(char::is_whitespace),
        };
    // A lone single mark between spaces is no quotation mark.
    if family == Family::Single && previous.is_none_or(char::is_whitespace) && next.is_none_or(char::is_whitespace) {
        return None;
    }
    let strong = role != Role::Opens
        && before(block, start).is_some_and(|c| matches!(c, ',' | '.' | '?' | '!' | '…' | ';' | '—' | '–'));
    Some(Mark { start, end, family, role, doubtful, strong })
}

/// `„ … “`: the German and Polish styles close with the mark that opens in English.
fn has_low_opener(block: &str, start: usize) -> bool {
    block[..start].chars().rev().find(|c| matches!(c, '„' | '“' | '”')) == Some('„')
}

/// Tells whether a block has the style `» … «`: its first guillemet points that way and begins a word.
fn points_inward(block: &str) -> bool {
    let first = block.find(['«', '‹', '»', '›']);
    first.is_some_and(|at| block[at..].starts_with(['»', '›']) && is_left_edge(block[..at].chars().next_back()))
}

/// Tells whether an elided word or a decade follows: `’em`, `’90s`.
fn is_elided(rest: &str) -> bool {
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if ELIDED.binary_search(&word.as_str()).is_ok() {
        return true;
    }
    let digits = word.trim_end_matches('s');
    digits.len() == 2
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (word.ends_with('s') || !rest[word.len()..].starts_with(['.', ',', '%']))
}
