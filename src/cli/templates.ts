/** A runbook to begin with: it passes as it is, and shows what its kind of lab is for. */
export interface Template {
  readonly name: string;
  readonly summary: string;
  text(title: string): string;
}

/** What `netlab new` can write; the first is the default. The tests run each of them. */
export const templates: readonly Template[] = [
  {
    name: 'sandbox',
    summary: 'commands in a closed sandbox',
    text: (title) => `# ${title}

What stands after the prompt is run; what stands below it must be printed.

\`\`\`console
$ echo "hello from $(hostname)"
hello from node1
$ ls /nowhere
ls: cannot access '/nowhere': No such file or directory
[2]
\`\`\`

Where a value differs from run to run, its type stands in its place.

\`\`\`console
# ip -brief address show lo
lo [..] {{cidr}} [..]
\`\`\`
`,
  },
  {
    name: 'docker',
    summary: 'containers, with a Docker Engine of their own',
    text: (title) => `---
lab: docker
---
# ${title}

The lab has its own Docker Engine, with the image busybox.

\`\`\`console
# docker run --rm busybox:latest ping -c 1 172.17.0.1
...
1 packets transmitted, 1 packets received, 0% packet loss
...
\`\`\`

\`\`\`yaml expect
ping: { packets_received: 1, packet_loss_percent: 0 }
\`\`\`
`,
  },
  {
    name: 'link',
    summary: 'two machines and the cable between them',
    text: (title) => `---
lab:
  nodes:
    left:
    right:
  links:
    - endpoints: ["left:eth0", "right:eth0"]
      addresses: ["10.0.0.1/24", "10.0.0.2/24"]
---
# ${title}

Commands run on \`left\`, unless a block says otherwise.

\`\`\`console
# ping -c 1 10.0.0.2
...
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time={{number}} ms
...
\`\`\`

\`\`\`console {node=right}
# ip -brief address show eth0
eth0[..] UP [..] 10.0.0.2/24 [..]
\`\`\`
`,
  },
  {
    name: 'dns',
    summary: 'a machine, and a server that answers for its names',
    text: (title) => `---
lab:
  nodes:
    desk:
      dns: { servers: [10.0.0.53] }
    names:
      kind: dns
      records: { www.example.com: { CNAME: server.example.com }, server.example.com: 10.0.0.80 }
  links:
    - endpoints: ["desk:eth0", "names:eth0"]
      addresses: ["10.0.0.1/24", "10.0.0.53/24"]
---
# ${title}

\`\`\`console
$ cat /etc/resolv.conf
nameserver 10.0.0.53
$ getent hosts www.example.com
10.0.0.80 [..] server.example.com [..]
\`\`\`
`,
  },
  {
    name: 'exercise',
    summary: 'a task with a check, a hint and a solution, for netlab learn',
    text: (title) => `# ${title}

## A greeting {exercise name=greeting}

Put a file \`/tmp/greeting\` there that says \`hello\`.

\`\`\`sh {check description="/tmp/greeting says hello"}
grep -qx hello /tmp/greeting || { echo "there is no such line"; exit 1; }
\`\`\`

<details><summary>Hint: how to write a file</summary>

\`echo something > file\` writes a line into a file.

</details>

<details><summary>Solution</summary>

\`\`\`sh {solution}
echo hello > /tmp/greeting
\`\`\`

</details>
`,
  },
];
