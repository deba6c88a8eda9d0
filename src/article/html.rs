//! HTML pages: the main text, without navigation, teasers, comments, captions and other furniture.

use std::collections::BTreeMap;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};

use super::encoding::decode_text;
use super::error::{Failure, Place, ReadError};
use super::guard::guarded;
use super::limits::Limits;
use super::open::Opened;
use super::page_metadata::{self, PageMetadata};
use super::{Article, LeftOut, Reading};

/// Parts of a page that are never its text, and what they are.
const FURNITURE: [(&str, &str); 11] = [
    ("script, style, template, noscript, iframe, object, svg, canvas", ""),
    ("nav, [role=navigation], [role=menu], [role=search]", "navigation"),
    ("aside, [role=complementary]", "beside the article"),
    ("figcaption, figure", "a picture and its caption"),
    ("form, button, input, select, textarea, label", "a form"),
    ("[role=dialog], dialog", "a dialog"),
    ("[hidden], [aria-hidden=true]", "hidden"),
    ("footer, [role=contentinfo]", "the page's foot"),
    ("audio, video, [itemprop=caption]", "sound or video"),
    (".comments, #comments, #disqus_thread, [itemprop=comment]", "comments"),
    ("[rel=tag], .visually-hidden, .sr-only, .skip", "hidden"),
];

/// Words in a class or an id that mark furniture, and what it is. Sorted.
const MARKED: [(&str, &str); 39] = [
    ("ad", "advertising"),
    ("ads", "advertising"),
    ("adslot", "advertising"),
    ("advert", "advertising"),
    ("advertisement", "advertising"),
    ("banner", "advertising"),
    ("breadcrumb", "navigation"),
    ("breadcrumbs", "navigation"),
    ("caption", "a caption"),
    ("captions", "a caption"),
    ("carousel", "pictures"),
    ("comments", "comments"),
    ("consent", "a dialog"),
    ("cookie", "a dialog"),
    ("cookies", "a dialog"),
    ("gallery", "pictures"),
    ("mpu", "advertising"),
    ("newsletter", "an invitation to subscribe"),
    ("paywall", "an invitation to subscribe"),
    ("popular", "a teaser"),
    ("promo", "a teaser"),
    ("promoted", "advertising"),
    ("readmore", "a teaser"),
    ("recirc", "a teaser"),
    ("recommended", "a teaser"),
    ("related", "a teaser"),
    ("share", "share buttons"),
    ("sharing", "share buttons"),
    ("signup", "an invitation to subscribe"),
    ("slideshow", "pictures"),
    ("social", "share buttons"),
    ("sponsor", "advertising"),
    ("sponsored", "advertising"),
    ("subscribe", "an invitation to subscribe"),
    ("subscription", "an invitation to subscribe"),
    ("teaser", "a teaser"),
    ("teasers", "a teaser"),
    ("trending", "a teaser"),
    ("video", "sound or video"),
];

/// Reads one page from a file.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Result<Reading, ReadError> {
    let content = opened.all("the page", limits.article).map_err(|f| f.at(&opened.label, None))?;
    let charset = opened.charset.take();
    let read = bytes(content, charset, opened.url.as_deref(), limits);
    let mut reading = read.map_err(|(failure, place)| failure.at(&opened.label, place))?;
    reading.article.name = opened.name;
    reading.checked(&opened.label, None)
}

/// Takes the article out of a page's bytes; `charset` is what the transport declared, `url` where the page came from.
pub(crate) fn bytes(
    bytes: Vec<u8>,
    charset: Option<String>,
    url: Option<&str>,
    limits: &Limits,
) -> Result<Reading, (Failure, Option<Place>)> {
    let declared = charset.or_else(|| declared_charset(&bytes));
    let html = decode_text(bytes, declared.as_deref())?;
    page(&html, url, limits).map(Reading::with_turns_set).map_err(|failure| (failure, None))
}

