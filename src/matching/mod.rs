//! Candidate pairs: which of a speaker's claims are worth judging against each other.
