#!/bin/sh
# `npm start`: from a fresh clone to the first report. Installs what is missing, builds, and runs the main runbook for real.
set -eu
cd "$(dirname "$0")/.."
. scripts/prepare.sh

prepare_packages
build_netlab
prepare_system

if labs_ready docker; then
  exec node dist/netlab.js run runbooks/docker-dns.md
fi
say 'skipped: runbooks/docker-dns.md, because it needs a docker lab: see the list above, or `npx netlab doctor`'
if labs_ready sandbox; then
  say 'running what can run here: runbooks/first.md, in a sandbox'
  exec node dist/netlab.js run runbooks/first.md
fi
say 'skipped: runbooks/first.md, because it needs a sandbox lab: `npx netlab doctor` tells what is missing'
exit 2
