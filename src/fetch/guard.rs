//! Keeps a page on the open net from sending us to the machines beside us.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::Url;

use super::Cause;

/// Resolves names, notes which are of the local net, and refuses those while it is told to.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Whether hosts of the local net are refused.
    strict: bool,
    /// Hosts that were found to be of the local net.
    local: BTreeSet<String>,
}

/// A host that was refused.
#[derive(Debug, thiserror::Error)]
#[error("{0} is an address of the local net, and the page that names it is not")]
pub(super) struct Refused(String);

impl Guard {
    fn state(&self) -> MutexGuard<'_, State> {
        // A set is whole after every insert.
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Tells whether a host was found to be of the local net.
    pub(super) fn is_local(&self, host: &str) -> bool {
        self.state().local.contains(host)
    }

    /// Refuses hosts of the local net from now on, or no longer; fails for one that is already known.
    pub(super) fn refuse_local(&self, strict: bool, url: &Url) -> Result<(), Cause> {
        self.state().strict = strict;
        // A connection that is still open is used again without asking the resolver.
        let host = url.host_str().unwrap_or_default();
        if strict && self.is_local(host) { Err(Cause::Local(host.to_owned())) } else { Ok(()) }
    }
}

impl Refused {
    /// Returns the host.
    pub(super) fn host(&self) -> &str {
        &self.0
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if found.iter().any(|address| is_local(address.ip())) {
            let host = uri.host().unwrap_or_default().to_owned();
            let mut state = self.state();
            state.local.insert(host.clone());
            if state.strict {
                return Err(ureq::Error::Other(Box::new(Refused(host))));
            }
        }
        Ok(found)
    }
}

/// Tells addresses of this machine and its neighbours from those of the open net.
fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_broadcast() || shared || a == 0
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_told_from_the_open_net() {
        for local in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_local(local.parse().unwrap()), "{local}");
        }
        for open in ["192.0.2.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_local(open.parse().unwrap()), "{open}");
        }
    }
}
