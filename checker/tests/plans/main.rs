//! Plans of Flink jobs: what is read of them, and what is said of those that cannot be read.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod errors;
mod properties;
mod reading;
mod shapes;
