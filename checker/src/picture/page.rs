//! A page that needs nothing else: style, script and data are part of it.

use super::Picture;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Where every page of a run shows a frame.
const SECTIONS: &str = include_str!("sections.html");
/// What draws a frame there.
const DRAW: &str = include_str!("draw.js");

/// The page of a picture, as the text of an HTML file.
///
/// # Errors
/// None that can be made to happen: a picture is plain data.
pub fn page(picture: &Picture) -> Result<String, serde_json::Error> {
    Ok(fill(TEMPLATE, SCRIPT, "", &serde_json::to_string(picture)?))
}

/// A page of which `template` says where style, sections, script and data are. `script` goes on from what draws a frame,
/// `style` from that of the page of a run.
pub(crate) fn fill(template: &str, script: &str, style: &str, data: &str) -> String {
    // No text in the data can end the element that it is in.
    let data = data.replace('<', "\\u003c");
    template
        .replace("/*style*/", &format!("{STYLE}{style}"))
        .replace("/*sections*/", SECTIONS)
        .replace("/*script*/", &format!("{DRAW}{script}"))
        .replace("/*data*/", &data)
}
