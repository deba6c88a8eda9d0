//! A full disk, a folder that cannot be written, and two processes, with the real binary.
//!
//! The first two need a small file system of their own, mounted where nobody else sees it: Linux, and the right to make a mount
//! namespace. Elsewhere the test says so and stops.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::cli::{onrecord, run};

/// Runs a shell script in a mount namespace of its own, with the binary as `$onrecord` and a small disk at `$disk`.
fn with_a_small_disk(folder: &Path, script: &str) -> Option<Output> {
    let disk = folder.join("disk");
    std::fs::create_dir(&disk).unwrap();
    let script = format!("set -u\nmount -t tmpfs -o size=6m none \"$disk\" 2>/dev/null || exit 77\n{script}");
    for how in [&["--mount"][..], &["--user", "--map-root-user", "--mount"]] {
        let output = Command::new("unshare")
            .args(how)
            .args(["--", "sh", "-c", &script])
            .current_dir(folder)
            .env("onrecord", assert_cmd::cargo::cargo_bin("onrecord"))
            .env("disk", &disk)
            .env_remove("ONRECORD_DB")
            .output();
        match output {
            Ok(output) if output.status.code() != Some(77) && output.status.code() != Some(1) => return Some(output),
            _ => {}
        }
    }
    println!("skipped: no mount namespace can be made here");
    None
}

fn story(n: usize) -> String {
    let filler: String = (0..400).map(|i| format!("{:x} ", (n * 7919 + i * 104_729) as u64 * 0x9E37_79B9)).collect();
    format!("Title: Story {n}\n\n“The bridge stays open for {n} days,” said Ada Quill, the mayor.\n\n{filler}\n")
}

#[test]
fn a_full_disk_is_a_clear_error_and_what_was_acknowledged_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("in")).unwrap();
    for n in 0..1500 {
        std::fs::write(folder.join(format!("in/{n:04}.txt")), story(n)).unwrap();
    }
    let script = r#"
        $onrecord --db "$disk/record" add in --format jsonl > first.out 2> first.err; echo "first $?"
        $onrecord --db "$disk/record" add in/0000.txt > again.out 2> again.err; echo "again $?"
        mount -o remount,size=64m "$disk"
        $onrecord --db "$disk/record" export > held.jsonl 2> held.err; echo "held $?"
        $onrecord --db "$disk/record" verify > verify.out 2>&1; echo "verify $?"
        $onrecord --db "$disk/record" add in > rest.out 2> rest.err; echo "rest $?"
        $onrecord --db "$disk/record" verify > verify2.out 2>&1; echo "verify2 $?"
    "#;
    let Some(output) = with_a_small_disk(folder, script) else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let codes = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        codes.lines().filter(|l| !l.starts_with("again")).collect::<Vec<_>>(),
        ["first 2", "held 0", "verify 0", "rest 0", "verify2 0"],
        "{}{}{}",
        read("first.err"),
        read("held.err"),
        read("verify.out")
    );
    let err = read("first.err");
    assert!(err.starts_with("Error: no room is left on the disk"), "{err}");
    assert!(err.contains("Hint: what was acknowledged is kept; make room and run the command again"), "{err}");
    let stored: usize = err
        .lines()
        .find_map(|line| line.trim().strip_suffix(" articles were stored before"))
        .expect("it says what is stored")
        .parse()
        .unwrap();
    let held = read("held.jsonl").lines().filter(|l| l.contains("\"row\":\"article\"")).count();
    let acknowledged = read("first.out").lines().filter(|l| l.contains("\"outcome\":\"added\"")).count();
    assert_eq!(acknowledged, stored, "what is printed and what is counted");
    assert!(stored > 0 && held >= stored, "{stored} were acknowledged, {held} are held");
    assert!(held > 0 && held < 1500, "{held}");
    let rest = read("rest.out");
    assert!(rest.starts_with(&format!("{} added, 0 updated, {held} unchanged, 0 failed", 1500 - held)), "{rest}");
    println!("full disk: {stored} acknowledged, {held} held, {} added after room was made", 1500 - held);
}

#[test]
fn a_folder_that_cannot_be_written_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("a.txt"), story(1)).unwrap();
    let script = r#"
        mkdir tmp; export TMPDIR=$PWD/tmp
        $onrecord --db "$disk/record" add -q a.txt; echo "add $?"
        mount -o remount,ro "$disk"
        $onrecord --db "$disk/record" claims "Ada Quill" --format tsv 2> claims.err; echo "claims $?"
        $onrecord --db "$disk/record" verify -q > verify.out 2>&1; echo "verify $?"
        $onrecord --db "$disk/record" add a.txt 2> add.err; echo "add $?"
        $onrecord --db "$disk/none" claims x 2> none.err; echo "none $?"
        ls -A tmp | sed 's/^/left /'
    "#;
    let Some(output) = with_a_small_disk(folder, script) else { return };
    let out = String::from_utf8(output.stdout).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(
        out.contains("The bridge stays open for 1 days") && out.contains("claims 0\n"),
        "{out}{}",
        read("claims.err")
    );
    assert!(read("claims.err").contains("cannot be written: reading a temporary copy"), "{}", read("claims.err"));
    assert!(out.contains("verify 0\nadd 2\nnone 2\n"), "{out}{}", read("verify.out"));
    assert!(read("add.err").contains("cannot be written") && read("add.err").contains("Hint: "), "{}", read("add.err"));
    assert!(!out.contains("left "), "{out}");
}

#[test]
fn of_two_writers_one_waits_or_says_who_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for n in 0..2 {
        std::fs::write(folder.join(format!("{n}.txt")), story(n)).unwrap();
    }
    // The first waits for its input with the record open.
    let mut first = Command::new(assert_cmd::cargo::cargo_bin("onrecord"))
        .args(["add", "-"])
        .current_dir(folder)
        .env_remove("ONRECORD_DB")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while !folder.join("claims_db/format").exists() {
        assert!(since.elapsed() < Duration::from_secs(20), "the first never opened it");
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, out, err) = run(folder, &["add", "1.txt", "--wait", "0"]);
    let by = format!("is in use by process {}", first.id());
    assert!(code == 2 && out.is_empty() && err.contains(&by) && err.contains("Hint: `--wait"), "{err}");
    let (_, _, err) = run(folder, &["speakers", "--wait", "1"]);
    assert!(err.starts_with(&format!("Waiting for process {}", first.id())) && err.contains(&by), "{err}");
    let mut second = onrecord(folder);
    let waits = std::thread::scope(|threads| {
        let waits = threads.spawn(move || second.args(["add", "1.txt", "--wait", "30"]).output().unwrap());
        std::thread::sleep(Duration::from_millis(600));
        std::io::Write::write_all(&mut first.stdin.take().unwrap(), story(0).as_bytes()).unwrap();
        first.wait().unwrap();
        waits.join().unwrap()
    });
    assert_eq!(String::from_utf8_lossy(&waits.stdout), "1 added, 0 updated, 0 unchanged, 0 failed\n");
    assert!(String::from_utf8_lossy(&waits.stderr).starts_with("Waiting for process "));
    let (code, out, _) = run(folder, &["verify"]);
    assert!(code == 0 && out.starts_with("Sound: 2 articles"), "{out}");
}
