import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/check/types.ts';
import type { StepResult } from '../../src/events.ts';
import { type BriefStyle, briefText } from '../../src/learn/brief.ts';
import { type Look, marksFor, panelLines } from '../../src/learn/panel.ts';
import { explanationOf, type Standing } from '../../src/learn/watch.ts';
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
  });
});

function standing(description: string, state: Standing['state']): Standing {
  return { criterion: { description, step: undefined as never }, state, result: undefined };
}

describe('the panel', () => {
  const marks = marksFor({ plain: false, unicode: true });
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

  it.each([20, 40, 80, 200])('is never wider than %d columns', (columns) => {
    const wide = { ...view, title: '两个网络命名空间'.repeat(5), standings: [standing('描述'.repeat(60), 'errored')] };
    for (const isNoteFirst of [true, false]) {
      const lines = panelLines({ ...wide, isNoteFirst }, look, { rows: 24, columns });
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    }
  });
});

describe('why a criterion does not hold', () => {
  const check = (kind: string, path: string, said: string): Check => {
    return { kind, path, expected: 1, actual: 2, ok: false, message: `${path}: ${said}`, line: 1 };
  };
  const because = (stdout: string, ...checks: readonly Check[]): readonly string[] => {
    const result = { stdout, stderr: '', checks, reason: null, status: 'failed' } as unknown as StepResult;
    return explanationOf({ ...standing('x', 'open'), result });
  };

  it('is what a script said, else that it failed', () => {
    const exit = check('exit', 'exit', 'expected 0, got 1');
    expect(because('w1 has no eth0\n', exit)).toEqual(['w1 has no eth0']);
    expect(because('', exit)).toEqual(['exit: expected 0, got 1']);
  });

  it('is what is there instead, once, and no path of a check', () => {
    const gone = 'expected 1, got nothing (null); no interface eth0; there are lo, v1';
    const twice = [check('interface', 'interface.eth0.addrs', gone), check('interface', 'interface.eth0.flags', gone)];
    expect(because('', ...twice)).toEqual(['no interface eth0; there are lo, v1']);
    expect(because('', check('reach', 'reach.10.0.0.2.reachable', 'expected true, got false; ping: timeout'))).toEqual([
      '10.0.0.2 reachable: expected true, got false; ping: timeout',
    ]);
  });
});
