//! The first half of a round: some states are expanded, each thread for itself.

use stateright::Model;

use super::asked::Asked;
use super::chunked::Chunked;
use super::judge::{COSTS_MAX, Judge, Marks};
use super::labels::Label;
use super::ledger::Settled;
use super::progress::Deadline;
use super::reduction::Reduction;
use super::store::{Rows, Store};

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

/// A mark that a state or a step has made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// How many successors of the chunk were generated before.
    pub(super) at: u32,
    pub(super) state: u32,
    /// The position of the action among all that the model lists.
    pub(super) step: Option<u32>,
    pub(super) marks: Marks,
}

/// Some states in a row, and their successors in the order in which they are generated.
pub(super) struct Chunk<M: Model, S: Store<M>> {
    /// Number of the first state.
    pub(super) first: u32,
    /// The keys of the states.
    states: Vec<S::Key>,
    /// Position of the first of them among the rows of its block.
    at: usize,
    /// The keys of the successors.
    pub(super) keys: Vec<S::Key>,
    /// What the keys of its states keep elsewhere.
    states_heap: usize,
    /// What the keys of the successors keep elsewhere.
    pub(super) keys_heap: usize,
    pub(super) hashes: Vec<u64>,
    pub(super) rows: S::Rows,
    /// Where the successors of each state end.
    pub(super) row_ends: Vec<u32>,
    pub(super) rules: Vec<u16>,
    pub(super) costs: Vec<[u32; COSTS_MAX]>,
    /// The fairness class of each step, where properties are about fair runs.
    pub(super) classes: Vec<Option<u8>>,
    /// Of each state, which goals it is.
    pub(super) goals: Vec<u64>,
    pub(super) seen: Vec<Seen>,
    pub(super) gauges: Vec<u32>,
    /// How often each rule was enabled.
    pub(super) enabled: Vec<u64>,
    /// It was told to stop before it was through.
    pub(super) gave_up: bool,
    /// Whether classes are kept.
    fairness: bool,
    actions: Vec<M::Action>,
    noted: Noted,
}

/// What was noted in this chunk already, for marks of states and for marks of steps, which take one step more.
#[derive(Clone, Copy, Default)]
struct Noted {
    by_state: Marks,
    by_step: Marks,
}

/// Under which circumstances states are expanded.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) settled: Settled,
    pub(super) deadline: Deadline<'a>,
}

impl<M: Model, S: Store<M>> Chunk<M, S> {
    pub(super) fn new() -> Self {
        Chunk {
            first: 0,
            states: Vec::new(),
            at: 0,
            keys: Vec::new(),
            states_heap: 0,
            keys_heap: 0,
            hashes: Vec::new(),
            rows: S::Rows::default(),
            row_ends: Vec::new(),
            rules: Vec::new(),
            costs: Vec::new(),
            classes: Vec::new(),
            goals: Vec::new(),
            seen: Vec::new(),
            gauges: Vec::new(),
            enabled: Vec::new(),
            gave_up: false,
            fairness: false,
            actions: Vec::new(),
            noted: Noted::default(),
        }
    }

    /// Bytes that its buffers occupy.
    pub(super) fn bytes(&self) -> usize {
        (self.states.capacity() + self.keys.capacity()) * size_of::<S::Key>()
            + self.states_heap
            + self.keys_heap
            + self.hashes.capacity() * 8
            + self.rows.bytes()
            + self.row_ends.capacity() * 4
            + self.rules.capacity() * 2
            + self.costs.capacity() * size_of::<[u32; COSTS_MAX]>()
            + self.classes.capacity() * size_of::<Option<u8>>()
            + self.goals.capacity() * 8
            + self.seen.capacity() * size_of::<Seen>()
    }

    /// Takes the states `first..first + len`, which are entries `at..` of the rows of their block. Their keys are
    /// copied, for more are added to `known` while they are expanded.
    pub(super) fn prepare(
        &mut self,
        store: &S,
        known: &Chunked<S::Key>,
        first: u32,
        at: usize,
        len: usize,
    ) {
        (self.first, self.at) = (first, at);
        let numbers = first as usize..first as usize + len;
        self.states.clear();
        self.states.extend(numbers.map(|number| known[number].clone()));
        self.states_heap = self.states.iter().map(|key| store.heap_bytes(key)).sum();
    }

