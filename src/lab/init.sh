# PID 1 of a lab node once its root is in place: starts the node's services, adopts orphans, and ends with the engine.
# In: fd 0 the lifeline, fd 3 the reports ("exited NAME STATUS" when a service ends, "ready"), env NETLAB_SERVICES
# (names, one a line) and NETLAB_SERVICE_<name> (its command line).
ip link set lo up
while IFS= read -r name; do
  [ -n "$name" ] || continue
  command=NETLAB_SERVICE_$name
  { bash -c "exec ${!command}" </dev/null >"/run/netlab/$name.log" 2>&1 3>&-; echo "exited $name $?" >&3; } &
done <<<"$NETLAB_SERVICES"
unset "${!NETLAB_@}"
echo ready >&3
while IFS= read -r _; do :; done
