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

/// Room for the features of one token.
const ROOM: usize = 128;

/// Collects one token's features: the number of a template and its value become one bucket.
pub struct Features {
    seed: u64,
    /// The seed and the place.
    salt: u64,
    mask: u32,
    template: u64,
    buckets: [u32; ROOM],
    count: usize,
}

impl Features {
    /// Makes an empty set of features for a model of `2^bits` buckets; `seed` keeps models apart.
    pub fn new(bits: u32, seed: u64) -> Features {
        Features { seed, salt: seed, mask: (1u32 << bits) - 1, template: 0, buckets: [0; ROOM], count: 0 }
    }

    /// Begins the next token.
    #[inline]
    pub fn clear(&mut self) {
        (self.template, self.count, self.salt) = (0, 0, self.seed);
    }

    /// Keeps what follows apart from the same values of the same templates elsewhere.
    #[inline(always)]
    pub fn at_place(&mut self, place: u64) {
        self.salt = self.seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }

    /// Says which template comes next; they are numbered from 1 on.
    #[inline(always)]
    pub fn templates_from(&mut self, template: u64) {
        self.template = template - 1;
    }

    /// Adds the next template's value. A token has fewer than 128.
    #[inline(always)]
    pub fn add(&mut self, value: u64) {
        self.template += 1;
        let hash = mix(self.template.wrapping_mul(7919).wrapping_add(self.salt), value);
        self.buckets[self.count % ROOM] = (hash ^ (hash >> 32)) as u32 & self.mask;
        self.count += 1;
    }

    /// Returns the buckets so far.
    #[inline]
    pub fn buckets(&self) -> &[u32] {
        &self.buckets[..self.count.min(ROOM)]
    }
}
