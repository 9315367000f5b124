# Installs the Debian packages named as arguments; run as root by `netlab setup`.
#
# No service that comes with them is started, now or at the next boot: netlab runs their programs itself. Debian's way
# is a policy-rc.d that refuses starts. It is removed at the end, also after a failure or a signal: that is why this is
# a script of its own, which goes on when netlab is killed.
set -u
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C
policy=/usr/sbin/policy-rc.d
mine='made by netlab setup'
services='docker.io:docker.service docker.io:docker.socket containerd:containerd.service'

apt() { apt-get -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null; }
is_known() { apt-cache policy "$1" | grep -q 'Candidate: [^(]'; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]; }

refuse_starts() {
  allow_starts # a set-up that was killed outright can have left one
  if (set -C && printf '#!/bin/sh\n# %s, and removed at its end\nexit 101\n' "$mine" >"$policy") 2>/dev/null; then
    chmod 755 "$policy"
  fi
}

allow_starts() {
  if grep -qs "$mine" "$policy"; then rm -f "$policy"; fi
}

# Debian enables what it installs; a machine that did not have an engine should not find one running after a reboot.
disable_new_services() {
  for service in $services; do
    package=${service%%:*}
    unit=${service#*:}
    case " $had " in *" $package "*) continue ;; esac
    [ -n "$(dpkg-query -W "$package" 2>/dev/null)" ] || continue
    if [ -d /run/systemd/system ]; then systemctl disable --now "$unit"
    elif command -v systemctl; then systemctl disable "$unit"
    else DPKG_MAINTSCRIPT_PACKAGE=$package deb-systemd-helper disable "$unit" # which insists on a package's name
    fi
    # The same for machines that boot without systemd.
    if [ -e "/etc/init.d/${unit%.service}" ]; then update-rc.d "${unit%.service}" disable; fi
  done >/dev/null 2>&1
}

# Removing what somebody uses is not for a set-up to decide. busybox-static is busybox, without its libraries.
check_removals() {
  removed=$(apt -s install $repair --no-install-recommends "$@" 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/\1/p' | grep -vx busybox)
  [ -z "$removed" ] && return
  echo "netlab setup: apt-get would remove:" $removed >&2
  echo "netlab setup: decide for yourself, and run: apt-get install --no-install-recommends $*" >&2
  exit 3
}

# One set-up at a time: another's end would allow starts in the middle of this one.
exec 9>/run/netlab-setup.lock && flock 9

updated=no
for package; do
  if [ "$updated" = no ] && ! is_known "$package"; then
    apt update || echo 'netlab setup: apt-get update had errors; going on with the lists that there are' >&2
    updated=yes
  fi
done
# Debian 13 has the client in a package of its own; before, there is none of that name.
case " $* " in *' docker.io '*) if is_known docker-cli; then set -- "$@" docker-cli; fi ;; esac
repair=
[ -z "$(dpkg --audit)" ] || repair=--fix-broken
check_removals "$@"

had=
for service in $services; do if is_installed "${service%%:*}"; then had="$had ${service%%:*}"; fi; done
trap 'disable_new_services; allow_starts' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
refuse_starts

# An installation that was broken off stands in the way of every other, as apt-get itself would say.
if [ -n "$repair" ]; then dpkg --configure -a </dev/null; fi
apt install -y $repair --no-install-recommends "$@"
status=$?
if [ "$status" -ne 0 ] && [ "$updated" = no ]; then
  # Old lists name files that the mirror no longer has.
  apt update
  apt install -y $repair --no-install-recommends "$@"
  status=$?
fi
exit "$status"
