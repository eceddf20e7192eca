//! Exact counts of models that other checkers have counted too, by both engines.

use std::sync::Arc;

use failproof_explorer::reference_models::paxos::{OneValue, Paxos};
use failproof_explorer::reference_models::region_failover::{self, Consistency, RegionFailover};
use failproof_explorer::reference_models::two_phase_commit::{Agreement, TwoPhaseCommit};
use failproof_explorer::{
    Control, Exploration, Explorer, Judge, Limits, Packed, Verdict, explore, second_engine,
};

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
fn region_failover_b() {
    let result = region_failover(region_failover::B, (1_319_118, 5_280_227, 35));
    assert_eq!(result.findings[0].verdict, Verdict::Holds);
}

/// Packed, and not judged by the second engine: each takes some seconds as it is.
#[test]
fn region_failover_l() {
    let model = RegionFailover::new(region_failover::L);
    let explorer = Explorer::new(&model, &Consistency).store(&Packed).threads(2);
    let (result, _) = explorer.explore(Control::default());
    assert_eq!(result.stopped, None);
    assert_eq!((result.distinct, result.generated, result.depth), (7_876_133, 19_923_395, 42));
    assert_eq!(result.findings[0].verdict, Verdict::Holds);
    let counts = second_engine::count(Arc::new(model));
    assert_eq!((counts.distinct, counts.generated, counts.depth), (7_876_133, 19_923_395, 42));
}

#[test]
fn two_phase_commit() {
    let expected = [(3, (288, 1_146, 11)), (5, (8_832, 58_146, 17)), (7, (296_448, 2_744_706, 23))];
    for (participants, expected) in expected {
        let model = TwoPhaseCommit { participants };
        let (result, _) = explore(&model, &Agreement, Limits::default(), Control::default());
        assert_eq!((result.distinct, result.generated, result.depth), expected);
        assert_eq!(result.findings[0].verdict, Verdict::Holds);
        let model = Arc::new(model);
        let counts = second_engine::count(Arc::clone(&model));
        assert_eq!((counts.distinct, counts.generated, counts.depth), expected);
        assert_eq!(second_engine::violated(model, Arc::new(Agreement)), [false]);
    }
}

/// Explores Paxos by both engines; returns the steps of the violation that both find.
fn paxos(model: Paxos, expected: (usize, usize, usize)) -> Option<usize> {
    let (result, _) = explore(&model, &OneValue, Limits::default(), Control::default());
    assert_eq!((result.distinct, result.generated, result.depth), expected);
    let model = Arc::new(model);
    let counts = second_engine::count(Arc::clone(&model));
    assert_eq!((counts.distinct, counts.generated, counts.depth), expected);
    let finding = &result.findings[0];
    let violated = second_engine::violated(model, Arc::new(OneValue));
    assert_eq!(violated, [finding.verdict == Verdict::Violated]);
    assert!(finding.witness.is_some());
    finding.violation.as_ref().map(|path| path.actions.len())
}

#[test]
fn paxos_of_two_and_three_clients() {
    assert_eq!(paxos(Paxos { clients: 2, forgetful: false }, (4_761, 12_307, 19)), None);
    assert_eq!(paxos(Paxos { clients: 3, forgetful: false }, (328_509, 986_392, 28)), None);
}

#[test]
fn paxos_with_the_bug() {
    let violation = paxos(Paxos { clients: 2, forgetful: true }, (4_761, 12_307, 19));
    assert_eq!(violation, Some(14));
}
