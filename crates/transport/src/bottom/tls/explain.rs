//! What to do about a failure of TLS.

use rustls::AlertDescription as Alert;
use rustls::CertificateError as Bad;
use rustls::Error;

const EXPIRED: &str = "no secure connection could be made: the server's certificate has expired; have it renewed, or set this machine's clock";
const NOT_YET: &str =
    "no secure connection could be made: the server's certificate is not valid yet; set this machine's clock";
const OTHER_NAME: &str =
    "no secure connection could be made: the server's certificate is for another name; check the host's name";
const UNKNOWN_ISSUER: &str = "no secure connection could be made: nobody who is trusted here has signed the server's certificate; trust its authority, if it is the right one";
const REVOKED: &str =
    "no secure connection could be made: the server's certificate has been revoked; do not trust it";
const WANTS_CERTIFICATE: &str =
    "no secure connection could be made: the server asks for a client certificate; give one that it trusts";
const REFUSES_CERTIFICATE: &str = "no secure connection could be made: the server refuses the client certificate; give one that it trusts and that has not expired";
const VERSION: &str = "no secure connection could be made: the server speaks no version of TLS or no cipher that is spoken here; TLS 1.2 or 1.3 is needed";
const NO_TLS: &str = "no secure connection could be made: what answers does not speak TLS; check the port";
const OTHERWISE: &str =
    "no secure connection could be made; check the host's name and the certificates that this machine trusts";

/// The message for a failure, and what to do about it.
pub(crate) fn explain(error: &Error) -> &'static str {
    match error {
        Error::InvalidCertificate(bad) => certificate(bad),
        Error::AlertReceived(alert) => told(*alert),
        Error::PeerIncompatible(_) => VERSION,
        Error::InvalidMessage(_) => NO_TLS,
        _ => OTHERWISE,
    }
}

fn certificate(bad: &Bad) -> &'static str {
    match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => EXPIRED,
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => NOT_YET,
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => OTHER_NAME,
        // The latter is of an authority that has the name of one that is trusted.
        Bad::UnknownIssuer | Bad::BadSignature => UNKNOWN_ISSUER,
        Bad::Revoked => REVOKED,
        _ => OTHERWISE,
    }
}

/// What the server has against us.
fn told(alert: Alert) -> &'static str {
    match alert {
        Alert::CertificateRequired | Alert::NoCertificate => WANTS_CERTIFICATE,
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::AccessDenied => REFUSES_CERTIFICATE,
        Alert::ProtocolVersion | Alert::HandshakeFailure | Alert::InsufficientSecurity => VERSION,
        _ => OTHERWISE,
    }
}
