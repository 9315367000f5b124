#!/usr/bin/env bash
# The lab of bench/swarm.md by hand: two machines with an engine each on one bridge, joined to a swarm. No throw-away root.
set -eu
if [ "${1-}" != inside ]; then
  exec unshare --net --mount --pid --fork --ipc --uts --mount-proc "$0" inside
fi
mount -t tmpfs tmpfs /run
ip link add name lan type bridge
ip link set lan up
for n in 1 2; do
  mkdir -p /run/n$n
  unshare --net --mount --pid --fork --ipc --uts --mount-proc sh -c "
    mount -t tmpfs tmpfs /run/n$n && mkdir /run/n$n/data && hostname node$n && ip link set lo up
    until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
    ip address add 192.168.50.1$n/24 dev eth0 && ip link set eth0 up
    mount -t tmpfs tmpfs /run
    mkdir -p /run/data
    exec dockerd --data-root /run/data --exec-root /run/exec -H unix:///run/docker.sock --pidfile /run/docker.pid" \
    >/tmp/swarm-by-hand-$n.log 2>&1 &
  launcher=$!
  until pid=$(pgrep -P $launcher) && [ -n "$pid" ]; do sleep 0.01; done
  until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
  ip link add name port$n type veth peer name eth0 netns $pid
  ip link set port$n master lan up
  eval "node$n=$pid"
done
on() {
  local pid=$1
  shift
  nsenter -t $pid --net --mount --pid --ipc --uts "$@"
}
for pid in $node1 $node2; do
  until on $pid docker -H unix:///run/docker.sock version >/dev/null 2>&1; do sleep 0.05; done
done
on $node1 docker -H unix:///run/docker.sock swarm init --advertise-addr 192.168.50.11 >/dev/null
token=$(on $node1 docker -H unix:///run/docker.sock swarm join-token -q worker)
on $node2 docker -H unix:///run/docker.sock swarm join --token "$token" --advertise-addr 192.168.50.12 192.168.50.11:2377
