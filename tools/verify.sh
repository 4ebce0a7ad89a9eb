#!/usr/bin/env bash
# Each module builds and is tidy on its own, generated code is fresh, the architecture holds.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "verify: $1" >&2; exit 1; }

if grep -q '^require' api/go.mod; then fail "api/go.mod requires a module: api depends on the standard library only"; fi
if grep -qE 'passerelle/services' pkg/go.mod; then fail "pkg/go.mod names services: pkg knows no service"; fi

for module in api api/client pkg services; do
  (cd "$module" && GOWORK=off go build ./... && GOWORK=off go mod tidy -diff >/dev/null) || fail "$module does not build on its own, or is not tidy (cd $module && GOWORK=off go mod tidy)"
done
(cd tools && GOWORK=off go mod tidy -diff >/dev/null) || fail "tools/go.mod is not tidy"

unformatted=$(gofmt -l $(git ls-files '*.go' | grep -v '\.gen\.go$'))
[ -z "$unformatted" ] || fail "not formatted: $unformatted"

before=$(tools/generated.sh)
PATH="$PWD/bin/tools:$PATH" tools/generate.sh >/dev/null
[ "$before" = "$(tools/generated.sh)" ] || fail "generated code was stale: it is fresh now, commit it"

go test -count=1 -run 'TestArchitecture' ./services >/dev/null || fail "the architecture test fails: go test -run TestArchitecture ./services"
echo "verified"
