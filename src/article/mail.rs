//! Mail: newsletters and press releases (`.eml`), and pages saved whole (MHTML), which are mail in form.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::address::{canonical_url, host};
use super::encoding;
use super::error::{Failure, Place, ReadError};
use super::guard::guarded;
use super::html;
use super::limits::Limits;
use super::open::Opened;
use super::{Article, LeftOut, Reading};

/// How often a mail may say that it holds another mail: reading and dropping them recurses.
const NESTED: usize = 400;

/// Fields that only the head of a mail or of a saved page has.
const FIELDS_OF_MAIL: [&str; 9] = [
    "content-transfer-encoding",
    "content-type",
    "delivered-to",
    "dkim-signature",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "snapshot-content-location",
];

/// Fields that mail has, and other texts may have.
const FIELDS_OF_OTHERS: [&str; 8] = ["cc", "date", "from", "in-reply-to", "reply-to", "sender", "subject", "to"];

/// Tells whether a text starts like a mail: fields, among them one that nothing else has, then a blank line.
pub(crate) fn is_mail(text: &str) -> bool {
    let (mut own, mut other, mut lines) = (0, 0, 0);
    for line in text.lines().take(400) {
        if line.is_empty() {
            break;
        }
        lines += 1;
        if line.starts_with([' ', '\t']) && lines > 1 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        own += usize::from(FIELDS_OF_MAIL.contains(&name.as_str()));
        other += usize::from(FIELDS_OF_OTHERS.contains(&name.as_str()));
    }
    own > 0 && own + other > 1
}

/// Reads a mail and the mails it carries.
pub(crate) fn read(mut opened: Opened, limits: &Limits) -> Vec<Result<Reading, ReadError>> {
    match opened.all("the mail", limits.document) {
        Ok(bytes) => mails(&bytes, (&opened.label, &opened.name), None, limits),
        Err(failure) => vec![Err(failure.at(&opened.label, None))],
    }
}

/// Reads a mail and the mails it carries from its bytes; `number` is that of a mail which stands among others in its input.
pub(crate) fn mails(
    bytes: &[u8],
    (label, name): (&str, &str),
    number: Option<u64>,
    limits: &Limits,
) -> Vec<Result<Reading, ReadError>> {
    let place = number.map(Place::Record);
    let parse = || {
        let parsed = MessageParser::default().parse(bytes);
        parsed.ok_or_else(|| Failure::malformed("mail", "no field at its start"))
    };
    let message = match unnested(bytes).and_then(|()| guarded("mail", parse)) {
        Ok(message) => message,
        Err(failure) => return vec![Err(failure.at(label, place))],
    };
    let mut readings = Vec::new();
    let mut waiting = vec![&message];
    while let Some(message) = waiting.pop() {
        let count = readings.len() as u64 + 1;
        let inner: Vec<&Message> = message.parts.iter().rev().filter_map(carried).collect();
        let place = place.or((count > 1 || !inner.is_empty()).then_some(Place::Record(count)));
        let read = guarded("mail", || Ok(article(message, limits)));
        match read.unwrap_or_else(|failure| Err((failure, None))) {
            // A mail that only passes others on.
            Ok(reading) if reading.article.text.trim().is_empty() && !inner.is_empty() => {}
            Ok(mut reading) => {
                reading.article.name = if count > 1 { format!("{name}:{count}") } else { name.to_owned() };
                readings.push(reading.checked(label, place));
            }
            Err((failure, at)) => readings.push(Err(failure.at(label, place.or(at)))),
        }
        waiting.extend(inner);
    }
    if readings.is_empty() {
        readings.push(Err(Failure::NoText.at(label, place)));
    }
    readings
}

/// Refuses mails in mails in mails.
fn unnested(bytes: &[u8]) -> Result<(), Failure> {
    let lower = bytes.to_ascii_lowercase();
    let held: usize = [&b"rfc822"[..], b"/digest", b"/global"]
        .iter()
        .map(|word| memchr::memmem::find_iter(&lower, word).count())
        .sum();
    if held > NESTED { Err(Failure::TooDeep(NESTED)) } else { Ok(()) }
}

