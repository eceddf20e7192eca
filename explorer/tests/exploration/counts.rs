//! Exact counts of models that other checkers have counted too, by both engines.

use std::sync::Arc;

use failproof_explorer::reference_models::region_failover::{self, Consistency, RegionFailover};
use failproof_explorer::reference_models::two_phase_commit::{Agreement, TwoPhaseCommit};
use failproof_explorer::{Control, Exploration, Judge, Limits, Verdict, explore, second_engine};

/// Explores a region failover model by both engines: distinct states, generated ones and depth are as expected.
fn region_failover(
    size: region_failover::Size,
    expected: (usize, usize, usize),
) -> Exploration<region_failover::Action> {
    let model = RegionFailover::new(size);
    let (result, _) = explore(&model, &Consistency, Limits::default(), Control::default());
    assert_eq!(result.stopped, None);
    assert_eq!((result.distinct, result.generated, result.depth), expected);
    let model = Arc::new(model);
    let counts = second_engine::count(Arc::clone(&model));
    assert_eq!((counts.distinct, counts.generated, counts.depth), expected);
    let violated = second_engine::violated(model, Arc::new(Consistency));
    assert_eq!(violated, [result.findings[0].verdict == Verdict::Violated]);
    result
}

#[test]
fn region_failover_tiny() {
    let result = region_failover(region_failover::TINY, (40_835, 95_813, 23));
    assert_eq!(result.findings[0].verdict, Verdict::Holds);
}

#[test]
fn region_failover_a() {
    let result = region_failover(region_failover::A, (176_691, 471_527, 26));
    assert_eq!(result.findings[0].verdict, Verdict::Holds);
    assert_eq!(result.rules.iter().map(|rule| rule.fired).sum::<u64>(), 471_526);
    assert_eq!(result.rules.iter().map(|rule| rule.discovered).sum::<u64>(), 176_690);
    assert_eq!(result.levels.iter().sum::<usize>(), 176_691);
}

#[test]
fn region_failover_a_with_the_bug() {
    let result = region_failover(region_failover::A_WITH_THE_BUG, (287_893, 736_831, 27));
    let finding = &result.findings[0];
    assert_eq!(finding.verdict, Verdict::Violated);
    let violation = finding.violation.as_ref().unwrap();
    assert_eq!(violation.actions.len(), 17);
    let model = RegionFailover::new(region_failover::A_WITH_THE_BUG);
    let states = violation.states(&model).unwrap();
    let is_bad = |state| Consistency.on_state(&model, state).violated == 1;
    assert_eq!(states.iter().position(is_bad), Some(17), "only the last state is bad");
}

#[test]
fn two_phase_commit_of_three_and_five() {
    for (participants, expected) in [(3, (288, 1_146)), (5, (8_832, 58_146))] {
        let model = TwoPhaseCommit { participants };
        let (result, _) = explore(&model, &Agreement, Limits::default(), Control::default());
        assert_eq!((result.distinct, result.generated), expected);
        assert_eq!(result.findings[0].verdict, Verdict::Holds);
        let counts = second_engine::count(Arc::new(model));
        assert_eq!((counts.distinct, counts.generated), expected);
        assert_eq!(counts.depth, result.depth);
    }
}
