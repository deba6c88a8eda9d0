//! The command line: arguments, one file per command, errors, terminal.
