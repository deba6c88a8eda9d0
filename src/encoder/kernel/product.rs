//! The matrix product: rows of signed bytes times a matrix of bytes, summed exactly in 32 bits.

use super::{Instructions, versions};

/// Outputs that lie together in memory.
const PANEL: usize = 32;

/// Rows quantised to signed bytes, each with its own scale.
#[derive(Default)]
pub(in crate::encoder) struct Quantised {
    width: usize,
    bytes: Vec<i8>,
    /// The bytes once more as words, where the product reads these.
    words: Vec<i16>,
    scales: Vec<f32>,
    /// Sum of each row, which takes the weights' offset of 128 out again.
    sums: Vec<i32>,
}

impl Quantised {
    /// Quantises rows of `width` numbers in place of what it held.
    pub(in crate::encoder) fn take(&mut self, on: Instructions, x: &[f32], width: usize) {
        let rows = x.len() / width;
        self.width = width;
        self.bytes.resize(x.len(), 0);
        self.scales.resize(rows, 0.0);
        self.sums.resize(rows, 0);
        quantise(on, x, width, &mut self.bytes, &mut self.scales, &mut self.sums);
        #[cfg(target_arch = "x86_64")]
        if on == Instructions::Avx2 {
            self.words.clear();
            self.words.extend(self.bytes.iter().map(|b| i16::from(*b)));
        }
    }
}

#[inline(always)]
fn quantise_body(x: &[f32], width: usize, bytes: &mut [i8], scales: &mut [f32], sums: &mut [i32]) {
    let rows = x.chunks_exact(width).zip(bytes.chunks_exact_mut(width)).zip(scales).zip(sums);
    for (((row, bytes), scale), sum) in rows {
        let mut lanes = [0.0f32; 16];
        for c in row.as_chunks::<16>().0 {
            for i in 0..16 {
                let v = c[i].abs();
                lanes[i] = if v > lanes[i] { v } else { lanes[i] };
            }
        }
        let largest = lanes.iter().fold(0.0f32, |a, b| if *b > a { *b } else { a });
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        *scale = largest / 127.0;
        let mut s = 0i32;
        for (v, b) in row.iter().zip(bytes) {
            // Adding 1.5 × 2^23 rounds to a whole number and leaves it in the low bits.
            let whole = (v * inverse + 12_582_912.0).to_bits().wrapping_sub(0x4b40_0000) as i32;
            s += whole;
            *b = whole as i8;
        }
        *sum = s;
    }
}

versions! {
    fn quantise(x: &[f32], width: usize, bytes: &mut [i8], scales: &mut [f32], sums: &mut [i32]) = quantise_body
}

/// A weight matrix with a bias, in the order in which the product reads it.
pub(in crate::encoder) struct Matrix {
    on: Instructions,
    width: usize,
    /// For each panel of outputs: columns in steps of `depth`, for each step the outputs, for each output its `depth` bytes.
    panels: Vec<u8>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

/// Columns that lie together, as the set of instructions wants them.
fn depth(on: Instructions) -> usize {
    match on {
        #[cfg(target_arch = "x86_64")]
        Instructions::Vnni => 4,
        _ => 2,
    }
}

impl Matrix {
    /// Builds the matrix from its rows, which `row` writes one by one, returning their scales; there is one row an output.
    pub(in crate::encoder) fn new(
        on: Instructions,
        width: usize,
        bias: Vec<f32>,
        mut row: impl FnMut(usize, &mut [i8]) -> f32,
    ) -> Matrix {
        let depth = depth(on);
        let outputs = bias.len();
        assert!(
            outputs.is_multiple_of(PANEL) && width.is_multiple_of(4),
            "a matrix of {outputs} × {width} does not fit the panels"
        );
        let mut panels = vec![0u8; outputs * width];
        let mut scales = Vec::with_capacity(outputs);
        let mut bytes = vec![0i8; width];
        for output in 0..outputs {
            scales.push(row(output, &mut bytes));
            let panel = &mut panels[output / PANEL * PANEL * width..][..PANEL * width];
            for (step, from) in bytes.chunks_exact(depth).enumerate() {
                let at = (step * PANEL + output % PANEL) * depth;
                for (to, b) in panel[at..at + depth].iter_mut().zip(from) {
                    *to = (i16::from(*b) + 128) as u8;
                }
            }
        }
        Matrix { on, width, panels, scales, bias }
    }

