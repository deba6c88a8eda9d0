//! Addresses and feeds, end to end, against a server on loopback.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use onrecord::fetch::{Answer, Client, Request, Settings};

use super::cli::onrecord;
use super::server::{Reply, Server};

/// Runs the command without proxies.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = onrecord(folder);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A page with one quotation.
pub fn page(title: &str, saying: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><article><h1>{title}</h1>\
         <p>“{saying},” said Rosa Delacourt, the finance minister, on Monday. The bank had asked for a word before the summer, and \
         several people who were in the room remember that she gave none.</p><p>The governor was not there.</p></article></body></html>"
    )
}

fn client() -> Client {
    let settings =
        Settings { timeout: Duration::from_secs(2), pause: Duration::ZERO, size: 1 << 20, ..Settings::default() };
    Client::new(settings).unwrap()
}

/// What a client says about an address: the body's length, or why it has none.
fn outcome(client: &mut Client, address: &str) -> String {
    match client.get(&Request { address, ..Request::default() }) {
        Ok(Answer::Fetched(fetched)) => format!("{} {} bytes", fetched.url, fetched.body.len()),
        Ok(Answer::NotModified) => "not modified".into(),
        Err(error) => format!("{error}: {}", error.cause),
    }
}

#[test]
fn an_address_is_added_once_and_then_asked_whether_it_changed() {
    let server = Server::start(|asked| match (asked.path.as_str(), asked.header("if-none-match")) {
        ("/story", Some("\"v1\"")) => Some(Reply::Whole(304, Vec::new(), Vec::new())),
        ("/story", _) => Some(Reply::page(page("The rate", "The rate stays")).with("ETag: \"v1\"")),
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    let address = server.url("/story");
    let (code, out, err) = run(folder.path(), &["add", &address]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "1 added, 0 updated, 0 unchanged, 0 failed\n", ""));
    let asked = server.asked();
    assert_eq!(asked.iter().map(|a| a.path.as_str()).collect::<Vec<_>>(), ["/robots.txt", "/story"]);
    let agent = asked[1].header("user-agent").unwrap();
    assert!(agent.starts_with(concat!("onrecord/", env!("CARGO_PKG_VERSION"))), "{agent}");
    assert_eq!(asked[1].header("if-none-match"), None);

    let (code, out, _) = run(folder.path(), &["add", &address, "--format", "jsonl"]);
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, row["outcome"].as_str(), row["title"].as_str()), (0, Some("unchanged"), Some("The rate")));
    assert_eq!(server.asked()[1].header("if-none-match"), Some("\"v1\""));

    // The article went another way meanwhile: the address has to be read in full.
    let other = folder.path().join("other.html");
    std::fs::write(&other, page("The rate", "The rate falls")).unwrap();
    run(folder.path(), &["add", "other.html", "--url", &address]);
    let (_, out, _) = run(folder.path(), &["add", &address]);
    assert_eq!(out, "0 added, 1 updated, 0 unchanged, 0 failed\n");
    assert_eq!(server.asked()[1].header("if-none-match"), None);
}

#[test]
fn the_articles_address_is_the_last_one_unless_the_page_names_another() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/short" => Some(Reply::to("/a/../moved?utm_source=x")),
        "/moved?utm_source=x" => Some(Reply::page(page("Moved", "It moved"))),
        "/amp" => {
            let canonical = "<head><link rel=canonical href='https://news.example/2024/05/02/story'>";
            Some(Reply::page(page("Canonical", "It is named").replace("<head>", canonical)))
        }
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    let given = [server.url("/short"), server.url("/amp")];
    let (code, out, err) = run(folder.path(), &["add", &given[0], &given[1], "--pause", "0", "--format", "jsonl"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let rows: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows[0]["url"], server.url("/moved"));
    assert_eq!(rows[1]["url"], "https://news.example/2024/05/02/story");
    assert_eq!(rows[1]["date"], "2024-05-02");
}

