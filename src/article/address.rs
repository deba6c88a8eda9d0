//! Addresses: one form for one page, so that a page is one article however it was reached.

use jiff::civil::Date;

/// Query keys that say how a reader came to a page, not which page it is.
const TRACKING: [&str; 38] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_medium",
    "campaign_id",
    "cid",
    "cmpid",
    "dclid",
    "ef_id",
    "emc",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "igshid",
    "ito",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "smid",
    "taid",
    "twclid",
    "wbraid",
    "yclid",
];

/// Returns the canonical form of an address of a page: scheme and host in lower case, without user, default port, fragment and tracking
/// parameters, with dot segments resolved and escapes written in one way. `None` for what is no http(s) address.
pub fn canonical_url(address: &str) -> Option<String> {
    let address = address.trim();
    if address.len() > 4096 || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default().to_lowercase();
    let default_port = if scheme == "http" { "80" } else { "443" };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host.as_str(), ""),
    };
    let literal = name.starts_with('[') && name.ends_with(']');
    let name = if literal { name } else { name.strip_suffix('.').unwrap_or(name) };
    if !literal && (name.contains(':') || name.split('.').any(str::is_empty))
        || !port.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let host = if port.is_empty() || port == default_port { name.to_owned() } else { format!("{name}:{port}") };
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let path = without_dots(&plain_escapes(path));
    let query: Vec<String> = query.split('&').filter(|p| !p.is_empty() && !is_tracking(p)).map(plain_escapes).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    Some(format!("{scheme}://{host}{path}{query}"))
}

fn is_tracking(parameter: &str) -> bool {
    let key = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    key.starts_with("utm_") || TRACKING.binary_search(&key.as_str()).is_ok()
}

