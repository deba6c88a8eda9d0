//! Settings from `onrecord.toml`, and `config`, which shows what holds.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::{CommandError, Exit, Format, Outcome, Session};
use crate::report::json::Row;
use crate::report::table::{Fit, Grid};

/// Name of the file, looked for in the current folder.
const FILE: &str = "onrecord.toml";
/// Largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Shows the settings in force and the file they come from
#[derive(Debug, Args)]
#[command(
    after_help = "Settings are read from onrecord.toml in the current folder, or from the file that $ONRECORD_CONFIG names:

  db = \"records/election\"
  min-confidence = 0.7
  engine = \"rules\"

  [outlets]
  \"mail.example\" = \"The Mail\"          # by the host of the article's address
  \"Daily Mail Online\" = \"The Mail\"     # or by the name that the input gives

Options on the command line win over settings.

Example:
  onrecord config"
)]
pub struct ConfigArgs {}

/// What a settings file may say.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Folder of the record.
    pub db: Option<PathBuf>,
    /// Least confidence of a finding that `report` shows.
    pub min_confidence: Option<f32>,
    /// Which judge is asked.
    pub engine: Option<Engine>,
    /// Names of outlets, by host or by another name.
    #[serde(default)]
    pub outlets: BTreeMap<String, String>,
    /// Where it was read.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

impl Config {
    /// Reads the settings that hold here; none where there is no file.
    pub fn load() -> Result<Config, CommandError> {
        match std::env::var_os("ONRECORD_CONFIG").filter(|v| !v.is_empty()) {
            Some(path) => Config::read(Path::new(&path)),
            None if Path::new(FILE).is_file() => Config::read(Path::new(FILE)),
            None => Ok(Config::default()),
        }
    }

    fn read(path: &Path) -> Result<Config, CommandError> {
        let failed = || CommandError::new(format!("cannot read the settings in {}", path.display()));
        let size = std::fs::metadata(path).map_err(|error| failed().because(&error))?.len();
        if size > LARGEST {
            return Err(failed().cause(format!("larger than {LARGEST} bytes")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| failed().because(&error))?;
        let mut config: Config = toml::from_str(&text).map_err(|error| {
            failed().cause(error.to_string()).hint("`onrecord config --help` shows what it may hold")
        })?;
        if config.min_confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
            return Err(failed().cause("min-confidence is not a number from 0 to 1"));
        }
        // A relative folder is meant from where the file is.
        if let (Some(db), Some(folder)) = (&mut config.db, path.parent()) {
            *db = folder.join(&*db);
        }
        config.file = Some(path.to_path_buf());
        Ok(config)
    }

    /// Returns the name that the settings give an article's outlet.
    pub fn outlet(&self, outlet: Option<&str>, url: Option<&str>) -> Option<&str> {
        let by_name = outlet.and_then(|name| self.outlets.get(name));
        let by_host = || {
            let rest = url?.split_once("://")?.1;
            let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.split(':').next()?.to_lowercase();
            self.outlets.get(&host).or_else(|| self.outlets.get(host.strip_prefix("www.")?))
        };
        by_name.or_else(by_host).map(String::as_str)
    }
}

/// Runs the command.
pub fn run(_: &ConfigArgs, session: &mut Session) -> Outcome {
    let format = session.format("config", &[Format::Table, Format::Json, Format::Jsonl])?;
    let (config, db) = (session.config.clone(), session.db());
    #[derive(Serialize)]
    struct View {
        file: Option<String>,
        db: String,
        min_confidence: f32,
        engine: Engine,
        outlets: BTreeMap<String, String>,
    }
    let view = View {
        file: config.file.as_ref().map(|f| f.display().to_string()),
        db: db.display().to_string(),
        min_confidence: config.min_confidence.unwrap_or(0.0),
        engine: config.engine.unwrap_or_default(),
        outlets: config.outlets.clone(),
    };
    match format {
        Format::Json => session.print_json(&Row::new(view))?,
        Format::Jsonl => session.print_json_line(&Row::new(view))?,
        _ => {
            let (width, styles) = (session.terminal.width, session.terminal.styles());
            let mut grid = Grid::new().column("Setting", Fit::Narrow, styles.heading).column(
                "Value",
                Fit::Flowing,
                styles.command,
            );
            grid.row(["file".to_string(), view.file.unwrap_or_else(|| "none".to_string())]);
            grid.row(["db".to_string(), view.db]);
            grid.row(["min-confidence".to_string(), view.min_confidence.to_string()]);
            grid.row(["engine".to_string(), format!("{:?}", view.engine).to_lowercase()]);
            for (from, to) in &view.outlets {
                grid.row([format!("outlet {from}"), to.clone()]);
            }
            let text = grid.render(width, &styles);
            session.out().write_all(text.as_bytes())?;
        }
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_are_named_by_host_or_name() {
        let config: Config =
            toml::from_str("[outlets]\n\"mail.example\" = \"The Mail\"\n\"Mail Online\" = \"The Mail\"\n").unwrap();
        assert_eq!(config.outlet(None, Some("https://www.mail.example/a?b")), Some("The Mail"));
        assert_eq!(config.outlet(Some("Mail Online"), None), Some("The Mail"));
        assert_eq!(config.outlet(Some("Courier"), Some("https://courier.example")), None);
        assert!(toml::from_str::<Config>("outlet = 1").is_err());
    }
}
