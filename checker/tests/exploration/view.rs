//! States with equal views behave alike: they have the same actions, which lead to equal views, and are judged alike.

use std::sync::Arc;

use failproof_checker::explore::{Control, Judge, Limits, explore};
use failproof_checker::run::{Options, Properties, WithModel, free_outcomes, with_model};
use failproof_checker::scenario_file::{Surroundings, builtin, parse};
use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_properties::Facts;

/// Larger scenarios are left out: what there is to a view is in these.
const STATES_MAX: usize = 20_000;

/// What is asked of a state and of its view.
struct Asked<const V: usize> {
    model: Arc<Failover<V>>,
    judge: Properties<V>,
}

impl<const V: usize> Asked<V> {
    fn new(model: Failover<V>) -> Self {
        let free = free_outcomes(&model, &Options::default(), Control::default()).unwrap();
        let model = Arc::new(model);
        let facts = Facts { model: Arc::clone(&model), free: free.unwrap() };
        Asked { model, judge: Properties::new(facts) }
    }

    /// Whether a state and its view behave alike.
    #[track_caller]
    fn is_alike(&self, state: &State<V>, view: &State<V>) {
        let Asked { model, judge } = self;
        let enabled: Vec<Action> = model.enabled(state);
        assert_eq!(enabled, model.enabled(view));
        let expanded = |it| judge.on_expanded(model, it, model.relied_on(it));
        assert_eq!(expanded(state), expanded(view));
        for property in 0..judge.properties() {
            let about = |it| {
                let is_goal = judge.is_goal(property, model, it);
                (is_goal, judge.is_premise(property, model, it))
            };
            assert_eq!(about(state), about(view));
        }
        for action in enabled {
            let (next, of_view) = (model.apply(state, action), model.apply(view, action));
            assert_eq!(model.view(&next), model.view(&of_view), "{action:?} in {state:?}");
            let by_step = judge.on_step(model, state, &action, &next);
            assert_eq!(by_step, judge.on_step(model, view, &action, &model.view(&of_view)));
            assert_eq!(judge.fairness(state, &action), judge.fairness(view, &action));
            for cost in 0..judge.costs() {
                let of_step = judge.cost(cost, state, &action, &next);
                assert_eq!(of_step, judge.cost(cost, view, &action, &of_view));
            }
        }
        assert_eq!(judge.gauge(0, state), judge.gauge(0, view));
    }
}

/// Counts the states whose view is another one; nothing of a scenario that is too large.
struct Compare;

impl WithModel for Compare {
    type Output = Option<usize>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        let asked = Asked::new(model);
        let limits = Limits { states: Some(STATES_MAX), ..Limits::default() };
        let (found, space) = explore(&*asked.model, &(), limits, Control::default());
        if found.stopped.is_some() {
            return None;
        }
        let views = space.keys().map(|state| (state, asked.model.view(state)));
        let others = views.filter(|(state, view)| view != *state);
        Some(others.map(|(state, view)| asked.is_alike(state, &view)).count())
    }
}

#[test]
fn a_state_and_its_view_behave_alike() {
    let (mut scenarios, mut states) = (0, 0);
    for (name, text) in builtin() {
        let scenario = parse(name, text, &Surroundings::real()).unwrap().scenario;
        if let Some(others) = with_model(&scenario, Compare).unwrap() {
            (scenarios, states) = (scenarios + usize::from(others > 0), states + others);
        }
    }
    assert!(scenarios > 80 && states > 100_000, "{states} states in {scenarios} scenarios");
}
