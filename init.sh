#!/bin/sh
# From a fresh clone to a first answer: checks Node, installs, builds, starts the server over the starter
# catalogue, verifies its health, asks a first question and prints the answer. Safe to run again.
set -eu
cd "$(dirname "$0")"

say() { printf '%s\n' "$*" >&2; }

if ! command -v node >/dev/null 2>&1; then
  say 'Callsheet needs Node.js 20.19 or newer, and there is no "node" on the PATH. See https://nodejs.org'
  exit 1
fi

say '1/5 Checking Node and installing what is missing'
node scripts/install.mjs
say '2/5 Building'
node scripts/build.mjs
say '3/5 Indexing the catalogue and starting the server'
node bin/callsheet.js start
say '4/5 Verifying its health'
node bin/callsheet.js status
say '5/5 Asking: "customers get logged out at random, find out why"'
node bin/callsheet.js query 'customers get logged out at random, find out why'
say ''
say 'The server keeps running. Ask it anything: node bin/callsheet.js query "<task>"'
say 'Stop it with:                              node bin/callsheet.js stop'
