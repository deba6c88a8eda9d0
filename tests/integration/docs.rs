//! The documents tell the truth: links resolve, and commands that they show exist.

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Targets of Markdown links that are paths of this repository.
fn local_links(markdown: &str) -> Vec<&str> {
    let mut links = Vec::new();
    for (at, _) in markdown.match_indices("](") {
        let target = markdown[at + 2..].split([')', '#']).next().unwrap_or("");
        if !target.is_empty() && !target.contains("://") {
            links.push(target);
        }
    }
    links
}

#[test]
fn links_in_the_documents_resolve() {
    let mut broken = Vec::new();
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let folder = root().join(name).parent().unwrap().to_path_buf();
        for link in local_links(&read(name)) {
            if !folder.join(link).exists() {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn every_room_stands_in_the_architecture() {
    let text = read("ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(text.contains(&format!("`src/{name}")), "ARCHITECTURE.md does not speak of src/{name}");
    }
}

#[test]
fn every_command_that_the_readme_shows_exists() {
    let readme = read("README.md");
    let mut seen = 0;
    for line in readme.lines().filter_map(|l| l.trim().strip_prefix("$ onrecord ")) {
        let command = line.split(' ').find(|w| !w.starts_with('-')).unwrap();
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_onrecord")).args([command, "--help"]).output().unwrap();
        assert!(output.status.success(), "README shows `onrecord {command}`, which has no help");
        seen += 1;
    }
    assert!(seen > 0, "README shows no command");
}
