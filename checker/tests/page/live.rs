//! The page of `explore`, in a real browser: it is loaded, stepped through with keys alone, and looked at.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::browser::{Look, look_at_served};
use crate::served::Served;

const SCENARIO: &str = "never-behind-rebalance";

fn ask(path: &str, width: usize, dark: bool, script: &str) -> Option<Value> {
    let served = Served::new(&[SCENARIO]);
    look_at_served(path, &served, &Look { width, dark, script })
}

#[test]
fn it_begins_where_the_scenario_begins_and_says_what_can_happen() {
    let script = "return [get('why').textContent, get('where').textContent, page.document.title,
        [...page.document.querySelectorAll('.choice')].map((it) => it.textContent), get('back').disabled];";
    let Some(answer) = ask("/", 1280, false, script) else { return };
    let first = answer[3][0].as_str().unwrap();
    assert_eq!(first, "FinishTask A[0]");
    assert_eq!(answer[0], "The job is Running.");
    assert_eq!(answer[1], "0 steps");
    assert_eq!(answer[4], true);
}

#[test]
fn keys_alone_take_steps_and_take_them_back() {
    let script = "const seen = []; const note = () => seen.push([page.location.search, get('where').textContent,
            get('step').querySelector('.action').textContent]);
        press('ArrowDown'); page.document.activeElement.click(); await settled(); note();
        press('ArrowDown'); page.document.activeElement.click(); await settled(); note();
        press('ArrowLeft'); await settled(); note();
        press('ArrowRight'); await settled(); note();
        press('Home'); await settled(); note();
        press('End'); await settled(); note();
        page.history.back(); await settled(); await settled(); note();
        return seen;";
    let Some(answer) = ask("/", 1280, false, script) else { return };
    let seen: Vec<[String; 3]> = serde_json::from_value(answer).unwrap();
    let at: Vec<(&str, &str)> = seen.iter().map(|it| (it[0].as_str(), it[1].as_str())).collect();
    let expected = [
        ("?path=0", "1 step"),
        ("?path=0.1", "2 steps"),
        ("?path=0", "1 step"),
        ("?path=0.1", "2 steps"),
        ("", "0 steps"),
        ("?path=0.1", "2 steps"),
        ("", "0 steps"),
    ];
    assert_eq!(at, expected);
    assert_eq!(seen[0][2], "FinishTask A[0]");
    assert_eq!(seen[4][2], "The run begins");
}

#[test]
fn a_jump_leads_to_the_nearest_violation_and_says_why_it_is_one() {
    let script = "press('n'); await settled(); await settled();
        const code = get('code').value; const trace = await (await page.fetch(get('trace').href)).text();
        const marked = page.document.querySelector('#properties .about .mark').getAttribute('aria-label');
        return { says: get('says').textContent, why: get('why').textContent, where: get('where').textContent,
            at: page.location.search, code, trace, marked };";
    let Some(answer) = ask("/", 1280, false, script) else { return };
    let text = |key: &str| answer[key].as_str().unwrap();
    assert_eq!(text("says"), "12 steps on: `outcome-is-transparent` is violated.");
    let why = "Row r0 is committed twice: by B[0]#0 from A[0]#0, and by B[1]#1 from A[0]#1.";
    assert_eq!((text("why"), text("where"), text("marked")), (why, "12 steps", "false"));
    assert_eq!(text("at"), format!("?path={}", text("code")), "the address is what is shared");

    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exported.json");
    fs::write(&file, text("trace")).unwrap();
    for run in [file.to_str().unwrap(), text("code")] {
        let replayed =
            Command::new(env!("CARGO_BIN_EXE_failproof")).args(["replay", run]).output().unwrap();
        let said = String::from_utf8(replayed.stdout).unwrap();
        assert_eq!(replayed.status.code(), Some(0), "{said}");
        let end = "reproduced: 12 steps, and `outcome-is-transparent` is violated";
        assert!(said.trim_end().ends_with(end), "{said}");
    }
}

#[test]
fn a_shared_address_leads_to_the_same_state() {
    let script =
        "return [get('where').textContent, get('step').querySelector('.action').textContent,
        [...page.document.querySelectorAll('#lanes tr.now')].map((it) => it.id)];";
    let served = Served::new(&["two-stages"]);
    let look = Look { width: 1280, dark: false, script };
    let path = format!("/?scenario={SCENARIO}&path=0.0");
    let Some(answer) = look_at_served(&path, &served, &look) else { return };
    assert_eq!(answer, json!(["2 steps", "FinishTask A[1]", ["step-2"]]));
}

