//! Models with known answers, for tests and benchmarks: other checkers have counted the same states.

pub mod paxos;
pub mod region_failover;
pub mod two_phase_commit;
