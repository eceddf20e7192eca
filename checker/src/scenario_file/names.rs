//! The names that a scenario file gives to the settings of the model.
//!
//! The model derives them with serde; they are asked of serde here, so that no list of them is kept
//! twice.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Every name that an enum without fields can have in a file, in the order of its variants.
pub(super) fn names_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The probe answers no question, so this always is an error; by then it has noted the names.
    let _ = T::deserialize(Probe { names: &mut names });
    names
}

/// The setting of that name.
pub(super) fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    let &name = names_of::<T>().iter().find(|&&known| known == name)?;
    let deserializer: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(deserializer).ok()
}

/// The name of that setting.
pub(crate) fn name_of<T: DeserializeOwned + PartialEq + Copy>(setting: T) -> &'static str {
    let is_it = |name: &&str| named::<T>(name).is_some_and(|other| other == setting);
    names_of::<T>().iter().copied().find(is_it).unwrap_or_default()
}

/// The valid name that `written` was most likely meant to be.
pub(super) fn similar<'a>(
    written: &str,
    valid: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['_', ' '], "-");
    let written = plain(written);
    valid
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&written, &plain(name)), name))
        .filter(|&(distance, name)| distance <= 1 + written.len().min(name.len()) / 5)
        .filter(|&(distance, name)| distance < written.len().max(name.len()).min(4))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// A deserializer that notes which variants it is asked for.
struct Probe<'a> {
    names: &'a mut &'static [&'static str],
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.names = variants;
        Err(serde::de::Error::custom("only asked for the names"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(serde::de::Error::custom("not an enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use failproof_model::job_graph::{Partitioner, ResultPartitionType, Storage};
    use failproof_model::scenario::{Defect, FaultKind, Mechanism};

    use super::*;

    #[test]
    fn names_come_from_serde() {
        assert_eq!(names_of::<Storage>(), ["task-manager", "memory", "reliable"]);
        assert_eq!(names_of::<FaultKind>(), FaultKind::ALL.map(name_of));
        assert_eq!(names_of::<Mechanism>(), Mechanism::ALL.map(name_of));
        assert_eq!(names_of::<Defect>(), Defect::ALL.map(name_of));
        assert_eq!(named("CUSTOM_RANDOM"), Some(Partitioner::CustomRandom));
        assert_eq!(named::<Partitioner>("custom_random"), None);
    }

    #[test]
    fn every_name_leads_back_to_its_setting() {
        for result_type in ResultPartitionType::ALL {
            assert_eq!(named(name_of(result_type)), Some(result_type));
        }
    }

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        let partitioners = || names_of::<Partitioner>().iter().copied();
        assert_eq!(similar("rebalance", partitioners()), Some("REBALANCE"));
        assert_eq!(similar("REBLANCE", partitioners()), Some("REBALANCE"));
        assert_eq!(similar("HSAH", partitioners()), Some("HASH"));
        assert_eq!(similar("custom-random", partitioners()), Some("CUSTOM_RANDOM"));
    }

    #[test]
    fn a_name_that_resembles_nothing_finds_nothing() {
        let partitioners = || names_of::<Partitioner>().iter().copied();
        assert_eq!(similar("X", partitioners()), None);
        assert_eq!(similar("", partitioners()), None);
        assert_eq!(similar("round robin", partitioners()), None);
        assert_eq!(similar("B", ["A", "C"]), None);
    }
}