#[test]
fn a_row_of_the_timeline_takes_back_and_a_random_walk_goes_on() {
    let script = "const where = () => get('where').textContent;
        press('r'); await settled(); await settled(); const walked = [where(), get('says').textContent];
        page.document.querySelector('#step-3 button').click(); await settled();
        return [...walked, where(), get('again').disabled];";
    let Some(answer) = ask("/", 1280, false, script) else { return };
    assert_eq!(answer, json!(["10 steps", "10 steps at random.", "3 steps", false]));
}

#[test]
fn what_is_refused_is_said_on_the_page() {
    let script =
        "page.history.pushState(null, '', '/?path=0'); page.history.pushState(null, '', '/');
        page.history.replaceState(null, '', '/?path=77');
        page.dispatchEvent(new page.PopStateEvent('popstate')); await settled();
        return [get('says').className, get('says').textContent, get('where').textContent];";
    let Some(answer) = ask("/?path=0", 1280, false, script) else { return };
    assert_eq!(answer[0], "refused");
    let said = answer[1].as_str().unwrap();
    assert!(
        said.starts_with("step 1 of the path, 77, cannot be taken; possible there: 0 "),
        "{said}"
    );
    assert_eq!(answer[2], "1 step");
}

#[test]
fn a_narrow_page_of_a_run_is_not_wider_than_its_window() {
    let script = "const wide = () => page.document.documentElement.scrollWidth;
        const widest = [wide()]; press('n'); await settled(); await settled(); widest.push(wide());
        page.document.querySelectorAll('details').forEach((it) => { it.open = true; }); widest.push(wide());
        const high = [...page.document.querySelectorAll('nav button, .choice, .buttons button')]
            .filter((it) => it.getBoundingClientRect().height < 24).length;
        const sections = [...page.document.querySelectorAll('main section')].map((it) => it.getBoundingClientRect());
        return [Math.max(...widest) <= 390, high, Math.min(...sections.map((it) => it.width)) > 350,
            ['step', 'choices', 'job', 'jump', 'cluster', 'badges', 'timeline', 'keep']
                .every((id, k, all) => k === 0 || get(id).offsetTop > get(all[k - 1]).offsetTop)];";
    let Some(answer) = ask("/", 390, false, script) else { return };
    assert_eq!(answer, json!([true, 0, true, true]));
}

#[test]
fn it_is_dark_where_people_want_it_dark() {
    // Contrast by the formula of WCAG 2.
    let script =
        "const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map((it) => it / 255)
            .map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const style = (it) => page.getComputedStyle(it);
        press('r'); await settled(); await settled();
        const ground = light(style(page.document.body).backgroundColor);
        const seen = ['#why', '#where', '#says', '.choice', '.fault .choice', '.group .rule', '#statement', 'footer a']
            .map((it) => page.document.querySelector(it)).filter((it) => it !== null);
        const contrasts = seen.map((it) => light(style(it).color))
            .map((it) => (Math.max(it, ground) + 0.05) / (Math.min(it, ground) + 0.05));
        return [ground < 0.5, Math.min(...contrasts) >= 4.5];";
    for dark in [false, true] {
        let Some(answer) = ask("/", 1280, dark, script) else { return };
        assert_eq!(answer, json!([dark, true]));
    }
}

#[test]
fn everything_on_the_page_has_a_name_and_news_are_said_aloud() {
    let script = "const named = (it) => it.getAttribute('aria-label') || it.textContent.trim() || it.labels?.length;
        const nameless = [...page.document.querySelectorAll('button, a, input, select, section, nav')]
            .filter((it) => !named(it)).map((it) => it.id || it.outerHTML);
        return [nameless, get('says').getAttribute('role'), page.document.documentElement.lang];";
    let Some(answer) = ask("/", 1280, false, script) else { return };
    assert_eq!(answer, json!([[], "status", "en"]));
}

#[test]
fn the_list_of_scenarios_opens_each() {
    let served = Served::new(&[]);
    let script = "const links = [...page.document.querySelectorAll('li a')];
        const wide = page.document.documentElement.scrollWidth;
        const own = links.filter((it) => new page.URL(it.href).origin === page.location.origin).length;
        const one = links.find((it) => it.textContent === 'two-stages');
        const opened = await page.fetch(one.href);
        return [links.length, own, wide <= 390, opened.status];";
    let look = Look { width: 390, dark: false, script };
    let Some(answer) = look_at_served("/", &served, &look) else { return };
    let all = failproof_checker::scenario_file::builtin().count();
    assert_eq!(answer, json!([all, all, true, 200]));
}
