//! Asking servers for pages: politely, within limits, and with an honest name.
//!
//! A [`Client`] asks only for http and https addresses, keeps to each host's `robots.txt`, follows a few redirects, and stops what
//! is too slow or too large. What it brings is bytes with their address and declared type; it does not know what an article is.

mod answer;
mod error;
mod guard;
mod robots;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use url::Url;

pub use answer::{Answer, Fetched, Validators};
pub use error::{Cause, FetchError};

use guard::Guard;
use robots::Rules;

/// Redirects that are followed from one address.
const MOST_REDIRECTS: usize = 10;
/// Redirects that are followed from a `robots.txt` (RFC 9309, 2.3.1.2).
const MOST_ROBOTS_REDIRECTS: usize = 5;
/// Bytes of a `robots.txt` that are read (RFC 9309, 2.5: at least 500 KiB).
const ROBOTS_SIZE: u64 = 512 << 10;
/// Longest address that is asked for.
const LONGEST_ADDRESS: usize = 8192;
/// What we prefer to get.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/feed+json;q=0.9,\
                      application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5";

/// What the outside decides about asking.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long one request may take, from the name of the host to the last byte.
    pub timeout: Duration,
    /// How long to wait between two requests to one host.
    pub pause: Duration,
    /// Most bytes of an answer, unpacked.
    pub size: u64,
    /// Address of a proxy.
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy.
    pub no_proxy: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            timeout: Duration::from_secs(30),
            pause: Duration::from_secs(1),
            size: 64 << 20,
            proxy: None,
            no_proxy: Vec::new(),
        }
    }
}

/// What to ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The address.
    pub address: &'a str,
    /// What an earlier answer said about its state: the server is asked only for something else.
    pub unless: Option<&'a Validators>,
    /// The address that named this one, where it was not the user who did: it may not lead from the open net into a local one.
    pub named_by: Option<&'a str>,
}

/// Asks servers, one request at a time.
pub struct Client {
    agent: ureq::Agent,
    guard: Guard,
    settings: Settings,
    robots: BTreeMap<String, Rules>,
    asked: BTreeMap<String, Instant>,
}

/// Returns the name under which we ask: `onrecord/VERSION`, with the place to learn about it.
pub fn user_agent() -> String {
    let (version, place) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"));
    if place.is_empty() { format!("onrecord/{version}") } else { format!("onrecord/{version} (+{place})") }
}

/// Tells whether the user means an address on the web, not a file.
pub fn is_address(given: &str) -> bool {
    ["http://", "https://"].iter().any(|s| given.get(..s.len()).is_some_and(|g| g.eq_ignore_ascii_case(s)))
}

