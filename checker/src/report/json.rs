//! The result as JSON: an interface that is only added to.

use serde::Serialize;

use crate::exit_code::ExitCode;
use crate::run::result::ScenarioResult;

/// The version of the shape. A key may be added without a new one.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    scenarios: &'a [ScenarioResult],
    exit: u8,
}

/// The document for these runs, with a line break at its end.
///
/// # Errors
/// None that a result of ours can cause; serde_json may fail on other types.
pub fn render(scenarios: &[ScenarioResult], exit: ExitCode) -> serde_json::Result<String> {
    let document = Document { version: VERSION, scenarios, exit: exit.number() };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// Keys may be added here. None may be removed, renamed or given another type.
    #[test]
    fn the_shape_is_an_interface() {
        let text = render(&[sample::violated()], ExitCode::Unexpected).unwrap();
        insta::assert_snapshot!(text);
    }
}
