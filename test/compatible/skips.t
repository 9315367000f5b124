A shell that ends with status 80 says that the rest is not for this machine. A command that does says nothing of the kind.

  $ echo here
  here
  $ sh -c 'exit 80'
  [80]
  $ test "$(uname)" = Plan9 || exit 80
  $ false
