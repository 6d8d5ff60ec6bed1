#!/usr/bin/env bash
# Builds the release twice, in two folders, and fails unless every archive has the same hash.
# ONLY=alita-worker leaves the node out, which takes minutes.
#
#   reproducible.sh VERSION LDFLAGS PLATFORM...
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for copy in first second/in/another/folder; do
  mkdir -p "$dir/$copy"
  git archive HEAD | tar -x -C "$dir/$copy"
  # Without a repository: the version is said, the time of the archives is the same.
  (cd "$dir/$copy" && GIT_CEILING_DIRECTORIES=$dir ./scripts/release.sh "$@") > "$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
done
cat "$dir/first/build/release/SHA256SUMS"
diff "$dir/first/build/release/SHA256SUMS" "$dir/second/in/another/folder/build/release/SHA256SUMS" ||
  { echo "reproducible: expected the same hashes in both folders" >&2; exit 1; }
echo "reproducible: two folders, the same hashes"
