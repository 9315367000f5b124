const names: Readonly<Record<string, string>> = { ino: 'inode_number', sk: 'cookie', uid: 'uid_number' };

/** The words behind the peer's address that `-p`, `-e` and `-o` add, `users:(("nginx",pid=7,fd=3)) ino:1 sk:2`. */
export function readSocketOptions(text: string): Record<string, unknown> | undefined {
  const opts: Record<string, unknown> = {};
  let rest = text;
  const processes = /users:\((\(.*?\))\)(?=\s|$)/.exec(text);
  if (processes) {
    opts['process_id'] = readProcesses(processes[1] ?? '');
    rest = text.replace(processes[0], '');
  }
  for (const [, key = '', value = ''] of rest.matchAll(/(?:^|\s)(\w+):(\S+)/g)) {
    if (key === 'timer') opts['timer'] = readTimer(value);
    // What the kernel knows of a connection comes with -i, not with these.
    else if (/^(?:ino|sk|uid|cgroup|v6only|fwmark|dev|class_id)$/.test(key)) opts[names[key] ?? key] = value;
  }
  return Object.keys(opts).length === 0 ? undefined : opts;
}

/** By process, as jc has it: of several files that one process has of a socket the last counts. */
function readProcesses(text: string): Record<string, unknown> {
  const all = [...text.matchAll(/\("((?:[^"\\]|\\.)*)",(?:pid=)?(\d+),(?:proc_ctx=[^,]*,)?(?:fd=)?(\d+)/g)];
  return Object.fromEntries(all.map(([, user, pid = '', fd]) => [pid, { user, file_descriptor: fd }]));
}

/** `(keepalive,36sec,0)` */
function readTimer(text: string): Record<string, string | null> {
  const [timer = null, expires = null, retrans = null] = text.replace(/^\(|\)$/g, '').split(',');
  return { timer_name: timer, expire_time: expires, retrans };
}