/// Decodes escapes of characters that need none and writes the others with capital digits (RFC 3986, 6.2.2).
fn plain_escapes(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(1..3).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            Some(byte) => out.push_str(&format!("%{byte:02X}")),
            None => out.push('%'),
        }
        rest = escape.get(if code.is_some() { 3 } else { 1 }..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (i, segment) in segments.iter().enumerate() {
        let last = i + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Returns the host of an http(s) address without `www.`.
pub(crate) fn host(address: &str) -> Option<String> {
    let canonical = canonical_url(address)?;
    let host = canonical.split("://").nth(1)?.split(['/', '?', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// Resolves a link found on a page against the page's address.
pub(crate) fn resolve(base: &str, link: &str) -> Option<String> {
    let link = link.trim();
    if let Some(absolute) = canonical_url(link) {
        return Some(absolute);
    }
    if link.is_empty() || link.split(['/', '?', '#']).next().is_some_and(|s| s.contains(':')) {
        return None;
    }
    let base = canonical_url(base)?;
    let (scheme, rest) = base.split_once("://")?;
    if let Some(other_host) = link.strip_prefix("//") {
        return canonical_url(&format!("{scheme}://{other_host}"));
    }
    let path_at = rest.find('/')?;
    let (host, tail) = rest.split_at(path_at);
    let path = tail.split('?').next().unwrap_or_default();
    if link.starts_with('/') {
        return canonical_url(&format!("{scheme}://{host}{link}"));
    }
    if link.starts_with('?') {
        return canonical_url(&format!("{scheme}://{host}{path}{link}"));
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    canonical_url(&format!("{scheme}://{host}{folder}/{link}"))
}

/// Returns the day that an address names in its path, as `/2016/08/26/`, `/2016/aug/26/`, `/2016-08-26` or `/20160826`.
pub(crate) fn date_in(address: &str) -> Option<Date> {
    let canonical = canonical_url(address)?;
    let path = canonical.split("://").nth(1)?.split_once('/')?.1.split('?').next()?.to_owned();
    let segments: Vec<&str> = path.split('/').collect();
    for three in segments.windows(3) {
        let [year, month, day] = three else { continue };
        if year.len() == 4 && (1..=2).contains(&day.len()) {
            let month = month.parse::<i8>().ok().or_else(|| super::date::month(month));
            let parts = (year.parse::<i16>().ok(), month, day.parse::<i8>().ok());
            if let (Some(y @ 1990..=2100), Some(m), Some(d)) = parts
                && let Ok(date) = Date::new(y, m, d)
            {
                return Some(date);
            }
        }
    }
    for segment in segments {
        let digits = |n: usize| segment.get(..n).filter(|s| s.bytes().all(|b| b.is_ascii_digit() || b == b'-'));
        for n in [10, 8] {
            // `2016-08-26-talks` and `20160826-talks`, but no digits out of a longer number.
            let ends = segment.as_bytes().get(n).is_none_or(|b| !b.is_ascii_digit());
            if let Some(date) = digits(n).filter(|_| ends).and_then(super::date::parse_date)
                && (1990..=2100).contains(&date.year())
            {
                return Some(date);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn one_page_one_form() {
        for (given, canonical) in [
            ("HTTPS://WWW.Example.COM:443/a/B?x=1&utm_source=feed#top", "https://www.example.com/a/B?x=1"),
            ("http://example.com:80", "http://example.com/"),
            ("http://example.com:8080/?", "http://example.com:8080/"),
            ("https://u:p@example.com/a/./b/../c", "https://example.com/a/c"),
            ("https://example.com/%7Euser/%c3%a9t%C3%A9?fbclid=x&id=7", "https://example.com/~user/%C3%A9t%C3%A9?id=7"),
            ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ] {
            assert_eq!(canonical_url(given).as_deref(), Some(canonical));
        }
        for none in [
            "",
            "example.com/a",
            "mailto:a@b.c",
            "file:///etc",
            "https://",
            "https:///x",
            "https://a b/",
            "javascript:alert(1)",
        ] {
            assert_eq!(canonical_url(none), None, "{none}");
        }
    }

    #[test]
    fn tracking_keys_are_sorted_for_the_search() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn links_resolve() {
        let base = "https://example.com/news/today?x=1";
        assert_eq!(resolve(base, "/a").as_deref(), Some("https://example.com/a"));
        assert_eq!(resolve(base, "b").as_deref(), Some("https://example.com/news/b"));
        assert_eq!(resolve(base, "//cdn.example.org/c").as_deref(), Some("https://cdn.example.org/c"));
        assert_eq!(resolve(base, "https://other.example/d#e").as_deref(), Some("https://other.example/d"));
        assert_eq!(resolve(base, "mailto:a@b.c"), None);
    }

    #[test]
    fn days_in_addresses() {
        assert_eq!(date_in("https://x.example/politics/2023/07/14/no-date"), Some(date(2023, 7, 14)));
        assert_eq!(date_in("https://x.example/world/2016/aug/26/talks"), Some(date(2016, 8, 26)));
        assert_eq!(date_in("https://x.example/2016-08-26-talks"), Some(date(2016, 8, 26)));
        assert_eq!(date_in("https://x.example/20160826/talks"), Some(date(2016, 8, 26)));
        assert_eq!(date_in("https://x.example/news/strike-1182034"), None);
        assert_eq!(date_in("https://x.example/2016082699"), None);
        assert_eq!(date_in("https://x.example/2023/07/no-day"), None);
    }

    proptest! {
        #[test]
        fn canonical_twice_is_canonical_once(address in "https?://[a-zA-Z.:@]{1,12}(/[a-z.%0-9A-F]{0,6}){0,4}(\\?[a-z&=%_]{0,12})?(#[a-z]{0,3})?") {
            if let Some(once) = canonical_url(&address) {
                prop_assert_eq!(canonical_url(&once), Some(once.clone()));
            }
        }

        #[test]
        fn any_text_in_no_panic(a in "\\PC{0,60}", b in "\\PC{0,60}") {
            canonical_url(&a);
            resolve(&a, &b);
            date_in(&format!("https://x.example/{a}"));
        }
    }
}
