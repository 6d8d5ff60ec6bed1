#!/usr/bin/env bash
# Looks for known vulnerabilities in what the programs call (Go) and in the tools of the protobuf
# pipeline (npm). Both ask a database on the network; without it nothing was checked, which is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
go tool -modfile=tools/vuln/go.mod govulncheck ./... || {
  echo "vuln: Go: vulnerabilities were found, or https://vuln.go.dev was not reached." >&2
  echo "vuln: behind a firewall, set GOVULNDB to a mirror: https://go.dev/doc/security/vuln/database" >&2
  failed=1
}
for folder in . tests/shacl; do
  npm audit --prefix "$folder" --package-lock-only || {
    echo "vuln: npm in $folder: vulnerabilities were found, or the registry did not answer the audit." >&2
    failed=1
  }
done
exit $failed
