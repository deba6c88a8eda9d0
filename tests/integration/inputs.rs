//! Every kind of input, made here, added with the real command; its claim is looked up in the record.

use std::io::Write;
use std::path::Path;

use super::cli::run;

/// What is said about a thing, so that every input has a claim of its own.
fn saying(thing: &str) -> String {
    format!("“The {thing} is full of water this week,” said Ida Roe, the keeper of the dam.")
}

/// Two more sentences, so that a page is long enough to be an article.
const MORE: &str = "She had walked along the wall in the morning and looked at every gate. Nobody in the valley had seen so much \
                    water in May, and the farmers were glad of it after two dry years.";

/// A page as a newspaper sets it, with furniture around it.
fn page(thing: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>The {thing}</title>\
         <meta property=\"og:site_name\" content=\"Vale Times\">\
         <meta property=\"article:published_time\" content=\"2024-05-02T10:00:00Z\"></head>\
         <body><nav><a href=\"/\">“Home is best,” said Al Bo</a></nav><article><h1>The {thing}</h1><p>{}</p><p>{MORE}</p>\
         <figure><figcaption>“A fine picture,” said Al Bo, the painter.</figcaption></figure></article>\
         <footer>“All rights are ours,” said Al Bo.</footer></body></html>",
        saying(thing)
    )
}

fn rss(thing: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>Vale Times</title><item><title>The {thing}</title><link>https://vale.example/{thing}</link>\
         <pubDate>Thu, 02 May 2024 10:00:00 +0000</pubDate><description>Short.</description>\
         <content:encoded><![CDATA[<p>{}</p><p>{MORE}</p>]]></content:encoded></item></channel></rss>",
        saying(thing)
    )
}

fn atom(thing: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Vale Times</title><id>urn:f</id>\
         <updated>2024-05-02T10:00:00Z</updated><entry><title>The {thing}</title><id>urn:{thing}</id>\
         <link href=\"https://vale.example/{thing}\"/><published>2024-05-02T10:00:00Z</published>\
         <updated>2024-05-02T10:00:00Z</updated><content type=\"html\">&lt;p&gt;{}&lt;/p&gt;</content></entry></feed>",
        saying(thing)
    )
}

fn json_feed(thing: &str) -> String {
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Vale Times",
        "items": [{
            "id": "1",
            "url": format!("https://vale.example/{thing}"),
            "title": format!("The {thing}"),
            "content_html": format!("<p>{}</p>", saying(thing)),
            "date_published": "2024-05-02T10:00:00Z",
        }],
    })
    .to_string()
}

fn mail(thing: &str) -> String {
    format!(
        "From: Vale Times <news@vale.example>\r\nTo: reader@x.example\r\nSubject: The {thing}\r\nDate: Thu, 02 May 2024 10:00:00 +0000\r\n\
         Message-ID: <1@vale.example>\r\nList-Id: <daily.vale.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         View this in your browser.\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n--b--\r\n",
        page(thing)
    )
}

fn saved_page(thing: &str) -> String {
    format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://vale.example/{thing}\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Location: https://vale.example/{thing}\r\n\r\n{}\r\n--b\r\nContent-Type: text/html\r\n\
         Content-Location: https://ads.example/frame\r\n\r\n<p>“Buy it now,” said Al Bo.</p>\r\n--b--\r\n",
        page(thing)
    )
}

/// An archive of what a crawler asked and was answered; each record is packed by itself where `packed` says so.
fn archive(thing: &str, packed: bool) -> Vec<u8> {
    let address = format!("https://vale.example/{thing}");
    let response = |status: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let record = |kind: &str, media_type: &str, block: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-06-01T00:00:00Z\r\n\
             WARC-Record-ID: <urn:uuid:{kind}>\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    };
    let records = [
        record("warcinfo", "application/warc-fields", "software: none\r\n"),
        record("request", "application/http;msgtype=request", "GET / HTTP/1.1\r\n\r\n"),
        record(
            "response",
            "application/http;msgtype=response",
            &response("404 Not Found", "<p>“No page,” said Al Bo.</p>"),
        ),
        record("response", "application/http;msgtype=response", &response("200 OK", &page(thing))),
    ];
    records.iter().flat_map(|r| if packed { gzip(r.as_bytes()) } else { r.clone().into_bytes() }).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// A document of one page; the marks of quotation are those of the encoding that PDF calls WinAnsi.
