#!/bin/sh
# Runs a server and runs it again when it crashes. Takes about 1 MB, where a second Node would take 40.
#
#   supervise.sh STATE_FILE CRASH_FILE INSTANCE COMMAND...
#
# Exit code 0 of the command: it was asked to end. Anything else is a crash: logged to standard output as a line of
# JSON, written to CRASH_FILE, and followed by a restart: at once, then after 1, 2, 4 seconds. It gives up after five
# deaths in a row within ten seconds of their start, and at once when the server never came up.
# SIGTERM, SIGINT and SIGHUP are handed on to the command. bin/supervise.mjs does the same on Windows.
set -u

state_file=$1
crash_file=$2
instance=$3
shift 3

quick=10
most=5

child=
pause=
stopping=0

stop() {
  stopping=1
  for pid in $child $pause; do kill -TERM "$pid" 2>/dev/null; done
}
trap stop TERM INT HUP

# A wait ends early when a signal arrives, so it is repeated until the process is gone.
wait_for() {
  while :; do
    wait "$1"
    code=$?
    kill -0 "$1" 2>/dev/null || return 0
  done
}

rest() {
  sleep "$1" &
  pause=$!
  wait "$pause"
  kill "$pause" 2>/dev/null
  pause=
}

record() {
  signal=null
  [ "$code" -gt 128 ] && name=$(kill -l $((code - 128)) 2>/dev/null) && signal="\"SIG$name\""
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  facts="\"pid\":$1,\"code\":$code,\"signal\":$signal,\"lasted_s\":$lasted,\"quick_deaths\":$deaths,\"gave_up\":$2"
  printf '{"timestamp":"%s","level":"ERROR","message":"%s",%s}\n' "$at" "$3" "$facts"
  (umask 077 && printf '{"at":"%s","message":"%s",%s}\n' "$at" "$3" "$facts" >"$crash_file")
}

MALLOC_ARENA_MAX=1
MALLOC_MMAP_THRESHOLD_=32768
export MALLOC_ARENA_MAX MALLOC_MMAP_THRESHOLD_

deaths=0
delay=0
while :; do
  began=$(date +%s)
  [ "$stopping" = 1 ] && exit 0
  "$@" &
  child=$!
  # Asked to end while the child was being made: it may be too young to hear SIGTERM, and has done nothing yet.
  [ "$stopping" = 1 ] && kill -KILL "$child" 2>/dev/null
  wait_for "$child"
  ended=$child
  child=
  [ "$code" = 0 ] && exit 0
  [ "$stopping" = 1 ] && exit 0

  lasted=$(($(date +%s) - began))
  if [ "$lasted" -lt "$quick" ]; then
    deaths=$((deaths + 1))
  else
    deaths=1
    delay=0
  fi
  if ! grep -qF "$instance" "$state_file" 2>/dev/null; then
    record "$ended" true 'The server did not come up'
    exit 1
  fi
  if [ "$deaths" -ge "$most" ]; then
    record "$ended" true 'The server crashed again and again; the supervisor gives up'
    exit 1
  fi
  record "$ended" false "The server crashed; starting it again in $delay s"
  [ "$delay" -gt 0 ] && rest "$delay"
  [ "$stopping" = 1 ] && exit 0
  if [ "$delay" = 0 ]; then delay=1; else delay=$((delay * 2)); fi
done
