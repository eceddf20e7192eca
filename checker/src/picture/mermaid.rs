//! A run as a Mermaid sequence diagram: the master and every TaskManager, and an arrow or a note a step.

use std::fmt::Write;

use super::Picture;
use super::frame::Frame;

/// The diagram, as the text of a Mermaid file.
pub fn mermaid(picture: &Picture) -> String {
    let mut text = format!("%% {}\nsequenceDiagram\n", picture.title());
    text.push_str("  participant M as master\n");
    for t in 0..picture.job.task_managers {
        let _ = writeln!(text, "  participant TM{t}");
    }
    let all = participants(picture);
    let _ = writeln!(text, "  Note over {all}: {}", escaped(&picture.scenario));
    for (index, frame) in picture.frames.iter().enumerate() {
        put_step(&mut text, index, frame);
        // After this state the run goes on for ever.
        if picture.lasso == Some(index) {
            text.push_str("  loop again and again\n");
        }
    }
    if picture.lasso.is_some() {
        text.push_str("  end\n");
    }
    let _ = writeln!(text, "  Note over {all}: {}", escaped(&picture.why.sentence));
    text
}

/// From the first participant to the last.
fn participants(picture: &Picture) -> String {
    match picture.job.task_managers {
        0 => "M".to_owned(),
        many => format!("M,TM{}", many - 1),
    }
}

fn put_step(text: &mut String, index: usize, frame: &Frame) {
    let Some(step) = &frame.step else { return };
    let said = format!("{index}: {}", escaped(&step.action));
    let cross = if step.fault { "-x" } else { "->>" };
    match (step.acted.as_slice(), step.told.as_slice()) {
        // Something happened there, and the master knows of it, or does not.
        (&[t, ..], _) if step.master => {
            let _ = writeln!(text, "  TM{t}{cross}M: {said}");
        }
        (&[t, ..], _) => {
            let _ = writeln!(text, "  Note over TM{t}: {said}");
        }
        (&[], &[first, ..]) => {
            let _ = writeln!(text, "  M->>TM{first}: {said}");
        }
        (&[], &[]) => {
            let _ = writeln!(text, "  Note over M: {said}");
        }
    }
    // Whoever else was told to do something, or was where something happened.
    let direct = step.acted.first().or(step.told.first());
    for t in step.told.iter().filter(|t| direct != Some(t) || !step.acted.is_empty()) {
        let _ = writeln!(text, "  M->>TM{t}: {index}: told");
    }
}

/// A text in which Mermaid sees nothing else.
fn escaped(text: &str) -> String {
    text.replace('#', "#35;").replace(';', "#59;").replace("#35#59;", "#35;")
}
