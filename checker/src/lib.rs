//! Explores scenarios, judges properties, reports.

pub mod assessment;
pub mod citations;
pub mod cli;
pub mod defects;
pub mod exit_code;
mod live;
pub mod masters;
pub mod mutate;
pub mod page;
mod parallel;
pub mod picture;
pub mod plan;
pub mod replay;
pub mod report;
pub mod run;
pub mod scenario_file;
pub mod second_opinion;
mod spelling;
pub mod sweep;
pub mod table;
pub mod weakest;

pub use failproof_explorer as explore;
