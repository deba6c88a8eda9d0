#![no_main]

libfuzzer_sys::fuzz_target!(init: onrecord_fuzz::pass_over_caught_panics(), |bytes: &[u8]| {
    onrecord_fuzz::read("a.mbox", bytes);
});
