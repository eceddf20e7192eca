//! Exploration as a whole: by known counts, by hand-made graphs, by comparison with naive algorithms and with Stateright.

mod counts;
mod graph;
mod hand_made;
mod limits;
mod random_graphs;
mod stateright_defects;
