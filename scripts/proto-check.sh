#!/usr/bin/env bash
# Fails when the protobuf files are badly formatted or linted, when the committed
# code is not what they generate, or when they break the recorded interfaces.
set -euo pipefail
cd "$(dirname "$0")/.."
npx buf format --diff --exit-code proto
npx buf lint
npx buf breaking proto --against proto/baseline.binpb
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
OUT=$fresh ./scripts/protocgen.sh
stale=0
while IFS= read -r file; do
  cmp -s "$fresh/$file" "$file" || { echo "not current: $file" >&2; stale=1; }
done < <(cd "$fresh" && find . -type f)
# Code whose protobuf file is gone.
while IFS= read -r file; do
  [ -e "$fresh/$file" ] || { echo "generated from nothing: $file" >&2; stale=1; }
done < <(git ls-files '*.pb.go' '*.pb.gw.go' '*_pb.ts')
[ "$stale" = 0 ] || { echo "run make proto" >&2; exit 1; }
