import { describe, expect, it } from 'vitest';
import { block, ownFolder, step, verdictOf } from './documents.ts';

const folder = ownFolder();

/** Programs that want to be typed to. */
const readers = {
  'the shell’s read': 'read -r answer; echo "status $?"',
  'a password prompt': 'read -rsp "Password: " secret </dev/tty; echo "status $?"',
  cat: 'cat; echo "status $?"',
  'a program that asks twice': `sh -c 'read a; read b; echo "status $?"'`,
} as const;

describe('a step that reads the terminal', () => {
  it.each(Object.entries(readers))('gets the end of file in a pipe: %s', async (_, command) => {
    const { steps } = await verdictOf(folder(), block('sh {timeout=5s exit=0}', `${command}; true`));
    expect(steps[0]?.status).toBe('passed');
    expect(steps[0]?.stdout).toMatch(/status [01]\n$/);
    expect(steps[0]?.duration_ms).toBeLessThan(2000);
  });

  it.each(Object.entries(readers))('is named as waiting for input in a terminal: %s', async (_, command) => {
    const result = await verdictOf(folder(), block('sh {tty timeout=700ms}', command));
    expect(step(result, 0)).toMatchObject({
      status: 'timed_out',
      reason: expect.stringMatching(/^no end within 0.7 s: waiting for input: \w+ reads the terminal$/),
    });
  });

  it('is answered by what its block gives it', async () => {
    const text = ['', ' tty'].map(
      (tty) => block(`sh {stdin="yes"${tty}}`, 'read -r answer; echo "got $answer"') + block('text output', 'got yes'),
    );
    expect((await verdictOf(folder(), text.join(''))).status).toBe('passed');
  });
});
