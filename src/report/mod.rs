//! Results on their way out: tables, JSON, delimited values, Markdown, HTML. Data types in, text out; nothing is looked up here.

pub mod columns;
pub mod delimited;
pub mod findings;
pub mod html;
pub mod json;
pub mod linked;
pub mod links;
pub mod markdown;
pub mod parquet;
pub mod passage;
pub mod sqlite;
pub mod styles;
pub mod table;
pub mod text;
pub mod timeline;
