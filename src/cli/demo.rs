//! `demo`: the main commands at work on the articles that come with the program.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Parser};

use super::engine::Engine;
use super::{Cli, CommandError, Exit, Format, Outcome, Session};

/// Adds the articles that come with onrecord to a temporary record and shows the main commands
#[derive(Debug, Args)]
#[command(after_help = "Example:
  onrecord demo")]
pub struct DemoArgs {
    /// Which judge is asked
    #[arg(long, value_enum, default_value = "full", hide_default_value = true)]
    engine: Engine,
}

/// The articles of `fixtures/`, so that the demonstration runs wherever the binary is.
const ARTICLES: &[(&str, &str)] = &[
    ("01_gazette_no-rationing.txt", include_str!("../../fixtures/articles/01_gazette_no-rationing.txt")),
    ("02_kna_no-rationing.txt", include_str!("../../fixtures/articles/02_kna_no-rationing.txt")),
    ("03_herald_orle-wire.txt", include_str!("../../fixtures/articles/03_herald_orle-wire.txt")),
    ("04_vale_farmers-interview.txt", include_str!("../../fixtures/articles/04_vale_farmers-interview.txt")),
    ("05_herald_reservoir-figures.txt", include_str!("../../fixtures/articles/05_herald_reservoir-figures.txt")),
    ("06_gazette_rationing-from-july.txt", include_str!("../../fixtures/articles/06_gazette_rationing-from-july.txt")),
    ("07_kna_rate-held.txt", include_str!("../../fixtures/articles/07_kna_rate-held.txt")),
    ("08_herald_rate-held.txt", include_str!("../../fixtures/articles/08_herald_rate-held.txt")),
    ("09_gazette_rate-cut.txt", include_str!("../../fixtures/articles/09_gazette_rate-cut.txt")),
    ("10_herald_delacourt-memoir.txt", include_str!("../../fixtures/articles/10_herald_delacourt-memoir.txt")),
    ("11_gazette_tram-line-6.txt", include_str!("../../fixtures/articles/11_gazette_tram-line-6.txt")),
    ("12_vale_tram-hearing.txt", include_str!("../../fixtures/articles/12_vale_tram-hearing.txt")),
    ("13_gazette_line-6-closes.txt", include_str!("../../fixtures/articles/13_gazette_line-6-closes.txt")),
    ("14_herald_bronze-horse.txt", include_str!("../../fixtures/articles/14_herald_bronze-horse.txt")),
    (
        "15_herald_bronze-horse-interview.txt",
        include_str!("../../fixtures/articles/15_herald_bronze-horse-interview.txt"),
    ),
    ("16_dispatch_geneva-talks.txt", include_str!("../../fixtures/articles/16_dispatch_geneva-talks.txt")),
];

/// What is shown.
const COMMANDS: &[&[&str]] =
    &[&["add", "fixtures/articles"], &["speakers", "--limit", "10"], &["claims", "Rosa Delacourt"], &["report"]];

/// Runs the command.
pub fn run(args: &DemoArgs, session: &mut Session) -> Outcome {
    session.format("demo", &[Format::Table])?;
    let folder = Folder::make()?;
    let articles = folder.0.join("fixtures/articles");
    let cannot =
        |error: std::io::Error| CommandError::new("cannot write the articles of the demonstration").because(&error);
    std::fs::create_dir_all(&articles).map_err(cannot)?;
    for (name, text) in ARTICLES {
        std::fs::write(articles.join(name), text).map_err(cannot)?;
    }
    session.use_db(&folder.0.join("claims_db"));
    let style = session.terminal.styles().command;
    for (i, words) in COMMANDS.iter().enumerate() {
        let shown: Vec<String> =
            words.iter().map(|w| if w.contains(' ') { format!("\"{w}\"") } else { w.to_string() }).collect();
        let gap = if i > 0 { "\n" } else { "" };
        writeln!(session.out(), "{gap}{style}$ onrecord {}{style:#}\n", shown.join(" "))?;
        let placed =
            words.iter().map(|w| if *w == "fixtures/articles" { articles.as_os_str().to_owned() } else { w.into() });
        let rules = (words[0] == "report" && args.engine == Engine::Rules).then_some(["--engine", "rules"]);
        let placed = placed.chain(rules.into_iter().flatten().map(Into::into));
        let cli =
            Cli::try_parse_from(std::iter::once("onrecord".into()).chain(placed)).map_err(CommandError::from_clap)?;
        cli.command.run(session)?;
    }
    session.note(
        "\nThe record of this demonstration was temporary. `onrecord add PATH…` starts one of your own in claims_db.",
    );
    Ok(Exit::Done)
}

/// A folder that goes away with the demonstration.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Folder, CommandError> {
        let root = std::env::temp_dir();
        let cannot = |path: &Path, error: std::io::Error| {
            CommandError::new(format!("cannot make the folder {}", path.display()))
                .because(&error)
                .hint("set TMPDIR to a folder that can be written")
        };
        for attempt in 0.. {
            let path = root.join(format!("onrecord-demo-{}-{attempt}", std::process::id()));
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Folder(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && attempt < 100 => {}
                Err(error) => return Err(cannot(&path, error)),
            }
        }
        Err(CommandError::new("cannot make a temporary folder"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system, which clears its temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_articles_are_those_of_the_fixtures() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ARTICLES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
