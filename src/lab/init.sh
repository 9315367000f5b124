# PID 1 of a lab node once its root is in place: starts the node's services, adopts orphans, and ends with the engine.
# In: fd 0 the lifeline, fd 3 the reports ("exited NAME STATUS" when a service ends; "ready"), env NETLAB_SERVICES: name
# and command line of each, a tab between them, one a line.
export -n "${!NETLAB_@}"
while IFS=$'\t' read -r name command; do
  [ -n "$name" ] || continue
  { bash -c "exec $command" </dev/null >"/run/netlab/$name.log" 2>&1 3>&-; echo "exited $name $?" >&3; } &
done <<<"$NETLAB_SERVICES"
echo ready >&3
while IFS= read -r _; do :; done
