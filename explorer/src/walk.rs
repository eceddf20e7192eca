//! One random walk: what it sees until it ends.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use stateright::Model;

use super::judge::{Judge, Kind, Marks, PROPERTIES_MAX, is_mishap};
use super::path::Path;
use super::progress::Deadline;
use super::random::SplitMix64;
use super::simulate::{RuleUse, Walks};

/// Steps between two looks at the clock.
const LOOK_EVERY: usize = 32;

/// What all walks have in common.
pub(super) struct Ground<'a, M: Model, J> {
    model: &'a M,
    pub(super) judge: &'a J,
    pub(super) walks: &'a Walks,
    deadline: Deadline<'a>,
    /// Those within the boundary, with their positions among all that the model lists.
    initial: Vec<(usize, M::State)>,
}

impl<'a, M: Model, J: Judge<M>> Ground<'a, M, J> {
    pub(super) fn new(
        model: &'a M,
        judge: &'a J,
        walks: &'a Walks,
        deadline: Deadline<'a>,
    ) -> Self {
        let initial = model.init_states().into_iter().enumerate();
        let initial = initial.filter(|(_, state)| model.within_boundary(state)).collect();
        Ground { model, judge, walks, deadline, initial }
    }

    /// Whether there is nowhere to begin.
    pub(super) fn is_empty(&self) -> bool {
        self.initial.is_empty()
    }
}

/// What one walk has seen.
pub(super) struct Walk<A> {
    pub(super) end: WalkEnd,
    pub(super) steps: usize,
    /// Fingerprints of its states.
    pub(super) seen: Vec<u64>,
    /// Where marks were made that no shorter path was known to.
    pub(super) sightings: Vec<Sighting<A>>,
    pub(super) rules: Vec<RuleUse>,
    pub(super) gauges: Vec<u32>,
}

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WalkEnd {
    /// In a state without successors.
    Stuck,
    /// After as many steps as it may have.
    CutOff,
    /// It was told to stop before it was through.
    GaveUp,
}

/// Marks, and a path to where they were made.
pub(super) struct Sighting<A> {
    pub(super) marks: Marks,
    pub(super) path: Path<A>,
}

/// The length of the shortest known path to each mark.
#[derive(Clone)]
pub(super) struct Shortest {
    triggered: Vec<usize>,
    violated: Vec<usize>,
}

impl Shortest {
    /// Nothing is known yet. Marks that a walk cannot decide about are of no length at all, so that none is shorter.
    pub(super) fn new<M: Model, J: Judge<M>>(ground: &Ground<'_, M, J>) -> Self {
        let known = ground.judge.properties().min(PROPERTIES_MAX);
        let is_safety = |property| ground.judge.kind(property) == Kind::Safety;
        let violated = (0..known).map(|property| if is_safety(property) { usize::MAX } else { 0 });
        Shortest { triggered: vec![usize::MAX; known], violated: violated.collect() }
    }

    pub(super) fn properties(&self) -> usize {
        self.triggered.len()
    }

    /// The marks to which no path as short as this one was known.
    pub(super) fn note(&mut self, marks: Marks, steps: usize) -> Marks {
        Marks {
            triggered: shorter(&mut self.triggered, marks.triggered, steps),
            violated: shorter(&mut self.violated, marks.violated, steps),
        }
    }
}

fn shorter(known: &mut [usize], mut bits: u64, steps: usize) -> u64 {
    let mut new = 0;
    while bits != 0 {
        let property = bits.trailing_zeros() as usize;
        bits &= bits - 1;
        if let Some(known) = known.get_mut(property).filter(|known| steps < **known) {
            *known = steps;
            new |= 1 << property;
        }
    }
    new
}

/// Takes one walk after the other.
pub(super) struct Walker<M: Model> {
    actions: Vec<M::Action>,
    successors: Vec<(M::Action, M::State)>,
}

