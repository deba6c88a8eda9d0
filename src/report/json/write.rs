//! JSON as text: documents to read, rows to pipe; no character that a terminal would act on.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::report::text::is_unsafe;

/// Writes a document indented by two spaces; lists of offsets stay on one line.
pub fn write_document<T: Serialize + ?Sized>(mut out: impl Write, document: &T) -> io::Result<()> {
    let mut text = String::new();
    indent(&serde_json::to_value(document)?, 0, &mut text);
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// Writes one row of JSON Lines.
pub fn write_line<T: Serialize + ?Sized>(mut out: impl Write, row: &T) -> io::Result<()> {
    let mut text = String::new();
    escape_into(&serde_json::to_string(row)?, &mut text);
    text.push('\n');
    out.write_all(text.as_bytes())
}

fn indent(value: &Value, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    match value {
        Value::Array(values) if values.iter().any(|v| !is_short(v)) => {
            out.push('[');
            for (i, value) in values.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                line(out, depth + 1);
                indent(value, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        Value::Array(values) => {
            out.push('[');
            for (i, value) in values.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                indent(value, depth, out);
            }
            out.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (i, (key, value)) in fields.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                line(out, depth + 1);
                escape_into(&Value::from(key.as_str()).to_string(), out);
                out.push_str(": ");
                indent(value, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
        other => escape_into(&other.to_string(), out),
    }
}

/// Tells whether a value goes into a list on one line: all but objects and lists of them.
fn is_short(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|v| v.is_number()),
        Value::Object(_) => false,
        _ => true,
    }
}

/// Escapes what JSON lets through but a terminal must not see; such characters stand in strings only.
fn escape_into(json: &str, out: &mut String) {
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unsafe_characters_are_escaped_and_come_back() {
        let value = json!({"text": "a\u{202e}b\u{1b}c\u{e0041}“", "spans": [[0, 1], [2, 3]], "none": []});
        let mut out = Vec::new();
        write_document(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "{\n  \"text\": \"a\\u202eb\\u001bc\\udb40\\udc41“\",\n  \"spans\": [[0, 1], [2, 3]],\n  \"none\": []\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
