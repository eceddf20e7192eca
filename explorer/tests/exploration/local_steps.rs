//! Steps that are taken at once and alone: what is passed through is judged and counted, though it is not kept.

use failproof_explorer::{
    Control, Cost, Exploration, Explorer, Judge, Marks, Path, Reduction, Verdict,
};
use stateright::Model;

/// Two counters that know nothing of each other.
#[derive(Clone, Copy)]
struct Counters {
    public: u32,
    private: u32,
    /// States beyond it are out of the boundary.
    private_max: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Public,
    Private,
}

impl Model for Counters {
    type State = (u32, u32);
    type Action = Action;

    fn init_states(&self) -> Vec<(u32, u32)> {
        vec![(0, 0)]
    }

    fn actions(&self, &(public, private): &(u32, u32), actions: &mut Vec<Action>) {
        actions.extend((public < self.public).then_some(Action::Public));
        actions.extend((private < self.private).then_some(Action::Private));
    }

    fn next_state(&self, &(public, private): &(u32, u32), action: Action) -> Option<(u32, u32)> {
        Some(match action {
            Action::Public => (public + 1, private),
            Action::Private => (public, private + 1),
        })
    }

    fn within_boundary(&self, &(_, private): &(u32, u32)) -> bool {
        private <= self.private_max
    }
}

/// The private counter counts first.
struct PrivateFirst;

impl Reduction<Counters> for PrivateFirst {
    fn has_local_steps(&self) -> bool {
        true
    }

    fn local_step(&self, _: &Counters, _: &(u32, u32), enabled: &[Action]) -> Option<usize> {
        enabled.iter().position(|action| *action == Action::Private)
    }
}

/// Bad are private 2, the step to private 4, and an end.
struct Watched;

impl Judge<Counters> for Watched {
    fn properties(&self) -> usize {
        3
    }

    fn on_state(&self, _: &Counters, &(_, private): &(u32, u32)) -> Marks {
        Marks::NONE.with(0, true, private == 2)
    }

    fn on_step(&self, _: &Counters, _: &(u32, u32), _: &Action, next: &(u32, u32)) -> Marks {
        Marks::NONE.with(1, true, next.1 == 4)
    }

    fn on_expanded(&self, _: &Counters, _: &(u32, u32), successors: usize) -> Marks {
        Marks::NONE.with(2, true, successors == 0)
    }

    fn rules(&self) -> usize {
        2
    }

    fn rule(&self, action: &Action) -> usize {
        *action as usize
    }

    fn costs(&self) -> usize {
        1
    }

    fn gauges(&self) -> usize {
        1
    }

    fn gauge(&self, _: usize, &(_, private): &(u32, u32)) -> u32 {
        if private == 3 { 33 } else { private }
    }
}

fn explore(model: &Counters) -> Exploration<Action> {
    let explorer = Explorer::new(model, &Watched).reduction(&PrivateFirst);
    let (found, _) = explorer.explore(Control::default());
    assert_eq!(found.stopped, None);
    found
}

/// The last state of the violation of a property, after so many steps.
#[track_caller]
fn violation(
    model: &Counters,
    found: &Exploration<Action>,
    property: usize,
) -> (usize, (u32, u32)) {
    let finding = &found.findings[property];
    assert_eq!(finding.verdict, Verdict::Violated);
    let path: &Path<Action> = finding.violation.as_ref().unwrap();
    (path.actions.len(), *path.states(model).unwrap().last().unwrap())
}

#[test]
fn what_is_passed_through_is_judged_and_counted() {
    let model = Counters { public: 3, private: 6, private_max: 6 };
    let found = explore(&model);
    // The initial state, and then one for each value of the public counter.
    assert_eq!((found.distinct, found.generated, found.depth), (5, 5, 5));
    assert_eq!(violation(&model, &found, 0), (2, (0, 2)));
    assert_eq!(violation(&model, &found, 1), (4, (0, 4)));
    assert_eq!(violation(&model, &found, 2), (9, (3, 6)));
    assert_eq!(found.gauges, [33], "seen in a state that is not kept");
    let [public, private] = [found.rules[0], found.rules[1]];
    assert_eq!((public.enabled, public.fired, public.discovered), (6 + 3, 3, 3));
    assert_eq!((private.enabled, private.fired, private.discovered), (6, 6, 1));
}

#[test]
fn what_runs_cost_is_not_known() {
    let model = Counters { public: 3, private: 6, private_max: 6 };
    assert_eq!(explore(&model).costs, [Cost::Unknown]);
    let (plain, _) = Explorer::new(&model, &Watched).explore(Control::default());
    assert!(matches!(plain.costs[..], [Cost::Total { .. }]));
}

#[test]
fn a_local_step_out_of_the_boundary_is_none() {
    let model = Counters { public: 3, private: 6, private_max: 5 };
    let found = explore(&model);
    assert_eq!(found.distinct, 5, "where the private counter stops, the public one counts");
    assert_eq!(violation(&model, &found, 2), (8, (3, 5)));
    let stops_at_once = Counters { private_max: 0, ..model };
    assert_eq!(explore(&stops_at_once).distinct, 4);
}

#[test]
fn a_chain_that_is_too_long_is_kept_in_parts() {
    let model = Counters { public: 3, private: 10_000, private_max: u32::MAX };
    let found = explore(&model);
    assert_eq!(found.distinct, 7);
    assert_eq!(violation(&model, &found, 2), (10_003, (3, 10_000)));
    assert_eq!(found.rules[1].fired, 10_000);
}
