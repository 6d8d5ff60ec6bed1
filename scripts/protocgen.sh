#!/usr/bin/env bash
# Generates the Go code of proto/ (messages, gRPC, REST gateway; in api/ the worker's
# client), the OpenAPI document of docs/openapi and the TypeScript of client/ts into
# the folder OUT, the project itself by default.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-.}
module=$(go list -m)
rm -rf .gen
trap 'rm -rf .gen' EXIT
npx buf generate --template buf.gen.gogo.yaml
npx buf generate --template buf.gen.api.yaml
npx buf generate --template buf.gen.swagger.yaml
npx buf generate --template buf.gen.ts.yaml
mkdir -p "$out/docs/openapi" "$out/client/ts/src"
cp -r ".gen/$module/." "$out"
cp .gen/swagger/alita.swagger.json "$out/docs/openapi/"
rm -rf "$out/client/ts/src/gen"
cp -r .gen/ts "$out/client/ts/src/gen"
