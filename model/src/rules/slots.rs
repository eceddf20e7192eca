//! Slots: who gets one, who waits for one, and who gives up (section 3.7).
//!
//! A request is met by a free slot of the pool at once, else by the next slot that a TaskManager offers or that an
//! execution returns, in the order of the requests. Slots are alike. Vertices that share a slot request one, and it is
//! returned when the last of them has ended.

use crate::action::Action;
use crate::design::SlotAllocation;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::{State, Truth};
use crate::strategy::Cause;

use super::failover::ones;
use super::links::is_connected;

impl<const V: usize> Failover<V> {
    /// Whether slots are counted.
    pub(super) fn has_slots(&self) -> bool {
        self.is_fine(Mechanism::Slots)
    }

    pub(super) fn has_defect(&self, defect: Defect) -> bool {
        self.scenario.defect == Some(defect)
    }

    pub(super) fn enabled_slots(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.has_slots() {
            return;
        }
        let any = self.has_defect(Defect::SlotsInAnyOrder);
        for t in (0..self.scenario.cluster.task_managers).filter(|&t| self.can_offer(s, t)) {
            let next = s.fine.slots.waiting().take(if any { usize::MAX } else { 1 });
            let offer = |v| Action::OfferSlot { task_manager: t as u8, vertex: v as u8 };
            out.extend(next.map(offer));
        }
        let hopeless = (0..self.size()).filter(|&v| self.is_hopeless(s, v));
        out.extend(hopeless.map(|v| Action::TimeOutSlots { vertex: v as u8 }));
    }

    /// A master begins: every slot of a TaskManager that it counts in is there, not offered.
    pub(crate) fn begin_slots(&self, s: &mut State<V>) {
        for t in 0..self.scenario.cluster.slots.len() {
            if s.task_managers[t].is_counted_in() {
                self.register_slots(s, t);
            }
        }
    }

    /// A TaskManager has registered, empty.
    pub(super) fn register_slots(&self, s: &mut State<V>, t: usize) {
        if let Some(&slots) = self.scenario.cluster.slots.get(t) {
            s.fine.slots.unoffered[t] = slots;
        }
    }

    /// Slots of a TaskManager that are in the pool of the master.
    fn pooled(&self, s: &State<V>, t: usize) -> u8 {
        if s.task_managers[t].is_counted_in() {
            self.scenario.cluster.slots[t] - s.fine.slots.unoffered[t]
        } else {
            0
        }
    }

    /// The slots that the pool has declared to need: those in use, and one a request that waits.
    pub(super) fn required(&self, s: &State<V>) -> usize {
        let used = |t| usize::from(self.pooled(s, t) - s.fine.slots.free[t]);
        let waiting = s.fine.slots.waiting().fold(0, |mask, v| mask | 1 << v);
        (0..self.scenario.cluster.task_managers).map(used).sum::<usize>() + self.slots_for(waiting)
    }

    /// How many slots some vertices need.
    pub fn slots_for(&self, vertices: u16) -> usize {
        let of_others = |&v: &usize| vertices & self.vertices[v].shares & ((1 << v) - 1) == 0;
        ones(vertices).filter(of_others).count()
    }

    /// A TaskManager offers what the resource manager asks of it for the job, and an offer beyond what is required is
    /// refused (section 12).
    fn can_offer(&self, s: &State<V>, t: usize) -> bool {
        !self.has_slot_messages()
            && is_connected(s, t)
            && s.fine.slots.unoffered[t] > 0
            && usize::from(s.fine.slots.acquired) < self.required(s)
    }

    /// Whether the request of a vertex times out in the end. A bulk does not as long as there are slots enough in the
    /// pool besides its own, also ones that are in use: tasks of a batch job end. Before there were bulks, every
    /// request did. Offers are far quicker than the time-out, so none is on its way.
    fn is_hopeless(&self, s: &State<V>, v: usize) -> bool {
        let slots = &s.fine.slots;
        let task_managers = 0..self.scenario.cluster.task_managers;
        let awaited = self.awaits_slots(s) || task_managers.clone().any(|t| self.can_offer(s, t));
        if awaited || !slots.waiting().any(|w| w == v) {
            return false;
        }
        if self.scenario.design.slot_allocation == SlotAllocation::PerVertex {
            return true;
        }
        let members = &self.regions.members[self.regions.of[v]];
        let members = members.iter().fold(0, |mask, w| mask | 1u16 << w);
        let bulk = slots.waiting().fold(0, |mask, w| mask | 1 << w) & members;
        let own = |t: usize| self.slots_for(slots.held[t] & members);
        let others: usize = task_managers.map(|t| usize::from(self.pooled(s, t)) - own(t)).sum();
        bulk.trailing_zeros() as usize == v && self.slots_for(bulk) > others
    }

    /// Requests slots for vertices that have just been scheduled, region by region.
    pub(super) fn request_slots(&self, s: &mut State<V>, mut scheduled: Vec<usize>) {
        if !self.has_slots() {
            return;
        }
        if self.scenario.design.slot_allocation == SlotAllocation::PerVertex {
            scheduled.sort_unstable();
        }
        for v in scheduled {
            let shares = self.vertices[v].shares;
            match s.fine.slots.held.iter_mut().find(|held| **held & shares != 0) {
                Some(held) => *held |= 1 << v,
                None => s.fine.slots.request(v),
            }
            self.meet_oldest_request(s);
        }
    }

