//! A page that needs nothing else: style, script and data are part of it.

use super::Picture;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// What draws a frame there.
const DRAW: &str = include_str!("draw.js");

/// Where every page of a run shows a frame, by how templates name it.
const SECTIONS: [(&str, &str); 4] = [
    ("/*step*/", "<section id=\"step\" aria-live=\"polite\" aria-label=\"The step\"></section>"),
    (
        "/*job*/",
        "<section id=\"job\" aria-label=\"The job\"><h2>Job</h2>\
         <div id=\"graph\"><svg id=\"arrows\" aria-hidden=\"true\"></svg><div id=\"stages\"></div></div></section>",
    ),
    (
        "/*side*/",
        "<div id=\"side\">\
         <section id=\"cluster\" aria-label=\"The cluster\"><h2>Cluster</h2><div id=\"machines\"></div></section>\
         <section id=\"badges\" aria-label=\"Properties\"><h2>Properties</h2><ul id=\"properties\"></ul></section>\
         </div>",
    ),
    (
        "/*timeline*/",
        "<section id=\"timeline\" aria-label=\"All steps\"><h2>Steps</h2><div id=\"lanes\"></div></section>",
    ),
];

/// The page of a picture, as the text of an HTML file.
///
/// # Errors
/// None that can be made to happen: a picture is plain data.
pub fn page(picture: &Picture) -> Result<String, serde_json::Error> {
    Ok(fill(TEMPLATE, SCRIPT, "", &serde_json::to_string(picture)?))
}

/// A page of which `template` says where style, sections, script and data are. `script` goes on from what draws a
/// frame, `style` from that of the page of a run.
pub(crate) fn fill(template: &str, script: &str, style: &str, data: &str) -> String {
    // No text in the data can end the element that it is in.
    let data = data.replace('<', "\\u003c");
    let page = SECTIONS.iter().fold(template.to_owned(), |page, (name, it)| page.replace(name, it));
    page.replace("/*style*/", &format!("{STYLE}{style}"))
        .replace("/*script*/", &format!("{DRAW}{script}"))
        .replace("/*data*/", &data)
}
