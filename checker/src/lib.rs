//! Explores scenarios, judges properties, reports.

pub mod run;
