//! The tagger's weights and how they are read.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::chain::{MOST, Scores, Transitions};
use super::hashing;
use super::layers::{LAYERS, Layer, MOST_LABELS};
use super::rows::Rows;
use super::words::Clusters;

/// Most bytes that unpacked weights may have.
const LIMIT: usize = 64 << 20;

/// Weights that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The packed bytes are broken.
    #[error("tagger weights cannot be unpacked: {0}")]
    Unpack(std::io::Error),
    /// The unpacked bytes are of another format.
    #[error("tagger weights are of another format: {0}")]
    Format(String),
}

/// Weights as they are stored.
#[derive(Serialize, Deserialize)]
pub struct Weights {
    /// Words in lower case and their clusters, coarse to fine.
    pub clusters: Vec<(String, [u16; 3])>,
    /// Words in lower case and how often they are cues, in steps.
    pub strengths: Vec<(String, u8)>,
    /// Parts of speech, entities, roles.
    pub layers: Vec<LayerWeights>,
    /// First stage.
    pub cues: ChainWeights,
    /// Second stage.
    pub spans: ChainWeights,
    /// Added to the score of a cue's first word.
    pub cue_bias: f32,
    /// Weights that turn a raw score into a probability: offset, cue, content, source.
    pub calibration: [f32; 4],
}

impl Weights {
    /// Packs the weights: a header, then the bytes of every table.
    pub fn pack(mut self) -> Result<Vec<u8>, ModelError> {
        let mut bytes = bincode::serde::encode_to_vec(&self, bincode::config::standard())
            .map_err(|e| ModelError::Format(e.to_string()))?;
        for (_, blob) in self.blobs() {
            bytes.extend(blob.iter().map(|weight| weight.cast_unsigned()));
        }
        zstd::bulk::compress(&bytes, 19).map_err(ModelError::Unpack)
    }

    /// The tables in the order in which they are stored, with the sizes that the header gives them.
    fn blobs(&mut self) -> Vec<(Option<usize>, &mut Vec<i8>)> {
        let size =
            |labels: u32, bits: u32| (labels as usize).checked_shl(bits).filter(|size| bits < 25 && *size <= LIMIT);
        let layers = self.layers.iter_mut().map(|l| (size(l.labels, l.bits), &mut l.weights));
        let chains = [&mut self.cues, &mut self.spans].into_iter().map(|c| (size(c.labels, c.bits), &mut c.weights));
        layers.chain(chains).collect()
    }
}

/// One greedy layer as stored.
#[derive(Clone, Serialize, Deserialize)]
pub struct LayerWeights {
    /// Number of labels.
    pub labels: u32,
    /// Logarithm of the number of rows.
    pub bits: u32,
    /// Weights, row after row; they stand behind the header, as bytes.
    #[serde(skip)]
    pub weights: Vec<i8>,
}

/// One chain as stored.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChainWeights {
    /// Number of labels.
    pub labels: u32,
    /// Logarithm of the number of rows.
    pub bits: u32,
    /// What one step of a weight is worth.
    pub scale: f32,
    /// Weights, row after row; they stand behind the header, as bytes.
    #[serde(skip)]
    pub weights: Vec<i8>,
    /// Transitions, the start last.
    pub transitions: Vec<f32>,
}

/// A chain ready for use.
pub struct Chain {
    /// Logarithm of the number of rows.
    pub bits: u32,
    scale: f32,
    rows: Rows<MOST>,
    /// How well one label follows another.
    pub transitions: Transitions,
}

impl Chain {
    /// Returns the labels' scores for one token's features.
    pub fn scores(&self, buckets: &[u32]) -> Scores {
        let sums: [i16; MOST] = self.rows.sum(buckets);
        sums.map(|sum| f32::from(sum) * self.scale)
    }

