//! The ledger of speakers: one identity for each, across articles.
