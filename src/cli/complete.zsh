#compdef netlab
# Completion of netlab's words in zsh, after compinit: source <(netlab completion zsh)

_netlab() {
  local -a lines described
  local kind prefix line value
  lines=("${(@f)$("${words[1]}" completion zsh -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  kind=$lines[1] prefix=$lines[2]
  case $kind in
    words)
      for line in "${(@)lines[3,-1]}"; do
        value=${line%%$'\t'*}
        if [[ $line == *$'\t'* ]]; then described+=("${value//:/\\:}:${line#*$'\t'}")
        else described+=("${value//:/\\:}")
        fi
      done
      _describe -t words netlab described
      ;;
    files) compset -P "$prefix"; _files ;;
    markdown) compset -P "$prefix"; _files -g '*.(md|markdown|mdx)' ;;
  esac
}

# Read from a folder of $fpath it is called at once, else it is registered.
if [[ $funcstack[1] == _netlab ]]; then _netlab "$@"; else compdef _netlab netlab; fi