impl Client {
    /// Makes a client; nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Client, FetchError> {
        let proxy = match &settings.proxy {
            Some(address) => Some(proxy(address, &settings.no_proxy)?),
            None => None,
        };
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(user_agent())
            .accept(ACCEPT)
            .timeout_global(Some(settings.timeout))
            .timeout_connect(Some(settings.timeout.min(Duration::from_secs(15))))
            .build();
        let guard = Guard::default();
        let agent =
            ureq::Agent::with_parts(config, ureq::unversioned::transport::DefaultConnector::new(), guard.clone());
        Ok(Client { agent, guard, settings, robots: BTreeMap::new(), asked: BTreeMap::new() })
    }

    /// Asks for what an address holds.
    pub fn get(&mut self, request: &Request) -> Result<Answer, FetchError> {
        let at = |cause: Cause| FetchError { address: request.address.to_owned(), cause };
        let mut url = parsed(request.address).map_err(at)?;
        let mut named_by = request.named_by.and_then(|a| parsed(a).ok());
        for _ in 0..=MOST_REDIRECTS {
            self.check_robots(&url, named_by.as_ref()).map_err(at)?;
            self.wait(&url);
            let response = self.ask(&url, request.unless, named_by.as_ref()).map_err(at)?;
            let Some(next) = redirect(&url, &response).map_err(at)? else {
                return answer::of(&url, response, request.unless.is_some(), &self.settings).map_err(at);
            };
            named_by = Some(url);
            url = next;
        }
        Err(at(Cause::Redirects(MOST_REDIRECTS)))
    }

    fn ask(
        &self,
        url: &Url,
        unless: Option<&Validators>,
        named_by: Option<&Url>,
    ) -> Result<ureq::http::Response<ureq::Body>, Cause> {
        let strict = named_by.is_some_and(|by| !self.guard.is_local(by.host_str().unwrap_or_default()));
        self.guard.refuse_local(strict, url)?;
        let mut call = self.agent.get(url.as_str());
        if let Some(validators) = unless {
            if let Some(etag) = &validators.etag {
                call = call.header("If-None-Match", etag);
            }
            if let Some(date) = &validators.last_modified {
                call = call.header("If-Modified-Since", date);
            }
        }
        call.call().map_err(|error| Cause::of(error, &self.settings))
    }

    /// Waits until the host has had its pause.
    fn wait(&mut self, url: &Url) {
        let host = url.host_str().unwrap_or_default().to_owned();
        if let Some(left) = self.asked.get(&host).and_then(|at| self.settings.pause.checked_sub(at.elapsed())) {
            std::thread::sleep(left);
        }
        self.asked.insert(host, Instant::now());
    }

    /// Fails where the host's `robots.txt` does not want us to ask for the address.
    fn check_robots(&mut self, url: &Url, named_by: Option<&Url>) -> Result<(), Cause> {
        let origin = url.origin().ascii_serialization();
        if !self.robots.contains_key(&origin) {
            let rules = self.robots_of(url, named_by)?;
            self.robots.insert(origin.clone(), rules);
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let file = || format!("{origin}/robots.txt");
        match self.robots.get(&origin) {
            Some(Rules::Unknown(why)) => Err(Cause::RobotsUnreachable { file: file(), why: why.clone() }),
            Some(rules) if !rules.allow(path) => Err(Cause::Robots(file())),
            _ => Ok(()),
        }
    }

    /// Reads a host's rules: none where it has no such file, and no leave at all where the file exists and cannot be had (RFC 9309, 2.3.1).
    fn robots_of(&self, url: &Url, named_by: Option<&Url>) -> Result<Rules, Cause> {
        let mut url = url.join("/robots.txt").map_err(|e| Cause::Address(e.to_string()))?;
        let mut named_by = named_by.cloned();
        for _ in 0..=MOST_ROBOTS_REDIRECTS {
            // A host that is not there is said to be that, and not to have an unreachable file.
            let mut response = self.ask(&url, None, named_by.as_ref())?;
            match response.status().as_u16() {
                200..=299 => {
                    return Ok(match answer::prefix(&mut response, ROBOTS_SIZE) {
                        Ok(bytes) => Rules::parse(&String::from_utf8_lossy(&bytes), "onrecord"),
                        Err(error) => Rules::Unknown(Cause::of_io(error, &self.settings).to_string()),
                    });
                }
                300..=399 => match redirect(&url, &response) {
                    Ok(Some(next)) => named_by = Some(std::mem::replace(&mut url, next)),
                    _ => return Ok(Rules::default()),
                },
                400..=499 => return Ok(Rules::default()),
                code => return Ok(Rules::Unknown(format!("the server answers {code}"))),
            }
        }
        Ok(Rules::default())
    }
}

/// Reads an address, without the user's name and the fragment, which are nobody's business.
fn parsed(address: &str) -> Result<Url, Cause> {
    if address.len() > LONGEST_ADDRESS {
        return Err(Cause::Address(format!("it is longer than {LONGEST_ADDRESS} bytes")));
    }
    let mut url = Url::parse(address.trim()).map_err(|e| Cause::Address(e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Cause::Scheme(url.scheme().to_owned()));
    }
    url.set_fragment(None);
    // Both fail only for addresses without a host, and those of http have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Ok(url)
}

/// Returns where an answer sends us; `None` for one that does not.
fn redirect(from: &Url, response: &ureq::http::Response<ureq::Body>) -> Result<Option<Url>, Cause> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let to = response.headers().get("location").map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
    let Some(to) = to else { return Err(Cause::Redirect("nowhere".into())) };
    let next = from.join(to.trim()).map_err(|_| Cause::Redirect(to.clone()))?;
    parsed(next.as_str()).map(Some).map_err(|_| Cause::Redirect(to))
}

fn proxy(address: &str, without: &[String]) -> Result<ureq::Proxy, FetchError> {
    let at = |error: ureq::Error| FetchError { address: address.to_owned(), cause: Cause::Proxy(error.to_string()) };
    let url = Url::parse(address).ok().filter(|u| u.has_host());
    let Some(url) = url else { return Err(at(ureq::Error::InvalidProxyUrl)) };
    let protocol = match url.scheme() {
        "http" => ureq::ProxyProtocol::Http,
        "https" => ureq::ProxyProtocol::Https,
        _ => return Err(at(ureq::Error::InvalidProxyUrl)),
    };
    let mut builder = ureq::Proxy::builder(protocol).host(url.host_str().unwrap_or_default());
    if let Some(port) = url.port_or_known_default() {
        builder = builder.port(port);
    }
    if !url.username().is_empty() {
        builder = builder.username(url.username());
    }
    if let Some(password) = url.password() {
        builder = builder.password(password);
    }
    for host in without {
        builder = builder.no_proxy(host);
    }
    builder.build().map_err(at)
}
