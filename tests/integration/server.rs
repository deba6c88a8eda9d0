//! A web server of the tests' own, on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// What is answered.
pub enum Reply {
    /// Status, header lines and body; the length is added.
    Whole(u16, Vec<String>, Vec<u8>),
    /// A body that says it is longer than it is.
    Cut(Vec<u8>),
    /// A body that never comes to its end.
    Slow,
    /// A body without end, as fast as it is taken.
    Endless,
}

impl Reply {
    pub fn page(body: impl Into<Vec<u8>>) -> Reply {
        Reply::Whole(200, vec!["Content-Type: text/html; charset=utf-8".into()], body.into())
    }

    pub fn status(code: u16) -> Reply {
        Reply::Whole(
            code,
            Vec::new(),
            b"<html><body><p>\xe2\x80\x9cNo,\xe2\x80\x9d said the server.</p></body></html>".to_vec(),
        )
    }

    pub fn to(location: &str) -> Reply {
        Reply::Whole(302, vec![format!("Location: {location}")], Vec::new())
    }

    pub fn with(self, header: impl Into<String>) -> Reply {
        match self {
            Reply::Whole(code, mut headers, body) => {
                headers.push(header.into());
                Reply::Whole(code, headers, body)
            }
            other => other,
        }
    }
}

/// A running server; it goes with the process of the tests.
pub struct Server {
    pub base: String,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Starts one that answers as `answer` says; `None` is a 404.
    pub fn start(answer: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let (noted, answer) = (Arc::clone(&log), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let Some(asked) = read(&stream) else { return };
                    noted.lock().unwrap().push(asked.clone());
                    // A client that goes away early is its own business.
                    let _ = send(stream, answer(&asked).unwrap_or_else(|| Reply::status(404)));
                });
            }
        });
        Server { base, log }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What was asked since this was last called.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    /// The paths that were asked since this was last called.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|a| a.path).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    Some(Asked { path, headers })
}

fn send(mut stream: TcpStream, reply: Reply) -> std::io::Result<()> {
    let head = |code: u16, headers: &[String]| {
        let lines: String = headers.iter().map(|h| format!("{h}\r\n")).collect();
        format!("HTTP/1.1 {code} Some\r\nConnection: close\r\n{lines}")
    };
    match reply {
        Reply::Whole(304, headers, _) => stream.write_all(format!("{}\r\n", head(304, &headers)).as_bytes()),
        Reply::Whole(code, headers, body) => {
            stream.write_all(format!("{}Content-Length: {}\r\n\r\n", head(code, &headers), body.len()).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Cut(body) => {
            stream.write_all(format!("{}Content-Length: {}\r\n\r\n", head(200, &[]), body.len() + 100).as_bytes())?;
            stream.write_all(&body)
        }
        Reply::Slow => {
            stream.write_all(format!("{}Content-Length: 1000\r\n\r\n", head(200, &[])).as_bytes())?;
            loop {
                stream.write_all(b" ")?;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Reply::Endless => {
            stream.write_all(format!("{}\r\n", head(200, &[])).as_bytes())?;
            loop {
                stream.write_all(&[b'a'; 1 << 16])?;
            }
        }
    }
}
