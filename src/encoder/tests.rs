//! Tests of the encoder as a whole.

use super::{Encoder, EncoderError, chunks};

#[test]
fn without_weights_the_error_says_so() {
    assert_eq!(Encoder::from_bytes(&[]).err(), Some(EncoderError::Absent));
}

#[test]
fn chunks_keep_the_order_and_hold_every_sequence_once() {
    let sequences: Vec<Vec<u32>> = [100, 100, 100, 300, 1, 2].iter().map(|n| vec![*n; *n as usize]).collect();
    let sizes: Vec<Vec<usize>> = chunks(&sequences).iter().map(|c| c.iter().map(Vec::len).collect()).collect();
    assert_eq!(sizes, [vec![100, 100], vec![100], vec![300], vec![1, 2]]);
    assert!(chunks(&[]).is_empty());
}
