#!/usr/bin/env bash
# What runbooks/docker-dns.md proves, done by hand: the peer that bench/main-job.mjs times netlab against.
# Same closed network, private engine, resolver, five containers and commands; no throw-away root, no terminal, no checks.
set -eu
if [ "${1-}" != inside ]; then
  exec unshare --net --mount --pid --fork --ipc --uts --mount-proc "$0" inside
fi

mount -t tmpfs tmpfs /run
mkdir -p /run/docker-data
ip link set lo up

# The resolver: a network namespace of its own, with the address that the notes name.
ip netns add internet
ip link add name eth1 type veth peer name eth0 netns internet
ip addr add 202.106.0.1/24 dev eth1
ip link set eth1 up
ip netns exec internet sh -c '
  ip link set lo up; ip addr add 202.106.0.20/24 dev eth0; ip link set eth0 up
  common="dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user=root --no-round-robin"
  $common --port=5353 --listen-address=127.0.0.1 --bind-interfaces --local-ttl=600 \
    --cname=www.baidu.com,www.a.shifen.com --host-record=www.a.shifen.com,119.75.217.109 \
    --host-record=www.a.shifen.com,119.75.217.26 &
  $common --server=127.0.0.1#5353 --neg-ttl=600' >/run/dnsmasq.log 2>&1 &

dockerd --data-root /run/docker-data --exec-root /run/docker-exec -H unix:///run/docker.sock --pidfile /run/docker.pid \
  >/run/dockerd.log 2>&1 &
export DOCKER_HOST=unix:///run/docker.sock

# A BusyBox image without a registry: the static binary and a link for each applet.
mkdir -p /run/rootfs/bin /run/rootfs/tmp /run/rootfs/etc
cp "$(command -v busybox)" /run/rootfs/bin/busybox
busybox --list | while read -r applet; do
  [ "$applet" = busybox ] || ln -s busybox "/run/rootfs/bin/$applet"
done

until docker version >/dev/null 2>&1; do sleep 0.02; done
tar -C /run/rootfs -c . | docker import -c 'CMD ["sh"]' - busybox:latest >/dev/null

enter() { docker run --name w1 -i --rm "$@" busybox:latest /bin/sh; }
printf '%s\n' 'ifconfig -a' 'ping -c 1 202.106.0.20' true | enter --network none
printf '%s\n' 'ifconfig -a' 'ping -c 1 172.17.0.1' | enter --network bridge
printf '%s\n' hostname 'cat /etc/hosts' 'cat /etc/resolve.conf' 'cat /etc/resolv.conf' | enter --hostname w1 --network bridge
printf '%s\n' 'cat /etc/resolve.conf' 'cat /etc/resolv.conf' 'nslookup www.baidu.com' |
  enter --network bridge --dns 202.106.0.20
printf '%s\n' 'cat /etc/hosts' 'ping -c 1 docker01' |
  enter --network bridge --dns 202.106.0.20 --add-host docker01:172.17.0.1 --hostname w1
docker ps --all --quiet
