import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { frontMatterSchema } from '../../src/runbook/front-matter.ts';
import { diagnosticsOf, fixture, problemsOf, read } from './reading.ts';

const front = (...lines: readonly string[]): string => ['---', ...lines, '---', '', '# T', ''].join('\n');

describe('front matter', () => {
  it.each([
    [['titel: x'], 'unknown-key 2:1', 'Did you mean "title"?'],
    [['title: [x]'], 'bad-front-matter 2:8', 'Correct'],
    [['tags: docker'], 'bad-front-matter 2:7', 'Correct'],
    [['tags: [a, {}]'], 'bad-front-matter 2:11', 'Correct'],
    [['timeout: 5'], 'bad-front-matter 2:10', 'Correct'],
    [['timeout: 5 parsecs'], 'bad-front-matter 2:10', 'Correct'],
    [['timeout: 90h'], 'bad-front-matter 2:10', '30s'],
    [['env: { 1A: x }'], 'bad-front-matter 2:8', 'Correct'],
    [['env:', '  A: [x]'], 'bad-front-matter 3:6', 'See the format'],
    [['lab: moon'], 'bad-front-matter 2:6', 'none, sandbox, docker'],
    [['lab: { nodes: { a: { knid: host } } }'], 'unknown-key 2:22', 'Did you mean "kind"?'],
    [['lab:', '  limits:', '    memry: 1g'], 'unknown-key 4:5', 'Did you mean "memory"?'],
    [['lab:', '  limits: { memory: lots }'], 'bad-front-matter 3:21', ''],
    [['lab:', '  network: open'], 'bad-front-matter 3:12', 'closed, host'],
    [['a: b: c'], 'bad-yaml 2:4', 'Correct the YAML'],
    [['title: &a x', 'description: *a'], 'yaml-alias 2:11', 'Write the value out'],
    [['title: x', 'title: y'], 'bad-yaml 3:1', 'Correct the YAML'],
    [['- a'], 'bad-front-matter 2:1', 'Correct'],
    [['timeout: 0s'], 'bad-front-matter 2:10', '30s'],
    [['env: { A-B: x }'], 'bad-front-matter 2:8', 'Correct'],
    [['env: { A B: x }'], 'bad-front-matter 2:8', 'Correct'],
    [['lang: english'], 'bad-front-matter 2:7', 'Correct'],
    [['lang: e'], 'bad-front-matter 2:7', 'Correct'],
    [['lang: zh-'], 'bad-front-matter 2:7', 'Correct'],
    [['exercise: yes'], 'bad-front-matter 2:11', 'Correct'],
    [['lint: { a: maybe }'], 'bad-front-matter 2:12', 'off, warn, error'],
    [['lab: { nodes: { a: { kind: hots } } }'], 'bad-front-matter 2:28', 'host, docker'],
    [['lab: { nodes: { a: { images: [{ nmae: x, name: y }] } } }'], 'unknown-key 2:33', 'Did you mean "name"?'],
    [['lab: { links: [{ endpoint: [a, b], endpoints: [a, b] }] }'], 'unknown-key 2:18', 'Did you mean "endpoints"?'],
    [['lab: 5'], 'bad-front-matter 2:6', 'none, sandbox, docker'],
    [['just text'], 'bad-front-matter 2:1', 'Correct'],
    [['lab: sandbox', '__proto__: 1'], 'unknown-key 3:1', 'Known: title'],
  ])('%j', (lines, problem, hint) => {
    expect(problemsOf(front(...lines))).toEqual([problem]);
    expect(diagnosticsOf(front(...lines))[0]?.hint).toContain(hint);
  });

  it('of another tool is read where it is of the right form', () => {
    const foreign = (...lines: readonly string[]) => {
      const { title, description, tags, warnings } = read(front('sidebar_position: 3', ...lines));
      return [title, description, tags, warnings.map(({ rule }) => rule)];
    };
    const warned = ['foreign-front-matter'];
    expect(foreign('title: x', 'description: y', 'tags: [a, 1, b]')).toEqual(['x', 'y', ['a', 'b'], warned]);
    expect(foreign('title: [x]', 'description: { a: b }', 'tags: a')).toEqual(['T', undefined, [], warned]);
  });

  it('has what all steps need', () => {
    const source = front('timeout: 2m', 'env: { A: 1, b_2: true, C: x }', 'requires: [docker]', 'lang: zh-CN');
    expect(read(`${source}\n\`\`\`sh\nx\n\`\`\`\n`)).toMatchObject({
      ...{ timeoutMs: 120_000, env: { A: '1', b_2: 'true', C: 'x' }, requires: ['docker'], lang: 'zh-CN' },
      steps: [{ timeoutMs: 120_000 }],
    });
    expect(read(front('lint: { a: off, b: error }', 'translates: en.md'))).toMatchObject({
      lint: [
        { rule: 'a', level: 'off', span: { start: { line: 2, column: 9 }, end: { line: 2, column: 10 } } },
        { rule: 'b', level: 'error', span: { start: { line: 2, column: 17 } } },
      ],
      translates: 'en.md',
    });
  });

  it('may be empty, or away', () => {
    const lab = { kind: 'nodes', network: 'closed', nodes: [{ name: 'node1', kind: 'host' }] };
    expect(read('---\n---\n# T\n')).toMatchObject({ title: 'T', lab, timeoutMs: 30_000 });
    expect(read(front('# only a comment'))).toMatchObject({ title: 'T', lab });
    expect(read('# T\n\n---\ntitle: no\n---\n')).toMatchObject({ title: 'T', lab, tags: [], requires: [], env: {} });
  });

  it('has a JSON Schema', () => {
    expect(z.toJSONSchema(frontMatterSchema, { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        timeout: { type: 'string' },
        lab: { anyOf: [{ enum: ['none', 'sandbox', 'docker'] }, { type: 'object' }] },
      },
    });
  });
});

