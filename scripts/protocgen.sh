#!/usr/bin/env bash
# Generates the Go code of proto/: gogoproto messages, gRPC and REST gateway.
set -euo pipefail
cd "$(dirname "$0")/.."
mod=$(go list -m)
rm -rf .gen
npx buf generate --template buf.gen.gogo.yaml
cp -r ".gen/$mod/." .
rm -rf .gen
