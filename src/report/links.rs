//! Links: to the passage, with text fragments that browsers scroll to and mark, and to pages beside this one.

use crate::claim::{ArticleId, Claim, ClaimId, SpeakerId};

/// Addresses of the pages beside this one; a report that stands alone has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pages<'b> {
    base: Option<&'b str>,
}

impl<'b> Pages<'b> {
    /// Pages under a path, which does not end in `/`.
    pub fn under(base: &'b str) -> Pages<'b> {
        Pages { base: Some(base) }
    }

    /// Returns the address of a claim's page.
    pub fn claim(&self, id: ClaimId) -> Option<String> {
        self.base.map(|base| format!("{base}/claims/{id}"))
    }

    /// Returns the address of a speaker's page.
    pub fn speaker(&self, id: SpeakerId) -> Option<String> {
        self.base.map(|base| format!("{base}/speakers/{id}"))
    }

    /// Returns the address of an article's page.
    pub fn article(&self, id: ArticleId) -> Option<String> {
        self.base.map(|base| format!("{base}/articles/{id:#}"))
    }

    /// Returns the address of a finding's page.
    pub fn finding(&self, id: &str) -> Option<String> {
        self.base.map(|base| format!("{base}/findings/{id}"))
    }
}

/// Words at each end of a fragment.
const EDGE: usize = 5;

/// Returns the claim's address with a text fragment; none where the article has no web address.
pub fn passage_link(claim: &Claim) -> Option<String> {
    let url = claim.url.as_deref().filter(|u| u.starts_with("https://") || u.starts_with("http://"))?;
    // A claim in several pieces is linked at its first one: a fragment has to stand in one stretch.
    let piece = claim.text.split(" … ").next().unwrap_or(&claim.text);
    let words: Vec<&str> = piece.split_whitespace().collect();
    if words.is_empty() {
        return Some(url.to_string());
    }
    let fragment = if words.len() <= 2 * EDGE {
        encode(&words.join(" "))
    } else {
        format!("{},{}", encode(&words[..EDGE].join(" ")), encode(&words[words.len() - EDGE..].join(" ")))
    };
    let joint = if url.contains('#') { ":~:" } else { "#:~:" };
    Some(format!("{url}{joint}text={fragment}"))
}

/// Percent-encodes for a fragment or a query, the dash and comma included, which have a meaning in fragments.
pub fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::passage::tests::claim;
    use super::*;

    #[test]
    fn long_claims_are_linked_by_their_ends() {
        let short = claim(1, "2024-01-02", "Mail", "“[Rents fell, ‘re-fell’].”");
        assert_eq!(
            passage_link(&short).unwrap(),
            "https://mail.example/1#:~:text=Rents%20fell%2C%20%E2%80%98re%2Dfell%E2%80%99"
        );
        let long = claim(2, "2024-01-02", "Mail", "“[one two three four five six seven eight nine ten eleven].”");
        assert_eq!(
            passage_link(&long).unwrap(),
            "https://mail.example/2#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven"
        );
    }

    #[test]
    fn only_web_addresses_become_links() {
        let mut claim = claim(1, "2024-01-02", "Mail", "[x]");
        claim.url = Some("javascript:alert(1)".into());
        assert_eq!(passage_link(&claim), None);
    }
}
