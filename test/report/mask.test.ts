import { describe, expect, test } from 'vitest';
import { reporters } from '../../src/report/index.ts';
import { createMask, findSecrets } from '../../src/report/mask.ts';
import { check, events, recorded, resultOf, step, told } from './run-events.ts';

describe('what is secret', () => {
  test.each([
    ['a token', { GITHUB_TOKEN: 'ghp_12345' }, ['ghp_12345']],
    ['a password', { dbPassword: 'hunter22' }, ['hunter22']],
    ['a short value', { TOKEN: '12345' }, []],
    ['another name', { PATH: '/usr/bin', SSH_AUTH_SOCK: '/tmp/socket' }, []],
    ['blanks', { SECRET: '          ' }, []],
    ['several lines', { SECRET: 'first line\nx\nlast line' }, ['first line\nx\nlast line', 'first line', 'last line']],
  ])('%s', (_, env, secrets) => {
    expect(findSecrets([], env)).toEqual(secrets);
  });

  test('a variable that is named, however short it is', () => {
    expect(findSecrets(['PIN'], { PIN: '1234' })).toEqual(['1234']);
  });
});

const awkward = "a\"b\\c <&> 'd'\n-----END KEY-----\tüx  y]]>";

function withSecret(secret: string) {
  const diff = secret.split('\n').map((text) => ({ kind: 'actual' as const, text: `> ${text} <` }));
  const quoted = JSON.stringify(secret);
  return [
    ...events(
      [
        step({
          stdout: `before ${secret} after\n`,
          stderr: secret,
          command: `echo '${secret}'`,
          name: `echo ${quoted}`,
        }),
        step({ index: 1, status: 'errored', reason: `cannot log in with ${secret}` }),
        step({
          index: 2,
          status: 'failed',
          checks: [
            check({ ok: false, message: `expected ${quoted}`, expected: { [secret]: [secret] }, actual: secret, diff }),
          ],
        }),
      ],
      'failed',
      `why: ${secret}`,
    ),
  ];
}

describe('masking', () => {
  const leaks = (text: string): string[] =>
    ['a"b', 'a\\"b', 'a&quot;b', 'a&#34;b', 'END KEY', 'END&#32;KEY'].filter((part) => text.includes(part));

  test.each(reporters.map(({ name }) => name))('nothing of a secret is in what %s writes', async (name) => {
    const mask = createMask(findSecrets([], { SECRET: awkward }));
    const all = withSecret(awkward);
    expect(leaks(await told(name, all))).not.toEqual([]);
    const masked = all.map(mask);
    expect(leaks(await told(name, masked))).toEqual([]);
    expect(await told(name, masked)).toContain('***');
  });

  test('a line of it in a difference, and its visible form', () => {
    const mask = createMask(findSecrets([], { SECRET: 'first  line\nsecond line' }));
    const masked = [...events([step({ stdout: 'second line\n', stderr: 'first··line\\nsecond line' })], 'passed')].map(
      mask,
    );
    expect(resultOf(masked).runbooks[0]?.steps[0]).toMatchObject({ stdout: '***\n', stderr: '***' });
  });

  test('the lines of a document stay where they are', () => {
    const source = '# x\nfirst line\nsecond line\nend\n';
    const event = { type: 'runbook:start', path: 'a', title: 'x', lab: '', steps: 1, source } as const;
    expect(createMask(['first line\nsecond line'])(event)).toEqual({ ...event, source: '# x\n***\n\nend\n' });
  });

  test.each([
    ['in its text', 'my hunter2\n', 'my hunter2\0\n'],
    ['only in its bytes, drawn over', 'done\n', 'hunter2\rdone   \n'],
    ['between colours', 'done\n', 'hun\x1b[1mter2\rdone   \n'],
    ['as they are spelled', 'aGVsbG8h\n', Buffer.from('hunter2/', 'base64').toString('latin1')],
  ])('a secret that is in the bytes of a stream takes them all away: %s', (_, stdout, bytes) => {
    const mask = createMask(['hunter2']);
    const harmless = Buffer.from('a\0b').toString('base64');
    const one = step({
      stdout,
      stdout_bytes: Buffer.from(bytes, 'latin1').toString('base64'),
      stderr: 'ab',
      stderr_bytes: harmless,
    });
    const [masked] = resultOf([...events([one], 'passed')].map(mask)).runbooks[0]?.steps ?? [];
    expect(masked).not.toHaveProperty('stdout_bytes');
    expect(masked).toHaveProperty('stderr_bytes', harmless);
  });

  test('a number, where a program printed it', () => {
    const mask = createMask(['123456']);
    const checks = [check({ expected: 123456, actual: { value: 123456 }, message: 'is 123456' })];
    const masked = [...events([step({ duration_ms: 123456, checks })], 'passed')].map(mask);
    expect(resultOf(masked).runbooks[0]?.steps[0]).toMatchObject({
      duration_ms: 123456,
      checks: [{ expected: '***', actual: { value: '***' }, message: 'is ***' }],
    });
  });

  test("leaves the report's own words alone, and everything when there is no secret", () => {
    const all = recorded();
    expect(createMask([])(all[0] as (typeof all)[0])).toBe(all[0]);
    const masked = all.map(createMask(['passed', 'failed', 'actual', 'output', 'step:end']));
    expect(masked.map(({ type }) => type)).toEqual(all.map(({ type }) => type));
    const statuses = (events: typeof all) =>
      resultOf(events).runbooks.flatMap(({ steps }) => steps.map(({ status }) => status));
    expect(statuses(masked)).toEqual(statuses(all));
  });
});
