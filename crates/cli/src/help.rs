//! What `--help` teaches beside the arguments: examples, locations, accounts and exit codes.

use crate::exit::Exit;

pub(crate) const TOUR: &str = "\
Examples:
  lazuli cp --recursive docs az://quickstart/docs    copy a folder up
  lazuli ls az://quickstart/docs                     look at what is there
  lazuli cat az://quickstart/docs/index.md           print a blob
  lazuli cp --recursive az://quickstart/docs back    copy it back
  lazuli serve                                       a local Azure for every client

`lazuli --help` tells of locations, accounts and exit codes.";

// Lists fit 80 columns, as no terminal is narrower; running text has no line breaks, and is wrapped where it is shown.
const LOCATIONS: &str = "\
Locations:
  az://                     the configured account
  az://CONTAINER            a container
  az://CONTAINER/PATH       a blob, or a folder: all blobs that start with PATH/
  https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH?SAS
                            the same in any account, with a SAS or without
  http://127.0.0.1:10000/ACCOUNT/CONTAINER/PATH
                            the same in a local service
  anything else             a file or folder on this machine; write ./az:x for
                            a local file that is called az:x

Names after az:// are taken as they are, byte for byte: %20 stays %20, and ? and # are part of a name. In URLs, names are \
percent-decoded. Quote URLs in a shell: & and ? mean something to it.";

const ACCOUNTS: &str = "\
Accounts, in this order:
  1. The one of a full URL: by the SAS in it, or by what the variables below
     hold for that very account, or without any key. On this machine, the
     development account needs no variable: everybody knows its key.
  2. AZURE_STORAGE_CONNECTION_STRING. UseDevelopmentStorage=true stands for a
     running `lazuli serve`.
  3. AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.
     Without these two, Microsoft Entra: AZURE_TENANT_ID and AZURE_CLIENT_ID
     with AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, a workload's or
     a machine's identity in Azure, or whoever is logged in by `az login`.
  4. With none of these set, the local account in .lazuli in the working
     folder. Only there is a missing container made by itself.

The Azure CLI reads the same variables. HTTPS_PROXY and NO_PROXY are honoured, but never for this machine. Other users of this machine can see a SAS in a URL in the list of processes, as all \
arguments; AZURE_STORAGE_SAS_TOKEN in the environment is safer. No other secret of a client is an argument.";

/// The long help of the command itself.
pub(crate) fn reference() -> String {
    let table = Exit::table();
    format!("{TOUR}\n\n{LOCATIONS}\n\n{ACCOUNTS}\n\nExit codes:\n{table}").replace(
        "\n\n`lazuli --help` tells of locations, accounts and exit codes.",
        "",
    )
}

pub(crate) const CP: &str = "\
Examples:
  lazuli cp notes.txt az://quickstart               to quickstart/notes.txt
  lazuli cp notes.txt az://quickstart/old.txt       to quickstart/old.txt
  lazuli cp --recursive docs az://quickstart/docs   docs/a.md becomes quickstart/docs/a.md
  lazuli cp --recursive az://quickstart/docs back   quickstart/docs/a.md becomes back/a.md
  lazuli cp az://quickstart/docs/a.md .             to ./a.md

With --recursive, the tree at SOURCE becomes the tree at DESTINATION: the name of the source folder itself is not added. A single \
file takes its own name where DESTINATION is a container, a local folder, or ends with a slash. Symbolic links are not followed.

A download goes to plain files only: a DESTINATION that is a device or a pipe is refused; use `lazuli cat LOCATION > FILE` for those. \
Nothing is written into .lazuli in the working folder, where the local account keeps its data.

What is copied is checked from end to end, by CRC64 where the service can. A download has its final name only when all of \
it is there. Ctrl-C stops cleanly; what has been copied stays.";

pub(crate) const LS: &str = "\
Examples:
  lazuli ls                                the containers of the account
  lazuli ls az://quickstart                blobs and folders of a container, one level
  lazuli ls --long az://quickstart/docs    with size, date, type and ETag
  lazuli ls --recursive --output json az://quickstart | jq .bytes

Names are relative to LOCATION. Dates are UTC. With --output json, each line is a document of its own, with the full name and the \
exact size in bytes.";

pub(crate) const CAT: &str = "\
Examples:
  lazuli cat az://quickstart/docs/a.md
  lazuli cat az://quickstart/part-1 az://quickstart/part-2 > whole
  lazuli cat az://quickstart/log.gz | gunzip | head

Content is checked in pieces of 4 MiB, by CRC64 where the service can, before it is written: what comes out is right, if only \
in part. All pieces are of one state of the blob. When the reader goes away early, as head does, cat ends quietly with 0.";

pub(crate) const STAT: &str = "\
Examples:
  lazuli stat az://quickstart/docs/a.md
  lazuli stat --output json az://quickstart/docs/a.md | jq .etag";

