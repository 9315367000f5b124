#!/bin/bash
# The learner's commands (task, hint, check, …): each asks the tutor under its own name, and prints the answer.
# Out: one line "REPLY NAME ARGUMENTS…" into the FIFO `requests`. In: the FIFO reply.PID, a text that ends in a NUL; one
# that begins with an ENQ is a question, and "yes" is sent as the argument of the same command when it is answered so.
name=${0##*/}
if [ "$name" = tutor ]; then name=$1; shift; fi
here=${NETLAB_LEARN:-/run/netlab/learn}
if [ ! -p "$here/requests" ]; then echo "$name: the tutor cannot be reached from here; press Ctrl-]" >&2; exit 1; fi
reply=$here/reply.$$
mkfifo -m 600 "$reply" && exec 3<>"$reply" || exit 1
trap 'rm -f "$reply"' EXIT
ask() {
  printf '%s\n' "reply.$$ $name $*" >"$here/requests"
  IFS= read -r -d '' -u 3 text
}
ask "$@"
if [ "${text:0:1}" = $'\5' ]; then
  read -r -p "${text:1} [y/N] " answer || exit 1
  case $answer in [yY]*) ask yes ;; *) exit 1 ;; esac
fi
[ -z "$text" ] || printf '%s\n' "$text"
