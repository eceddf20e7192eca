//! A run as a drawing: time goes down, a lane a process, and a mark and a text a step. For documents and tickets.

use std::fmt::Write;

use html_escape::encode_text;

use super::Picture;
use super::frame::{Frame, Step};

/// Between two lanes.
const LANE: usize = 110;
/// Between two steps.
const ROW: usize = 26;
/// Above the first step.
const TOP: usize = 92;
const LEFT: usize = 60;
/// A character of the font, about.
const LETTER: usize = 8;

/// The drawing, as the text of an SVG file that needs nothing else.
pub fn svg(picture: &Picture) -> String {
    let lanes = picture.job.task_managers + 1;
    let texts = LEFT + lanes * LANE;
    let last = TOP + picture.frames.len() * ROW;
    let longest = picture.frames.iter().map(|frame| label(frame).chars().count());
    let header = [picture.title(), picture.why.sentence.clone()];
    let header_width = header.iter().map(|line| line.chars().count() * LETTER).max().unwrap_or(0);
    let width = (texts + longest.max().unwrap_or(0) * LETTER).max(header_width) + 2 * LEFT / 3;
    let height = last + 20;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"ui-monospace, monospace\" font-size=\"13\">\n\
         <title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"20\" y=\"24\" fill=\"#5b6470\">{0}</text>\n\
         <text x=\"20\" y=\"46\" font-weight=\"bold\" fill=\"{}\">{}</text>\n",
        encode_text(&header[0]),
        if picture.violation { "#b3261e" } else { "#1a1d21" },
        encode_text(&header[1])
    );
    for lane in 0..lanes {
        let (x, name) =
            (x_of(lane), if lane == 0 { "master".to_owned() } else { format!("TM{}", lane - 1) });
        let _ = writeln!(
            text,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"bold\">{name}</text>\n\
             <line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{last}\" stroke=\"#d4d8de\" stroke-width=\"2\"/>",
            TOP - 20,
            TOP - 12
        );
    }
    for (index, frame) in picture.frames.iter().enumerate() {
        put_step(&mut text, index, frame, texts);
    }
    if let Some(lasso) = picture.lasso {
        put_loop(&mut text, lasso + 1, picture.frames.len() - 1);
    }
    text.push_str("</svg>\n");
    text
}

fn x_of(lane: usize) -> usize {
    LEFT + LANE / 2 + lane * LANE
}

fn label(frame: &Frame) -> &str {
    frame.step.as_ref().map_or("(the run begins)", |step| step.action.as_str())
}

fn put_step(text: &mut String, index: usize, frame: &Frame, texts: usize) {
    let y = TOP + index * ROW;
    let fault = frame.step.as_ref().is_some_and(|step| step.fault);
    let colour = if fault { "#b3261e" } else { "#1f5fbf" };
    if let Some(step) = &frame.step {
        let lanes = lanes(step);
        if let (Some(first), Some(end)) = (lanes.iter().min(), lanes.iter().max()) {
            let _ = writeln!(
                text,
                "<line x1=\"{}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" stroke=\"{colour}\"/>",
                x_of(*first),
                x_of(*end)
            );
        }
        for lane in lanes {
            let _ = writeln!(
                text,
                "<circle cx=\"{}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>",
                x_of(lane)
            );
        }
    }
    let _ = writeln!(
        text,
        "<text x=\"28\" y=\"{base}\" text-anchor=\"end\" fill=\"#5b6470\">{index}</text>\n\
         <text x=\"{texts}\" y=\"{base}\" fill=\"{}\">{}</text>",
        if fault { colour } else { "#1a1d21" },
        encode_text(label(frame)),
        base = y + 4,
    );
}

/// The lanes in which a step can be seen.
fn lanes(step: &Step) -> Vec<usize> {
    let managers = step.acted.iter().chain(&step.told).map(|t| t + 1);
    let mut lanes: Vec<usize> = step.master.then_some(0).into_iter().chain(managers).collect();
    lanes.sort_unstable();
    lanes.dedup();
    lanes
}

/// The steps that repeat for ever, in brackets at the left.
fn put_loop(text: &mut String, first: usize, last: usize) {
    let (top, bottom) = (TOP + first * ROW - 10, TOP + last * ROW + 10);
    let _ = writeln!(
        text,
        "<path d=\"M 46 {top} H 38 V {bottom} H 46\" fill=\"none\" stroke=\"#b3261e\" stroke-width=\"2\">\
         <title>again and again</title></path>"
    );
}