pub(crate) const RM: &str = "\
Examples:
  lazuli rm az://quickstart/docs/a.md          one blob
  lazuli rm --recursive az://quickstart/docs   docs and all below docs/
  lazuli rm --recursive az://quickstart/docs/  only what is below docs/
  lazuli rm --recursive --yes az://quickstart  all blobs of the container

Nothing is asked: what is named is deleted, with its snapshots when --recursive is given. To delete all blobs of a container, --yes \
must say that this is meant. The container itself stays.";

pub(crate) const MB: &str = "\
Examples:
  lazuli mb az://quickstart
  lazuli mb --if-missing quickstart   does nothing when it is there already

A name has 3 to 63 lower-case letters, digits and single hyphens.";

pub(crate) const SAS: &str = "\
Examples:
  lazuli sas az://quickstart/docs/a.md                     to read one blob, for an hour
  lazuli sas --permissions rwl --expires 7d az://quickstart
  lazuli sas --permissions rl az://quickstart/docs/        what is below docs/
  lazuli sas --policy readers az://quickstart              as the stored access policy says
  rclone copy \":azureblob,sas_url='$(lazuli sas az://quickstart)':quickstart\" ./back
  azcopy list \"$(lazuli sas az://)\" --location Blob

Nothing is sent: the URL is signed on this machine with the account's key. Where the account is opened by Microsoft Entra, the service is \
asked for a user delegation key first, and the URL opens for 7 days at most.

Whoever has the URL can do what it permits. It is written to standard output, and nowhere else.";

pub(crate) const SERVE: &str = "\
Examples:
  lazuli serve                          in memory, at http://127.0.0.1:10000/devstoreaccount1
  lazuli serve --location .lazuli       with the data of the local account of this folder
  lazuli serve --blob-port 0 --output json
                                        a free port, and one line of JSON that says which
  AZURE_STORAGE_CONNECTION_STRING=UseDevelopmentStorage=true lazuli ls
                                        from another terminal

Clients find an account by path, http://127.0.0.1:10000/ACCOUNT/CONTAINER, or by host, http://ACCOUNT.blob.localhost:10000/CONTAINER. \
The development account is devstoreaccount1, which every Azure client knows as UseDevelopmentStorage=true.

Other users of this machine can see the keys of --account in the list of processes; LAZULI_ACCOUNTS=\"NAME:KEY;NAME:KEY\" in the \
environment is safer. Keys are base64.

What accounts are like is said by --account-options, with commas between options:
  lazuli serve --account-options devstoreaccount1:versioning,keep-deleted-blobs=7
The options are versioning; keep-deleted-blobs=DAYS and keep-deleted-containers=DAYS, soft delete; hierarchical-namespace; last-access-time-tracking; \
encryption-scope=NAME, as often as there are scopes; sku=NAME and kind=NAME, what Get Account Information tells; \
rehydration=SECONDS, how long a blob takes out of the archive; copy-time=SECONDS, how long a copy is pending.

The source of a copy is a blob that is served here. With --fetch-copy-sources it may be any URL: over https, or over http from this \
machine, through the proxies of HTTPS_PROXY and NO_PROXY. Another server on this machine is told apart by its port.

Access tokens of Microsoft Entra:
  lazuli serve --identity-port 10001    also a token endpoint and managed identities

With --identity-port, clients in any language get tokens as they do in Azure, and the Blob service checks issuer, audience, times \
and signature. Variables tell them where. As in an App Service:
  IDENTITY_ENDPOINT=http://127.0.0.1:10001/msi/token
  IDENTITY_HEADER=lazuli-development-identity-header

As on a virtual machine:
  AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:10001

As an application with a secret:
  AZURE_AUTHORITY_HOST=http://127.0.0.1:10001
  AZURE_TENANT_ID=6c617a75-6c69-4000-8000-000000000001
  AZURE_CLIENT_ID=6c617a75-6c69-4000-8000-000000000002
  AZURE_CLIENT_SECRET=lazuli-development-secret

All of these are public, and protect nothing. The traffic is plain http; Microsoft's own libraries want https for AZURE_AUTHORITY_HOST \
and for a Blob service that they send tokens to, which takes a proxy with a certificate that sets X-Forwarded-Proto.

--oauth says which tokens of others are let in: claims takes what reads as a token of Entra for the account, without looking at its \
signature, whose keys cannot be asked for offline; signed takes those of this process only. It is claims where all accounts have the well-known \
development key and are served to this machine only, for they protect nothing anyway; else it is signed.

SIGTERM or Ctrl-C stops it with nothing lost, and exit code 0; a second one stops it at once. With --location, what was acknowledged \
survives even a kill -9.";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  lazuli completions bash > ~/.local/share/bash-completion/completions/lazuli
  lazuli completions zsh > ~/.zfunc/_lazuli
  lazuli completions fish > ~/.config/fish/completions/lazuli.fish";
