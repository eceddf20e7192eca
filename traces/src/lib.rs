//! A run as data: record and replay.
