//! The text of a plan, and where in it something stands.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A file that was read.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// Line and column, both from 1: where the value ends, or the object that lacks it. `None`: the
    /// file as a whole.
    pub line_column: Option<(usize, usize)>,
    /// The way to the value, as in `plan.nodes[2].inputs[0].exchange`; empty for the file as a
    /// whole.
    pub path: String,
}

/// The way from the root of a JSON text to one of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JsonPath(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

impl Source<'_> {
    /// The file as a whole.
    pub(super) fn whole(&self) -> Place {
        Place { file: self.file.to_owned(), line_column: None, path: String::new() }
    }

    /// The value at `path`.
    pub(super) fn place(&self, path: &JsonPath) -> Place {
        let line_column = locate(self.text, &path.0);
        Place { line_column, path: path.to_string(), ..self.whole() }
    }

    /// Where `error` says that it is.
    pub(super) fn place_of(&self, error: &serde_json::Error, path: String) -> Place {
        let line_column = Some((error.line(), error.column())).filter(|&(line, _)| line > 0);
        Place { line_column, path, ..self.whole() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.line_column {
            write!(f, ":{line}:{column}")?;
        }
        if !self.path.is_empty() {
            write!(f, ": at `{}`", self.path)?;
        }
        Ok(())
    }
}

impl JsonPath {
    pub(super) fn key(&self, key: &str) -> JsonPath {
        self.and(Segment::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> JsonPath {
        self.and(Segment::Index(index))
    }

    fn and(&self, segment: Segment) -> JsonPath {
        JsonPath(self.0.iter().cloned().chain([segment]).collect())
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if position == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Line and column of the value at `path`; of the end of its object if there is none.
///
/// serde_json tells positions in errors only, so this reads up to the value and then refuses to go
/// on.
fn locate(text: &str, path: &[Segment]) -> Option<(usize, usize)> {
    let error = Seek(path).deserialize(&mut serde_json::Deserializer::from_str(text)).err()?;
    Some((error.line(), error.column())).filter(|&(line, _)| line > 0)
}

/// Reads up to the value at a path, and fails there. Scalars it refuses by not visiting them.
struct Seek<'p>(&'p [Segment]);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value that is looked for")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if let Some((Segment::Key(wanted), rest)) = self.0.split_first() {
            while let Some(key) = map.next_key::<String>()? {
                if key == *wanted {
                    return map.next_value_seed(Seek(rest));
                }
                map.next_value::<IgnoredAny>()?;
            }
        }
        Err(A::Error::custom("here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some((Segment::Index(wanted), rest)) = self.0.split_first() {
            for _ in 0..*wanted {
                seq.next_element::<IgnoredAny>()?;
            }
            if let Some(found) = seq.next_element_seed(Seek(rest))? {
                return Ok(found);
            }
        }
        Err(A::Error::custom("here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"a\": [\n    1,\n    {\"b\": \"c\",\n     \"d\": -1}\n  ]\n}\n";

    fn found(path: &JsonPath) -> Option<(usize, usize)> {
        locate(TEXT, &path.0)
    }

    #[test]
    fn a_value_is_found_where_it_stands() {
        let a = JsonPath::default().key("a");
        assert_eq!(found(&a.index(0)), Some((3, 5)));
        assert_eq!(found(&a.index(1).key("b")), Some((4, 13)));
        assert_eq!(found(&a.index(1).key("d")), Some((5, 12)));
    }

    #[test]
    fn a_key_that_is_missing_is_reported_where_its_object_ends() {
        let missing = JsonPath::default().key("a").index(1).key("z");
        assert_eq!(found(&missing), Some((5, 13)));
        assert_eq!(missing.to_string(), "a[1].z");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_no_panic() {
        let a = JsonPath::default().key("a");
        assert!(found(&a.index(7)).is_some());
        assert!(found(&a.key("b").key("c")).is_some());
        assert!(found(&JsonPath::default().index(0)).is_some());
        assert_eq!(locate("", &a.0), Some((1, 0)));
    }
}
