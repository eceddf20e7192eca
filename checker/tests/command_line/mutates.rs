//! `mutate`: which properties see which defect.

use crate::sandbox::Sandbox;

/// A defect that few scenarios take, and the scenario that shows it.
const ONE: [&str; 5] = [
    "mutate",
    "--defect",
    "unmerged-region-cycle",
    "--scenario",
    "region-cycle,region-cycle-merged",
];

#[test]
fn people_read_what_kills_a_defect() {
    let sandbox = Sandbox::new("mutate-human");
    let ran = sandbox.run(&ONE);
    assert_eq!(ran.code, 0, "{ran:?}");
    insta::assert_snapshot!(ran.out);
    assert!(ran.err.contains(" explorations, "), "{}", ran.err);
}

#[test]
fn programs_read_the_same_with_any_number_of_threads() {
    let sandbox = Sandbox::new("mutate-json");
    let with = |threads| {
        let more = ["--format", "json", "--threads", threads];
        sandbox.run(&[ONE.as_slice(), &more].concat())
    };
    let (one, many) = (with("1"), with("3"));
    assert_eq!((one.code, &one.out), (0, &many.out));
    let json = one.json();
    assert_eq!(
        (&json["version"], &json["whole"], &json["complete"]),
        (&1.into(), &false.into(), &true.into())
    );
    let defect = &json["defects"][0];
    assert_eq!(defect["fate"], "killed");
    assert_eq!(defect["kills"][0]["smallest"], "region-cycle");
}

#[test]
fn a_defect_that_nothing_kills_is_a_difference() {
    let sandbox = Sandbox::new("mutate-survivor");
    let args = ["mutate", "--scenario", "slots-too-few", "--defect"];
    let ran = sandbox
        .run(&[args.as_slice(), &["archive-current-attempt,keep-late-registration"]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("0 killed, 1 survive, 0 unknown, 1 change nothing here"), "{ran:?}");
    assert!(ran.out.contains("**Survives**: `archive-current-attempt`"), "{}", ran.out);
    // What changes nothing here is no difference.
    let ran = sandbox.run(&[args.as_slice(), &["keep-late-registration"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn what_is_not_finished_is_said_and_is_no_survivor() {
    let sandbox = Sandbox::new("mutate-unfinished");
    let ran = sandbox.run(&[ONE.as_slice(), &["--states", "1"]].concat());
    assert!(ran.out.contains("Not seen to the end within 1 state"), "{}", ran.out);
    assert_eq!(ran.code, 3, "{ran:?}");
}

#[test]
fn a_shard_has_its_part_of_the_defects() {
    let sandbox = Sandbox::new("mutate-shard");
    let of = |shard| {
        let args = ["mutate", "--scenario", "restart-all", "--format", "json", "--shard", shard];
        let json = sandbox.run(&args).json();
        let defects = json["defects"].as_array().unwrap().iter();
        defects.map(|it| it["defect"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (first, second, all) = (of("1/2"), of("2/2"), of("1/1"));
    let mut woven = Vec::new();
    for index in 0..first.len() {
        woven.extend(first.get(index).into_iter().chain(second.get(index)).cloned());
    }
    assert_eq!(woven, all);
}

#[test]
fn unknown_names_and_a_page_of_a_part_are_refused() {
    let sandbox = Sandbox::new("mutate-refused");
    for (args, said) in [
        (["--defect", "forget-rest"].as_slice(), "did you mean `forget-reset`?"),
        (&["--defect", "speculative-attempts"], "no seeded defect"),
        (&["--scenario", "two-stage"], "did you mean `two-stages`?"),
        (&["--scenario", "two-stages", "--page", "kills.md"], "leave out `--defect`"),
        (&["--shard", "3/2"], "valid is a part"),
    ] {
        let ran = sandbox.run(&[["mutate"].as_slice(), args].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
}
