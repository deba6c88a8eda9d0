//! `robots.txt` as RFC 9309 has it: groups of rules for user agents, the longest match decides.

/// What a host lets us ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// The rules that hold for us; none allow everything.
    Known(Vec<Rule>),
    /// The file exists and could not be had; the words say why. Nothing may be asked for.
    Unknown(String),
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    allow: bool,
    /// A path, perhaps with `*` inside and `$` at its end; escapes as in [`plain`].
    pattern: String,
}

/// Rules that are kept of one file: no real one has as many.
const MOST_RULES: usize = 10_000;
/// Longest pattern that is kept, in bytes.
const LONGEST_PATTERN: usize = 2048;

impl Default for Rules {
    fn default() -> Rules {
        Rules::Known(Vec::new())
    }
}

impl Rules {
    /// Reads the rules for `agent`: those of all groups that name it, else those for `*`.
    pub(super) fn parse(file: &str, agent: &str) -> Rules {
        let (mut ours, mut everyones) = (Vec::new(), Vec::new());
        let mut named = false;
        // Whether the group names us, whether it is for everyone, and whether its rules have begun.
        let (mut for_us, mut for_all, mut in_rules) = (false, false, false);
        for line in file.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if in_rules {
                        (for_us, for_all, in_rules) = (false, false, false);
                    }
                    let token = value.split(|c: char| !(c.is_ascii_alphabetic() || c == '_' || c == '-')).next();
                    for_us |= token.is_some_and(|t| t.eq_ignore_ascii_case(agent));
                    for_all |= value.starts_with('*');
                    named |= for_us;
                }
                allow @ ("allow" | "disallow") => {
                    in_rules = true;
                    // An empty rule says nothing.
                    if value.is_empty() || value.len() > LONGEST_PATTERN {
                        continue;
                    }
                    let rule = Rule { allow: allow == "allow", pattern: plain(value) };
                    if for_us && ours.len() < MOST_RULES {
                        ours.push(rule.clone());
                    }
                    if for_all && everyones.len() < MOST_RULES {
                        everyones.push(rule);
                    }
                }
                _ => {}
            }
        }
        Rules::Known(if named { ours } else { everyones })
    }

    /// Tells whether a path, with its query, may be asked for.
    pub(super) fn allow(&self, path: &str) -> bool {
        let Rules::Known(rules) = self else { return false };
        let path = plain(path);
        let fitting = rules.iter().filter(|rule| fits(&rule.pattern, &path));
        // Of rules equally long the one that allows counts.
        fitting.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
            || path == "/robots.txt"
    }
}

/// Tells whether a pattern fits the start of a path: `*` stands for anything, `$` at the end for the end.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_the_end || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if to_the_end && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

/// Writes escapes in one way: what needs none stands as itself, what is no ASCII is escaped, digits are capital.
fn plain(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let code =
            (byte == b'%').then(|| path.get(at..at + 2)).flatten().filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(escaped) => {
                at += 2;
                if escaped.is_ascii_alphanumeric() || b"-._~".contains(&escaped) {
                    out.push(char::from(escaped));
                } else {
                    out.push_str(&format!("%{escaped:02X}"));
                }
            }
            None if byte.is_ascii() => out.push(char::from(byte)),
            None => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allowed(file: &str, path: &str) -> bool {
        Rules::parse(file, "onrecord").allow(path)
    }

    #[test]
    fn the_group_that_names_us_counts_else_the_one_for_all() {
        let file = "User-agent: *\nDisallow: /\n\nuser-agent: other\nUser-Agent: OnRecord/2.0 # us\nDisallow: /private\nAllow: /private/news\n\nSitemap: https://x.example/s.xml\n";
        assert!(allowed(file, "/a"));
        assert!(!allowed(file, "/private/x"));
        assert!(allowed(file, "/private/news/1"));
        assert!(!allowed(&file.replace("OnRecord", "onrecorder"), "/a"), "another agent whose name starts like ours");
        assert!(allowed("User-agent: onrecord\nDisallow:\nUser-agent: *\nDisallow: /", "/a"), "an empty rule allows");
        let twice =
            "User-agent: onrecord\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: onrecord\nDisallow: /b";
        assert!(!allowed(twice, "/a") && !allowed(twice, "/b") && allowed(twice, "/c"), "groups of one name are one");
    }

    #[test]
    fn the_longest_match_decides_and_a_tie_allows() {
        let file = "User-agent: *\nAllow: /p\nDisallow: /\n";
        assert!(allowed(file, "/page") && !allowed(file, "/other"));
        assert!(allowed("User-agent: *\nAllow: /folder\nDisallow: /folder", "/folder/page"));
        let file = "User-agent: *\nDisallow: /*.gif$\nDisallow: /*?print=\nDisallow: /a%3cd.html\nDisallow: /é";
        for (path, allow) in [
            ("/x/y.gif", false),
            ("/x/y.gif?big", true),
            ("/story?print=1", false),
            ("/a%3Cd.html", false),
            ("/%C3%A9t%C3%A9", false),
            ("/gif", true),
        ] {
            assert_eq!(allowed(file, path), allow, "{path}");
        }
        assert!(allowed("User-agent: *\nDisallow: /", "/robots.txt"));
        assert!(!Rules::Unknown("503".into()).allow("/"));
    }

    #[test]
    fn many_stars_take_no_longer_than_a_few() {
        let file = format!("User-agent: *\nDisallow: /{}x$", "*a".repeat(1000));
        assert!(allowed(&file, &format!("/{}", "a".repeat(8000))));
    }

    proptest! {
        #[test]
        fn any_file_parses(file in "([Uu]ser-agent|allow|Disallow)?[ :*$/%a-f0-9\n\r#é]{0,200}", path in "/[ -~é]{0,60}") {
            allowed(&file, &path);
        }

        #[test]
        fn a_path_without_signs_is_disallowed_with_all_below_it(path in "/[a-z/]{0,20}", below in "[a-z0-9/?]{0,10}") {
            let file = format!("User-agent: *\nDisallow: {path}");
            let below = path + &below;
            prop_assert!(!allowed(&file, &below));
        }
    }
}
