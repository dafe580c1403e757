"""Signs requests and makes shared access signatures with the official SDK's own code.

    sign.py CASES

CASES is a file with a JSON list. A JSON list of what the SDK signed, in the same order, is written to standard output: the text, the
signature and, for a shared access signature, the token.
"""

import json
import sys
from types import SimpleNamespace
from urllib.parse import unquote

from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.pipeline.transport import HttpRequest
from azure.storage import blob, fileshare
from azure.storage.blob._shared import authentication as blob_authentication
from azure.storage.blob._shared.models import UserDelegationKey as BlobDelegationKey
from azure.storage.fileshare._shared import authentication as file_authentication
from azure.storage.fileshare._shared.models import UserDelegationKey as FileDelegationKey

SERVICES = {
    "blob": SimpleNamespace(package=blob, authentication=blob_authentication, delegation=BlobDelegationKey),
    "file": SimpleNamespace(package=fileshare, authentication=file_authentication, delegation=FileDelegationKey),
}

# What the SDK calls the parameters of a token, where its keyword is handed on as it is.
KEYWORDS = {
    "start": "st",
    "policy_id": "si",
    "protocol": "spr",
    "encryption_scope": "ses",
    "cache_control": "rscc",
    "content_disposition": "rscd",
    "content_encoding": "rsce",
    "content_language": "rscl",
    "content_type": "rsct",
    "preauthorized_agent_object_id": "saoid",
    "agent_object_id": "suoid",
    "correlation_id": "scid",
    "user_delegation_oid": "sduoid",
    "snapshot": "snapshot",
    "version_id": "versionid",
}


def listen(module):
    """Lets the SDK sign as ever, and keeps the text that it signs."""
    heard = []
    sign = module.sign_string

    def sign_and_tell(key, text, *rest):
        heard.append(text)
        return sign(key, text, *rest)

    module.sign_string = sign_and_tell
    return heard


for service in SERVICES.values():
    service.heard = listen(service.authentication)


def sign_request(case):
    service = SERVICES[case["service"]]
    request = HttpRequest(case["method"], case["url"], headers=dict(case["headers"]))
    policy = service.authentication.SharedKeyCredentialPolicy(case["account"], case["key"])
    policy.on_request(PipelineRequest(request, PipelineContext(None)))
    scheme, _, signature = request.headers["Authorization"].partition(f" {case['account']}:")
    assert scheme == "SharedKey", scheme
    return {"text": service.heard.pop(), "signature": signature}


def delegation_key(service, case):
    key = service.delegation()
    fields = case["delegation"]
    key.signed_oid, key.signed_tid = fields["skoid"], fields["sktid"]
    key.signed_start, key.signed_expiry = fields["skt"], fields["ske"]
    key.signed_service, key.signed_version = fields["sks"], fields["skv"]
    key.signed_delegated_user_tid = fields.get("skdutid")
    key.value = case["key"]
    return key


def make_token(case):
    service, fields, texts = SERVICES[case["service"]], case["fields"], []
    words = {keyword: fields[name] for keyword, name in KEYWORDS.items() if name in fields}
    words |= {"permission": fields.get("sp"), "expiry": fields.get("se"), "sts_hook": texts.append}
    if "sip" in fields:
        words["ip"] = "-".join(fields["sip"])
    if "srh" in fields:
        words["request_headers"] = dict(fields["srh"])
    if "srq" in fields:
        words["request_query_params"] = dict(fields["srq"])
    if case["kind"] == "account":
        words |= {"resource_types": fields["srt"], "services": fields["ss"]}
        token = service.package.generate_account_sas(case["account"], case["key"], **words)
    else:
        if "delegation" in case:
            words["user_delegation_key"] = delegation_key(service, case)
        else:
            words["account_key"] = case["key"]
        token = make_service_token(service.package, case, words)
    signature = dict(part.split("=", 1) for part in token.split("&"))["sig"]
    return {"text": texts[0], "signature": unquote(signature), "token": token}


def make_service_token(package, case, words):
    root, path = case["root"], case.get("path")
    if package is blob:
        if path is None:
            return blob.generate_container_sas(case["account"], root, **words)
        return blob.generate_blob_sas(case["account"], root, path, is_directory=case["directory"], **words)
    if path is None:
        return fileshare.generate_share_sas(case["account"], root, **words)
    return fileshare.generate_file_sas(case["account"], root, path.split("/"), **words)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    signed = [sign_request(case) if case["form"] == "request" else make_token(case) for case in cases]
    print(json.dumps(signed))


main()
