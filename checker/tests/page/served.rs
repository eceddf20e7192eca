//! A running `failproof explore`, with one page more before it: the one whose frame shows a page of the server, which
//! has the same origin only if it seems to come from there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where the page with the frame is.
pub(crate) const OUTER: &str = "/outer.html";

/// A server that ends with its test.
pub(crate) struct Served {
    child: Child,
    /// The port that browsers are sent to.
    port: u16,
    outer: Arc<Mutex<String>>,
}

impl Served {
    pub(crate) fn new(args: &[&str]) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_failproof"));
        command.arg("explore").args(args).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        let rest = address.strip_prefix("http://127.0.0.1:").unwrap();
        let server: u16 = rest.split('/').next().unwrap().parse().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let outer = Arc::new(Mutex::new(String::new()));
        let page = Arc::clone(&outer);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, page) = (client.unwrap(), Arc::clone(&page));
                thread::spawn(move || hand_on(client, server, &page));
            }
        });
        Served { child, port, outer }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What is at [`OUTER`] from now on.
    pub(crate) fn show_outer(&self, page: String) {
        *self.outer.lock().unwrap() = page;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers one request: with the outer page, or with what the server answers.
fn hand_on(mut client: TcpStream, server: u16, outer: &Mutex<String>) {
    let mut lines = BufReader::new(client.try_clone().unwrap()).lines();
    // A browser may connect and ask nothing.
    let Some(Ok(first)) = lines.next() else { return };
    let head: Vec<String> = lines.map_while(Result::ok).take_while(|it| !it.is_empty()).collect();
    let mut answer = Vec::new();
    if first.split(' ').nth(1) == Some(OUTER) {
        let page = outer.lock().unwrap().clone();
        let length = page.len();
        let header = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8";
        let text =
            format!("{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}");
        answer = text.into_bytes();
    } else {
        let is_own = |line: &&String| {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            !["host", "connection"].contains(&name.as_str())
        };
        let kept: String = head.iter().filter(is_own).map(|line| format!("{line}\r\n")).collect();
        let own = format!("Host: 127.0.0.1:{server}\r\nConnection: close\r\n");
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).unwrap();
        stream.write_all(format!("{first}\r\n{own}{kept}\r\n").as_bytes()).unwrap();
        stream.read_to_end(&mut answer).unwrap();
    }
    // A browser that is gone needs no answer.
    let _ = client.write_all(&answer);
}
