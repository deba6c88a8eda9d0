//! Tests of the encoder as a whole.

use super::kernel::Instructions;
use super::model::Model;
use super::{Encoder, EncoderError, PairScores, chunks, weights};

fn encoder() -> &'static Encoder {
    Encoder::shared().expect("the embedded weights are sound")
}

#[test]
fn without_weights_the_error_says_so() {
    assert_eq!(Encoder::from_bytes(&[]).err(), Some(EncoderError::Absent));
}

#[test]
fn the_embedded_weights_fit_their_checksum() {
    assert!(weights::WeightsFile::parse(weights::EMBEDDED).is_ok());
}

#[test]
fn chunks_keep_the_order_and_hold_every_sequence_once() {
    let sequences: Vec<Vec<u32>> = [100, 100, 100, 300, 1, 2].iter().map(|n| vec![*n; *n as usize]).collect();
    let sizes: Vec<Vec<usize>> = chunks(&sequences).iter().map(|c| c.iter().map(Vec::len).collect()).collect();
    assert_eq!(sizes, [vec![100, 100], vec![100], vec![300], vec![1, 2]]);
    assert!(chunks(&[]).is_empty());
}

#[test]
fn clear_pairs_get_their_label() {
    let pairs = [
        ("The library will close for good in June.", "In June the library will shut its doors for ever."),
        ("The library will close for good in June.", "The library is going to stay open all year."),
        ("The library will close for good in June.", "The swimming pool was repainted by volunteers."),
    ];
    let [repeat, contradict, neutral] = encoder().score_pairs(&pairs)[..] else { panic!("three scores") };
    // Other words in another order: the label, if not without doubt.
    assert!(repeat.repeat > 0.5, "{repeat:?}");
    assert!(contradict.contradict > 0.8, "{contradict:?}");
    assert!(neutral.neutral > 0.8, "{neutral:?}");
}

#[test]
fn order_and_company_do_not_change_a_score() {
    let long = "word ".repeat(500);
    let pair = ("No bridge will be built.", "The bridge opens in May.");
    let alone = encoder().score_pairs(&[pair])[0];
    let turned = encoder().score_pairs(&[(&long, ""), ("", ""), (pair.1, pair.0), pair]);
    assert_eq!(turned[2], alone);
    assert_eq!(turned[3], alone);
    for PairScores { repeat, contradict, neutral } in turned {
        assert!((repeat + contradict + neutral - 1.0).abs() < 1e-5, "{repeat} {contradict} {neutral}");
    }
    assert!(encoder().score_pairs(&[]).is_empty());
}

#[test]
fn a_vector_is_nearer_to_its_own_subject() {
    let v = encoder().vectors(&[
        "Passengers will pay nothing to ride the new tram.",
        "A ticket for the tram is going to cost two crowns.",
        "The vaccine was tested on four hundred adults.",
    ]);
    let dot = |a: usize, b: usize| v[a].iter().zip(&v[b]).map(|(x, y)| x * y).sum::<f32>();
    assert!((dot(0, 0) - 1.0).abs() < 1e-4);
    assert!(dot(0, 1) > dot(0, 2) + 0.05, "{} {}", dot(0, 1), dot(0, 2));
}

#[test]
fn every_set_of_instructions_gives_the_same_vector() {
    let file = weights::WeightsFile::parse(weights::EMBEDDED).expect("the embedded weights are sound");
    let sequence = vec![encoder().pieces.single(&encoder().pieces.split("The tram is late.", 20))];
    let bits = |on| {
        let model = Model::read_for(on, &file).expect("the embedded weights are sound");
        model.vectors(&sequence)[0].iter().map(|v| v.to_bits()).collect::<Vec<_>>()
    };
    let plain = bits(Instructions::Plain);
    for on in Instructions::all() {
        assert_eq!(bits(on), plain, "{on:?}");
    }
}
