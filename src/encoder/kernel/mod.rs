//! Arithmetic of the encoder: exact integer matrix products, and float loops written so that every processor gives the same bits.
//!
//! Each operation is one plain Rust body that is compiled once for every set of instructions; the widest one that the processor
//! has is taken at run time. Only the matrix product has bodies of its own, and those sum integers, where order does not matter.

mod float;
mod product;

pub(super) use float::{absorb, attend, gelu, mean_unit, normalise, softmax3, tanh};
pub(super) use product::{Matrix, Quantised};

/// A set of instructions to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instructions {
    /// What every processor of the target has.
    Plain,
    /// AVX2, on x86-64 since 2013.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with products of bytes, on x86-64 servers since 2019.
    #[cfg(target_arch = "x86_64")]
    Vnni,
}

impl Instructions {
    /// Returns the widest set that this processor has.
    pub(super) fn detect() -> Instructions {
        Instructions::all().pop().unwrap_or(Instructions::Plain)
    }

    /// Returns all sets that this processor has, the widest last.
    pub(super) fn all() -> Vec<Instructions> {
        #[allow(unused_mut)]
        let mut sets = vec![Instructions::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                sets.push(Instructions::Avx2);
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vnni")
            {
                sets.push(Instructions::Vnni);
            }
        }
        sets
    }
}

/// Compiles a body once for each set of instructions and calls the one wanted.
macro_rules! versions {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) = $body:path) => {
        $(#[$doc])*
        $vis fn $name(on: crate::encoder::kernel::Instructions, $($arg: $type),*) {
            match on {
                crate::encoder::kernel::Instructions::Plain => $body($($arg),*),
                #[cfg(target_arch = "x86_64")]
                crate::encoder::kernel::Instructions::Avx2 => {
                    #[target_feature(enable = "avx2")]
                    fn version($($arg: $type),*) {
                        $body($($arg),*)
                    }
                    // SAFETY: this variant is made only where the processor was found to have AVX2.
                    unsafe { version($($arg),*) }
                }
                #[cfg(target_arch = "x86_64")]
                crate::encoder::kernel::Instructions::Vnni => {
                    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")]
                    fn version($($arg: $type),*) {
                        $body($($arg),*)
                    }
                    // SAFETY: this variant is made only where the processor was found to have all of these.
                    unsafe { version($($arg),*) }
                }
            }
        }
    };
}
use versions;
