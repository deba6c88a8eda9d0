//! Reads news articles, takes out who said what, keeps it per speaker, and shows what a speaker repeated or contradicted.

pub mod article;
pub mod attribution;
pub mod claim;
pub mod cli;
pub mod consistency;
pub mod encoder;
pub mod eval;
pub mod fetch;
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
