//! Findings, worked out in the background: those of the speaker who was asked for first, then speaker by speaker.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use super::shelf::Library;
use crate::attribution::Act;
use crate::claim::{Claim, SpeakerId};
use crate::consistency::{self, Findings, Options};
use crate::encoder::Encoder;
use crate::verdict::FindingKind;

/// What is known of the findings of one or all speakers.
#[derive(Clone, Debug)]
pub struct Known {
    /// The findings so far, without the pairs that make up repeated statements.
    pub findings: Arc<Findings>,
    /// Speakers that were looked at.
    pub looked: usize,
    /// Speakers that were asked for.
    pub of: usize,
}

impl Known {
    /// Tells whether all was looked at.
    pub fn is_whole(&self) -> bool {
        self.looked == self.of
    }
}

/// Works out findings on a thread of its own.
pub struct Lookout {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Default)]
struct State {
    library: Option<Arc<Library>>,
    /// What was looked at, and what was found in it.
    looked: BTreeMap<SpeakerId, (Arc<[Claim]>, Findings)>,
    /// Who was asked for, the last one last.
    wanted: Vec<SpeakerId>,
    /// How often something above has changed, and what all findings were at one such time.
    changes: u64,
    all: Option<(u64, Known)>,
}

impl State {
    /// Whether what is known of a speaker was found in the claims that stand now.
    fn knows(&self, library: &Library, speaker: SpeakerId) -> bool {
        self.looked.get(&speaker).is_some_and(|(claims, _)| {
            let now = library.claims(speaker);
            Arc::ptr_eq(claims, &now) || **claims == *now
        })
    }

    fn next(&self) -> Option<(SpeakerId, Arc<Library>)> {
        let library = self.library.as_ref()?;
        let wanted = self.wanted.iter().rev().copied();
        let rest = library.speakers.iter().map(|s| s.id);
        let next = wanted.chain(rest).find(|id| library.speaker(*id).is_some() && !self.knows(library, *id))?;
        Some((next, library.clone()))
    }
}

impl Lookout {
    /// Starts looking; it stops when nothing else holds it any more.
    pub fn start(encoder: Option<&'static Encoder>) -> std::io::Result<Arc<Lookout>> {
        let lookout = Arc::new(Lookout { state: Mutex::default(), woken: Condvar::new() });
        let weak = Arc::downgrade(&lookout);
        std::thread::Builder::new().name("lookout".into()).spawn(move || look(&weak, encoder))?;
        Ok(lookout)
    }

    /// Returns what is known of one speaker's findings, or of all; what is not is looked at next.
    pub fn known(&self, library: &Arc<Library>, speaker: Option<SpeakerId>) -> Known {
        let mut state = self.state();
        if !state.library.as_ref().is_some_and(|held| Arc::ptr_eq(held, library)) {
            state.library = Some(library.clone());
            state.changes += 1;
        }
        self.woken.notify_all();
        let asked: Vec<SpeakerId> = match speaker {
            Some(speaker) => {
                state.wanted.retain(|s| *s != speaker);
                state.wanted.push(speaker);
                vec![speaker]
            }
            None => library.speakers.iter().map(|s| s.id).collect(),
        };
        let changes = state.changes;
        if let Some((_, known)) = state.all.as_ref().filter(|(at, _)| speaker.is_none() && *at == changes) {
            return known.clone();
        }
        let parts: Vec<&Findings> = asked
            .iter()
            .filter(|id| state.knows(library, **id))
            .filter_map(|id| state.looked.get(id).map(|(_, findings)| findings))
            .collect();
        let findings = Arc::new(Findings::joined(parts.iter().map(|part| (*part).clone())));
        let known = Known { looked: parts.len(), of: asked.len(), findings };
        if speaker.is_none() {
            state.all = Some((changes, known.clone()));
        }
        known
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Entries are whole when they are put in, so a panic under the lock leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(lookout: &Weak<Lookout>, encoder: Option<&Encoder>) {
    /// How often it is looked whether anybody is left to look for.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);
    while let Some(held) = lookout.upgrade() {
        let state = held.state();
        let Some((speaker, library)) = state.next() else {
            drop(held.woken.wait_timeout(state, PATIENCE));
            continue;
        };
        drop(state);
        let claims = library.claims(speaker);
        let spoken: Vec<Claim> = claims.iter().filter(|c| c.attribution.act == Act::Speech).cloned().collect();
        let options = Options { encoder, ..Options::default() };
        let work = std::panic::AssertUnwindSafe(|| consistency::findings(&spoken, &options));
        // A mistake in judging one speaker must not end the looking at the others.
        let mut found = std::panic::catch_unwind(work).unwrap_or_default();
        found.findings.retain(|finding| finding.kind != FindingKind::Repeat);
        found.findings.extend_from_slice(library.edits(speaker));
        let found = Findings::joined([found]);
        let mut state = held.state();
        state.looked.insert(speaker, (claims, found));
        state.changes += 1;
    }
}
