//! WARC archives of the web: every page that was answered with 200 is an article; what is no page is passed over.

use std::io::{self, Read};

use super::error::{Failure, Place, ReadError};
use super::http_message::{self, HEAD_LIMIT};
use super::limits::Limits;
use super::open::{Line, Opened, Stream, next_line};
use super::{LeftOut, Reading, html};

/// Tells whether bytes start like an archive.
pub(crate) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"WARC/0.") || head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/2.")
}

/// The pages of an archive, streamed.
pub(crate) struct Records {
    label: String,
    name: String,
    stream: Stream,
    limits: Limits,
    /// Records begun, from 1.
    count: u64,
    /// Articles and failures given.
    given: u64,
    /// The line `WARC/…` that was met while looking for the end of something else.
    begun: bool,
    /// Whether the last thing that happened was a failure to find a record: the next one is not worth a second report.
    lost: bool,
    ended: bool,
}

/// The fields of a record that decide what it is.
#[derive(Default)]
struct Fields {
    kind: String,
    address: Option<String>,
    media_type: String,
    length: Option<u64>,
    truncated: bool,
    continued: bool,
}

impl Records {
    /// Starts before the first record.
    pub(crate) fn new(opened: Opened, limits: &Limits) -> Records {
        Records {
            label: opened.label,
            name: opened.name,
            stream: opened.stream,
            limits: *limits,
            count: 0,
            given: 0,
            begun: false,
            lost: false,
            ended: false,
        }
    }

    /// Reads the next record; `Ok(None)` in it for one that is no page.
    fn record(&mut self) -> Result<Option<Option<Reading>>, Failure> {
        if !self.find_start()? {
            return Ok(None);
        }
        self.count += 1;
        self.lost = false;
        let fields = self.fields()?;
        let length = fields.length.ok_or_else(|| Failure::malformed("WARC", "a record without a Content-Length"))?;
        let page = match fields.kind.as_str() {
            "response" => fields.media_type == "application/http" || fields.media_type.is_empty(),
            "resource" => http_message::is_page(&fields.media_type, b"") || fields.media_type.is_empty(),
            _ => false,
        };
        let web = fields.address.as_deref().is_some_and(|a| a.starts_with("http://") || a.starts_with("https://"));
        if !page || !web || fields.continued {
            self.skip(length)?;
            return Ok(Some(None));
        }
        let mut block = Vec::new();
        let first = length.min(HEAD_LIMIT as u64);
        (&mut self.stream).take(first).read_to_end(&mut block)?;
        let mut head = match fields.kind.as_str() {
            "resource" => http_message::Head { status: 200, media_type: fields.media_type, ..Default::default() },
            _ => match http_message::head(&block) {
                Some(head) => head,
                None => {
                    self.skip(length - first)?;
                    return Err(Failure::malformed("WARC", "a response without an HTTP head"));
                }
            },
        };
        // Ranges and errors hold no whole page.
        if head.status != 200 || !http_message::is_page(&head.media_type, block.get(head.body..).unwrap_or_default()) {
            self.skip(length - first)?;
            return Ok(Some(None));
        }
        if length > self.limits.article {
            self.skip(length - first)?;
            return Err(Failure::TooLarge { what: "the page", limit: self.limits.article });
        }
        (&mut self.stream).take(length - first).read_to_end(&mut block)?;
        if (block.len() as u64) < length {
            return Err(Failure::Truncated("a record"));
        }
        let body = http_message::body(&head, &block, &self.limits)?;
        drop(block);
        let read = html::bytes(body, head.charset.take(), fields.address.as_deref(), &self.limits);
        let mut reading = read.map_err(|(failure, _)| failure)?;
        // Frames of advertisements and empty pages are answered with 200 as well.
        if reading.article.text.trim().is_empty() {
            return Ok(Some(None));
        }
        reading.article.name = format!("{}:{}", self.name, self.count);
        if fields.truncated {
            reading.left_out.push(LeftOut::new("the end of the page", "the archive keeps only its first part"));
        }
        Ok(Some(Some(reading)))
    }

