//! `watch`, against a server on loopback.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::server::{Asked, Reply, Server};
use super::web::{page, run};

/// Watches a feed once, without pauses.
fn watch(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(folder, &[&["watch", "--pause", "0"], args].concat())
}

fn item(title: &str, link: &str, inner: &str) -> String {
    format!("<item><title>{title}</title><link>{link}</link>{inner}</item>")
}

fn feed(items: &[String]) -> Reply {
    let channel = format!("<channel><title>Vale Times</title>{}</channel>", items.concat());
    let body = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">{channel}</rss>"
    );
    Reply::Whole(200, vec!["Content-Type: application/rss+xml".into()], body.into_bytes())
}

const FULL: &str =
    "<content:encoded><![CDATA[<p>“The dam is full,” Rosa Delacourt said on Monday.</p>]]></content:encoded>";
const SHORT: &str = "<description>Delacourt on the rate.</description>";

/// One entry in full, one in short, one that is only a link.
fn vale(asked: &Asked) -> Option<Reply> {
    match asked.path.as_str() {
        "/feed" => {
            let dated = format!("{SHORT}<pubDate>Mon, 06 Mar 2023 10:15:00 +0100</pubDate>");
            Some(feed(&[
                item("Dam", "/dam", FULL),
                item("Rate", "/rate?utm_source=rss", &dated),
                item("Tram", "/tram", ""),
            ]))
        }
        "/rate" => Some(Reply::page(page("The rate", "The rate stays where it is"))),
        "/tram" => Some(Reply::page(page("The tram", "The tram comes"))),
        "/dam" => Some(Reply::page(page("The dam", "The dam is full, and this is the page"))),
        _ => None,
    }
}

#[test]
fn a_feed_watched_twice_is_added_once() {
    let server = Server::start(vale);
    let folder = tempfile::tempdir().unwrap();
    // A folder that waits for a record, as the repository's own does.
    std::fs::create_dir(folder.path().join("claims_db")).unwrap();
    std::fs::write(folder.path().join("claims_db/README.md"), "here").unwrap();
    let address = server.url("/feed");
    let (code, out, err) = watch(folder.path(), &[&address, "--format", "jsonl"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let rows: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let told =
        |key: &str| rows.iter().map(|r| r[key].as_str().unwrap_or("").replace(&server.base, "")).collect::<Vec<_>>();
    assert_eq!(told("outcome"), ["added", "added", "added"]);
    assert_eq!(told("url"), ["/dam", "/rate", "/tram"]);
    assert_eq!(told("title"), ["Dam", "The rate", "The tram"]);
    assert_eq!(told("date"), ["", "2023-03-06", ""], "a day that only the feed names is kept");
    assert_eq!(server.paths(), ["/robots.txt", "/feed", "/rate", "/tram"], "a full entry needs no page");

    let (code, out, _) = watch(folder.path(), &[&address]);
    assert_eq!((code, out.as_str()), (0, "0 added, 0 updated, 3 unchanged, 0 failed\n"));
    assert_eq!(server.paths(), ["/robots.txt", "/feed"]);

    let (_, out, _) = run(folder.path(), &["claims", "Delacourt", "--format", "jsonl"]);
    let claims: Vec<String> = out
        .lines()
        .map(|l| {
            serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().unwrap().trim_end_matches(',').into()
        })
        .collect();
    assert_eq!(claims.len(), 3, "{claims:?}");
    assert!(claims.contains(&"The rate stays where it is".to_string()), "{claims:?}");
}

#[test]
fn pages_are_read_for_all_entries_or_for_none() {
    let server = Server::start(vale);
    let address = server.url("/feed");
    let folder = tempfile::tempdir().unwrap();
    let (_, out, _) = watch(folder.path(), &[&address, "--full"]);
    assert_eq!(out, "3 added, 0 updated, 0 unchanged, 0 failed\n");
    assert_eq!(server.paths(), ["/robots.txt", "/feed", "/dam", "/rate", "/tram"]);

    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = watch(folder.path(), &[&address, "--feed-only"]);
    assert_eq!((code, out.as_str()), (0, "2 added, 0 updated, 0 unchanged, 0 failed\n"));
    assert!(err.contains("left out “Tram”") && err.contains("the feed has no text of it"), "{err}");
    assert_eq!(server.paths(), ["/robots.txt", "/feed"]);
}

#[test]
fn a_feed_is_asked_whether_it_changed_once_all_of_it_is_on_record() {
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let server = Server::start(move |asked| match (asked.path.as_str(), asked.header("if-none-match")) {
        ("/feed", Some("W/\"7\"")) => Some(Reply::Whole(304, Vec::new(), Vec::new())),
        ("/feed", _) => vale(asked).map(|reply| reply.with("ETag: W/\"7\"")),
        ("/tram", _) if is_broken.load(Ordering::Relaxed) => Some(Reply::status(503)),
        _ => vale(asked),
    });
    let folder = tempfile::tempdir().unwrap();
    let address = server.url("/feed");
    let (code, out, err) = watch(folder.path(), &[&address]);
    assert_eq!((code, out.as_str()), (3, "2 added, 0 updated, 0 unchanged, 1 failed\n"));
    assert_eq!(err.replace(&server.base, ""), "Failed: cannot fetch /tram: the server answers 503 (not available)\n");
    broken.store(false, Ordering::Relaxed);
    let (code, out, _) = watch(folder.path(), &[&address]);
    assert_eq!((code, out.as_str()), (0, "1 added, 0 updated, 2 unchanged, 0 failed\n"), "what failed is tried again");
    let (code, out, err) = watch(folder.path(), &[&address]);
    assert_eq!((code, out.as_str()), (0, "0 added, 0 updated, 0 unchanged, 0 failed\n"));
    assert_eq!(err.replace(&server.base, ""), "/feed has not changed\n");
}

#[test]
fn an_entry_that_the_feed_changed_becomes_a_new_version() {
    let turn = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&turn);
    let server = Server::start(move |asked| {
        let later = now.load(Ordering::Relaxed) > 0;
        let saying = if later { "The rate falls" } else { "The rate stays" };
        match asked.path.as_str() {
            "/feed" if later => Some(feed(&[item("Rate, corrected", "/rate", SHORT)])),
            "/feed" => Some(feed(&[item("Rate", "/rate", SHORT)])),
            "/rate" => Some(Reply::page(page("The rate", saying))),
            _ => None,
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let address = server.url("/feed");
    assert_eq!(watch(folder.path(), &[&address]).1, "1 added, 0 updated, 0 unchanged, 0 failed\n");
    turn.store(1, Ordering::Relaxed);
    assert_eq!(watch(folder.path(), &[&address]).1, "0 added, 1 updated, 0 unchanged, 0 failed\n");
}

#[test]
fn what_is_no_feed_is_an_error_that_names_the_pages_feeds() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/" => Some(Reply::page(
            "<html><head><link rel=alternate type=application/rss+xml href=/feed></head><body>x</body></html>",
        )),
        _ => None,
    });
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = watch(folder.path(), &[&server.url("/"), &server.url("/none")]);
    assert_eq!((code, out.as_str()), (2, "0 added, 0 updated, 0 unchanged, 2 failed\n"));
    assert_eq!(
        err.replace(&server.base, "BASE").lines().collect::<Vec<_>>(),
        [
            "Failed: cannot watch BASE/: it is no RSS, Atom or JSON feed: the page names these feeds: BASE/feed",
            "Failed: cannot fetch BASE/none: the server answers 404 (not found)",
        ]
    );
    assert!(!folder.path().join("claims_db").exists(), "nothing was added, so that no record was made");
}
