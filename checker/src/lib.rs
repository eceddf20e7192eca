//! Explores scenarios, judges properties, reports.
