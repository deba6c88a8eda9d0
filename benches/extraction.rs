//! Attributions out of the articles under `fixtures/`, beside a pass that only splits the same texts at white space.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use onrecord::article::{self, Article, Found, Limits};
use onrecord::pipeline;

fn fixtures() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    let mut articles = Vec::new();
    for found in article::sources(&[folder]) {
        if let Found::Source(source) = found.expect("fixtures can be listed") {
            articles.extend(article::read(&source, &Limits::default()).map(|a| a.expect("fixtures can be read")));
        }
    }
    assert!(articles.len() >= 12, "fixtures hold {} articles", articles.len());
    articles
}

fn extraction(criterion: &mut Criterion) {
    let articles = fixtures();
    let mut group = criterion.benchmark_group("extraction");
    group.throughput(Throughput::Elements(articles.len() as u64));
    group.bench_function("split at white space", |b| {
        b.iter(|| articles.iter().map(|a| black_box(&a.text).split_whitespace().count()).sum::<usize>());
    });
    group.bench_function("attributions", |b| {
        b.iter(|| articles.iter().map(|a| pipeline::extract(black_box(a.clone())).attributions.len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, extraction);
criterion_main!(benches);