#[test]
fn an_address_that_fails_is_named_with_the_cause_and_the_rest_goes_on() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Some(Reply::page("User-agent: onrecord\nDisallow: /private\n")),
        "/good" | "/private/a" => Some(Reply::page(page("Good", "It works"))),
        "/broken" => Some(Reply::status(500)),
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    let u = |path: &str| server.url(path);
    let given = [u("/missing"), u("/broken"), u("/private/a"), u("/good"), "http://127.0.0.1:1/x".to_string()];
    let mut args = vec!["add", "--pause", "0"];
    args.extend(given.iter().map(String::as_str));
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, out.as_str()), (3, "1 added, 0 updated, 0 unchanged, 4 failed\n"));
    let failures: Vec<String> = err.lines().map(|l| l.replace(&server.base, "BASE")).collect();
    assert_eq!(
        failures[..3],
        [
            "Failed: cannot fetch BASE/missing: the server answers 404 (not found)",
            "Failed: cannot fetch BASE/broken: the server answers 500 (server error)",
            "Failed: cannot fetch BASE/private/a: BASE/robots.txt asks programs to leave it alone",
        ]
    );
    assert!(failures[3].starts_with("Failed: cannot fetch http://127.0.0.1:1/x: "), "{}", failures[3]);
    assert!(!server.paths().contains(&"/private/a".to_string()));
}

#[test]
fn redirects_end_somewhere_and_robots_hold_for_each_stop() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Some(Reply::page("User-agent: *\nDisallow: /secret")),
        "/loop" => Some(Reply::to("/loop")),
        "/to-secret" => Some(Reply::to("/secret/a")),
        "/to-file" => Some(Reply::to("file:///etc/passwd")),
        "/to-nowhere" => Some(Reply::Whole(301, Vec::new(), Vec::new())),
        _ => None,
    });
    let mut client = client();
    let mut said = |path: &str| outcome(&mut client, &server.url(path)).replace(&server.base, "");
    assert_eq!(said("/loop"), "cannot fetch /loop: it is redirected more than 10 times");
    assert_eq!(said("/to-secret"), "cannot fetch /to-secret: /robots.txt asks programs to leave it alone");
    assert_eq!(
        said("/to-file"),
        "cannot fetch /to-file: it is redirected to file:///etc/passwd, which is no http or https address"
    );
    assert_eq!(
        said("/to-nowhere"),
        "cannot fetch /to-nowhere: it is redirected to nowhere, which is no http or https address"
    );
    let paths = server.paths();
    assert_eq!(paths.iter().filter(|p| *p == "/robots.txt").count(), 1, "the rules are read once");
    assert!(!paths.contains(&"/secret/a".to_string()));
}

#[test]
fn rules_that_cannot_be_had_forbid_everything() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Some(Reply::status(503)),
        _ => Some(Reply::page("x")),
    });
    let said = outcome(&mut client(), &server.url("/a")).replace(&server.base, "");
    assert_eq!(
        said,
        "cannot fetch /a: /robots.txt cannot be read, so that nothing may be asked for: the server answers 503"
    );
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[test]
fn bodies_are_bounded_in_size_and_time_and_cuts_are_noticed() {
    let zeros = vec![0; 2 << 20];
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&zeros).unwrap();
    let bomb = packer.finish().unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(b"Packed words.").unwrap();
    let packed = packer.finish().unwrap();
    let server = Server::start(move |asked| {
        let gzip = |body: &[u8]| Reply::page(body).with("Content-Encoding: gzip");
        Some(match asked.path.as_str() {
            "/large" => Reply::page(zeros.clone()),
            "/endless" => Reply::Endless,
            "/slow" => Reply::Slow,
            "/cut" => Reply::Cut(b"half of it".to_vec()),
            "/gzip" => gzip(&packed),
            "/gzip-cut" => gzip(&packed[..packed.len() - 12]),
            "/bomb" => gzip(&bomb),
            "/brotli" => Reply::page("x").with("Content-Encoding: br"),
            "/busy" => Reply::status(429).with("Retry-After: 120"),
            _ => return None,
        })
    });
    let mut client = client();
    for (path, says) in [
        ("/large", "cannot fetch /large: the answer is larger than the limit of 1048576 bytes"),
        ("/endless", "cannot fetch /endless: the answer is larger than the limit of 1048576 bytes"),
        ("/slow", "cannot fetch /slow: no complete answer within 2 seconds"),
        ("/cut", "cannot fetch /cut: the answer was cut off"),
        ("/gzip", "/gzip 13 bytes"),
        ("/gzip-cut", "cannot fetch /gzip-cut: the answer was cut off"),
        ("/bomb", "cannot fetch /bomb: the answer is larger than the limit of 1048576 bytes"),
        ("/brotli", "cannot fetch /brotli: the answer is packed as `br`, which was not asked for"),
        ("/busy", "cannot fetch /busy: the server answers 429 (too many requests), and asks to wait 120 seconds"),
    ] {
        assert_eq!(outcome(&mut client, &server.url(path)).replace(&server.base, ""), says);
    }
}

