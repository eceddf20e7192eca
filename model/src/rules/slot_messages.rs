//! Slots that are offered by messages, and what the master and the TaskManager correct by reports (sections 5.1, 12).
//!
//! The TaskManager offers what it has allocated. The master keeps what it needs and says so; what it does not keep is
//! freed. It is offered again whenever another slot is allocated, and when an answer comes too late; since FLINK-21859
//! only the answer to the latest offer counts. A slot of which no answer has come in time may be freed by then
//! (`taskmanager.slot.timeout` is the time-out of calls). With each heartbeat the master says what is in its pool.

use crate::action::Action;
use crate::execution_state::ExecutionState;
use crate::failover::Failover;
use crate::scenario::{Defect, Mechanism};
use crate::state::{OfferAnswer, State};
use crate::strategy::Cause;

impl<const V: usize> Failover<V> {
    /// Whether slots are asked for and offered in steps of their own.
    pub(super) fn has_slot_messages(&self) -> bool {
        self.is_fine(Mechanism::SlotMessages)
    }

    pub(super) fn enabled_slot_messages(&self, s: &State<V>, out: &mut Vec<Action>) {
        if !self.has_slot_messages() {
            return;
        }
        self.enabled_resource_manager(s, out);
        let messages = &s.fine.slot_messages;
        if self.offerable(s) != 0 {
            out.push(Action::OfferSlots);
        }
        if messages.answer.is_under_way() {
            out.push(Action::AnswerOffer);
        }
        if messages.late_answer.is_under_way() {
            out.push(Action::AnswerOutdatedOffer);
        }
        if self.is_news(s, messages.pooled) {
            out.push(Action::ReconcileSlots);
        }
        if self.has_defect(Defect::StaleSlotReport) && !messages.reporting {
            out.push(Action::BuildSlotReport);
        }
        if messages.reporting {
            out.push(Action::DeliverSlotReport);
        }
        self.unanswered_asks(s, out);
    }

    pub(super) fn enabled_slot_time_outs(&self, s: &State<V>, out: &mut Vec<Action>) {
        // The slots of an offer that was not answered in time: the time that they have to become active is over.
        let messages = &s.fine.slot_messages;
        let overdue = messages.overdue & messages.allocated & !messages.active;
        out.extend(slots_in(overdue).map(|slot| Action::TimeOutSlot { slot }));
    }

    /// One of the actions of this file and of the resource manager.
    pub(super) fn apply_slot_message(&self, s: &mut State<V>, action: Action) {
        match action {
            Action::RegisterAtResourceManager => self.register_at_resource_manager(s),
            Action::RegisterBelatedly => self.register_belatedly(s),
            Action::RequestSlot { slot } => self.request_slot(s, slot),
            Action::ReportSlots => self.report_slots(s),
            Action::OfferSlots => self.offer_slots(s),
            Action::AnswerOffer => self.answer_offer(s),
            Action::AnswerOutdatedOffer => self.answer_outdated_offer(s),
            Action::ReconcileSlots => self.reconcile_slots(s, s.fine.slot_messages.pooled),
            Action::BuildSlotReport => self.build_slot_report(s),
            Action::DeliverSlotReport => self.deliver_slot_report(s),
            Action::TimeOutRegistration => s.fine.slot_messages.older_registration = true,
            Action::TimeOutSlotAllocation { slot } => self.time_out_slot_allocation(s, slot),
            Action::TimeOutOffer => self.time_out_offer(s),
            Action::TimeOutSlot { slot } => self.free_overdue_slot(s, slot),
            _ => {}
        }
    }

    /// Whether a slot may still come to the pool, or leave it, by a message.
    pub(super) fn awaits_slots(&self, s: &State<V>) -> bool {
        let messages = &s.fine.slot_messages;
        self.has_slot_messages()
            && (!messages.registered
                || self.requestable(s) != 0
                || self.is_report_news(s)
                || self.offerable(s) != 0
                || messages.answer.is_under_way()
                || messages.late_answer.is_under_way()
                || self.is_news(s, messages.pooled))
    }

    /// What the TaskManager offers: everything that it has allocated and that is not known to be accepted. While it
    /// waits for an answer it offers again if it has another slot; answers that it does not wait for are one at most.
    fn offerable(&self, s: &State<V>) -> u8 {
        let messages = &s.fine.slot_messages;
        let all = messages.allocated & !messages.active & !messages.orphaned;
        let others = all & !messages.answer.offered;
        match messages.answer.is_under_way() {
            true if others == 0 || messages.late_answer.is_under_way() => 0,
            _ => all,
        }
    }

    /// `TaskSlotTable.timeoutSlot`.
    fn free_overdue_slot(&self, s: &mut State<V>, slot: u8) {
        let messages = &mut s.fine.slot_messages;
        messages.overdue &= !(1 << slot);
        messages.timed_out |= messages.pooled & 1 << slot;
        self.free_slots(s, 1 << slot);
    }

    /// The master accepts what it has accepted before, and of the rest as much as it needs.
    pub(super) fn offer_slots(&self, s: &mut State<V>) {
        let offered = self.offerable(s);
        let mut accepted = offered & s.fine.slot_messages.pooled;
        for slot in slots_in(offered & !accepted) {
            if usize::from(s.fine.slots.acquired) < self.required(s) {
                accepted |= 1 << slot;
                s.fine.slot_messages.pooled |= 1 << slot;
                s.fine.slots.unoffered[0] -= 1;
                s.fine.slots.acquired += 1;
                s.fine.slots.free[0] += 1;
                self.meet_oldest_request(s);
            }
        }
        let messages = &mut s.fine.slot_messages;
        if messages.answer.is_under_way() {
            messages.late_answer = messages.answer;
        }
        messages.answer = OfferAnswer { offered, accepted };
    }

