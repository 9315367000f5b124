/** Commands on a node (the task's own, when it is not named). */
export type Commands = string | Readonly<Record<string, string>>;

/** What else may be tried in a task: what solves it, too, and what looks as if it did. */
export interface Ways {
  readonly file: string;
  readonly task: string;
  /** Not what the document's own solution does, and as good. */
  readonly other: Readonly<Record<string, Commands>>;
  /** What must not count, and the criterion that says so. */
  readonly wrong: Readonly<Record<string, { readonly does: Commands; readonly refused: string }>>;
}

export const ways: readonly Ways[] = [
  {
    file: 'namespaces.md',
    task: 'cable',
    other: { 'born in the namespaces': 'ip link add name a netns w1 type veth peer name b netns w2' },
    wrong: {
      'two cables, each with one end outside': {
        does: 'ip link add name a netns w1 type veth peer name b\nip link add name c netns w2 type veth peer name d',
        refused: 'w1 and w2 have one end each of the same cable',
      },
    },
  },
  {
    file: 'namespaces.md',
    task: 'address',
    other: {
      'another cable, and ifconfig': `ip -n w1 link del v1
ip -n w1 link del eth0 2>/dev/null
ip link add eth0 netns w1 type veth peer name eth0 netns w2
ip netns exec w1 ifconfig eth0 10.0.0.1 netmask 255.255.255.0 up
ip netns exec w2 ifconfig eth0 10.0.0.2 netmask 255.255.255.0 up`,
    },
    wrong: {
      'interfaces of that name, and no cable': {
        does: `for n in 1 2; do
  ip -n w$n link add eth0 type bridge
  ip -n w$n addr add 10.0.0.$n/24 dev eth0
  ip -n w$n link set eth0 up
done`,
        refused: 'w1 reaches 10.0.0.2',
      },
    },
  },
  {
    file: 'resolver.md',
    task: 'resolver',
    other: {
      'on a network of its own, where Docker itself is asked first': `docker network create own
docker run -d --name w1 --network own --dns 202.106.0.20 busybox:latest sleep 1d`,
      'a file of its own': `echo nameserver 202.106.0.20 > /root/resolv.conf
docker run -d --name w1 -v /root/resolv.conf:/etc/resolv.conf busybox:latest sleep 1d`,
    },
    wrong: {
      'the whole machine': {
        does: 'echo nameserver 202.106.0.20 > /etc/resolv.conf\ndocker run -d --name w1 busybox:latest sleep 1d',
        refused: 'the machine still asks 192.168.1.1',
      },
      'a container that has ended': {
        does: 'docker run -d --name w1 --dns 202.106.0.20 busybox:latest true\nsleep 0.5',
        refused: 'a container w1 is running',
      },
    },
  },
  {
    file: 'hosts.md',
    task: 'hosts',
    other: {
      'a file of its own': `docker rm -f w1
printf '127.0.0.1 localhost\\n172.17.0.1 gate docker01\\n' > /root/hosts
docker run -d --name w1 -v /root/hosts:/etc/hosts busybox:latest sleep 1d
docker stop -t 0 w1
docker start w1`,
      'a program that writes it at every start': `docker rm -f w1
docker run -d --name w1 busybox:latest sh -c 'echo 172.17.0.1 docker01 >> /etc/hosts; exec sleep 1d'
docker restart -t 0 w1`,
    },
    wrong: {
      'by hand, after the restart': {
        does: "docker restart -t 0 w1\ndocker exec w1 sh -c 'echo 172.17.0.1 docker01 >> /etc/hosts'",
        refused: 'that is part of what w1 is, not written in by hand',
      },
      'never restarted': {
        does: 'docker rm -f w1\ndocker run -d --name w1 --add-host docker01:172.17.0.1 busybox:latest sleep 1d',
        refused: 'w1 has been restarted',
      },
    },
  },
  {
    file: 'nat.md',
    task: 'out',
    other: {
      'a fixed sender': {
        node1: `sysctl -w net.ipv4.ip_forward=1
iptables -t nat -A POSTROUTING ! -o w1 -j SNAT --to-source 192.168.50.11`,
      },
    },
    wrong: {
      'a way back on node2': {
        does: { node1: 'sysctl -w net.ipv4.ip_forward=1', node2: 'ip route add 10.1.0.0/24 via 192.168.50.11' },
        refused: 'node2 has no route to 10.1.0.0/24',
      },
      'w1 on the cable itself': {
        does: {
          node1: `ip link add mac0 link eth0 netns w1 type macvlan mode bridge
ip -n w1 addr add 192.168.50.13/24 dev mac0
ip -n w1 link set mac0 up`,
        },
        refused: 'the web server on node2 is asked by 192.168.50.11',
      },
    },
  },
  {
    file: 'nat.md',
    task: 'in',
    other: {
      'a relay instead of a rule': {
        node2: `setsid docker-proxy -proto tcp -host-ip 192.168.50.12 -host-port 8080 \\
  -container-ip 10.2.0.2 -container-port 80 3>/dev/null >/dev/null 2>&1 </dev/null &`,
      },
    },
    wrong: {
      'another web server': {
        does: { node2: 'busybox httpd -p 192.168.50.12:8080 -h /srv/www' },
        refused: 'node1 is answered by w2 on 192.168.50.12:8080',
      },
    },
  },
  {
    file: 'vlan.md',
    task: 'vlan',
    other: {
      'ports made again': `for port in red1 red2; do ovs-vsctl del-port $port -- add-port s1 $port tag=10; done
for port in blue1 blue2; do ovs-vsctl del-port $port -- add-port s1 $port tag=20; done`,
    },
    wrong: {
      'the blue ones pulled out': {
        does: 'ip link set blue1 down\nip link set blue2 down',
        refused: 'blue1 reaches blue2',
      },
      'two switches': {
        does: `ovs-vsctl add-br s3 -- set bridge s3 datapath_type=netdev
for port in blue1 blue2; do ovs-vsctl del-port $port -- add-port s3 $port; done`,
        refused: 'the ports are in VLAN 10 and VLAN 20',
      },
    },
  },
  {
    file: 'vlan.md',
    task: 'trunk',
    other: {
      'a veth pair': `ip link add t1 type veth peer name t2
ip link set t1 up
ip link set t2 up
ovs-vsctl add-port s1 t1 -- add-port s2 t2`,
    },
    wrong: {
      'all on the first switch': {
        does: `ovs-vsctl del-port red3 -- add-port s1 red3 tag=10
ovs-vsctl del-port blue3 -- add-port s1 blue3 tag=20`,
        refused: 'red3 and blue3 are still on s2',
      },
      'a patch for one VLAN only': {
        does: `ovs-vsctl add-port s1 to-s2 tag=10 -- set interface to-s2 type=patch options:peer=to-s1
ovs-vsctl add-port s2 to-s1 tag=10 -- set interface to-s1 type=patch options:peer=to-s2`,
        refused: 'blue1 reaches blue3',
      },
    },
  },
  {
    file: 'overlay.md',
    task: 'tunnel',
    other: {
      'peers in the forwarding table': {
        node1: `ip link add tunnel type vxlan id 42 dstport 4789 local 192.168.50.11
bridge fdb append 00:00:00:00:00:00 dev tunnel dst 192.168.50.12
ip link set tunnel master br0 up`,
        node2: `ip link add tunnel type vxlan id 42 dstport 4789 local 192.168.50.12
bridge fdb append 00:00:00:00:00:00 dev tunnel dst 192.168.50.11
ip link set tunnel master br0 up`,
      },
    },
    wrong: {
      'the cable itself in the bridges': {
        does: { node1: 'ip link set eth0 master br0', node2: 'ip link set eth0 master br0' },
        refused: 'eth0 of node1 is no port of a bridge',
      },
      'a tunnel of another number': {
        does: {
          node1:
            'ip link add x type vxlan id 7 dstport 4789 remote 192.168.50.12 dev eth0; ip link set x master br0 up',
          node2:
            'ip link add x type vxlan id 7 dstport 4789 remote 192.168.50.11 dev eth0; ip link set x master br0 up',
        },
        refused: 'node1 has a VXLAN of number 42 on port 4789',
      },
    },
  },
  {
    file: 'wrong-mask.md',
    task: 'wrong-mask',
    other: { ifconfig: 'ip netns exec w1 ifconfig eth0 192.168.7.10 netmask 255.255.255.0' },
    wrong: {
      'a route past the mask': {
        does: 'ip -n w1 route add 192.168.7.200 dev eth0',
        refused: 'w1 has 192.168.7.10/24, and no longer with another mask',
      },
      'another address for w2': {
        does: 'ip -n w2 addr add 192.168.7.20/24 dev eth0\nip -n w1 addr add 192.168.7.200/32 dev eth0',
        refused: 'w1 has 192.168.7.10/24, and no longer with another mask',
      },
    },
  },
  {
    file: 'masquerade.md',
    task: 'masquerade',
    other: {
      'a fixed sender': {
        node1: 'iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 192.168.50.11',
      },
    },
    wrong: {
      'a way back on the server': {
        does: { server: 'ip route add 172.17.0.0/16 via 192.168.50.11' },
        refused: 'the server has no route to 172.17.0.0/16',
      },
      'the network of the machine': {
        does: { node1: 'docker rm -f w1\ndocker run -d --name w1 --network host busybox:latest sleep 1d' },
        refused: "w1 is a container on Docker's own bridge",
      },
    },
  },
  {
    file: 'silent-resolver.md',
    task: 'nobody',
    other: {
      sed: { desk: "sed 's/202.106.0.2$/202.106.0.20/' /etc/resolv.conf > /tmp/new\ncat /tmp/new > /etc/resolv.conf" },
    },
    wrong: {
      'a hosts entry': {
        does: { desk: 'echo 119.75.217.109 www.baidu.com >> /etc/hosts' },
        refused: 'desk asks 202.106.0.20 and nobody else',
      },
      'a second server after the wrong one': {
        does: { desk: 'echo nameserver 202.106.0.20 >> /etc/resolv.conf' },
        refused: 'desk asks 202.106.0.20 and nobody else',
      },
    },
  },
  {
    file: 'silent-resolver.md',
    task: 'silent',
    other: { 'a rule before it': { names: 'iptables -I INPUT -j ACCEPT' } },
    wrong: {
      'a hosts entry': {
        does: { desk: 'echo 119.75.217.109 www.baidu.com >> /etc/hosts' },
        refused: '202.106.0.20 answers for www.baidu.com',
      },
    },
  },
];
