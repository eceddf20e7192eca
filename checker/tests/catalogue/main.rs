//! What the project says of itself: its catalogues, its pages, its packages, and how its sources look.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod citations;
mod dependencies;
mod kills;
mod lost_partition;
mod masters;
mod pinned_runs;
mod readme;
mod registry;
mod slots;
mod sweep;
mod table;
mod tidy;
mod weakest;
