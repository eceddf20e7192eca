//! Ctrl-C, and being told to end.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit_code::ExitCode;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Set once the process was told to end.
pub(super) fn flag() -> &'static AtomicBool {
    &INTERRUPTED
}

/// The first signal lets the command write what it has; the second ends it at once.
pub(super) fn install_handler() {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(ExitCode::Interrupted.number().into());
        }
    };
    // Without a handler the signal ends the process by itself, which is what one falls back to.
    let _ = ctrlc::set_handler(handler);
}
