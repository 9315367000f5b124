#!/bin/sh
# `npm start`: from a fresh clone to the first report. Installs what is missing, builds, and runs the main runbook for real.
set -eu
cd "$(dirname "$0")/.."
. scripts/prepare.sh

prepare_packages
build_netlab
prepare_system

if labs_ready docker; then
  exec dist/netlab.cjs run runbooks/docker-dns.md
fi
# The report says why the first is skipped, and shows what can run without a Docker Engine.
exec dist/netlab.cjs run runbooks/docker-dns.md runbooks/first.md