    pub(super) fn answer_offer(&self, s: &mut State<V>) {
        let answer = std::mem::take(&mut s.fine.slot_messages.answer);
        self.settle_offer(s, answer);
    }

    /// Fault: the master has handled an offer, and the TaskManager makes it again.
    pub(super) fn time_out_offer(&self, s: &mut State<V>) {
        let messages = &mut s.fine.slot_messages;
        messages.late_answer = std::mem::take(&mut messages.answer);
        messages.overdue |= messages.late_answer.offered;
    }

    /// Of an offer that was made again since, it is of no interest (FLINK-21859).
    pub(super) fn answer_outdated_offer(&self, s: &mut State<V>) {
        let answer = std::mem::take(&mut s.fine.slot_messages.late_answer);
        if self.has_defect(Defect::AcceptLateSlotAnswer) {
            self.settle_offer(s, answer);
        }
    }

    fn settle_offer(&self, s: &mut State<V>, answer: OfferAnswer) {
        let messages = &mut s.fine.slot_messages;
        messages.active |= answer.accepted & messages.allocated;
        messages.overdue &= messages.allocated & !messages.active;
        let gone = answer.accepted & messages.pooled & !messages.allocated;
        self.free_slots(s, answer.offered & !answer.accepted);
        // `failSlot`: what was accepted is not there any more.
        slots_in(gone).for_each(|slot| self.fail_slot(s, slot));
    }

    /// The TaskManager frees slots, and tells the resource manager. Tasks in them fail.
    fn free_slots(&self, s: &mut State<V>, slots: u8) {
        let messages = &mut s.fine.slot_messages;
        let freed = slots & messages.allocated;
        messages.allocated &= !freed;
        messages.active &= !freed;
        messages.overdue &= !freed;
        messages.believed_free |= freed & messages.known;
        let owners = messages.owners;
        for slot in slots_in(freed) {
            if let Some(v) = usize::from(owners[usize::from(slot)]).checked_sub(1)
                && s.tasks[v].truth.is_live()
            {
                self.fail_task(s, v, 0);
            }
        }
    }

    /// Whether a report of what is in the pool tells the TaskManager something.
    fn is_news(&self, s: &State<V>, reported: u8) -> bool {
        let messages = &s.fine.slot_messages;
        messages.active & !reported != 0 || reported & messages.pooled & !messages.allocated != 0
    }

    /// The TaskManager frees active slots that the master does not have, and tells it of those that it has and that are
    /// not allocated to it. These leave the pool, and who has one fails.
    pub(super) fn reconcile_slots(&self, s: &mut State<V>, reported: u8) {
        self.free_slots(s, s.fine.slot_messages.active & !reported);
        let messages = &s.fine.slot_messages;
        for slot in slots_in(reported & messages.pooled & !messages.allocated) {
            self.fail_slot(s, slot);
        }
    }

    fn fail_slot(&self, s: &mut State<V>, slot: u8) {
        let messages = &mut s.fine.slot_messages;
        messages.pooled &= !(1 << slot);
        messages.timed_out &= !(1 << slot);
        let owner = std::mem::take(&mut messages.owners[usize::from(slot)]);
        let slots = &mut s.fine.slots;
        slots.unoffered[0] += 1;
        slots.acquired -= 1;
        let Some(v) = usize::from(owner).checked_sub(1) else {
            slots.free[0] -= 1;
            return;
        };
        slots.held[0] &= !(1 << v);
        self.give_up(s, v);
        match s.tasks[v].book {
            ExecutionState::Canceling => self.cancelled(s, v),
            _ => self.failed(s, v, Cause::Task),
        }
    }

    /// With a defect: the report is made where what it is about can change before it is sent (FLINK-12863).
    pub(super) fn build_slot_report(&self, s: &mut State<V>) {
        let messages = &mut s.fine.slot_messages;
        (messages.reporting, messages.reported) = (true, messages.pooled);
    }

    pub(super) fn deliver_slot_report(&self, s: &mut State<V>) {
        let messages = &mut s.fine.slot_messages;
        messages.reporting = false;
        let reported = std::mem::take(&mut messages.reported);
        self.reconcile_slots(s, reported);
    }

    /// A vertex gets the first slot of the pool that nobody has.
    pub(super) fn take_pooled(&self, s: &mut State<V>, v: usize) {
        let messages = &mut s.fine.slot_messages;
        let free = |slot: &u8| messages.owners[usize::from(*slot)] == 0;
        if let Some(slot) = slots_in(messages.pooled).find(free) {
            messages.owners[usize::from(slot)] = v as u8 + 1;
        }
    }

    pub(super) fn return_pooled(&self, s: &mut State<V>, v: usize) {
        if let Some(slot) = s.fine.slot_messages.slot_of(v) {
            s.fine.slot_messages.owners[slot] = 0;
        }
    }

    /// Whether the TaskManager takes a task for the slot that its vertex has (section 12).
    pub(super) fn has_allocated(&self, s: &State<V>, v: usize) -> bool {
        let messages = &s.fine.slot_messages;
        !self.has_slot_messages()
            || messages.slot_of(v).is_some_and(|slot| messages.allocated & 1 << slot != 0)
    }
}

/// The slots of a mask, in order.
pub(super) fn slots_in(mask: u8) -> impl Iterator<Item = u8> {
    (0..u8::BITS as u8).filter(move |slot| mask & 1 << slot != 0)
}
