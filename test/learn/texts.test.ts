import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/check/types.ts';
import type { StepResult } from '../../src/events.ts';
import { type BriefStyle, briefText } from '../../src/learn/brief.ts';
import { explanationOf } from '../../src/learn/explain.ts';
import { type Look, marksFor, panelLines } from '../../src/learn/panel.ts';
import type { Standing } from '../../src/learn/watch.ts';
import { wordsFor } from '../../src/learn/words.ts';
import { createPalette } from '../../src/report/palette.ts';
import { textWidth } from '../../src/report/width.ts';

const style: BriefStyle = { columns: 30, bold: (text) => `<${text}>`, code: (text) => `\`${text}\`` };

describe('a brief', () => {
  it('is wrapped, but not within code', () => {
    const text = 'Lay **a cable** between the two, with `ip link add name v1` and *no* [help](x.md).';
    expect(briefText(text, style)).toBe('Lay <a cable> between the two,\nwith `ip link add name v1` and\nno help.');
  });

  it('keeps code, lists and empty lines', () => {
    const text =
      'One:\n\n- first\n- a second that is longer than the line\n\n```text\n# ping\n```\n\n| a | b |\n| - | - |';
    expect(briefText(text, style)).toBe(
      'One:\n\n- first\n- a second that is longer than\n  the line\n\n    # ping\n\n| a | b |\n| - | - |',
    );
  });

  it('breaks Chinese between any two characters, and joins its lines without blanks', () => {
    const lines = briefText('两个网络命名空间之间没有网线，\n请用一根虚拟网线把它们连起来。', style).split('\n');
    expect(lines.every((line) => textWidth(line) <= 30)).toBe(true);
    expect(lines.join('')).toBe('两个网络命名空间之间没有网线，请用一根虚拟网线把它们连起来。');
    for (const columns of [8, 9, 10, 11, 12, 13]) {
      const narrow = briefText('有 `eth0`，没有网线，也没有“地址”。', { ...style, columns }).split('\n');
      expect(narrow.filter((line) => /^[，。”]/.test(line) || textWidth(line) > columns + 2)).toEqual([]);
    }
  });
});

function standing(description: string, state: Standing['state']): Standing {
  return { criterion: { description, step: undefined as never }, state, result: undefined };
}

describe('the panel', () => {
  const marks = marksFor(true);
  const look: Look = { ...createPalette({ colour: false, unicode: true }), unicode: true, marks };
  const five = ['a', 'b', 'c', 'd', 'e'].map((name, index) => standing(name, index < 3 ? 'holds' : 'open'));
  const view = { place: '1/9', title: 'A task', standings: five, note: 'task check', isNoteFirst: false };

  it('has a row for each criterion, what is open first when there is not room for all', () => {
    expect(panelLines(view, look, { rows: 24, columns: 50 })).toEqual([
      '── 1/9 A task (3 of 5) ───────────── task check ──',
      ' ○ d',
      ' ○ e',
      ' ✓ a',
      ' ✓ b',
    ]);
    expect(panelLines(view, look, { rows: 8, columns: 50 })).toHaveLength(2);
    expect(panelLines(view, look, { rows: 5, columns: 50 })).toHaveLength(1);
  });

  it('cuts a long title, and not what can be done now', () => {
    const done = { ...view, title: 'A task with a title that is long', standings: [], note: 'Done in 0:12: type next' };
    expect(panelLines(done, look, { rows: 24, columns: 50 })[0]).toBe(
      '── 1/9 A task with a… ─ Done in 0:12: type next ──',
    );
    expect(panelLines(done, look, { rows: 24, columns: 30 })[0]).toBe('── 1/9 A task with a title th…');
    expect(panelLines({ ...done, isNoteFirst: true }, look, { rows: 24, columns: 30 })[0]).toBe(
      '─ Done in 0:12: type next ──',
    );
  });

  it.each([20, 40, 80, 200])('is never wider than %d columns', (columns) => {
    const wide = { ...view, title: '两个网络命名空间'.repeat(5), standings: [standing('描述'.repeat(60), 'errored')] };
    for (const isNoteFirst of [true, false]) {
      const lines = panelLines({ ...wide, isNoteFirst }, look, { rows: 24, columns });
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    }
  });
});