fn pdf(thing: &str) -> Vec<u8> {
    let line = |words: &str, y: usize| {
        let words = words.replace('“', "\\223").replace('”', "\\224");
        format!("BT /F1 11 Tf 60 {y} Td ({words}) Tj ET\n")
    };
    let drawn =
        line(&format!("The {thing}"), 740) + &line(&saying(thing), 700) + &line("She had looked at every gate.", 686);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{drawn}endstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1));
    for place in &places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1));
    file.into_bytes()
}

fn docx(thing: &str) -> Vec<u8> {
    let paragraph = |words: &str, style: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>")
    };
    let body = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{}{}\
         <w:p><w:del><w:r><w:delText>“It is empty,” said Al Bo.</w:delText></w:r></w:del></w:p></w:body></w:document>",
        paragraph(&format!("The {thing}"), "Title"),
        paragraph(&saying(thing), "Normal")
    );
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    file.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    file.write_all(body.as_bytes()).unwrap();
    file.finish().unwrap().into_inner()
}

/// The inputs: a file's name, its bytes, and what its claim is about.
fn inputs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |thing: &str| format!("Outlet: Vale Times\nDate: 2024-05-02\nTitle: The {thing}\n\n{}\n", saying(thing));
    let row = |thing: &str| {
        let (title, text) = (format!("The {thing}"), saying(thing));
        serde_json::json!({"text": text, "title": title, "outlet": "Vale Times", "date": "2024-05-02"}).to_string()
    };
    vec![
        ("a.txt", text("lake").into_bytes(), "lake"),
        (
            "b.txt",
            "Outlet: Vale Times\nDate: 2024-05-02\nTitle: Hearing\n\nMR. BO: Is it full?\n\nMS. ROE: The canal is full of water this week.\n\n\
             MR. BO: When did you look?\n\nMS. ROE: I looked this morning.\n"
                .into(),
            "canal",
        ),
        ("c.html", page("basin").into_bytes(), "basin"),
        ("d.jsonl", format!("{}\n{{\"text\": 7}}\n{}\n", row("pond"), row("moat")).into_bytes(), "pond"),
        ("e.json", format!("[{}]", row("tank")).into_bytes(), "tank"),
        (
            "f.csv",
            format!(
                "title,outlet,published,text\nThe ditch,Vale Times,2024-05-02,\"{}\"\n",
                saying("ditch").replace('"', "\"\"")
            )
            .into_bytes(),
            "ditch",
        ),
        ("g.tsv", format!("headline\tsource\tdate\tbody\nThe weir\tVale Times\t2024-05-02\t{}\n", saying("weir")).into(), "weir"),
        ("h.xml", rss("river").into_bytes(), "river"),
        ("i.xml", atom("stream").into_bytes(), "stream"),
        ("j.json", json_feed("brook").into_bytes(), "brook"),
        ("k.warc", archive("dock", false), "dock"),
        ("l.warc.gz", archive("lock", true), "lock"),
        ("m.mhtml", saved_page("bay").into_bytes(), "bay"),
        ("n.eml", mail("creek").into_bytes(), "creek"),
        ("v.mbox", format!("From news@vale.example Thu May  2 10:00:00 2024\n{}\n", mail("ford")).into_bytes(), "ford"),
        ("o.pdf", pdf("sluice"), "sluice"),
        ("p.docx", docx("cistern"), "cistern"),
        (
            "q.srt",
            "1\n00:00:01,000 --> 00:00:03,000\n<i>IDA ROE:</i> The harbour is full of water\n\n2\n00:00:03,100 --> 00:00:05,000\n\
             this week, as you can see.\n\n3\n00:00:05,200 --> 00:00:07,000\nAL BO: When did you look?\n\n4\n00:00:07,200 --> \
             00:00:09,000\nIDA ROE: I looked this morning.\n"
                .into(),
            "harbour",
        ),
        (
            "r.vtt",
            "WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ida Roe>The fountain is full of water this week.\n\n00:05.000 --> 00:07.000\n\
             <v Al Bo>When did you look?\n\n00:08.000 --> 00:09.000\n<v Ida Roe>I looked this morning.\n"
                .into(),
            "fountain",
        ),
        ("s.txt.gz", gzip(text("well").as_bytes()), "well"),
        ("t.html.zst", zstd::encode_all(page("trough").as_bytes(), 3).unwrap(), "trough"),
    ]
}