    /// Scores tokens one after the other, each while the weights of the next are on their way from memory.
    pub fn scoring(&self) -> Scoring<'_> {
        Scoring { chain: self, waiting: Vec::new(), scores: Vec::new() }
    }

    fn read(stored: ChainWeights) -> Result<Chain, ModelError> {
        let labels = stored.labels as usize;
        let right = (1..MOST).contains(&labels)
            && stored.bits < 25
            && stored.weights.len() == labels << stored.bits
            && stored.transitions.len() == (labels + 1) * labels;
        if !right {
            return Err(ModelError::Format("a chain's sizes do not fit together".to_string()));
        }
        let rows = Rows::new(labels, &stored.weights);
        let transitions = Transitions { labels, scores: stored.transitions };
        Ok(Chain { bits: stored.bits, scale: stored.scale, rows, transitions })
    }
}

/// The scores of tokens, in their order.
pub struct Scoring<'c> {
    chain: &'c Chain,
    waiting: Vec<u32>,
    scores: Vec<Scores>,
}

impl Scoring<'_> {
    /// Takes the next token's features.
    pub fn add(&mut self, buckets: &[u32]) {
        self.chain.rows.expect(buckets);
        self.settle();
        self.waiting.extend_from_slice(buckets);
    }

    /// Returns the scores of all tokens.
    pub fn finish(mut self) -> Vec<Scores> {
        self.settle();
        self.scores
    }

    fn settle(&mut self) {
        if !self.waiting.is_empty() {
            self.scores.push(self.chain.scores(&self.waiting));
            self.waiting.clear();
        }
    }
}

/// All of the tagger's models, ready for use.
pub struct Model {
    /// Word clusters.
    pub clusters: Clusters,
    /// How often a word is a cue, by the hash of its lower-case form.
    pub strengths: FxHashMap<u64, u8>,
    /// Parts of speech, entities, roles.
    pub layers: Vec<Layer>,
    /// First stage.
    pub cues: Chain,
    /// Second stage.
    pub spans: Chain,
    /// Added to the score of a cue's first word.
    pub cue_bias: f32,
    /// Weights that turn a raw score into a probability.
    pub calibration: [f32; 4],
}

impl Model {
    /// Reads packed weights.
    pub fn read(packed: &[u8]) -> Result<Model, ModelError> {
        let bytes = zstd::bulk::decompress(packed, LIMIT).map_err(ModelError::Unpack)?;
        let config = bincode::config::standard().with_limit::<LIMIT>();
        let (mut weights, used): (Weights, usize) =
            bincode::serde::decode_from_slice(&bytes, config).map_err(|e| ModelError::Format(e.to_string()))?;
        let mut rest = bytes.get(used..).unwrap_or(&[]);
        for (size, blob) in weights.blobs() {
            let Some((blob_bytes, others)) = size.and_then(|size| rest.split_at_checked(size)) else {
                return Err(ModelError::Format("weights are missing".to_string()));
            };
            *blob = blob_bytes.iter().map(|byte| byte.cast_signed()).collect();
            rest = others;
        }
        if !rest.is_empty() {
            return Err(ModelError::Format("bytes are left over".to_string()));
        }
        Model::from_weights(weights)
    }

    /// Makes weights ready for use.
    pub fn from_weights(weights: Weights) -> Result<Model, ModelError> {
        let fits = |l: &LayerWeights| {
            (1..=MOST_LABELS).contains(&(l.labels as usize))
                && l.bits < 25
                && l.weights.len() == (l.labels as usize) << l.bits
        };
        if weights.layers.len() != LAYERS || !weights.layers.iter().all(fits) {
            return Err(ModelError::Format("a layer's sizes do not fit together".to_string()));
        }
        let layers = weights.layers.into_iter();
        Ok(Model {
            clusters: Clusters(weights.clusters.iter().map(|(word, c)| (hashing::word(word), *c)).collect()),
            strengths: weights.strengths.iter().map(|(word, s)| (hashing::word(word), *s)).collect(),
            layers: layers.map(|l| Layer::new(l.labels as usize, l.bits, &l.weights)).collect(),
            cues: Chain::read(weights.cues)?,
            spans: Chain::read(weights.spans)?,
            cue_bias: weights.cue_bias,
            calibration: weights.calibration,
        })
    }
}
