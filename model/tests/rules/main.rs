//! The rules of the model: each fact as a story, and what must hold of every small state space.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod adaptive;
mod cancellation;
mod coordinators;
mod data_plane;
mod fairness;
mod grains;
mod invariants;
mod job_control;
mod journal;
mod limits;
mod links;
mod masters;
mod merged_regions;
mod missing_partition;
mod normalisation;
mod overlapping_failovers;
mod partition_requests;
mod partitions;
mod producer_partitions;
mod ranges;
mod release;
mod releases;
mod restarts;
mod scheduling;
mod seeded_defects;
mod setup;
mod sinks;
mod slot_messages;
mod slots;
mod small_jobs;
mod space;
mod splits;
mod story;
mod streams;
mod task_manager_loss;
