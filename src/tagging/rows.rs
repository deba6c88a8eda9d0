//! Rows of weights, laid out so that adding some of them up is quick.

/// Weights that one line of the processor's cache holds.
const LINE: usize = 64;

/// One line of the cache.
#[repr(C, align(64))]
#[derive(Clone)]
struct Line([i8; LINE]);

/// Rows of small weights, `STRIDE` (a power of two, 64 at most) from one to the next, so that none lies across two lines.
pub struct Rows<const STRIDE: usize> {
    lines: Vec<Line>,
}

impl<const STRIDE: usize> Rows<STRIDE> {
    const PER_LINE: usize = LINE / STRIDE;

    /// Lays out rows of `width` weights, which stand one behind the other in `weights`; what is beyond the stride is cut off.
    pub fn new(width: usize, weights: &[i8]) -> Rows<STRIDE> {
        let width = width.max(1);
        let count = weights.len().div_ceil(width);
        let mut lines = vec![Line([0; LINE]); count.div_ceil(Self::PER_LINE)];
        for (number, row) in weights.chunks(width).enumerate() {
            let start = number % Self::PER_LINE * STRIDE;
            let slots = &mut lines[number / Self::PER_LINE].0[start..start + STRIDE];
            slots.iter_mut().zip(row).for_each(|(slot, weight)| *slot = *weight);
        }
        Rows { lines }
    }

    /// Tells the processor that rows will be wanted soon.
    #[inline]
    pub fn expect(&self, rows: &[u32]) {
        #[cfg(target_arch = "x86_64")]
        for &row in rows {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            if let Some(line) = self.lines.get(row as usize / Self::PER_LINE) {
                // SAFETY: the address is that of a line of ours, and asking for it changes nothing.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(line.0.as_ptr()) };
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = rows;
    }

    /// Adds up the first `N` weights of some rows; a row that is not there counts as zeros.
    ///
    /// `N` is no more than the stride, and the rows are 256 at most, or the sums would not fit.
    #[inline]
    pub fn sum<const N: usize>(&self, rows: &[u32]) -> [i16; N] {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function is compiled for.
            return unsafe { self.sum_wide(rows) };
        }
        self.sum_plain(rows)
    }

    /// The same sums where the processor adds sixteen numbers at once.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn sum_wide<const N: usize>(&self, rows: &[u32]) -> [i16; N] {
        self.sum_plain(rows)
    }

    #[inline(always)]
    pub fn sum_plain<const N: usize>(&self, rows: &[u32]) -> [i16; N] {
        const { assert!(N <= STRIDE && STRIDE <= LINE && STRIDE.is_power_of_two()) };
        debug_assert!(rows.len() <= 256, "{} rows are added up", rows.len());
        let mut sums = [0i16; N];
        for &row in rows {
            let row = row as usize;
            if let Some(line) = self.lines.get(row / Self::PER_LINE) {
                let start = row % Self::PER_LINE * STRIDE;
                for (sum, weight) in sums.iter_mut().zip(&line.0[start..start + N]) {
                    *sum += i16::from(*weight);
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const STRIDE: usize, const N: usize>(width: usize) {
        let weights: Vec<i8> = (0..width * 9).map(|n| (n * 7 % 255) as u8 as i8).collect();
        let rows = Rows::<STRIDE>::new(width, &weights);
        let picked = [0, 3, 3, 8, 9_999];
        let expected: Vec<i16> = (0..N)
            .map(|at| {
                let weight = |row: u32| weights.get(row as usize * width + at).filter(|_| at < width);
                picked.iter().filter_map(|row| weight(*row)).map(|w| i16::from(*w)).sum()
            })
            .collect();
        assert_eq!(rows.sum::<N>(&picked).to_vec(), expected, "rows of {width}");
        assert_eq!(rows.sum_plain::<N>(&picked).to_vec(), expected, "rows of {width}");
    }

    #[test]
    fn rows_of_every_width_add_up() {
        check::<8, 8>(1);
        check::<8, 8>(7);
        check::<32, 32>(30);
        check::<64, 48>(37);
    }
}