    /// Number of its states.
    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// What is said of the step to a successor.
    pub(super) fn label(&self, at: usize) -> Label {
        Label {
            rule: self.rules.get(at).copied().unwrap_or_default().into(),
            costs: self.costs.get(at).copied().unwrap_or_default(),
            class: self.classes.get(at).copied().unwrap_or_default(),
        }
    }

    fn clear<J: Judge<M>>(&mut self, judge: &J) {
        self.keys.clear();
        self.keys_heap = 0;
        self.hashes.clear();
        self.rows.clear();
        self.row_ends.clear();
        self.rules.clear();
        self.costs.clear();
        self.classes.clear();
        self.goals.clear();
        self.seen.clear();
        self.gauges.clear();
        self.gauges.resize(judge.gauges(), 0);
        self.enabled.clear();
        self.enabled.resize(judge.rules(), 0);
        self.gave_up = false;
        self.noted = Noted::default();
    }
}

impl<M, S> Chunk<M, S>
where
    M: Model,
    M::State: Clone,
    M::Action: Clone,
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
        let Sources { model, judge, reduction, .. } = sources;
        let before = self.keys.len();
        let mut actions = std::mem::take(&mut self.actions);
        model.actions(state, &mut actions);
        // Only an initial state has one: others are passed through.
        let local = reduction.has_local_steps();
        let alone = if local { reduction.local_step(model, state, &actions) } else { None };
        for (position, action) in actions.drain(..).enumerate() {
            let rule = if judge.rules() > 0 { judge.rule(&action) } else { 0 };
            if let Some(enabled) = self.enabled.get_mut(rule) {
                *enabled += 1;
            }
            if alone.is_some_and(|alone| alone != position) {
                continue;
            }
            let next = model.next_state(state, action.clone());
            if let Some(next) = next.filter(|next| model.within_boundary(next)) {
                let marks = judge.on_step(model, state, &action, &next);
                self.note(marks, number, Some(position as u32), settled);
                self.tell(judge, rule, (state, &action, &next));
                let next = reduction.canonical(model, next);
                let next = if local {
                    self.pass_through(sources, next, (number, position as u32), settled)
                } else {
                    next
                };
                self.push(sources, next);
            }
        }
        self.actions = actions;
        let marks = judge.on_expanded(model, state, self.keys.len() - before);
        self.note(marks, number, None, settled);
        self.row_ends.push(self.keys.len() as u32);
    }

    /// Takes local steps until there is none; on their way they are judged.
    fn pass_through<J: Judge<M>, R: Reduction<M>>(
        &mut self,
        sources: Sources<'_, M, J, S, R>,
        mut state: M::State,
        (number, position): (u32, u32),
        settled: &Settled,
    ) -> M::State {
        let Sources { model, judge, reduction, .. } = sources;
        for _ in 0..LOCAL_STEPS_MAX {
            let Some((action, next)) = local_step(model, reduction, &state) else { break };
            let marks = judge.on_state(model, &state)
                | judge.on_expanded(model, &state, 1)
                | judge.on_step(model, &state, &action, &next);
            self.note(marks, number, Some(position), settled);
            for (k, gauge) in self.gauges.iter_mut().enumerate() {
                *gauge = judge.gauge(k, &state).max(*gauge);
            }
            state = reduction.canonical(model, next);
        }
        state
    }

    #[inline]
    fn push<J, R>(&mut self, sources: Sources<'_, M, J, S, R>, next: M::State) {
        let key = sources.store.close(sources.model, next, &mut self.rows);
        self.hashes.push(sources.store.hash(&key));
        self.keys_heap += sources.store.heap_bytes(&key);
        self.keys.push(key);
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

/// The local step out of a state, if there is one that stays within the boundary.
pub(super) fn local_step<M, R>(
    model: &M,
    reduction: &R,
    state: &M::State,
) -> Option<(M::Action, M::State)>
where
    M: Model,
    M::Action: Clone,
    R: Reduction<M>,
{
    let mut enabled = Vec::new();
    model.actions(state, &mut enabled);
    let position = reduction.local_step(model, state, &enabled)?;
    let action = enabled.into_iter().nth(position)?;
    let next = model.next_state(state, action.clone())?;
    model.within_boundary(&next).then_some((action, next))
}
