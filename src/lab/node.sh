# The first process of a lab node (PID 1 of its PID namespace): builds the throw-away root, then waits for the lifeline.
#
# In:  fd 0  the lifeline: end of file means that the engine is gone; PID 1 then exits, and the kernel kills the rest.
#      fd 3  reports to the engine, one a line: "pid N" (as the engine sees it), then "ready".
#      env   NETLAB_HOSTNAME, NETLAB_DISK (size of each tmpfs), NETLAB_ROOTLESS (1: no rights outside a user namespace),
#            NETLAB_MOUNTS (mount points of the machine that need an overlay of their own, one a line), NETLAB_RESOLV
#            (the contents of resolv.conf, empty to leave the machine's), NETLAB_NETWORK (closed, host), NETLAB_DROP (capabilities for setpriv),
#            NETLAB_INIT (init.sh), and what that reads
set -euo pipefail

# Still the machine's /proc: this is the PID that the engine knows.
read -r pid _ </proc/self/stat
echo "pid $pid" >&3

old=/run/root          # everything is built on a tmpfs over /run, which exists on every Linux and is the machine's no more
mount -t tmpfs -o "mode=755,size=$NETLAB_DISK" netlab /run
mkdir "$old" /run/layers

# An overlay over $1 of the machine, shown at the same path of the new root.
throw_away() {
  local at=$1 layer
  layer=$(mktemp -d /run/layers/XXXXXX)
  mkdir "$layer/upper" "$layer/work"
  mount -t overlay -o "lowerdir=$at,upperdir=$layer/upper,workdir=$layer/work$overlay_options" netlab "$old$at" 2>/dev/null
}

if [ "$NETLAB_ROOTLESS" = 1 ]; then
  # overlayfs over / is refused here ("failed to clone lowerpath": locked mounts), over its folders it is not.
  overlay_options=,userxattr
  mount --rbind / "$old"
  for folder in /etc /home /opt /root /srv /usr /var /tmp; do
    if [ -d "$folder" ] && [ ! -L "$folder" ]; then throw_away "$folder" || true; fi
  done
else
  overlay_options=
  throw_away /
  while IFS= read -r at; do
    if [ -f "$at" ]; then
      cp -p "$at" "$old$at" || true # a single file mounted over another, as container engines do
    elif [ -n "$at" ]; then
      throw_away "$at" || mount -o bind,ro "$at" "$old$at" || true
    fi
  done <<<"$NETLAB_MOUNTS"
fi

mount -t proc -o nosuid,nodev,noexec proc "$old/proc"

# /dev and /sys are the lab's own, so that nothing done to them reaches the machine's.
dev=/run/dev
mkdir "$dev"
mount -t tmpfs -o mode=755,nosuid,size=4m netlab "$dev"
mkdir "$dev"/{pts,shm,mqueue,net}
for node in null zero full random urandom tty net/tun; do
  if [ -e "/dev/$node" ]; then : >"$dev/$node"; mount --bind "/dev/$node" "$dev/$node"; fi
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev,size=64m shm "$dev/shm"
mount -t mqueue mqueue "$dev/mqueue"
ln -s pts/ptmx "$dev/ptmx"
ln -s /proc/self/fd "$dev/fd"
ln -s fd/0 "$dev/stdin"
ln -s fd/1 "$dev/stdout"
ln -s fd/2 "$dev/stderr"
mount --rbind "$dev" "$old/dev"

# On the machine's own network an ordinary user may not mount one, and keeps the machine's.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$old/sys" 2>/dev/null || [ "$NETLAB_ROOTLESS" = 1 ]
if [ "$NETLAB_ROOTLESS" != 1 ]; then
  # In a cgroup namespace these mounts show the lab's own groups as the root, and nothing above them.
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$old/sys/fs/cgroup"
  else
    mount -t tmpfs -o mode=755,size=1m cgroup "$old/sys/fs/cgroup"
    while IFS=: read -r _ controllers _; do
      case $controllers in
        '') continue ;;
        name=*) name=${controllers#name=} ;;
        *) name=$controllers ;;
      esac
      mkdir "$old/sys/fs/cgroup/$name"
      mount -t cgroup -o "$controllers" cgroup "$old/sys/fs/cgroup/$name" 2>/dev/null || rmdir "$old/sys/fs/cgroup/$name"
    done </proc/self/cgroup
  fi
  for file in /proc/kcore /proc/sysrq-trigger /proc/mtrr; do
    if [ -e "$file" ]; then mount --bind /dev/null "$old$file"; fi
  done
  # Kernel settings belong to the machine; those of the network belong to the lab.
  mkdir /run/net
  if [ "$NETLAB_NETWORK" = closed ]; then mount --bind "$old/proc/sys/net" /run/net; fi
  for folder in sys irq bus fs; do
    if [ -d "$old/proc/$folder" ]; then
      mount --bind "$old/proc/$folder" "$old/proc/$folder"
      mount -o remount,bind,ro "$old/proc/$folder"
    fi
  done
  if [ "$NETLAB_NETWORK" = closed ]; then mount --move /run/net "$old/proc/sys/net"; fi
fi

hostname "$NETLAB_HOSTNAME"
mount -t tmpfs -o "mode=755,size=$NETLAB_DISK" run "$old/run"
mkdir -p "$old/run/netlab" "$old/run/lock"
if [ -d "$old/var/lib/docker" ] || mkdir -p "$old/var/lib/docker" 2>/dev/null; then
  # overlay2 cannot stand on an overlay: the engine's data lie on a tmpfs.
  mount -t tmpfs -o "mode=711,size=$NETLAB_DISK" docker "$old/var/lib/docker"
fi
if [ -n "$NETLAB_RESOLV" ]; then rm -f "$old/etc/resolv.conf"; printf '%s' "$NETLAB_RESOLV" >"$old/etc/resolv.conf"; fi

mkdir "$old/run/old"
cd "$old"
pivot_root . run/old
cd /
umount -l /run/old
rmdir /run/old

exec setpriv --bounding-set "$NETLAB_DROP" bash -c 'eval "$NETLAB_INIT"' netlab-init
