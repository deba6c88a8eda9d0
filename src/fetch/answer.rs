//! What a server answered.

use std::io::{self, Read};
use std::time::Duration;

use ureq::Body;
use ureq::http::{HeaderMap, Response};
use url::Url;

use super::{Cause, Settings};

/// What a server said about the state of what it gave; sent back to ask whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as it was sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Tells whether the server gave none.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What came.
#[derive(Debug)]
pub enum Answer {
    /// The same as last time.
    NotModified,
    /// What the address holds.
    Fetched(Fetched),
}

/// The bytes of an address and what the server said about them.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address after all redirects.
    pub url: String,
    /// The declared type, in lower case, without parameters.
    pub media_type: Option<String>,
    /// The declared character encoding.
    pub charset: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The bytes, unpacked.
    pub body: Vec<u8>,
}

/// Reads an answer that is no redirect.
pub(super) fn of(
    url: &Url,
    mut response: Response<Body>,
    conditional: bool,
    settings: &Settings,
) -> Result<Answer, Cause> {
    match response.status().as_u16() {
        304 if conditional => return Ok(Answer::NotModified),
        200 | 203 => {}
        code => return Err(Cause::Status { code, wait: wait(response.headers()) }),
    }
    let packed = header(response.headers(), "content-encoding").unwrap_or_default().to_ascii_lowercase();
    if !matches!(packed.as_str(), "" | "identity" | "gzip" | "x-gzip") {
        return Err(Cause::Encoding(packed));
    }
    let (media_type, charset) = declared(&header(response.headers(), "content-type").unwrap_or_default());
    let validators = Validators {
        etag: header(response.headers(), "etag"),
        last_modified: header(response.headers(), "last-modified"),
    };
    let announced = header(response.headers(), "content-length").and_then(|n| n.trim().parse::<u64>().ok());
    if announced.is_some_and(|n| n > settings.size) {
        return Err(Cause::TooLarge(settings.size));
    }
    let body = prefix(&mut response, settings.size.saturating_add(1)).map_err(|e| Cause::of_io(e, settings))?;
    if body.len() as u64 > settings.size {
        return Err(Cause::TooLarge(settings.size));
    }
    Ok(Answer::Fetched(Fetched { url: url.to_string(), media_type, charset, validators, body }))
}

/// Reads a body up to `limit` bytes, unpacked.
pub(super) fn prefix(response: &mut Response<Body>, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // The limit of the body itself counts packed bytes; ours counts what comes out.
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    reader.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Returns how long a busy server asks us to wait, where it says so in seconds.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    header(headers, "retry-after")?.parse().ok().map(Duration::from_secs)
}

/// Reads `text/html; charset="utf-8"`.
fn declared(content_type: &str) -> (Option<String>, Option<String>) {
    let mut parts = content_type.split(';');
    let media_type = parts.next().map(|t| t.trim().to_ascii_lowercase()).filter(|t| t.contains('/'));
    let charset = parts.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty() && value.len() <= 40).then(|| value.to_owned())
    });
    (media_type, charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_are_read_with_their_encoding() {
        let some = |s: &str| Some(s.to_string());
        assert_eq!(declared("Text/HTML; charset=\"windows-1252\""), (some("text/html"), some("windows-1252")));
        assert_eq!(
            declared("application/rss+xml;version=2;Charset=utf-8"),
            (some("application/rss+xml"), some("utf-8"))
        );
        assert_eq!(declared("garbage"), (None, None));
    }
}
