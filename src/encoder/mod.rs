//! The small transformer: word pieces, weights, runtime.
