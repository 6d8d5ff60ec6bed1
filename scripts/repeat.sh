#!/usr/bin/env bash
# Runs a command many times under load and counts failures: what fails now and then hangs on luck.
#
#   repeat.sh TIMES BUSY COMMAND...
#
# BUSY processes count for nothing meanwhile. The output of a failed run is printed.
set -uo pipefail
times=$1 busy=$2; shift 2
log=$(mktemp) pids=()
for ((i = 0; i < busy; i++)); do (while :; do :; done) & pids+=($!); done
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null; rm -f "$log"' EXIT
failed=0
for ((run = 1; run <= times; run++)); do
  start=$SECONDS
  if "$@" > "$log" 2>&1; then
    echo "run $run of $times, $busy busy: passed, $((SECONDS - start)) s"
  else
    failed=$((failed + 1))
    echo "run $run of $times, $busy busy: FAILED, $((SECONDS - start)) s"
    cat "$log"
  fi
done
echo "$failed of $times runs failed"
[ "$failed" -eq 0 ]
