import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { block, ownFolder, verdictOf } from './documents.ts';
const folder = ownFolder();
const F = '```';
const docker = 'lab: docker';
/** name, text, wanted: status regexp of the runbook, front */
const docs: [string, string, RegExp, string?][] = [
  ['stop all', block('sh {timeout=2s continue}', 'kill -STOP -1') + block('sh {timeout=2s}', 'true'), /failed|errored/],
  ['frozen by itself', block('sh {timeout=2s continue}', 'for g in /sys/fs/cgroup/freezer /sys/fs/cgroup/unified /sys/fs/cgroup; do mkdir $g/ice && echo $$ >$g/ice/cgroup.procs && { echo FROZEN >$g/ice/freezer.state || echo 1 >$g/ice/cgroup.freeze; }; done; sleep 60') + block('sh {timeout=2s}', 'false'), /failed|errored/, docker],
  ['frozen child', block('sh {timeout=4s}', 'sleep 100 & for g in /sys/fs/cgroup/freezer /sys/fs/cgroup/unified; do mkdir $g/ice && echo $! >$g/ice/cgroup.procs && { echo FROZEN >$g/ice/freezer.state || echo 1 >$g/ice/cgroup.freeze; }; done; true'), /passed|failed/, docker],
  ['paused container', block('sh {timeout=20s}', 'docker run -d --name p busybox sleep 1000 && docker pause p && docker ps'), /passed/, docker],
  ['privileged container', block('sh {timeout=20s}', 'docker run -d --privileged --pid host --network host -v /:/host busybox sh -c "sleep 1000"'), /passed/, docker],
  ['container kills 1', block('sh {timeout=20s}', 'docker run --rm --privileged --pid host busybox kill -9 1; sleep 1; false'), /failed|errored/, docker],
  ['container in ns of engine', block('sh {timeout=20s}', 'docker run -d --restart always busybox false; docker run -d --restart always busybox sh -c "sleep 0.1"; sleep 1; false'), /failed/, docker],
  ['docker kill in step', block('sh {timeout=20s}', 'docker run -d --name k busybox sleep 100; docker kill k; docker exec k true'), /failed/, docker],

  ['frozen lab group', block('sh {timeout=3s}', 'for d in /sys/fs/cgroup/*/freezer.state /sys/fs/cgroup/freezer/docker/freezer.state; do echo FROZEN >$d; done; sleep 30'), /failed|errored/, docker],
  ['oom disabled', block('sh {timeout=5s continue}', 'echo 1 >/sys/fs/cgroup/memory/memory.oom_control; head -c 300M /dev/zero | tail -c 300M | wc -c') + block('sh {timeout=3s}', 'false'), /failed|errored/, 'lab: { limits: { memory: 100MiB } }'],
  ['limits raised', block('sh {timeout=5s continue}', 'for f in /sys/fs/cgroup/*/pids.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do echo max >$f; echo -1 >$f; done; false'), /failed|errored/, 'lab: { limits: { memory: 100MiB, pids: 50 } }'],
  ['leave groups', block('sh {timeout=5s continue}', 'for h in /sys/fs/cgroup/*/; do echo $$ >$h/../cgroup.procs; mkdir $h/q; echo 0 >$h/q/cgroup.procs; done; cat /proc/self/cgroup; false'), /failed|errored/, docker],
  ['swarm left', block('sh {timeout=15s continue}', 'docker swarm init --advertise-addr 127.0.0.1 && docker network create -d overlay --attachable o && docker run -d --network o busybox sleep 1000; false'), /failed|errored/, docker],
  ['volume and network left', block('sh {timeout=15s continue}', 'docker network create n; docker volume create v; docker run -d --network n -v v:/v -p 80:80 --restart always busybox sleep 1000; docker ps; false'), /failed|errored/, docker],
  ['dockerd children', block('sh {timeout=15s continue}', 'for i in 1 2 3 4 5 6; do docker run -d busybox sleep 1000 & done; wait; pkill -STOP containerd-shim; false'), /failed|errored/, docker],
  ['second dockerd', block('sh {timeout=9s continue}', 'mkdir /tmp/d; mount -t tmpfs x /tmp/d; timeout 5 dockerd --data-root /tmp/d/x --exec-root /tmp/d/y -H unix:///tmp/d/s --pidfile /tmp/d/p --bridge none --iptables=false & sleep 2; docker -H unix:///tmp/d/s ps; false'), /failed|errored/, docker],
  ['docker sock fake', block('sh {timeout=9s continue}', 'rm /run/docker.sock; mkfifo /run/docker.sock; false') + block('sh {timeout=5s}', 'docker ps'), /failed|errored/, docker],
  ['docker log flood', block('sh {timeout=9s continue}', 'rm -f /run/netlab/dockerd.log; ln -s /dev/zero /run/netlab/dockerd.log; pkill -x dockerd; sleep 1; false'), /failed|errored/, docker],
  ['log fifo', block('sh {timeout=9s continue}', 'rm -f /run/netlab/dockerd.log; mkfifo /run/netlab/dockerd.log; pkill -x dockerd; sleep 1; false'), /failed|errored/, docker],
  ['log big', block('sh {timeout=9s continue}', 'head -c 200M /dev/zero | tr "\\\\0" x >>/run/netlab/dockerd.log; pkill -x dockerd; sleep 1; false'), /failed|errored/, docker],
  ['pidfile fifo', block('sh {timeout=9s continue}', 'rm -f /run/docker/containerd/containerd.pid; mkfifo /run/docker/containerd/containerd.pid; false') + block('sh', 'false'), /failed|errored/, docker],
  ['fifo dir link', block('sh {timeout=9s continue}', 'exec 3</run/netlab; mount -t tmpfs x /run/netlab; false') + block('sh {session=b}', 'false') + block('sh {stderr="x"}', 'false'), /failed|errored|refused/],
  ['scratch is link to host', block('sh {timeout=9s continue}', 'rm -rf /run/netlab; ln -s /tmp /run/netlab; ln -s /proc/1/root/etc /run/x; false') + block('sh {session=b}', 'false'), /failed|errored|refused/],
  ['file resource reading fifo', block('sh {timeout=9s continue}', 'mkfifo /tmp/f; ln -s /dev/zero /tmp/z; false') + block('yaml expect', 'file: { path: /tmp/f, exists: true, contents: x }') , /failed|errored|refused/],
  ['file resource reading zero', block('sh {timeout=9s continue}', 'ln -s /dev/zero /tmp/z; false') + '\n```yaml expect\n- file: /tmp/z\n  contents: x\n```\n', /failed|errored|refused/],
  ['links left', block('sh', 'ip link add name a type veth peer name b; ip link add name br type bridge; ip tuntap add t mode tap; ip link add name v type vxlan id 5 dstport 4789; iptables -A INPUT -j DROP; ip link set a netns 1; false'), /failed/],
  ['js reads channel', block('js {timeout=2s continue}', 'const fs = await import("node:fs"); try { fs.readSync(3, Buffer.alloc(10)) } catch {}; throw 1') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js writes to all', block('js {timeout=2s continue}', 'const fs = await import("node:fs"); for (let n = 4; n < 40; n++) try { fs.writeSync(n, "{\\"exit\\":0}\\n") } catch {}; throw 1') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js logs to all', block('js {timeout=2s continue}', 'const fs = await import("node:fs"); for (let n = 1; n < 40; n++) try { fs.writeSync(n, "progress\\n") } catch {}; throw 1') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js deletes globals', block('js {timeout=2s continue}', 'for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k] } catch {}; throw 1') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js mocks timers', block('js {timeout=2s continue}', 'globalThis.setTimeout = () => {}; globalThis.setImmediate = () => {}; performance.now = () => 0; throw 1') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js freezes clock only', block('js {timeout=3s continue}', 'performance.now = () => 0; globalThis.Date = class {}; $`sleep 5`; 1'), /failed|errored|passed/],
  ['js removes listeners', block('js {timeout=2s continue}', 'process.removeAllListeners(); setTimeout(() => { throw new Error("a") }, 30); await sleep(100)') + block('js {timeout=5s}', 'throw 2'), /failed|errored/],
  ['js chdir gone', block('js {timeout=2s continue}', 'await $`mkdir -p /tmp/gone`; process.chdir("/tmp/gone"); await $`rmdir /tmp/gone`; throw 1') + block('js {timeout=5s}', 'throw 2') + block('js {cwd=/nowhere timeout=3s}', '1'), /failed|errored/],
  ['js cwd nowhere', block('js {cwd=/nowhere timeout=3s}', '1'), /failed|errored|refused/],
  ['js big output', block('js {timeout=10s}', 'process.stdout.write("x".repeat(30e6)); throw 1'), /failed|errored/],
  ['js syntax open', block('js {timeout=2s}', 'if (true) {'), /failed|errored|refused/],
  ['js comment end', block('js {timeout=2s}', 'throw 1 /*'), /failed|errored|refused/],
  ['js html comment', block('js {timeout=2s}', '<!-- throw 1'), /.*/],
  ['js .exit', block('js {timeout=2s}', '.exit', 'throw 1'), /failed|errored|refused/],
  ['js .break', block('js {timeout=2s}', '.break', 'throw 1'), /failed|errored|refused/],
  ['js await nothing', block('js {timeout=2s}', 'await new Promise(() => {})'), /failed|errored|refused/],
  ['ts types', block('ts {timeout=5s}', 'enum A { B }; throw 1'), /failed|errored|refused/],
];
it.each(docs)('%s', async (_, text, wanted, front = 'lab: sandbox') => {
  const started = performance.now();
  const told = await verdictOf(folder(), text, { front }).then((r) => ({ status: r.status, reason: r.reason, steps: r.steps }), (e: Error) => ({ status: 'refused', reason: e.message, steps: [] }));
  const seconds = (performance.now() - started) / 1000;
  console.log(`ADV ${_}: ${told.status} ${String(told.reason).slice(0, 100)} | ${told.steps.map((s) => `${s.status}/${s.exit} ${String(s.reason ?? '').slice(0, 90)} ${s.stdout.slice(0, 50).replaceAll('\n', '~')}`).join(' ; ').slice(0, 300)} ${seconds.toFixed(1)} s`);
  expect(told.status).toMatch(wanted);
  expect(seconds).toBeLessThan(25);
}, 60_000);
