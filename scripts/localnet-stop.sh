#!/usr/bin/env bash
# Ends the network in DIR (.localnet), by the ids of the processes that
# scripts/localnet.sh started, and waits until they are gone.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
DIR=${DIR:-$root/.localnet}
pids=()
for file in "$DIR"/*.pid; do
  [ -e "$file" ] || continue
  pid=$(cat "$file")
  # An id can have passed to another process since.
  if ps -p "$pid" -o args= 2>/dev/null | grep -qF -- "$DIR/"; then
    kill "$pid" 2>/dev/null || true
    pids+=("$pid")
  fi
  rm -f "$file"
done
for pid in "${pids[@]:-}"; do
  [ -n "$pid" ] || continue
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  if kill -0 "$pid" 2>/dev/null; then
    kill -KILL "$pid" 2>/dev/null || true
  fi
done
