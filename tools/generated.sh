#!/usr/bin/env bash
# One hash over all generated files.
set -euo pipefail
cd "$(dirname "$0")/.."
find api pkg services \( -name '*.gen.go' -o -name '*.gen.json' -o -name '*_templ.go' \) -type f | LC_ALL=C sort | xargs -r sha256sum | sha256sum
