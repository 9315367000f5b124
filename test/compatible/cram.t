A file of cram's own: what is indented is run, all else is prose.

  $ printf 'one\ntwo\n'
  one
  two

The shell goes on, and so does its state:

  $ name=kept
  $ false
  [1]
  $ for i in a b; do
  >   echo "$i"
  > done
  a
  b

  an indented line without a command is prose

  $ echo "$name in $(basename "$TESTDIR"), $TESTFILE, $TZ"
  kept in compatible, cram.t, GMT

Each file starts in an empty folder of its own, and has one for what it forgets:

  $ ls -A; echo mine >here; basename "$PWD"; dirname "$PWD"
  cram.t
  /tmp/cramtests
  $ test "$(dirname "$PWD")" = "$CRAMTMP"; mktemp
  /tmp/cramtests/tmp/tmp.* (glob)
  $ cat "$TESTDIR/$TESTFILE" | head -n 1
  A file of cram's own: what is indented is run, all else is prose.
  $ printf 'tab\there\n\nx.py\n'
  tab\there (esc)
  
  *.py (glob)
