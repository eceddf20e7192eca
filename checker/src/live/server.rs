//! The socket: on loopback and nowhere else.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tiny_http::{Header, Method, Request, Response, Server};

use super::answer::{Answer, Refusal};
use super::library::Library;
use super::routes::{Asked, answer};

/// Requests that are answered at a time: a long search keeps nobody from stepping on.
const WORKERS: usize = 4;

/// Time between two looks at whether to end.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What the page may do: run what is part of it, and ask this server.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Sent with every answer.
const HEADERS: [(&str, &str); 5] = [
    ("Content-Security-Policy", POLICY),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
];

/// A socket that waits for requests.
pub(crate) struct Bound {
    server: Server,
    /// Its port.
    pub(crate) port: u16,
}

/// Waits for requests on a port of loopback; on any free one, if it is 0.
///
/// # Errors
/// The system does not let it.
pub(crate) fn bind(port: u16) -> io::Result<Bound> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let port = listener.local_addr()?.port();
    let server = Server::from_listener(listener, None).map_err(io::Error::other)?;
    Ok(Bound { server, port })
}

/// Answers requests until the process is told to end.
///
/// # Errors
/// The system gives no more requests.
pub(crate) fn serve(bound: &Bound, library: &Library<'_>) -> io::Result<()> {
    let failed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let worker = || {
            let served = work(bound, library, &failed);
            failed.fetch_or(served.is_err(), Ordering::Relaxed);
            served
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        let ended = |worker: std::thread::ScopedJoinHandle<'_, io::Result<()>>| {
            worker.join().unwrap_or_else(|_| Err(io::Error::other("a thread has panicked")))
        };
        workers.into_iter().map(ended).fold(Ok(()), io::Result::and)
    })
}

fn work(bound: &Bound, library: &Library<'_>, failed: &AtomicBool) -> io::Result<()> {
    let is_over = || library.interrupted.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    while !is_over() {
        if let Some(request) = bound.server.recv_timeout(LOOK_EVERY)? {
            let asked = asked(&request);
            // A request that meets a mistake of ours leaves nothing half done that another would see.
            let answered = catch_unwind(AssertUnwindSafe(|| answer(library, bound.port, &asked)));
            let answer = answered.unwrap_or_else(|_| Refusal::internal("see the terminal").into());
            // Whoever does not wait for the answer does not need it.
            let _ = request.respond(response(answer));
        }
    }
    Ok(())
}

fn asked(request: &Request) -> Asked {
    let hosts = request.headers().iter().filter(|header| header.field.equiv("Host"));
    Asked {
        is_get: *request.method() == Method::Get,
        hosts: hosts.map(|header| header.value.to_string()).collect(),
        address: request.url().to_owned(),
    }
}

fn response(answer: Answer) -> Response<io::Cursor<Vec<u8>>> {
    let Answer { status, media_type, headers, text } = answer;
    let own = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let all = HEADERS.into_iter().chain([("Content-Type", media_type)]).chain(own);
    // What cannot be a header was not asked for by any page of ours.
    let headers = all.filter_map(|(name, value)| Header::from_bytes(name, value).ok());
    // In one piece: its length is known.
    let response = Response::from_data(text).with_status_code(status);
    let response = response.with_chunked_threshold(usize::MAX);
    headers.fold(response, Response::with_header)
}
