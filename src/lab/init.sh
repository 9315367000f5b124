# PID 1 of a lab node once its root is in place: shows the lab's control groups, starts the node's services, adopts
# orphans, and ends with the engine.
# In: fd 0 the lifeline, fd 3 the reports ("exited NAME STATUS" when a service ends; "ready"), /run/netlab/groups (what is
# mounted below /sys/fs/cgroup, a table as of fstab(5)), env NETLAB_SERVICES: name and command line of each, a tab between
# them, one a line.
export -n "${!NETLAB_@}"
if [ -s /run/netlab/groups ] && ! mount -n --all --fstab /run/netlab/groups 2>/dev/null; then
  # A hierarchy of v1 that cannot be mounted leaves an empty folder; rmdir spares what is mounted. v2 has just one.
  rmdir /sys/fs/cgroup/* 2>/dev/null || { echo "cannot mount the control groups" >&2; exit 125; }
fi
while IFS=$'\t' read -r name command; do
  [ -n "$name" ] || continue
  { bash -c "exec $command" </dev/null >"/run/netlab/$name.log" 2>&1 3>&-; echo "exited $name $?" >&3; } &
done <<<"$NETLAB_SERVICES"
echo ready >&3
while IFS= read -r _; do :; done
# The engine is gone: what is frozen here (`docker pause`) would not die with the rest in v1 of control groups.
shopt -s globstar nullglob
for state in /sys/fs/cgroup/freezer/**/freezer.state; do echo THAWED >"$state"; done 2>/dev/null
