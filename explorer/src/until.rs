//! Whether every run comes to a goal, fair or not: a violation is a run that avoids it, to an end or in a circle.
//!
//! A model is explored no further than to its goals. What is then reachable is reachable without a goal, so an end
//! that is none is a violation, and so is every circle: it leads through no goal, as no step leads out of one. Cycles
//! and paths that join need no care of their own, as they would if goals were remembered along paths.

use std::borrow::Cow;

use stateright::Model;

use super::explorable::Explorable;
use super::explorer::Explorer;
use super::judge::{Judge, Marks};
use super::limits::{Limits, Stopped};
use super::path::{Origin, Path};
use super::progress::Control;
use super::space::StateSpace;
use super::store::Store;

/// Whether a state is a goal.
pub(super) type IsGoal<M> = fn(&M, &<M as Model>::State) -> bool;

/// What is known of the runs that avoid a goal.
pub(super) struct Avoiding<A> {
    /// One of them: to an end, or once round a circle back to a state in which it has been before.
    pub(super) violation: Option<Path<A>>,
    /// Why not all were seen.
    pub(super) stopped: Option<Stopped>,
}

/// Looks for a run of `model` that avoids all states that `is_goal`.
pub(super) fn avoiding<M, S>(
    model: &M,
    is_goal: IsGoal<M>,
    store: &S,
    limits: Limits,
    threads: usize,
) -> Avoiding<M::Action>
where
    M: Explorable,
    S: Store<M>,
{
    let (until, store) = (Until { model, is_goal }, StoreUntil(store));
    let explorer = Explorer::new(&until, &Ends).store(&store).limits(limits);
    let explorer = explorer.threads(threads).keep_steps();
    let origin = explorer.origin();
    let (exploration, space) = explorer.explore(Control::default());
    let end = exploration.findings.into_iter().next().and_then(|finding| finding.violation);
    let round = || around(&origin, &space, &circle(&space)?);
    Avoiding { violation: end.or_else(round), stopped: exploration.stopped }
}

/// Property 0: no state is an end, unless it is a goal.
struct Ends;

impl<M: Model> Judge<Until<'_, M>> for Ends {
    fn properties(&self) -> usize {
        1
    }

    fn on_expanded(&self, until: &Until<'_, M>, state: &M::State, successors: usize) -> Marks {
        Marks::NONE.with(0, false, successors == 0 && !until.is_goal(state))
    }
}

/// A model whose goals lead nowhere.
struct Until<'m, M: Model> {
    model: &'m M,
    is_goal: IsGoal<M>,
}

impl<M: Model> Until<'_, M> {
    fn is_goal(&self, state: &M::State) -> bool {
        (self.is_goal)(self.model, state)
    }
}

impl<M: Model> Model for Until<'_, M> {
    type State = M::State;
    type Action = M::Action;

    fn init_states(&self) -> Vec<M::State> {
        self.model.init_states()
    }

    fn actions(&self, state: &M::State, actions: &mut Vec<M::Action>) {
        if !self.is_goal(state) {
            self.model.actions(state, actions);
        }
    }

    fn next_state(&self, last: &M::State, action: M::Action) -> Option<M::State> {
        self.model.next_state(last, action)
    }

    fn within_boundary(&self, state: &M::State) -> bool {
        self.model.within_boundary(state)
    }
}

/// Keeps of states what is kept of those of the whole model.
struct StoreUntil<'s, S>(&'s S);

impl<'m, M: Model, S: Store<M>> Store<Until<'m, M>> for StoreUntil<'_, S> {
    type Key = S::Key;
    type Rows = S::Rows;

    const FINGERPRINT_BITS: Option<u32> = S::FINGERPRINT_BITS;

    fn close(&self, until: &Until<'m, M>, state: M::State, rows: &mut S::Rows) -> S::Key {
        self.0.close(until.model, state, rows)
    }

    fn open<'a>(
        &self,
        until: &Until<'m, M>,
        key: &'a S::Key,
        rows: &'a S::Rows,
        at: usize,
    ) -> Cow<'a, M::State>
    where
        M::State: Clone,
    {
        self.0.open(until.model, key, rows, at)
    }

    fn hash(&self, key: &S::Key) -> u64 {
        self.0.hash(key)
    }
}

/// The states of a circle in their order, if there is one: going deep, the first step back to a state of the way.
fn circle<K>(space: &StateSpace<K>) -> Option<Vec<u32>> {
    let mut position = vec![UNSEEN; space.len()];
    for first in 0..space.len() {
        if position[first] != UNSEEN {
            continue;
        }
        let mut way = vec![(first, space.row(first))];
        position[first] = 0;
        while let Some((state, steps)) = way.last_mut() {
            let Some(step) = steps.next() else {
                position[*state] = LEFT;
                way.pop();
                continue;
            };
            let target = space.target(step) as usize;
            match position[target] {
                UNSEEN => {
                    position[target] = way.len();
                    way.push((target, space.row(target)));
                }
                LEFT => {}
                back => return Some(way[back..].iter().map(|(state, _)| *state as u32).collect()),
            }
        }
    }
    None
}

/// Stand for positions: not reached yet, and left again.
const UNSEEN: usize = usize::MAX;
const LEFT: usize = usize::MAX - 1;

/// A shortest run to the first state of a circle, and once round it.
fn around<M, S>(
    origin: &Origin<'_, M, S, ()>,
    space: &StateSpace<S::Key>,
    circle: &[u32],
) -> Option<Path<M::Action>>
where
    M: Explorable,
    S: Store<M>,
{
    let (mut path, mut last) = origin.run(space, *circle.first()?)?;
    for &number in circle.iter().skip(1).chain(circle.first()) {
        let key = space.get(number)?;
        let mut steps = origin.model.next_steps(&last).into_iter();
        let is_wanted = |state: &M::State| {
            origin.store.close(origin.model, state.clone(), &mut S::Rows::default()) == *key
        };
        let (action, next) = steps.find(|(_, next)| is_wanted(next))?;
        path.actions.push(action);
        last = next;
    }
    Some(path)
}
