//! The local page, asked over TCP as a browser would ask.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::cli::run;

/// A server over a record; it ends with the test.
struct Served {
    process: Child,
    port: u16,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What came back.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn start(folder: &Path) -> Served {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin("onrecord"))
            .args(["serve", "--engine", "rules", "-q"])
            .current_dir(folder)
            .env_remove("ONRECORD_DB")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
        let (port, token) = address.split_once('/').unwrap();
        Served { process, port: port.parse().unwrap(), token: token.trim_end_matches('/').to_string() }
    }

    /// Sends a request with the head as it is given.
    fn send(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_string() }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET /{}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}", self.token, self.port), "")
    }

    /// Asks until the findings of all speakers are worked out.
    fn get_whole(&self, path: &str) -> Answer {
        for _ in 0..100 {
            let answer = self.get(path);
            if !answer.body.contains("data-waiting") {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("still looking at {path}");
    }
}

/// A record with a contradiction, and with a claim, a name and a headline that would like to be markup.
fn record(folder: &Path) {
    let hostile = "“<script>alert(1)</script> is what I say,” said Petra Vance, the transport minister.";
    let articles = [
        (
            "a",
            "2024-03-01",
            "Bridge to open",
            "“There will be no tolls on this bridge,” said Petra Vance, the transport minister.",
        ),
        (
            "b",
            "2024-09-01",
            "Tolls <b>announced</b>",
            "“There will be tolls on this bridge,” Petra Vance told reporters.",
        ),
        ("c", "2024-10-01", "\"><img src=x onerror=alert(2)>", hostile),
    ];
    for (name, date, title, text) in articles {
        let url = format!("https://mail.example/{name}");
        let text = format!("Outlet: The Mail & Sons\nDate: {date}\nURL: {url}\nTitle: {title}\n\n{text}\n");
        std::fs::write(folder.join(format!("{name}.txt")), text).unwrap();
    }
    let (code, _, err) = run(folder, &["add", "a.txt", "b.txt", "c.txt", "-q"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn only_the_holder_of_the_address_gets_a_page() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let served = Served::start(folder.path());
    let (port, token) = (served.port, &served.token);
    assert!(token.len() >= 32, "{token}");
    let ask = |path: &str, host: &str| served.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}"), "").status;
    let ours = format!("127.0.0.1:{port}");
    assert_eq!(ask(&format!("/{token}/"), &ours), 200);
    assert_eq!(ask(&format!("/{token}/"), &format!("localhost:{port}")), 200);
    assert_eq!(ask("/", &ours), 403);
    assert_eq!(ask("/style.css", &ours), 403);
    assert_eq!(ask(&format!("/{}/", "0".repeat(token.len())), &ours), 403);
    assert_eq!(ask(&format!("/{}/", &token[..token.len() - 1]), &ours), 403);
    // A name that an attacker has pointed at this machine.
    assert_eq!(ask(&format!("/{token}/"), &format!("evil.example:{port}")), 403);
    assert_eq!(ask(&format!("/{token}/"), "evil.example"), 403);
    let without_host = served.send(&format!("GET /{token}/ HTTP/1.0"), "");
    assert_eq!(without_host.status, 403);
}

#[test]
fn every_answer_has_a_strict_policy_and_asks_for_nothing_outside() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let served = Served::start(folder.path());
    for path in ["/", "/findings", "/speakers", "/articles", "/search?q=tolls", "/page.js", "/style.css", "/nowhere"] {
        let answer = served.get(path);
        let policy = answer.head.lines().find_map(|l| l.strip_prefix("content-security-policy: ")).unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert!(
            answer.head.contains("referrer-policy: same-origin") && answer.head.contains("cache-control: no-store")
        );
        for attribute in ["src=\"http", "style=\"", "onclick", "<script>", "url("] {
            assert!(!answer.body.contains(attribute), "{path} holds {attribute}");
        }
    }
    assert_eq!(served.get("/nowhere").status, 404);
    assert_eq!(served.get("/claims/c999").status, 404);
    assert_eq!(served.get("/articles/afff").status, 404);
}

#[test]
fn pages_hold_the_claims_and_markup_in_them_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let (_, claims, _) = run(folder.path(), &["claims", "Petra Vance", "--json"]);
    let claims: serde_json::Value = serde_json::from_str(&claims).unwrap();
    let claim = |words: &str| {
        let all = claims.as_array().unwrap().iter();
        all.clone().find(|c| c["text"].as_str().unwrap().contains(words)).unwrap_or_else(|| panic!("{words}: {claims}"))
    };
    let served = Served::start(folder.path());
    let first = claim("no tolls");
    let speaker = served.get_whole(&format!("/speakers/{}", first["speaker_id"].as_str().unwrap())).body;
    assert!(speaker.contains("There will be no tolls on this bridge"), "{speaker}");
    assert!(speaker.contains("https://mail.example/a#:~:text=There%20will%20be%20no%20tolls%20on%20this%20bridge"));
    assert!(speaker.contains("Possible contradictions (1)") && speaker.contains("<mark>no</mark>"), "{speaker}");
    let article = served.get(&format!("/articles/{}", first["article"].as_str().unwrap())).body;
    let anchor = format!("id=\"{}\"", first["id"].as_str().unwrap());
    assert!(article.contains(&anchor) && article.contains("<mark>There will be no tolls on this bridge</mark>"));
    let hostile = claim("alert(1)")["id"].as_str().unwrap();
    for path in [
        format!("/claims/{hostile}"),
        "/search?q=%3Cscript%3Ealert(1)".to_string(),
        "/search?q=%3Cscript%3Ealert(1)&part=1".to_string(),
        "/articles".to_string(),
        format!("/speakers/{}?q=%22%3E%3Cscript%3E", first["speaker_id"].as_str().unwrap()),
    ] {
        let answer = served.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains("<img"), "{path}: {}", answer.body);
    }
    assert!(served.get(&format!("/claims/{hostile}")).body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let found = served.get("/search?q=tolls&part=1").body;
    assert!(found.contains("<mark>tolls</mark>") && !found.contains("<html"), "{found}");
}