fn carried<'a>(part: &'a MessagePart<'a>) -> Option<&'a Message<'a>> {
    match &part.body {
        PartType::Message(message) => Some(message),
        _ => None,
    }
}

type PlacedFailure = (Failure, Option<Place>);

fn article(message: &Message, limits: &Limits) -> Result<Reading, PlacedFailure> {
    let pages: Vec<&MessagePart> = message.html_bodies().filter(|p| matches!(p.body, PartType::Html(_))).collect();
    if let Some(reading) = saved_page(message, limits)? {
        return Ok(reading);
    }
    let texts: Vec<&MessagePart> = message.text_bodies().filter(|p| matches!(p.body, PartType::Text(_))).collect();
    let mut left_out = Vec::new();
    let mut text = String::new();
    for part in pages {
        let markup = words(message, part, limits)?;
        join(&mut text, &html::fragment_noting(&markup, limits, &mut left_out).map_err(|f| (f, None))?);
    }
    let mut in_plain = String::new();
    let mut plain_left_out = Vec::new();
    for part in texts {
        let flowed =
            part.content_type().and_then(|t| t.attribute("format")).is_some_and(|f| f.eq_ignore_ascii_case("flowed"));
        let gapless =
            part.content_type().and_then(|t| t.attribute("delsp")).is_some_and(|d| d.eq_ignore_ascii_case("yes"));
        join(&mut in_plain, &plain(&words(message, part, limits)?, flowed, gapless, &mut plain_left_out));
    }
    // The page says more, unless it is an image with a frame around it.
    if text.trim().len() * 3 < in_plain.trim().len() {
        (text, left_out) = (in_plain, plain_left_out);
    }
    for part in message.attachments().filter(|p| carried(p).is_none()) {
        left_out.push(LeftOut::new(part.attachment_name().unwrap_or("a part without a name"), "an attachment"));
    }
    let from = message.from().and_then(|f| f.first());
    let name = from.and_then(|f| f.name()).map(one_line).filter(|n| !n.is_empty() && !n.contains('@'));
    let domain = from.and_then(|f| f.address()).and_then(|a| a.rsplit_once('@')).map(|(_, d)| d.trim().to_lowercase());
    let listed = message.headers().iter().any(|h| h.name().to_ascii_lowercase().starts_with("list-"));
    let (outlet, byline) = if message.header_raw("List-Post").is_some() {
        // Anybody may write to the list: the writer is a person, and what carries the mail is the list.
        let list = message.header_raw("List-Id").map(list_name).filter(|name| !name.is_empty());
        (list.or(domain), name)
    } else if listed {
        // A list that only its owner writes to speaks for its outlet, a person for the house behind the address.
        (name.or(domain), None)
    } else {
        (domain, name)
    };
    let date = message.date().and_then(|d| {
        let written = format!("{:04}-{:02}-{:02}", d.year, d.month, d.day);
        super::parse_date(&written)
    });
    let url = message.header_raw("Archived-At").and_then(|a| canonical_url(a.trim().trim_matches(['<', '>'])));
    let title = message.subject().map(one_line).filter(|t| !t.is_empty());
    let article = Article { text, title, outlet, date, url, byline, ..Article::default() };
    Ok(Reading { article, left_out })
}

