//! PDFs whose table of objects is damaged or missing: the objects are found where they stand, as viewers do.

use std::collections::BTreeMap;
use std::io::Write;

use memchr::memmem;

use super::vetting::is_encrypted;

/// Largest number that an object may have: that of the format itself.
const NUMBERS: u32 = 8_388_607;
/// Most objects that are looked for.
const MOST: usize = 500_000;

/// Returns the file with a table that is right, or `None` where too little of it is left.
pub(super) fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    // Without its own table, an encrypted file has lost its key.
    if is_encrypted(bytes) {
        return None;
    }
    // Of an object that was written again, the last counts.
    let mut objects: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
    for at in memmem::find_iter(bytes, b" obj") {
        if let Some((number, generation, start)) = numbers_before(bytes, at)
            && (1..=NUMBERS).contains(&number)
        {
            objects.insert(number, (generation, start));
            if objects.len() > MOST {
                return None;
            }
        }
    }
    let root = named_root(bytes).filter(|(number, _)| objects.contains_key(number));
    let (root, generation) = root.or_else(|| catalogue(bytes, &objects))?;
    let mut out = bytes.to_vec();
    out.push(b'\n');
    let table = out.len();
    out.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
    for (number, (generation, start)) in &objects {
        write!(out, "{number} 1\n{start:010} {generation:05} n \n").ok()?;
    }
    let size = objects.last_key_value()?.0 + 1;
    write!(out, "trailer\n<< /Size {size} /Root {root} {generation} R >>\nstartxref\n{table}\n%%EOF\n").ok()?;
    Some(out)
}

/// Reads `NUMBER GENERATION` backwards from where ` obj` stands, and where they start.
fn numbers_before(bytes: &[u8], at: usize) -> Option<(u32, u32, usize)> {
    let (generation, start) = number_before(bytes, at)?;
    let space = bytes.get(..start)?.iter().rposition(|b| !b.is_ascii_whitespace())? + 1;
    let (number, first) = number_before(bytes, space).filter(|_| space < start)?;
    (generation <= 65_535).then_some((number, generation, first))
}

/// Reads the digits that end at a place, ten at most, and where they start.
fn number_before(bytes: &[u8], end: usize) -> Option<(u32, usize)> {
    let digits = bytes.get(..end)?.iter().rev().take(11).take_while(|b| b.is_ascii_digit()).count();
    let start = end - digits;
    let number = std::str::from_utf8(bytes.get(start..end)?).ok()?.parse().ok()?;
    (digits <= 10).then_some((number, start))
}

/// Returns the root that the last trailer names.
fn named_root(bytes: &[u8]) -> Option<(u32, u32)> {
    let after = bytes.get(memmem::rfind(bytes, b"/Root")? + 5..)?;
    let words = String::from_utf8_lossy(after.get(..after.len().min(40))?).into_owned();
    let mut words = words.split_ascii_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// Finds the object that says it is the catalogue.
fn catalogue(bytes: &[u8], objects: &BTreeMap<u32, (u32, usize)>) -> Option<(u32, u32)> {
    objects.iter().find_map(|(number, (generation, start))| {
        let rest = bytes.get(*start..)?;
        let body = rest.get(..rest.len().min(2048))?;
        let body = body.get(..memmem::find(body, b"endobj")?)?;
        let name = memmem::find_iter(body, b"/Catalog")
            .any(|at| body.get(..at).is_some_and(|before| before.trim_ascii_end().ends_with(b"/Type")));
        name.then_some((*number, *generation))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_where_they_stand() {
        let file = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n12 0 obj (a) endobj 12 1\nobj\n12 0 obj (b) endobj";
        let mended = String::from_utf8(mended(file).unwrap()).unwrap();
        let second = memmem::rfind(file, b"12 0 obj").unwrap();
        assert!(
            mended.contains(&format!(
                "xref\n0 1\n0000000000 65535 f \n1 1\n0000000009 00000 n \n12 1\n{second:010} 00000 n \n"
            )),
            "{mended}"
        );
        assert!(mended.contains("/Size 13 /Root 1 0 R"), "{mended}");
        assert!(mended.ends_with(&format!("startxref\n{}\n%%EOF\n", file.len() + 1)), "{mended}");
    }

    #[test]
    fn what_holds_no_document_stays_broken() {
        for file in [
            &b""[..],
            b" obj",
            b"1 0 obj (a) endobj trailer << /Root 9 0 R >>",
            b"0 0 obj",
            b"/Root",
            b"99999999999 0 obj",
        ] {
            assert_eq!(mended(file), None, "{}", file.escape_ascii());
        }
        assert_eq!(mended(b"1 0 obj << /Type /Catalog >> endobj trailer << /Encrypt 3 0 R >>"), None);
    }
}
