# What start.sh and test.sh have in common. Read by them, from the root of the clone; POSIX sh.

say() { printf '%s\n' "$*" >&2; }

# npm writes node_modules/.package-lock.json last: older than the lock file means that the lock has changed since.
prepare_packages() {
  if [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then return 0; fi
  say 'Installing npm packages'
  # Touched, because npm may leave it with an older time than the lock file's.
  npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json
}

build_netlab() { node scripts/build.mjs; }

# Not being able to install something is no reason to stop: what cannot run without it is skipped, and says so.
prepare_system() {
  dist/netlab.cjs setup --yes || say 'Going on with what is here.'
}

# The shells whose completion is tested: where they cannot be installed, those tests are skipped, and that is said.
prepare_shells() {
  if command -v zsh >/dev/null && command -v fish >/dev/null; then return 0; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then sh src/lab/install-packages.sh zsh fish >&2 || :; fi
  for shell in zsh fish; do
    command -v "$shell" >/dev/null || say "skipped: completion in $shell, because it is not installed (apt-get install $shell)"
  done
}

# Whether this machine has what labs of a kind need.
labs_ready() {
  dist/netlab.cjs doctor --json | node -e '
    const { labs } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    process.exitCode = labs[process.argv[1]] ? 0 : 1;' "$1"
}
