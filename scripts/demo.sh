#!/usr/bin/env bash
# Plays the life of two data collections; see scripts/demo. Arguments are passed on (-keep, -dir DIR).
set -euo pipefail
cd "$(dirname "$0")/.."
exec go run ./scripts/demo "$@"