#[test]
fn encodings_go_by_the_server_and_then_by_the_bytes() {
    let words = page("Café", "C’est non");
    let latin = encoding_rs::WINDOWS_1252.encode(&words.replace("<meta charset=utf-8>", "")).0.into_owned();
    let wrong = words.clone();
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/latin" => {
            Some(Reply::Whole(200, vec!["Content-Type: text/html; charset=windows-1252".into()], latin.clone()))
        }
        "/wrong" => {
            Some(Reply::Whole(200, vec!["Content-Type: text/html; charset=iso-8859-1".into()], wrong.clone().into()))
        }
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    for path in ["/latin", "/wrong"] {
        let (code, out, err) = run(folder.path(), &["extract", &server.url(path), "--json"]);
        assert_eq!((code, err.as_str()), (0, ""));
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read[0]["title"], "Café", "{path}");
        assert!(read[0]["text"].as_str().unwrap().starts_with("“C’est non,” said"), "{path}: {out}");
    }
}

#[test]
fn a_page_on_the_open_net_does_not_lead_to_this_machine() {
    let server = Server::start(|_| Some(Reply::page("x")));
    let address = server.url("/a");
    let mut client = client();
    let request = Request { address: &address, named_by: Some("https://news.example/feed"), unless: None };
    let error = client.get(&request).unwrap_err();
    assert_eq!(error.cause.to_string(), "127.0.0.1 is an address of the local net, and the page that names it is not");
    assert_eq!(server.paths(), [""; 0]);
    // The user may name it, and what is there may name its neighbours.
    assert!(outcome(&mut client, &address).ends_with("1 bytes"));
    let request = Request { address: &address, named_by: Some(&server.url("/feed")), unless: None };
    assert!(client.get(&request).is_ok());
}

#[test]
fn a_trial_run_shows_what_is_taken_of_a_page_and_what_is_left_out() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/story" => {
            let more = "<aside>“Elsewhere,” he said</aside></article>";
            Some(Reply::page(page("The rate", "The rate stays").replace("</article>", more)).with("ETag: \"1\""))
        }
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    let address = server.url("/story");
    let (code, out, err) = run(folder.path(), &["add", &address, "--dry-run"]);
    assert_eq!((code, out.lines().last()), (0, Some("would be: 1 added, 0 updated, 0 unchanged, 0 failed")));
    assert_eq!(err, "left out of story.html: beside the article: “Elsewhere,” he said\n");
    let (_, out, _) = run(folder.path(), &["add", &address, "--dry-run", "--format", "jsonl"]);
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(row["left_out"], serde_json::json!([{"what": "“Elsewhere,” he said", "why": "beside the article"}]));
    assert!(!folder.path().join("claims_db").exists(), "a trial run leaves nothing behind");
}
