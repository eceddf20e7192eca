//! Every rule is seen at work, and the page that says where says it right.

use failproof_checker::citations::{COMMAND, render_markdown, witnesses};
use failproof_checker::page::refresh;

const PAGE: &str = include_str!("../../docs/citations.md");

#[test]
fn every_rule_fires_in_a_built_in_scenario_and_the_page_says_in_which() {
    let witnesses = witnesses().unwrap();
    let missing = witnesses.iter().filter(|witness| witness.scenario.is_none());
    assert_eq!(missing.map(|witness| witness.rule.id).collect::<Vec<_>>(), [""; 0]);
    let fresh = refresh(PAGE, COMMAND, &render_markdown(&witnesses)).unwrap();
    let stale = PAGE.lines().zip(fresh.lines()).find(|(old, fresh)| old != fresh);
    assert_eq!(stale, None, "`{COMMAND} checker/docs/citations.md` writes the page anew");
    assert_eq!(PAGE.len(), fresh.len(), "`{COMMAND} checker/docs/citations.md` writes it anew");
}
