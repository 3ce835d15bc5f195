#!/bin/sh
# Finds the Callsheet that serves this project and runs it with the given arguments:
# the one that laid this file down, else one in node_modules, else one on the PATH.
set -eu

recorded='@CALLSHEET@'
project=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }

if ! command -v node >/dev/null 2>&1; then
  say 'Callsheet needs Node.js 20.19 or newer, and there is no "node" on the PATH. See https://nodejs.org'
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
  say "Callsheet needs Node.js 20.19 or newer; this is $(node --version). See https://nodejs.org"
  exit 1
fi

# A checkout that has not been built yet is built first.
if [ -f "$recorded/scripts/install.mjs" ] && [ ! -f "$recorded/dist/cli.js" ]; then
  say "Installing and building $recorded"
  node "$recorded/scripts/install.mjs"
  node "$recorded/scripts/build.mjs"
fi

for home in "$recorded" "$project/node_modules/callsheet"; do
  if [ -f "$home/bin/callsheet.js" ]; then
    exec node "$home/bin/callsheet.js" "$@"
  fi
done
if command -v callsheet >/dev/null 2>&1; then
  exec callsheet "$@"
fi

say "Callsheet was not found: not in $recorded, not in node_modules, not on the PATH."
say 'Install it, then run its "init" in this project: node <callsheet>/bin/callsheet.js init'
exit 1
