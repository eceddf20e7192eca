//! What must hold of a state and its images.

use std::collections::HashSet;

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;

/// The rule and the vertex that an action is about, and the state that it leads to, so that they can be sorted.
type Step = (usize, Option<usize>, Vec<u8>);

fn encoded(state: &State<8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    state.encode(&mut bytes);
    bytes
}

/// The vertex that an action names, if it names the same one whatever it is called.
fn vertex(action: Action) -> Option<usize> {
    match action {
        Action::StartTask { vertex }
        | Action::ReadPartition { vertex, .. }
        | Action::MissPartition { vertex, .. }
        | Action::ProduceOutput { vertex, .. }
        | Action::FinishTask { vertex, .. }
        | Action::DeliverReport { vertex }
        | Action::DeliverStaleReport { vertex }
        | Action::AcknowledgeCancel { vertex }
        | Action::ThrowInTask { vertex }
        | Action::FillDisk { vertex }
        | Action::FailRead { vertex, .. }
        | Action::TimeOutSlotRequest { vertex } => Some(vertex.into()),
        _ => None,
    }
}

/// Each image of a state takes the images of its steps: as many of each rule and vertex, to the images of where they
/// lead, and no others.
pub(crate) fn images_take_the_same_steps(model: &Failover<8>, state: &State<8>) {
    let symmetry = model.symmetry();
    for permutation in symmetry.permutations(state) {
        let image = symmetry.image(permutation, state);
        let moved = |&action: &Action| {
            let next = symmetry.image(permutation, &model.apply(state, action));
            let vertex = vertex(action).map(|v| permutation.vertices()[v]);
            (action.rule(), vertex, encoded(&next))
        };
        let taken = |&action: &Action| {
            (action.rule(), vertex(action), encoded(&model.apply(&image, action)))
        };
        let mut expected: Vec<Step> = model.enabled(state).iter().map(moved).collect();
        let mut steps: Vec<Step> = model.enabled(&image).iter().map(taken).collect();
        expected.sort_unstable();
        steps.sort_unstable();
        assert!(steps == expected, "{:?}\n{state:#?}\n{image:#?}", permutation.vertices());
    }
}

/// All images of a state have one representative, which is one of them.
pub(crate) fn orbit_has_one_representative(model: &Failover<8>, state: &State<8>) {
    let symmetry = model.symmetry();
    let canonical = symmetry.canonical(state);
    let images: Vec<State<8>> = symmetry.images(state).collect();
    assert!(images.contains(&canonical));
    for image in &images {
        assert_eq!(symmetry.canonical(image), canonical);
    }
    let different: HashSet<&State<8>> = images.iter().collect();
    let fixed = images.iter().filter(|image| *image == state).count();
    assert_eq!(different.len() * fixed, images.len(), "as in a group");
}
