# The first process of a lab node (PID 1 of its PID namespace): builds the throw-away root, then waits for the lifeline.
#
# In:  fd 0  the lifeline: end of file means that the engine is gone; PID 1 then exits, and the kernel kills the rest.
#      fd 3  reports to the engine, one a line: "ready".
#      env   NETLAB_HOSTNAME, NETLAB_DISK (size of each tmpfs), NETLAB_ROOTLESS (1: no rights outside a user namespace),
#            NETLAB_MOUNTS (mount points of the machine that need an overlay of their own, one a line), NETLAB_RESOLV
#            (the contents of resolv.conf, empty to leave the machine's), NETLAB_NETWORK (closed, host), NETLAB_INIT
#            (init.sh), and what that reads; what first-process.sh has
set -euo pipefail
umask 022

# $1 as a table has it.
escaped() {
  local text=${1//\\/\\134}
  text=${text// /\\040}
  path=${text//$'\t'/\\011}
}

old=/run/root          # everything is built on a tmpfs over /run, which exists on every Linux and is the machine's no more
dev=/run/dev           # /dev and /sys are the lab's own, so that nothing done to them reaches the machine's
# -n: nothing is noted in /run/mount, since this /run is still the machine's. What is to be mounted is put together meanwhile.
mount -n -t tmpfs -o "mode=755,size=$NETLAB_DISK" netlab /run &
tmpfs=$!
loopback=
# Of a network of its own: the machine's is as it is.
if [ "$NETLAB_NETWORK" != host ]; then ip link set lo up 2>/dev/null & loopback=$!; fi

# Tables as in fstab(5) of what must be mounted, and of what may be missing. The new root, and what is mounted on it, come in this order.
table=
optional=
folders=("$old" /run/net /run/run/{netlab/bin,lock} "$dev"/{pts,shm,mqueue,net})

# An overlay over $1 of the machine, shown at the same path of the new root.
layer=0
throw_away() {
  local upper=/run/layers/$((++layer))/upper work=/run/layers/$layer/work path
  folders+=("$upper" "$work")
  # Of / nothing: what is mounted is found again by its name in /proc/self/mountinfo, which ends in no slash.
  escaped "${1%/}"
  overlay="netlab $old$path overlay lowerdir=${path:-/},upperdir=$upper,workdir=$work$overlay_options"$'\n'
}

if [ "$NETLAB_ROOTLESS" = 1 ]; then
  # overlayfs over / is refused here ("failed to clone lowerpath": locked mounts), over its folders it is not.
  overlay_options=,userxattr
  table+="/ $old none rbind"$'\n'
  for folder in /etc /home /opt /root /srv /usr /var /tmp; do
    if [ -d "$folder" ] && [ ! -L "$folder" ]; then throw_away "$folder"; optional+=$overlay; fi
  done
else
  overlay_options=
  throw_away /
  table+=$overlay
  while IFS= read -r at; do
    if [ -n "$at" ] && [ ! -f "$at" ]; then throw_away "$at"; optional+=$overlay; fi
  done <<<"$NETLAB_MOUNTS"
fi

# Copies of the devices: the mode and the owner of one that is only bound here are the machine's, for root to change. An
# ordinary user can make none, and can change none.
devices=()
for device in null zero full random urandom tty net/tun; do
  if [ -e "/dev/$device" ]; then devices+=("$device"); fi
done
# A table that binds those which are not copied below $1. A device that can only be read is written to all the same, but keeps
# its mode and its owner.
bound_devices() {
  for device in "${devices[@]}"; do [ -c "$1/$device" ] || echo "/dev/$device $1/$device none bind$2"; done
}
# What they are bound over, and the rest of them.
link_devices() {
  for device in "${devices[@]}"; do [ -c "$dev/$device" ] || : >"$dev/$device"; done
  # A ptmx opens terminals of the pts that is mounted beside it.
  ln -sf pts/ptmx /proc/self/fd "$dev"
  ln -sf fd/0 "$dev/stdin"
  ln -sf fd/1 "$dev/stdout"
  ln -sf fd/2 "$dev/stderr"
}

if [ "$NETLAB_ROOTLESS" = 1 ]; then table+=$(bound_devices "$dev" "")$'\n'; fi
table+="proc $old/proc proc nosuid,nodev,noexec
devpts $dev/pts devpts newinstance,ptmxmode=0666,mode=0620
shm $dev/shm tmpfs mode=1777,nosuid,nodev,size=64m
mqueue $dev/mqueue mqueue defaults
$dev $old/dev none rbind,nosuid
"

if [ "$NETLAB_ROOTLESS" = 1 ]; then
  # On the machine's own network an ordinary user may not mount one, and keeps the machine's.
  optional="sysfs $old/sys sysfs ro,nosuid,nodev,noexec"$'\n'$optional
else
  table+="sysfs $old/sys sysfs ro,nosuid,nodev,noexec"$'\n'
  # A hierarchy of v1 is a folder of its own, see init.sh.
  if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    table+="cgroup $old/sys/fs/cgroup tmpfs mode=755,size=1m"$'\n'
  fi
  # Kernel settings belong to the machine; those of the network belong to the lab.
  if [ "$NETLAB_NETWORK" = closed ]; then table+="$old/proc/sys/net /run/net none bind"$'\n'; fi
  for folder in sys irq bus fs; do
    if [ -d "/proc/$folder" ]; then table+="$old/proc/$folder $old/proc/$folder none bind,ro,nosuid,nodev,noexec"$'\n'; fi
  done
  if [ "$NETLAB_NETWORK" = closed ]; then table+="/run/net $old/proc/sys/net none bind"$'\n'; fi
fi
table+="/run/run $old/run none bind"$'\n'
# overlay2 cannot stand on an overlay: the engine's data lie on a tmpfs. An ordinary user may have no folder for it.
docker="docker $old/var/lib/docker tmpfs X-mount.mkdir,mode=711,size=$NETLAB_DISK"$'\n'
if [ "$NETLAB_ROOTLESS" = 1 ]; then optional+=$docker; else table+=$docker; fi

# Whether all of a table is mounted: mount(8) says by its status only that something is not. Of an overlay over /, where
# nothing of the machine's is mounted.
all_mounted() {
  local target mounted
  mounted=$(</proc/self/mountinfo)
  while read -r _ target _; do [[ -z $target || $mounted == *" $target "* ]] || return; done <<<"$1"
}

wait "$tmpfs"
mkdir -p "${folders[@]}"
if [ "$NETLAB_ROOTLESS" = 1 ]; then link_devices; fi
# Starting a program costs more than all that it does here: mount(8) is given a table.
if [ "$NETLAB_ROOTLESS" = 1 ]; then printf '%s' "$table" >/run/fstab; else printf '%s' "$table$optional" >/run/fstab; fi
mount -n --all --fstab /run/fstab &
mounts=$!
if [ "$NETLAB_ROOTLESS" != 1 ]; then
  (cd /dev && exec cp -a --parents "${devices[@]}" fd stdin stdout stderr ptmx "$dev") 2>/run/devices &
  copies=$!
fi
mkfifo -m 600 /run/run/netlab/fifo-{0,1} &
fifos=$!
if ! { echo "$NETLAB_HOSTNAME" >/proc/sys/kernel/hostname; } 2>/dev/null; then hostname "$NETLAB_HOSTNAME"; fi
status=0
wait "$mounts" || status=$?
if [ "$NETLAB_ROOTLESS" = 1 ]; then
  [ "$status" = 0 ] || exit "$status"
  printf '%s' "$optional" >/run/fstab
  mount -n --all --fstab /run/fstab 2>/dev/null || true
elif [ "$status" != 0 ]; then
  # Of one that was killed nothing is known.
  [ "$status" -lt 128 ] || exit "$status"
  all_mounted "$table"
  # Not every file system can lie below an overlay: what is on it can only be read, then.
  while IFS= read -r at; do
    [ -z "$at" ] || [ -f "$at" ] || mountpoint -q "$old$at" || mount -n -o bind,ro "$at" "$old$at" || true
  done <<<"$NETLAB_MOUNTS"
fi
while IFS= read -r at; do
  if [ -f "$at" ]; then cp -p "$at" "$old$at" || true; fi # a single file mounted over another, as container engines do
done <<<"$NETLAB_MOUNTS"
if [ -n "$NETLAB_RESOLV" ]; then
  # It may be a link, or be somebody's whom a user namespace does not know.
  rm -f "$old/etc/resolv.conf"
  printf '%s' "$NETLAB_RESOLV" >"$old/etc/resolv.conf"
fi
# The machine's own are the way where root may make none: in a container, say. Or something to copy is missing (/dev/fd).
if [ "$NETLAB_ROOTLESS" != 1 ] && ! wait "$copies"; then
  link_devices
  bound_devices "$old/dev" ,ro >/run/fstab
  mount -n --all --fstab /run/fstab
fi
# Without a number it would wait for all, and forget them.
[ -z "$loopback" ] || wait "$loopback" || true
wait "$fifos"

must_be_rooted
# The old root comes to lie on the new one, and is all that "." means then (pivot_root(2)). As long as it is there, mount(8) takes
# what is mounted in it for mounted here.
cd "$old"
pivot_root . .
umount -n -l .
cd /

# The root of a cgroup namespace is where its first process is when it is made.
all_joined
[ "$NETLAB_ROOTLESS" = 1 ] || set -- unshare --cgroup
exec "$@" bash --norc -c 'eval "$NETLAB_INIT"' netlab-init
