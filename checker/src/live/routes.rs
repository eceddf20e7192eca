//! Which address is answered by what.

use std::sync::Arc;

use failproof_properties::{About, catalogue};
use failproof_traces::Kind;

use super::address::{Path, Query, STEPS_MAX, Steps};
use super::answer::{Answer, Refusal};
use super::ground::{Ground, Told};
use super::library::Library;
use super::nearest::Wanted;
use super::page;

/// Steps of a random walk, where an address does not say how many.
const STROLL: u64 = 10;

/// What of a request decides about its answer.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Whether it is a GET.
    pub(super) is_get: bool,
    /// Every Host header.
    pub(super) hosts: Vec<String>,
    /// The address, from its path on.
    pub(super) address: String,
}

/// Answers a request to the server on `port`.
pub(super) fn answer(library: &Library<'_>, port: u16, asked: &Asked) -> Answer {
    let answer = check(port, asked).and_then(|()| {
        let (path, query) = asked.address.split_once('?').unwrap_or((&asked.address, ""));
        route(library, path, query)
    });
    answer.unwrap_or_else(Answer::from)
}

/// Refuses what did not come from a page of this server, or wants more than to read: a name that leads here from
/// elsewhere must not do so with the rights of this machine.
fn check(port: u16, asked: &Asked) -> Result<(), Refusal> {
    let own = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
    let is_own = |host: &String| {
        own.iter().any(|own| host.eq_ignore_ascii_case(own))
            || port == 80
                && ["127.0.0.1", "localhost"].iter().any(|own| host.eq_ignore_ascii_case(own))
    };
    match asked.hosts.as_slice() {
        [host] if is_own(host) => {}
        hosts => {
            return Err(Refusal {
                status: 403,
                sentence: format!(
                    "this server answers to {} alone, and was asked as {}",
                    own.join(" and "),
                    if hosts.is_empty() { "nothing".to_owned() } else { hosts.join(", ") }
                ),
            });
        }
    }
    if !asked.is_get {
        return Err(Refusal { status: 405, sentence: "this server knows GET alone".to_owned() });
    }
    Ok(())
}

fn route(library: &Library<'_>, path: &str, query: &str) -> Result<Answer, Refusal> {
    let read = |valid: &[&str]| Query::read(query, valid);
    match path {
        "/" => {
            let query = read(&["scenario", "path"])?;
            if query.is_empty() && !library.has_given() {
                return Ok(Answer::see("/scenarios".to_owned()));
            }
            let (ground, told) = told(library, &query)?;
            Ok(Answer::page(page::run(&ground.look(library, &told)?)?))
        }
        "/scenarios" => {
            read(&[])?;
            Ok(Answer::page(page::scenarios()))
        }
        "/state" => {
            let (ground, told) = told(library, &read(&["scenario", "path"])?)?;
            Answer::json(&ground.look(library, &told)?)
        }
        "/nearest" => {
            let query = read(&["scenario", "path", "property", "kind", "limit"])?;
            let wanted = wanted(library, &query)?;
            let (ground, told) = told(library, &query)?;
            Answer::json(&ground.nearest(library, &told.steps, &wanted)?)
        }
        "/random" => {
            let query = read(&["scenario", "path", "seed", "steps"])?;
            let seed = query.number("seed", 0, u64::MAX)?;
            let (ground, told) = told(library, &query)?;
            let room = STEPS_MAX - told.steps.0.len();
            let steps = query.number("steps", STROLL.min(room as u64), room as u64)?;
            Answer::json(&ground.stroll(&told.steps, seed, steps as usize)?)
        }
        "/trace" => {
            let (ground, told) = told(library, &read(&["scenario", "path"])?)?;
            let (name, trace) = ground.trace(library, &told)?;
            Ok(Answer::download(&name, trace.to_string()))
        }
        _ => Err(Refusal::missing(format!(
            "there is nothing at {path}; valid are /, /scenarios, /state, /nearest, /random and /trace"
        ))),
    }
}

/// The run that an address names, and its scenario.
fn told(library: &Library<'_>, query: &Query) -> Result<(Arc<dyn Ground>, Told), Refusal> {
    let scenario = query.get("scenario").map(str::to_owned);
    let code = match query.path()? {
        Path::Steps(steps) => {
            let ground = library.ground(scenario.as_deref())?;
            return Ok((ground, Told::of(scenario, steps)));
        }
        Path::Code(code) => code,
    };
    let found = library.of_code(&code)?;
    if scenario.is_some() && scenario != found {
        return Err(Refusal::bad(format!(
            "the code in the path is of `{}`, and the address names another scenario; a code needs none",
            code.scenario
        )));
    }
    code.property.as_deref().map(about).transpose()?;
    let ground = library.ground(found.as_deref())?;
    let steps = Steps(code.steps.clone());
    let end = ground.end(&steps)?;
    if end != code.end {
        return Err(Refusal::bad(format!(
            "the code in the path: its steps led to a state of digest {} and now lead to {end}",
            code.end
        )));
    }
    let (kind, property, lasso) = (code.kind, code.property.clone(), code.lasso);
    Ok((ground, Told { scenario: found, steps, kind, property, lasso }))
}

/// What `/nearest` looks for.
fn wanted(library: &Library<'_>, query: &Query) -> Result<Wanted, Refusal> {
    let Some(property) = query.get("property") else {
        return Err(Refusal::bad("which property? Write `property=ID`".to_owned()));
    };
    let kinds = [Kind::Violation, Kind::Witness];
    let text = query.get("kind").unwrap_or(Kind::Violation.name());
    let kind = kinds.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
        Refusal::bad(format!("`kind` is `{text}`; valid are {}", kinds.map(Kind::name).join(", ")))
    })?;
    let most = library.limit as u64;
    let limit = query.number("limit", most, most)? as usize;
    Ok(Wanted { about: about(property)?, kind, limit })
}

fn about(id: &str) -> Result<&'static About, Refusal> {
    catalogue().into_iter().find(|about| about.id == id).ok_or_else(|| {
        let ids: Vec<&str> = catalogue().iter().map(|about| about.id).collect();
        Refusal::bad(format!("there is no property `{id}`; valid are {}", ids.join(", ")))
    })
}
