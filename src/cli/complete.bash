# Completion of netlab's words in bash 4.4 or newer: source <(netlab completion bash)

_netlab() {
  local words=() lines=() word cur tail kind prefix glue= i
  # bash takes "=" and ":" for the ends of words, netlab does not.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == [=:]* && i -gt 1 ]]; then words[-1]+=$word glue=yes
    elif [[ $glue ]]; then words[-1]+=$word glue=
    else words+=("$word")
    fi
  done
  cur=${words[-1]}
  mapfile -t lines < <("$1" completion bash -- "${words[@]}" 2>/dev/null)
  kind=${lines[0]} prefix=${lines[1]}
  if [[ $kind == words ]]; then
    # Only what comes after the last "=" or ":" is in bash's own word.
    tail=${cur##*[=:]}
    prefix=${cur%"$tail"}
    COMPREPLY=("${lines[@]:2}")
    COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
    return
  fi
  cur=${cur#"$prefix"}
  compopt -o filenames
  if [[ $kind == files ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  elif [[ $kind == markdown ]]; then
    mapfile -t COMPREPLY < <(
      compgen -d -- "$cur"
      for word in md markdown mdx; do compgen -f -X "!*.$word" -- "$cur"; done
    )
  fi
}

complete -F _netlab netlab
