//! Where two runs part, and in what two states differ.

use failproof_model::failover::Failover;
use failproof_model::scenario::Scenario;
use failproof_traces::{self as traces, Divergence, Trace};

use super::placed::{Placed, place_changes};
use crate::run::{RunError, WithModel, encode, with_model};

/// A step of two runs side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Both take it: its number in either run, from 1.
    Both(usize, usize),
    /// Only the first takes it.
    Left(usize),
    /// Only the second takes it.
    Right(usize),
}

/// Lines up the steps of two runs, with as many in common as can be. A step is the same where the action is, and where
/// the scenario is the same also the state that it leads to.
pub fn align(left: &Trace, right: &Trace) -> Vec<Line> {
    let same_scenario = left.scenario == right.scenario;
    let (a, b) = (&left.steps, &right.steps);
    let same = |i: usize, j: usize| {
        a[i].action == b[j].action && (!same_scenario || a[i].digest == b[j].digest)
    };
    // common[i][j]: how many steps the rests from i and j on have in common.
    let mut common = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = match same(i, j) {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && same(i, j) {
            (i, j) = (i + 1, j + 1);
            lines.push(Line::Both(i, j));
        } else if i < a.len() && (j == b.len() || common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            lines.push(Line::Left(i));
        } else {
            j += 1;
            lines.push(Line::Right(j));
        }
    }
    lines
}

/// In what two states of one scenario differ.
pub type Comparison = Result<Vec<Placed>, Divergence>;

/// What is different in the state after so many steps of the second run, compared with that after so many of the first.
/// Both are runs of `scenario`.
///
/// # Errors
/// The model cannot hold the scenario.
pub fn compare_states(
    scenario: &Scenario,
    left: (&Trace, usize),
    right: (&Trace, usize),
) -> Result<Comparison, RunError> {
    Ok(with_model(scenario, Comparing { left, right })?)
}

struct Comparing<'a> {
    left: (&'a Trace, usize),
    right: (&'a Trace, usize),
}

impl WithModel for Comparing<'_> {
    type Output = Comparison;

    fn with<const V: usize>(self, model: Failover<V>) -> Comparison {
        let state = |(trace, step): (&Trace, usize)| {
            let mut until = trace.clone();
            until.steps.truncate(step);
            let last = until.steps.len();
            traces::replay(&model, &until, encode).map(|replayed| replayed.states[last])
        };
        let (left, right) = (state(self.left)?, state(self.right)?);
        let mut changes = place_changes(&model, &left, &right);
        if changes.is_empty() && left != right {
            let text =
                "they differ in what no step shows: what is kept for a later step".to_owned();
            changes.push(Placed { place: super::Place::Master, text });
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use failproof_traces::{Digest, Kind, Step};

    use super::*;

    fn trace(scenario: &str, steps: &[(&str, &str)]) -> Trace {
        let step = |&(action, state): &(&str, &str)| Step {
            action: action.to_owned(),
            digest: Digest::of(state.as_bytes()),
        };
        Trace {
            tool: String::new(),
            kind: Kind::Witness,
            property: None,
            lasso: None,
            scenario: scenario.to_owned(),
            init: Digest::of(b""),
            steps: steps.iter().map(step).collect(),
        }
    }

    #[test]
    fn runs_that_meet_again_are_lined_up_there() {
        let left = trace("s", &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
        let right = trace("s", &[("a", "1"), ("x", "9"), ("c", "3"), ("d", "4")]);
        let lines = align(&left, &right);
        let both = Line::Both;
        assert_eq!(lines, [both(1, 1), Line::Left(2), Line::Right(2), both(3, 3), both(4, 4)]);
    }

    /// The same action that leads elsewhere is another step, unless the scenario is another one and states cannot be
    /// equal.
    #[test]
    fn a_step_is_the_same_where_it_leads_to_the_same_state() {
        let (left, right) = (trace("s", &[("a", "1")]), trace("s", &[("a", "2")]));
        assert_eq!(align(&left, &right), [Line::Left(1), Line::Right(1)]);
        let other = trace("t", &[("a", "2")]);
        assert_eq!(align(&left, &other), [Line::Both(1, 1)]);
    }
}
