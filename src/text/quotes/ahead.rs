//! What stands ahead of each mark of a block, worked out once from its end, so that no mark has to look for itself.

use super::marks::{Family, Mark, Role};

/// No such mark ahead.
const NONE: usize = usize::MAX;

/// What is to come from one mark on.
#[derive(Clone, Copy)]
struct View {
    /// The next mark of each family.
    next: [usize; Family::COUNT],
    /// Whether a mark of each family may close.
    closer: [bool; Family::COUNT],
    /// How far the balance of each family falls at the lowest: openings count one up, closings one down.
    lowest: [i64; Family::COUNT],
    /// The next single mark that surely closes.
    strong: usize,
    /// The next single mark that surely opens.
    fence: usize,
}

/// The marks of a block as each of them sees those behind it.
pub(super) struct Ahead {
    views: Vec<View>,
}

impl Ahead {
    /// Looks over a block's marks.
    pub fn of(marks: &[Mark]) -> Ahead {
        let end = View {
            next: [NONE; Family::COUNT],
            closer: [false; Family::COUNT],
            lowest: [0; Family::COUNT],
            strong: NONE,
            fence: NONE,
        };
        let mut views = vec![end; marks.len() + 1];
        for (at, mark) in marks.iter().enumerate().rev() {
            let mut view = views[at + 1];
            let family = mark.family as usize;
            view.next[family] = at;
            view.closer[family] |= mark.role != Role::Opens;
            if !(mark.doubtful && mark.role == Role::Opens) {
                let step = if mark.role == Role::Opens { 1 } else { -1 };
                // From here on the balance takes this step first.
                view.lowest[family] = (step + view.lowest[family]).min(0);
            }
            if mark.family == Family::Single {
                if mark.strong {
                    view.strong = at;
                }
                if mark.role == Role::Opens && !mark.doubtful {
                    view.fence = at;
                }
            }
            views[at] = view;
        }
        Ahead { views }
    }

    fn view(&self, from: usize) -> Option<&View> {
        self.views.get(from)
    }

    /// Returns the next mark of a family, from number `from` on.
    pub fn next(&self, from: usize, family: Family) -> Option<usize> {
        self.view(from).map(|v| v.next[family as usize]).filter(|at| *at != NONE)
    }

    /// Tells whether a mark of a family may close, from number `from` on.
    pub fn has_closer(&self, from: usize, family: Family) -> bool {
        self.view(from).is_some_and(|v| v.closer[family as usize])
    }

    /// Tells whether the marks from number `from` on close `depth` quotations that lie in one another.
    pub fn closes_all(&self, from: usize, family: Family, depth: usize) -> bool {
        self.view(from).is_some_and(|v| v.lowest[family as usize] <= -(depth as i64))
    }

    /// Tells whether a single mark surely closes, from number `from` on, before one surely opens.
    pub fn closes_single(&self, from: usize) -> bool {
        self.view(from).is_some_and(|v| v.strong < v.fence)
    }
}