/// Finds the encoding that a page declares in its first bytes: `<meta charset>`, `http-equiv` or an XML declaration.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096))?).to_lowercase();
    for key in ["charset=", "encoding="] {
        if let Some((_, rest)) = head.split_once(key) {
            let rest = rest.trim_start_matches(['"', '\'', ' ']);
            let label: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).take(40).collect();
            if !label.is_empty() {
                return Some(label);
            }
        }
    }
    None
}

/// Takes the article out of a page.
pub(crate) fn page(html: &str, url: Option<&str>, limits: &Limits) -> Result<Reading, Failure> {
    nesting(html, limits.depth * 4)?;
    guarded("HTML", || Ok(main_text(html, url)))
}

fn main_text(html: &str, url: Option<&str>) -> Reading {
    let document = Document::from(html);
    let PageMetadata { title, outlet, date, url, byline, mut left_out } = page_metadata::of(&document, url);
    strip(&document, &mut left_out);
    let fallback = region_text(&document);
    let text = readable(document).filter(|t| t.trim().len() * 3 > fallback.trim().len()).unwrap_or(fallback);
    let text = tidy(&text, title.as_deref());
    let article = Article { text, title, outlet, date, url, byline, ..Article::default() };
    Reading { article, left_out }
}

/// Returns the text of a piece of HTML as feeds carry it.
pub(crate) fn fragment(html: &str, limits: &Limits) -> Result<String, Failure> {
    fragment_noting(html, limits, &mut Vec::new())
}

/// Returns the text of a piece of HTML as mails carry it, and notes what it leaves out.
pub(crate) fn fragment_noting(html: &str, limits: &Limits, left_out: &mut Vec<LeftOut>) -> Result<String, Failure> {
    nesting(html, limits.depth * 4)?;
    guarded("HTML", || {
        let document = Document::from(html);
        strip(&document, left_out);
        Ok(tidy(&document.formatted_text(), None))
    })
}

/// Lets Readability choose the main text; `None` where it finds none.
fn readable(document: Document) -> Option<String> {
    let config =
        Config { text_mode: TextMode::Formatted, char_threshold: 200, disable_json_ld: true, ..Config::default() };
    let mut readability = Readability::with_document(document, None, Some(config)).ok()?;
    Some(readability.parse().ok()?.text_content.to_string())
}

/// Returns the text of the element that says it is the article, else of the whole body.
fn region_text(document: &Document) -> String {
    for selector in ["[itemprop=articleBody]", "article", "main, [role=main]", "body"] {
        let found = document.select(selector);
        let longest = found.nodes().iter().map(|n| n.formatted_text().to_string()).max_by_key(String::len);
        if let Some(text) = longest.filter(|t| t.trim().len() > 100 || selector == "body") {
            return text;
        }
    }
    String::new()
}

/// Removes what is never the article's text, and notes it.
fn strip(document: &Document, left_out: &mut Vec<LeftOut>) {
    for (selector, why) in FURNITURE {
        for node in document.select(selector).nodes() {
            remove(node, why, left_out);
        }
    }
    let whole = document.select("body").text().trim().len();
    let marked: Vec<(NodeRef, &str)> =
        document.select("[class], [id]").nodes().iter().filter_map(|node| Some((*node, mark_of(node)?))).collect();
    // Text that is for subscribers is marked paragraph by paragraph.
    let mut in_paragraphs: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, why) in marked.iter().filter(|(node, _)| node.is("p")) {
        *in_paragraphs.entry(why).or_default() += node.text().trim().len();
    }
    for (node, why) in &marked {
        // A mark on what holds the article describes the page, not that element.
        let holds = node.is("html, body, main, article, h1, p.lead")
            || !node.find(&["article"]).is_empty()
            || !node.find(&["h1"]).is_empty();
        let share = if node.is("p") { in_paragraphs[why] } else { node.text().trim().len() };
        if !holds && share * 10 < whole * 3 {
            remove(node, why, left_out);
        }
    }
    // A paragraph that is one link is a teaser.
    for node in document.select("p, div, li, td, th, h2, h3, h4").nodes() {
        let text = node.text();
        let text = text.trim();
        if text.is_empty() || text.len() > 300 {
            continue;
        }
        let linked: usize = node.find(&["a"]).iter().map(|a| a.text().trim().len()).sum();
        if linked * 10 >= text.len() * 9 {
            remove(node, "a link to another page", left_out);
        }
    }
}

