import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepResult } from '../../src/events.ts';
import { run } from '../../src/run.ts';

/** What is expected of the state of real labs: what is so, what is not, and what cannot be asked. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function stepsOf(text: string): Promise<readonly StepResult[]> {
  const path = join(folder, 'document.md');
  writeFileSync(path, text);
  return (await run({ paths: [path], keepGoing: true })).runbooks[0]?.steps ?? [];
}

/** Every check as its message, after what it came to. */
function told(step: StepResult | undefined): readonly string[] {
  const checks = step?.checks ?? [];
  return checks
    .filter(({ kind }) => kind !== 'exit')
    .map(({ ok, errored, message }) => `${ok ? 'ok' : errored ? 'errored' : 'failed'} ${message}`);
}

const frontMatter = `---
lab:
  nodes:
    a: { kind: docker, dns: { servers: [10.0.0.2] }, images: [busybox:latest] }
    b: { kind: dns, records: { www.example.com: { CNAME: web.example.com }, web.example.com: 10.0.0.9 } }
  links:
    - endpoints: ["a:eth0", "b:eth0"]
      addresses: ["10.0.0.1/24", "10.0.0.2/24"]
---
`;

const setUp = `${frontMatter}
\`\`\`yaml expect {node=b}
interface: { eth0: { addrs: [10.0.0.2/24], mtu: 1500 } }
\`\`\`

\`\`\`sh
ip netns add w1
ip link add br0 type bridge
ip link add v0 type veth peer name v1
ip link set v0 master br0
ip link set v1 netns w1
ip link set br0 up
ip link set v0 up
ip addr add 10.9.0.1/24 dev br0
ip -n w1 link set v1 up
ip -n w1 addr add 10.9.0.2/24 dev v1
ip -n w1 route add default via 10.9.0.1
mkdir -p /srv/www/deep "/srv/two words"
echo deeper >/srv/www/deep/index.html
echo '<h1>Hi</h1>' >/srv/www/index.html
chmod 640 /srv/www/index.html
ln -s www /srv/link
mount -t tmpfs -o size=1m t /mnt
docker run -d --name web busybox:latest sleep 60 >/dev/null
docker create --name idle busybox:latest true >/dev/null
echo "web is $(docker inspect -f '{{.NetworkSettings.IPAddress}}' web)"
\`\`\`

\`\`\`text output
web is {{web:ipv4}}
\`\`\`

\`\`\`sh {background}
sleep 0.5; exec busybox httpd -f -p 10.9.0.1:80 -h /srv/www
\`\`\`

\`\`\`yaml expect {eventually=5s}
port: { tcp:80: { listening: true, ip: { exactly: [10.9.0.1] } } }
\`\`\`
`;