    /// Goes to the line after the next `WARC/…`; false at the end.
    fn find_start(&mut self) -> Result<bool, Failure> {
        if std::mem::take(&mut self.begun) {
            return Ok(true);
        }
        loop {
            match next_line(&mut self.stream, HEAD_LIMIT as u64)? {
                None => return Ok(false),
                Some(Line::Bytes(line)) if is_archive(&line) => return Ok(true),
                Some(Line::Bytes(line)) if line.trim_ascii().is_empty() => {}
                Some(_) if self.lost => {}
                Some(_) => {
                    self.lost = true;
                    return Err(Failure::malformed("WARC", "something else where a record should start"));
                }
            }
        }
    }

    fn fields(&mut self) -> Result<Fields, Failure> {
        let mut fields = Fields::default();
        for _ in 0..256 {
            let line = match next_line(&mut self.stream, HEAD_LIMIT as u64)? {
                None => return Err(Failure::Truncated("the head of a record")),
                Some(Line::TooLong) => return Err(Failure::malformed("WARC", "an endless line in a record's head")),
                Some(Line::Bytes(line)) => line,
            };
            if line.trim_ascii().is_empty() {
                return Ok(fields);
            }
            if is_archive(&line) {
                self.begun = true;
                return Err(Failure::malformed("WARC", "a record that ends in its head"));
            }
            let line = String::from_utf8_lossy(&line);
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => fields.kind = value.to_ascii_lowercase(),
                // Version 1.0 of the format puts the address in angle brackets, and so do some programs.
                "warc-target-uri" => fields.address = Some(value.trim_matches(['<', '>']).to_owned()),
                "content-type" => fields.media_type = http_message::media_type(value).0,
                "content-length" => fields.length = value.parse().ok(),
                "warc-truncated" => fields.truncated = true,
                "warc-segment-number" => fields.continued = value != "1",
                _ => {}
            }
        }
        Err(Failure::malformed("WARC", "a record's head of more than 256 lines"))
    }

    fn skip(&mut self, length: u64) -> Result<(), Failure> {
        let passed = io::copy(&mut (&mut self.stream).take(length), &mut io::sink())?;
        if passed < length { Err(Failure::Truncated("a record")) } else { Ok(()) }
    }
}

