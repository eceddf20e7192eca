//! The packages of the workspace point one way only, and every package has its place.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Of every package, the ones that it may depend on.
const ALLOWED: [(&str, &[&str]); 6] = [
    ("failproof-model", &[]),
    ("failproof-properties", &["failproof-model"]),
    ("failproof-traces", &["failproof-model"]),
    ("failproof-explorer", &[]),
    (
        "failproof-checker",
        &["failproof-model", "failproof-properties", "failproof-traces", "failproof-explorer"],
    ),
    (
        "failproof-benches",
        &[
            "failproof-checker",
            "failproof-explorer",
            "failproof-model",
            "failproof-properties",
            "failproof-traces",
        ],
    ),
];

/// Of every package of the workspace, the packages of it that it depends on: normally, for building or for tests.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path", manifest])
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            let own = |dependency: &&Value| dependency["path"].is_string();
            (name(package), list(&package["dependencies"]).iter().filter(own).map(name).collect())
        })
        .collect()
}

#[test]
fn every_package_has_its_place() {
    let mut expected: Vec<&str> = ALLOWED.iter().map(|(package, _)| *package).collect();
    expected.sort_unstable();
    assert_eq!(dependencies().into_keys().collect::<Vec<_>>(), expected);
}

#[test]
fn dependencies_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    for (package, dependencies) in dependencies() {
        for dependency in dependencies {
            let valid = allowed.get(package.as_str()).copied().unwrap_or_default();
            assert!(
                valid.contains(&dependency.as_str()),
                "{package} depends on {dependency}; it may depend on {valid:?}"
            );
        }
    }
}
