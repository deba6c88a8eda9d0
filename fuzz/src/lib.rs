//! What must hold of every reader, whatever it is given. The targets here and `tests/integration/mutation.rs` share it.

use std::io::{self, Cursor, Read};

use onrecord::article::{self, Article, Limits, Origin, Readings};
use onrecord::pipeline;
use onrecord::span::{CodePoints, Span};

/// The PDF library panics on many a damaged file, and its reader catches that on a thread of its own: such a panic must not end a
/// run. Any other still does.
pub fn pass_over_caught_panics() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some("pdf") {
            abort(panic);
        }
    }));
}

/// Limits small enough to be met.
pub fn limits() -> Limits {
    Limits { article: 1 << 20, row: 1 << 18, document: 2 << 20, unpacked_free: 4 << 20, ..Limits::default() }
}

/// A stream that is asked for more only as long as that can bring something: work is bounded by what there is to read.
struct Counted {
    bytes: Cursor<Vec<u8>>,
    reads_left: usize,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads_left = self.reads_left.checked_sub(1).expect("the reader goes on asking at the end of its input");
        self.bytes.read(buffer)
    }
}

/// Reads bytes as a file of that name, checks what comes out, and returns the texts.
pub fn read(name: &str, bytes: &[u8]) -> Vec<String> {
    let most = bytes.len() + 1;
    let stream = Counted { bytes: Cursor::new(bytes.to_vec()), reads_left: most + 64 };
    let mut texts = Vec::new();
    // Packed input may hold more articles than it has bytes; a reader that never ends would pass any bound.
    for (i, read) in article::read_from(name, Box::new(stream), &limits()).enumerate() {
        assert!(i <= most + limits().unpacked_free as usize, "more articles and errors than bytes");
        match read {
            Ok(article) => texts.push(checked(article)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    texts
}

/// Reads bytes as an answer of a server, the first line being what it declares: `media/type charset`.
pub fn fetched(bytes: &[u8]) -> Vec<String> {
    let (declared, body) = match bytes.iter().position(|b| *b == b'\n') {
        Some(at) => (String::from_utf8_lossy(&bytes[..at]).into_owned(), &bytes[at + 1..]),
        None => (String::new(), bytes),
    };
    let (media_type, charset) = declared.split_once(' ').unwrap_or((&declared, ""));
    let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let url = "https://news.example/2024/05/02/a?b=c".to_owned();
    let origin = Origin { url, media_type: some(media_type), charset: some(charset) };
    if article::is_feed(body) {
        for entry in article::feed_entries(&origin, body.to_vec(), &limits()).into_iter().flatten() {
            assert!(!entry.text.contains('\u{0}') || entry.text.len() <= limits().document as usize);
        }
    }
    article::feeds_named(&origin, body, &limits());
    let readings: Readings = article::inspect_fetched(&origin, body.to_vec(), &limits());
    readings.flatten().map(|reading| checked(reading.article)).collect()
}

fn checked(article: Article) -> String {
    assert!(!article.text.trim().is_empty(), "an article without text");
    assert!(!article.text.contains('\0'), "a NUL in a text");
    // Decoding makes at most three bytes of one, and entities less.
    assert!(article.text.len() as u64 <= 4 * limits().document, "a text larger than any input");
    if let Some(url) = &article.url {
        assert!(url.starts_with("http://") || url.starts_with("https://"), "an address of another kind: {url}");
    }
    article.text
}

/// Extracts what is said in a text and checks that every span gives back its words.
pub fn extract(text: &str) {
    let given = Article { name: "a".into(), text: text.to_owned(), ..Article::default() };
    let extraction = pipeline::extract(given);
    assert_eq!(extraction.article.text, text, "the text is kept as it is");
    let points = CodePoints::new(text);
    let characters: Vec<char> = text.chars().collect();
    for attribution in &extraction.attributions {
        assert!(!attribution.content.is_empty(), "an attribution of nothing");
        assert!((0.0..=1.0).contains(&attribution.confidence));
        for spans in [&attribution.source, &attribution.cue, &attribution.content] {
            for span in spans {
                let words =
                    text.get(span.start as usize..span.end as usize).expect("a span on the borders of characters");
                assert!(!words.is_empty(), "an empty span");
                let [start, end] = points.span(*span);
                assert!(characters[start..end].iter().copied().eq(words.chars()), "a span counted in characters");
                assert_eq!(points.to_span([start, end]), Some(Span::new(span.start as usize, span.end as usize)));
            }
            assert!(spans.is_sorted_by(|a, b| a.end <= b.start), "spans in order, without overlap: {spans:?}");
        }
    }
    assert!(extraction.attributions.len() <= characters.len(), "more attributions than characters");
}
