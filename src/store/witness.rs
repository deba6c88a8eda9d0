//! How much was acknowledged, kept outside the engine: it takes a damaged end of its log for a write that never finished,
//! cuts it off and opens without a word. Only a witness beside it can tell.

use std::io::Write;
use std::path::Path;

use super::StoreError;
use super::codec::Counters;

/// Name of the file in the record's folder.
pub const WITNESS: &str = "witness";

/// Notes what has just been synced.
///
/// The file itself is never synced: it is written after the engine's sync, so whatever of it outlives a power cut was true.
pub fn note(folder: &Path, counters: &Counters) -> Result<(), StoreError> {
    let path = folder.join(WITNESS);
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path);
    file.and_then(|mut file| file.write_all(line(counters.versions, counters.next_operation).as_bytes()))
        .map_err(|e| StoreError::io("cannot write", &path, e))
}

/// Says what is missing, where the engine holds less than was acknowledged. A witness that cannot be read says nothing.
pub fn contradicts(folder: &Path, counters: &Counters) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(WITNESS)).ok()?;
    let mut numbers = text.split_whitespace().map_while(|word| word.parse::<u64>().ok());
    let (versions, operations) = (numbers.next()?, numbers.next()?);
    if text != line(versions, operations) {
        return None;
    }
    if counters.versions < versions {
        let lost = "its log is damaged, and the engine has dropped what follows";
        return Some(format!(
            "{versions} articles and versions were acknowledged and {} are left: {lost}",
            counters.versions
        ));
    }
    let lost = "operations that were acknowledged are missing";
    (counters.next_operation < operations).then(|| lost.to_string())
}

/// Always of one length, so that a later line covers an earlier one.
fn line(versions: u64, operations: u64) -> String {
    let numbers = format!("{versions:020} {operations:020}");
    format!("{numbers} {:08x}\n", crc32fast::hash(numbers.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_acknowledged_is_found_and_a_torn_witness_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let counters = |versions| Counters { versions, next_operation: 1, ..Counters::default() };
        assert_eq!(contradicts(folder.path(), &counters(0)), None);
        note(folder.path(), &counters(12)).unwrap();
        note(folder.path(), &counters(13)).unwrap();
        assert_eq!(contradicts(folder.path(), &counters(13)), None);
        assert_eq!(contradicts(folder.path(), &counters(14)), None);
        assert!(contradicts(folder.path(), &counters(12)).is_some_and(|s| s.starts_with("13 articles")));
        let path = folder.path().join(WITNESS);
        let torn = std::fs::read_to_string(&path).unwrap().replace("13", "93");
        std::fs::write(&path, torn).unwrap();
        assert_eq!(contradicts(folder.path(), &counters(12)), None);
    }
}
