//! The resource manager, as far as it has slots of a TaskManager allocated to the job (sections 5.1, 12).
//!
//! It asks only for slots of a TaskManager that has registered, as many as the master has declared to need. What it
//! believes of them it corrects by what the TaskManager reports with its heartbeats.

use crate::action::Action;
use crate::failover::Failover;
use crate::scenario::{Defect, FaultKind};
use crate::state::State;

use super::slot_messages::slots_in;

impl<const V: usize> Failover<V> {
    pub(super) fn enabled_resource_manager(&self, s: &State<V>, out: &mut Vec<Action>) {
        let messages = &s.fine.slot_messages;
        if !messages.registered {
            out.push(Action::RegisterAtResourceManager);
        }
        if messages.older_registration {
            out.push(Action::RegisterBelatedly);
        }
        let slots = slots_in(self.requestable(s));
        out.extend(slots.map(|slot| Action::RequestSlot { slot }));
        if self.is_report_news(s) {
            out.push(Action::ReportSlots);
        }
    }

    /// What was executed may be answered too late.
    pub(super) fn unanswered_asks(&self, s: &State<V>, out: &mut Vec<Action>) {
        if s.faults == 0 || s.left(FaultKind::AskTimesOut) == 0 {
            return;
        }
        let messages = &s.fine.slot_messages;
        if !messages.registered && !messages.older_registration {
            out.push(Action::TimeOutRegistration);
        }
        if messages.unanswered == 0 {
            let slots = slots_in(self.requestable(s));
            out.extend(slots.map(|slot| Action::TimeOutSlotAllocation { slot }));
        }
        if messages.answer.is_under_way() && !messages.late_answer.is_under_way() {
            out.push(Action::TimeOutOffer);
        }
    }

    /// The slots that it may ask for next: the first that it believes free and that the TaskManager does not refuse, as
    /// it has allocated it. A request that was not answered is made again as a new allocation, on any slot. Under a
    /// defect it is the same allocation, which has a slot already (FLINK-14589).
    pub(super) fn requestable(&self, s: &State<V>) -> u8 {
        let messages = &s.fine.slot_messages;
        let (known, free) = (messages.known, messages.believed_free);
        if (known & !free).count_ones() as usize >= self.required(s) {
            return 0;
        }
        // One that has timed out is free again when the master has heard of it.
        let refused = messages.allocated | messages.timed_out;
        match messages.unanswered {
            0 => free & !refused & (free & !refused).wrapping_neg(),
            _ => free,
        }
    }

    /// Whether a report of the TaskManager tells it something.
    pub(super) fn is_report_news(&self, s: &State<V>) -> bool {
        let messages = &s.fine.slot_messages;
        messages.believed_free != messages.known & !messages.allocated
    }

    pub(super) fn register_at_resource_manager(&self, s: &mut State<V>) {
        let slots = self.scenario.cluster.slots.first().copied().unwrap_or_default();
        let messages = &mut s.fine.slot_messages;
        messages.registered = true;
        messages.known = (0..slots).fold(0, |mask, slot| mask | 1 << slot);
        messages.believed_free = messages.known & !messages.allocated;
    }

    /// A registration is handled that the TaskManager has given up since. To a resource manager that has handled a
    /// newer one it is nothing (FLINK-12260); else the newer one is still to come.
    pub(super) fn register_belatedly(&self, s: &mut State<V>) {
        let messages = &mut s.fine.slot_messages;
        messages.older_registration = false;
        if messages.registered && self.has_defect(Defect::AcceptOlderRegistration) {
            // The newer one is replaced, and the TaskManager reports to that for ever.
            (messages.known, messages.believed_free, messages.unanswered) = (0, 0, 0);
        }
    }

    /// The TaskManager allocates a slot. An allocation that it has on another one already names this one from now on.
    pub(super) fn request_slot(&self, s: &mut State<V>, slot: u8) {
        let messages = &mut s.fine.slot_messages;
        let before = std::mem::take(&mut messages.unanswered);
        if before != 0 && before != slot + 1 {
            messages.orphaned |= 1 << (before - 1);
        }
        messages.believed_free &= !(1 << slot);
        messages.allocated |= 1 << slot;
    }

    /// Fault: the TaskManager allocates a slot and the resource manager takes the request for failed.
    pub(super) fn time_out_slot_allocation(&self, s: &mut State<V>, slot: u8) {
        let same_again = self.has_defect(Defect::TwoSlotsOneAllocation);
        let messages = &mut s.fine.slot_messages;
        messages.unanswered = if same_again { slot + 1 } else { 0 };
        messages.allocated |= 1 << slot;
    }

    pub(super) fn report_slots(&self, s: &mut State<V>) {
        let messages = &mut s.fine.slot_messages;
        messages.believed_free = messages.known & !messages.allocated;
        messages.unanswered = 0;
    }
}
