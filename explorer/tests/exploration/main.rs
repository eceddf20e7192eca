//! Exploration as a whole: by known counts, by hand-made graphs, and against naive algorithms and Stateright.

mod checker;
mod counts;
mod graph;
mod hand_made;
mod limits;
mod random_graphs;
mod stateright_defects;
mod threads;
mod walks;
