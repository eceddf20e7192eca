//! `explore`, through real sockets: whom it answers, and with what.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use failproof_traces::{Kind, Trace};
use serde_json::Value;

use crate::sandbox::{MINE, Ran, Sandbox};

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
