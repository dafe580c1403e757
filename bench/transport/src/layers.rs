//! The layers alone, over a service in the same process: what they cost without the noise of sockets.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use lazuli_transport::OutgoingBody;
use tokio::runtime::Runtime;
use tower::{ServiceExt as _, service_fn};

use crate::client::count;
use crate::rounds::{cpu, median};
use crate::server::answer;
use crate::stack;

const URL: &str = "http://127.0.0.1:10000/devstoreaccount1/box/small";

/// The medians of what a read costs when the service is called directly, and through the stack, in microseconds of CPU.
pub fn cost(runtime: &Runtime, rounds: usize, reads: u32) -> Result<(f64, f64), Box<dyn Error>> {
    static CONTENT: [u8; 1024] = [7; 1024];
    let service = || {
        service_fn(|_: Request<OutgoingBody>| async {
            let body = Full::new(Bytes::from_static(&CONTENT));
            Ok::<Response<_>, Infallible>(answer(1024, body))
        })
    };
    let transport = stack::builder()?.build_on(service())?;
    let mut direct = Vec::new();
    let mut layered = Vec::new();
    for _ in 0..rounds {
        let begun = cpu();
        for _ in 0..reads {
            runtime.block_on(async {
                let (parts, body) = stack::request(URL)?.into_parts();
                let body = OutgoingBody::open(&body)?;
                let response = service().oneshot(Request::from_parts(parts, body)).await?;
                count(response.into_body()).await
            })?;
        }
        direct.push((cpu() - begun) / f64::from(reads) * 1e6);
        let begun = cpu();
        for _ in 0..reads {
            runtime.block_on(async {
                let response = transport.clone().oneshot(stack::request(URL)?).await?;
                count(response.into_body()).await
            })?;
        }
        layered.push((cpu() - begun) / f64::from(reads) * 1e6);
    }
    Ok((median(direct.into_iter()), median(layered.into_iter())))
}
