//! A page that needs nothing else: style, script and data are part of it.

use super::Picture;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of a picture, as the text of an HTML file.
///
/// # Errors
/// None that can be made to happen: a picture is plain data.
pub fn page(picture: &Picture) -> Result<String, serde_json::Error> {
    let data = serde_json::to_string(picture)?;
    // No text in the data can end the element that it is in.
    let data = data.replace('<', "\\u003c");
    Ok(TEMPLATE
        .replace("/*style*/", STYLE)
        .replace("/*script*/", SCRIPT)
        .replace("/*data*/", &data))
}
