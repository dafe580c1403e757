"use strict";
// Signs requests and makes shared access signatures with the official SDK's own code.
//
//     sign.js MODULES CASES
//
// MODULES is the folder of npm packages that has the SDK, CASES a file with a JSON list. A JSON list of what the SDK signed, in the
// same order, is written to standard output: the text, the signature and, for a shared access signature, the token.

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const [modules, casesFile] = process.argv.slice(2);

// The SDK signs as ever, and the text that it signs is kept.
let heard;
const createHmac = crypto.createHmac;
crypto.createHmac = (...how) => {
  const mac = createHmac(...how);
  const update = mac.update.bind(mac);
  mac.update = (text, ...rest) => {
    heard = text;
    return update(text, ...rest);
  };
  return mac;
};

// The policy dates each request itself, with the clock that is set here.
let now;
Date.prototype.toUTCString = () => now;

const inside = (...parts) => require(path.join(modules, "@azure", ...parts));
const common = inside("storage-common");
const { createHttpHeaders } = inside("core-rest-pipeline");
const { storageSharedKeyCredentialPolicy } = inside("storage-common/dist/commonjs/policies/StorageSharedKeyCredentialPolicyV2.js");
const blob = inside("storage-blob");
const files = inside("storage-file-share");
const blobTokens = inside("storage-blob/dist/commonjs/sas/BlobSASSignatureValues.js");
const fileTokens = inside("storage-file-share/dist/commonjs/FileSASSignatureValues.js");
const accountTokens = {
  blob: inside("storage-blob/dist/commonjs/sas/AccountSASSignatureValues.js"),
  file: inside("storage-file-share/dist/commonjs/AccountSASSignatureValues.js"),
};
const packages = { blob, file: files };

async function signRequest({ account, key, method, url, headers }) {
  const named = Object.fromEntries(headers);
  now = named["x-ms-date"];
  const request = { method, url, headers: createHttpHeaders(named) };
  const policy = storageSharedKeyCredentialPolicy({ accountName: account, accountKey: Buffer.from(key, "base64") });
  await policy.sendRequest(request, async () => undefined);
  const start = `SharedKey ${account}:`;
  const authorization = request.headers.get("authorization");
  if (!authorization.startsWith(start)) throw new Error(authorization);
  return { text: heard, signature: authorization.slice(start.length) };
}

const date = (text) => (text === undefined ? undefined : new Date(text));

// What the SDK calls the parameters of a token, where its property is handed on as it is.
const PROPERTIES = {
  version: "sv",
  identifier: "si",
  protocol: "spr",
  encryptionScope: "ses",
  cacheControl: "rscc",
  contentDisposition: "rscd",
  contentEncoding: "rsce",
  contentLanguage: "rscl",
  contentType: "rsct",
  preauthorizedAgentObjectId: "saoid",
  correlationId: "scid",
  delegatedUserObjectId: "sduoid",
  snapshotTime: "snapshot",
  versionId: "versionid",
  services: "ss",
  resourceTypes: "srt",
};

function makeToken({ kind, service, account, key, root, path: name, directory, delegation, fields }) {
  const values = { startsOn: date(fields.st), expiresOn: date(fields.se) };
  for (const [property, parameter] of Object.entries(PROPERTIES)) {
    if (parameter in fields) values[property] = fields[parameter];
  }
  if (fields.sip) values.ipRange = { start: fields.sip[0], end: fields.sip[1] };
  if (fields.srh) values.requestHeaders = Object.fromEntries(fields.srh);
  if (fields.srq) values.requestQueryParameters = Object.fromEntries(fields.srq);
  if (fields.sp) values.permissions = permissions(kind, service, name).parse(fields.sp);
  const made = sign({ kind, service, account, key, root, name, directory, delegation, values });
  const token = made.sasQueryParameters.toString();
  return { text: made.stringToSign, signature: made.sasQueryParameters.signature, token };
}

function permissions(kind, service, name) {
  if (kind === "account") return packages[service].AccountSASPermissions;
  if (service === "blob") return name === undefined ? blob.ContainerSASPermissions : blob.BlobSASPermissions;
  return name === undefined ? files.ShareSASPermissions : files.FileSASPermissions;
}

function sign({ kind, service, account, key, root, name, directory, delegation, values }) {
  const credential = new common.StorageSharedKeyCredential(account, key);
  if (kind === "account") return accountTokens[service].generateAccountSASQueryParametersInternal(values, credential);
  const signer = delegation ? [delegationKey(delegation, key), account] : [credential];
  if (service === "blob") {
    Object.assign(values, { containerName: root, blobName: name, isDirectory: directory });
    return blobTokens.generateBlobSASQueryParametersInternal(values, ...signer);
  }
  Object.assign(values, { shareName: root, filePath: name });
  return fileTokens.generateFileSASQueryParametersInternal(values, ...signer);
}

function delegationKey(fields, value) {
  return {
    signedObjectId: fields.skoid,
    signedTenantId: fields.sktid,
    signedStartsOn: date(fields.skt),
    signedExpiresOn: date(fields.ske),
    signedService: fields.sks,
    signedVersion: fields.skv,
    signedDelegatedUserTenantId: fields.skdutid,
    value,
  };
}

async function main() {
  const signed = [];
  for (const one of JSON.parse(fs.readFileSync(casesFile, "utf8"))) {
    signed.push(one.form === "request" ? await signRequest(one) : makeToken(one));
  }
  process.stdout.write(JSON.stringify(signed));
}

main();
