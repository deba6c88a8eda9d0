//! Exchange with the web: schema.org `Claim` and `ClaimReview` as JSON-LD, and W3C Web Annotations.

use serde_json::{Value, json};

use super::links::passage_link;
use crate::attribution::{Attribution, Sort};
use crate::claim::Claim;
use crate::consistency::{Finding, Findings};
use crate::span::{CodePoints, Span};
use crate::verdict::FindingKind;

/// Characters of the text before and after a quotation that tell it from others of the same words.
const AROUND: usize = 32;

/// Returns claims as one schema.org document.
pub fn claims(claims: &[Claim]) -> Value {
    json!({"@context": "https://schema.org", "@graph": claims.iter().map(claim).collect::<Vec<_>>()})
}

/// Returns a report's findings as one schema.org document of `ClaimReview`s; repeats are left out.
pub fn reviews(findings: &Findings) -> Value {
    let reviews: Vec<Value> = findings.findings.iter().filter(|f| f.kind != FindingKind::Repeat).map(review).collect();
    json!({"@context": "https://schema.org", "@graph": reviews})
}

fn claim(claim: &Claim) -> Value {
    let mut article = json!({"@type": "NewsArticle", "identifier": format!("{:#}", claim.article)});
    let more = [
        ("headline", claim.title.clone()),
        ("datePublished", claim.date.map(|d| d.to_string())),
        ("url", passage_link(claim)),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            article[key] = value.into();
        }
    }
    if let Some(outlet) = &claim.outlet {
        article["publisher"] = json!({"@type": "Organization", "name": outlet});
    }
    json!({
        "@type": "Claim",
        "@id": format!("urn:onrecord:claim:{:#}:{}", claim.article, claim.id),
        "text": claim.text,
        "author": {"@type": speaker_type(&claim.attribution), "name": claim.speaker_name},
        "appearance": article,
    })
}

fn speaker_type(attribution: &Attribution) -> &'static str {
    match attribution.speaker.as_ref().map(|s| s.sort) {
        Some(Sort::Organisation | Sort::Group) => "Organization",
        _ => "Person",
    }
}

fn review(finding: &Finding) -> Value {
    let kind = match finding.kind {
        FindingKind::Contradiction => "possible contradiction",
        FindingKind::ChangedPosition => "changed position",
        FindingKind::ReportsDiffer => "reports differ",
        FindingKind::Repeat => "repeat",
    };
    let mut body: Vec<String> = finding.reasons.iter().map(|r| r.says.clone()).collect();
    if let Some(note) = finding.review.as_ref().and_then(|r| r.note.clone()) {
        body.push(note);
    }
    let mut made = json!({
        "@type": "ClaimReview",
        "@id": format!("urn:onrecord:finding:{}", finding.id),
        "claimReviewed": finding.a.text,
        "itemReviewed": claim(&finding.a),
        "citation": claim(&finding.b),
        "reviewBody": body.join(" "),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": kind,
            "ratingExplanation": format!("judged {:.0} % sure by a program; to be read by a person", finding.confidence * 100.0),
        },
    });
    if let Some(review) = &finding.review {
        made["creativeWorkStatus"] = review.verdict.as_str().into();
        made["dateModified"] = review.at.as_str().into();
    }
    made
}

/// Returns one attribution as a W3C Web Annotation on its article; `name` tells it from the article's others.
///
/// Every piece of the content is a target of its own, selected by position and by words.
pub fn annotation(
    attribution: &Attribution,
    speaker: Option<&str>,
    source: &str,
    name: &str,
    text: &str,
    points: &CodePoints<'_>,
) -> Value {
    let targets: Vec<Value> = attribution
        .content
        .iter()
        .map(|piece| json!({"source": source, "selector": selectors(*piece, text, points)}))
        .collect();
    let mut bodies = vec![
        json!({"type": "TextualBody", "purpose": "tagging", "value": attribution.kind}),
        json!({"type": "TextualBody", "purpose": "tagging", "value": attribution.act}),
    ];
    if let Some(speaker) = speaker {
        bodies.insert(0, json!({"type": "TextualBody", "purpose": "identifying", "value": speaker}));
    }
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("urn:onrecord:attribution:{name}"),
        "type": "Annotation",
        "motivation": "identifying",
        "body": bodies,
        "target": targets,
    })
}

fn selectors(piece: Span, text: &str, points: &CodePoints<'_>) -> Value {
    let [start, end] = points.span(piece);
    let before: Vec<char> = text.get(..piece.start as usize).unwrap_or("").chars().rev().take(AROUND).collect();
    let prefix: String = before.into_iter().rev().collect();
    let suffix: String = text.get(piece.end as usize..).unwrap_or("").chars().take(AROUND).collect();
    json!([
        {"type": "TextPositionSelector", "start": start, "end": end},
        {"type": "TextQuoteSelector", "exact": piece.of(text), "prefix": prefix, "suffix": suffix},
    ])
}

#[cfg(test)]
mod tests {
    use super::super::findings::tests::sample;
    use super::super::passage::tests::claim as made_up;
    use super::*;

    #[test]
    fn a_finding_is_a_review_of_the_earlier_claim() {
        let document = reviews(&sample());
        let review = &document["@graph"][0];
        assert_eq!(review["@type"], "ClaimReview");
        assert_eq!(review["itemReviewed"]["text"], "There will be no tolls on this bridge, ever");
        assert_eq!(review["itemReviewed"]["appearance"]["publisher"]["name"], "Mail");
        assert_eq!(review["reviewRating"]["alternateName"], "possible contradiction");
        assert!(!document.to_string().contains("lied"));
    }

    #[test]
    fn an_annotation_selects_each_piece_by_position_and_words() {
        let text = "«Größe» – “No tolls,” she said, “not ever.”";
        let mut attribution = made_up(1, "2024-01-02", "Mail", "[x]").attribution;
        attribution.content = ["No tolls", "not ever"]
            .map(|words| {
                let at = text.find(words).unwrap();
                Span::new(at, at + words.len())
            })
            .to_vec();
        let points = CodePoints::new(text);
        let made = annotation(&attribution, Some("Petra Vance"), "https://x.example/", "n", text, &points);
        assert_eq!(made["target"].as_array().unwrap().len(), 2);
        let selector = &made["target"][1]["selector"];
        assert_eq!((&selector[0]["start"], &selector[0]["end"]), (&33.into(), &41.into()));
        assert_eq!(selector[1]["exact"], "not ever");
        assert_eq!(selector[1]["prefix"], "Größe» – “No tolls,” she said, “");
    }
}
