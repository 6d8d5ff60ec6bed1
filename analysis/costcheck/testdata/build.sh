#!/bin/sh
# Builds *.wasm from *.wat with wat2wasm (Debian's package wabt, or npm's).
set -eu
cd "$(dirname "$0")"
for source in *.wat; do
  wat2wasm "$source" -o "${source%.wat}.wasm"
done
