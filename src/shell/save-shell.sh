# Writes what makes this shell what it is into $__netlab_file, as commands that make another one like it. In a subshell of the
# session's bash, so that it changes nothing there, and without its ERR and DEBUG traps. Not taken along: what bash itself
# keeps, what belongs to a terminal, and options that a person could not type with.
(
  exec >"$__netlab_file" 2>/dev/null || \builtin exit 1
  __netlab_options=$(\builtin set +o)
  case $- in
    *e*) \builtin echo "\\builtin echo 'set -e is off here: it would end this shell at the first mistake.'" ;;
  esac
  # Before the functions: their patterns may need extglob.
  \builtin shopt -p
  \builtin set +efuvx +o posix
  \builtin printf '\\builtin cd -- %q\n' "$PWD"
  \builtin umask -p
  if [ $# -gt 0 ]; then
    \builtin printf 'set --'
    \builtin printf ' %q' "$@"
    \builtin echo
  fi
  \builtin declare -p IFS || \builtin echo 'unset IFS'
  IFS=$' \t\n'
  \builtin compgen -A variable | while \builtin read -r __netlab_name; do
    case $__netlab_name in
      __netlab_* | netlab_failed | _ | BASH | BASH_* | BASHOPTS | BASHPID | COLUMNS | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS) ;;
      HIST* | IFS | LINENO | LINES | PIPESTATUS | PPID | PS4 | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | TERM | UID) ;;
      *) \builtin declare -p "$__netlab_name" ;;
    esac
  done
  \builtin declare -F | while \builtin read -r __netlab_word __netlab_flags __netlab_name; do
    case $__netlab_name in __netlab_*) continue ;; esac
    \builtin declare -f "$__netlab_name"
    case $__netlab_flags in *x*) \builtin printf '\\builtin declare -fx %q\n' "$__netlab_name" ;; esac
  done
  \builtin alias -p
  \builtin printf '%s\n' "$__netlab_options" | while \builtin read -r __netlab_line; do
    case ${__netlab_line##* } in
      emacs | errexit | histexpand | history | interactive-comments | monitor | noexec | onecmd | privileged | vi) ;;
      *) \builtin printf '\\builtin %s\n' "$__netlab_line" ;;
    esac
  done
)
