//! Mailboxes: mails one after the other in one file (mbox), streamed.
//!
//! A line `From ` after a blank line begins a mail, where a field of its head follows. A line of a mail that starts so was marked
//! with `>` when it was put there, and loses the mark again (the variant that is called mboxrd). The form: RFC 4155, appendix A.

use super::Reading;
use super::error::{Failure, Place, ReadError};
use super::limits::Limits;
use super::mail;
use super::open::{Line, Opened, Stream, next_line};

/// How a mail begins.
const FROM: &[u8] = b"From ";

/// Tells whether a text starts like a mailbox.
pub(crate) fn is_mailbox(text: &str) -> bool {
    text.starts_with("From ") && text.split_once('\n').is_some_and(|(_, mail)| mail::is_mail(mail))
}

/// The mails of a mailbox.
pub(crate) struct Mails {
    label: String,
    name: String,
    stream: Stream,
    limits: Limits,
    /// Mails begun, from 1.
    count: u64,
    /// Read from the stream, and not part of a mail yet.
    ahead: Option<Vec<u8>>,
    /// What the last mail gave, and the mails in it.
    ready: std::vec::IntoIter<Result<Reading, ReadError>>,
    ended: bool,
}

impl Mails {
    /// Starts before the first mail.
    pub(crate) fn new(opened: Opened, limits: &Limits) -> Mails {
        Mails {
            label: opened.label,
            name: opened.name,
            stream: opened.stream,
            limits: *limits,
            count: 0,
            ahead: None,
            ready: Vec::new().into_iter(),
            ended: false,
        }
    }

    /// Returns the bytes of the next mail; `None` at the end.
    fn mail(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut mail = Vec::new();
        let (mut any, mut over, mut blank) = (false, false, true);
        while let Some(line) = self.line()? {
            let Some(line) = line else {
                (any, over, blank) = (true, true, false);
                continue;
            };
            if blank && line.starts_with(FROM) {
                let next = self.line()?;
                // A sentence may begin with this word; no head of a mail comes after it.
                let begins = matches!(&next, Some(Some(next)) if is_field(next));
                over = over || matches!(&next, Some(None));
                self.ahead = next.flatten();
                if begins && any {
                    // The blank line is the mailbox's.
                    mail.pop();
                    break;
                }
                if begins {
                    (any, blank) = (true, false);
                    continue;
                }
            }
            blank = line.is_empty();
            any = any || !blank;
            if !any {
                continue;
            }
            over = over || (mail.len() + line.len()) as u64 > self.limits.document;
            if over {
                mail = Vec::new();
            } else {
                let marks = line.iter().take_while(|byte| **byte == b'>').count();
                mail.extend_from_slice(&line[usize::from(marks > 0 && line[marks..].starts_with(FROM))..]);
                mail.push(b'\n');
            }
        }
        self.count += u64::from(any);
        match over {
            true => Err(Failure::TooLarge { what: "the mail", limit: self.limits.document }),
            false => Ok(any.then_some(mail)),
        }
    }

    /// Returns the next line; `None` in it for one beyond the limit.
    fn line(&mut self) -> Result<Option<Option<Vec<u8>>>, Failure> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(Some(line)));
        }
        Ok(next_line(&mut self.stream, self.limits.article)?.map(|line| match line {
            Line::Bytes(bytes) => Some(bytes),
            Line::TooLong => None,
        }))
    }
}

/// Tells whether a line is one of a mail's head: `Name: value`, or a `From ` that a second program put before it.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    name > 0 && line.get(name) == Some(&b':') || line.starts_with(b">From ")
}

impl Iterator for Mails {
    type Item = Result<Reading, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(reading) = self.ready.next() {
                return Some(reading);
            }
            if self.ended {
                return None;
            }
            match self.mail() {
                Ok(Some(bytes)) => {
                    let name = format!("{}:{}", self.name, self.count);
                    self.ready = mail::mails(&bytes, (&self.label, &name), Some(self.count), &self.limits).into_iter();
                }
                Ok(None) => self.ended = true,
                Err(failure) => {
                    // Where the stream itself fails nothing more comes.
                    self.ended = !matches!(failure, Failure::TooLarge { .. });
                    let place = Place::Record(if self.ended { self.count + 1 } else { self.count });
                    return Some(Err(failure.at(&self.label, Some(place))));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_from;
    use super::*;

    const TWO: &str = "From ana@council.example Mon Mar  6 10:00:00 2023
From: Ana Bo <ana@council.example>
Subject: Dam
Date: Mon, 06 Mar 2023 10:00:00 +0000
Message-ID: <1@council.example>

The dam is full, she said.

>From here on nothing moves.

From May on it did, he said.

From cy@vale.example Tue Mar  7 10:00:00 2023
>From cy@vale.example Tue Mar  7 10:00:00 2023
From: Cy Roe <cy@vale.example>
Subject: Weir
Message-ID: <2@vale.example>

The weir is dry, he said.
";

    fn read(bytes: &[u8], limits: &Limits) -> Vec<String> {
        read_from("old.mbox", Box::new(std::io::Cursor::new(bytes.to_vec())), limits)
            .map(|read| match read {
                Ok(article) => format!("{} {:?} {:?}", article.name, article.title.unwrap_or_default(), article.text),
                Err(error) => format!("{error}: {}", error.failure),
            })
            .collect()
    }

    #[test]
    fn every_mail_is_an_article() {
        let expected = [
            "old.mbox:1 \"Dam\" \"The dam is full, she said.\\n\\nFrom here on nothing moves.\\n\\nFrom May on it did, he said.\\n\"",
            "old.mbox:2 \"Weir\" \"The weir is dry, he said.\\n\"",
        ];
        for text in [TWO.to_owned(), TWO.replace('\n', "\r\n"), format!("\n\n{TWO}")] {
            assert_eq!(read(text.as_bytes(), &Limits::default()), expected);
        }
    }

    #[test]
    fn a_mail_that_cannot_be_read_costs_no_other() {
        let empty = "From x@y.example Mon Mar  6 10:00:00 2023\nFrom: x@y.example\nMessage-ID: <3>\n\n\n";
        let large = TWO.replacen("The dam", &"The dam ".repeat(60), 1);
        let limits = Limits { document: 400, ..Limits::default() };
        assert_eq!(
            read(format!("{empty}{large}").as_bytes(), &limits),
            [
                "cannot read old.mbox, record 1: no text in it",
                "cannot read old.mbox, record 2: the mail is larger than the limit of 400 bytes",
                "old.mbox:3 \"Weir\" \"The weir is dry, he said.\\n\"",
            ]
        );
    }

    #[test]
    fn a_sentence_is_no_mailbox() {
        assert!(is_mailbox(TWO));
        for text in
            ["From Monday on: no tolls\nDate: x\n\nHe said so.", "From here", "From a b\n\nMessage-ID: x\nTo: y\n"]
        {
            assert!(!is_mailbox(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_in_no_panic(body in "(From a\n|From: b\n|Message-ID: x\n|>*From c\n|\n|[a-z:]{0,5}){0,20}") {
            read(format!("From a b\nFrom: x\nMessage-ID: y\n{body}").as_bytes(), &Limits::default());
        }
    }
}
