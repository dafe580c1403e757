//! Proxies as environment variables name them, and the one place that reads those.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Proxies, Proxy};
use crate::Error;

/// The names that are read. A web server that runs a program by CGI sets the first, and `HTTP_PROXY` to what its client sent as `Proxy`.
const CGI: &str = "REQUEST_METHOD";
const NAMES: &[&str] = &[
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    CGI,
];

impl Proxies {
    /// What these variables say, and no others: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` for both, and `NO_PROXY` for the hosts that
    /// [none is for](Self::bypass). Lower case goes before upper case, and what is empty counts as not set.
    ///
    /// Where `REQUEST_METHOD` is set, the program answers a web request by CGI, and `HTTP_PROXY` may be what a stranger sent: it is
    /// ignored, in either case.
    ///
    /// ```
    /// use lazuli_transport::Proxies;
    ///
    /// let proxies = Proxies::of([("HTTPS_PROXY", "http://proxy.example:3128"), ("NO_PROXY", ".corp.example")])?;
    /// assert!(Proxies::of([("HTTPS_PROXY", "gopher://proxy.example")]).is_err());
    /// # let _ = proxies;
    /// # Ok::<(), lazuli_transport::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read, naming its variable and not its value.
    pub fn of<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Error> {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), Zeroizing::new(value.into())));
        let variables: BTreeMap<_, _> = variables.filter(|(_, value)| !value.trim().is_empty()).collect();
        let first = |names: [&'static str; 2]| {
            let mut set = names.into_iter();
            set.find_map(|name| Some((name, variables.get(name)?)))
        };
        let proxy = |names| match first(names) {
            Some((name, url)) => Proxy::parse(url)
                .map(Some)
                .map_err(|error| error.of_variable(name)),
            None => Ok(None),
        };
        let mut proxies = Self::none();
        if let Some(all) = proxy(["all_proxy", "ALL_PROXY"])? {
            proxies = Self::all(all);
        }
        if let Some(https) = proxy(["https_proxy", "HTTPS_PROXY"])? {
            proxies = proxies.https(https);
        }
        if !variables.contains_key(CGI)
            && let Some(http) = proxy(["http_proxy", "HTTP_PROXY"])?
        {
            proxies = proxies.http(http);
        }
        if let Some((_, list)) = first(["no_proxy", "NO_PROXY"]) {
            proxies = proxies.bypass(list);
        }
        Ok(proxies)
    }

    /// What the environment of this process says, as [`of`](Self::of) reads it. A variable that is no Unicode counts as not set.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment is read, and only when the caller asks for it"
    )]
    pub fn from_process() -> Result<Self, Error> {
        Self::of(
            NAMES
                .iter()
                .filter_map(|name| Some((*name, std::env::var(name).ok()?))),
        )
    }
}

impl Error {
    fn of_variable(self, name: &str) -> Self {
        Self::new(self.kind(), format!("{name}: {}", self.message()))
    }
}
