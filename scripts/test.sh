#!/bin/sh
# `npm test`: the same set-up where needed, then every stage of the checks; stops at the first that fails, and names it.
# Arguments go to Vitest: `npm test -- test/report`.
set -eu
cd "$(dirname "$0")/.."
. scripts/prepare.sh

stage() {
  name=$1
  shift
  say "== $name"
  if "$@"; then return 0; else status=$?; fi
  say "npm test: failed at: $name (exit status $status)"
  exit "$status"
}

stage 'npm packages' prepare_packages
stage 'build' build_netlab
stage 'system packages' prepare_system
stage 'shells' prepare_shells
stage 'lint' npm run --silent lint
stage 'types' npm run --silent types
if [ -n "${NETLAB_TEST_JSON-}" ]; then
  set -- --reporter=default --reporter=json "--outputFile.json=$NETLAB_TEST_JSON" "$@"
fi
if labs_ready docker; then
  stage 'tests' npm run --silent coverage -- "$@"
  say 'npm test: everything passed'
else
  stage 'tests that need no lab' npm run --silent coverage -- --project units "$@"
  say 'npm test: what can run here passed'
  say 'skipped: test/lab, test/shell, test/cli, test/docs and test/runbooks, because they need docker labs;'
  say 'what is missing for those, and how to get it: npx netlab doctor'
fi