impl<M> Walker<M>
where
    M: Model,
    M::State: Clone + Hash,
    M::Action: Clone,
{
    pub(super) fn new() -> Self {
        Walker { actions: Vec::new(), successors: Vec::new() }
    }

    /// Takes walk `number`; paths that are no shorter than the shortest known are not kept.
    pub(super) fn walk<J: Judge<M>>(
        &mut self,
        ground: &Ground<'_, M, J>,
        number: u64,
        shortest: &Shortest,
    ) -> Walk<M::Action> {
        let Ground { model, judge, walks, .. } = *ground;
        let mut random = SplitMix64::split(walks.seed, number);
        let (initial, first) = &ground.initial[random.below(ground.initial.len())];
        let mut notes = Notes::new(judge, *initial, shortest.clone());
        let mut state = first.clone();
        let end = loop {
            notes.see(judge, &state);
            notes.note(judge.on_state(model, &state));
            self.expand(ground, &state, &mut notes.walk.rules);
            let relied_on = self.successors.iter().filter(|(action, _)| !is_mishap(judge, action));
            notes.note(judge.on_expanded(model, &state, relied_on.count()));
            if self.successors.is_empty() {
                break WalkEnd::Stuck;
            }
            if notes.walk.steps >= walks.steps {
                break WalkEnd::CutOff;
            }
            if notes.walk.steps % LOOK_EVERY == 0 && ground.deadline.has_passed() {
                break WalkEnd::GaveUp;
            }
            let chosen = random.below(self.successors.len());
            let (action, next) = self.successors.swap_remove(chosen);
            let marks = judge.on_step(model, &state, &action, &next);
            notes.step(judge, action);
            notes.note(marks);
            state = next;
        };
        Walk { end, ..notes.walk }
    }

    /// All steps out of a state: a judge is told how many there are.
    fn expand<J: Judge<M>>(
        &mut self,
        ground: &Ground<'_, M, J>,
        state: &M::State,
        rules: &mut [RuleUse],
    ) {
        let Ground { model, judge, .. } = *ground;
        self.successors.clear();
        self.actions.clear();
        model.actions(state, &mut self.actions);
        for action in self.actions.drain(..) {
            if let Some(rule) = rule_of(judge, &action, rules) {
                rule.enabled += 1;
            }
            let next = model.next_state(state, action.clone());
            if let Some(next) = next.filter(|next| model.within_boundary(next)) {
                self.successors.push((action, next));
            }
        }
    }
}

/// The use of the rule of an action, if it is counted.
fn rule_of<'r, M: Model, J: Judge<M>>(
    judge: &J,
    action: &M::Action,
    rules: &'r mut [RuleUse],
) -> Option<&'r mut RuleUse> {
    if rules.is_empty() { None } else { rules.get_mut(judge.rule(action)) }
}

/// What a walk under way has seen.
struct Notes<A> {
    walk: Walk<A>,
    path: Path<A>,
    shortest: Shortest,
}

impl<A: Clone> Notes<A> {
    fn new<M: Model<Action = A>, J: Judge<M>>(
        judge: &J,
        initial: usize,
        shortest: Shortest,
    ) -> Self {
        let walk = Walk {
            end: WalkEnd::GaveUp,
            steps: 0,
            seen: Vec::new(),
            sightings: Vec::new(),
            rules: vec![RuleUse::default(); judge.rules()],
            gauges: vec![0; judge.gauges()],
        };
        Notes { walk, path: Path { initial, actions: Vec::new() }, shortest }
    }

    fn see<M: Model<Action = A>, J: Judge<M>>(&mut self, judge: &J, state: &M::State)
    where
        M::State: Hash,
    {
        self.walk.seen.push(FixedState::default().hash_one(state));
        for (k, most) in self.walk.gauges.iter_mut().enumerate() {
            *most = judge.gauge(k, state).max(*most);
        }
    }

    fn step<M: Model<Action = A>, J: Judge<M>>(&mut self, judge: &J, action: A) {
        if let Some(rule) = rule_of(judge, &action, &mut self.walk.rules) {
            rule.fired += 1;
        }
        self.path.actions.push(action);
        self.walk.steps += 1;
    }

    fn note(&mut self, marks: Marks) {
        let marks = self.shortest.note(marks, self.walk.steps);
        if marks != Marks::NONE {
            self.walk.sightings.push(Sighting { marks, path: self.path.clone() });
        }
    }
}