#[test]
fn other_commands_use_the_record_between_the_clicks_and_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let served = Served::start(folder.path());
    assert!(!served.get("/articles").body.contains("Ferries go"));
    let text = "Outlet: Courier\nDate: 2024-11-01\nURL: https://courier.example/d\nTitle: Ferries go\n\n“The ferries will go,” said Ada Lund.\n";
    std::fs::write(folder.path().join("d.txt"), text).unwrap();
    let (code, out, err) = run(folder.path(), &["add", "d.txt"]);
    assert_eq!((code, out.as_str()), (0, "1 added, 0 updated, 0 unchanged, 0 failed\n"), "{err}");
    assert!(served.get("/articles").body.contains("Ferries go"));
    assert!(served.get_whole("/findings?kind=reports-differ").body.contains("No reports that differ found."));
    let changed = std::fs::read_to_string(folder.path().join("a.txt")).unwrap().replace("no tolls", "few tolls");
    std::fs::write(folder.path().join("a.txt"), changed).unwrap();
    assert_eq!(run(folder.path(), &["add", "a.txt", "-q"]).0, 0);
    let differ = served.get_whole("/findings?kind=reports-differ").body;
    assert!(differ.contains("edited-after-publication") && differ.contains("<mark>few</mark>"), "{differ}");
}

#[test]
fn a_verdict_is_kept_shown_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    let served = Served::start(folder.path());
    let findings = served.get_whole("/findings?kind=contradiction").body;
    let id = findings.split("/findings/f").nth(1).and_then(|rest| rest.split(['/', '"']).next()).unwrap();
    let post = |path: &str, more: &str, body: &str| {
        let form = "Content-Type: application/x-www-form-urlencoded";
        let head = format!(
            "POST /{}/findings/f{id}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{form}{more}",
            served.token, served.port
        );
        served.send(&head, body)
    };
    let given = "verdict=rejected&note=%3Cb%3Emisread%3C%2Fb%3E";
    // Another site may know no token; even one that does may not send a form here.
    assert_eq!(post("review", "\r\nOrigin: http://evil.example", given).status, 403);
    assert_eq!(post("review", "\r\nSec-Fetch-Site: cross-site", given).status, 403);
    let page = format!("/findings/f{id}");
    assert!(served.get(&page).body.contains("Not reviewed."));
    let led = post("review", "", given);
    assert_eq!(led.status, 303);
    assert!(led.head.contains(&format!("location: /{}{page}", served.token)), "{}", led.head);
    let shown = served.get(&page).body;
    assert!(shown.contains("<strong>rejected</strong> – &lt;b&gt;misread&lt;/b&gt;"), "{shown}");
    assert!(!served.get("/findings?review=open").body.contains(&format!("id=\"f{id}\"")));
    let part = post("review", "", "verdict=accepted&part=1");
    assert!(part.status == 200 && part.body.starts_with("<article") && part.body.contains("<strong>accepted</strong>"));
    // One step back at a time: the verdict before it holds again.
    assert!(post("undo", "", "part=1").body.contains("<strong>rejected</strong>"));
    assert!(post("undo", "", "part=1").body.contains("Not reviewed."));
    assert_eq!(post("undo", "", "part=1").status, 404);
    assert_eq!(post("review", "", "verdict=").status, 404);
    std::thread::sleep(Duration::from_secs(3));
    let (code, log, err) = run(folder.path(), &["log", "--json"]);
    assert_eq!(code, 0, "{err}");
    assert!(log.contains("accepted") && log.contains("<b>misread</b>"), "{log}");
}
