//! Rules about slots that are broken on purpose, and what holds of the same scenarios when they are kept.

use failproof_checker::explore::Control;
use failproof_checker::run::result::Verdict;
use failproof_checker::run::{Options, run};
use failproof_checker::scenario_file::{ExpectedVerdict, Surroundings, builtin, parse};
use failproof_model::design::SlotAllocation;
use failproof_model::scenario::{Mechanism, Scenario};

/// States, generated states and depth without the defect.
const WITHOUT: [(&str, [usize; 3]); 10] = [
    ("defect-accept-late-slot-answer", [6209, 20560, 29]),
    ("defect-accept-older-registration", [6209, 20560, 29]),
    ("defect-count-rematched-slot-twice", [12, 15, 9]),
    ("defect-keep-books-while-suspended", [19, 30, 6]),
    ("defect-leak-slot-of-outdated-deployment", [163, 344, 20]),
    ("defect-schedule-on-any-input-with-slots", [10, 10, 10]),
    ("defect-slots-in-any-order", [16, 20, 12]),
    ("defect-stale-slot-report", [687, 2022, 19]),
    ("defect-two-slots-one-allocation", [1194, 3592, 26]),
    ("slots-per-vertex", [16, 20, 12]),
];

fn mended(scenario: &Scenario) -> Scenario {
    let mut mended = Scenario { defect: None, ..scenario.clone() };
    mended.design.slot_allocation = SlotAllocation::RegionBulk;
    mended
}

#[test]
fn what_a_broken_rule_violates_holds_where_it_is_kept() {
    let mut counts = Vec::new();
    for (name, text) in builtin() {
        let file = parse(name, text, &Surroundings::real()).unwrap();
        let broken = file.scenario;
        let mended = mended(&broken);
        if !broken.grain.is_fine(Mechanism::Slots) || broken == mended {
            continue;
        }
        let result = run(&mended, &Options::default(), Control::default()).unwrap();
        assert!(result.complete, "{name}");
        let violated = file.expectation.verdicts.iter();
        let violated: Vec<_> = violated.filter(|it| it.1 == ExpectedVerdict::Violated).collect();
        assert!(!violated.is_empty(), "{name} shows nothing");
        let verdict =
            |id: &str| result.properties.iter().find(|property| property.id == id).unwrap().verdict;
        // What one of them is about may never happen then.
        assert!(violated.iter().any(|(id, _)| verdict(id) == Verdict::Holds), "{name}");
        assert!(result.properties.iter().all(|it| it.verdict != Verdict::Violated), "{name}");
        counts.push((name, [result.states, result.generated, result.depth]));
    }
    assert_eq!(counts, WITHOUT);
}
