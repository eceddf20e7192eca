//! A headless Chromium that opens a page in a frame of a given size, does something with it, and says what it saw.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::served::{OUTER, Served};

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What keeps a browser from doing anything of its own.
const QUIET: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--virtual-time-budget=10000",
];

/// How a page is looked at.
pub(crate) struct Look<'a> {
    pub(crate) width: usize,
    pub(crate) dark: bool,
    /// The body of an asynchronous function of `page`, the window of the page, that returns what the test wants to
    /// know.
    pub(crate) script: &'a str,
}

/// What `look` returns of a page that needs nothing else. None where there is no browser and none is required.
pub(crate) fn look_at(page: &str, look: &Look<'_>) -> Option<Value> {
    let page = serde_json::to_string(page).unwrap().replace('<', "\\u003c");
    let folder = Folder::new();
    let file = folder.0.join("outer.html");
    fs::write(&file, outer(&format!("frame.srcdoc = {page};"), look)).unwrap();
    let result = look_through(&format!("file://{}", file.display()), &folder, look)?;
    assert_eq!(result["requests"], Value::Array(Vec::new()), "the page asks for something");
    Some(result["answer"].clone())
}

/// What `look` returns of a page that a server shows at `path`. None where there is no browser and none is required.
pub(crate) fn look_at_served(path: &str, served: &Served, look: &Look<'_>) -> Option<Value> {
    let path = serde_json::to_string(path).unwrap();
    served.show_outer(outer(&format!("frame.src = {path};"), look));
    let origin = served.origin();
    let result = look_through(&format!("{origin}{OUTER}"), &Folder::new(), look)?;
    for request in result["requests"].as_array().unwrap() {
        let to = request.as_str().unwrap();
        assert!(to.starts_with(&format!("{origin}/")), "the page asks {to}");
    }
    Some(result["answer"].clone())
}

/// What the outer page at an address writes down.
fn look_through(address: &str, folder: &Folder, look: &Look<'_>) -> Option<Value> {
    let found = NAMES.into_iter().find(|name| {
        let mut version = Command::new(name);
        version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    });
    let Some(browser) = found else {
        let required = env::var_os("FAILPROOF_BROWSER").is_some_and(|it| it == "required");
        assert!(!required, "none of {NAMES:?} was found, and a browser is required");
        eprintln!("skipped: none of {NAMES:?} was found");
        return None;
    };
    let output = Command::new(browser)
        .args(QUIET)
        .arg(format!("--user-data-dir={}", folder.0.join("profile").display()))
        .arg(format!("--blink-settings=preferredColorScheme={}", usize::from(!look.dark)))
        .args(["--window-size=1600,1200", "--dump-dom", address])
        .output()
        .unwrap();
    let (dom, log) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let said: Vec<&str> = log.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(said.is_empty(), "the console says {said:?}");
    let result =
        dom.split_once("<pre id=\"result\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (result, _) = result.unwrap_or_else(|| panic!("no result in {dom}\n{log}"));
    let result: Value = serde_json::from_str(&html_escape::decode_html_entities(result)).unwrap();
    assert!(result.get("error").is_none(), "{result}");
    Some(result)
}

/// A page with the page in a frame, that writes down what it has seen. `load` shows the page in the frame.
fn outer(load: &str, Look { width, script, .. }: &Look<'_>) -> String {
    format!(
        r#"<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<iframe id="frame" width="{width}" height="1000"></iframe>
<script>
const frame = document.getElementById("frame");
const tell = (result) => {{
  const pre = document.createElement("pre");
  pre.id = "result";
  pre.textContent = JSON.stringify(result);
  document.body.append(pre);
}};
frame.onload = async () => {{
  frame.onload = null;
  try {{
    const page = frame.contentWindow;
    const get = (id) => page.document.getElementById(id);
    const press = (key) => {{
      const event = new page.KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true }});
      page.document.activeElement.dispatchEvent(event);
    }};
    const settled = async () => {{
      do await new Promise((done) => setTimeout(done, 30)); while (page.document.body.dataset.busy !== undefined);
    }};
    const answer = await (async () => {{ {script} }})();
    const requests = page.performance.getEntriesByType("resource").map((it) => it.name);
    tell({{ answer, requests }});
  }} catch (error) {{
    tell({{ error: String(error) }});
  }}
}};
{load}
</script>"#
    )
}

/// A folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("failproof-page-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What a browser still writes there is of no interest.
        let _ = fs::remove_dir_all(&self.0);
    }
}