describe('lab', () => {
  it('none is the machine itself', () => {
    expect(read(front('lab: none')).lab).toMatchObject({ kind: 'none', nodes: [] });
    expect(problemsOf(`${front('lab: none')}\n\`\`\`sh {node=node1}\nx\n\`\`\`\n`)).toEqual(['unknown-node 7:8']);
  });

  it('of several nodes is made whole', () => {
    const { lab, steps } = read(fixture('lab.md'));
    const host = { kind: 'host', images: [], records: {}, dns: undefined };
    expect(lab).toMatchObject({
      kind: 'nodes',
      network: 'host',
      limits: { memory: 2 * 1024 ** 3, disk: 4 * 1024 ** 3, pids: 100, cpu: 0.5 },
      nodes: [
        { name: 'node1', kind: 'docker', images: [{ name: 'busybox:latest' }, { name: 'web:1', build: 'images/web' }] },
        {
          ...host,
          name: 'node2',
          dns: { servers: ['202.106.0.20'], search: ['lan'] },
          span: { start: { line: 7, column: 5 } },
        },
        { ...host, name: 'node3' },
        { name: 'lan', kind: 'bridge' },
        {
          name: 'internet',
          kind: 'dns',
          records: {
            'www.baidu.com': { CNAME: 'www.a.shifen.com' },
            'www.a.shifen.com': { A: ['119.75.217.109', '119.75.217.26'], AAAA: ['2001:db8::1'] },
            'example.com': { A: ['192.0.2.1'] },
          },
        },
      ],
    });
    expect(lab.links.map(({ endpoints }) => endpoints)).toEqual([
      [
        { node: 'node1', interface: 'eth0', address: '192.168.50.11/24' },
        { node: 'lan', interface: undefined, address: undefined },
      ],
      [
        { node: 'lan', interface: undefined, address: undefined },
        { node: 'node2', interface: 'eth0', address: '192.168.50.12/24' },
      ],
      [
        { node: 'node1', interface: 'eth1', address: '202.106.0.1/24' },
        { node: 'internet', interface: 'eth0', address: '202.106.0.20/24' },
      ],
      [
        { node: 'node3', interface: 'eth0', address: undefined },
        { node: 'lan', interface: undefined, address: undefined },
      ],
    ]);
    expect(steps[0]?.node).toBe('node2');
  });

  const topology = (...links: readonly string[]): string =>
    front(
      'lab:',
      '  nodes: { a: , b: { kind: docker }, br: { kind: bridge } }',
      '  links:',
      ...links.map((link) => `    - ${link}`),
    );

  it.each([
    ['{ endpoints: ["a:eth0", "c:eth0"] }', 'unknown-node 5:31'],
    ['{ endpoints: ["a:eth0", "a:eth0"] }', 'duplicate-endpoint 5:31'],
    ['{ endpoints: ["a", "br"] }', 'bad-endpoint 5:21'],
    ['{ endpoints: ["a:eth0:1", "br"] }', 'bad-endpoint 5:21'],
    ['{ endpoints: ["a:an-interface-too-long", "br"] }', 'bad-interface-name 5:21'],
    ['{ endpoints: ["a:lo", "br"] }', 'bad-interface-name 5:21'],
    ['{ endpoints: ["a:eth0"] }', 'bad-front-matter 5:20'],
    ['{ endpoints: ["a:eth0", "br"], addresses: ["10.0.0.1"] }', 'bad-cidr 5:50'],
    ['{ endpoints: ["a:eth0", "br"], addresses: ["10.0.0.256/24"] }', 'bad-cidr 5:50'],
    ['{ endpoints: ["a:eth0", "br"], addresses: ["10.0.0.1/33"] }', 'bad-cidr 5:50'],
    ['{ endpoints: ["a:eth0", "br"], addresses: ["10.0.0.1/8", "10.0.0.2/8"] }', 'too-many-addresses 5:64'],
    ['{ endpoints: ["a:eth0", "b:eth0"], addresses: ["fd00::1/64", "fd00:0::1/64"] }', 'duplicate-address 5:68'],
    ['{ endpoints: ["b:eth0", "br"], addresses: ["172.17.0.9/16"] }', 'docker-address 5:50'],
  ])('%s', (link, problem) => {
    expect(problemsOf(topology(link))).toEqual([problem]);
  });

  it('has each address and each end once', () => {
    const links = [
      '{ endpoints: ["a:e0", "br"], addresses: [10.0.0.1/8] }',
      '{ endpoints: ["b:e0", "br"], addresses: [10.0.0.1/8] }',
      '{ endpoints: ["a:e0", "br"] }',
    ];
    expect(problemsOf(topology(...links))).toEqual(['duplicate-address 6:48', 'duplicate-endpoint 7:21']);
  });

  it.each([
    ['{ br: { kind: bridge } }', 'no-node 3:3'],
    ['{ a: { kind: switch } }', 'bad-front-matter 3:23'],
    ['{ "a b": }', 'bad-node-name 3:12'],
    ['{ a: , a-bridge-too-long: { kind: bridge } }', 'bad-node-name 3:17'],
    ['{ a: { images: [x] } }', 'misplaced-key 3:17'],
    ['{ a: { dns: { servers: [x] } } }', 'bad-address 3:34'],
    ['{ a: , d: { kind: dns, records: { x: { A: "::1" } } } }', 'bad-address 3:52'],
    ['{ a: , d: { kind: dns, records: { x: nowhere } } }', 'bad-address 3:47'],
    ['{ a: , d: { kind: dns, records: { x: { CNAME: y, A: 1.2.3.4 } } } }', 'bad-record 3:47'],
    ["{ a: , d: { kind: dns, records: { '*.x': 1.2.3.4 } } }", 'bad-record-name 3:44'],
    ["{ a: , d: { kind: dns, records: { 'x,y': 1.2.3.4 } } }", 'bad-record-name 3:44'],
    ["{ a: , d: { kind: dns, records: { x: { CNAME: '*.y' } } } }", 'bad-record-name 3:56'],
  ])('nodes: %s', (nodes, problem) => {
    expect(problemsOf(front('lab:', `  nodes: ${nodes}`))).toEqual([problem]);
  });
});
