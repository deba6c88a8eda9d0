//! The command line, end to end.

use std::path::Path;

use assert_cmd::Command;

/// The command in a folder of its own, in no terminal and without settings from outside.
pub fn onrecord(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("onrecord").unwrap();
    command.current_dir(folder);
    for name in ["ONRECORD_DB", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "ONRECORD_CONFIG", "XDG_CONFIG_HOME", "HOME"] {
        command.env_remove(name);
    }
    command
}

/// Runs the command and returns exit code, stdout and stderr.
pub fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = onrecord(folder).args(args).output().unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn usage_errors_say_what_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["extarct"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("Error: unrecognized subcommand 'extarct'\n"), "{err}");
    assert!(err.contains("Hint: ") && err.contains("'extract'"), "{err}");
}

#[test]
fn help_of_every_command_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = run(folder.path(), &["--help"]);
    assert_eq!(code, 0);
    let commands: Vec<&str> = out
        .lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with("  ") && !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"extract") && commands.contains(&"man"), "{out}");
    for command in commands {
        let (code, out, err) = run(folder.path(), &[command, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("Example") && out.contains(&format!("onrecord {command}")), "{command}: {out}");
    }
}

#[test]
fn completions_and_manual_name_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(folder.path(), &["completions", shell]);
        assert!(code == 0 && out.contains("extract"), "{shell}");
    }
    let (code, out, _) = run(folder.path(), &["man"]);
    assert!(code == 0 && out.contains(".TH onrecord 1") && out.contains("extract"));
    let (code, _, _) = run(folder.path(), &["man", "--dir", "pages"]);
    assert!(code == 0 && folder.path().join("pages/onrecord-extract.1").exists());
}

#[test]
fn a_closed_pipe_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let script = format!("'{}' completions zsh 2>err | head -c 10; echo ${{PIPESTATUS[0]}}", binary.display());
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("0\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("err")).unwrap(), "");
}
