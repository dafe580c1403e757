//! Small files with secrets: read whole, off the runtime's own threads, and never more than a bound.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::Error;

/// Reads a file of at most `limit` bytes. `what` it is, such as "the federated token file", begins the message of an error.
pub(crate) async fn read(
    what: &'static str,
    path: PathBuf,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let reading = tokio::task::spawn_blocking(move || {
        let content = bounded(&path, limit);
        content.map_err(|error| Error::input(format!("{what} {} cannot be read: {error}", path.display())))
    });
    match reading.await {
        Ok(content) => content,
        Err(_) => Err(Error::input(format!(
            "{what} was not read, because the runtime is shutting down"
        ))),
    }
}

fn bounded(path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // A pipe or a device could block, or never end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    // The room is there from the start: a vector that grows leaves copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)));
    File::open(path)?.take(most).read_to_end(&mut content)?;
    if content.len() > limit {
        let message = format!("it has more than {limit} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_up_to_the_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(&**read("the file", path.clone(), 5).await.unwrap(), b"12345");
        for (path, limit) in [
            (path, 4),
            (folder.path().to_owned(), 9),
            (folder.path().join("no"), 9),
        ] {
            let error = read("the file", path, limit).await.unwrap_err();
            assert!(error.to_string().starts_with("the file "), "{error}");
        }
    }
}
