//! `explore`, through real sockets: whom it answers, and with what.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use failproof_traces::{Kind, Trace};
use serde_json::Value;

use crate::sandbox::{MINE, Sandbox, TRACE};

/// A server that ends with its test.
struct Served {
    sandbox: Sandbox,
    child: Child,
    port: u16,
    /// What it printed: where to begin.
    address: String,
}

/// An answer as it came.
#[derive(Debug)]
struct Got {
    status: u16,
    head: String,
    text: String,
}

impl Served {
    fn new(name: &str, args: &[&str]) -> Served {
        let sandbox = Sandbox::new(name);
        sandbox.write("mine.toml", MINE);
        Served::in_sandbox(sandbox, args)
    }

    fn in_sandbox(sandbox: Sandbox, args: &[&str]) -> Served {
        let mut command = sandbox.command(&[&["explore"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let rest =
            address.strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{address:?}"));
        let port = rest.split('/').next().unwrap().parse().unwrap();
        Served { sandbox, child, port, address }
    }

    /// The answer to a request as it is written.
    fn say(&self, request: &str) -> Got {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Got { status, head: head.to_owned(), text: text.to_owned() }
    }

    fn get(&self, path: &str) -> Got {
        let port = self.port;
        self.say(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        ))
    }

    #[track_caller]
    fn json(&self, path: &str) -> Value {
        let got = self.get(path);
        assert_eq!(got.status, 200, "{path}: {got:?}");
        serde_json::from_str(&got.text).unwrap()
    }

    /// What is refused, as `STATUS: sentence`.
    fn refused(&self, path: &str) -> String {
        let got = self.get(path);
        format!("{}: {}", got.status, got.text.trim_end())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_host_that_is_not_this_machine_is_refused() {
    let served = Served::new("explore-host", &["mine.toml"]);
    let port = served.port;
    let ask = |hosts: &[String]| {
        let lines: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        served.say(&format!("GET /state HTTP/1.1\r\n{lines}Connection: close\r\n\r\n"))
    };
    for host in
        [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("LocalHost:{port}")]
    {
        assert_eq!(ask(&[host]).status, 200);
    }
    let own = format!("127.0.0.1:{port}");
    let foreign: [&[String]; 6] = [
        &[],
        &["failproof.example".to_owned()],
        &[format!("failproof.example:{port}")],
        &["127.0.0.1".to_owned()],
        &[format!("127.0.0.1.example:{port}")],
        &[own.clone(), "failproof.example".to_owned()],
    ];
    for hosts in foreign {
        let got = ask(hosts);
        assert_eq!(got.status, 403, "{hosts:?}: {got:?}");
        assert!(
            got.text
                .starts_with(&format!("this server answers to {own} and localhost:{port} alone")),
            "{got:?}"
        );
        assert!(!got.text.contains("picture"));
    }
}

#[test]
fn it_listens_on_nothing_but_loopback() {
    let served = Served::new("explore-loopback", &["mine.toml"]);
    assert_eq!(served.address, format!("http://127.0.0.1:{}/", served.port));
    // Every address of 127.0.0.0/8 leads to this machine, and only one of them is listened on.
    assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), served.port)).is_err());
    assert!(TcpStream::connect((std::net::Ipv6Addr::LOCALHOST, served.port)).is_err());
}

#[test]
fn it_can_only_be_read() {
    let served = Served::new("explore-methods", &["mine.toml"]);
    let port = served.port;
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let headers = format!("Host: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close");
        let got = served.say(&format!("{method} / HTTP/1.1\r\n{headers}\r\n\r\n"));
        assert_eq!((got.status, got.text.as_str()), (405, "this server knows GET alone\n"));
        assert!(got.head.contains("\r\nAllow: GET"), "{got:?}");
    }
}

#[test]
fn a_page_may_ask_nobody_else() {
    let served = Served::new("explore-policy", &["mine.toml"]);
    for path in ["/", "/scenarios", "/state", "/nowhere"] {
        let head = served.get(path).head;
        assert!(head.contains("\r\nContent-Security-Policy: default-src 'none';"), "{head}");
        assert!(head.contains("connect-src 'self';"), "{head}");
        assert!(head.contains("\r\nCross-Origin-Resource-Policy: same-origin"), "{head}");
        assert!(!head.contains("Access-Control"), "{head}");
    }
    for path in ["/", "/scenarios"] {
        let text = served.get(path).text;
        for outside in ["src=", "http://", "https://", "@import", "url("] {
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains(outside), "{path} has {outside}");
        }
    }
}

