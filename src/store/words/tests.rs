use super::*;
use proptest::prelude::*;

fn shared(a: &str, b: &str) -> bool {
    let keys = |text: &str| {
        let mut keys = BTreeSet::new();
        each_word(text, |word| keys.extend(word.to_vec()));
        keys
    };
    !keys(a).is_disjoint(&keys(b))
}

#[test]
fn forms_of_a_word_find_each_other() {
    for (a, b) in [
        ("toll", "tolls"),
        ("tax", "taxes"),
        ("Minister", "ministry"),
        ("bridge", "footbridge"),
        ("goverment", "government"),
        ("no", "NO"),
        ("straße", "Straßen"),
    ] {
        assert!(shared(a, b) && shared(b, a), "{a}, {b}");
    }
    for (a, b) in [("no", "now"), ("toll", "pole"), ("war", "raw")] {
        assert!(!shared(a, b), "{a}, {b}");
    }
}

proptest! {
    #[test]
    fn rows_are_read_as_they_were_written(
        articles in proptest::collection::btree_map(
            0..2 * BUCKET,
            proptest::collection::btree_set(0u32..1 << KEY_BITS, 0..300),
            0..40,
        ),
        common in proptest::collection::btree_set(0u32..1 << KEY_BITS, 0..3000),
    ) {
        let mut articles = articles;
        articles.values_mut().take(3).for_each(|keys| keys.extend(&common));
        let half = |bucket| -> KeysByArticle {
            articles.iter().filter(|(n, _)| **n / BUCKET == bucket).map(|(n, keys)| (*n, keys.clone())).collect()
        };
        let record = Record::in_memory();
        let mut batch = Batch::default();
        put_packed(&mut batch, 0, &half(0));
        half(1).iter().for_each(|(article, keys)| put_loose(&mut batch, *article, keys));
        record.engine.commit(batch).unwrap();
        // Of articles without words a bucket knows nothing.
        let with_words = |bucket| -> KeysByArticle { half(bucket).into_iter().filter(|(_, keys)| !keys.is_empty()).collect() };
        prop_assert_eq!(record.words_of_bucket(0).unwrap(), with_words(0));
        prop_assert_eq!(record.words_of_bucket(1).unwrap(), half(1));
        record.pack(1).unwrap();
        prop_assert_eq!(record.loose_words(0, u32::MAX).unwrap(), KeysByArticle::new());
        prop_assert_eq!(record.words_of_bucket(1).unwrap(), with_words(1));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = entries(&bytes, |_, _| {});
    }
}
