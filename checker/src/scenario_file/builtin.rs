//! The scenarios that come with the binary.

/// Embeds the scenarios of those names, each from the file that is called like it.
macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../scenarios/", $name, ".toml")))),+]
    };
}

/// Sorted by name. A test compares them with the directory.
const BUILTIN: &[(&str, &str)] =
    embed!["three-stages", "two-stages", "two-stages-consumers-never", "two-stages-restart-all",];

/// Name and text of every built-in scenario, sorted by name.
pub fn builtin() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILTIN.iter().copied()
}