fn rows(folder: &Path, args: &[&str]) -> Vec<serde_json::Value> {
    let (code, out, err) = run(folder, args);
    assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn claims(folder: &Path) -> Vec<serde_json::Value> {
    let speakers = rows(folder, &["speakers", "--format", "jsonl"]);
    let of = |speaker: &serde_json::Value| {
        rows(folder, &["claims", speaker["id"].as_str().unwrap(), "--kind", "all", "--format", "jsonl"])
    };
    speakers.iter().flat_map(of).collect()
}

#[test]
fn every_kind_of_input_gives_its_claims() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    let inputs = inputs();
    for (name, bytes, _) in &inputs {
        std::fs::write(folder.path().join("in").join(name), bytes).unwrap();
    }
    let (code, out, err) = run(folder.path(), &["add", "in"]);
    // One more article than files, for the rows have two; one row is no article, and is named.
    let expected = format!("{} added, 0 updated, 0 unchanged, 1 failed\n", inputs.len() + 1);
    assert_eq!((code, out.as_str()), (3, expected.as_str()), "{err}");
    assert!(err.contains("d.jsonl, line 2"), "{err}");

    let claims = claims(folder.path());
    let of = |thing: &str| {
        let words = format!("{thing} is full of water this week");
        let mut found = claims.iter().filter(|c| c["text"].as_str().unwrap().contains(&words));
        let claim = found.next().unwrap_or_else(|| panic!("nothing is said of the {thing}"));
        assert!(found.next().is_none(), "the {thing} is spoken of twice");
        claim
    };
    for (name, _, thing) in inputs.iter().chain([&("d.jsonl", Vec::new(), "moat")]) {
        let claim = of(thing);
        let speaker = claim["speaker"].as_str().unwrap();
        assert!(speaker.to_lowercase().ends_with("roe"), "{name}: said by {speaker}");
        let about = [&claim["title"], &claim["outlet"], &claim["date"]].map(|v| v.as_str().unwrap_or("-"));
        let title = format!("The {thing}");
        match *name {
            "b.txt" => assert_eq!(about, ["Hearing", "Vale Times", "2024-05-02"], "{name}"),
            // Neither has fields for more than it has; a day of the crawl is no day of publication.
            "o.pdf" => assert_eq!(about, ["-", "-", "-"], "{name}"),
            "p.docx" => assert_eq!(about, [title.as_str(), "-", "-"], "{name}"),
            "q.srt" | "r.vtt" => assert_eq!(about[1..], ["-", "-"], "{name}"),
            _ => assert_eq!(about, [title.as_str(), "Vale Times", "2024-05-02"], "{name}"),
        }
        if let "h.xml" | "i.xml" | "j.json" | "k.warc" | "l.warc.gz" | "m.mhtml" = *name {
            assert_eq!(claim["url"].as_str(), Some(format!("https://vale.example/{thing}").as_str()), "{name}");
        }
    }
    // What stands in navigation, captions, frames, deletions and pages that were not found is nobody's claim.
    let others: Vec<&str> =
        claims.iter().filter(|c| c["speaker"] == "Al Bo").map(|c| c["text"].as_str().unwrap()).collect();
    assert!(others.iter().all(|text| text.starts_with("When did you look")), "{others:?}");
}
