//! Ways to visit fewer states.

use stateright::Model;

/// What a reduction leaves of the runs that are fair, where more is claimed of them than what a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FairRuns {
    /// Those that it leaves are fair exactly if those are that they stand for.
    Kept,
    /// It leaves a run without end if there is one, and of the states in which nobody guarantees a step one that
    /// stands for each, as much of a goal and of a premise as that. Where no run goes on for ever, it is these states
    /// in which fair runs end: a claim holds if none of them lacks its goal. Any other is left open.
    Ends,
    /// Nothing that is known.
    Lost,
}

/// What makes an exploration smaller without making its verdicts different.
///
/// The empty reduction `()` leaves everything as it is.
pub trait Reduction<M: Model>: Sync {
    /// What it leaves of fair runs, of which [`Kind::Eventually`](super::Kind::Eventually) and
    /// [`Kind::LeadsTo`](super::Kind::LeadsTo) claim something.
    ///
    /// A quotient by a symmetry does not keep them by itself. Where a state stands for its images, a cycle of it can
    /// stand for steps of one process after the other, and a step taken alone puts off the others: who permutes or
    /// leaves out has to show that classes of actions are permuted and left out with them.
    fn fair_runs(&self) -> FairRuns {
        FairRuns::Lost
    }

    /// Makes of a state the one that stands for all that are alike: of a symmetric model the same one for all images of
    /// a state, and whatever nothing will read left out. Applied to every state that is reached.
    fn make_canonical(&self, model: &M, state: &mut M::State) {
        let _ = (model, state);
    }

    /// Whether there may be local steps: if not, they are not asked for.
    fn has_local_steps(&self) -> bool {
        false
    }

    /// The position among `enabled` of an action that may be taken at once and alone: it commutes with everything
    /// that can happen before it, stays possible until it is taken, is seen by no property, and does not go on for
    /// ever. The state in which it is taken is passed through and not kept; what runs cost is not known then.
    fn local_step(&self, model: &M, state: &M::State, enabled: &[M::Action]) -> Option<usize> {
        let _ = (model, state, enabled);
        None
    }
}

impl<M: Model> Reduction<M> for () {
    fn fair_runs(&self) -> FairRuns {
        FairRuns::Kept
    }
}
