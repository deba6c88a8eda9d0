//! Reads news articles, takes out who said what, keeps it per speaker, and shows what a speaker repeated or contradicted.
//!
//! The way of the data is the order of the modules: [`article`] reads, [`tagging`] and [`attribution`] find who said what,
//! [`pipeline`] joins them, [`store`] keeps the claims, [`consistency`] compares them and [`report`] prints what was found. The
//! library prints nothing and reads no clock; [`cli`] does.
//!
//! ```
//! use onrecord::article::{self, Limits};
//! use onrecord::consistency::{self, Options};
//! use onrecord::pipeline::extract;
//! use onrecord::store::{Lookup, Record};
//! use onrecord::verdict::FindingKind;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let articles = r#"{"date": "2024-01-16", "text": "“No harbour tolls will be raised this year,” said Ada Fenwick, the mayor."}
//! {"date": "2024-05-02", "text": "“Harbour tolls will be raised this year,” Ada Fenwick said."}
//! "#;
//! // A record in memory; `Record::open` keeps one in a folder.
//! let record = Record::in_memory();
//! for article in article::read_from("articles.jsonl", Box::new(articles.as_bytes()), &Limits::default()) {
//!     record.add(&extract(article?), 1_714_600_000)?;
//! }
//! let Lookup::One(speaker) = record.find_speaker("fenwick")? else { panic!("not one speaker") };
//! let claims: Vec<_> = record.claims(speaker.id).collect::<Result<_, _>>()?;
//! assert_eq!(speaker.name, "Ada Fenwick");
//! assert_eq!(claims[0].text, "No harbour tolls will be raised this year");
//!
//! // Without an encoder in the options the rules decide.
//! let found = consistency::findings(&claims, &Options::default());
//! let finding = &found.findings[0];
//! assert_eq!(finding.kind, FindingKind::Contradiction);
//! assert_eq!(finding.reasons[0].rule, "opposite-polarity");
//! # Ok(())
//! # }
//! ```

pub mod article;
pub mod attribution;
pub mod claim;
pub mod cli;
pub mod consistency;
pub mod encoder;
pub mod eval;
pub mod fetch;
pub mod findings;
pub mod lexicon;
pub mod matching;
pub mod pipeline;
pub mod report;
pub mod serve;
pub mod span;
pub mod speaker;
pub mod store;
pub mod tagging;
pub mod text;
pub mod verdict;
