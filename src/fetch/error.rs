//! Why an address could not be fetched.

use std::io;
use std::time::Duration;

use super::Settings;
use super::guard::Refused;

/// An address that could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("cannot fetch {address}")]
pub struct FetchError {
    /// The address as it was given.
    pub address: String,
    /// Why not.
    #[source]
    pub cause: Cause,
}

/// Why an address could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Not an address.
    #[error("it is no address: {0}")]
    Address(String),
    /// An address of another kind.
    #[error("`{0}:` is neither http nor https")]
    Scheme(String),
    /// Its host has no entry in the name system.
    #[error("no such host")]
    Host,
    /// It leads into the local net from outside.
    #[error("{0} is an address of the local net, and the page that names it is not")]
    Local(String),
    /// The rules of its host exclude it.
    #[error("{0} asks programs to leave it alone")]
    Robots(String),
    /// The rules of its host cannot be had.
    #[error("{file} cannot be read, so that nothing may be asked for: {why}")]
    RobotsUnreachable {
        /// Address of the rules.
        file: String,
        /// Why they cannot be read.
        why: String,
    },
    /// The server answered with an error.
    #[error("the server answers {code}{}{}", phrase(*code), .wait.map(|w| format!(", and asks to wait {} seconds", w.as_secs())).unwrap_or_default())]
    Status {
        /// The code.
        code: u16,
        /// How long the server asks us to wait.
        wait: Option<Duration>,
    },
    /// Sent on and on.
    #[error("it is redirected more than {0} times")]
    Redirects(usize),
    /// Sent to what is no address.
    #[error("it is redirected to {0}, which is no http or https address")]
    Redirect(String),
    /// It took too long.
    #[error("no complete answer within {} seconds", .0.as_secs_f32())]
    Timeout(Duration),
    /// More than we take.
    #[error("the answer is larger than the limit of {0} bytes")]
    TooLarge(u64),
    /// It stopped in the middle.
    #[error("the answer was cut off")]
    CutOff,
    /// Packed in a way that we did not ask for.
    #[error("the answer is packed as `{0}`, which was not asked for")]
    Encoding(String),
    /// The proxy cannot be used.
    #[error("the proxy cannot be used: {0}")]
    Proxy(String),
    /// The connection failed.
    #[error("{0}")]
    Connection(String),
}

impl Cause {
    pub(super) fn of(error: ureq::Error, settings: &Settings) -> Cause {
        match error {
            ureq::Error::HostNotFound => Cause::Host,
            ureq::Error::Timeout(_) => Cause::Timeout(settings.timeout),
            ureq::Error::BodyExceedsLimit(limit) => Cause::TooLarge(limit),
            ureq::Error::BodyStalled => Cause::CutOff,
            ureq::Error::Decompress(_, _) => Cause::CutOff,
            ureq::Error::InvalidProxyUrl => Cause::Proxy("its address is none".into()),
            ureq::Error::ConnectProxyFailed(why) => Cause::Proxy(why),
            ureq::Error::Io(error) => Cause::of_plain_io(&error, settings),
            ureq::Error::Other(inner) => match inner.downcast_ref::<Refused>() {
                Some(refused) => Cause::Local(refused.host().to_owned()),
                None => Cause::Connection(inner.to_string()),
            },
            other => Cause::Connection(other.to_string()),
        }
    }

    pub(super) fn of_io(error: io::Error, settings: &Settings) -> Cause {
        // An error of the client may be wrapped in one of reading.
        Cause::of(ureq::Error::from(error), settings)
    }

    fn of_plain_io(error: &io::Error, settings: &Settings) -> Cause {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::InvalidData => Cause::CutOff,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Cause::Timeout(settings.timeout),
            // What the system's resolver says has no kind of its own.
            _ if error.to_string().contains("failed to lookup address") => Cause::Host,
            _ => Cause::Connection(error.to_string()),
        }
    }
}

impl FetchError {
    /// Says what to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match &self.cause {
            Cause::Robots(_) | Cause::Status { code: 401..=403 | 451, .. } => {
                "save the page from a browser and add the file with `--url`"
            }
            Cause::RobotsUnreachable { .. } | Cause::Status { code: 429 | 500..=599, .. } => "try again later",
            Cause::Timeout(_) => "`--timeout SECONDS` waits longer",
            Cause::Host => "check the address, and the connection to the net",
            Cause::TooLarge(_) => "download it and add the file",
            Cause::Proxy(_) => "check $HTTPS_PROXY and $HTTP_PROXY; http and https proxies can be used",
            _ => return None,
        })
    }
}

/// The words of the codes that people meet.
fn phrase(code: u16) -> &'static str {
    match code {
        204 => " (nothing)",
        304 => " (not changed), though nothing was said about an earlier answer",
        401 => " (sign-in needed)",
        402 => " (payment needed)",
        403 => " (forbidden)",
        404 => " (not found)",
        410 => " (gone)",
        429 => " (too many requests)",
        451 => " (not available for legal reasons)",
        500 => " (server error)",
        502 | 504 => " (a server behind it fails)",
        503 => " (not available)",
        _ => "",
    }
}
