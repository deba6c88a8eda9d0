//! Reads articles and prints the findings over all speakers as JSON: `findings FOLDER [--weights FILE] [--no-encoder] [--raw]`.
//!
//! For measuring: the record is in memory, nothing is kept. `--raw` prints every judged pair's scores instead.

use onrecord::article::{self, Limits, Source};
use onrecord::consistency::{Options, findings};
use onrecord::encoder::Encoder;
use onrecord::pipeline::extract;
use onrecord::store::Record;
use onrecord::verdict::FindingKind;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let record = Record::in_memory();
    let mut at = 0;
    let mut paths: Vec<_> = std::fs::read_dir(&args[0])
        .map(|d| d.flatten().map(|e| e.path()).collect())
        .unwrap_or_else(|_| vec![args[0].clone().into()]);
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt" || e == "jsonl"));
    paths.sort();
    for path in paths {
        for article in article::read(&Source::File(path), &Limits::default()) {
            match article {
                Ok(article) => {
                    at += 1;
                    if let Err(e) = record.add_unsynced(&extract(article), at) {
                        eprintln!("{e}");
                    }
                }
                Err(e) => eprintln!("{e}"),
            }
        }
    }
    let claims: Vec<_> = record.all_claims().expect("the record reads").filter_map(Result::ok).collect();
    eprintln!("{at} articles, {} claims", claims.len());
    let encoder = match option("--weights") {
        Some(path) => Some(
            Encoder::from_bytes(std::fs::read(path).expect("the weights are there").leak())
                .expect("the weights are sound"),
        ),
        None if args.iter().any(|a| a == "--no-encoder") => None,
        None => Encoder::load().ok(),
    };
    let progress = |done: usize, total: usize| eprint!("\r{done}/{total}");
    let found =
        findings(&claims, &Options { encoder: encoder.as_ref(), progress: Some(&progress), ..Options::default() });
    let of = |kind: FindingKind| {
        found
            .findings
            .iter()
            .filter(|f| f.kind == kind)
            .map(|f| {
                let side = |c: &onrecord::claim::Claim| serde_json::json!({"text": c.text, "url": c.url, "date": c.date.map(|d| d.to_string()), "outlet": c.outlet});
                serde_json::json!({"id": f.id, "speaker": f.a.speaker_name, "a": side(&f.a), "b": side(&f.b), "confidence": f.confidence,
                    "reasons": f.reasons.iter().map(|r| r.says.clone()).collect::<Vec<_>>()})
            })
            .collect::<Vec<_>>()
    };
    let report = serde_json::json!({"contradictions": of(FindingKind::Contradiction), "changed_positions": of(FindingKind::ChangedPosition),
        "reports_differ": of(FindingKind::ReportsDiffer), "repeats": of(FindingKind::Repeat)});
    println!("{report:#}");
}
