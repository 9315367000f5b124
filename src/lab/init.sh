# PID 1 of a lab node once its root is in place: shows the lab's control groups, starts the node's services, adopts
# orphans, and ends with the engine.
# In: fd 0 the lifeline, fd 3 the reports ("exited NAME STATUS" when a service ends; "ready"), env NETLAB_ROOTLESS (1: no
# rights outside a user namespace), NETLAB_CGROUPS (names of the hierarchies of control groups to show, v1; * for all),
# NETLAB_SERVICES: name and command line of each, a tab between them, one a line.
export -n "${!NETLAB_@}"

# What reaches past all of this, under the lab's own null.
covered=(/proc/kcore /proc/sysrq-trigger /proc/mtrr)

# In a cgroup namespace these mounts show the lab's own groups as the root, and nothing above them. Which there are is read
# here, in that namespace.
mount_rest() {
  local covers= groups= v2=1 controllers trouble status try file
  for file in "${covered[@]}"; do [ ! -e "$file" ] || covers+="/dev/null $file none bind"$'\n'; done
  while IFS=: read -r _ controllers _; do
    [ -n "$controllers" ] || continue
    v2=
    case " $NETLAB_CGROUPS " in ' * ' | *" ${controllers#name=} "*) ;; *) continue ;; esac
    groups+="cgroup /sys/fs/cgroup/${controllers#name=} cgroup X-mount.mkdir,$controllers"$'\n'
  done </proc/self/cgroup
  [ -z "$v2" ] || groups=$'cgroup2 /sys/fs/cgroup cgroup2 defaults\n'
  for ((try = 0; ; try++)); do
    printf '%s' "$covers$groups" >/run/netlab/fstab
    trouble=$(exec mount -n --all --fstab /run/netlab/fstab 2>&1)
    status=$?
    [ "$status" != 0 ] || { trouble=; break; }
    # Of one that was killed nothing is known.
    [ "$status" -lt 128 ] || exit 125
    covers=
    # A hierarchy that another node mounts at this moment is busy (EBUSY), which mount(8) calls mounted already.
    [[ $trouble == *'already mounted'* && $try -lt 100 ]] || break
    IFS= read -r -t 0.01 _ || [ $? -gt 128 ] || exit
  done
  for file in "${covered[@]}"; do
    [[ ! -e $file || $file -ef /dev/null ]] || { echo "$trouble" >&2; exit 125; }
  done
  [ -n "$trouble" ] || return 0
  [ -z "$v2" ] || { echo "$trouble" >&2; exit 125; }
  # A hierarchy of v1 that cannot be mounted leaves an empty folder; rmdir spares what is mounted.
  rmdir /sys/fs/cgroup/* 2>/dev/null
}
[ "$NETLAB_ROOTLESS" = 1 ] || mount_rest

while IFS=$'\t' read -r name command; do
  [ -n "$name" ] || continue
  { bash -c "exec $command" </dev/null >"/run/netlab/$name.log" 2>&1 3>&-; echo "exited $name $?" >&3; } &
done <<<"$NETLAB_SERVICES"
echo ready >&3
while IFS= read -r _; do :; done
# The engine is gone: what is frozen here (`docker pause`) would not die with the rest in v1 of control groups.
shopt -s globstar nullglob
for state in /sys/fs/cgroup/freezer/**/freezer.state; do echo THAWED >"$state"; done 2>/dev/null
