//! The integration tests, in one binary.

mod architecture;
mod cli;
mod corrections;
mod docs;
mod hostile;
mod inputs;
mod mutation;
mod serve;
mod server;
mod spans;
mod watch;
mod web;

mod casebook;
mod casebook_pairs;
mod disk;
mod durability;
mod exchange;
mod fixtures;
mod history;
mod killed;
mod reports;
mod stores;
