//! Findings over the claims of the articles under `fixtures/`, by rules, beside reading the same claims out of the articles.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use onrecord::article::{self, Found, Limits};
use onrecord::claim::Claim;
use onrecord::consistency::{Options, findings};
use onrecord::pipeline;
use onrecord::store::{Access, Record};

fn report(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let record = Record::open(&folder.path().join("record"), Access::Write, Duration::ZERO).expect("a record opens");
    for found in article::sources(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles")]) {
        let Found::Source(source) = found.expect("fixtures can be listed") else { continue };
        for article in article::read(&source, &Limits::default()) {
            let extraction = pipeline::extract(article.expect("fixtures can be read"));
            record.add_unsynced(&extraction, 0).expect("fixtures can be added");
        }
    }
    let read = || record.all_claims().expect("speakers").map(|c| c.expect("a claim")).collect::<Vec<Claim>>();
    let claims = read();
    let options = Options::default();
    let mut group = criterion.benchmark_group("report");
    group.bench_function("read claims", |b| b.iter(|| black_box(read()).len()));
    group.bench_function("findings by rules", |b| b.iter(|| findings(black_box(&claims), &options).findings.len()));
    group.finish();
}

criterion_group!(benches, report);
criterion_main!(benches);
