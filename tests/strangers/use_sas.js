"use strict";
// Does things with the official SDK, each by a URL that has a shared access signature, with an account's key or with an access
// token.
//
//     use_sas.js MODULES STEPS
//
// MODULES is the folder of npm packages that has the SDK, STEPS a file with a JSON list. A JSON list of how each step ended, in the same
// order, is written to standard output: what was read or listed, or the error's code.

const fs = require("node:fs");
const path = require("node:path");
const tls = require("node:tls");

const [modules, stepsFile] = process.argv.slice(2);
const blobs = require(path.join(modules, "@azure/storage-blob"));

const options = { retryOptions: { maxTries: 1 } };
const blob = (step) => new blobs.BlockBlobClient(step.url, undefined, options);
const container = (step) => new blobs.ContainerClient(step.url, credential(step), options);

function credential(step) {
  if (!step.credential) return undefined;
  return new blobs.StorageSharedKeyCredential(step.credential.account_name, step.credential.account_key);
}

async function names(items) {
  const found = [];
  for await (const item of items) found.push(item.name);
  return found;
}

const seconds = (date) => date.toISOString().replace(".000Z", "Z");
const date = (text) => (text === undefined ? undefined : new Date(text));

const STEPS = {
  read: async (step) => {
    const chunks = [];
    for await (const chunk of (await blob(step).download()).readableStreamBody) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  },
  properties: async (step) => {
    const found = await blob(step).getProperties();
    return { bytes: found.contentLength, content_type: found.contentType };
  },
  write: async (step) => void (await blob(step).upload(step.content, Buffer.byteLength(step.content))),
  "write in blocks": async (step) => {
    const id = Buffer.from("0001").toString("base64");
    await blob(step).stageBlock(id, step.content, Buffer.byteLength(step.content));
    await blob(step).commitBlockList([id]);
  },
  delete: async (step) => void (await blob(step).delete()),
  list: (step) => names(container(step).listBlobsFlat()),
  "create container": async (step) => void (await container(step).create()),
  "delete container": async (step) => void (await container(step).delete()),
  "list containers": (step) => names(new blobs.BlobServiceClient(step.url, undefined, options).listContainers()),
  "set policies": async (step) => {
    const policies = Object.entries(step.policies).map(([id, { sp, st, se }]) => {
      return { id, accessPolicy: { permissions: sp, startsOn: date(st), expiresOn: date(se) } };
    });
    await container(step).setAccessPolicy(undefined, policies);
  },
  "lend key": async (step) => {
    tls.setDefaultCACertificates([fs.readFileSync(step.certificate, "utf8")]);
    const given = { getToken: async () => ({ token: step.token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const service = new blobs.BlobServiceClient(step.url, given, options);
    const key = await service.getUserDelegationKey(date(step.start), date(step.expiry));
    return {
      skoid: key.signedObjectId,
      sktid: key.signedTenantId,
      skt: seconds(key.signedStartsOn),
      ske: seconds(key.signedExpiresOn),
      sks: key.signedService,
      skv: key.signedVersion,
      value: key.value,
    };
  },
};

async function take(step) {
  try {
    return { done: (await STEPS[step.do](step)) ?? null };
  } catch (error) {
    if (!(error instanceof blobs.RestError)) throw error;
    // The answer to a HEAD has no body that could say it.
    return { refused: error.statusCode, code: error.code ?? error.response.headers.get("x-ms-error-code") };
  }
}

async function main() {
  const ended = [];
  for (const step of JSON.parse(fs.readFileSync(stepsFile, "utf8"))) ended.push(await take(step));
  process.stdout.write(JSON.stringify(ended));
}

main();
