//! RSS, Atom and JSON Feed: one article an entry, in full where the feed has it, else its summary, marked as such.

mod json;
mod xml;

use super::address::resolve;
use super::encoding::decode_text;
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

/// What a feed says, before its markup is read.
#[derive(Default)]
struct Parsed {
    title: Option<String>,
    entries: Vec<Entry>,
    /// What stopped the reading after the entries, and where.
    broken: Option<(Failure, Place)>,
}

/// What a feed says of one article; titles and texts are HTML.
#[derive(Default)]
struct Entry {
    id: Option<String>,
    title: Option<String>,
    link: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    authors: Vec<String>,
    content: Option<String>,
    summary: Option<String>,
}

fn parsed(opened: &mut Opened, limits: &Limits) -> Result<Vec<Result<Reading, ReadError>>, Failure> {
    let bytes = opened.all("the feed", limits.document)?;
    let declared = html::declared_charset(&bytes).or(opened.charset.take());
    let text = decode_text(bytes, declared.as_deref()).map_err(|(failure, _)| failure)?;
    let Parsed { title, entries, broken } = match text.trim_start().starts_with('{') {
        true => json::parse(&text)?,
        false => xml::parse(&text, limits)?,
    };
    let outlet = title.map(|t| one_line(&t)).filter(|t| !t.is_empty());
    let readings = entries.into_iter().enumerate().map(|(i, entry)| {
        let read = reading(entry, i + 1, opened, outlet.as_deref(), limits);
        read.map_err(|failure| failure.at(&opened.label, Some(Place::Record(i as u64 + 1))))
    });
    let mut readings: Vec<Result<Reading, ReadError>> = readings.collect();
    readings.extend(broken.map(|(failure, place)| Err(failure.at(&opened.label, Some(place)))));
    Ok(readings)
}

fn reading(
    entry: Entry,
    number: usize,
    opened: &Opened,
    outlet: Option<&str>,
    limits: &Limits,
) -> Result<Reading, Failure> {
    let content = entry.content.filter(|b| !b.trim().is_empty());
    let summary = entry.summary.filter(|s| !s.trim().is_empty());
    // Some feeds repeat the summary as content.
    let full = content.is_some() && content != summary;
    let text = html::fragment(&content.or(summary).unwrap_or_default(), limits)?;
    // An identifier is often the address; some feeds have nothing else that is one.
    let link = entry.link.or_else(|| entry.id.clone().filter(|id| id.starts_with("http")));
    let authors: Vec<String> = entry.authors.iter().map(|a| one_line(a)).filter(|a| !a.is_empty()).collect();
    let day = |said: Option<String>| said.and_then(|said| super::parse_date(&said));
    let name = entry.id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).or_else(|| link.clone());
    let article = Article {
        name: name.unwrap_or_else(|| format!("{}:{number}", opened.name)),
        text,
        title: entry.title.map(|t| one_line(&t)).filter(|t| !t.is_empty()),
        outlet: outlet.map(str::to_owned),
        date: day(entry.published).or_else(|| day(entry.updated)),
        url: link.and_then(|link| resolve(opened.url.as_deref().unwrap_or_default(), &link)),
        byline: (!authors.is_empty()).then(|| authors.join(", ")),
        summary: !full,
    };
    let left_out =
        if full { Vec::new() } else { vec![LeftOut::new("the article's full text", "the feed gives a summary only")] };
    Ok(Reading { article, left_out })
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
    fn a_feed_that_breaks_off_gives_what_stood_before() {
        let feed = "<rss><channel><title>Vale & Times</title>\
            <item><link>https://vale.example/a</link><description>&ldquo;Full,&rdquo; he said & left.</description></item>\
            <item><title>B</title><description>Half of";
        assert_eq!(
            shown(feed),
            [
                "None Some(\"Vale & Times\") None Some(\"https://vale.example/a\") true \"“Full,” he said & left.\\n\"",
                "cannot read f.xml, byte 193: the input ends in the middle of the feed"
            ]
        );
        let feed = "<rss version=\"0.94\"><channel><item><description>One.</description></item><item a=\"<\"b<></item>";
        assert_eq!(shown(feed)[0], "None None None None true \"One.\\n\"");
    }

    #[test]
    fn atom_says_how_its_text_is_written() {
        let feed = r#"<?xml version="1.0"?><a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:m="urn:media" xml:base="https://vale.example/n/"><a:title>Vale Times</a:title>
<a:entry><m:title>A film</m:title><a:title type="text">1 &lt; 2</a:title><a:link rel="self" href="x"/><a:link href="a"/><a:author><a:email>i@vale.example</a:email><a:name>Ida Roe</a:name></a:author>
<a:updated>2023-03-08T00:00:00Z</a:updated><a:published>2023-03-06T23:30:00-05:00</a:published>
<a:content type="xhtml"><div><p>He said &amp; left<br/>at noon.</p><p>1 &lt; 2.</p></div></a:content></a:entry>
<a:entry><a:id>https://vale.example/b</a:id><a:content type="image/png">aGVsbG8=</a:content><a:summary type="text">&lt;b> is a mark.</a:summary></a:entry></a:feed>"#;
        assert_eq!(
            shown(feed),
            [
                "Some(\"1 < 2\") Some(\"Vale Times\") Some(2023-03-06) Some(\"https://vale.example/n/a\") false \"He said & left\\nat noon.\\n\\n1 < 2.\\n\"",
                "None Some(\"Vale Times\") None Some(\"https://vale.example/b\") true \"<b> is a mark.\\n\""
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