#[test]
fn what_cannot_be_answered_is_refused_in_a_sentence() {
    let served = Served::new("explore-refused", &["mine.toml"]);
    let code = "failproof:1:mine:cbf29ce484222325:witness:-:-:0:cbf29ce484222325";
    let paths = [
        "/state?path=0.99".to_owned(),
        "/?path=0.99".to_owned(),
        "/trace?path=99".to_owned(),
        "/state?path=0.x".to_owned(),
        "/state?path=0..1".to_owned(),
        "/state?path=-1".to_owned(),
        "/state?paht=0".to_owned(),
        "/state?path=0&path=1".to_owned(),
        "/state?scenario=nowhere".to_owned(),
        "/nearest".to_owned(),
        "/nearest?property=nothing-goes-wrong".to_owned(),
        "/nearest?property=outcome-is-transparent&kind=proof".to_owned(),
        "/nearest?property=outcome-is-transparent&limit=many".to_owned(),
        "/random?seed=-3".to_owned(),
        "/random?steps=1000000".to_owned(),
        "/scenarios?path=0".to_owned(),
        "/state?path=failproof:1:mine".to_owned(),
        format!("/state?path={code}"),
        "/../etc/passwd".to_owned(),
        "/state/".to_owned(),
        "http://127.0.0.1/state".to_owned(),
    ];
    let told: Vec<String> =
        paths.iter().map(|path| format!("{path}\n  {}", served.refused(path))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_state_is_what_its_path_leads_to_and_nothing_is_remembered() {
    let served = Served::new("explore-state", &["mine.toml"]);
    let first = served.json("/state");
    assert_eq!((first["path"].as_str(), first["ended"].as_bool()), (Some(""), Some(false)));
    let groups = first["choices"]["enabled"].as_array().unwrap();
    let steps: Vec<&Value> =
        groups.iter().flat_map(|group| group["steps"].as_array().unwrap()).collect();
    let places: Vec<u64> = steps.iter().map(|step| step["place"].as_u64().unwrap()).collect();
    assert_eq!(places, (0..places.len() as u64).collect::<Vec<_>>(), "each step has its place");
    for (place, step) in steps.iter().enumerate() {
        let next = served.json(&format!("/state?path={place}"));
        let frames = next["picture"]["frames"].as_array().unwrap();
        assert_eq!((frames.len(), &frames[1]["step"]["action"]), (2, &step["action"]));
    }
    assert_eq!(served.json("/state"), first, "what was looked at meanwhile leaves no trace");
}

#[test]
fn rules_that_have_no_step_say_what_keeps_them() {
    let served = Served::new("explore-kept", &["mine.toml"]);
    let dies =
        served.json("/state")["choices"]["enabled"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (dies["rule"].as_str(), dies["fault"].as_bool()),
        (Some("LoseTaskManager"), Some(true))
    );
    let place = dies["steps"][0]["place"].as_u64().unwrap();
    let after = served.json(&format!("/state?path={place}"));
    let why = |rule: &str| {
        let disabled = after["choices"]["disabled"].as_array().unwrap();
        let found = disabled.iter().find(|it| it["rule"] == rule).unwrap();
        format!("{} ({})", found["why"].as_str().unwrap(), found["always"])
    };
    assert_eq!(why("LoseTaskManager"), "no fault is left: the scenario has 1 fault (false)");
    assert_eq!(why("CancelJob"), "the scenario has no fault of the kind job-canceled (true)");
    assert_eq!(why("FinishJob"), "no step of this rule is possible (false)");
}

#[test]
fn the_nearest_violation_is_as_near_as_check_says() {
    let sandbox = Sandbox::with_trace("explore-nearest");
    let trace = Trace::read(&sandbox.read(TRACE)).unwrap();
    let served = Served::in_sandbox(sandbox, &["mine.toml"]);
    let ask = |path: &str, property: &str, more: &str| {
        served.json(&format!("/nearest?path={path}&property={property}{more}"))
    };
    let found = ask("", "outcome-is-transparent", "");
    assert_eq!(found["steps"], trace.steps.len());
    assert_eq!(
        served.json(&format!("/state?path={}", found["path"].as_str().unwrap()))["refuted"],
        Value::Null
    );
    let none = ask("", "committed-output-never-changes", "");
    assert_eq!((none["path"].clone(), none["complete"].as_bool()), (Value::Null, Some(true)));
    let sentence = none["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with(
            "no way on from here violates `committed-output-never-changes`: all of the "
        ),
        "{sentence}"
    );
    let cut = ask("", "outcome-is-transparent", "&limit=20");
    assert_eq!((cut["path"].clone(), cut["complete"].as_bool()), (Value::Null, Some(false)));
    let sentence = cut["sentence"].as_str().unwrap();
    let said =
        "none was found among the 20 nearest states (limit of 20 states reached): there may be one";
    assert!(sentence.starts_with(said), "{sentence}");
    let witness = ask("", "outcome-is-transparent", "&kind=witness");
    let path = witness["path"].as_str().unwrap();
    assert!(path.contains(":witness:outcome-is-transparent:"), "{path}");
}

/// What a code says of its run is shown only where it is true.
#[test]
fn a_code_that_says_more_than_is_true_is_found_out() {
    let served = Served::new("explore-refuted", &["mine.toml"]);
    let code = served.json("/state?path=0.0")["code"].as_str().unwrap().to_owned();
    let lie = code.replace(":witness:-:", ":violation:outcome-is-transparent:");
    let look = served.json(&format!("/state?path={lie}"));
    assert_eq!(look["refuted"], "the run does not violate `outcome-is-transparent`");
    assert_eq!(look["picture"]["violation"], false);
    let trace = Trace::read(&served.get(&format!("/trace?path={lie}")).text).unwrap();
    assert_eq!((trace.kind, trace.property), (Kind::Witness, None));
}

#[test]
fn a_random_walk_is_the_same_with_the_same_seed() {
    let served = Served::new("explore-random", &["mine.toml"]);
    let walk = |seed: u64| {
        let walked = served.json(&format!("/random?path=0&seed={seed}&steps=6"));
        assert_eq!(walked["taken"], 6);
        walked["path"].as_str().unwrap().to_owned()
    };
    assert_eq!(walk(1), walk(1));
    assert!((2..9).any(|seed| walk(seed) != walk(1)));
    assert!(walk(1).starts_with("0."));
    let long = served.json("/random?seed=1&steps=2000");
    assert!(long["taken"].as_u64().unwrap() < 2000, "a walk ends where the job does");
}

#[test]
fn a_trace_is_opened_at_its_end_and_comes_out_as_it_went_in() {
    let sandbox = Sandbox::with_trace("explore-trace");
    let served = Served::in_sandbox(sandbox, &[TRACE]);
    let path = served.address.split_once("/?path=").unwrap().1;
    let got = served.get(&format!("/trace?path={path}"));
    let name = "\r\nContent-Disposition: attachment; filename=\"mine.outcome-is-transparent.json\"";
    assert!(got.head.contains(name), "{}", got.head);
    assert_eq!(got.text, served.sandbox.read(TRACE));
}

#[test]
fn a_code_is_opened_as_a_trace_is() {
    let sandbox = Sandbox::with_trace("explore-code");
    let code = sandbox.run(&["export", TRACE, "--format", "code"]).out;
    let served = Served::in_sandbox(sandbox, &[code.trim(), "--scenario", "mine.toml"]);
    assert!(served.address.ends_with(&format!("/?path={}", code.trim())), "{}", served.address);
    assert_eq!(served.json(&format!("/state?path={}", code.trim()))["code"], code.trim());
}

#[test]
fn an_address_of_a_built_in_scenario_leads_there_whatever_is_served() {
    let served = Served::new("explore-built-in", &["two-stages"]);
    assert!(served.address.ends_with("/?scenario=two-stages"), "{}", served.address);
    let code =
        served.json("/state?scenario=two-stages&path=0.0")["code"].as_str().unwrap().to_owned();
    let other = Served::new("explore-another", &["mine.toml"]);
    let look = other.json(&format!("/state?path={code}"));
    assert_eq!(
        (look["scenario"].as_str(), look["path"].as_str()),
        (Some("two-stages"), Some("0.0"))
    );
    let refused = other.refused(&format!("/state?scenario=never-behind-hash&path={code}"));
    assert!(refused.starts_with("400: the code in the path is of `two-stages`"), "{refused}");
}

#[test]
fn without_a_scenario_it_begins_with_the_list_of_all() {
    let served = Served::new("explore-list", &[]);
    assert!(served.address.ends_with("/scenarios"), "{}", served.address);
    let sent = served.get("/");
    assert!(sent.status == 302 && sent.head.contains("\r\nLocation: /scenarios"), "{sent:?}");
    assert!(served.refused("/state").starts_with("400: which scenario? Write `scenario=NAME`"));
    assert_eq!(served.json("/state?scenario=two-stages")["scenario"], "two-stages");
}

#[test]
fn what_cannot_be_served_is_told_and_nothing_is() {
    let sandbox = Sandbox::new("explore-mistakes");
    sandbox.write("mine.toml", MINE);
    let ran = sandbox.run(&["explore", "two-stage"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `two-stages`?"), "{ran:?}");
    let ran = sandbox.run(&["explore", "mine.toml", "--scenario", "two-stages"]);
    assert!(ran.code == 2 && ran.err.contains("mine.toml is no code"), "{ran:?}");
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = sandbox.run(&["explore", "mine.toml", "--port", &port]);
    assert!(
        ran.code == 2 && ran.err.contains(&format!("cannot listen on port {port} of 127.0.0.1")),
        "{ran:?}"
    );
    assert_eq!(ran.out, "");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_as_it_is_meant_to_end() {
    let mut served = Served::new("explore-ends", &["mine.toml"]);
    served.json("/state");
    let id = served.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_long_search_keeps_nobody_waiting() {
    let served = Served::new("explore-many", &["dynamic-splits-read-early"]);
    std::thread::scope(|scope| {
        let search = || served.json("/nearest?property=outcome-is-transparent");
        let searches: Vec<_> = (0..3).map(|_| scope.spawn(search)).collect();
        assert_eq!(served.get("/state?path=0").status, 200);
        let found: Vec<Value> = searches.into_iter().map(|it| it.join().unwrap()).collect();
        assert!(found.iter().all(|it| *it == found[0]), "{found:?}");
    });
}
