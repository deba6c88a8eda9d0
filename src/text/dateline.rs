//! The place, day and agency with which a report opens: `OLDPORT, May 17 (Agency) -- The pier is closed.`

/// Most words of a dateline: `ST. PETERSBURG, Fla., Oct. 17 (Agency) --`.
const DATELINE_WORDS: usize = 12;

/// Returns the length of the dateline that a block opens with, its dash and the space after it included.
pub fn dateline(block: &str) -> Option<usize> {
    let mut at = 0;
    for (n, word) in block.split_whitespace().take(DATELINE_WORDS).enumerate() {
        at += block[at..].find(word)?;
        if n > 0 && matches!(word, "-" | "--" | "–" | "—") {
            let after = at + word.len();
            return Some(after + block[after..].len() - block[after..].trim_start().len());
        }
        let place = word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
        let fits = if n == 0 { place } else { !word.chars().find(|c| c.is_alphanumeric())?.is_lowercase() };
        if !fits {
            return None;
        }
        at += word.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_ends_at_its_dash() {
        for (block, rest) in [
            ("OLDPORT, May 17 (Agency) -- The pier is closed.", Some("The pier is closed.")),
            ("OLDPORT (Agency) - The pier - is closed.", Some("The pier - is closed.")),
            ("ST. PETERSBURG, Fla. — The pier is closed.", Some("The pier is closed.")),
            ("WE ARE closed — for now.", None),
            ("The Pier — it is closed.", None),
            ("I — we are closed.", None),
            ("NATO said — and meant it.", None),
        ] {
            assert_eq!(dateline(block).map(|at| &block[at..]), rest, "{block}");
        }
    }
}
