//! RSS, Atom and JSON Feed: one article an entry, in full where the feed has it, else its summary, marked as such.

use super::address::resolve;
use super::error::{Failure, Place, ReadError};
use super::guard::guarded;
use super::html;
use super::limits::Limits;
use super::open::Opened;
use super::{Article, LeftOut, Reading};

/// Reads the entries of a feed, in its order.
pub(crate) fn read(opened: Opened, limits: &Limits) -> Vec<Result<Reading, ReadError>> {
    let label = opened.label.clone();
    let checked = |(i, entry): (usize, Result<Reading, ReadError>)| {
        entry.and_then(|reading| reading.checked(&label, Some(Place::Record(i as u64 + 1))))
    };
    entries(opened, limits).into_iter().enumerate().map(checked).collect()
}

/// Reads the entries of a feed; one without text has an empty one.
pub(crate) fn entries(mut opened: Opened, limits: &Limits) -> Vec<Result<Reading, ReadError>> {
    match guarded("feed", || parsed(&mut opened, limits)) {
        Ok(readings) => readings,
        Err(failure) => vec![Err(failure.at(&opened.label, None))],
    }
}

fn parsed(opened: &mut Opened, limits: &Limits) -> Result<Vec<Result<Reading, ReadError>>, Failure> {
    let bytes = opened.all("the feed", limits.document)?;
    // Only for the guards: the parser reads the bytes with the encoding they declare.
    let looked_at = String::from_utf8_lossy(&bytes);
    html::nesting(&looked_at, limits.depth * 4)?;
    let feed = feed_rs::parser::parse(bytes.as_slice()).map_err(|e| Failure::malformed("feed", e))?;
    let outlet = feed.title.map(|t| one_line(&t.content)).filter(|t| !t.is_empty());
    let mut readings = Vec::new();
    for (i, entry) in feed.entries.into_iter().enumerate() {
        let place = Some(Place::Record(i as u64 + 1));
        let content = entry.content.and_then(|c| c.body).filter(|b| !b.trim().is_empty());
        let summary = entry.summary.map(|s| s.content).filter(|s| !s.trim().is_empty());
        // Some feeds repeat the summary as content.
        let full = content.is_some() && content != summary;
        let body = content.or(summary).unwrap_or_default();
        let text = match html::fragment(&body, limits) {
            Ok(text) => text,
            Err(failure) => {
                readings.push(Err(failure.at(&opened.label, place)));
                continue;
            }
        };
        let link =
            entry.links.iter().find(|l| l.rel.as_deref().is_none_or(|r| r == "alternate")).or(entry.links.first());
        let authors: Vec<String> =
            entry.authors.into_iter().filter_map(|a| a.name).filter(|n| !n.trim().is_empty()).collect();
        let article = Article {
            name: if entry.id.is_empty() { format!("{}:{}", opened.name, i + 1) } else { entry.id },
            text,
            title: entry.title.map(|t| one_line(&t.content)).filter(|t| !t.is_empty()),
            outlet: outlet.clone(),
            date: entry.published.or(entry.updated).and_then(|d| super::parse_date(&d.format("%Y-%m-%d").to_string())),
            url: link.and_then(|l| resolve(opened.url.as_deref().unwrap_or_default(), &l.href)),
            byline: (!authors.is_empty()).then(|| authors.join(", ")),
            summary: !full,
        };
        let left_out = if full {
            Vec::new()
        } else {
            vec![LeftOut::new("the article's full text", "the feed gives a summary only")]
        };
        readings.push(Ok(Reading { article, left_out }));
    }
    Ok(readings)
}

fn one_line(text: &str) -> String {
    let plain =
        if text.contains(['<', '&']) { dom_query::Document::from(text).text().to_string() } else { text.to_owned() };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::read_from;
    use super::*;

    fn shown(feed: &'static str) -> Vec<String> {
        read_from("f.xml", Box::new(std::io::Cursor::new(feed)), &Limits::default())
            .map(|r| match r {
                Ok(a) => format!("{:?} {:?} {:?} {:?} {} {:?}", a.title, a.outlet, a.date, a.url, a.summary, a.text),
                Err(e) => format!("{e}: {}", e.failure),
            })
            .collect()
    }

    #[test]
    fn rss_in_full_and_in_short() {
        let feed = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Vale Times</title>
<item><title>Dam &amp;amp; horse</title><link>https://vale.example/a?utm_source=rss</link><pubDate>Mon, 06 Mar 2023 10:15:00 +0100</pubDate><description>Short.</description><content:encoded><![CDATA[<p>“Full,” he said.</p><script>x</script><p>Two.</p>]]></content:encoded></item>
<item><title>B</title><link>https://vale.example/b</link><description>&lt;b&gt;Only&lt;/b&gt; this.</description></item>
<item><title>C</title></item></channel></rss>"#;
        assert_eq!(
            shown(feed),
            [
                "Some(\"Dam & horse\") Some(\"Vale Times\") Some(2023-03-06) Some(\"https://vale.example/a\") false \"“Full,” he said.\\n\\nTwo.\\n\"",
                "Some(\"B\") Some(\"Vale Times\") None Some(\"https://vale.example/b\") true \"Only this.\\n\"",
                "cannot read f.xml, record 3: no text in it"
            ]
        );
    }

    #[test]
    fn json_feed() {
        let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Vale Times", "items": [{"id": "1", "url": "https://vale.example/a", "title": "A", "content_html": "<p>He said no.</p>", "date_published": "2023-03-06T10:15:00+01:00"}]}"#;
        assert_eq!(
            shown(feed),
            [
                "Some(\"A\") Some(\"Vale Times\") Some(2023-03-06) Some(\"https://vale.example/a\") false \"He said no.\\n\""
            ]
        );
    }
}
