//! The integration tests, in one binary.

mod architecture;
mod cli;
mod corrections;
mod docs;
mod serve;
mod spans;

mod casebook;
mod casebook_pairs;
mod durability;
mod exchange;
mod fixtures;