/// Finds a word in an element's class or id that marks furniture, and says what it is.
fn mark_of(node: &NodeRef) -> Option<&'static str> {
    let marks = [node.class(), node.id_attr()];
    marks.iter().flatten().flat_map(|m| m.split(|c: char| !c.is_ascii_alphanumeric())).find_map(|word| {
        let word = word.to_ascii_lowercase();
        let at = MARKED.binary_search_by_key(&word.as_str(), |(mark, _)| mark).ok()?;
        Some(MARKED[at].1)
    })
}

fn remove(node: &NodeRef, why: &str, left_out: &mut Vec<LeftOut>) {
    if !why.is_empty() && left_out.len() < 200 {
        let part = LeftOut::new(&node.formatted_text(), why);
        // What stands in something that is out already was told with it.
        if !part.what.is_empty() && left_out.last() != Some(&part) {
            left_out.push(part);
        }
    }
    node.remove_from_parent();
}

/// Trims lines, keeps one blank line between paragraphs and drops a headline that repeats the title.
fn tidy(text: &str, title: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if out.is_empty() && title == Some(line) {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        blank = 0;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Refuses markup that nests far deeper than any page does: parsers take quadratic time on it.
pub(crate) fn nesting(markup: &str, limit: usize) -> Result<(), Failure> {
    // Elements that close themselves or that authors may leave open.
    const OPEN_ENDED: [&str; 34] = [
        "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "image", "img", "input",
        "li", "link", "media", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td",
        "tfoot", "th", "thead", "tr", "track", "wbr", "xml",
    ];
    let bytes = markup.as_bytes();
    let (mut depth, mut at) = (0usize, 0usize);
    // Where the tag that was looked at last ends; tags that never end would each look through the rest.
    let mut end = 0;
    while let Some(found) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + found + 1;
        let closing = bytes.get(start) == Some(&b'/');
        let from = start + usize::from(closing);
        let length = bytes.iter().skip(from).take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
        at = from.max(start);
        let Some(name) = markup.get(from..from + length).filter(|n| n.starts_with(|c: char| c.is_ascii_alphabetic()))
        else {
            continue;
        };
        if OPEN_ENDED.binary_search(&name.to_ascii_lowercase().as_str()).is_ok() {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            if end < from {
                end = memchr::memchr(b'>', bytes.get(from..).unwrap_or_default()).map_or(bytes.len(), |e| from + e);
            }
            let empty = end > from && bytes.get(end - 1) == Some(&b'/');
            depth += usize::from(!empty);
            if depth > limit {
                return Err(Failure::TooDeep(limit));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = r#"<!doctype html><html><head><meta charset="utf-8"><title>Dam is full | The Vale Times</title>
<meta property="og:site_name" content="The Vale Times"><link rel="canonical" href="/2024/05/02/dam?utm_source=x">
<script type="application/ld+json">[{"@type":"WebSite","name":"no"},{"@graph":[{"@type":["ReportageNewsArticle"],"headline":"Dam is full","datePublished":"2024-05-02T23:30:00-05:00","author":[{"name":"Ana Bo"},"Cy Di"]}]}]</script>
</head><body><header><nav><a href="/">Home</a></nav></header><main><article><h1>Dam is full</h1>
<p class="standfirst">Farmers relieved.</p><div class="share-tools"><span>Share</span></div>
<p>&ldquo;The dam is full,&rdquo; the minister said. She had <em>not</em> expected&nbsp;it before June, she added, and nobody in the ministry had either.</p>
<figure><img src="a.jpg"><figcaption>The minister says cheese</figcaption></figure>
<p class="ad-slot">Buy, said the man</p>
<p>&ldquo;We shall open the sluices on Monday,&rdquo; said the keeper of the dam, who has worked there for thirty-one years and has seen it full twice.</p>
<p><a href="/more">Read more: “I drank it all,” says horse</a></p>
</article><aside>“Elsewhere,” he said</aside><section id="comments"><p>“Nonsense,” said ward7, “it is empty, I looked at it this morning and so did my whole family.”</p></section></main>
<footer>(c) Vale Times</footer></body></html>"#;

    #[test]
    fn the_article_and_nothing_else() {
        let reading = page(PAGE, Some("https://vale.example/x"), &Limits::default()).unwrap();
        let article = reading.article;
        assert_eq!(
            article.text,
            "Farmers relieved.\n\n“The dam is full,” the minister said. She had not expected it before June, she added, and nobody in the ministry had either.\n\n“We shall open the sluices on Monday,” said the keeper of the dam, who has worked there for thirty-one years and has seen it full twice.\n"
        );
        assert_eq!(article.title.as_deref(), Some("Dam is full"));
        assert_eq!(article.outlet.as_deref(), Some("The Vale Times"));
        assert_eq!(article.date, Some(jiff::civil::date(2024, 5, 2)));
        assert_eq!(article.url.as_deref(), Some("https://vale.example/2024/05/02/dam"));
        assert_eq!(article.byline.as_deref(), Some("Ana Bo, Cy Di"));
        let why = |what: &str| reading.left_out.iter().find(|l| l.what.starts_with(what)).map(|l| l.why.as_str());
        assert_eq!(why("The minister says cheese"), Some("a picture and its caption"));
        assert_eq!(why("Buy, said"), Some("advertising"));
        assert_eq!(why("Read more"), Some("a link to another page"));
    }

    #[test]
    fn paragraphs_for_subscribers_are_the_article() {
        let told = |n: usize| {
            format!(
                "<p class=\"paywall\">Gate {n} of the dam was opened at noon, the keeper said, and stayed open for an hour.</p>"
            )
        };
        let page = |marked: String| {
            format!(
                "<body><article><h1>Dam</h1><p>The keeper of the dam went round on Monday, as he does every week of the year.</p>{marked}</article></body>"
            )
        };
        let text = |html: String| super::page(&html, None, &Limits::default()).unwrap().article.text;
        let read = text(page((1..=5).map(told).collect()));
        assert!(read.contains("Gate 1 of the dam") && read.contains("Gate 5 of the dam"), "{read}");
        let offer =
            "<p class=\"paywall\">Subscribe.</p><div class=\"video-player\"><span>Watch the sluices</span></div>";
        let read = text(page("<p>Gate 1 was opened at noon, he said.</p>".repeat(9) + offer));
        assert!(read.contains("Gate 1") && !read.contains("Subscribe") && !read.contains("Watch"), "{read}");
    }

    #[test]
    fn deep_nesting_is_refused_quickly() {
        let failure = page(&"<div>".repeat(1_000_000), None, &Limits::default()).unwrap_err();
        assert!(matches!(failure, Failure::TooDeep(_)));
        assert!(nesting(&"<p>one<br>".repeat(10_000), 100).is_ok());
    }

    #[test]
    fn marks_are_sorted_for_the_search() {
        assert!(MARKED.is_sorted());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_in_no_panic(html in "(<(p|div|a href='|script|!--|b class=ad|/p|/div|table|tr)>?|[a-z<>&\"“ ]{0,8}){0,40}") {
            let _ = page(&html, None, &Limits::default());
        }
    }
}
