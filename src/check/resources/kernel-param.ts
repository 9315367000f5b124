import { inEnglish, inNetworks, lastLine, quote, textOf } from './script.ts';
import type { Resource } from './types.ts';

/** A parameter of the kernel, by the name that sysctl has for it. */
export const kernelParam: Resource = {
  key: 'kernel-param',
  summary: 'a kernel parameter, as `sysctl` names it: `net.ipv4.ip_forward`',
  fields: ['value'],
  options: inNetworks,
  wrongName: (name) => (/^[\w-]+([./][\w:@-]+)+$/.test(name) ? undefined : 'a name such as net.ipv4.ip_forward'),
  request: ({ name }) => `${inEnglish}cat ${quote(pathOf(name))}`,
  read(answer, { name }) {
    if (/^cat: .*: No such file or directory$/.test(lastLine(answer.stderr) ?? '')) {
      return { fields: { value: null }, note: `this kernel has no ${name} here` };
    }
    return { fields: { value: textOf(answer).trim().replace(/\s+/g, ' ') } };
  },
};

/** The first sign decides, as with sysctl: in `net.ipv4.conf.eth0/100.forwarding` the slash is the dot of a name. */
function pathOf(name: string): string {
  const path = /^[^.]*\//.test(name) ? name : name.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'));
  return `/proc/sys/${path}`;
}
