//! A run in the Informal Trace Format of Apalache and Quint: what its viewers and model-based test drivers read.
//!
//! Every state has the same variables: `job`, `faultsLeft`, `tasks` by the name of the vertex, `partitions` by their
//! name,
//! `taskManagers` by their name; and what `mbt::actionTaken` led to it. What is nowhere is on TaskManager -1.

use serde_json::{Value, json};

use super::Picture;
use super::frame::Frame;

const VARIABLES: [&str; 6] =
    ["mbt::actionTaken", "job", "faultsLeft", "tasks", "partitions", "taskManagers"];

/// The trace, as the text of an `.itf.json` file.
///
/// # Errors
/// None that can be made to happen: a picture is plain data.
pub fn itf(picture: &Picture) -> Result<String, serde_json::Error> {
    let states = picture.frames.iter().enumerate();
    let states: Vec<Value> = states.map(|(index, frame)| state(picture, index, frame)).collect();
    let mut trace = json!({
        "#meta": {
            "format": "ITF",
            "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
            "description": picture.title(),
            "source": picture.scenario,
            "status": if picture.violation { "violation" } else { "ok" },
        },
        "vars": VARIABLES,
        "states": states,
    });
    if let Some(lasso) = picture.lasso {
        trace["loop"] = lasso.into();
    }
    Ok(serde_json::to_string_pretty(&trace)? + "\n")
}

fn state(picture: &Picture, index: usize, frame: &Frame) -> Value {
    let action = frame.step.as_ref().map_or("init", |step| step.action.as_str());
    let on = |at: Option<u8>| at.map_or(-1, i64::from);
    let tasks = picture.job.vertices.iter().zip(&frame.tasks).map(|(vertex, task)| {
        json!([vertex.name, {
            "attempt": task.attempt,
            "book": task.book,
            "truth": task.truth,
            "on": on(task.on),
            "rows": task.rows.as_deref().unwrap_or_default(),
            "shown": task.shown.as_deref().unwrap_or_default(),
        }])
    });
    let partitions = picture.job.partitions.iter().zip(&frame.partitions).map(|(facts, it)| {
        let what = json!({ "stored": it.stored, "tracked": it.tracked, "on": on(it.on) });
        json!([facts.name, what])
    });
    let managers = frame.task_managers.iter().enumerate();
    let managers = managers.map(|(t, manager)| json!([format!("TM{t}"), manager]));
    let map = |entries: Vec<Value>| json!({ "#map": entries });
    json!({
        "#meta": { "index": index },
        "mbt::actionTaken": action,
        "job": frame.job,
        "faultsLeft": frame.faults_left,
        "tasks": map(tasks.collect()),
        "partitions": map(partitions.collect()),
        "taskManagers": map(managers.collect()),
    })
}
