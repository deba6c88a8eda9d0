//! Who may ask: the holder of the token, from a page of ours, under a name of this machine.

use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Site;

/// Only what this server sends is shown, run or asked for; nothing may frame it or send forms elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every answer.
const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    // Nothing outside learns the address; within, `no-referrer` would have browsers hide where our own forms come from.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Lets a request through that may ask, and gives every answer its headers.
pub async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&site, &request) {
        None => next.run(request).await,
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn refusal(site: &Site, request: &Request) -> Option<&'static str> {
    // A name that points at this machine only now is not ours: a page elsewhere may have re-bound it.
    let host = header(request.headers(), HOST.as_str());
    if !host.is_some_and(|host| is_ours(host, site.port)) {
        return Some("This page is served to this machine only, under 127.0.0.1 or localhost.\n");
    }
    let token = request.uri().path().strip_prefix('/').and_then(|path| path.split('/').next()).unwrap_or("");
    if !same(token.as_bytes(), site.token.as_bytes()) {
        return Some("The address lacks the token; open the address that `onrecord serve` printed.\n");
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    (changes && !from_our_page(request.headers(), site.port))
        .then_some("Changes are taken from this server's own pages only.\n")
}

/// Whether a change comes from a page of ours, as far as the browser says where it comes from.
fn from_our_page(headers: &HeaderMap, port: u16) -> bool {
    let origin = header(headers, ORIGIN.as_str())
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|host| is_ours(host, port)));
    origin && header(headers, "sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    // One that is no text counts as there and as foreign.
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

/// Whether a host and port name this server.
fn is_ours(host: &str, port: u16) -> bool {
    let (name, given) = match host.rsplit_once(':') {
        Some((name, given)) if !given.ends_with(']') => (name, given.parse().ok()),
        _ => (host, Some(80)),
    };
    given == Some(port) && (name == "127.0.0.1" || name == "[::1]" || name.eq_ignore_ascii_case("localhost"))
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_with_our_port_are_ours() {
        for ours in ["127.0.0.1:8400", "localhost:8400", "LOCALHOST:8400", "[::1]:8400"] {
            assert!(is_ours(ours, 8400), "{ours}");
        }
        for foreign in [
            "",
            "evil.example",
            "evil.example:8400",
            "127.0.0.1",
            "127.0.0.1:8401",
            "localhost.evil.example:8400",
            "127.0.0.1.evil.example:8400",
            "[::1]",
            "localhost:",
            "localhost:+8400x",
        ] {
            assert!(!is_ours(foreign, 8400), "{foreign}");
        }
        assert!(is_ours("localhost", 80));
    }

    #[test]
    fn changes_come_from_our_pages() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let headers =
                pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            from_our_page(&headers.collect(), 8400)
        };
        assert!(from(&[]) && from(&[("origin", "http://127.0.0.1:8400"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "http://evil.example")]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
    }
}
