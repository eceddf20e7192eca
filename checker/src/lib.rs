//! Explores scenarios, judges properties, reports.

pub mod explore;
pub mod plan;
pub mod run;
pub mod scenario_file;