/// Reads a page that a browser saved with its pictures; `None` for real mail.
fn saved_page(message: &Message, limits: &Limits) -> Result<Option<Reading>, PlacedFailure> {
    let saved = message.header_raw("Snapshot-Content-Location").map(str::trim);
    let related = message.root_part().content_type().is_some_and(|t| {
        t.ctype().eq_ignore_ascii_case("multipart") && t.subtype().is_some_and(|s| s.eq_ignore_ascii_case("related"))
    });
    let single = message.parts.len() == 1;
    let from_browser = message.header_raw("From").is_none_or(|f| f.contains("Saved by"));
    if saved.is_none() && !((related || single) && from_browser) {
        return Ok(None);
    }
    // The root of the page is the first part of it; frames come after.
    let Some(part) = message.parts.iter().find(|p| matches!(p.body, PartType::Html(_))) else { return Ok(None) };
    let given = part.content_location().or(saved).map(str::to_owned);
    let url = given.filter(|u| u.starts_with("http://") || u.starts_with("https://"));
    let markup = words(message, part, limits)?;
    let mut reading = html::page(&markup, url.as_deref(), limits).map_err(|f| (f, None))?;
    if reading.article.outlet.is_none() {
        reading.article.outlet = url.as_deref().and_then(host);
    }
    Ok(Some(reading))
}

/// Decodes a text part as all other inputs are decoded: what is valid UTF-8 is UTF-8, whatever the part says.
fn words(message: &Message, part: &MessagePart, limits: &Limits) -> Result<String, PlacedFailure> {
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let declared = part.content_type().and_then(|t| t.attribute("charset"));
    let (PartType::Text(parsed) | PartType::Html(parsed)) = &part.body else { return Ok(String::new()) };
    if parsed.len() as u64 > limits.article {
        return Err((Failure::TooLarge { what: "a part of the mail", limit: limits.article }, None));
    }
    let bytes = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::Base64 => base64_decode(raw),
    };
    let known = declared.is_none_or(|label| encoding_rs::Encoding::for_label(label.trim().as_bytes()).is_some());
    let Some(bytes) = bytes.filter(|b| known && (!b.is_empty() || parsed.is_empty())) else {
        return Ok(parsed.to_string());
    };
    let declared = declared.map(str::to_owned).or_else(|| html::declared_charset(&bytes));
    encoding::decode_text(bytes, declared.as_deref())
}

