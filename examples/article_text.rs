//! Prints the articles that the readers take from inputs: metadata, what was left out, the text.

use onrecord::article::{Found, Limits, inspect, sources};

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    for found in sources(&paths) {
        let source = match found {
            Ok(Found::Source(source)) => source,
            Ok(Found::Skipped { path, why }) => {
                println!("skipped {}: {why}", path.display());
                continue;
            }
            Err(error) => {
                println!("{error}: {}", error.failure);
                continue;
            }
        };
        for reading in inspect(&source, &Limits::default()) {
            match reading {
                Ok(r) => {
                    let a = &r.article;
                    println!(
                        "== {} | {:?} | {:?} | {:?} | {:?} | {:?}",
                        a.name, a.title, a.outlet, a.date, a.url, a.byline
                    );
                    for left in &r.left_out {
                        println!("-- {}: {}", left.why, left.what);
                    }
                    println!("{}", a.text);
                }
                Err(error) => println!("{error}: {}", error.failure),
            }
        }
    }
}
