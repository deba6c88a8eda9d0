//! The command: runs the command line and turns what comes back into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    onrecord::cli::main(std::env::args_os())
}
