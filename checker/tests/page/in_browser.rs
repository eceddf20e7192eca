//! The page is loaded, stepped through, and looked at: wide and narrow, light and dark.

use serde_json::{Value, json};

use crate::browser::{Look, look_at};
use crate::page_of;

const ROWS: &str = "never-behind-rebalance.every-row-exactly-once.json";
const LASSO: &str = "hybrid-selective-tracked-only.job-ends-if-faults-stop.json";

fn ask(trace: &str, width: usize, dark: bool, script: &str) -> Option<Value> {
    look_at(&page_of(trace), &Look { width, dark, script })
}

#[test]
fn the_first_screen_says_which_row_and_why() {
    let script = "const why = get('why'); const box = why.getBoundingClientRect();
        return [why.textContent, box.bottom < 700, page.document.title, get('where').textContent];";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    let why = "Row r0 is committed twice: by B[0]#0 from A[0]#0, and by B[1]#1 from A[0]#1.";
    let title = "never-behind-rebalance: every-row-exactly-once";
    assert_eq!(answer, json!([why, true, title, "12 of 12"]));
}

#[test]
fn keys_buttons_and_the_slider_step_through_the_run() {
    let script = "const seen = []; const note = () => seen.push(get('where').textContent);
        press('Home'); note(); press('ArrowRight'); note(); press('ArrowRight'); press('ArrowLeft'); note();
        press('PageDown'); note(); press('End'); note(); press('ArrowRight'); note();
        get('first').click(); note(); get('forth').click(); note(); get('last').click(); note();
        get('back').click(); note();
        get('slider').value = 4; get('slider').dispatchEvent(new page.Event('input')); note();
        press('Home'); seen.push(get('first').disabled, get('back').disabled, get('last').disabled);
        return seen;";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    let steps = ["0", "1", "1", "6", "12", "12", "0", "1", "12", "11", "4"];
    let mut expected: Vec<Value> =
        steps.iter().map(|step| json!(format!("{step} of 12"))).collect();
    expected.extend([json!(true), json!(true), json!(false)]);
    assert_eq!(answer, Value::Array(expected));
}

#[test]
fn a_row_of_the_timeline_and_a_badge_lead_to_their_step() {
    let script = "page.document.querySelector('#step-5 button').click();
        const at = get('where').textContent; const action = get('step').querySelector('.action').textContent;
        const now = [...page.document.querySelectorAll('tr.now')].map((it) => it.id);
        page.document.querySelector('#properties .about button').click();
        return [at, action, now, get('where').textContent];";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    assert_eq!(answer, json!(["5 of 12", "FinishTask B[0]", ["step-5"], "12 of 12"]));
}

#[test]
fn every_property_has_a_badge_at_every_step() {
    let script = "const of = () => [...page.document.querySelectorAll('#properties li')];
        const first = of().length; const mark = () => of()[0].querySelector('.mark').getAttribute('aria-label');
        const last = mark(); press('Home'); return [first, of().length, last, mark()];";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    let all = failproof_properties::catalogue().len();
    assert_eq!(answer, json!([all, all, "false", "not about this"]));
}

#[test]
fn what_a_step_changed_is_marked_with_the_old_value_beside_the_new() {
    let script = "press('Home'); press('ArrowRight');
        return [...get('task-0').querySelectorAll('.changed')].map((it) => it.textContent);";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    let marked = answer.as_array().unwrap();
    assert!(marked.contains(&json!("RUNNINGFINISHED")), "{marked:?}");
}

#[test]
fn a_run_without_end_is_drawn_as_a_loop() {
    let script = "return [page.document.querySelectorAll('tr.loop').length,
        page.document.querySelector('tr.again').textContent];";
    let Some(answer) = ask(LASSO, 1280, false, script) else { return };
    assert_eq!(answer, json!([19, "↻ and from here on steps 5 to 23 again and again"]));
}

#[test]
fn a_narrow_page_is_not_wider_than_its_window() {
    let script = "const widest = []; for (let k = 0; k < 24; k += 1) {
            widest.push(page.document.documentElement.scrollWidth); press('ArrowLeft'); }
        const buttons = [...page.document.querySelectorAll('nav button')]
            .map((it) => it.getBoundingClientRect().height);
        return [Math.max(...widest) <= 390, Math.min(...buttons) >= 24];";
    for trace in [ROWS, LASSO] {
        let Some(answer) = ask(trace, 390, false, script) else { return };
        assert_eq!(answer, json!([true, true]), "{trace}");
    }
}

#[test]
fn it_is_dark_where_people_want_it_dark_and_text_stands_out() {
    // Contrast by the formula of WCAG 2.
    let script =
        "const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map((it) => it / 255)
            .map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const style = (it) => page.getComputedStyle(it);
        const ground = light(style(page.document.body).backgroundColor);
        const contrasts = ['why', 'claim', 'where'].map((id) => light(style(get(id)).color))
            .map((it) => (Math.max(it, ground) + 0.05) / (Math.min(it, ground) + 0.05));
        return [ground < 0.5, Math.min(...contrasts) >= 4.5];";
    for dark in [false, true] {
        let Some(answer) = ask(ROWS, 1280, dark, script) else { return };
        assert_eq!(answer, json!([dark, true]));
    }
}

#[test]
fn whoever_sees_nothing_is_told_what_happens() {
    let script = "press('Home'); const first = get('step').getAttribute('aria-live');
        const named = [...page.document.querySelectorAll('button, input, section, nav')]
            .filter((it) => !(it.getAttribute('aria-label') || it.textContent.trim())).length;
        get('slider').focus();
        return [first, named, page.document.activeElement.id, page.document.documentElement.lang];";
    let Some(answer) = ask(ROWS, 1280, false, script) else { return };
    assert_eq!(answer, json!(["polite", 0, "slider", "en"]));
}
