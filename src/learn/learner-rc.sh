# What the learner's bash reads at its start. In: NETLAB_LEARN, the tutor's folder on this node; NETLAB_NODE, its name.
PS1='\u@$NETLAB_NODE:\w\$ '
HISTFILE=$NETLAB_LEARN/history
HISTCONTROL=ignoredups
if [ -z "$NO_COLOR" ] && [ ! -e "$NETLAB_LEARN/plain" ]; then alias ls='ls --color=auto' ip='ip -color=auto'; fi
if [ -r /usr/share/bash-completion/bash_completion ]; then . /usr/share/bash-completion/bash_completion; fi
# Exported, so that every bash started from this one tells the tutor, too: in a namespace, in tmux, in another terminal.
# With --plain it waits for what the tutor has to say; else it does not wait for anything.
if [ -e "$NETLAB_LEARN/plain" ]; then
  bind 'set enable-bracketed-paste off'
  export PROMPT_COMMAND='history -a 2>/dev/null; { "$NETLAB_LEARN/bin/tutor" prompt; } 2>/dev/null'
else
  export PROMPT_COMMAND='history -a 2>/dev/null; { [ -p "$NETLAB_LEARN/requests" ] && printf "%s\n" "- prompt" >"$NETLAB_LEARN/requests"; } 2>/dev/null'
fi
