#!/bin/sh
# What action.yml does, in POSIX sh: `action.sh setup`, then `action.sh run`. Inputs come in variables, see there.
set -eu

say() { printf '%s\n' "$*" >&2; }

# Labs need root; a runner's user has a sudo that does not ask.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo --preserve-env env "PATH=$PATH" "$@"; fi
}

set_up() {
  cd "$NETLAB_HOME"
  if [ ! -e dist/netlab.cjs ]; then
    npm ci --no-audit --no-fund --loglevel=error
    node scripts/build.mjs
  fi
  case $NETLAB_SETUP in
    true) as_root dist/netlab.cjs setup --yes || say 'Going on with what is here: what cannot run is skipped, and says so.' ;;
    false) ;;
    *) say "netlab action: setup is true or false, not: $NETLAB_SETUP"; exit 2 ;;
  esac
}

# The words of an input, as a shell takes them apart, but without doing anything that stands in them.
words() { printf '%s\n' "$1" | xargs printf '%s\n'; }

run() {
  set -- --reporter pretty --reporter github
  # Word by word, so that blanks in quotes stay.
  for input in "$NETLAB_REPORTERS" "$NETLAB_ARGS" "$NETLAB_PATHS"; do
    case $input in *[![:space:]]*) ;; *) continue ;; esac
    words=$(words "$input") || { say "netlab action: a quote is open in: $input"; exit 2; }
    if [ "$input" = "$NETLAB_REPORTERS" ]; then before=--reporter; else before=; fi
    while IFS= read -r word; do
      set -- "$@" ${before:+"$before"} "$word"
    done <<END
$words
END
  done
  status=0
  as_root "$NETLAB_HOME/dist/netlab.cjs" run "$@" || status=$?
  case $status in 0) result=passed ;; 1) result=failed ;; 130) result=interrupted ;; *) result=errored ;; esac
  printf 'result=%s\nstatus=%s\n' "$result" "$status" >>"$GITHUB_OUTPUT"
  exit "$status"
}

case ${1-} in
  setup) set_up ;;
  run) run ;;
  *) say 'usage: action.sh setup|run'; exit 2 ;;
esac
