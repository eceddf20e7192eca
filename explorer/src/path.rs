//! Runs of a model, and how they are found again in what is kept of its states.

use stateright::Model;

use super::expand::{LOCAL_STEPS_MAX, local_step};
use super::explorable::Explorable;
use super::lasso::Hop;
use super::reduction::Reduction;
use super::space::StateSpace;
use super::store::Store;

/// A run from an initial state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<A> {
    /// Position of its first state among the model's `init_states`.
    pub initial: usize,
    /// Its steps.
    pub actions: Vec<A>,
}

impl<A: Clone> Path<A> {
    /// The states of this run, one more than it has actions. None if `model` has no such run.
    pub fn states<M>(&self, model: &M) -> Option<Vec<M::State>>
    where
        M: Model<Action = A>,
        A: PartialEq,
    {
        let mut states = vec![model.init_states().into_iter().nth(self.initial)?];
        let mut enabled = Vec::new();
        for action in &self.actions {
            let last = states.last()?;
            enabled.clear();
            model.actions(last, &mut enabled);
            enabled.contains(action).then_some(())?;
            let next = model.next_state(last, action.clone())?;
            states.push(next);
        }
        Some(states)
    }
}

/// How the states of a space were made: by which model, what was kept of them, and how they were reduced.
#[derive(Debug)]
pub struct Origin<'m, M, S, R> {
    /// The model that was explored.
    pub model: &'m M,
    /// What was kept of its states.
    pub store: &'m S,
    /// How they were reduced.
    pub reduction: &'m R,
}

/// The end of a run: the run, and its last state.
pub(super) type Run<M> = (Path<<M as Model>::Action>, <M as Model>::State);

impl<M, S, R> Origin<'_, M, S, R>
where
    M: Explorable,
    S: Store<M>,
    R: Reduction<M>,
{
    /// The run by which a state, or one that is taken for the same, was first reached: one of the shortest. None if
    /// there is no such state, or if the model is not the one that was explored.
    pub fn path(&self, space: &StateSpace<S::Key>, state: u32) -> Option<Path<M::Action>> {
        Some(self.run(space, state)?.0)
    }

    pub(super) fn run(&self, space: &StateSpace<S::Key>, state: u32) -> Option<Run<M>> {
        let mut chain = vec![state];
        while let Some(parent) = space.parent(*chain.last()?) {
            chain.push(parent);
        }
        let first = space.get(chain.pop()?)?;
        let mut initial_states = self.model.init_states().into_iter().enumerate();
        let (initial, mut last) = initial_states.find(|(_, state)| self.key(state) == *first)?;
        let mut actions = Vec::new();
        for number in chain.into_iter().rev() {
            last = self.step_to(last, space.get(number)?, &mut actions)?;
        }
        Some((Path { initial, actions }, last))
    }

    /// A run, and then these steps; `class_of` tells classes of actions.
    pub(super) fn go_on(
        &self,
        space: &StateSpace<S::Key>,
        (mut path, mut last): Run<M>,
        hops: &[Hop],
        class_of: impl Fn(&M::State, &M::Action) -> Option<u8>,
    ) -> Option<Run<M>> {
        for hop in hops {
            let key = space.get(hop.state)?;
            let is_it = |action: &M::Action, next: &M::State| {
                (hop.class.is_none() || class_of(&last, action) == hop.class)
                    && self.key(next) == *key
            };
            let (action, next) = self.step(&last, is_it)?;
            path.actions.push(action);
            last = next;
        }
        Some((path, last))
    }

    /// Goes on to a state with that key, by one action and the local steps that follow.
    fn step_to(
        &self,
        state: M::State,
        key: &S::Key,
        actions: &mut Vec<M::Action>,
    ) -> Option<M::State> {
        let mut enabled = Vec::new();
        self.model.actions(&state, &mut enabled);
        enabled.into_iter().find_map(|action| {
            let mut run = vec![action.clone()];
            let mut last = self.model.next_state(&state, action)?;
            for _ in 0..LOCAL_STEPS_MAX {
                let Some((action, next)) = self.local_step(&last) else { break };
                run.push(action);
                last = next;
            }
            (self.key(&last) == *key).then(|| {
                actions.append(&mut run);
                last
            })
        })
    }

    /// A step out of `state` that looks as the local step out of the state that is kept for it.
    fn local_step(&self, state: &M::State) -> Option<(M::Action, M::State)> {
        if !self.reduction.has_local_steps() {
            return None;
        }
        let kept = self.kept(state);
        let mut enabled = Vec::new();
        self.model.actions(&kept, &mut enabled);
        let (_, next) = local_step(self.model, self.reduction, &kept, &enabled)?;
        let key = self.key(&next);
        self.step(state, |_, next| self.key(next) == key)
    }

    /// Steps out of `state`: one that stands for action `position` of the state that is kept for `state`, then local
    /// ones, up to the first step that is `the_step`, or to the first state passed through that is `the_state`.
    pub(super) fn last_steps(
        &self,
        state: &M::State,
        position: u32,
        the_step: impl Fn(&M::State, &M::Action, &M::State) -> bool,
        the_state: impl Fn(&M::State) -> bool,
    ) -> Option<Vec<M::Action>> {
        let kept = self.kept(state);
        let mut enabled = Vec::new();
        self.model.actions(&kept, &mut enabled);
        let action = enabled.into_iter().nth(position as usize)?;
        let key = self.key(&self.model.next_state(&kept, action)?);
        let alike = |next: &M::State| self.key(next) == key;
        let at_once = self.step(state, |action, next| alike(next) && the_step(state, action, next));
        if let Some((action, _)) = at_once {
            return Some(vec![action]);
        }
        let (action, mut last) = self.step(state, |_, next| alike(next))?;
        let mut actions = vec![action];
        for _ in 0..LOCAL_STEPS_MAX {
            let (action, next) = self.local_step(&last)?;
            if the_state(&last) {
                return Some(actions);
            }
            let found = the_step(&last, &action, &next);
            actions.push(action);
            if found {
                return Some(actions);
            }
            last = next;
        }
        None
    }

    /// The first step out of `state` that is accepted.
    fn step(
        &self,
        state: &M::State,
        accept: impl Fn(&M::Action, &M::State) -> bool,
    ) -> Option<(M::Action, M::State)> {
        let mut enabled = Vec::new();
        self.model.actions(state, &mut enabled);
        enabled.into_iter().find_map(|action| {
            let next = self.model.next_state(state, action.clone())?;
            accept(&action, &next).then_some((action, next))
        })
    }

    /// The state that stands for this one.
    fn kept(&self, state: &M::State) -> M::State {
        let mut kept = state.clone();
        self.reduction.make_canonical(self.model, &mut kept);
        kept
    }

    fn key(&self, state: &M::State) -> S::Key {
        let kept = self.kept(state);
        self.store.close(self.model, kept, &mut S::Rows::default())
    }
}
