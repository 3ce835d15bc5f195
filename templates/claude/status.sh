#!/bin/sh
# Says whether this project's Callsheet server runs, where, and how it is. Exit code 1 when it does not run.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here/.."
exec sh "$here/lib/callsheet.sh" status "$@"
