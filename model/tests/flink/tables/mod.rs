//! The tables of Flink's own tests (section 10), row by row, under Flink's names.

mod region_compute;
mod release_strategy;
mod restart_pipelined_region;
