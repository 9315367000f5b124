import { describe, expect, it } from 'vitest';
import { mermaidOf, tableOf } from '../../src/cli/graph.ts';
import { parse } from '../../src/runbook/parse.ts';

const { lab } = parse(
  `---
lab:
  nodes:
    a: { kind: host, routes: [default via 10.0.0.254] }
    r: { kind: router, nat: [eth1] }
    lan: { kind: bridge }
  links:
    - { endpoints: ["a:eth0", "r:eth0"], addresses: [10.0.0.1/24, 10.0.0.254/24], mtu: 1400 }
    - { endpoints: ["r:eth1", lan], addresses: [10.1.0.254/24], delay: 5ms }
---

# A topology
`,
  'a.md',
  { expectationKeys: [] },
);

describe('netlab graph', () => {
  it('draws Mermaid', () => {
    expect(mermaidOf(lab)).toBe(`graph LR
  n0["a<br/>host"]
  n1{{"r<br/>router"}}
  n2(["lan<br/>bridge"])
  n0 ---|"eth0 10.0.0.1/24 — eth0 10.0.0.254/24 — mtu 1400"| n1
  n1 ---|"eth1 10.1.0.254/24 — delay 5ms"| n2`);
  });

  it('draws a table', () => {
    expect(tableOf(lab).split('\n')).toEqual([
      'a                     host                  default via 10.0.0.254',
      'r                     router',
      'lan                   bridge',
      '',
      'a eth0 10.0.0.1/24    r eth0 10.0.0.254/24  mtu 1400',
      'r eth1 10.1.0.254/24  lan                   delay 5ms',
    ]);
  });
});
