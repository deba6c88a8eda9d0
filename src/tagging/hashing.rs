//! Hashing of features: the same on every machine and in every build.

/// Mixes two values.
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    (a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xFF51_AFD7_ED55_8CCD).rotate_left(31)
}

/// Hashes a word.
#[inline]
pub fn word(s: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in s.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    hash ^ (hash >> 29)
}

/// Collects one token's features: the number of a template and its value become one bucket.
pub struct Features {
    seed: u64,
    template: u64,
    mask: u32,
    /// The buckets so far.
    pub buckets: Vec<u32>,
}

impl Features {
    /// Makes an empty set of features for a model of `2^bits` buckets; `seed` keeps models apart.
    pub fn new(bits: u32, seed: u64) -> Features {
        Features { seed, template: 0, mask: (1u32 << bits) - 1, buckets: Vec::with_capacity(128) }
    }

    /// Begins the next token.
    pub fn clear(&mut self) {
        self.template = 0;
        self.buckets.clear();
    }

    /// Adds the next template's value.
    #[inline]
    pub fn add(&mut self, value: u64) {
        self.template += 1;
        let hash = mix(self.template.wrapping_mul(7919).wrapping_add(self.seed), value);
        self.buckets.push((hash ^ (hash >> 32)) as u32 & self.mask);
    }

    /// Adds a value under a template of its own number, for features of which a token has any number.
    #[inline]
    pub fn add_as(&mut self, template: u64, value: u64) {
        let hash = mix(template.wrapping_mul(7919).wrapping_add(self.seed), value);
        self.buckets.push((hash ^ (hash >> 32)) as u32 & self.mask);
    }
}