impl Iterator for Records {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let before = self.count;
            let was_lost = self.lost;
            match self.record() {
                Ok(None) => self.ended = true,
                Ok(Some(None)) => {}
                Ok(Some(Some(reading))) => {
                    self.given += 1;
                    return Some(Ok(reading));
                }
                Err(failure) => {
                    let number = if self.count == before { before + 1 } else { self.count };
                    self.ended = matches!(&failure, Failure::Bomb(_))
                        || matches!(&failure, Failure::Io(e) if e.raw_os_error().is_some());
                    // Bytes after a damaged place fail again and again until the next record is found.
                    self.lost = true;
                    if was_lost && self.count == before && !self.ended {
                        continue;
                    }
                    self.given += 1;
                    return Some(Err(failure.at(&self.label, Some(Place::Record(number)))));
                }
            }
        }
        if self.given == 0 {
            self.given = 1;
            let found = format!("{} records, and none is a page with text in it", self.count);
            return Some(Err(Failure::Malformed { format: "archive of articles", found }.at(&self.label, None)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_from;
    use super::*;
    use std::io::Write;

    const PAGE: &str = "<html><head><title>Dam is full</title><link rel=canonical href=/dam></head><body><article><p>“The dam is full,” the keeper said on Monday.</p></article></body></html>";

    fn record(kind: &str, address: &str, media_type: &str, block: &[u8]) -> Vec<u8> {
        let length = block.len();
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    }

    fn response(address: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let block = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").as_bytes(), body].concat();
        record("response", address, "application/http; msgtype=response", &block)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn shown(bytes: Vec<u8>) -> Vec<String> {
        let limits = Limits { article: 100_000, ..Limits::default() };
        read_from("crawl.warc.gz", Box::new(std::io::Cursor::new(bytes)), &limits)
            .map(|r| match r {
                Ok(a) => format!("{} {} {}", a.name, a.url.unwrap_or_default(), a.text.trim()),
                Err(e) => format!("{e}: {}", e.failure),
            })
            .collect()
    }

    const SAID: &str = "“The dam is full,” the keeper said on Monday.";

    fn records() -> Vec<Vec<u8>> {
        let html = "Content-Type: text/html";
        let missing = format!("HTTP/1.1 404 Not Found\r\n{html}\r\n\r\n{PAGE}");
        vec![
            record("warcinfo", "", "application/warc-fields", b"software: x\r\n"),
            response("http://vale.example/1", html, PAGE.as_bytes()),
            response("http://vale.example/a.png", "Content-Type: image/png", &[0; 300_000]),
            record("request", "http://vale.example/2", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
            response("http://vale.example/2", &format!("{html}\r\nContent-Encoding: gzip"), &gzip(PAGE.as_bytes())),
            record("response", "http://vale.example/3", "application/http", PAGE.as_bytes()),
            response("http://vale.example/4", html, PAGE.repeat(1000).as_bytes()),
            response("http://vale.example/5", html, b"<html><body><script>x()</script></body></html>"),
            record("response", "http://vale.example/6", "application/http", missing.as_bytes()),
            record("resource", "http://vale.example/7", "text/html", PAGE.as_bytes()),
        ]
    }

    #[test]
    fn pages_are_taken_and_the_rest_is_passed_over() {
        let expected = [
            format!("crawl.warc:2 http://vale.example/dam {SAID}"),
            format!("crawl.warc:5 http://vale.example/dam {SAID}"),
            "cannot read crawl.warc.gz, record 6: not valid WARC: a response without an HTTP head".to_owned(),
            "cannot read crawl.warc.gz, record 7: the page is larger than the limit of 100000 bytes".to_owned(),
            format!("crawl.warc:10 http://vale.example/dam {SAID}"),
        ];
        assert_eq!(shown(records().iter().flat_map(|r| gzip(r)).collect()), expected, "a member a record");
        let plain: Vec<String> = shown(records().concat()).iter().map(|s| s.replace("warc.gz:", "warc:")).collect();
        assert_eq!(plain, expected, "not packed");
        assert_eq!(shown(gzip(&records().concat())), expected, "packed as a whole");
    }

    #[test]
    fn damage_costs_one_record() {
        let mut members: Vec<Vec<u8>> = records().iter().map(|r| gzip(r)).collect();
        let middle = members[1].len() / 2;
        members[1][middle] ^= 0x55;
        members[1][middle + 1] ^= 0x55;
        let seen = shown(members.concat());
        assert!(seen[0].starts_with("cannot read crawl.warc.gz, record 2: "), "{seen:?}");
        assert_eq!(seen[1..].iter().filter(|s| s.ends_with(SAID)).count(), 2, "{seen:?}");

        let mut plain = records();
        plain.insert(2, b"noise\nand noise\nWARC/1.0\r\nContent-Length: nine\r\n\r\n".to_vec());
        let seen = shown(plain.concat());
        assert_eq!(
            seen[1..3],
            [
                "cannot read crawl.warc.gz, record 3: not valid WARC: something else where a record should start",
                "cannot read crawl.warc.gz, record 3: not valid WARC: a record without a Content-Length"
            ]
        );
        assert_eq!(seen.iter().filter(|s| s.ends_with(SAID)).count(), 3, "{seen:?}");
    }

    #[test]
    fn a_cut_is_named_and_an_archive_without_pages_too() {
        let whole = response("http://vale.example/1", "Content-Type: text/html", PAGE.as_bytes());
        let cut = [whole.clone(), whole[..whole.len() - 50].to_vec()].concat();
        let seen = shown(cut);
        assert_eq!(seen[1], "cannot read crawl.warc.gz, record 2: the input ends in the middle of a record");
        assert_eq!(
            shown(records().swap_remove(0)),
            ["cannot read crawl.warc.gz: not valid archive of articles: 1 records, and none is a page with text in it"]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_in_no_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            shown([b"WARC/1.0\r\nContent-Length: 7\r\n".to_vec(), bytes].concat());
        }
    }
}