describe('why a criterion does not hold', () => {
  const check = (kind: string, path: string, said: string, expected: unknown = 1, actual: unknown = 2): Check => {
    return { kind, path, expected, actual, ok: false, message: `${path}: ${said}`, line: 1 };
  };
  const because = (lang: string, stdout: string, ...checks: readonly Check[]): readonly string[] => {
    const result = { stdout, stderr: '', checks, reason: null, status: 'failed' } as unknown as StepResult;
    return explanationOf({ ...standing('x', 'open'), result }, wordsFor(lang, {}).explain);
  };

  it('is what a script said, else that it failed', () => {
    const exit = check('exit', 'exit', 'expected 0, got 1');
    expect(because('en', 'w1 has no eth0\n', exit)).toEqual(['w1 has no eth0']);
    expect(because('en', '', exit)).toEqual(['exit: expected 0, got 1']);
  });

  it('is what is there instead, once', () => {
    const gone = 'expected 1, got nothing (null); no interface eth0; there are lo, v1';
    const twice = [check('interface', 'interface.eth0.addrs', gone), check('interface', 'interface.eth0.flags', gone)];
    expect(because('en', '', ...twice)).toEqual(['no interface eth0; there are lo, v1']);
    expect(because('zh', '', ...twice)).toEqual(['没有网络接口 eth0；现有：lo, v1']);
  });

  const yes = (note: string): string => `expected true, got false; ${note}`;
  it.each([
    [
      check('interface', 'interface.eth0.addrs', 'expected to include …', '10.0.0.1/24', ['10.0.0.1/25']),
      'eth0 has not the address 10.0.0.1/24; it has 10.0.0.1/25',
      'eth0 没有地址 10.0.0.1/24；现有：10.0.0.1/25',
    ],
    [
      check('interface', 'interface.eth0.addrs', 'expected to include …', '10.0.0.1/24', []),
      'eth0 has not the address 10.0.0.1/24; it has none',
      'eth0 没有地址 10.0.0.1/24；一个地址也没有',
    ],
    [
      check('interface', 'interface.eth0.flags', 'expected to include UP', 'UP', ['BROADCAST']),
      'eth0 is down',
      'eth0 没有启用',
    ],
    [
      check('reach', 'reach.10.0.0.2.reachable', yes('no reply (tried 3 times in 1.2 s)'), true, false),
      '10.0.0.2 does not answer: no reply',
      '10.0.0.2 没有应答：no reply',
    ],
    [
      check('reach', 'reach.10.0.0.2.reachable', 'expected false, got true', false, true),
      '10.0.0.2 answers, and should not',
      '10.0.0.2 有应答，本来不应该有',
    ],
    [
      check('container', 'container.w1.running', yes('the container is exited'), true, false),
      'w1 is not running: it is exited',
      'w1 没有运行：状态是 exited',
    ],
    [
      check(
        'container',
        'container.w1.running',
        'expected true, got nothing (null); no container w1; there are none',
        true,
        null,
      ),
      'no container w1; there is none',
      '没有容器 w1；一个也没有',
    ],
    [
      check('routes', 'routes.default.exists', 'expected false, got true', false, true),
      'default is there, and should not be',
      '有 default，本来不应该有',
    ],
    [
      check('file', 'file./etc/resolv.conf.contents', 'expected …', 'nameserver 10.0.0.1', 'x'),
      '/etc/resolv.conf does not have: nameserver 10.0.0.1',
      '/etc/resolv.conf 里没有：nameserver 10.0.0.1',
    ],
    [
      check('port', 'port.tcp:80.ip', 'expected 1, got 2'),
      'tcp:80 ip: expected 1, got 2',
      'tcp:80 ip: expected 1, got 2',
    ],
  ] as const)('%# is said in both languages', (failed, english, chinese) => {
    expect([...because('en', '', failed), ...because('zh-CN', '', failed)]).toEqual([english, chinese]);
  });
});

describe('the language', () => {
  it.each([
    ['zh', {}, '下一题'],
    ['en', { LANG: 'zh_CN.UTF-8' }, 'the next task'],
    [undefined, { LANG: 'zh_CN.UTF-8' }, '下一题'],
    [undefined, { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'the next task'],
    [undefined, {}, 'the next task'],
    ['de', {}, 'the next task'],
  ] as const)('of a document in %s with %j', (lang, env, next) => {
    expect(wordsFor(lang, env).commands.next).toBe(next);
  });

  it('has menus and questions that fit into 80 columns', () => {
    for (const lang of ['en', 'zh']) {
      const { menu, solutionAsk, yesOrNo, shellKeys, diedKeys, allDone } = wordsFor(lang, {});
      for (const text of [menu, `${solutionAsk} ${yesOrNo}`, shellKeys, diedKeys, allDone]) {
        expect(textWidth(text), text).toBeLessThanOrEqual(75);
      }
    }
  });
});
