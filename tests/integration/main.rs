//! The integration tests, in one binary.

mod architecture;
mod cli;
mod docs;
mod spans;

mod casebook;
mod durability;
mod fixtures;
