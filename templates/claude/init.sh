#!/bin/sh
# Gives this project Callsheet: starts its server, registers it, verifies that it is well. Safe to run again, and in
# a copy of this .claude folder. Takes the options of "callsheet init": --dry-run, --scope user.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec sh "$here/lib/callsheet.sh" init "$(dirname -- "$here")" "$@"
