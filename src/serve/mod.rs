//! A local page over the record: speakers, claims, articles and findings, for the holder of the address.
//!
//! It listens on the loopback only, and every path begins with a token that nobody can guess.

mod article;
mod finding_pages;
mod frame;
mod guard;
mod lookout;
mod pages;
mod review;
mod routes;
mod shelf;

use std::future::{Future, IntoFuture, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use lookout::Lookout;
use shelf::Shelf;

use crate::encoder::Encoder;

/// How long the record is kept open after the last question; then other commands may have it.
const KEPT: Duration = Duration::from_millis(1500);

/// What a server is given from outside.
pub struct Options {
    /// Folder of the record.
    pub record: PathBuf,
    /// How long to wait while another process uses the record.
    pub wait: Duration,
    /// The part of the address that cannot be guessed: letters and digits.
    pub token: String,
    /// The judge's encoder; without it the rules decide.
    pub encoder: Option<&'static Encoder>,
    /// Tells the time, milliseconds since 1970.
    pub now: fn() -> i64,
}

/// A failure of the server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port cannot be had.
    #[error("cannot listen on port {port} of this machine")]
    Listen {
        /// Which port.
        port: u16,
        /// Why not.
        source: io::Error,
    },
    /// It could not go on.
    #[error("the server stopped")]
    Stopped(#[from] io::Error),
}

/// What every request may ask.
#[derive(Clone)]
struct Site {
    token: Arc<str>,
    port: u16,
    /// The token as the beginning of a path.
    base: Arc<str>,
    shelf: Arc<Shelf>,
    lookout: Arc<Lookout>,
    encoder: Option<&'static Encoder>,
    now: fn() -> i64,
}

/// A server that has its port and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port of the loopback; 0 takes any free one.
    pub fn bind(port: u16) -> Result<Server, ServeError> {
        let failed = |source| ServeError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Server { listener, address })
    }

    /// Returns the address of the first page.
    pub fn address(&self, token: &str) -> String {
        format!("http://{}/{token}/", self.address)
    }

    /// Answers until `stopped`.
    pub fn run(self, options: Options, stopped: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let site = Site {
            base: format!("/{}", options.token).into(),
            token: options.token.into(),
            port: self.address.port(),
            shelf: Arc::new(Shelf::new(options.record, options.wait)),
            lookout: Lookout::start(options.encoder)?,
            encoder: options.encoder,
            now: options.now,
        };
        let served = runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            tokio::spawn(put_back_when_idle(site.shelf.clone()));
            let mut answering = pin!(axum::serve(listener, routes::router(site)).into_future());
            let mut stopped = pin!(stopped);
            poll_fn(|context| match stopped.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Ok(())),
                Poll::Pending => answering.as_mut().poll(context),
            })
            .await
        });
        // Whoever is being answered or looked at need not be waited for: pages change nothing halfway.
        runtime.shutdown_background();
        Ok(served?)
    }
}

async fn put_back_when_idle(shelf: Arc<Shelf>) {
    loop {
        let uses = shelf.uses();
        tokio::time::sleep(KEPT).await;
        let shelf = shelf.clone();
        // Closing waits for the disk.
        let _ = tokio::task::spawn_blocking(move || shelf.put_back(uses)).await;
    }
}
