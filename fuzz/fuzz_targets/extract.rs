#![no_main]

libfuzzer_sys::fuzz_target!(init: onrecord_fuzz::pass_over_caught_panics(), |text: &str| {
    onrecord_fuzz::extract(text);
});
