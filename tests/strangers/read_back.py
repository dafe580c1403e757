"""Reads a tree of blobs with the official SDK, and compares every byte with the files that they were made of.

    read_back.py CONTAINER PREFIX FOLDER

The account is in AZURE_STORAGE_CONNECTION_STRING. What was found is one JSON document.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys

from azure.storage.blob import BlobPrefix, ContainerClient

LARGE = 64 * 1024 * 1024


def sha256_of_file(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def sha256_of_blob(container, name, size):
    digest = hashlib.sha256()
    stream = container.download_blob(name, max_concurrency=4 if size > LARGE else 1)
    for chunk in stream.chunks():
        digest.update(chunk)
    return digest.digest()


def compare(container, prefix, root, item):
    """What differs, or nothing."""
    path = root / item.name[len(prefix):]
    if not path.is_file():
        return f"{item.name!r} has no file"
    if item.size != path.stat().st_size:
        return f"{item.name!r} is listed with {item.size} bytes"
    if sha256_of_blob(container, item.name, item.size) != sha256_of_file(path):
        return f"{item.name!r} has other bytes"
    return None


def top_level(container, prefix):
    """The names of one level, as a list with a delimiter gives them."""
    entries = container.walk_blobs(prefix, delimiter="/")
    return {entry.name.removesuffix("/") if isinstance(entry, BlobPrefix) else entry.name for entry in entries}


def main():
    name, prefix, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    container = ContainerClient.from_connection_string(os.environ["AZURE_STORAGE_CONNECTION_STRING"], name)
    items = list(container.list_blobs(name_starts_with=prefix))
    listed = {item.name for item in items}
    expected = {prefix + path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    differences = [f"{name!r} is not listed" for name in sorted(expected - listed)]
    if len(items) != len(listed):
        differences.append("a name is listed twice")
    if top_level(container, prefix) != {prefix + path.name for path in root.iterdir()}:
        differences.append("a list of one level is not that of the folder")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda item: compare(container, prefix, root, item), items))
    differences += [difference for difference in found if difference]
    report = {
        "identical": found.count(None),
        "bytes": sum(item.size for item in items),
        "differences": differences[:20],
    }
    print(json.dumps(report))


main()
