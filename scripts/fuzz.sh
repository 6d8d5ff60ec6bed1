#!/usr/bin/env bash
# Runs every fuzz target for the given time (10s), one after the other, in its own Go module.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-10s}
found=0
while IFS=: read -r file target; do
  found=1
  echo "fuzz: $(dirname "$file") $target for $time"
  (cd "$(dirname "$file")" && go test . -run '^$' -fuzz "^$target\$" -fuzztime "$time")
done < <(git ls-files --cached --others --exclude-standard '*_test.go' |
  xargs grep -oHE '^func Fuzz[A-Za-z0-9_]+' | sed 's/:func /:/')
[ "$found" = 1 ] || { echo "no fuzz target found" >&2; exit 1; }
