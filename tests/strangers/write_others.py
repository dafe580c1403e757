"""Writes blobs in all the ways that the official SDK has, and the same bytes to files.

    write_others.py CONTAINER PREFIX FOLDER

The account is in AZURE_STORAGE_CONNECTION_STRING. How many were written is one JSON document.
"""

import io
import json
import os
import pathlib
import random
import sys

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobBlock, ContainerClient, ContentSettings

MIB = 1024 * 1024
NAMES = [
    "a space",
    "100%",
    "a%20b",
    "a+b#c?d&e=f",
    "ümlaut/größe",
    "日本語/漢字.txt",
    "😀",
    "e\u0301 and \u00e9",
    "it's \"quoted\" <tag>",
]
generator = random.Random(7)


class Writer:
    """A container, and a folder that has the same."""

    def __init__(self, container, prefix, root):
        self.container, self.prefix, self.root = container, prefix, root

    def blob(self, name):
        return self.container.get_blob_client(self.prefix + name)

    def keep(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def put(self, name, content, data=None, **options):
        self.blob(name).upload_blob(content if data is None else data, **options)
        self.keep(name, content)


def write_all(writer):
    writer.put("empty", b"")
    writer.put("small.txt", b"Hello from Python")
    for name in NAMES:
        writer.put(f"names/{name}", name.encode())
    settings = ContentSettings(
        content_type="text/x-described; charset=utf-8",
        content_language="de-AT",
        content_disposition="inline",
        cache_control="max-age=60",
    )
    metadata = {"Project": "apollo", "stage": "2 of 3"}
    writer.put("described.txt", b"described", content_settings=settings, metadata=metadata)
    if writer.blob("described.txt").get_blob_properties().metadata != metadata:
        raise SystemExit("names of metadata came back in another case")

    content = generator.randbytes(20 * MIB + 17)
    writer.put("chunked.bin", content, max_concurrency=4)
    writer.put("checked.bin", content[:3 * MIB], validate_content=True)
    writer.put("stream.bin", content[:9 * MIB + 1], data=io.BytesIO(content[:9 * MIB + 1]), max_concurrency=2)
    writer.put("pieces.bin", content[:2 * MIB], data=(content[at:at + 65536] for at in range(0, 2 * MIB, 65536)))

    blob = writer.blob("by hand.bin")
    for number in range(5):
        blob.stage_block(f"{number:04}", content[number * 1000:(number + 1) * 1000])
    order = [4, 0, 3, 1]
    blob.commit_block_list([BlobBlock(f"{number:04}") for number in order])
    writer.keep("by hand.bin", b"".join(content[number * 1000:(number + 1) * 1000] for number in order))

    writer.put("replaced", b"the first text, which is longer")
    writer.put("replaced", b"the second", overwrite=True)
    try:
        writer.blob("replaced").upload_blob(b"the third")
        raise SystemExit("a blob was replaced that should not be")
    except ResourceExistsError:
        pass
    writer.blob("deleted").upload_blob(b"soon gone")
    writer.blob("deleted").delete_blob()


def main():
    name, prefix, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    connection = os.environ["AZURE_STORAGE_CONNECTION_STRING"]
    # Small limits, so that a few megabytes go in blocks.
    container = ContainerClient.from_connection_string(
        connection, name, max_single_put_size=4 * MIB, max_block_size=MIB
    )
    container.create_container()
    write_all(Writer(container, prefix, root))
    print(json.dumps({"written": sum(path.is_file() for path in root.rglob("*"))}))


main()
