//! The ledger of speakers: one identity for each, across articles.
//!
//! Everything here is pure: the store keeps the speakers and asks [`identify`] whom a referent of a new article is, with
//! the known speakers that share one of its [`forms`].

mod bodies;
pub mod evidence;
pub mod identity;
pub mod name;
pub mod nearness;
mod roles;

pub use identity::{Identity, Known, Occasion, identify, outlets_decide};
pub use name::{forms, name_key};
pub use nearness::{Near, near};
