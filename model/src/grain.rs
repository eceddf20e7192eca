//! In how fine steps things happen.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mechanism of the engine that can happen at once (*coarse*), or in steps and messages of its own (*fine*).
///
/// A coarse mechanism takes its steps as soon as they are possible, within the step that made them possible: what it
/// can do is a part of what the fine one can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// Fine: a region is scheduled, then deployed; a slot request can time out in between.
    Deployment,
    /// Fine: what a task reports is under way until the master handles it.
    Reports,
    /// Fine: the master waits for each task that it cancels.
    Cancellation,
    /// Fine: a dead TaskManager is noticed later.
    Detection,
    /// Fine: a task reads its partitions in any order, even if the order makes no difference to its operator.
    Reads,
    /// Fine: the delay of a restart with exponential delay passes later, and failures until then are merged.
    BackOff,
    /// Fine: a region is deployed once its vertices have the slots that they asked for; coarse: there are slots for
    /// all.
    Slots,
    /// Fine: the coordinator of a source with dynamic splits answers who asks for one, its events are under way, and
    /// one may be lost; coarse: a subtask takes a split at once.
    Splits,
    /// Fine: a task that is told that its partition is not there asks the master for the state of the producer, and
    /// tries again a few times; coarse: it knows at once.
    PartitionRequests,
    /// Fine: partitions are registered with the shuffle service before their producer is deployed, which may come too
    /// late, and what is left of them when the job has ended is kept.
    Partitions,
    /// Fine: the link between the master and a TaskManager is down for some time, in which messages are lost and either
    /// side may give the other up; coarse: both give each other up at once, and begin anew.
    Links,
    /// Fine: a TaskManager that is alive and follows no master registers later; one that was restarted may do so before
    /// the master has missed it.
    Registration,
    /// Fine, where slots are: they are asked for, offered and reported by messages; coarse: one is offered when it is
    /// needed.
    SlotMessages,
    /// Fine: the master publishes the sinks one by one at the end of the job, and writes down that it has ended later;
    /// coarse: all in one step.
    JobEnd,
    /// Fine: an event is in the journal some time after it was written (section 5.6); coarse: at once.
    Journal,
    /// Fine: what the master releases is read on until its TaskManager hears of it; coarse: it is gone at once.
    Release,
}

impl Mechanism {
    /// All mechanisms, in order.
    pub const ALL: [Mechanism; 16] = [
        Mechanism::Deployment,
        Mechanism::Reports,
        Mechanism::Cancellation,
        Mechanism::Detection,
        Mechanism::Reads,
        Mechanism::BackOff,
        Mechanism::Slots,
        Mechanism::Splits,
        Mechanism::PartitionRequests,
        Mechanism::Partitions,
        Mechanism::Links,
        Mechanism::Registration,
        Mechanism::SlotMessages,
        Mechanism::JobEnd,
        Mechanism::Journal,
        Mechanism::Release,
    ];
}

/// The mechanisms that are fine; all others are coarse.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Grain(u32);

const _: () = assert!(Mechanism::ALL.len() <= u32::BITS as usize, "a mechanism has a bit");

impl Grain {
    /// Whether a mechanism takes steps of its own.
    pub fn is_fine(self, mechanism: Mechanism) -> bool {
        self.0 & 1 << mechanism as u16 != 0
    }

    /// Makes a mechanism fine, or coarse.
    pub fn set(&mut self, mechanism: Mechanism, fine: bool) {
        self.0 &= !(1 << mechanism as u16);
        self.0 |= u32::from(fine) << mechanism as u16;
    }

    /// The mechanisms that are fine, in the order of [`Mechanism::ALL`].
    pub fn fine(self) -> impl Iterator<Item = Mechanism> {
        Mechanism::ALL.into_iter().filter(move |&mechanism| self.is_fine(mechanism))
    }
}

impl fmt::Debug for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.fine()).finish()
    }
}

impl FromIterator<Mechanism> for Grain {
    fn from_iter<I: IntoIterator<Item = Mechanism>>(fine: I) -> Self {
        let mut grain = Grain::default();
        fine.into_iter().for_each(|mechanism| grain.set(mechanism, true));
        grain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mechanism_has_a_switch_of_its_own() {
        for mechanism in Mechanism::ALL {
            let mut grain = Grain::default();
            grain.set(mechanism, true);
            assert_eq!(grain.fine().collect::<Vec<_>>(), [mechanism]);
            assert_eq!(grain, [mechanism, mechanism].into_iter().collect());
            grain.set(mechanism, false);
            assert_eq!(grain, Grain::default());
        }
        let mut all: Grain = Mechanism::ALL.into_iter().collect();
        all.set(Mechanism::Reports, false);
        let others = Mechanism::ALL.into_iter().filter(|&it| it != Mechanism::Reports);
        assert!(all.fine().eq(others));
    }
}
