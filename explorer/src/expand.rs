//! The first half of a round: some states are expanded, each thread for itself.

use super::asked::Asked;
use super::chunk::{Aside, Chunk, Seen};
use super::explorable::Explorable;
use super::judge::{COSTS_MAX, Judge, Marks};
use super::ledger::Settled;
use super::progress::Deadline;
use super::reduction::Reduction;
use super::store::Store;

/// States between two looks at the clock.
const LOOK_EVERY: usize = 32;

/// Local steps that are taken in a row; after so many, a state is kept as if there were none.
pub(super) const LOCAL_STEPS_MAX: usize = 1 << 12;

/// Who answers the questions of an exploration.
pub(super) struct Sources<'m, M, J, S, R> {
    pub(super) model: &'m M,
    pub(super) judge: &'m J,
    pub(super) store: &'m S,
    pub(super) reduction: &'m R,
}

impl<M, J, S, R> Clone for Sources<'_, M, J, S, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, J, S, R> Copy for Sources<'_, M, J, S, R> {}

/// Under which circumstances states are expanded.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) settled: Settled,
    pub(super) deadline: Deadline<'a>,
}

impl<M, S> Chunk<M, S>
where
    M: Explorable,
    S: Store<M>,
{
    /// Expands its states, of which `rows` has the rest; what was found before is forgotten.
    pub(super) fn expand<J: Judge<M>, R: Reduction<M>>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        rows: &S::Rows,
        Circumstances { settled, deadline }: Circumstances<'_>,
    ) {
        self.clear(sources.judge);
        let asked = Asked::of(sources.judge);
        self.fairness = asked.fairness();
        let states = std::mem::take(&mut self.states);
        for (index, key) in states.iter().enumerate() {
            if index % LOOK_EVERY == 0 && deadline.has_passed() {
                self.gave_up = true;
                break;
            }
            let number = self.first + index as u32;
            let state = sources.store.open(sources.model, key, rows, self.at + index);
            self.look_at(sources, &state, number, &settled);
            self.expand_state(sources, &state, number, &settled);
            if !asked.is_nothing() {
                self.goals.push(asked.answers(sources.judge, sources.model, &state));
            }
        }
        self.states = states;
    }

    /// Judges its states without expanding them: the last ones of a run that was cut off.
    pub(super) fn only_look<J: Judge<M>, R: Reduction<M>>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        rows: &S::Rows,
        settled: Settled,
    ) {
        self.clear(sources.judge);
        let states = std::mem::take(&mut self.states);
        for (index, key) in states.iter().enumerate() {
            let state = sources.store.open(sources.model, key, rows, self.at + index);
            self.look_at(sources, &state, self.first + index as u32, &settled);
        }
        self.states = states;
    }

    #[inline]
    fn look_at<J: Judge<M>, R>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        state: &M::State,
        number: u32,
        settled: &Settled,
    ) {
        for (k, gauge) in self.gauges.iter_mut().enumerate() {
            *gauge = sources.judge.gauge(k, state).max(*gauge);
        }
        let marks = sources.judge.on_state(sources.model, state);
        self.note(marks, number, None, settled);
    }

    #[inline]
    fn expand_state<J: Judge<M>, R: Reduction<M>>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        state: &M::State,
        number: u32,
        settled: &Settled,
    ) {
        let Sources { model, judge, store, reduction } = sources;
        let mut successors = 0;
        let mut actions = std::mem::take(&mut self.actions);
        model.actions(state, &mut actions);
        let local = reduction.has_local_steps();
        // An initial state may have one, and one at the end of a long chain: others are passed through.
        let alone = if local { local_step(model, reduction, state, &actions) } else { None };
        let alone = alone.map(|(position, _)| position);
        for (position, action) in actions.drain(..).enumerate() {
            let rule = if judge.rules() > 0 { judge.rule(&action) } else { 0 };
            let mut next = match alone {
                Some(alone) if alone != position => None,
                _ => model.next_state(state, action.clone()),
            };
            // It stays where it is until it is closed: a large state is not moved about.
            let Some(there) = next.as_mut().filter(|next| model.within_boundary(next)) else {
                self.set_aside(judge, rule, false);
                continue;
            };
            let marks = judge.on_step(model, state, &action, there);
            self.note(marks, number, Some(position as u32), settled);
            self.tell(judge, rule, (state, &action, there));
            reduction.make_canonical(model, there);
            if local {
                self.pass_through(sources, there, (number, position as u32), settled);
            }
            let key = store.close_there(model, &mut next, &mut self.rows);
            let Some(key) = key else { continue };
            successors += usize::from(judge.rules() == 0 || !judge.is_mishap(rule));
            self.keys_heap += store.heap_bytes(&key);
            let hash = store.hash(&key);
            self.push(key, hash, number);
        }
        self.actions = actions;
        let marks = judge.on_expanded(model, state, successors);
        self.note(marks, number, None, settled);
        self.row_ends.push(self.keys.len() as u32);
    }

    /// Takes local steps until there is none; on their way they are judged.
    fn pass_through<J: Judge<M>, R: Reduction<M>>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        state: &mut M::State,
        (number, position): (u32, u32),
        settled: &Settled,
    ) {
        let Sources { model, judge, reduction, .. } = sources;
        let mut enabled = std::mem::take(&mut self.passed);
        for _ in 0..LOCAL_STEPS_MAX {
            enabled.clear();
            model.actions(state, &mut enabled);
            let Some((taken, next)) = local_step(model, reduction, state, &enabled) else { break };
            for (k, action) in enabled.iter().enumerate() {
                self.set_aside(judge, judge.rule(action), k == taken);
            }
            let marks = judge.on_state(model, state)
                | judge.on_expanded(model, state, 1)
                | judge.on_step(model, state, &enabled[taken], &next);
            self.note(marks, number, Some(position), settled);
            for (k, gauge) in self.gauges.iter_mut().enumerate() {
                *gauge = judge.gauge(k, state).max(*gauge);
            }
            *state = next;
            reduction.make_canonical(model, state);
        }
        self.passed = enabled;
    }

    /// Counts an action that no successor is generated by.
    #[inline]
    fn set_aside<J: Judge<M>>(&mut self, judge: &J, rule: usize, taken: bool) {
        if judge.rules() > 0 {
            self.asides.push(Aside { at: self.keys.len() as u32, rule: rule as u16, taken });
        }
    }

    /// Keeps what the judge says of a step.
    #[inline]
    fn tell<J: Judge<M>>(
        &mut self,
        judge: &J,
        rule: usize,
        (state, action, next): (&M::State, &M::Action, &M::State),
    ) {
        if judge.rules() > 0 {
            self.rules.push(rule as u16);
        }
        if judge.costs() > 0 {
            let mut costs = [0; COSTS_MAX];
            for (k, cost) in costs.iter_mut().enumerate().take(judge.costs()) {
                *cost = judge.cost(k, state, action, next);
            }
            self.costs.push(costs);
        }
        if self.fairness {
            self.classes.push(judge.fairness(state, action));
        }
    }

    #[inline]
    fn note(&mut self, marks: Marks, state: u32, step: Option<u32>, settled: &Settled) {
        let noted = self.noted.by_state | settled.marks();
        let marks = marks.without(if step.is_some() { noted | self.noted.by_step } else { noted });
        if marks == Marks::NONE {
            return;
        }
        let kind = if step.is_some() { &mut self.noted.by_step } else { &mut self.noted.by_state };
        *kind = *kind | marks;
        self.seen.push(Seen { at: self.keys.len() as u32, state, step, marks });
    }
}

/// The position of the local step among the actions of a state, and where it leads; if there is one that stays within
/// the boundary.
pub(super) fn local_step<M, R>(
    model: &M,
    reduction: &R,
    state: &M::State,
    enabled: &[M::Action],
) -> Option<(usize, M::State)>
where
    M: Explorable,
    R: Reduction<M>,
{
    let position = reduction.local_step(model, state, enabled)?;
    let next = model.next_state(state, enabled.get(position)?.clone())?;
    model.within_boundary(&next).then_some((position, next))
}
