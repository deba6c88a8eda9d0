//! The day that a press release or a hearing gives in a line of its own near its top.

use jiff::civil::Date;

use super::date::parse_date;

/// How many lines are looked at.
const LINES: usize = 15;

/// Finds the day in a text's first lines; two different days are none.
pub(crate) fn of(text: &str) -> Option<Date> {
    let mut found = None;
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()).take(LINES) {
        // A sentence that mentions a day is no dateline.
        if line.split_whitespace().count() > 9 || line.ends_with(['.', '?', '!', '”', '"']) {
            continue;
        }
        let Some(date) = parse_date(line) else { continue };
        match found {
            None => found = Some(date),
            Some(other) if other == date => {}
            Some(_) => return None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_of_its_own() {
        assert_eq!(of("MINISTRY OF DAMS\n\nFOR RELEASE: 6 March 2023\n\nThe dam is full."), Some(date(2023, 3, 6)));
        assert_eq!(of("Hearing\nMonday, March 6, 2023\n\nThe Chair: Order."), Some(date(2023, 3, 6)));
        assert_eq!(of("The dam was full on 6 March 2023.\n\nIt is empty."), None);
        assert_eq!(of("1 May 2020\n2 May 2020\nText."), None, "two days");
        assert_eq!(of(&format!("{}6 March 2023\n", "line\n".repeat(20))), None, "far below");
    }
}
