//! Ways to visit fewer states.

use stateright::Model;

/// What makes an exploration smaller without making its verdicts different.
///
/// The empty reduction `()` leaves everything as it is.
pub trait Reduction<M: Model>: Sync {
    /// Whether the runs that it leaves are fair exactly if the runs that they stand for are. Without it nothing is said
    /// of [`Kind::Eventually`](super::Kind::Eventually) and [`Kind::LeadsTo`](super::Kind::LeadsTo).
    ///
    /// A quotient by a symmetry is not so by itself. Where a state stands for its images, a cycle of it can stand for
    /// steps of one process after the other, and a step taken alone puts off the others: who permutes or leaves out
    /// has to show that classes of actions are permuted and left out with them.
    fn keeps_fairness(&self) -> bool {
        false
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
    fn keeps_fairness(&self) -> bool {
        true
    }
}