/// Takes quoted mail and the signature out of a plain text, and joins lines that only its transport broke.
fn plain(text: &str, flowed: bool, gapless: bool, left_out: &mut Vec<LeftOut>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim_end() == "--" {
            let signature: Vec<&str> = lines.collect();
            left_out.push(LeftOut::new(&signature.join(" "), "a signature"));
            break;
        }
        let announced =
            line.trim_end().ends_with("wrote:") && lines.peek().is_some_and(|l| l.is_empty() || l.starts_with('>'));
        if line.starts_with('>') || announced {
            quoted.push_str(line.trim_start_matches(['>', ' ']));
            quoted.push('\n');
            continue;
        }
        if !quoted.is_empty() && !line.trim().is_empty() {
            left_out.push(LeftOut::new(&quoted, "quoted from an earlier mail"));
            quoted.clear();
        }
        let line = if flowed { line.strip_prefix(' ').unwrap_or(line) } else { line };
        match line.strip_suffix(' ').filter(|_| flowed) {
            Some(part) if gapless => out.push_str(part),
            Some(_) => out.push_str(line),
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    if !quoted.is_empty() {
        left_out.push(LeftOut::new(&quoted, "quoted from an earlier mail"));
    }
    out
}

/// Returns the name in a `List-Id`: `The weirs of the Vale <weirs.vale.example>`, else what stands in the brackets.
fn list_name(id: &str) -> String {
    let (name, inside) = id.split_once('<').unwrap_or((id, ""));
    let name = one_line(name.trim_matches(['"', ' ']));
    if name.is_empty() { inside.trim().trim_end_matches('>').to_owned() } else { name }
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.trim().is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::read_from;
    use super::*;

    fn inspected(name: &str, mail: &[u8]) -> Vec<Result<Reading, ReadError>> {
        let opened = Opened::stream(name, name, Box::new(std::io::Cursor::new(mail.to_vec())), &Limits::default());
        read(opened.unwrap(), &Limits::default())
    }

    fn why(reading: &Reading) -> Vec<String> {
        reading.left_out.iter().map(|l| format!("{}: {}", l.why, l.what)).collect()
    }

    const NEWSLETTER: &str = "Return-Path: <bounce@vale.example>\r
From: =?utf-8?Q?The_Vale_Times?= <news@vale.example>\r
To: reader@x.example\r
Subject: =?utf-8?Q?Dam_is_full_=E2=80=93_and_more?=\r
Date: Mon, 06 Mar 2023 23:15:00 -0500\r
List-Id: <daily.vale.example>\r
Archived-At: <https://vale.example/mail/17?utm_source=m>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=\"out\"\r
\r
--out\r
Content-Type: multipart/alternative; boundary=\"in\"\r
\r
--in\r
Content-Type: text/plain; charset=utf-8\r
\r
View this mail in your browser.\r
--in\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
<html><body><table><tr><td><a href=3D\"https://vale.example\">View in browser</a></td></tr><tr><td>\r
<p>=E2=80=9CThe dam is full,=E2=80=9D the minister said on Monday, =\r
and nobody laughed.</p></td></tr></table><footer>Unsubscribe</footer></body></html>\r
--in--\r
--out\r
Content-Type: application/pdf; name=\"map.pdf\"\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0=\r
--out--\r
";

    #[test]
    fn a_newsletter_is_its_page() {
        let reading = inspected("n.eml", NEWSLETTER.as_bytes()).remove(0).unwrap();
        let article = &reading.article;
        assert_eq!(article.text, "“The dam is full,” the minister said on Monday, and nobody laughed.\n");
        assert_eq!(article.title.as_deref(), Some("Dam is full – and more"));
        assert_eq!((article.outlet.as_deref(), &article.byline), (Some("The Vale Times"), &None));
        assert_eq!(article.date, Some(jiff::civil::date(2023, 3, 6)), "the day in the sender's zone");
        assert_eq!(article.url.as_deref(), Some("https://vale.example/mail/17"));
        assert_eq!(
            why(&reading),
            ["the page's foot: Unsubscribe", "a link to another page: View in browser", "an attachment: map.pdf"]
        );
    }

    #[test]
    fn a_plain_mail_without_what_it_quotes() {
        let mail = "From: Ana Bo <ana@council.example>\nSubject: Statement\nMessage-ID: <1@x>\n\
            Content-Type: text/plain; format=flowed; charset=windows-1252\n\nThe council said \nthat it would not move.\n\n \"No,\" it added.\n\n\
            On Monday, Cy wrote:\n> Will you move?\n> Say so.\n\nMore follows.\n-- \nAna Bo\nPress office\n";
        let reading = inspected("s.eml", mail.as_bytes()).remove(0).unwrap();
        assert_eq!(
            reading.article.text,
            "The council said that it would not move.\n\n\"No,\" it added.\n\n\nMore follows.\n"
        );
        assert_eq!(reading.article.byline.as_deref(), Some("Ana Bo"));
        assert_eq!(reading.article.outlet.as_deref(), Some("council.example"));
        assert_eq!(
            why(&reading),
            [
                "quoted from an earlier mail: On Monday, Cy wrote: Will you move? Say so.",
                "a signature: Ana Bo Press office"
            ]
        );
    }

    #[test]
    fn whoever_writes_to_a_list_is_a_person() {
        let mail = |fields: &str| {
            format!(
                "From: Ana Bo <ana@x.example>\nSubject: Dams\n{fields}Message-ID: <1@x>\n\nThe dam is full, he said.\n"
            )
        };
        for (fields, outlet, byline) in [
            (
                "List-Id: The weirs of the Vale <weirs.vale.example>\nList-Post: <mailto:weirs@vale.example>\n",
                "The weirs of the Vale",
                Some("Ana Bo"),
            ),
            (
                "List-Id: <weirs.vale.example>\nList-Post: <mailto:weirs@vale.example>\n",
                "weirs.vale.example",
                Some("Ana Bo"),
            ),
            ("List-Id: <weirs.vale.example>\n", "Ana Bo", None),
            ("", "x.example", Some("Ana Bo")),
        ] {
            let article = inspected("l.eml", mail(fields).as_bytes()).remove(0).unwrap().article;
            assert_eq!((article.outlet.as_deref(), article.byline.as_deref()), (Some(outlet), byline), "{fields}");
        }
    }

    #[test]
    fn a_saved_page_is_a_page() {
        let page = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://vale.example/2023/03/06/dam\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Location: https://vale.example/2023/03/06/dam\r\n\r\n<html><head><meta charset=3D\"windows-1252\"><meta property=3D\"og:site_name\" content=3D\"Vale Times\"><title>Dam =96 full</title></head><body><nav>Home</nav>\
            <article><p>=93The dam is full,=94 the keeper said.</p></article></body></html>\r\n--b\r\nContent-Type: text/html\r\nContent-Location: https://ads.example/frame\r\n\r\n<p>Buy, he said.</p>\r\n--b--\r\n";
        let reading = inspected("p.mhtml", page.as_bytes()).remove(0).unwrap();
        let article = reading.article;
        assert_eq!(article.text, "“The dam is full,” the keeper said.\n");
        assert_eq!(article.title.as_deref(), Some("Dam – full"));
        assert_eq!(article.outlet.as_deref(), Some("Vale Times"));
        assert_eq!(article.url.as_deref(), Some("https://vale.example/2023/03/06/dam"));
        assert_eq!(article.date, Some(jiff::civil::date(2023, 3, 6)));
    }

    #[test]
    fn mails_in_a_mail_are_articles_of_their_own() {
        let mail = "Message-ID: <1>\nFrom: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below, he said.\n--b\n\
            Content-Type: message/rfc822\n\nFrom: Bo <b@y.example>\nSubject: Inner\n\nThe inner one, she said.\n--b--\n";
        let seen: Vec<(String, Option<String>, String)> = inspected("f.eml", mail.as_bytes())
            .into_iter()
            .map(|r| r.unwrap().article)
            .map(|a| (a.name, a.title, a.text.trim().to_owned()))
            .collect();
        assert_eq!(
            seen,
            [
                ("f.eml".into(), None, "See below, he said.".into()),
                ("f.eml:2".into(), Some("Inner".into()), "The inner one, she said.".into())
            ]
        );
        let deep = format!("Message-ID: <1>\n{}", "Content-Type: message/rfc822\n\n".repeat(300_000));
        let error = inspected("d.eml", deep.as_bytes()).remove(0).unwrap_err();
        assert_eq!(format!("{error}: {}", error.failure), "cannot read d.eml: nested more than 400 levels deep");
        let parts: String =
            (0..20_000).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect();
        let error = inspected("d.eml", parts.as_bytes()).remove(0).unwrap_err();
        assert_eq!(format!("{error}: {}", error.failure), "cannot read d.eml: no text in it");
    }

    #[test]
    fn only_mail_is_taken_for_mail() {
        assert!(is_mail(NEWSLETTER));
        assert!(is_mail("From: a@b\nTo: c\nMessage-ID: x\n\nbody"));
        for text in [
            "Date: 6 March 2023\nTitle: x\n\nbody",
            "From: the minister\nSubject: dams\n\nbody",
            "MINISTER: No.\nSUBJECT: x\n\n",
            "Content-Type: text/html\n\n",
            "",
        ] {
            assert!(!is_mail(text), "{text}");
        }
        let article = read_from("x", Box::new(std::io::Cursor::new(NEWSLETTER)), &Limits::default()).next();
        assert_eq!(article.unwrap().unwrap().title.as_deref(), Some("Dam is full – and more"), "whatever its name");
    }

    proptest::proptest! {
        #[test]
        fn any_text_in_no_panic(body in "(Content-Type: (text/html|multipart/mixed; boundary=b|message/rfc822)\n|--b(--)?\n|\n|[a-z<>=]{0,9}){0,20}") {
            inspected("x.eml", format!("Message-ID: <1>\n{body}").as_bytes());
        }
    }
}
