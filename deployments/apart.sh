#!/bin/sh
# Every service as its own process, two of each, behind an edge on http://127.0.0.1:8080.
#
#   make build tools
#   createdb passerelle
#   PASSERELLE_DATABASE_URL=postgres://localhost/passerelle deployments/apart.sh
#
# Ctrl-C stops it. What it keeps is in the database and in .apart; starting again goes on there.
set -eu
cd "$(dirname "$0")/.."
: "${PASSERELLE_DATABASE_URL:?give postgres://user@host/database, of an empty database or one that this has made}"
here="$PWD/.apart"
mkdir -p "$here"
umask 077

# The same for every process.
[ -f "$here/nats-token" ] || od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$here/nats-token"
NATS_TOKEN="t$(cat "$here/nats-token")" # a letter first, or nats.conf takes it for a number
NATS_STORE="$here/nats"
export NATS_TOKEN NATS_STORE
export PASSERELLE_DATABASE_URL
export PASSERELLE_NATS_URL="nats://$NATS_TOKEN@127.0.0.1:4222"
export PASSERELLE_SECRETS_DIR="$here/secrets"
export PASSERELLE_ERASURES="$here/erasures" # in no backup of the database
export PASSERELLE_OIDC_ISSUER="http://127.0.0.1:8080" # the edge, which asks the demo's issuer
export PASSERELLE_DEMO=identity

running=""
stop() {
	trap - EXIT INT TERM
	for pid in $running; do kill "$pid" 2>/dev/null || true; done
	for pid in $running; do wait "$pid" || true; done # services first take no more, finish and flush
	kill "$nats" 2>/dev/null || true
	wait "$nats" || true
	exit 0
}
trap stop EXIT INT TERM

bin/tools/nats-server -c deployments/nats.conf -l "$here/nats.log" &
nats=$!
bin/passerelle provision

begin() { # address, command
	PASSERELLE_HTTP_ADDR="$1" bin/passerelle "$2" 2>>"$here/$2.log" &
	running="$running $!"
}
begin 127.0.0.1:8091 access
begin 127.0.0.1:8092 access
begin 127.0.0.1:8101 detection
begin 127.0.0.1:8102 detection
begin 127.0.0.1:8111 referral
begin 127.0.0.1:8112 referral
begin 127.0.0.1:8121 workshop
begin 127.0.0.1:8122 workshop
begin 127.0.0.1:8131 equipment
begin 127.0.0.1:8132 equipment
begin 127.0.0.1:8136 funding
begin 127.0.0.1:8137 funding
begin 127.0.0.1:8141 projections
begin 127.0.0.1:8142 projections
begin 127.0.0.1:8151 identity
begin 127.0.0.1:8161 portal
begin 127.0.0.1:8162 portal

PASSERELLE_UPSTREAMS="
	access=http://127.0.0.1:8091,http://127.0.0.1:8092
	detection=http://127.0.0.1:8101,http://127.0.0.1:8102
	referral=http://127.0.0.1:8111,http://127.0.0.1:8112
	workshop=http://127.0.0.1:8121,http://127.0.0.1:8122
	equipment=http://127.0.0.1:8131,http://127.0.0.1:8132
	funding=http://127.0.0.1:8136,http://127.0.0.1:8137
	projections=http://127.0.0.1:8141,http://127.0.0.1:8142
	identity=http://127.0.0.1:8151
	portal=http://127.0.0.1:8161,http://127.0.0.1:8162"
export PASSERELLE_UPSTREAMS
begin 127.0.0.1:8080 edge

wait
