#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    onrecord_fuzz::extract(text);
});
