#!/bin/sh
# Builds wasm/*.wasm from wat/*.wat with wat2wasm (Debian's package wabt, or npm's).
set -eu
cd "$(dirname "$0")"
for source in wat/*.wat; do
  wat2wasm "$source" -o "wasm/$(basename "$source" .wat).wasm"
done