    /// Returns the number of outputs.
    pub(in crate::encoder) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Multiplies rows with the matrix and adds the bias; `out` gets one row of outputs for each row.
    pub(in crate::encoder) fn apply(&self, rows: &Quantised, out: &mut [f32]) {
        assert!(rows.width == self.width && out.len() == rows.scales.len() * self.outputs());
        let mut sums = [[0i32; PANEL]; TILE];
        for (p, panel) in self.panels.chunks_exact(PANEL * self.width).enumerate() {
            let mut first = 0;
            while first < rows.scales.len() {
                let left = rows.scales.len() - first;
                let bytes = &rows.bytes[first * self.width..];
                let taken = match self.on {
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Vnni => x86::tile_vnni(left, bytes, self.width, panel, &mut sums),
                    #[cfg(target_arch = "x86_64")]
                    Instructions::Avx2 => {
                        x86::tile_avx2(left, &rows.words[first * self.width..], self.width, panel, &mut sums)
                    }
                    Instructions::Plain => tile_plain(left, bytes, self.width, panel, &mut sums),
                };
                for (r, sums) in sums.iter().enumerate().take(taken) {
                    let row = first + r;
                    let (offset, scale) = (rows.sums[row] * 128, rows.scales[row]);
                    let n = p * PANEL;
                    let to = &mut out[row * self.outputs() + n..][..PANEL];
                    for i in 0..PANEL {
                        to[i] = (sums[i] - offset) as f32 * (scale * self.scales[n + i]) + self.bias[n + i];
                    }
                }
                first += taken;
            }
        }
    }
}

/// Rows that one step of the product takes at most.
const TILE: usize = 12;

/// Multiplies up to four rows without special instructions.
fn tile_plain(left: usize, bytes: &[i8], width: usize, panel: &[u8], sums: &mut [[i32; PANEL]; TILE]) -> usize {
    let taken = left.min(4);
    for (row, sums) in bytes.chunks_exact(width).zip(sums.iter_mut()).take(taken) {
        sums.fill(0);
        for (a, w) in row.as_chunks::<2>().0.iter().zip(panel.as_chunks::<{ 2 * PANEL }>().0) {
            let (a0, a1) = (i32::from(a[0]), i32::from(a[1]));
            for (s, w) in sums.iter_mut().zip(w.as_chunks::<2>().0) {
                *s += i32::from(w[0]) * a0 + i32::from(w[1]) * a1;
            }
        }
    }
    taken
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{PANEL, TILE};
    use std::arch::x86_64::*;

    /// Multiplies up to twelve rows with AVX-512 VNNI.
    pub(super) fn tile_vnni(
        left: usize,
        bytes: &[i8],
        width: usize,
        panel: &[u8],
        sums: &mut [[i32; PANEL]; TILE],
    ) -> usize {
        macro_rules! of {
            ($($rows:literal)*) => {
                match left.min(TILE) {
                    $($rows => {
                        assert!(bytes.len() >= $rows * width && panel.len() == PANEL * width && width.is_multiple_of(4));
                        // SAFETY: the instructions were found at run time; the lengths are checked above.
                        unsafe { vnni::<$rows>(bytes.as_ptr(), width, panel.as_ptr(), sums) }
                        $rows
                    })*
                    _ => 0,
                }
            };
        }
        of!(1 2 3 4 5 6 7 8 9 10 11 12)
    }

    /// # Safety
    /// `bytes` holds `R` rows of `width`, `panel` 32 × `width`, `width` is a multiple of four, and the processor has AVX-512 VNNI.
    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")]
    unsafe fn vnni<const R: usize>(bytes: *const i8, width: usize, panel: *const u8, sums: &mut [[i32; PANEL]; TILE]) {
        let mut acc = [[_mm512_setzero_si512(); 2]; R];
        for step in 0..width / 4 {
            // SAFETY: `step` stays below `width / 4`, so all reads lie within what the caller promises.
            unsafe {
                let w0 = _mm512_loadu_si512(panel.add(step * 128).cast());
                let w1 = _mm512_loadu_si512(panel.add(step * 128 + 64).cast());
                for (r, acc) in acc.iter_mut().enumerate() {
                    let a = _mm512_set1_epi32(bytes.add(r * width + step * 4).cast::<i32>().read_unaligned());
                    acc[0] = _mm512_dpbusd_epi32(acc[0], w0, a);
                    acc[1] = _mm512_dpbusd_epi32(acc[1], w1, a);
                }
            }
        }
        for (acc, sums) in acc.iter().zip(sums.iter_mut()) {
            // SAFETY: a row of sums holds 32 numbers.
            unsafe {
                _mm512_storeu_si512(sums.as_mut_ptr().cast(), acc[0]);
                _mm512_storeu_si512(sums.as_mut_ptr().add(16).cast(), acc[1]);
            }
        }
    }

    /// Multiplies up to six rows with AVX2.
    pub(super) fn tile_avx2(
        left: usize,
        words: &[i16],
        width: usize,
        panel: &[u8],
        sums: &mut [[i32; PANEL]; TILE],
    ) -> usize {
        macro_rules! of {
            ($($rows:literal)*) => {
                match left.min(6) {
                    $($rows => {
                        assert!(words.len() >= $rows * width && panel.len() == PANEL * width && width.is_multiple_of(2));
                        for half in 0..2 {
                            // SAFETY: the instructions were found at run time; the lengths are checked above.
                            unsafe { avx2::<$rows>(words.as_ptr(), width, panel.as_ptr(), half, sums) }
                        }
                        $rows
                    })*
                    _ => 0,
                }
            };
        }
        of!(1 2 3 4 5 6)
    }

    /// # Safety
    /// `words` holds `R` rows of `width`, `panel` 32 × `width`, `width` is even, `half` is 0 or 1, and the processor has AVX2.
    #[target_feature(enable = "avx2")]
    unsafe fn avx2<const R: usize>(
        words: *const i16,
        width: usize,
        panel: *const u8,
        half: usize,
        sums: &mut [[i32; PANEL]; TILE],
    ) {
        // Twelve sums, two vectors of weights and one of the row fill the sixteen registers.
        let mut acc = [[_mm256_setzero_si256(); 2]; R];
        for step in 0..width / 2 {
            // SAFETY: `step` stays below `width / 2`, so all reads lie within what the caller promises.
            unsafe {
                let w = panel.add(step * 64 + half * 32);
                let w0 = _mm256_cvtepu8_epi16(_mm_loadu_si128(w.cast()));
                let w1 = _mm256_cvtepu8_epi16(_mm_loadu_si128(w.add(16).cast()));
                for (r, acc) in acc.iter_mut().enumerate() {
                    let two = _mm256_set1_epi32(words.add(r * width + step * 2).cast::<i32>().read_unaligned());
                    acc[0] = _mm256_add_epi32(acc[0], _mm256_madd_epi16(w0, two));
                    acc[1] = _mm256_add_epi32(acc[1], _mm256_madd_epi16(w1, two));
                }
            }
        }
        for (acc, sums) in acc.iter().zip(sums.iter_mut()) {
            // SAFETY: a row of sums holds 32 numbers, of which this half fills sixteen.
            unsafe {
                _mm256_storeu_si256(sums.as_mut_ptr().add(half * 16).cast(), acc[0]);
                _mm256_storeu_si256(sums.as_mut_ptr().add(half * 16 + 8).cast(), acc[1]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Instructions, Matrix, Quantised};

    /// Bytes from -127 to 127 that look random and are the same every time.
    fn weight(row: usize, column: usize) -> i8 {
        let h = (row as u32).wrapping_mul(2_654_435_761).wrapping_add(column as u32).wrapping_mul(2_246_822_519);
        (((h >> 13) % 255) as i16 - 127) as i8
    }

    #[test]
    fn all_sets_of_instructions_give_the_exact_product() {
        let (width, outputs, rows) = (64, 96, 15);
        let x: Vec<f32> = (0..rows * width).map(|i| f32::from(weight(i, 7)) + 0.3).collect();
        for on in Instructions::all() {
            let m = Matrix::new(on, width, vec![0.5; outputs], |row, out| {
                for (c, o) in out.iter_mut().enumerate() {
                    *o = weight(row, c);
                }
                0.25
            });
            let mut q = Quantised::default();
            q.take(on, &x, width);
            let mut out = vec![0.0; rows * outputs];
            m.apply(&q, &mut out);
            for r in 0..rows {
                for n in 0..outputs {
                    let sum: i32 =
                        (0..width).map(|c| i32::from(q.bytes[r * width + c]) * i32::from(weight(n, c))).sum();
                    let wanted = sum as f32 * (q.scales[r] * 0.25) + 0.5;
                    assert_eq!(out[r * outputs + n], wanted, "{on:?}, row {r}, output {n}");
                }
            }
        }
    }

    #[test]
    fn quantising_loses_at_most_half_a_step() {
        let x: Vec<f32> = (0..128).map(|i| (i as f32 - 60.0) * 0.37).collect();
        let mut q = Quantised::default();
        q.take(Instructions::detect(), &x, 64);
        for (i, v) in x.iter().enumerate() {
            let step = q.scales[i / 64];
            assert!((f32::from(q.bytes[i]) * step - v).abs() <= step * 0.501, "{v}");
        }
        assert_eq!(q.sums[1], q.bytes[64..].iter().map(|b| i32::from(*b)).sum::<i32>());
    }
}
