# Read before the program of a first process (PID 1 of its PID namespace): joins the lab's control groups.
# In: fd 3 reports to the engine, one a line ("pid N", as the engine sees it), env NETLAB_GROUPS (directories, one a line).

# Still the machine's /proc: this is the PID that the engine knows.
read -r pid _ </proc/self/stat
echo "pid $pid" >&3

# Whoever joins a mount namespace has its root, which in a chroot is not this one, but that of the machine outside.
nsenter --mount=/proc/self/ns/mnt --wd=/ sh -c '[ . -ef / ]' &
rooted=$!
# Before anything happens to the root.
must_be_rooted() {
  wait "$rooted" || { echo 'this is a chroot, where steps would reach the machine outside of it' >&2; exit 125; }
}

joining=()
while IFS= read -r group; do
  if [ -z "$group" ]; then continue; fi
  # The kernel lets a thread that moves itself join at once (v1), whole processes only when all processors have passed a
  # certain point (synchronize_rcu), 10 to 25 ms later.
  if [ -e "$group/tasks" ]; then
    echo 0 >"$group/tasks" || { echo "cannot join $group" >&2; exit 125; }
  else
    # Opened at once: what writes may run only when the root is another one, which has no such path.
    exec {into}>"$group/cgroup.procs" || { echo "cannot join $group" >&2; exit 125; }
    # Whoever writes sees the PIDs of these namespaces.
    echo $$ >&"$into" &
    joining+=($!)
    exec {into}>&-
  fi
done <<<"$NETLAB_GROUPS"

# Waits until this process, and what it starts from then on, is in all of them.
all_joined() {
  local each
  for each in "${joining[@]}"; do wait "$each" || { echo "cannot join the lab's control groups" >&2; exit 125; }; done
}
