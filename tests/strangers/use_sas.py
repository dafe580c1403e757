"""Does things with the official SDK, each by a URL that has a shared access signature, with an account's key or with an access token.

    use_sas.py STEPS

STEPS is a file with a JSON list. A JSON list of how each step ended, in the same order, is written to standard output: what was read or
listed, or the error's code.
"""

import datetime
import json
import sys
import time

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import AccessPolicy, BlobClient, BlobServiceClient, ContainerClient


def blob(step):
    return BlobClient.from_blob_url(step["url"], retry_total=0)


def container(step):
    return ContainerClient.from_container_url(step["url"], credential=step.get("credential"), retry_total=0)


def read(step):
    return blob(step).download_blob().readall().decode()


def properties(step):
    found = blob(step).get_blob_properties()
    return {"bytes": found.size, "content_type": found.content_settings.content_type}


def write(step):
    blob(step).upload_blob(step["content"].encode(), overwrite=True)


def write_in_blocks(step):
    client = blob(step)
    client.stage_block("0001", step["content"].encode())
    client.commit_block_list(["0001"])


def delete(step):
    blob(step).delete_blob()


def list_blobs(step):
    return [item.name for item in container(step).list_blobs()]


def create_container(step):
    container(step).create_container()


def delete_container(step):
    container(step).delete_container()


def list_containers(step):
    return [item.name for item in BlobServiceClient(step["url"], retry_total=0).list_containers()]


def date(text):
    return text and datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def set_policies(step):
    policies = {
        name: AccessPolicy(permission=policy.get("sp"), start=date(policy.get("st")), expiry=date(policy.get("se")))
        for name, policy in step["policies"].items()
    }
    container(step).set_container_access_policy(policies)


class Given:
    """A credential that has its access token already."""

    def __init__(self, token):
        self.token = AccessToken(token, int(time.time()) + 3600)

    def get_token(self, *scopes, **options):
        return self.token


def lend_key(step):
    client = BlobServiceClient(step["url"], Given(step["token"]), connection_verify=step["certificate"], retry_total=0)
    key = client.get_user_delegation_key(date(step["start"]), date(step["expiry"]))
    fields = {"skoid": key.signed_oid, "sktid": key.signed_tid, "skt": key.signed_start, "ske": key.signed_expiry}
    return fields | {"sks": key.signed_service, "skv": key.signed_version, "value": key.value}


STEPS = {
    "read": read,
    "properties": properties,
    "write": write,
    "write in blocks": write_in_blocks,
    "delete": delete,
    "list": list_blobs,
    "create container": create_container,
    "delete container": delete_container,
    "list containers": list_containers,
    "set policies": set_policies,
    "lend key": lend_key,
}


def take(step):
    try:
        return {"done": STEPS[step["do"]](step)}
    except HttpResponseError as error:
        return {"refused": error.status_code, "code": getattr(error, "error_code", None)}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)
    print(json.dumps([take(step) for step in steps]))


main()
