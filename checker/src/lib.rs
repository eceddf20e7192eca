//! Explores scenarios, judges properties, reports.

pub mod explore;
pub mod run;
