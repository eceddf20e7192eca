//! What happens when the program itself is wrong.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use crate::exit_code::ExitCode;

/// Has a panic say something that a person can do something about.
pub(super) fn install_hook() {
    set_hook(Box::new(|info| anstream::eprintln!("{}", message(info))));
}

/// Does `what`; a panic in it is an exit code.
pub(super) fn to_exit_code(what: impl FnOnce() -> ExitCode) -> ExitCode {
    // Whatever a panic leaves half done is not looked at again: the process ends.
    catch_unwind(AssertUnwindSafe(what)).unwrap_or(ExitCode::Internal)
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    format!(
        "failproof has met an internal error{place}: {}\n\
         This is a mistake in failproof, not in what you gave it; no verdict of this run counts.\n\
         Please report it with the scenario and this command line: failproof {}",
        payload(info.payload()),
        args.join(" ")
    )
}

fn payload(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message")
}
