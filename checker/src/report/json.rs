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
    use crate::run::result::PieceOf;

    #[test]
    fn a_piece_says_how_much_of_which_job_it_is() {
        let piece = PieceOf {
            job: "orders".to_owned(),
            piece: 2,
            pieces: 6,
            vertices: 3,
            job_vertices: 8,
            subtasks: 6,
            job_subtasks: 22,
        };
        let result = ScenarioResult { piece_of: Some(piece), ..sample::violated() };
        let text = render(&[result], ExitCode::Inconclusive).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        insta::assert_snapshot!(json["scenarios"][0]["piece_of"]);
    }

    /// Keys may be added here. None may be removed, renamed or given another type.
    #[test]
    fn the_shape_is_an_interface() {
        let text = render(&[sample::violated()], ExitCode::Unexpected).unwrap();
        insta::assert_snapshot!(text);
    }
}
