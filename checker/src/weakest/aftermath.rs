//! What the states are worth to which answers lead.

use std::collections::VecDeque;

use failproof_model::action::Action;
use failproof_model::state::State;
use failproof_properties::{Facts, Judgement, Property, Step};

use super::flaws::Flaws;
use super::graph::Graph;
use super::script::Interview;

/// All that can happen after an answer, judged once for all answers.
pub(super) struct Aftermath<'g, 'm, const V: usize> {
    graph: &'g Graph<'m, V>,
    judges: Judges<'g, V>,
    /// Of every state, whether no run from it on succeeds.
    lost: Vec<bool>,
    /// Of every state, what can go wrong from it on.
    ahead: Vec<Flaws>,
}

/// Who says what is wrong with a step.
struct Judges<'g, const V: usize> {
    facts: &'g Facts<V>,
    transparent: Box<dyn Property<V>>,
    interview: &'g Interview<V>,
}

impl<'g, 'm, const V: usize> Aftermath<'g, 'm, V> {
    /// Judges all states of a graph; none if the catalogue has not the properties that are asked for.
    pub(super) fn of(
        graph: &'g Graph<'m, V>,
        facts: &'g Facts<V>,
        interview: &'g Interview<V>,
    ) -> Option<Self> {
        let transparent = property("outcome-is-transparent")?;
        let succeeds = property("job-can-still-succeed")?;
        let judges = Judges { facts, transparent, interview };
        let sources = Sources::of(graph);
        let states = 0..graph.len() as u32;
        let goals = states.clone().filter(|&s| succeeds.is_goal(facts, &graph.state(s)));
        let hopeful = sources.all_before(goals);
        let lost: Vec<bool> = hopeful.into_iter().map(|it| !it).collect();
        let mut aftermath = Aftermath { graph, judges, lost, ahead: Vec::new() };
        let own: Vec<Flaws> = states.map(|state| aftermath.own(state)).collect();
        aftermath.ahead = sources.gathered(own);
        Some(aftermath)
    }

    /// What can go wrong from a state on.
    pub(super) fn flaws(&self, state: u32) -> Flaws {
        self.ahead[state as usize]
    }

    /// A shortest run from a state on to one of these flaws, and which it is; none if there is none.
    pub(super) fn run_to(&self, from: u32, asked: Flaws) -> Option<(Vec<Action>, Flaws)> {
        let mut parents = vec![None; self.graph.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if self.lost[at as usize] && asked.has(Flaws::HANGS) {
                return Some((back(&parents, at), Flaws::HANGS));
            }
            let state = self.graph.state(at);
            for (action, target) in self.graph.steps(at) {
                let found =
                    self.judges.of_step(&state, action, &self.graph.state(target)).and(asked);
                if found != Flaws::NONE {
                    let mut way = back(&parents, at);
                    way.push(action);
                    return Some((way, found));
                }
                if target != from && parents[target as usize].is_none() {
                    parents[target as usize] = Some((at, action));
                    queue.push_back(target);
                }
            }
        }
        None
    }

    /// What is wrong with a state or with a step out of it.
    fn own(&self, number: u32) -> Flaws {
        let state = self.graph.state(number);
        let steps = self.graph.steps(number).into_iter();
        let steps = steps
            .map(|(action, next)| self.judges.of_step(&state, action, &self.graph.state(next)));
        let lost = if self.lost[number as usize] { Flaws::HANGS } else { Flaws::NONE };
        steps.fold(lost, Flaws::or)
    }
}

impl<const V: usize> Judges<'_, V> {
    fn of_step(&self, state: &State<V>, action: Action, next: &State<V>) -> Flaws {
        let step = Step { state, action, next };
        let wrong = self.transparent.on_step(self.facts, &step) == Judgement::Violated;
        let failing = self.interview.asked(state, action, next);
        let bereft = !failing.is_empty() && turns_to_outdated(state, action);
        let own = [(wrong, Flaws::WRONG), (bereft, Flaws::BEREFT)];
        let own = own.into_iter().filter(|(is, _)| *is).map(|(_, flaw)| flaw);
        own.chain(failing.iter().map(|asked| Flaws::fails(asked.books.failed)))
            .fold(Flaws::NONE, Flaws::or)
    }
}

/// The steps that have led to a state.
fn back(parents: &[Option<(u32, Action)>], mut at: u32) -> Vec<Action> {
    let mut way = Vec::new();
    while let Some((parent, action)) = parents[at as usize] {
        way.push(action);
        at = parent;
    }
    way.reverse();
    way
}

/// Whether a task turns to an attempt of its producer that is not the current one.
fn turns_to_outdated<const V: usize>(state: &State<V>, action: Action) -> bool {
    match action {
        Action::MissPartition { vertex, input } => {
            state.tasks[usize::from(vertex)].outdated >> input & 1 == 1
        }
        _ => false,
    }
}

fn property<const V: usize>(id: &str) -> Option<Box<dyn Property<V>>> {
    failproof_properties::all().into_iter().find(|property| property.about().id == id)
}

/// Of every state, where steps into it come from.
struct Sources {
    states: usize,
    /// Target and source of every step, in this order.
    steps: Vec<(u32, u32)>,
}

impl Sources {
    fn of<const V: usize>(graph: &Graph<'_, V>) -> Sources {
        let from = |source: u32| graph.targets(source).map(move |target| (target, source));
        let mut steps: Vec<(u32, u32)> = (0..graph.len() as u32).flat_map(from).collect();
        steps.sort_unstable();
        Sources { states: graph.len(), steps }
    }

    fn leading_to(&self, target: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.steps.partition_point(|&(to, _)| to < target);
        let steps = self.steps[first..].iter().take_while(move |&&(to, _)| to == target);
        steps.map(|&(_, source)| source)
    }

    /// Of every state, whether some run leads from it to one of these.
    fn all_before(&self, goals: impl Iterator<Item = u32>) -> Vec<bool> {
        let mut before = vec![false; self.states];
        let mut unseen: Vec<u32> = goals.collect();
        unseen.iter().for_each(|&goal| before[goal as usize] = true);
        while let Some(state) = unseen.pop() {
            for source in self.leading_to(state) {
                if !std::mem::replace(&mut before[source as usize], true) {
                    unseen.push(source);
                }
            }
        }
        before
    }

    /// Of every state, its own flaws and those of all that can be reached from it.
    fn gathered(&self, own: Vec<Flaws>) -> Vec<Flaws> {
        let mut ahead = own;
        let mut changed: Vec<u32> = (0..self.states as u32).collect();
        while let Some(state) = changed.pop() {
            for source in self.leading_to(state) {
                let more = ahead[source as usize].or(ahead[state as usize]);
                if more != ahead[source as usize] {
                    ahead[source as usize] = more;
                    changed.push(source);
                }
            }
        }
        ahead
    }
}