    /// A free slot goes to the oldest request; one where the vertex would like to run is preferred.
    pub(super) fn meet_oldest_request(&self, s: &mut State<V>) {
        let Some(v) = s.fine.slots.waiting().next() else { return };
        let count = self.scenario.cluster.task_managers;
        let home = self.scenario.cluster.placement[v];
        let mut preferred = (0..count).map(|k| (home + k) % count);
        if let Some(t) = preferred.find(|&t| s.fine.slots.free[t] > 0) {
            s.fine.slots.free[t] -= 1;
            self.assign(s, t, v);
        }
    }

    pub(super) fn offer_slot(&self, s: &mut State<V>, t: usize, v: usize) {
        s.fine.slots.unoffered[t] -= 1;
        s.fine.slots.acquired += 1;
        self.assign(s, t, v);
    }

    fn assign(&self, s: &mut State<V>, t: usize, v: usize) {
        let waiting = s.fine.slots.waiting().fold(0, |mask, w| mask | 1 << w);
        let shared = waiting & self.vertices[v].shares;
        s.fine.slots.withdraw(shared);
        s.fine.slots.held[t] |= shared;
        self.take_pooled(s, v);
    }

    /// The attempt of a vertex has ended: it needs no slot any more.
    pub(super) fn return_slot(&self, s: &mut State<V>, v: usize) {
        if !self.has_slots() {
            return;
        }
        s.fine.slots.withdraw(1 << v);
        let Some(t) = s.fine.slots.of(v) else { return };
        s.fine.slots.held[t] &= !(1 << v);
        if s.fine.slots.held[t] & self.vertices[v].shares != 0 {
            return;
        }
        s.fine.slots.free[t] += 1;
        self.return_pooled(s, v);
        let waited_for = s.fine.slots.waiting().next().is_some();
        if waited_for && self.has_defect(Defect::CountRematchedSlotTwice) {
            // More than there are vertices are never required, so it need not count any further.
            s.fine.slots.acquired = (s.fine.slots.acquired + 1).min(self.size() as u8);
        }
        self.meet_oldest_request(s);
    }

    /// Before vertices are cancelled their requests are, so that no slot that one of them returns goes to another.
    pub(super) fn withdraw_requests(&self, s: &mut State<V>, vertices: u16) {
        if self.has_slots() {
            s.fine.slots.withdraw(vertices);
        }
    }

    /// A vertex is cancelled that is SCHEDULED: its deployment, should it come to that, is outdated.
    pub(super) fn outdate_deployment(&self, s: &mut State<V>, v: usize) {
        if let (true, Some(t)) =
            (self.has_defect(Defect::LeakSlotOfOutdatedDeployment), s.fine.slots.of(v))
        {
            s.fine.slots.held[t] &= !(1 << v);
        }
    }

    /// The master misses a TaskManager: its slots leave the pool. Whoever had one is named, in order.
    pub(super) fn lose_slots(&self, s: &mut State<V>, t: usize) -> Vec<usize> {
        if !self.has_slots() {
            return Vec::new();
        }
        let pooled = self.scenario.cluster.slots[t] - s.fine.slots.unoffered[t];
        let slots = &mut s.fine.slots;
        slots.acquired = slots.acquired.saturating_sub(pooled);
        (slots.unoffered[t], slots.free[t]) = (0, 0);
        ones(std::mem::take(&mut slots.held[t])).collect()
    }

    /// A request has timed out: its vertex fails (section 3.2), and with it whoever else waits in its bulk.
    pub(super) fn time_out_slots(&self, s: &mut State<V>, v: usize) {
        s.tasks[v].book = ExecutionState::Failed;
        self.attempt_ended(s, v);
        self.handle_failure(s, v, Cause::Task);
    }

    /// Whether a vertex can be deployed as far as it alone is concerned.
    pub(super) fn is_ready(&self, s: &State<V>, v: usize) -> bool {
        let has_place = || match self.has_slots() {
            true => s.fine.slots.of(v).is_some(),
            false => {
                (0..self.scenario.cluster.task_managers).any(|t| s.task_managers[t].is_counted_in())
            }
        };
        s.tasks[v].book == ExecutionState::Scheduled && !self.is_registering(s, v) && has_place()
    }

    /// With too few slots a consumer may not be there yet, and a pipelined exchange holds no more than a few buffers:
    /// its producer comes to an end only while all its consumers run.
    pub(super) fn can_stream(&self, s: &State<V>, v: usize) -> bool {
        let pipelined = |&&p: &&usize| self.partitions[p].result_type.must_be_pipelined_consumed();
        let mut partitions = self.topology.produced[v].iter().filter(pipelined);
        !self.has_slots()
            || partitions
                .all(|&p| self.topology.consumers(p).all(|w| s.tasks[w].truth == Truth::Running))
    }
}
