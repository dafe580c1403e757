"""The Python SDK's part in `cargo xtask bench signing`.

`python_sdk.py OPERATION` prints the SDK's name and version. For each line of input, a number, it does the operation so
many times and prints the CPU seconds that this took, without what it made before it began.
"""

import datetime
import sys
import time
from importlib.metadata import version

from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.pipeline.transport import HttpRequest
from azure.storage.blob import AccountSasPermissions, ResourceTypes, generate_account_sas
from azure.storage.blob._shared.authentication import SharedKeyCredentialPolicy

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
URL = (
    "http://127.0.0.1:10000/devstoreaccount1/models/llama/weights-000017.bin"
    "?comp=block&blockid=YmxvY2stMDAwMDAwMTc%3D"
)
HEADERS = {
    "Content-Length": "8388608",
    "Content-Type": "application/octet-stream",
    "x-ms-version": "2026-06-06",
    "x-ms-client-request-id": "6b1f0c2e-001e-0045-6a3c-0a0b0c0d0e0f",
    # another policy of the pipeline sets it, so here it is given
    "x-ms-date": "Fri, 26 Jun 2026 23:39:12 GMT",
}
EXPIRY = datetime.datetime(2026, 12, 31)


def put_block():
    return PipelineRequest(HttpRequest("PUT", URL, headers=dict(HEADERS)), PipelineContext(None))


def account_sas(_):
    generate_account_sas(
        ACCOUNT,
        KEY,
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, write=True, delete=True, list=True, create=True),
        EXPIRY,
        protocol="https",
    )


OPERATIONS = {
    "put-block": (put_block, SharedKeyCredentialPolicy(ACCOUNT, KEY).on_request),
    "account-sas": (lambda: None, account_sas),
}


def main():
    make, operate = OPERATIONS[sys.argv[1]]
    print("Python SDK " + version("azure-storage-blob"), flush=True)
    for line in sys.stdin:
        made = [make() for _ in range(int(line))]
        start = time.process_time()
        for one in made:
            operate(one)
        print(time.process_time() - start, flush=True)


main()
