//! The breadth-first search itself.

use std::hash::Hash;

use stateright::Model;

use super::judge::{COSTS_MAX, Judge, PROPERTIES_MAX};
use super::labels::Label;
use super::ledger::Ledger;
use super::limits::{Limits, Stopped};
use super::memory::Memory;
use super::progress::{Control, Counts, Watch};
use super::space::{Index, STATES_MAX, StateSpace};

/// How often a rule was at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// Steps taken by it, also to known states.
    pub fired: u64,
    /// Steps that led to a state for the first time.
    pub discovered: u64,
}

/// An exploration under way.
pub(super) struct Search<'m, 'c, M: Model, J> {
    model: &'m M,
    judge: &'m J,
    limits: Limits,
    index: Index,
    /// Kept from state to state, to allocate once.
    actions: Vec<M::Action>,
    pub(super) space: StateSpace<M::State>,
    pub(super) memory: Memory,
    pub(super) watch: Watch<'c>,
    pub(super) ledger: Ledger<M::Action>,
    pub(super) generated: usize,
    pub(super) rules: Vec<RuleCount>,
    pub(super) gauges: Vec<u32>,
}

impl<'m, 'c, M, J> Search<'m, 'c, M, J>
where
    M: Model,
    M::State: Eq + Hash,
    M::Action: Clone,
    J: Judge<M>,
{
    pub(super) fn new(model: &'m M, judge: &'m J, limits: Limits, control: Control<'c>) -> Self {
        let kinds: Vec<_> =
            (0..judge.properties().min(PROPERTIES_MAX)).map(|i| judge.kind(i)).collect();
        Search {
            model,
            judge,
            limits,
            index: Index::new(),
            actions: Vec::new(),
            space: StateSpace::new(),
            memory: Memory::new(limits.memory_bytes),
            watch: Watch::new(limits, control),
            ledger: Ledger::new(&kinds),
            generated: 0,
            rules: vec![RuleCount::default(); judge.rules()],
            gauges: vec![0; judge.gauges()],
        }
    }

    /// Explores level by level until nothing is new, or a limit is reached.
    pub(super) fn run(&mut self) -> Result<(), Stopped> {
        self.watch.pulse(|| counts(&self.space, self.generated, &self.memory))?;
        self.start()?;
        let mut level = 0..self.space.len();
        while !level.is_empty() {
            self.ledger.begin_level();
            let depth = self.space.depth();
            for state in level.clone() {
                self.watch.pulse(|| counts(&self.space, self.generated, &self.memory))?;
                self.expand(state as u32, depth)?;
            }
            level = level.end..self.space.len();
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), Stopped> {
        for state in self.model.init_states() {
            if !self.model.within_boundary(&state) {
                continue;
            }
            let hash = self.index.hash(&state);
            if self.index.find(&self.space, hash, &state).is_none() {
                self.discover((hash, state), None, 0)?;
            }
            self.generated += 1;
        }
        Ok(())
    }

    /// Generates the successors of a state, which is reached by `depth - 1` actions.
    fn expand(&mut self, source: u32, depth: usize) -> Result<(), Stopped> {
        let mut actions = std::mem::take(&mut self.actions);
        self.model.actions(self.state(source), &mut actions);
        let mut successors = 0;
        for action in actions.drain(..) {
            let next = self.model.next_state(self.state(source), action.clone());
            if let Some(next) = next.filter(|next| self.model.within_boundary(next)) {
                self.step(source, &action, next, depth)?;
                successors += 1;
            }
        }
        self.actions = actions;
        let marks = self.judge.on_expanded(self.model, self.state(source), successors);
        self.ledger.note(marks, source, None, depth - 1);
        self.space.end_row(&mut self.memory)
    }

    fn step(
        &mut self,
        source: u32,
        action: &M::Action,
        next: M::State,
        depth: usize,
    ) -> Result<(), Stopped> {
        let label = self.label(self.state(source), action, &next);
        let marks = self.judge.on_step(self.model, self.state(source), action, &next);
        self.ledger.note(marks, source, Some(action), depth);
        let hash = self.index.hash(&next);
        let known = self.index.find(&self.space, hash, &next);
        let target = match known {
            Some(target) => target,
            None => self.discover((hash, next), Some(source), depth)?,
        };
        self.generated += 1;
        if let Some(count) = self.rules.get_mut(label.rule as usize) {
            count.fired += 1;
            count.discovered += u64::from(known.is_none());
        }
        self.space.push_edge(target, label, &mut self.memory)
    }

    /// Stores a new state, which is reached by `depth` actions, if the limits allow one more.
    fn discover(
        &mut self,
        (hash, state): (u64, M::State),
        parent: Option<u32>,
        depth: usize,
    ) -> Result<u32, Stopped> {
        let states_max = self.limits.states.unwrap_or(STATES_MAX).min(STATES_MAX);
        if self.space.len() >= states_max {
            return Err(Stopped::States(states_max));
        }
        if let Some(limit) = self.limits.depth.filter(|&limit| depth >= limit) {
            return Err(Stopped::Depth(limit));
        }
        let number = self.index.insert(&mut self.space, (hash, state), parent, &mut self.memory)?;
        if depth == self.space.depth() {
            self.space.begin_level(number);
        }
        let state = &self.space[number];
        for (k, gauge) in self.gauges.iter_mut().enumerate() {
            *gauge = self.judge.gauge(k, state).max(*gauge);
        }
        let marks = self.judge.on_state(self.model, state);
        self.ledger.note(marks, number, None, depth);
        Ok(number)
    }

    fn label(&self, state: &M::State, action: &M::Action, next: &M::State) -> Label {
        let mut costs = [0; COSTS_MAX];
        for (k, cost) in costs.iter_mut().enumerate().take(self.judge.costs()) {
            *cost = self.judge.cost(k, state, action, next);
        }
        Label { rule: self.judge.rule(action) as u32, costs }
    }

    fn state(&self, number: u32) -> &M::State {
        &self.space[number]
    }

    /// Gives back what only the search needs.
    pub(super) fn forget_index(&mut self) {
        self.memory.release(self.index.bytes());
        self.index = Index::new();
    }
}

/// A free function, so that the watch can be borrowed beside what is counted.
pub(super) fn counts<S>(space: &StateSpace<S>, generated: usize, memory: &Memory) -> Counts {
    Counts {
        distinct: space.len(),
        generated,
        expanded: space.expanded(),
        depth: space.depth(),
        memory_bytes: memory.used(),
    }
}
