#!/bin/sh
# Makes everything that is generated again: the served OpenAPI document, the table of operations, the servers
# of the services, the client, and the pages. With --check it changes nothing and fails when something is stale.
set -eu
cd "$(dirname "$0")"
export GOWORK=off

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# generate ROOT: makes it all again below ROOT.
generate() {
    go run ./openapi -api "$1/api/http" -plain "$work/plain.json"
    for config in "$1"/services/*/rest/oapi-codegen.yaml "$1/api/client/oapi-codegen.yaml"; do
        folder=$(dirname "$config")
        (cd "$folder" && "$work/oapi-codegen" -config oapi-codegen.yaml "$work/plain.json")
    done
    (cd "$1/services/portal" && "$work/templ" generate >/dev/null 2>&1) || { echo "templ could not make the pages: cd services/portal && templ generate" >&2; exit 1; }
}

go build -o "$work/oapi-codegen" github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen
go build -o "$work/templ" github.com/a-h/templ/cmd/templ

if [ "${1:-}" != --check ]; then
    generate "$(cd .. && pwd)"
    exit
fi

copy=$work/copy
mkdir "$copy"
(cd .. && find api services -name '*.yaml' -o -name go.mod -o -name openapi.json -o -name '*.gen.go' -o -name '*.templ' -o -name '*_templ.go') | while read -r file; do
    mkdir -p "$copy/$(dirname "$file")"
    cp "../$file" "$copy/$file"
done
generate "$copy"
(cd .. && find api services -name openapi.json -o -name '*.gen.go' -o -name '*_templ.go') | while read -r file; do
    cmp "../$file" "$copy/$file" || exit 1
done || { echo "generated files are stale: run tools/generate.sh" >&2; exit 1; }
