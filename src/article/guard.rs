//! Parsers that are not ours, kept from taking the rest of a batch down with them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::Failure;
use super::{ReadError, Reading};

/// Runs a parser that may panic on input that its authors did not think of: that is then an input that cannot be read.
///
/// A parser must not be asked again after it panicked, for its state may be broken.
pub(super) fn guarded<T>(format: &'static str, parse: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or_else(|_| Err(broken(format)))
}

fn broken(format: &'static str) -> Failure {
    Failure::malformed(format, "its structure is broken")
}

/// The articles of a reader; where that panics, a failure that names the input is the last of them.
pub(super) struct Guarded {
    label: String,
    readings: Option<Box<dyn Iterator<Item = Result<Reading, ReadError>> + Send>>,
}

impl Guarded {
    /// Starts a reader, which may read all of its input at once.
    pub fn start(
        label: String,
        start: impl FnOnce() -> Box<dyn Iterator<Item = Result<Reading, ReadError>> + Send>,
    ) -> Guarded {
        match catch_unwind(AssertUnwindSafe(start)) {
            Ok(readings) => Guarded { label, readings: Some(readings) },
            Err(_) => {
                let failed = Err(broken("input").at(&label, None));
                Guarded { label, readings: Some(Box::new(std::iter::once(failed))) }
            }
        }
    }
}

impl Iterator for Guarded {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut readings = self.readings.take()?;
        match catch_unwind(AssertUnwindSafe(|| readings.next())) {
            Ok(next) => {
                self.readings = Some(readings);
                next
            }
            Err(_) => Some(Err(broken("input").at(&self.label, None))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(reading: Option<Result<Reading, ReadError>>) -> String {
        match reading {
            Some(Err(error)) => format!("{error}: {}", error.failure),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_panic_is_a_failure_that_names_the_input() {
        let failed: Result<(), Failure> = guarded("PDF", || panic!("index out of bounds"));
        assert_eq!(failed.unwrap_err().to_string(), "not valid PDF: its structure is broken");

        let mut at_once = Guarded::start("a.eml".into(), || panic!("no boundary"));
        assert_eq!(says(at_once.next()), "cannot read a.eml: not valid input: its structure is broken");
        assert!(at_once.next().is_none());

        let mut later = Guarded::start("b.warc".into(), || {
            Box::new((0..3).map(|n| if n == 1 { panic!("second record") } else { Ok(Reading::default()) }))
        });
        assert!(later.next().is_some_and(|r| r.is_ok()));
        assert_eq!(says(later.next()), "cannot read b.warc: not valid input: its structure is broken");
        assert!(later.next().is_none(), "a broken reader is not asked again");
    }
}