describe('what is so', () => {
  it('passes, whatever led to it', async () => {
    const text = `${setUp}
\`\`\`yaml expect {eventually=3s}
addr: { tcp://10.9.0.1:80: { reachable: true }, tcp://10.9.0.1:81: { reachable: false }, tcp://10.0.0.77:1: { reachable: false, timeout: 300 }, tcp://203.0.113.1:1: { reachable: false } }
bridge: { br0: { exists: true, ports: { exactly: [v0] }, fdb: [{ ifname: v0 }] }, br9: { exists: false } }
command:
  echo "$HOME": { exit-status: 0, stdout: [/root], stderr: "" }
  in w1: { exec: "ip -br addr; exit 3", netns: w1, exit-status: 3, stdout: [10.9.0.2, "!10.0.0.1"] }
  nosuch: { exit-status: 127 }
container:
  web: { running: true, status: running, image: "busybox:latest", addrs: ["{{web}}/16"], networks: [bridge], inspect: { Name: /web } }
  idle: { exists: true, running: false, status: created, addrs: [] }
  other: { exists: false }
dns:
  www.example.com: { resolvable: true, addrs: [10.0.0.9] }
  nosuch.example.com: { resolvable: false }
  web.example.com: { server: 10.0.0.2, resolvable: true, addrs: { exactly: [10.0.0.9] }, status: NOERROR }
  no.example.com: { server: 10.0.0.2, status: NXDOMAIN, resolvable: false }
  CNAME:www.example.com: { server: 10.0.0.2, addrs: [web.example.com] }
file:
  /srv/www/index.html: { exists: true, mode: "0640", size: 12, owner: root, group: root, uid: 0, filetype: file, contents: ["<h1>Hi", "!Ho"], md5: "/^[0-9a-f]{32}$/" }
  /srv/link: { filetype: symlink, linked-to: www }
  /srv/two words: { filetype: directory }
  /srv/nothing: { exists: false }
http:
  http://10.9.0.1/: { status: 200, body: ["<h1>Hi"], headers: ["Content-type: text/html"] }
  http://10.9.0.1/nothing: { status: 404 }
  http://10.9.0.1/deep: { status: 200, body: [deeper], headers: ["!Location"] }
  http://10.9.0.1/deep?: { no-follow-redirects: true, status: 302, headers: ["Location: /deep/"], timeout: 2s }
interface:
  v1: { netns: w1, addrs: [10.9.0.2/24], linkinfo: { info_kind: veth }, operstate: UP, flags: [UP] }
  eth0: { container: web, exists: true, addrs: ["{{web}}/16"] }
  v9: { exists: false }
kernel-param: { net.ipv4.ip_forward: { value: 1 }, net.ipv4.conf.lo.forwarding: { netns: w1, value: "0" } }
mount: { /mnt: { filesystem: tmpfs, source: t, opts: [rw], vfs-opts: [size=1024k] }, /srv: { exists: false } }
netns: { w1: { exists: true, interfaces: [v1] }, w2: { exists: false } }
process: { busybox: { running: true }, nginx: { running: false }, timeout: { running: false } }
reach:
  10.0.0.2: { reachable: true, packet_loss_percent: 0, round_trip_ms_avg: "< 1s" }
  10.0.0.77: { reachable: false, timeout: 300 }
  203.0.113.1: { reachable: false }
  10.9.0.1: { netns: w1, reachable: true, count: 2, packets_received: 2, size: 1472 }
  "{{web}}": { reachable: true }
routes:
  10.0.0.0/24: { dev: eth0, prefsrc: 10.0.0.1, protocol: kernel }
  default: { netns: w1, exists: true, gateway: 10.9.0.1 }
\`\`\`
`;
    const steps = await stepsOf(text);
    expect(
      steps.flatMap((step) => [step.reason, ...told(step)]).filter((line) => /^(failed|errored)/.test(line ?? '')),
    ).toEqual([]);
    expect(steps.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect(told(steps[3])[0]).toMatch(/^ok port.tcp:80.listening: true, as expected \(at try \d+, after \d/);
  });
});

describe('a bridge of Open vSwitch', () => {
  it('has its ports and its forwarding table', async () => {
    const text = `---
lab:
  nodes: { a: {}, b: {}, sw: { kind: ovs-bridge } }
  links:
    - { endpoints: ["a:eth0", "sw"], addresses: ["10.0.0.1/24"] }
    - { endpoints: ["b:eth0", "sw"], addresses: ["10.0.0.2/24"] }
---

\`\`\`yaml expect {eventually=5s}
reach: { 10.0.0.2: { reachable: true } }
\`\`\`

\`\`\`sh {node=sw}
ovs-vsctl show
\`\`\`

\`\`\`yaml expect
bridge: { sw: { ports: { count: 2 }, fdb: { count: ">= 2" } }, sw9: { exists: false } }
\`\`\`
`;
    const steps = await stepsOf(text);
    expect(steps.map(({ status, reason, checks }) => [status, reason, ...checks.filter(({ ok }) => !ok)])).toEqual([
      ['passed', null],
      ['passed', null],
    ]);
  });
});

describe('what is not so', () => {
  it('fails and says what there is, what could not be asked is errored, and no denial holds of either', async () => {
    const text = `# False

\`\`\`sh
ip netns add w1
\`\`\`

\`\`\`yaml expect
addr: { tcp://127.0.0.1:80: { reachable: true }, tcp://nosuch.invalid:1: { reachable: false } }
bridge: { br9: { ports: { none: [v0] } } }
command:
  echo hi; echo oh >&2; exit 3: { exit-status: 0, stdout: [ho] }
  nosuch: { exit-status: "!0" }
  in w2: { exec: "true", netns: w2, exit-status: 1 }
  sleep 9: { timeout: 300, exit-status: "!0" }
container: { web: { exists: false } }
dns:
  nosuch.example.com: { resolvable: true }
  web.example.com: { server: 127.0.0.1, resolvable: false, addrs: { none: [10.0.0.9] } }
file: { /etc/passwd: { filetype: directory, contents: ["!root"] }, /nothing: { contents: { none: [x] } } }
http: { http://127.0.0.1/: { status: "!500", body: { none: [x] } } }
interface: { eth1: { exists: true }, lo: { netns: w2, exists: false } }
kernel-param: { net.ipv4.ip_forwar: { value: "!1" } }
mount: { /nothing: { filesystem: "!tmpfs" } }
netns: { w2: { exists: true } }
port: { tcp:80: { listening: true } }
process: { bahs: { running: true } }
reach: { 127.0.0.1: { reachable: false }, nosuch.invalid: { reachable: false }, "{{nothing}}": { reachable: false } }
routes: { default: { gateway: "!10.0.0.1" } }
\`\`\`

\`\`\`yaml expect {eventually=500ms}
process: { nginx: { running: true } }
\`\`\`
`;
    const [step] = await stepsOf(text);
    expect(step?.status).toBe('failed');
    const lines = told(step).map((line) => line.replace(/tried \d+ times in [\d.]+ s/, 'tried N times'));
    expect(lines).toEqual([
      'failed addr.tcp://127.0.0.1:80.reachable: expected true, got false; Connection refused',
      expect.stringMatching(/^errored addr.tcp:\/\/nosuch.invalid:1: cannot be probed: .*nosuch.invalid/),
      'failed bridge.br9.ports: expected a list, {none: [v0]}, got nothing (null); no bridge br9; there are none',
      'failed command.echo hi; echo oh >&2; exit 3.exit-status: expected 0, got 3; it said: oh',
      'failed command.echo hi; echo oh >&2; exit 3.stdout: expected to contain ho, got hi; it said: oh',
      'errored command.nosuch: cannot be run: bash: line 1: nosuch: command not found',
      'errored command.in w2: cannot be run: Cannot open network namespace "w2": No such file or directory',
      'errored command.sleep 9: no answer within 0.3 s',
      expect.stringMatching(/^errored container.web: cannot be probed: .*docker/i),
      'failed dns.nosuch.example.com.resolvable: expected true, got false; the node’s resolver does not know it',
      'failed dns.web.example.com.resolvable: expected false, got nothing (null); the server did not answer',
      'failed dns.web.example.com.addrs: expected a list, {none: [10.0.0.9]}, got nothing (null); the server did not answer',
      'failed file./etc/passwd.filetype: expected directory, got file',
      expect.stringMatching(/^failed file.\/etc\/passwd.contents: expected not to contain root, got /),
      'failed file./nothing.contents: expected a list, {none: [x]}, got nothing (null); no file /nothing',
      expect.stringMatching(
        /^failed http.http:\/\/127.0.0.1\/.status: expected not 500, got nothing \(null\); curl: \(7\) /,
      ),
      expect.stringMatching(/^failed http.http:\/\/127.0.0.1\/.body: expected a list/),
      'failed interface.eth1.exists: expected true, got false; no interface eth1; there are lo',
      'errored interface.lo: cannot be probed: Cannot open network namespace "w2": No such file or directory',
      'failed kernel-param.net.ipv4.ip_forwar.value: expected not 1, got nothing (null); this kernel has no net.ipv4.ip_forwar here',
      'failed mount./nothing.filesystem: expected not tmpfs, got nothing (null); nothing is mounted on /nothing',
      'failed netns.w2.exists: expected true, got false; no network namespace w2; there are w1',
      'failed port.tcp:80.listening: expected true, got false; nothing listens on any port',
      'failed process.bahs.running: expected true, got false; no process bahs; there is bash',
      'failed reach.127.0.0.1.reachable: expected false, got true',
      expect.stringMatching(/^errored reach.nosuch.invalid: cannot be probed: ping: /),
      'errored reach.{{nothing}}: "{{nothing}}": nothing was captured as nothing',
      'failed routes.default.gateway: expected not 10.0.0.1, got nothing (null); no route to default; there are none',
      'failed process.nginx.running: expected true, got false; no process nginx (tried N times)',
    ]);
  });

  it('is errored where the node has not the tool, or has no shell any more', async () => {
    const text = `# Without tools

\`\`\`sh
rm -f $(type -aP ping curl ip getent)
\`\`\`

\`\`\`yaml expect
reach: { 127.0.0.1: { reachable: false } }
http: { http://127.0.0.1/: { status: null } }
interface: { eth0: { exists: false } }
dns: { nosuch.invalid: { resolvable: false } }
\`\`\`

\`\`\`sh
rm -f $(type -aP bash)
\`\`\`

\`\`\`yaml expect
file: { /nothing: { exists: false } }
\`\`\`
`;
    const steps = await stepsOf(text);
    expect(steps.map(({ status }) => status)).toEqual(['errored', 'errored']);
    expect(told(steps[0])).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^errored .*cannot be probed: /)),
    );
    expect(told(steps[1])).toEqual([expect.stringMatching(/^errored file.\/nothing: node1 cannot be asked: /)]);
  });
});
