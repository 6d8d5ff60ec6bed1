#!/usr/bin/env bash
# Generates the Go code of proto/ (messages, gRPC, REST gateway; in api/ the worker's
# client) and the OpenAPI document of docs/openapi into the folder OUT, the project
# itself by default.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-.}
module=$(go list -m)
rm -rf .gen
trap 'rm -rf .gen' EXIT
npx buf generate --template buf.gen.gogo.yaml
npx buf generate --template buf.gen.api.yaml
npx buf generate --template buf.gen.swagger.yaml
mkdir -p "$out/docs/openapi"
cp -r ".gen/$module/." "$out"
cp .gen/swagger/alita.swagger.json "$out/docs/openapi/"
