#!/bin/sh
# Stops this project's Callsheet server.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here/.."
exec sh "$here/lib/callsheet.sh" stop "$@"
