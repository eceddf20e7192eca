//! What an address asks for.

use std::fmt;
use std::str::FromStr;

use failproof_traces::Code;

use super::answer::Refusal;

/// The most steps of a run; a longer address is no way to share it.
pub(super) const STEPS_MAX: usize = 5_000;

/// The places of the steps of a run, each among the actions that are enabled where it is taken, from 0: `0.3.12`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps(pub(super) Vec<usize>);

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.0.iter().map(usize::to_string).collect();
        f.write_str(&places.join("."))
    }
}

impl FromStr for Steps {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Ok(Steps::default());
        }
        let found = text.split('.').count();
        if found > STEPS_MAX {
            return Err(Refusal::bad(format!(
                "the path has {found} steps; at most {STEPS_MAX} are taken"
            )));
        }
        let place = |(index, text): (usize, &str)| {
            text.parse().map_err(|_| {
                Refusal::bad(format!(
                    "step {} of the path, `{text}`, is no number; valid are numbers with dots between them, such as \
                     0.3.12, each the place of an action among those that are enabled where it is taken",
                    index + 1
                ))
            })
        };
        text.split('.').enumerate().map(place).collect::<Result<_, _>>().map(Steps)
    }
}

/// A run, as an address names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// By its steps.
    Steps(Steps),
    /// By its code, which also says what the run shows.
    Code(Box<Code>),
}

impl FromStr for Path {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        if !text.starts_with(Code::BEGINS) {
            return text.parse().map(Path::Steps);
        }
        let code = text.parse::<Code>();
        code.map(|code| Path::Code(Box::new(code)))
            .map_err(|error| Refusal::bad(format!("the code in the path: {error}")))
    }
}

/// What stands behind the `?` of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads it; only `valid` names may be in it, each once.
    pub(super) fn read(text: &str, valid: &[&str]) -> Result<Query, Refusal> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let (name, value) = (name.into_owned(), value.into_owned());
            if !valid.contains(&name.as_str()) {
                let valid = match valid {
                    [] => "nothing is asked for here".to_owned(),
                    valid => format!("valid are {}", valid.join(", ")),
                };
                return Err(Refusal::bad(format!("there is no `{name}` in this address; {valid}")));
            }
            if pairs.iter().any(|(other, _)| *other == name) {
                return Err(Refusal::bad(format!(
                    "`{name}` stands twice in the address; once is enough"
                )));
            }
            pairs.push((name, value));
        }
        Ok(Query(pairs))
    }

    /// Whether nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A number of at most `max`; `default`, if there is none.
    pub(super) fn number(&self, name: &str, default: u64, max: u64) -> Result<u64, Refusal> {
        let Some(text) = self.get(name) else { return Ok(default) };
        let number = text.parse().ok().filter(|&number| number <= max);
        number.ok_or_else(|| {
            Refusal::bad(format!("`{name}` is `{text}`; valid is a number from 0 to {max}"))
        })
    }

    /// The run.
    pub(super) fn path(&self) -> Result<Path, Refusal> {
        self.get("path").unwrap_or_default().parse()
    }
}

/// A text as a value in an address.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbers_with_dots_between() {
        let steps: Steps = "0.3.12".parse().unwrap();
        assert_eq!((steps.0.as_slice(), steps.to_string().as_str()), (&[0, 3, 12][..], "0.3.12"));
        assert_eq!("".parse::<Steps>().unwrap(), Steps::default());
        for (text, step) in
            [("0..1", "step 2 of the path, ``"), ("0.-1", "step 2 of the path, `-1`")]
        {
            let refusal = text.parse::<Steps>().unwrap_err();
            assert!(refusal.sentence.starts_with(step), "{refusal:?}");
        }
        let long = vec!["0"; STEPS_MAX + 1].join(".");
        assert!(long.parse::<Steps>().unwrap_err().sentence.contains("at most 5000"));
    }

    #[test]
    fn a_query_is_read_as_browsers_write_it() {
        let query = Query::read("path=1.2&scenario=a%2Db+c", &["path", "scenario"]).unwrap();
        assert_eq!((query.get("path"), query.get("scenario")), (Some("1.2"), Some("a-b c")));
        assert_eq!(encoded("a-b c&"), "a-b+c%26");
    }

    #[test]
    fn what_an_address_cannot_say_is_told() {
        let said = |text: &str| Query::read(text, &["path", "seed"]).unwrap_err().sentence;
        assert_eq!(said("paht=1"), "there is no `paht` in this address; valid are path, seed");
        assert_eq!(said("path=1&path=2"), "`path` stands twice in the address; once is enough");
        let query = Query::read("seed=x", &["seed"]).unwrap();
        let refusal = query.number("seed", 0, 9).unwrap_err();
        assert_eq!(refusal.sentence, "`seed` is `x`; valid is a number from 0 to 9");
    }
}
