#!/bin/sh
# Builds wasm/*.wasm from src/*.wat with wat2wasm (Debian's package wabt, or npm's) and records the hashes of both.
set -eu
cd "$(dirname "$0")"
for source in src/*.wat; do
  name=$(basename "$source" .wat)
  wat2wasm "$source" -o "wasm/$name.wasm"
done
sha256sum src/*.wat wasm/*.wasm > SHA256SUMS
cat SHA256SUMS
